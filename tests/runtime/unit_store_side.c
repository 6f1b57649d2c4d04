// Sides of joins of streams against a list of all their records: what is found, in which order, through bad records, restarts and a disk with little memory.
#include "store_disk_test.h"

enum { KEYS = 12, MOST = 6000, TIMES = 40 * MINUTE, STEP = 1000 };

static struct one {
    int key;
    int64_t timestamp, value;
} all[MOST];
static int count;
static int64_t newest;

static void forget_model(void)
{
    count = 0;
    newest = 0;
}

static struct weir_str text_of(char *room, int64_t value)
{
    return (struct weir_str){room, (size_t)snprintf(room, 100, "%0*lld", (int)(value % 70) + 1, (long long)value)};
}

static void put(int n, int64_t timestamp, int64_t value, bool bad)
{
    char key[40], text[100];
    struct weir_ctx *w = begin(timestamp);
    struct weir_str s = text_of(text, value);
    weir_side_put(w, LEFT, key_of(key, n), &s, timestamp);
    weir_side_put(w, RIGHT, key_of(key, n), &value, timestamp);
    finish(bad);
    if (!bad) {
        assert_true(count < MOST);
        all[count++] = (struct one){n, timestamp, value};
        newest = timestamp > newest ? timestamp : newest;
    }
}

static bool is_in(const struct one *o, int n, int64_t from, int64_t to)
{
    return o->key == n && o->timestamp >= from && o->timestamp <= to && o->timestamp > newest - RETENTION;
}

// The number of those that come before ONE: earlier, or as early and put before.
static int place_of(const struct one *one, int64_t from, int64_t to)
{
    int place = 0;
    for (const struct one *o = all; o < all + count; o++)
        place += is_in(o, one->key, from, to) &&
                 (o->timestamp < one->timestamp || (o->timestamp == one->timestamp && o < one));
    return place;
}

static void check(int n, int64_t from, int64_t to)
{
    char key[40], text[100];
    size_t found = 0;
    struct weir_ctx *w = begin(0);
    struct weir_matches left = weir_side_find(w, LEFT, key_of(key, n), from, to);
    struct weir_matches right = weir_side_find(w, RIGHT, key_of(key, n), from, to);
    for (const struct one *o = all; o < all + count; o++) {
        if (!is_in(o, n, from, to))
            continue;
        int at = place_of(o, from, to);
        assert_true((size_t)at < left.count && (size_t)at < right.count);
        struct weir_str expected = text_of(text, o->value), s = *(const struct weir_str *)left.items[at].value;
        assert_int_equal(left.items[at].timestamp, o->timestamp);
        assert_int_equal(s.n, expected.n);
        assert_memory_equal(s.p, expected.p, s.n);
        assert_int_equal(right.items[at].timestamp, o->timestamp);
        assert_int_equal(*(const int64_t *)right.items[at].value, o->value);
        found++;
    }
    assert_int_equal(left.count, found);
    assert_int_equal(right.count, found);
    finish(false);
}

// Times go up on the whole; many are equal, some are older than what is kept.
static void random_records(int records)
{
    for (int i = 0; i < records; i++) {
        int64_t about = (int64_t)TIMES / records * i, back = random_below(10) ? 3 * MINUTE : 12 * MINUTE;
        int64_t t = about - random_below((uint32_t)back);
        t = t < 0 ? 0 : t / STEP * STEP;
        put((int)random_below(KEYS), t, random_below(100000), random_below(4) == 0);
        check((int)random_below(KEYS), t - BEFORE, t + AFTER);
        if (random_below(60) == 0)
            commit();
    }
}

static void check_all(void)
{
    for (int n = 0; n <= KEYS; n++)
        check(n, 0, INT64_MAX);
}

static void in_memory(void **state)
{
    (void)state;
    for (int cached = 0; cached < 2; cached++) {
        forget_model();
        bench_open(cached << 20);
        random_records(1500);
        check_all();
        bench_again(bench_begin, cached << 20);
        check_all();
        put(1, newest, 1, false); // numbers begin anew: nothing is lost by it
        put(1, newest, 2, false);
        check_all();
        bench_close();
    }
}

// Killed where the disk is behind the changelog.
static void on_disk(void **state)
{
    (void)state;
    forget_model();
    begin_on_disk(0);
    bench_make_task();
    random_records(2000);
    check_all();
    for (int i = 0; i < 3; i++) {
        bench_again(begin_on_disk, 0);
        check_all();
        for (int n = 0; n < 200; n++)
            put((int)random_below(KEYS), newest - random_below(MINUTE), n, false);
        if (i == 1)
            commit();
        check_all();
    }
    bench_close();
}

static void expect_logged(size_t index, const char *key, size_t size, const char *value)
{
    const struct logged *l = &bench.log[index];
    assert_int_equal(l->key_size, size);
    assert_memory_equal(l->key, key, size);
    assert_int_equal(l->value_size, strlen(value));
    assert_memory_equal(l->value, value, l->value_size);
    assert_int_equal(l->timestamp, 258);
}

// As Kafka Streams' window stores with duplicates count and write.
static void changelog_bytes(void **state)
{
    int64_t value = 7;
    (void)state;
    bench_open(1 << 20); // never cached
    struct weir_ctx *w = begin(258);
    weir_side_put(w, RIGHT, str("ab"), &value, 258);
    weir_side_put(w, RIGHT, str(""), &value, 258);
    weir_side_put(w, RIGHT, str("ab"), NULL, 258);
    weir_side_put(w, RIGHT, WEIR_NULL_STR, &value, 258);
    weir_side_put(w, RIGHT, str("ab"), &value, -5);
    finish(false);
    assert_int_equal(bench.log_count, 2);
    expect_logged(0, "ab\0\0\0\0\0\0\x01\x02\0\0\0\x01", 14, "7");
    expect_logged(1, "\0\0\0\0\0\0\x01\x02\0\0\0\x02", 12, "7");
    bench_close();
}

static void broken_changelog(void **state)
{
    static const char negative[] = "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\0\0\0\1";
    (void)state;
    bench_open(0);
    struct store *s = bench.task->stores[RIGHT];
    assert_false(store_restore(s, str("a"), str("1"), 0, false));
    assert_string_equal(bench.k.w.bad, "a key of 1 bytes that is not that of a record of a join");
    assert_false(store_restore(s, (struct weir_str){negative, 12}, str("1"), 0, false));
    assert_string_equal(bench.k.w.bad, "a key of 12 bytes that is not that of a record of a join");
    bench_close();
}

// As records' own keys find entries, the next ones are looked for ahead, in all segments.
static void ahead(void **state)
{
    int64_t value = 7;
    struct broker_delivery coming = {.record = {.key = str("a"), .timestamp = 30 * (int64_t)MINUTE}};
    (void)state;
    bench_open(0);
    for (int64_t t = 0; t <= 30 * (int64_t)MINUTE; t += MINUTE) {
        struct weir_ctx *w = begin(t);
        struct weir_str key = str("a");
        weir_side_find(w, RIGHT, key, 0, t);
        assert_false(bench.task->stores[RIGHT]->reach[0].own);
        weir_side_put(w, RIGHT, key, &value, t);
        finish(false);
    }
    struct weir_ctx *w = begin(coming.record.timestamp);
    bench.record.key = coming.record.key;
    bench.record.topic = str("orders");
    assert_true(weir_side_find(w, RIGHT, bench.record.key, 0, coming.record.timestamp).count > 1);
    const struct reach *reach = &bench.task->stores[RIGHT]->reach[0];
    assert_true(reach->own && reach->from < 0 && reach->to == 0);
    weir_side_put(w, RIGHT, bench.record.key, &value, coming.record.timestamp + 5);
    assert_true(reach->from < 0 && reach->to == 5);
    finish(false);
    store_ahead(&bench.k, &coming, 1);
    bench_close();
}

static void expiry(void **state)
{
    size_t most = 0;
    (void)state;
    forget_model();
    bench_open(0);
    for (int i = 0; i < 200; i++) {
        int64_t value = i;
        struct weir_ctx *w = begin((int64_t)i * MINUTE);
        for (int n = 0; n < 50; n++)
            weir_side_put(w, RIGHT, str("a"), &value, (int64_t)i * MINUTE);
        finish(false);
        commit();
        most = bench.k.memory > most ? bench.k.memory : most;
    }
    assert_true(most < 100000);
    bench_again(bench_begin, 0); // the changelog has all of them; what is out of retention goes on the way
    assert_true(bench.task->stores[RIGHT]->segments.count < 40);
    bench_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ahead),
        cmocka_unit_test(in_memory),
        cmocka_unit_test_setup_teardown(on_disk, set_up, tear_down),
        cmocka_unit_test(changelog_bytes),
        cmocka_unit_test(broken_changelog),
        cmocka_unit_test(expiry),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
