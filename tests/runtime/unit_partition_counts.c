// How many partitions repartition topics have: of what writes them, of what they are joined with, of what the program says.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "partition_counts.h"

enum { ORDERS, USERS, A, B, C, SOURCES };

static const char *const names[] = {"orders", "users", "a", "b", "c"};

// Sub-topology 0 has orders and writes a and b; 1 has users, a and b and writes c; 2 has c.
static const struct weir_source sources[SOURCES] = {
    [ORDERS] = {.topics = &names[ORDERS]},
    [USERS] = {.topics = &names[USERS], .subtopology = 1},
    [A] = {.topics = &names[A], .subtopology = 1, .internal = true},
    [B] = {.topics = &names[B], .subtopology = 1, .internal = true},
    [C] = {.topics = &names[C], .subtopology = 2, .internal = true},
};
static const struct weir_sink sinks[] = {
    {.topic = "a", .internal = true},
    {.topic = "b", .internal = true},
    {.topic = "c", .internal = true, .subtopology = 1},
    {.topic = "out", .subtopology = 2},
};

static const struct weir_program plain = {.sources = sources, .source_count = SOURCES, .sinks = sinks, .sink_count = 4};

static struct weir_program joined(const struct weir_source *changed, const struct weir_copartition *together)
{
    struct weir_program p = plain;
    p.sources = changed;
    p.copartitions = together;
    p.copartition_count = 1;
    return p;
}

static void expect(const struct weir_program *p, int32_t orders, int32_t users, const int32_t *want)
{
    int32_t counts[SOURCES] = {[ORDERS] = orders, [USERS] = users};
    partition_counts(p, counts);
    assert_int_equal(counts[A], want[0]);
    assert_int_equal(counts[B], want[1]);
    assert_int_equal(counts[C], want[2]);
    for (int k = 0; k < 3; k++)
        assert_int_equal(partition_count_of_sink(p, &sinks[k], counts), want[k]);
    assert_int_equal(partition_count_of_sink(p, &sinks[3], counts), want[2]);
}

static void as_what_writes_them(void **state)
{
    (void)state;
    expect(&plain, 3, 1, (int32_t[]){3, 3, 3});
    expect(&plain, 3, 8, (int32_t[]){3, 3, 8});
}

static void as_what_they_are_joined_with(void **state)
{
    (void)state;
    struct weir_copartition together = {"join", (const int[]){A, USERS}, 2};
    struct weir_program p = joined(sources, &together);
    expect(&p, 3, 8, (int32_t[]){8, 3, 8});
    expect(&p, 8, 3, (int32_t[]){3, 8, 8});
}

static void as_one_another(void **state)
{
    (void)state;
    struct weir_copartition together = {"join", (const int[]){A, C}, 2};
    struct weir_program p = joined(sources, &together);
    expect(&p, 3, 8, (int32_t[]){8, 3, 8});
}

static void as_the_program_says(void **state)
{
    (void)state;
    struct weir_source said[SOURCES];
    memcpy(said, sources, sizeof said);
    said[B].partitions = 5;
    struct weir_copartition together = {"join", (const int[]){A, B}, 2};
    struct weir_program p = joined(said, &together);
    expect(&p, 3, 1, (int32_t[]){5, 5, 5});
}

static void missing_topics(void **state)
{
    (void)state;
    struct weir_copartition together = {"join", (const int[]){ORDERS, USERS}, 2};
    struct weir_program p = joined(sources, &together);
    assert_int_equal(partition_count_beside(&p, USERS, (int32_t[SOURCES]){[ORDERS] = 4}), 4);
    assert_int_equal(partition_count_beside(&plain, USERS, (int32_t[SOURCES]){[ORDERS] = 4}), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_what_writes_them), cmocka_unit_test(as_what_they_are_joined_with),
        cmocka_unit_test(as_one_another),      cmocka_unit_test(as_the_program_says),
        cmocka_unit_test(missing_topics),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
