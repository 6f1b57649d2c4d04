// Changes that are held back, keys of windows, changes on repartition topics.
#include "store_test.h"

static void hold(int store, const char *key, int64_t start, int64_t old, int64_t value, int64_t timestamp, bool bad)
{
    struct weir_ctx *w = begin(timestamp);
    struct weir_change change = {.key = str(key),
                                 .start = start,
                                 .end = store == FINAL ? start + MINUTE : 0,
                                 .value = value < 0 ? NULL : &value,
                                 .old = old < 0 ? NULL : &old,
                                 .timestamp = timestamp};
    weir_suppress(w, store, &change);
    finish(bad);
}

static void final_results(void **state)
{
    (void)state;
    bench_open(0);
    hold(FINAL, "b", 0, -1, 1, 100, false);
    hold(FINAL, "a", 0, -1, 1, 200, false);
    hold(FINAL, "b", 0, 1, 2, 300, false);
    hold(FINAL, "a", MINUTE, -1, 1, MINUTE + 5, false);
    hold(FINAL, "c", 0, -1, -1, 2 * MINUTE - 1, false); // a tombstone: dropped when it is due
    expect_seen("");
    hold(FINAL, "z", 2 * MINUTE, -1, 9, 2 * MINUTE, true); // bad: nothing is due yet
    forget_seen();
    hold(FINAL, "z", 2 * MINUTE, -1, 9, 2 * MINUTE, false);
    expect_seen("f a [0,60000] ->1 @200\nf b [0,60000] ->2 @300\n");
    hold(FINAL, "z", 4 * MINUTE, -1, 1, 4 * MINUTE, false);
    expect_seen("f a [60000,120000] ->1 @60005\nf z [120000,180000] ->9 @120000\n");
    bench_close();
}

static void every_so_often(void **state)
{
    (void)state;
    bench_open(0);
    hold(EVERY, "a", 0, -1, 1, 100, false);
    hold(EVERY, "a", 0, 1, 2, 120, false); // keeps its place
    hold(EVERY, "b", 0, -1, 7, 130, false);
    expect_seen("");
    hold(EVERY, "c", 0, -1, 3, 150, false);
    expect_seen("e a 1>2 @120\n");
    hold(EVERY, "b", 0, 7, -1, 160, false);
    hold(EVERY, "d", 0, -1, 1, 180, false);
    expect_seen("e b 7>- @160\n");
    bench_close();
}

// Bad records in between change nothing: the same comes out as without them. The same again after a restore.
static char *play(bool with_bad, bool with_restore, uint32_t seed)
{
    bench_open(0);
    for (uint32_t i = 0; i < 600; i++) {
        uint32_t x = (i + seed) * 2654435761u;
        char key[2] = {(char)('a' + x % 7), 0};
        hold(EVERY, key, 0, (int64_t)(x >> 8) % 5 - 1, (int64_t)(x >> 12) % 5 - 1, i * 9 + x % 40, false);
        size_t seen = bench.seen_size;
        if (with_bad) {
            key[0] = (char)('a' + (x >> 16) % 9);
            hold(EVERY, key, 0, 1, 2, i * 9 + x % 170, true);
            bench.seen_size = seen;
        }
        if (i % 50 == 49)
            commit();
        if (with_restore && i == 299) {
            struct logged *log = bench.log;
            size_t count = bench.log_count;
            char *kept = bench.seen;
            int64_t time = bench.task->stores[EVERY]->time;
            bench.log = NULL;
            bench.log_count = 0;
            bench.seen = NULL;
            bench_close();
            bench_open(0);
            bench.task->stores[EVERY]->time = time; // not kept across restarts
            bench.seen = kept;
            bench.seen_size = bench.seen_room = seen;
            for (size_t l = 0; l < count; l++) {
                assert_true(store_restore(bench.task->stores[EVERY], (struct weir_str){log[l].key, log[l].key_size},
                                          (struct weir_str){log[l].value, log[l].value_size}, -1, false));
                free(log[l].key);
                free(log[l].value);
            }
            free(log);
        }
    }
    char *seen = strndup(bench.seen, bench.seen_size);
    bench_close();
    return seen;
}

static void bad_and_restored(void **state)
{
    (void)state;
    for (uint32_t seed = 0; seed < 10; seed++) {
        char *plain = play(false, false, seed), *bad = play(true, false, seed), *restored = play(true, true, seed);
        assert_string_equal(plain, bad);
        assert_string_equal(plain, restored);
        free(plain);
        free(bad);
        free(restored);
    }
}

// The bytes of Kafka Streams' suppress changelog.
static void changelog_bytes(void **state)
{
    (void)state;
    static const char expected[] = "\0\0\0\0\0\0\0\x64" // timestamp
                                   "\0\0\0\0\0\0\0\x07" // offset
                                   "\0\0\0\x02in\0\0\0\0\0\0\0\0"
                                   "\0\0\0\x01"
                                   "4"                // before it was held
                                   "\xFF\xFF\xFF\xFE" // the old value is the same
                                   "\0\0\0\x01"
                                   "5"
                                   "\0\0\0\0\0\0\0\x64";
    bench_open(0);
    hold(EVERY, "a", 0, 4, 5, 100, false);
    commit();
    assert_int_equal(bench.log_count, 1);
    assert_int_equal(bench.log[0].value_size, sizeof expected - 1);
    assert_memory_equal(bench.log[0].value, expected, sizeof expected - 1);
    hold(EVERY, "b", 0, 4, 5, 150, false);
    commit();
    assert_int_equal(bench.log_count, 3);
    assert_null(bench.log[2].value); // a has gone on
    bench_close();
}

static void broken_changelog(void **state)
{
    (void)state;
    bench_open(0);
    struct store *s = bench.task->stores[EVERY];
    assert_false(store_restore(s, str("a"), str("abc"), 0, false));
    assert_string_equal(bench.k.w.bad, "3 bytes that are nothing held back");
    s = bench.task->stores[COUNTS];
    assert_false(store_restore(s, str("a"), str("x"), 0, false));
    assert_string_equal(bench.k.w.bad, "no number: x");
    s = bench.task->stores[MINUTES];
    assert_false(store_restore(s, str("a"), str("1"), 0, false));
    assert_string_equal(bench.k.w.bad, "a key of 0 bytes is too short for that of a window");
    bench_close();
}

// ---- keys and changes ----

static void window_keys(void **state)
{
    struct weir_str inner;
    int64_t start, end;
    (void)state;
    bench_open(0);
    struct weir_ctx *w = begin(0);
    struct weir_str key = weir_windowed_key(w, WEIR_TIME_WINDOWS, str("ab"), 258, 60258);
    assert_int_equal(key.n, 10);
    assert_memory_equal(key.p, "ab\0\0\0\0\0\0\x01\x02", 10);
    assert_true(weir_windowed_split(w, WEIR_TIME_WINDOWS, 60000, key, &inner, &start, &end));
    assert_int_equal(start, 258);
    assert_int_equal(end, 60258);
    key = weir_windowed_key(w, WEIR_SESSION_WINDOWS, str(""), 1, 2);
    assert_memory_equal(key.p, "\0\0\0\0\0\0\0\x02\0\0\0\0\0\0\0\x01", 16);
    assert_true(weir_windowed_split(w, WEIR_SESSION_WINDOWS, 0, key, &inner, &start, &end));
    assert_int_equal(inner.n, 0);
    assert_true(start == 1 && end == 2);
    assert_false(weir_windowed_split(w, WEIR_SESSION_WINDOWS, 0, str("short"), &inner, &start, &end));
    assert_string_equal(w->bad, "a key of 5 bytes is too short for that of a window");
    w = begin(0);
    assert_false(
        weir_windowed_split(w, WEIR_TIME_WINDOWS, 1, str("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFE"), &inner, &start, &end));
    assert_string_equal(w->bad, "a key whose window starts at -2 and ends at -2");
    bench_close();
}

static void expect_change(const char *bytes, size_t n, const char *old, const char *value)
{
    struct weir_str a, b;
    struct weir_ctx *w = begin(0);
    assert_true(weir_change_split(w, (struct weir_str){bytes, n}, &a, &b));
    assert_true(old ? a.p && a.n == strlen(old) && memcmp(a.p, old, a.n) == 0 : !a.p);
    assert_true(value ? b.p && b.n == strlen(value) && memcmp(b.p, value, b.n) == 0 : !b.p);
}

static void changes(void **state)
{
    (void)state;
    bench_open(0);
    struct weir_ctx *w = begin(0);
    struct weir_str both = weir_change_join(w, str("a1"), str("a2"));
    assert_int_equal(both.n, 6);
    assert_memory_equal(both.p, "\4a2a1\2", 6);
    expect_change("\4a2a1\2", 6, "a1", "a2");
    expect_change("a1\0", 3, "a1", NULL);
    expect_change("a1\1", 3, NULL, "a1");
    expect_change("a1\1\3", 4, "a1", NULL);
    expect_change("a1\1\4", 4, NULL, "a1");
    expect_change("\4a2a1\1\5", 7, "a1", "a2");
    char large[300];
    memset(large, 'x', sizeof large);
    struct weir_str l = {large, sizeof large}, old, value;
    w = begin(0);
    both = weir_change_join(w, str("o"), l);
    assert_memory_equal(both.p, "\xD8\x04x", 3);
    assert_true(weir_change_split(w, both, &old, &value));
    assert_true(old.n == 1 && value.n == sizeof large);
    static const char *const broken[] = {"", "\6", "\2", "\xFF\2", "\7ab\2", "\1x\2", "\xFF\xFF\xFF\xFF\xFF\xFF\2"};
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        w = begin(0);
        assert_false(weir_change_split(w, str(broken[i]), &old, &value));
        assert_non_null(strstr(w->bad, "no change of a table"));
    }
    bench_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(final_results),   cmocka_unit_test(every_so_often),   cmocka_unit_test(bad_and_restored),
        cmocka_unit_test(changelog_bytes), cmocka_unit_test(broken_changelog), cmocka_unit_test(window_keys),
        cmocka_unit_test(changes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
