// The steps of aggregate functions, against the obvious way to do the same.
#include "kernel_test.h"
#include "weir_list.h"

enum { MANY = 40, VALUES = 6 };

static int64_t next(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (int64_t)(*seed >> 33) % VALUES;
}

static void assert_list(struct weir_list list, const int64_t *wanted, size_t n)
{
    assert_null(w->bad);
    assert_int_equal(list.n, n);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(((const int64_t *)list.v)[i], wanted[i]);
}

static void appended_and_removed(void **state)
{
    (void)state;
    uint64_t seed = 1;
    struct weir_list list = {"", 0};
    int64_t model[MANY];
    size_t n = 0;
    for (int i = 0; i < 1000; i++) {
        int64_t v = next(&seed);
        if (n < MANY && (next(&seed) & 1)) {
            model[n++] = v;
            list = weir_list_append(w, list, &v, sizeof v);
        } else {
            size_t at = 0;
            while (at < n && model[at] != v)
                at++;
            if (at < n)
                memmove(model + at, model + at + 1, (--n - at) * sizeof *model);
            list = weir_list_remove(w, list, &v, &weir_element_i64);
        }
        assert_list(list, model, n);
    }
}

// A stable sort, the greatest first, cut: what stays is told apart by when it came.
static void top(void **state)
{
    (void)state;
    for (int64_t most = 1; most < 8; most++) {
        uint64_t seed = (uint64_t)most;
        struct weir_list by = {"", 0}, came = {"", 0};
        int64_t model_by[MANY + 1], model_came[MANY + 1];
        size_t n = 0;
        for (int64_t i = 0; i < MANY; i++) {
            int64_t v = next(&seed);
            size_t at = n;
            for (; at > 0 && model_by[at - 1] < v; at--) {
                model_by[at] = model_by[at - 1];
                model_came[at] = model_came[at - 1];
            }
            model_by[at] = v;
            model_came[at] = i;
            n++;
            int64_t place = weir_list_place(by, &v, &weir_element_i64);
            by = weir_list_insert(w, by, place, &v, most, sizeof v);
            came = weir_list_insert(w, came, place, &i, most, sizeof i);
            size_t kept = n < (size_t)most ? n : (size_t)most;
            assert_list(by, model_by, kept);
            assert_list(came, model_came, kept);
        }
    }
}

static void tallies(void **state)
{
    (void)state;
    struct weir_map map = {(const struct weir_str *)"", "", 0};
    map = weir_map_tally(w, map, str("a"), 1);
    map = weir_map_tally(w, map, str("b"), 2);
    map = weir_map_tally(w, map, str("a"), 1);
    assert_int_equal(map.n, 2);
    assert_str(map.k[0], "a");
    assert_int_equal(((const int64_t *)map.v)[0], 2);
    assert_int_equal(((const int64_t *)map.v)[1], 2);
    map = weir_map_tally(w, map, str("a"), -2);
    assert_int_equal(map.n, 1);
    assert_str(map.k[0], "b");
    map = weir_map_tally(w, map, str("b"), INT64_MAX);
    assert_bad(WEIR_BAD_OVERFLOW, "");
}

// A list that is as long as a record may be takes no more.
static void limits(void **state)
{
    (void)state;
    size_t n = WEIR_MAX_VALUE / sizeof(int64_t);
    int64_t v = 1;
    struct weir_list list = {weir_array(w, &n, sizeof v), n};
    memset((void *)list.v, 0, n * sizeof v);
    weir_list_append(w, list, &v, sizeof v);
    assert_bad(WEIR_BAD_LIMIT, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        KERNEL_TEST(appended_and_removed),
        KERNEL_TEST(top),
        KERNEL_TEST(tallies),
        KERNEL_TEST(limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
