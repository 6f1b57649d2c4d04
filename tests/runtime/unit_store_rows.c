// Rows against a simple model: random records, some of them bad, at once and through the cache; expiry; eviction to a disk and back.
#include "store_test.h"

enum { KEYS = 300, WINDOWS = 2, RECORDS = 20000 };

struct cell {
    bool some;
    int64_t value, timestamp;
};

static struct cell counts[KEYS], texts[KEYS], minutes[KEYS][WINDOWS];

static void check(struct weir_row *row, const struct cell *c, bool text)
{
    assert_int_equal(row->value != NULL, c->some);
    if (!c->some)
        return;
    assert_int_equal(row->timestamp, c->timestamp);
    if (text) {
        char expected[100];
        const struct weir_str *s = row->value;
        int n = snprintf(expected, sizeof expected, "%0*lld", (int)(c->value % 70) + 1, (long long)c->value);
        assert_int_equal(s->n, n);
        assert_memory_equal(s->p, expected, s->n);
    } else {
        assert_int_equal(*(const int64_t *)row->value, c->value);
    }
}

static void put(struct weir_ctx *w, int store, struct weir_row *row, struct cell *c, int64_t timestamp)
{
    char text[100];
    *c = (struct cell){random_below(4) > 0, random_below(1000), timestamp};
    struct weir_str s = {text,
                         (size_t)snprintf(text, sizeof text, "%0*lld", (int)(c->value % 70) + 1, (long long)c->value)};
    weir_row_put(w, store, row, !c->some ? NULL : store == TEXTS ? (const void *)&s : &c->value, timestamp);
}

// One of the stores' rows, checked and changed.
static void change_one(struct weir_ctx *w, int64_t timestamp)
{
    char room[40];
    int n = (int)random_below(KEYS), window = (int)random_below(WINDOWS);
    struct weir_str key = key_of(room, n);
    int store = (int)random_below(3);
    struct cell *c = store == COUNTS ? &counts[n] : store == TEXTS ? &texts[n] : &minutes[n][window];
    struct weir_row *row = weir_row(w, store, key, store == MINUTES ? window * MINUTE : 0);
    check(row, c, store == TEXTS);
    if (random_below(8))
        put(w, store, row, c, timestamp);
}

static void check_all(void)
{
    char room[40];
    for (int n = 0; n < KEYS; n++) {
        struct weir_ctx *w = begin(0);
        struct weir_str key = key_of(room, n);
        check(weir_row(w, COUNTS, key, 0), &counts[n], false);
        check(weir_row(w, TEXTS, key, 0), &texts[n], true);
        for (int i = 0; i < WINDOWS; i++)
            check(weir_row(w, MINUTES, key, i * MINUTE), &minutes[n][i], false);
        finish(false);
    }
}

static void one_record(int64_t timestamp)
{
    static struct cell before[sizeof counts + sizeof texts + sizeof minutes];
    bool bad = random_below(4) == 0;
    memcpy(before, counts, sizeof counts);
    memcpy((char *)before + sizeof counts, texts, sizeof texts);
    memcpy((char *)before + 2 * sizeof counts, minutes, sizeof minutes);
    struct weir_ctx *w = begin(timestamp);
    for (uint32_t i = random_below(6); i > 0; i--)
        change_one(w, timestamp);
    finish(bad);
    if (!bad)
        return;
    memcpy(counts, before, sizeof counts);
    memcpy(texts, (char *)before + sizeof counts, sizeof texts);
    memcpy(minutes, (char *)before + 2 * sizeof counts, sizeof minutes);
}

static void forget_model(void)
{
    memset(counts, 0, sizeof counts);
    memset(texts, 0, sizeof texts);
    memset(minutes, 0, sizeof minutes);
}

static void random_records(int64_t cache)
{
    forget_model();
    bench_open(cache);
    for (int i = 0; i < RECORDS; i++) {
        one_record(i);
        forget_seen();
        if (random_below(50) == 0)
            commit();
    }
    check_all();
    commit();
    check_all();
    bench_close();
}

static void at_once(void **state)
{
    (void)state;
    random_records(0);
}

static void through_the_cache(void **state)
{
    (void)state;
    random_records(1 << 20);
}

// What the changelog has of the model's rows, restored into new stores, is the model again.
static void restored(void **state)
{
    (void)state;
    random_records(0);
    for (int cached = 0; cached < 2; cached++) {
        forget_model();
        bench_open(cached ? 1 << 20 : 0);
        for (int i = 0; i < RECORDS / 4; i++)
            one_record(i);
        commit();
        struct logged *log = bench.log;
        size_t count = bench.log_count;
        bench.log = NULL;
        bench.log_count = 0;
        bench_close();
        bench_open(0);
        for (size_t i = 0; i < count; i++) {
            assert_true(store_restore(bench.task->stores[log[i].store], (struct weir_str){log[i].key, log[i].key_size},
                                      (struct weir_str){log[i].value, log[i].value_size}, log[i].timestamp, false));
            free(log[i].key);
            free(log[i].value);
        }
        free(log);
        check_all();
        bench_close();
    }
}

static void count(const char *key, int64_t value, int64_t timestamp)
{
    struct weir_ctx *w = begin(timestamp);
    struct weir_row *row = weir_row(w, COUNTS, str(key), 0);
    weir_row_put(w, COUNTS, row, value < 0 ? NULL : &value, weir_row_time(row, timestamp));
    finish(false);
}

static void forwarded_at_once(void **state)
{
    (void)state;
    bench_open(0);
    count("a", 1, 10);
    count("a", 2, 5);
    count("a", -1, 20);
    count("b", -1, 30);
    expect_seen("c a ->1 @10\nc a 1>2 @10\nc a 2>- @20\nc b ->- @30\n");
    assert_int_equal(bench.log_count, 0);
    commit();
    assert_int_equal(bench.log_count, 0); // it came and went
    count("a", 1, 40);
    commit();
    count("a", 2, 50);
    count("a", -1, 60);
    commit();
    expect_seen("c a ->1 @40\nc a 1>2 @50\nc a 2>- @60\n");
    assert_int_equal(bench.log_count, 2);
    assert_int_equal(bench.log[0].timestamp, 40);
    assert_null(bench.log[1].value);
    assert_int_equal(bench.log[1].timestamp, 60);
    bench_close();
}

static void merged_until_the_commit(void **state)
{
    (void)state;
    bench_open(1 << 20);
    count("a", 1, 10);
    count("b", 1, 11);
    count("a", 2, 12);
    count("c", 5, 13);
    count("c", -1, 14); // nothing to nothing: nobody hears of it
    expect_seen("");
    commit();
    expect_seen("c a ->2 @12\nc b ->1 @11\n");
    assert_int_equal(bench.log_count, 2);
    count("b", 7, 20);
    count("a", -1, 21);
    commit();
    expect_seen("c b 1>7 @20\nc a 2>- @21\n");
    commit();
    expect_seen("");
    bench_close();
}

// What comes of a row's change is bad at the commit: the row stays, is in the changelog, and the others go on.
static void bad_at_the_commit(void **state)
{
    (void)state;
    bench_open(1 << 20);
    count("a", 1, 10);
    count("b", 2, 11);
    bench.fails = 1;
    commit();
    expect_seen("c b ->2 @11\n");
    assert_int_equal(bench.log_count, 2);
    assert_int_equal(bench.counters->bad[WEIR_BAD_USER], 1);
    struct weir_ctx *w = begin(0);
    assert_int_equal(*(const int64_t *)weir_row(w, COUNTS, str("a"), 0)->value, 1);
    finish(false);
    bench_close();
}

// Segments behind the retention go as a whole, and their memory with them.
static void expiry(void **state)
{
    (void)state;
    bench_open(0);
    size_t most = 0;
    for (int64_t i = 0; i < 200; i++) {
        for (int n = 0; n < KEYS; n++) {
            char room[40];
            struct weir_ctx *w = begin(i * MINUTE);
            weir_row_put(w, MINUTES, weir_row(w, MINUTES, key_of(room, n), i * MINUTE), &i, i * MINUTE);
            finish(false);
        }
        forget_seen();
        commit();
        most = bench.k.memory > most ? bench.k.memory : most;
    }
    assert_int_equal(bench.task->stores[MINUTES]->segments.count, 3);
    assert_true(most < 200000);
    struct weir_ctx *w = begin(0);
    assert_null(weir_row_find(w, MINUTES, str("key 1"),
                              197 * (int64_t)MINUTE)); // as old as the retention, in a segment that is there
    assert_non_null(weir_row_find(w, MINUTES, str("key 1"), 198 * (int64_t)MINUTE));
    assert_non_null(weir_row(w, MINUTES, str("key 1"), 198 * (int64_t)MINUTE)->value);
    finish(false);
    bench_close();
}

static void look(int store, struct weir_str key, int64_t start, const char *topic, bool own)
{
    struct weir_ctx *w = begin(start + 5);
    struct store *s = bench.task->stores[store];
    s->reach[0].own = false;
    bench.record.key = str("key 1");
    bench.record.topic = (struct weir_str){topic, topic ? strlen(topic) : 0};
    weir_row(w, store, key.p ? key : bench.record.key, start);
    assert_int_equal(s->reach[0].own, own);
    s->reach[0].own = false;
    weir_row_find(w, store, key.p ? key : bench.record.key, start);
    assert_int_equal(s->reach[0].own, own);
    finish(false);
}

// What rows records will look for is known of those before them; asking for any is harmless.
static void ahead(void **state)
{
    static char other[] = "key 2";
    (void)state;
    bench_open(0);
    look(COUNTS, WEIR_NULL_STR, 0, "orders", true);
    look(COUNTS, str(other), 0, "orders", false);
    look(COUNTS, WEIR_NULL_STR, 0, NULL, false); // a change at the commit
    look(MINUTES, WEIR_NULL_STR, MINUTE, "orders", true);
    look(MINUTES, WEIR_NULL_STR, MINUTE - 7, "orders", false);
    for (int i = 0; i < STORES; i++)
        bench.task->stores[i]->reach[0].own = i == COUNTS || i == MINUTES || i == TEXTS;
    struct broker_delivery coming[50] = {{.record = {.key = WEIR_NULL_STR}}, {.record = {.partition = 1000}}};
    char room[48][40];
    for (int i = 2; i < 50; i++)
        coming[i] = (struct broker_delivery){.record = {.key = key_of(room[i - 2], i), .timestamp = (i - 2) * 9999}};
    store_ahead(&bench.k, coming, 50);
    bench_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forwarded_at_once),
        cmocka_unit_test(merged_until_the_commit),
        cmocka_unit_test(bad_at_the_commit),
        cmocka_unit_test(at_once),
        cmocka_unit_test(through_the_cache),
        cmocka_unit_test(restored),
        cmocka_unit_test(expiry),
        cmocka_unit_test(ahead),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
