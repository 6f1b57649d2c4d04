// Loops over stores against a simple model: all in memory, and with memory for few rows; with changes while they go on, in records some of which are bad.
#include "ctx.h"
#include "store_disk_test.h"
#include "key_order.h"
#include "store_order.h"

enum { KEYS = 40, STARTS = 8, SPANS = 6, RECORDS = 1500 };

static const int64_t starts[STARTS] = {0, 1, 59999, 60000, 61000, 130000, 260000, 333000};
static const int64_t spans[SPANS][2] = {{0, 0},         {0, 50000},       {10000, 130000},
                                        {20000, 50000}, {130000, 200000}, {5000, 333000}};

struct cell {
    int store, key;
    int64_t start, end;
    int64_t value; // and timestamp; 0: there is none
};

enum { CELLS = KEYS * (1 + STARTS + SPANS) };
static struct cell cells[CELLS];

// Some begin with others, one is empty, and there are bytes of all kinds.
static struct weir_str key_bytes(int n)
{
    static char text[KEYS][80];
    size_t size = (size_t)(n % 4 ? n % 7 + 1 : n / 4);
    for (size_t i = 0; i < size; i++)
        text[n][i] = (char)(n % 4 ? "\0\1a\x7f\x80\xff_"[(n + (int)i) % 7] : 'a');
    if (n % 4)
        text[n][size++] = (char)n;
    return (struct weir_str){text[n], size};
}

static void make_model(void)
{
    struct cell *c = cells;
    for (int key = 0; key < KEYS; key++) {
        *c++ = (struct cell){.store = OWN, .key = key};
        for (int i = 0; i < STARTS; i++)
            *c++ = (struct cell){.store = OWN_WINDOWS, .key = key, .start = starts[i], .end = starts[i] + MINUTE};
        for (int i = 0; i < SPANS; i++)
            *c++ = (struct cell){.store = OWN_SESSIONS, .key = key, .start = spans[i][0], .end = spans[i][1]};
    }
}

static void put(struct weir_ctx *w, struct cell *c, int64_t value)
{
    char text[100];
    struct weir_str s = {text, (size_t)snprintf(text, sizeof text, "%0*lld", (int)(value % 60) + 1, (long long)value)};
    const void *to = value ? &s : NULL;
    c->value = value;
    if (c->store == OWN_SESSIONS) {
        weir_window_put(
            w, c->store,
            &(struct weir_change){
                .key = key_bytes(c->key), .start = c->start, .end = c->end, .value = to, .timestamp = value});
        return;
    }
    weir_row_put(w, c->store, weir_row(w, c->store, key_bytes(c->key), c->start), to, value);
}

static void change_some(struct weir_ctx *w)
{
    for (uint32_t i = random_below(4); i > 0; i--)
        put(w, &cells[random_below(CELLS)], random_below(3) ? 1 + random_below(100000) : 0);
}

// ---- a loop ----

struct range {
    int store, key; // KEY of windows and sessions, -1: all
    int from, to;   // OWN: keys; -1: open
    int64_t least, most;
};

static bool is_in(const struct range *r, const struct cell *c)
{
    if (c->store != r->store || !c->value || (r->key >= 0 && c->key != r->key))
        return false;
    struct weir_str key = key_bytes(c->key);
    switch (r->store) {
    case OWN:
        return (r->from < 0 || order_of_keys(key_bytes(r->from), key) <= 0) &&
               (r->to < 0 || order_of_keys(key, key_bytes(r->to)) <= 0);
    case OWN_WINDOWS: return c->start >= r->least && c->start <= r->most;
    default: return c->end >= r->least && c->start <= r->most;
    }
}

static int in_order(const void *a, const void *b)
{
    const struct cell *x = *(struct cell *const *)a, *y = *(struct cell *const *)b;
    if (x->store == OWN_SESSIONS && x->end != y->end)
        return x->end < y->end ? -1 : 1;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return order_of_keys(key_bytes(x->key), key_bytes(y->key));
}

static struct weir_scan *begin_scan(struct weir_ctx *w, const struct range *r)
{
    struct weir_str none = WEIR_NULL_STR, key = r->key >= 0 ? key_bytes(r->key) : none;
    switch (r->store) {
    case OWN:
        return weir_scan_rows(w, OWN, r->from >= 0 ? key_bytes(r->from) : none, r->to >= 0 ? key_bytes(r->to) : none);
    case OWN_WINDOWS: return weir_scan_windows(w, OWN_WINDOWS, key, r->least, r->most);
    default: return weir_scan_sessions(w, OWN_SESSIONS, key, r->least, r->most);
    }
}

static void check_row(const struct weir_scanned *row, const struct cell *c)
{
    char text[100];
    int n = snprintf(text, sizeof text, "%0*lld", (int)(c->value % 60) + 1, (long long)c->value);
    const struct weir_str *value = row->value, key = key_bytes(c->key);
    assert_int_equal(order_of_keys(row->key, key), 0);
    assert_int_equal(row->start, c->start);
    assert_int_equal(row->end, c->end);
    assert_int_equal(row->timestamp, c->value);
    assert_int_equal(value->n, n);
    assert_memory_equal(value->p, text, (size_t)n);
}

// CHANGING: the loop's body does, too.
static void loop(struct weir_ctx *w, const struct range *r, bool changing, bool reuse)
{
    struct cell *expected[CELLS];
    struct weir_scanned row;
    size_t count = 0, at = 0;
    for (int i = 0; i < CELLS; i++) {
        if (is_in(r, &cells[i]))
            expected[count++] = &cells[i];
    }
    qsort(expected, count, sizeof *expected, in_order);
    struct weir_scan *scan = begin_scan(w, r);
    if (reuse)
        weir_scan_reuse(scan);
    for (;;) {
        while (at < count && !expected[at]->value)
            at++;
        bool more = weir_scan_next(w, scan, &row);
        assert_int_equal(more, at < count);
        if (!more)
            break;
        check_row(&row, expected[at]);
        if (changing && random_below(4) == 0)
            put(w, expected[at], 0);
        if (changing)
            change_some(w);
        at++;
    }
}

static struct range random_range(void)
{
    static const int64_t times[] = {INT64_MIN, -1, 0, 1, 50000, 60000, 130000, 200000, 333000, 400000, INT64_MAX};
    enum { TIMES = sizeof times / sizeof *times };
    return (struct range){.store = OWN + (int)random_below(3),
                          .key = random_below(2) ? (int)random_below(KEYS) : -1,
                          .from = random_below(3) ? (int)random_below(KEYS) : -1,
                          .to = random_below(3) ? (int)random_below(KEYS) : -1,
                          .least = times[random_below(TIMES)],
                          .most = times[random_below(TIMES)]};
}

static void one_record(int64_t timestamp)
{
    static struct cell before[CELLS];
    bool bad = random_below(4) == 0;
    memcpy(before, cells, sizeof cells);
    struct weir_ctx *w = begin(timestamp);
    change_some(w);
    struct range r = random_range();
    if (r.store == OWN)
        r.key = -1;
    loop(w, &r, random_below(2) == 0, random_below(2) == 0);
    change_some(w);
    finish(bad);
    if (bad)
        memcpy(cells, before, sizeof cells);
}

static void check_all(void)
{
    for (int store = OWN; store <= OWN_SESSIONS; store++) {
        for (int key = -1; key < KEYS && (store != OWN || key < 0); key++) {
            struct range r = {.store = store, .key = key, .from = -1, .to = -1, .most = INT64_MAX};
            loop(begin(0), &r, false, true);
            finish(false);
        }
    }
}

static void random_records(void)
{
    for (int i = 0; i < RECORDS; i++) {
        one_record(i);
        bench.k.dirty = true;
        if (random_below(20) == 0)
            commit();
    }
    check_all();
    commit();
    check_all();
}

static void in_memory(void **state)
{
    (void)state;
    for (int64_t cache = 0; cache < 1 << 21; cache += 1 << 20) {
        make_model();
        bench_open(cache);
        random_records();
        bench_close();
    }
}

static void with_little_memory(void **state)
{
    (void)state;
    make_model();
    begin_on_disk(0);
    use_disk(6000);
    bench_make_task();
    random_records();
    assert_true(commit_last(&bench.k));
    bench_again(begin_on_disk, 0);
    check_all();
    random_records();
    bench_close();
}

// ---- many rows that are only on disk ----

enum { MANY = 20000 };

static struct weir_str many_key(char *room, int n)
{
    return (struct weir_str){room, (size_t)snprintf(room, 40, "key %08d", n)};
}

static void many_on_disk(void **state)
{
    char room[40];
    (void)state;
    begin_on_disk(0);
    bench_make_task();
    for (int n = 0; n < MANY; n++) {
        struct weir_ctx *w = begin(n);
        struct weir_str key = many_key(room, n), value = n == 77 ? (struct weir_str){calloc(1, 100000), 100000} : key;
        weir_row_put(w, OWN, weir_row(w, OWN, key, 0), &value, n);
        finish(false);
        if (n == 77)
            free((void *)(uintptr_t)value.p);
        if (n % 1000 == 999)
            commit();
    }
    struct weir_ctx *w = begin(0);
    struct weir_scan *scan = weir_scan_rows(w, OWN, WEIR_NULL_STR, WEIR_NULL_STR);
    struct weir_scanned row;
    const struct weir_arena_block *block = NULL;
    int n = 0, blocks = 0;
    weir_scan_reuse(scan);
    for (; weir_scan_next(w, scan, &row); n++) {
        assert_int_equal(order_of_keys(row.key, many_key(room, n)), 0);
        assert_int_equal(((const struct weir_str *)row.value)->n, n == 77 ? 100000 : row.key.n);
        blocks += w->block != block;
        block = w->block;
        if (n % 100 == 0)
            weir_row_put(w, OWN, weir_row(w, OWN, row.key, 0), NULL, 0);
    }
    assert_int_equal(n, MANY);
    assert_true(bench.k.memory < 200000);
    assert_true(blocks < 10);
    finish(false);
    commit();
    bench_close();
}

// ---- what a block may put ----

static void put_window(struct weir_ctx *w, int64_t start)
{
    struct weir_str value = str("x");
    weir_row_put(w, OWN_WINDOWS, weir_row(w, OWN_WINDOWS, str("k"), start), &value, 1);
}

static void put_session(struct weir_ctx *w, int64_t start, int64_t end)
{
    struct weir_str value = str("x");
    struct weir_change change = {.key = str("k"), .start = start, .end = end, .value = &value, .timestamp = 1};
    weir_window_put(w, OWN_SESSIONS, &change);
}

static void expect_bad(struct weir_ctx *w, const char *why)
{
    assert_string_equal(w->bad ? w->bad : "", why);
    finish(true);
}

static int count_windows(struct weir_ctx *w)
{
    struct weir_scan *scan = weir_scan_windows(w, OWN_WINDOWS, str("k"), INT64_MIN, INT64_MAX);
    struct weir_scanned row;
    int n = 0;
    while (weir_scan_next(w, scan, &row))
        n++;
    return n;
}

// What is out of retention is not put, and counted; what was put before is not found any more.
static void windows_out_of_retention(void **state)
{
    (void)state;
    bench_open(0);
    struct weir_ctx *w = begin(0);
    put_window(w, 0);
    put_window(w, 10 * MINUTE - 1);
    assert_int_equal(count_windows(w), 2);
    put_window(w, 10 * MINUTE);
    assert_int_equal(count_windows(w), 2);
    assert_null(weir_row_find(w, OWN_WINDOWS, str("k"), 0));
    put_window(w, 0);
    assert_int_equal(bench.counters->late, 1);
    assert_int_equal(count_windows(w), 2);
    put_session(w, 0, 10 * MINUTE);
    put_session(w, 0, 0);
    assert_int_equal(bench.counters->late, 2);
    assert_non_null(weir_window_find(w, OWN_SESSIONS, str("k"), 0, 10 * MINUTE));
    assert_null(weir_window_find(w, OWN_SESSIONS, str("k"), 0, 0));
    finish(false);
    bench_close();
}

static void windows_that_cannot_be(void **state)
{
    (void)state;
    bench_open(0);
    struct weir_ctx *w = begin(0);
    put_window(w, -1);
    expect_bad(w, "no window can be from -1 to 59999 ms");
    put_session(w = begin(0), 5, 4);
    expect_bad(w, "no window can be from 5 to 4 ms");
    put_session(w = begin(0), -5, 4);
    expect_bad(w, "no window can be from -5 to 4 ms");
    weir_version_put(w = begin(0), VERSIONS, str("k"), NULL, -1);
    expect_bad(w, "no version can begin at -1 ms");
    put_window(w = begin(0), INT64_MAX);
    assert_int_equal(count_windows(w), 0); // the last time there is has none behind it
    assert_non_null(weir_row_find(w, OWN_WINDOWS, str("k"), INT64_MAX));
    finish(true);
    bench_close();
}

static void versions(void **state)
{
    struct weir_str one = str("one"), two = str("two");
    (void)state;
    bench_open(0);
    struct weir_ctx *w = begin(0);
    weir_version_put(w, VERSIONS, str("k"), &two, 20);
    weir_version_put(w, VERSIONS, str("k"), &one, 10);
    weir_version_put(w, VERSIONS, str("k"), NULL, 30);
    assert_null(weir_row_at(w, VERSIONS, str("k"), 9));
    assert_memory_equal(((const struct weir_str *)weir_row_at(w, VERSIONS, str("k"), 19)->value)->p, "one", 3);
    assert_memory_equal(((const struct weir_str *)weir_row_at(w, VERSIONS, str("k"), 29)->value)->p, "two", 3);
    assert_null(weir_row_at(w, VERSIONS, str("k"), INT64_MAX));
    finish(false);
    bench_close();
}

// ---- without a changelog ----

static void set_unlogged(int64_t value)
{
    struct weir_ctx *w = begin(1);
    weir_row_put(w, UNLOGGED, weir_row(w, UNLOGGED, str("k"), 0), &value, 1);
    finish(false);
}

static void expect_unlogged(int64_t value)
{
    const struct weir_row *row = weir_row_find(begin(1), UNLOGGED, str("k"), 0);
    assert_int_equal(row ? *(const int64_t *)row->value : 0, value);
    finish(false);
}

// A run that ends saves it, however little it is; what a crash leaves is what was saved last.
static void no_changelog(void **state)
{
    (void)state;
    begin_on_disk(0);
    bench_make_task();
    set_unlogged(1);
    commit();
    assert_int_equal(bench.log_count, 0);
    bench_again(begin_on_disk, 0);
    expect_unlogged(0);
    set_unlogged(2);
    bench.k.dirty = true;
    assert_true(commit_last(&bench.k));
    bench_again(begin_on_disk, 0);
    expect_unlogged(2);
    set_unlogged(3);
    commit();
    bench_again(begin_on_disk, 0);
    expect_unlogged(2);
    bench_close();
}

#define ON_DISK(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_memory),
        ON_DISK(with_little_memory),
        ON_DISK(many_on_disk),
        cmocka_unit_test(windows_out_of_retention),
        cmocka_unit_test(windows_that_cannot_be),
        cmocka_unit_test(versions),
        ON_DISK(no_changelog),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
