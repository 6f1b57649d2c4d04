// Records without a match, and records that wait, against lists of them: what leaves, when and in which order, through bad records, restarts and a disk.
#include "store_disk_test.h"
#include "store_held.h"

enum { KEYS = 7, MOST = 4000 };

struct one {
    bool gone, left;
    char key[40];
    int64_t timestamp, value;
};

static struct one all[MOST];
static int count;
static int64_t model_time;
static char expected[1 << 16];
static size_t expected_size;

static void forget_model(void)
{
    count = 0;
    model_time = -1;
    expected_size = 0;
    expected[0] = 0;
}

static void expect(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void expect(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    expected_size += (size_t)vsnprintf(expected + expected_size, sizeof expected - expected_size, format, args);
    va_end(args);
    assert_true(expected_size < sizeof expected);
}

static void check(void)
{
    expect_seen(expected);
    expected_size = 0;
    expected[0] = 0;
}

static int order(const void *a, const void *b)
{
    const struct one *x = a, *y = b;
    if (x->timestamp != y->timestamp)
        return x->timestamp < y->timestamp ? -1 : 1;
    if (x->left != y->left)
        return x->left ? 1 : -1;
    int keys = strcmp(x->key, y->key);
    return keys ? keys : (x->value > y->value) - (x->value < y->value); // values count up
}

static struct one *add(bool left, int key, int64_t timestamp)
{
    assert_true(count < MOST);
    struct one *o = &all[count];
    *o = (struct one){.left = left, .timestamp = timestamp, .value = count++};
    key_of(o->key, key);
    return o;
}

// ---- without a match ----

static bool is_due(const struct one *o, int64_t grace)
{
    return o->timestamp + (o->left ? AFTER : BEFORE) + grace < model_time;
}

static void model_advance(int64_t timestamp)
{
    struct one due[MOST];
    int n = 0;
    model_time = timestamp > model_time ? timestamp : model_time;
    for (struct one *o = all; timestamp == model_time && o < all + count; o++) {
        if (!o->gone && is_due(o, GRACE)) {
            due[n++] = *o;
            o->gone = true;
        }
    }
    qsort(due, (size_t)n, sizeof *due, order);
    for (int i = 0; i < n; i++)
        expect("%c %s %lld @%lld\n", due[i].left ? 'L' : 'R', due[i].key, (long long)due[i].value,
               (long long)due[i].timestamp);
}

static bool park(struct weir_ctx *w, bool left, int key, int64_t timestamp, int64_t value)
{
    char room[40], text[100];
    struct weir_str s = {text, (size_t)snprintf(text, sizeof text, "%lld", (long long)value)};
    struct weir_parked p = {left, key_of(room, key), left ? (const void *)&s : &value, timestamp};
    return weir_parked_put(w, OUTER, &p);
}

// What a join does with a record; MATCHES are records of the other side.
static void record(int64_t timestamp, bool bad)
{
    bool left = random_below(2), matches = random_below(3) == 0;
    int key = (int)random_below(KEYS);
    int64_t other = timestamp - 3000 + random_below(6) * 1000, shown = (int64_t)bench.seen_size;
    other = other < 0 ? 0 : other;
    char room[40];
    struct weir_ctx *w = begin(timestamp);
    weir_parked_advance(w, OUTER, timestamp);
    key_of(room, key);
    if (matches)
        weir_parked_take(w, OUTER, !left, str(room), other);
    bool parks = matches || park(w, left, key, timestamp, count);
    finish(bad);
    if (bad) {
        bench.seen_size = (size_t)shown;
        if (bench.seen)
            bench.seen[shown] = 0;
        return;
    }
    model_advance(timestamp);
    for (struct one *o = all; matches && o < all + count; o++)
        o->gone |= o->left != left && o->timestamp == other && strcmp(o->key, room) == 0;
    assert_int_equal(parks, matches || timestamp + (left ? AFTER : BEFORE) >= model_time);
    struct one *o = matches ? NULL : add(left, key, timestamp);
    if (o)
        o->gone = !parks;
}

static void random_records(int records, int64_t from)
{
    for (int i = 0; i < records; i++) {
        int64_t t = from + i * 700 - random_below(random_below(20) ? 5000 : 4 * MINUTE);
        t = t < 0 ? 0 : t / 1000 * 1000;
        if (random_below(4) == 0)
            record(t, true);
        record(t, false);
        check();
        if (random_below(25) == 0)
            commit();
    }
}

static void run_parked(void (*begin_bench)(int64_t cache), int64_t cache)
{
    forget_model();
    begin_bench(cache);
    bench_make_task();
    for (int i = 0; i < 4; i++) {
        random_records(400, (int64_t)i * 280000);
        commit();
        bench_again(begin_bench, cache);
        forget_seen();
        model_time = -1; // not kept, as in Kafka Streams
    }
    begin(0);
    weir_parked_advance(&bench.k.w, OUTER, INT64_MAX / 2); // all of it
    finish(false);
    model_advance(INT64_MAX / 2);
    check();
    commit();
    assert_int_equal(bench.task->stores[OUTER]->due[0].count + bench.task->stores[OUTER]->due[1].count, 0);
    bench_close();
}

static void parked_in_memory(void **state)
{
    (void)state;
    run_parked(bench_begin, 0);
    run_parked(bench_begin, 1 << 20);
}

static void parked_on_disk(void **state)
{
    (void)state;
    run_parked(begin_on_disk, 1 << 20);
}

// As SEMANTICS has it of Kafka Streams: a match that comes late, and what leaves at once.
static void rules(void **state)
{
    (void)state;
    bench_open(0);
    struct weir_ctx *w = begin(0);
    weir_parked_advance(w, OUTER, 1000);
    assert_true(park(w, true, 1, 1000, 1));
    assert_true(park(w, true, 1, 1000, 2));
    assert_true(park(w, false, 2, 1000, 3));
    weir_parked_advance(w, OUTER, 1000 + AFTER + GRACE); // not yet behind it
    expect_seen("");
    weir_parked_advance(w, OUTER, 1001 + AFTER + GRACE); // the right one looks further
    expect_seen("L key 1 1 @1000\nL key 1 2 @1000\n");
    assert_false(park(w, true, 1, GRACE, 4)); // its window has gone by: grace does not count
    assert_true(park(w, true, 1, 1001 + GRACE, 5));
    weir_parked_take(w, OUTER, false, str("key 2"), 1000);
    weir_parked_take(w, OUTER, false, str("key 2"), 1000);
    weir_parked_advance(w, OUTER, 10 * (int64_t)MINUTE);
    expect_seen("L key 1 5 @31001\n");
    assert_true(park(w, true, 1, 10 * (int64_t)MINUTE, 6));
    bench.fails = 1;
    weir_parked_advance(w, OUTER, 20 * (int64_t)MINUTE); // what comes of it is bad: told, and passed over
    assert_null(w->bad);
    finish(false);
    w = begin(30 * (int64_t)MINUTE);
    weir_parked_advance(w, OUTER, 30 * (int64_t)MINUTE);
    finish(false);
    expect_seen("");
    bench_close();
}

static void expect_logged(size_t index, const char *key, size_t key_size, const char *value, size_t value_size)
{
    const struct logged *l = &bench.log[index];
    assert_int_equal(l->key_size, key_size);
    assert_memory_equal(l->key, key, key_size);
    assert_int_equal(l->value_size, value_size);
    assert_memory_equal(l->value, value, value_size);
}

static void parked_bytes(void **state)
{
    int64_t seven = 7;
    struct weir_str text = WEIR_STR("A0");
    struct weir_parked left = {true, str("a"), &text, 258}, right = {false, str(""), &seven, 5};
    (void)state;
    bench_open(0);
    struct weir_ctx *w = begin(258);
    assert_true(weir_parked_put(w, OUTER, &left));
    assert_true(weir_parked_put(w, OUTER, &right));
    assert_true(weir_parked_put(w, OUTER, &right));
    finish(false);
    commit();
    assert_int_equal(bench.log_count, 2);
    expect_logged(0, "\0\0\0\0\0\0\1\2\1a", 10, "\1\0\0\0\1\0\0\0\3\1A0", 12);
    expect_logged(1, "\0\0\0\0\0\0\0\5\0", 9, "\1\0\0\0\2\0\0\0\2\0007\0\0\0\2\0007", 17);
    begin(258);
    weir_parked_take(w, OUTER, true, str("a"), 258);
    left.timestamp = 300;
    assert_true(weir_parked_put(w, OUTER, &left));
    weir_parked_take(w, OUTER, true, str("a"), 300); // came and went between two commits: the changelog has none of it
    finish(false);
    commit();
    assert_int_equal(bench.log_count, 3);
    assert_null(bench.log[2].value);
    bench_close();
}

static void broken_parked(void **state)
{
    static const struct {
        const char *key;
        size_t key_size;
        const char *value;
        size_t value_size;
        const char *message;
    } rows[] = {
        {"abc", 3, "", 0, "a key of 3 bytes that is not that of a record without a match"},
        {"\0\0\0\0\0\0\0\1\2a", 10, "", 0, "a key of 10 bytes that is not that of a record without a match"},
        {"\xFF\0\0\0\0\0\0\1\1a", 10, "", 0, "a key of 10 bytes that is not that of a record without a match"},
        {"\0\0\0\0\0\0\0\1\1a", 10, "", 0, "0 bytes that are no records without a match"},
        {"\0\0\0\0\0\0\0\1\1a", 10, "\1\0\0\0\0", 5, "5 bytes that are no records without a match"},
        {"\0\0\0\0\0\0\0\1\1a", 10, "\1\0\0\0\2\0\0\0\2\1a", 11, "11 bytes that are no records without a match"},
        {"\0\0\0\0\0\0\0\1\1a", 10, "\1\0\0\0\1\0\0\0\2\0a", 11, "11 bytes that are no records without a match"},
        {"\0\0\0\0\0\0\0\1\1a", 10, "\1\0\0\0\1\0\0\0\2\1ab", 12, "12 bytes that are no records without a match"},
        {"\0\0\0\0\0\0\0\1\1a", 10, "\1\x7F\0\0\1\0\0\0\2\1a", 11, "11 bytes that are no records without a match"},
        {"\0\0\0\0\0\0\0\1\0a", 10, "\1\0\0\0\1\0\0\0\2\0a", 11, "11 bytes that are no records without a match"},
    };
    (void)state;
    bench_open(0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_false(store_restore(bench.task->stores[OUTER], (struct weir_str){rows[i].key, rows[i].key_size},
                                   (struct weir_str){rows[i].value, rows[i].value_size}, 0, false));
        assert_non_null(strstr(bench.k.w.bad, i < 9 ? rows[i].message : "no number"));
    }
    bench_close();
}

// ---- waiting ----

static void model_wait(void)
{
    struct one due[MOST];
    int n = 0;
    for (struct one *o = all; o < all + count; o++) {
        if (!o->gone && o->timestamp <= model_time - WAIT) {
            due[n++] = *o;
            o->gone = true;
        }
    }
    qsort(due, (size_t)n, sizeof *due, order);
    for (int i = 0; i < n; i++)
        expect("w %s %lld @%lld of 7\n", due[i].key, (long long)due[i].value, (long long)due[i].timestamp);
}

static void wait_one(int64_t timestamp, bool bad)
{
    char text[100], room[40];
    int key = (int)random_below(KEYS) * 3 + 1; // no key begins with another
    struct weir_ctx *w = begin(timestamp);
    struct weir_str s = {text, (size_t)snprintf(text, sizeof text, "%d", count)};
    size_t shown = bench.seen_size;
    bool waits = weir_wait(w, WAITING, key_of(room, key), &s, timestamp);
    finish(bad);
    if (bad) {
        bench.seen_size = shown;
        if (bench.seen)
            bench.seen[shown] = 0;
        return;
    }
    assert_int_equal(waits, timestamp >= model_time - WAIT);
    if (!waits)
        return;
    model_time = timestamp > model_time ? timestamp : model_time;
    add(false, key, timestamp);
    model_wait();
}

static void run_waiting(void (*begin_bench)(int64_t cache), int64_t cache)
{
    forget_model();
    model_time = 0;
    begin_bench(cache);
    bench_make_task();
    for (int i = 0; i < 1500; i++) {
        int64_t t = i * 3 - random_below(100) / 2;
        if (random_below(3) == 0)
            wait_one(t < 0 ? 0 : t, true);
        wait_one(t < 0 ? 0 : t, false);
        check();
        if (random_below(30) == 0)
            commit();
        if (i % 400 == 399) {
            commit();
            bench_again(begin_bench, cache);
            forget_seen();
            model_time = bench.task->stores[WAITING]->newest;
            assert_true(model_time > t - WAIT);
        }
    }
    bench_close();
}

static void waiting(void **state)
{
    (void)state;
    run_waiting(bench_begin, 0);
    run_waiting(bench_begin, 1 << 20);
}

static void waiting_on_disk(void **state)
{
    (void)state;
    run_waiting(begin_on_disk, 0);
}

static void waiting_bytes(void **state)
{
    static const char key[] = "\0\0\0\0\0\0\0\0\x64"
                              "a\0\0\0\1";
    static const char value[] = "\0\0\0\0\0\0\0\x64" // timestamp
                                "\0\0\0\0\0\0\0\x07" // offset
                                "\0\0\0\x02in\0\0\0\0\0\0\0\0"
                                "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"
                                "\0\0\0\1v"
                                "\0\0\0\0\0\0\0\0";
    struct weir_str v = WEIR_STR("v");
    (void)state;
    bench_open(0);
    struct weir_ctx *w = begin(100);
    assert_true(weir_wait(w, WAITING, str("a"), &v, 100));
    assert_false(weir_wait(w, WAITING, str("a"), &v, 49));
    assert_false(weir_wait(w, WAITING, WEIR_NULL_STR, &v, 100));
    assert_false(weir_wait(w, WAITING, str("a"), &v, -1));
    finish(false);
    commit();
    assert_int_equal(bench.log_count, 1);
    expect_logged(0, key, sizeof key - 1, value, sizeof value - 1);
    bench_close();
}

static void broken_waiting(void **state)
{
    (void)state;
    bench_open(0);
    struct store *s = bench.task->stores[WAITING];
    assert_false(store_restore(s, str("short"), WEIR_NULL_STR, 0, false));
    assert_string_equal(bench.k.w.bad, "a key of 5 bytes that is not that of a record that waits");
    assert_false(store_restore(s, str("a key of twenty bytes"), str("x"), 0, false));
    assert_string_equal(bench.k.w.bad, "1 bytes that are nothing held back");
    bench_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules),
        cmocka_unit_test(parked_in_memory),
        cmocka_unit_test_setup_teardown(parked_on_disk, set_up, tear_down),
        cmocka_unit_test(parked_bytes),
        cmocka_unit_test(broken_parked),
        cmocka_unit_test(waiting),
        cmocka_unit_test_setup_teardown(waiting_on_disk, set_up, tear_down),
        cmocka_unit_test(waiting_bytes),
        cmocka_unit_test(broken_waiting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
