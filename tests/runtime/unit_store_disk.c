// Stores with little memory: rows leave it once the disk has them, and come back; then all of it from the disk alone.
#include "store_disk_test.h"

enum { KEYS = 500, RECORDS = 6000 };

static struct cell {
    bool some;
    int64_t value;
} texts[KEYS], minutes[KEYS];
static int sessions[KEYS]; // sums of the one session that each has

static struct weir_str text_of(char *room, int64_t value)
{
    return (struct weir_str){room, (size_t)snprintf(room, 100, "%0*lld", (int)(value % 70) + 1, (long long)value)};
}

static void check_texts(const struct weir_row *row, const struct cell *c)
{
    char room[100];
    const struct weir_str *s = row->value;
    assert_int_equal(s != NULL, c->some);
    if (c->some) {
        struct weir_str expected = text_of(room, c->value);
        assert_int_equal(s->n, expected.n);
        assert_memory_equal(s->p, expected.p, s->n);
    }
}

static void check_minutes(const struct weir_row *row, const struct cell *c)
{
    assert_int_equal(row->value != NULL, c->some);
    if (c->some)
        assert_int_equal(*(const int64_t *)row->value, c->value);
}

static void check_session(struct weir_ctx *w, int n)
{
    char room[40];
    struct weir_sessions found;
    assert_true(weir_sessions_find(w, SESSIONS, key_of(room, n), 1000 + n % 50, &found));
    assert_int_equal(found.count, sessions[n] > 0);
    if (found.count)
        assert_int_equal(*(const int64_t *)found.found[0].value, sessions[n]);
}

static void add_to_session(struct weir_ctx *w, int n)
{
    char room[40];
    struct weir_sessions found;
    int64_t sum = sessions[n] + 1;
    check_session(w, n);
    assert_true(weir_sessions_find(w, SESSIONS, key_of(room, n), 1000 + n % 50, &found));
    weir_sessions_put(w, SESSIONS, &found, &sum);
}

static void one_record(bool bad)
{
    char room[40], text[100];
    int n = (int)random_below(KEYS);
    struct weir_ctx *w = begin(1000);
    struct weir_row *row = weir_row(w, TEXTS, key_of(room, n), 0);
    struct cell *t = &texts[n], *m = &minutes[n], t_before = *t, m_before = *m;
    check_texts(row, t);
    *t = (struct cell){random_below(4) > 0, random_below(10000)};
    struct weir_str s = text_of(text, t->value);
    weir_row_put(w, TEXTS, row, t->some ? &s : NULL, 1000);
    row = weir_row(w, MINUTES, key_of(room, n), MINUTE);
    check_minutes(row, m);
    *m = (struct cell){random_below(4) > 0, random_below(10000)};
    weir_row_put(w, MINUTES, row, m->some ? &m->value : NULL, 1000);
    add_to_session(w, n);
    finish(bad);
    if (bad) {
        *t = t_before;
        *m = m_before;
    }
    sessions[n] += !bad;
}

static const struct weir_row *found(struct weir_ctx *w, int store, struct weir_str key, int64_t start)
{
    static const struct weir_row none = {NULL, 0};
    const struct weir_row *row = weir_row_find(w, store, key, start);
    return row ? row : &none;
}

// Rows that are only looked for come from the disk as well, and leave nothing behind where there are none.
static void check_found(int n)
{
    char room[40];
    struct weir_ctx *w = begin(1000);
    check_texts(found(w, TEXTS, key_of(room, n), 0), &texts[n]);
    check_minutes(found(w, MINUTES, key_of(room, n), MINUTE), &minutes[n]);
    assert_null(weir_row_find(w, TEXTS, str("nobody"), 0));
    assert_null(weir_row_find(w, MINUTES, key_of(room, n), 0));
    assert_null(weir_row_find(w, MINUTES, key_of(room, n), 9 * (int64_t)MINUTE));
    finish(false);
}

static void check_all(void)
{
    char room[40];
    for (int n = 0; n < KEYS; n++) {
        check_found(n);
        struct weir_ctx *w = begin(1000);
        check_texts(weir_row(w, TEXTS, key_of(room, n), 0), &texts[n]);
        check_minutes(weir_row(w, MINUTES, key_of(room, n), MINUTE), &minutes[n]);
        check_session(w, n);
        finish(false);
    }
}

static void little_memory(void **state)
{
    size_t most = 0;
    (void)state;
    begin_on_disk(1 << 20);
    bench_make_task();
    for (int i = 0; i < RECORDS; i++) {
        one_record(random_below(4) == 0);
        forget_seen();
        if (commit_due(&bench.k, bench.k.committed) || random_below(100) == 0) {
            commit();
            most = bench.k.memory > most ? bench.k.memory : most;
        }
        bench.k.dirty = true;
    }
    check_all();
    commit();
    assert_true(most < 50000);
    assert_true(commit_last(&bench.k));
    bench_close();
    begin_on_disk(1 << 20);
    bench_make_task();
    check_all();
    for (int i = 0; i < RECORDS / 4; i++)
        one_record(random_below(4) == 0);
    commit();
    check_all();
    bench_close();
}

// ---- loading beside live work ----

enum { ENOUGH = 64 << 20 };

static void begin_with_enough(int64_t cache)
{
    bench_begin(cache);
    use_disk(ENOUGH);
    bench.k.slice_ms = 0; // a row at a time
}

static void save_all(void)
{
    commit();
    assert_true(store_save_task(bench.task));
}

static void fill_and_close(void)
{
    memset(texts, 0, sizeof texts);
    memset(minutes, 0, sizeof minutes);
    memset(sessions, 0, sizeof sessions);
    begin_with_enough(1 << 20);
    bench_make_task();
    for (int i = 0; i < RECORDS; i++)
        one_record(false);
    save_all();
    bench_close();
}

static bool is_complete(int store)
{
    const struct segments *all = &bench.task->stores[store]->segments;
    size_t i = 0;
    while (i < all->count && all->all[i]->complete)
        i++;
    return i == all->count;
}

// Rows change, go and are saved while those that nobody has asked for are loaded.
static void rows_are_loaded_beside_live_work(void **state)
{
    int slices = 0;
    (void)state;
    fill_and_close();
    begin_with_enough(1 << 20);
    bench_make_task();
    assert_true(is_complete(SESSIONS));
    assert_false(is_complete(TEXTS));
    assert_false(is_complete(MINUTES));
    for (; bench.k.loading; slices++) {
        one_record(random_below(4) == 0);
        if (random_below(20) == 0)
            save_all();
        assert_true(store_load_live(&bench.k));
    }
    assert_in_range(slices, KEYS / 2, 2 * KEYS);
    assert_true(is_complete(TEXTS));
    assert_true(is_complete(MINUTES));
    check_all();
    save_all();
    bench_close();
    begin_with_enough(1 << 20);
    bench_make_task();
    check_all();
    bench_close();
}

// What has left memory would not come back: the disk is asked for it.
static void an_eviction_ends_loading(void **state)
{
    (void)state;
    fill_and_close();
    begin_with_enough(1 << 20);
    bench_make_task();
    struct store *s = bench.task->stores[TEXTS];
    for (int i = 0; i < KEYS / 4; i++)
        one_record(false);
    save_all();
    assert_non_null(s->load);
    assert_true(store_evict(s, SIZE_MAX) > 0);
    assert_null(s->load);
    while (bench.k.loading)
        assert_true(store_load_live(&bench.k));
    assert_false(is_complete(TEXTS));
    assert_true(is_complete(MINUTES));
    check_all();
    bench_close();
}

static void full_memory_ends_loading(void **state)
{
    (void)state;
    fill_and_close();
    begin_on_disk(1 << 20);
    bench_make_task();
    while (bench.k.loading)
        assert_true(store_load_live(&bench.k));
    assert_in_range(bench.k.memory, 40000, 50000);
    assert_false(is_complete(MINUTES));
    check_all();
    bench_close();
}

// The changelog has what was there.
static void damage_met_while_loading_fails_the_task(void **state)
{
    char room[40], text[100], command[200];
    (void)state;
    begin_with_enough(0);
    bench_make_task();
    for (int n = 0; n < KEYS; n++) {
        struct weir_ctx *w = begin(1000);
        struct weir_str value = text_of(text, n);
        texts[n] = (struct cell){true, n};
        weir_row_put(w, TEXTS, weir_row(w, TEXTS, key_of(room, n), 0), &value, 1000);
        finish(false);
    }
    save_all();
    snprintf(command, sizeof command,
             "for f in $(find %s -name '*.sst'); do head -c 8000 /dev/zero | dd of=$f bs=8000 seek=1 conv=notrunc "
             "2>/dev/null; done",
             folder);
    assert_int_equal(system(command), 0);
    bench_again(begin_with_enough, 0);
    while (store_load_live(&bench.k))
        assert_non_null(bench.task->stores[TEXTS]->load);
    assert_int_equal(bench.k.exit, RUNTIME_FAILED);
    bench_again(begin_with_enough, 0);
    assert_null(bench.task->stores[TEXTS]->load);
    for (int n = 0; n < KEYS; n++)
        check_texts(weir_row(begin(1000), TEXTS, key_of(room, n), 0), &texts[n]);
    bench_close();
}

static size_t rows_of(int store)
{
    const struct segments *all = &bench.task->stores[store]->segments;
    return all->count ? all->all[0]->table.count : 0;
}

// A store that is as large as it was gives little of what it has to one that grows, even if nobody has looked at it since.
static void what_grows_makes_room(void **state)
{
    enum { FEW = 60, MANY = 1000, AT_LEAST = 30 };
    char room[40], text[100];
    int evictions = 0;
    (void)state;
    begin_on_disk(0);
    bench_make_task();
    for (int64_t n = 0; n < FEW + MANY && evictions < 4; n++) {
        struct weir_ctx *w = begin(1000);
        struct weir_str key = key_of(room, (int)n), value = text_of(text, 69);
        if (n < FEW)
            weir_row_put(w, COUNTS, weir_row(w, COUNTS, key, 0), &n, 1000);
        else
            weir_row_put(w, TEXTS, weir_row(w, TEXTS, key, 0), &value, 1000);
        finish(false);
        forget_seen();
        size_t before = bench.k.memory;
        bench.k.dirty = true;
        if (commit_due(&bench.k, bench.k.committed))
            commit();
        evictions += bench.k.memory < before;
    }
    assert_int_equal(evictions, 4);
    assert_in_range(rows_of(COUNTS), AT_LEAST, FEW);
    bench_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(little_memory, set_up, tear_down),
        cmocka_unit_test_setup_teardown(rows_are_loaded_beside_live_work, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_eviction_ends_loading, set_up, tear_down),
        cmocka_unit_test_setup_teardown(full_memory_ends_loading, set_up, tear_down),
        cmocka_unit_test_setup_teardown(damage_met_while_loading_fails_the_task, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_grows_makes_room, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
