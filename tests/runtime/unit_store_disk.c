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

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(little_memory, set_up, tear_down)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
