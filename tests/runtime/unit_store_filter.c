// What left memory is asked of the disk, and hardly anything else is.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "store_segment.h"

enum { ROWS = 1000 };

static uint32_t hash_of(uint32_t n)
{
    return n * 2654435761u;
}

static uint32_t asked(const struct segment *g, uint32_t from, uint32_t to)
{
    uint32_t count = 0;
    for (uint32_t n = from; n < to; n++)
        count += segment_asks_disk(g, hash_of(n));
    return count;
}

static void what_left(void **state)
{
    size_t used = 0;
    struct segments all = {.used = &used};
    struct segment *g = segments_make(&all, 0, true);
    (void)state;
    g->table.count = ROWS;
    assert_int_equal(asked(g, 0, 100000), 0);
    for (uint32_t n = 0; n < ROWS; n++)
        segment_note_gone(g, hash_of(n));
    assert_int_equal(asked(g, 0, ROWS), ROWS);
    assert_true(asked(g, ROWS, ROWS + 100000) < 300);
    assert_int_equal(used, g->slab.own);
    assert_true(used < 4 * ROWS + 100);
    segments_drop(&all, 1);
    assert_int_equal(used, 0);
}

// Then no more is known than that something left.
static void too_much_left(void **state)
{
    size_t used = 0;
    struct segments all = {.used = &used};
    struct segment *g = segments_make(&all, 0, true);
    uint32_t n = 0;
    (void)state;
    for (; n < 500; n++) {
        segment_note_gone(g, hash_of(n));
        assert_int_equal(asked(g, 0, n + 1), n + 1);
    }
    assert_true(asked(g, n, n + 1000) < 10);
    while (g->gone)
        segment_note_gone(g, hash_of(n++));
    assert_int_equal(asked(g, n, n + 1000), 1000);
    assert_int_equal(used, 0);
    segments_drop(&all, 1);
}

// What was there before a restart is not known.
static void from_before(void **state)
{
    size_t used = 0;
    struct segments all = {.used = &used};
    struct segment *g = segments_make(&all, 0, false);
    (void)state;
    assert_int_equal(asked(g, 0, 100), 100);
    segment_note_gone(g, hash_of(7));
    assert_int_equal(asked(g, 0, 100), 100);
    segments_drop(&all, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_left),
        cmocka_unit_test(too_much_left),
        cmocka_unit_test(from_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
