// Versioned tables answer as Kafka Streams' do (versions.txt, by MakeVersions.java): in memory, from the disk, and made anew from the changelog.
#include "store_disk_test.h"

enum { KEYS = 12, LINES = 4000 };

static struct line {
    bool put;
    char key[8], time[24], value[24], answer[48]; // VALUE of a put
} lines[LINES];

static int read_lines(void **state)
{
    FILE *file = fopen(WEIR_SOURCE_DIR "/tests/runtime/versions.txt", "r");
    char what[8];
    (void)state;
    if (!file)
        return -1;
    for (int i = 0; i < LINES; i++) {
        struct line *l = &lines[i];
        if (fscanf(file, "%7s %7s %23s", what, l->key, l->time) != 3)
            return -1;
        l->put = strcmp(what, "put") == 0;
        if ((l->put && fscanf(file, "%23s", l->value) != 1) || fscanf(file, "%47s", l->answer) != 1)
            return -1;
    }
    fclose(file);
    return 0;
}

static void open_store(bool on_disk)
{
    bench_begin(1 << 20); // no cache in front of history
    if (on_disk)
        use_disk(2000);
    bench_make_task();
}

static void put(const char *key, const char *value, int64_t time, bool bad)
{
    struct weir_ctx *w = begin(time);
    struct weir_str s = str(value);
    struct weir_row *row = weir_row(w, VERSIONS, str(key), 0);
    weir_row_put(w, VERSIONS, row, strcmp(value, "-") == 0 ? NULL : &s, time);
    finish(bad);
}

static void put_line(const struct line *l)
{
    char last[120] = "";
    uint64_t late = bench.counters->late;
    int64_t time = strtoll(l->time, NULL, 10);
    if (random_below(3) == 0) // taken back
        put(l->key, random_below(3) ? "other" : "-", time, true);
    forget_seen();
    bench.counters->late = late;
    put(l->key, l->value, time, false);
    bool expired = strcmp(l->answer, "expired") == 0;
    assert_int_equal(bench.counters->late - late, expired);
    snprintf(last, sizeof last, ">%s @%s%s\n", l->value, l->time, strcmp(l->answer, "late") == 0 ? " late" : "");
    if (expired)
        expect_seen("");
    else
        assert_string_equal(strchr(bench.seen, '>'), last);
}

static const char *found(char *to, const struct weir_row *row)
{
    const struct weir_str *s = row ? row->value : NULL;
    if (!s)
        return "-";
    snprintf(to, 100, "%.*s@%lld", (int)s->n, s->p, (long long)row->timestamp);
    return to;
}

static void get_line(const struct line *l)
{
    char room[100];
    struct weir_ctx *w = begin(0);
    const struct weir_row *row = strcmp(l->time, "now") == 0
                                     ? weir_row_find(w, VERSIONS, str(l->key), 0)
                                     : weir_row_at(w, VERSIONS, str(l->key), strtoll(l->time, NULL, 10));
    const char *answer = found(room, row);
    if (strcmp(answer, l->answer) != 0)
        fail_msg("versions.txt:%d: %s as of %s is %s, not %s", (int)(l - lines) + 1, l->key, l->time, answer,
                 l->answer);
    finish(false);
}

static void replay(int from, int to)
{
    for (int i = from; i < to; i++) {
        if (lines[i].put)
            put_line(&lines[i]);
        else
            get_line(&lines[i]);
        if (bench.k.disks && random_below(20) == 0)
            commit();
    }
}

static void in_memory(void **state)
{
    (void)state;
    open_store(false);
    replay(0, LINES);
    bench_close();
}

static void on_disk(void **state)
{
    (void)state;
    open_store(true);
    for (int i = 0; i < LINES; i += LINES / 4) {
        replay(i, i + LINES / 4);
        commit();
        bench.task->stores[VERSIONS]->logged = 1000000; // worth it
        assert_true(store_save_task(bench.task));
        bench_close();
        open_store(true);
    }
    bench_close();
}

// All that the store answers within its history.
static char *answers(void)
{
    char *text = NULL, room[100], key[16];
    size_t size;
    FILE *to = open_memstream(&text, &size);
    int64_t newest = bench.task->stores[VERSIONS]->newest;
    for (int k = 0; k < KEYS; k++) {
        snprintf(key, sizeof key, "k%d", k);
        for (int64_t time = newest - HISTORY; time <= newest; time += 500) {
            struct weir_ctx *w = begin(0);
            fprintf(to, "%s %lld %s\n", key, (long long)time, found(room, weir_row_at(w, VERSIONS, str(key), time)));
            finish(false);
        }
    }
    fclose(to);
    return text;
}

static void from_the_changelog(void **state)
{
    (void)state;
    open_store(false);
    replay(0, LINES);
    char *before = answers();
    struct logged *log = bench.log;
    size_t count = bench.log_count;
    bench.log = NULL;
    bench.log_count = 0;
    bench_close();
    open_store(false);
    for (size_t i = 0; i < count; i++) {
        assert_true(store_restore(bench.task->stores[log[i].store], (struct weir_str){log[i].key, log[i].key_size},
                                  (struct weir_str){log[i].value, log[i].value_size}, log[i].timestamp, false));
        free(log[i].key);
        free(log[i].value);
    }
    free(log);
    expect_seen("");
    char *after = answers();
    assert_string_equal(before, after);
    free(before);
    free(after);
    bench_close();
}

// What was gone before anything was there, and what was put behind it.
static void graves(void **state)
{
    char room[100];
    (void)state;
    open_store(false);
    put("a", "-", 10, false);
    put("a", "one", 5, false);
    put("a", "-", 10, false);
    put("a", "two", 12, false);
    put("a", "three", 10, false);
    expect_seen("v a ->- @10\nv a ->one @5 late\nv a ->- @10\nv a ->two @12\nv a two>three @10 late\n");
    static const struct {
        int64_t time;
        const char *value;
    } expected[] = {{4, "-"}, {5, "one@5"}, {9, "one@5"}, {10, "three@10"}, {11, "three@10"}, {12, "two@12"}};
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        struct weir_ctx *w = begin(0);
        assert_string_equal(found(room, weir_row_at(w, VERSIONS, str("a"), expected[i].time)), expected[i].value);
        finish(false);
    }
    bench_close();
}

// What history leaves behind goes with its segment; what is valid still stays, however old.
static void history_goes(void **state)
{
    char value[20];
    (void)state;
    open_store(false);
    put("old", "stays", 1, false);
    for (int i = 0; i < 20000; i++) {
        snprintf(value, sizeof value, "%d", i);
        put("a", value, i * 1000, false);
        if (i % 100 == 0)
            store_expire(bench.task->stores[VERSIONS]);
    }
    assert_true(bench.k.memory < 100000);
    struct weir_ctx *w = begin(0);
    assert_non_null(weir_row_at(w, VERSIONS, str("old"), 2));
    assert_null(weir_row_at(w, VERSIONS, str("a"), 2000));
    finish(false);
    bench_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(graves),
        cmocka_unit_test(history_goes),
        cmocka_unit_test(in_memory),
        cmocka_unit_test_setup_teardown(on_disk, set_up, tear_down),
        cmocka_unit_test(from_the_changelog),
    };
    return cmocka_run_group_tests(tests, read_lines, NULL);
}
