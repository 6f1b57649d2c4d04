// Sessions and sliding windows against what their definitions say, and the order in which Kafka Streams forwards them.
#include "store_test.h"

// ---- sessions ----

static void session(const char *key, int64_t timestamp)
{
    struct weir_ctx *w = begin(timestamp);
    struct weir_sessions found;
    if (weir_sessions_find(w, SESSIONS, str(key), timestamp, &found)) {
        int64_t sum = 1;
        for (size_t i = 0; i < found.count; i++)
            sum += *(const int64_t *)found.found[i].value;
        weir_sessions_put(w, SESSIONS, &found, &sum);
    }
    finish(false);
}

static void sessions_merge(void **state)
{
    (void)state;
    bench_open(0);
    session("a", 1000);
    session("a", 1000); // no tombstone: the session is just the record
    expect_seen("s a [1000,1000] ->1 @1000\ns a [1000,1000] ->2 @1000\n");
    session("a", 1200);
    session("a", 1100); // both, and everything between
    expect_seen("s a [1200,1200] ->1 @1200\n"
                "s a [1000,1000] 2>- @1000\ns a [1200,1200] 1>- @1200\ns a [1000,1200] ->4 @1200\n");
    session("a", 1050); // makes it no longer
    expect_seen("s a [1000,1200] 4>- @1200\ns a [1000,1200] ->5 @1200\n");
    session("a", 1301);
    expect_seen("s a [1301,1301] ->1 @1301\n");
    bench_close();
}

static void sessions_through_the_cache(void **state)
{
    (void)state;
    bench_open(1 << 20);
    session("a", 1000);
    session("a", 1050);
    commit();
    expect_seen("s a [1000,1050] ->2 @1050\n");
    session("a", 1060);
    session("a", 1020);
    commit();
    expect_seen("s a [1000,1050] 2>- @1050\ns a [1000,1060] ->4 @1060\n");
    bench_close();
}

static void late_sessions(void **state)
{
    (void)state;
    bench_open(0);
    session("a", 5000000);
    session("b", 5000000 - 1000000 - GAP - 1);
    assert_int_equal(bench.counters->late, 1);
    session("b", 5000000 - 1000000 - GAP);
    session("b", 5000000 - 1000000 - GAP); // at the edge: found again
    expect_seen("s a [5000000,5000000] ->1 @5000000\n"
                "s b [3999900,3999900] ->1 @3999900\ns b [3999900,3999900] ->2 @3999900\n");
    bench_close();
}

enum { TIMES = 6000, KEYS = 3, RECORDS = 1500 };

static int at[KEYS][TIMES]; // records by key and time

// The sessions of a key: runs of records no more than a gap apart.
static int check_sessions(int key)
{
    char room[40];
    int count = 0;
    for (int t = 0; t < TIMES;) {
        if (!at[key][t]) {
            t++;
            continue;
        }
        int64_t start = t, end = t, sum = 0;
        for (; t < TIMES && t <= end + GAP; t++) {
            if (at[key][t])
                end = t;
            sum += at[key][t];
        }
        struct store *s = bench.task->stores[SESSIONS];
        struct series_walk walk = {.s = s, .key = key_of(room, key), .from = end, .to = end};
        struct entry *e = series_next(&walk);
        assert_non_null(e);
        assert_int_equal(e->row.start, start);
        assert_int_equal(e->end, end);
        assert_int_equal(*(const int64_t *)e->row.head.value, sum);
        assert_null(series_next(&walk));
        count++;
    }
    return count;
}

static int stored(int store, int key)
{
    char room[40];
    struct series_walk walk = {.s = bench.task->stores[store], .key = key_of(room, key), .to = INT64_MAX};
    int count = 0;
    while (series_next(&walk))
        count++;
    return count;
}

// A session, undone first if BAD.
static void random_session(bool bad)
{
    char room[40];
    int key = (int)random_below(KEYS), t = (int)random_below(TIMES);
    struct weir_ctx *w = begin(t);
    struct weir_sessions found;
    int64_t sum = 1;
    assert_true(weir_sessions_find(w, SESSIONS, key_of(room, key), t, &found));
    for (size_t i = 0; i < found.count; i++)
        sum += *(const int64_t *)found.found[i].value;
    weir_sessions_put(w, SESSIONS, &found, &sum);
    finish(bad);
    at[key][t] += !bad;
}

static void random_sessions(void **state)
{
    (void)state;
    for (int cache = 0; cache < 2; cache++) {
        bench_open(cache << 20);
        memset(at, 0, sizeof at);
        for (int i = 0; i < 300; i++) {
            random_session(i % 3 == 0);
            if (i % 40 == 0)
                commit();
            for (int key = 0; key < KEYS; key++)
                assert_int_equal(check_sessions(key), stored(SESSIONS, key));
        }
        bench_close();
    }
}

// ---- sliding windows ----

static void slide(const char *key, int64_t timestamp, bool bad)
{
    struct weir_ctx *w = begin(timestamp);
    struct weir_slides slides;
    if (weir_slides_find(w, SLIDING, str(key), timestamp, &slides)) {
        for (size_t i = 0; i < slides.count; i++) {
            int64_t count = (slides.items[i].base ? *(const int64_t *)slides.items[i].base : 0) + slides.items[i].adds;
            weir_slides_put(w, SLIDING, &slides, i, &count);
        }
    }
    finish(bad);
}

// As Kafka Streams 4.3.1 forwards them (docs/kafka-streams-facts.md).
static void sliding_order(void **state)
{
    (void)state;
    bench_open(0);
    slide("a", 20, false);
    slide("a", 25, false);
    slide("a", 15, false);
    slide("a", 25, false);
    expect_seen("l a [10,20] ->1 @20\n"
                "l a [21,31] ->1 @25\nl a [15,25] ->2 @25\n"
                "l a [15,25] 2>3 @25\nl a [10,20] 1>2 @20\nl a [5,15] ->1 @15\nl a [16,26] ->2 @25\n"
                "l a [21,31] 1>2 @25\nl a [16,26] 2>3 @25\nl a [15,25] 3>4 @25\n");
    bench_close();
}

// Windows of a key: one that ends with each record, one that begins behind it if it holds a record; early records share the first.
static int check_windows(int key)
{
    char room[40];
    int count = 0;
    struct store *s = bench.task->stores[SLIDING];
    for (int start = 0; start < TIMES; start++) {
        int64_t sum = 0, last = -1;
        for (int t = start; t <= start + DIFFERENCE && t < TIMES; t++) {
            sum += at[key][t];
            last = at[key][t] ? t : last;
        }
        bool left = start + DIFFERENCE < TIMES && at[key][start + DIFFERENCE] > 0;
        bool right = start > 0 && at[key][start - 1] && sum;
        for (int t = 0; start == 0 && !left && t < DIFFERENCE; t++)
            left = at[key][t] > 0;
        struct series_walk walk = {.s = s, .key = key_of(room, key), .from = start, .to = start};
        struct entry *e = series_next(&walk);
        if (!left && !right) {
            assert_null(e);
            continue;
        }
        assert_non_null(e);
        assert_int_equal(*(const int64_t *)e->row.head.value, sum);
        assert_int_equal(e->row.head.timestamp, last);
        count++;
    }
    return count;
}

static void random_slides(void **state)
{
    (void)state;
    for (int round = 0; round < 20; round++) {
        int range = 10 + (int)random_below(120);
        bench_open(round % 2 << 20);
        memset(at, 0, sizeof at);
        for (int i = 0; i < 60; i++) {
            char room[40];
            int key = (int)random_below(KEYS), t = (int)random_below((uint32_t)range);
            bool bad = random_below(4) == 0;
            key_of(room, key);
            slide(room, t, bad);
            at[key][t] += !bad;
            if (random_below(10) == 0)
                commit();
            for (int k = 0; k < KEYS; k++)
                assert_int_equal(check_windows(k), stored(SLIDING, k));
        }
        bench_close();
    }
}

static void late_slides(void **state)
{
    (void)state;
    bench_open(0);
    slide("a", 2000000, false);
    slide("a", 2000000 - 1000000 - DIFFERENCE - 1, false);
    assert_int_equal(bench.counters->late, 1);
    bench_close();
}

// ---- cogroups ----

// Gives the stream time of INPUT.
static int64_t observe(int input, int64_t timestamp, bool bad)
{
    struct weir_ctx *w = begin(timestamp);
    weir_store_input(w, MINUTES, input);
    int64_t time = weir_store_time(w, MINUTES, timestamp);
    finish(bad);
    return time;
}

static void inputs_have_their_own_time(void **state)
{
    (void)state;
    bench_open(0);
    const struct store *s = bench.task->stores[MINUTES];
    assert_int_equal(observe(0, 100, false), 100);
    assert_int_equal(s->time, -1); // what is committed: the least
    assert_int_equal(observe(1, 50, false), 50);
    assert_int_equal(observe(1, 40, false), 50);
    assert_int_equal(s->time, 50);
    assert_int_equal(observe(1, 200, true), 200);
    assert_int_equal(s->time, 50);
    assert_int_equal(observe(1, 60, false), 60);
    assert_int_equal(observe(0, 10, false), 100);
    bench_close();
}

// One more in the window at START; gives how many there were.
static int64_t count_minute(int64_t start, bool bad)
{
    struct weir_ctx *w = begin(start);
    struct weir_row *row = weir_row(w, MINUTES, str("a"), start);
    int64_t before = row->value ? *(const int64_t *)row->value : 0, count = before + 1;
    weir_row_put(w, MINUTES, row, &count, start);
    finish(bad);
    return before;
}

static void nothing_is_found_behind_retention(void **state)
{
    (void)state;
    bench_open(0);
    assert_int_equal(count_minute(9 * MINUTE, false), 0);
    assert_int_equal(count_minute(9 * MINUTE, false), 1);
    assert_int_equal(count_minute(10 * MINUTE, false), 0);
    assert_int_equal(count_minute(9 * MINUTE, false), 2);
    assert_int_equal(count_minute(11 * MINUTE, true), 0);
    assert_int_equal(count_minute(9 * MINUTE, false), 3);
    assert_int_equal(count_minute(11 * MINUTE, false), 0);
    assert_int_equal(count_minute(9 * MINUTE, true), 0);
    assert_int_equal(count_minute(9 * MINUTE, false), 0);
    assert_int_equal(count_minute(9 * MINUTE, false), 0);
    assert_int_equal(count_minute(10 * MINUTE, false), 1);
    bench_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sessions_merge),
        cmocka_unit_test(sessions_through_the_cache),
        cmocka_unit_test(late_sessions),
        cmocka_unit_test(random_sessions),
        cmocka_unit_test(sliding_order),
        cmocka_unit_test(random_slides),
        cmocka_unit_test(late_slides),
        cmocka_unit_test(inputs_have_their_own_time),
        cmocka_unit_test(nothing_is_found_behind_retention),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
