// Names of internal topics: from the program's own names, the same whatever is added elsewhere.
#include "plan_case.h"

static const char head[] =
    "app shop\n"
    "type Sale { id: string, region: string, customer: { city: string }, at: timestamp, n: int64 }\n"
    "fn area(region: string, n: int64) -> string = region\n"
    "stream sales from \"sales\" string => json Sale\n";

// TOPICS: the repartition topics in the program's order, separated by blanks.
static void expect(const char *flows, const char *topics)
{
    struct plan_case c;
    char text[4096], got[1024] = "";
    snprintf(text, sizeof text, "%s%s\n", head, flows);
    plan_case_open(&c, text);
    const struct program *program = c.topology->program;
    for (int i = 0; i < program->stages.count; i++) {
        const struct stage *stage = program->stages.items[i];
        if (stage->kind != STAGE_REPARTITION)
            continue;
        strncat(got, *got ? " " : "", sizeof got - strlen(got) - 1);
        strncat(got, stage->repartition->topic, sizeof got - strlen(got) - 1);
    }
    assert_string_equal(got, topics);
    plan_case_close(&c);
}

static void ends_a_named_flow(void **state)
{
    (void)state;
    expect("stream a = sales | repartition by region\na | to \"out\"", "a-repartition");
    expect("stream a = sales | filter n > 1 | repartition 4\na | to \"out\"", "a-repartition");
}

static void inside_a_flow(void **state)
{
    (void)state;
    expect("stream a = sales | repartition by region | map id\na | to \"out\"", "a-by-region-repartition");
    expect("sales | repartition by customer.city | to \"out\"", "sales-by-customer-city-repartition");
    expect("sales | repartition by area(region, n) | to \"out\"", "sales-by-area-region-n-repartition");
    expect("sales | repartition by lower(region) + \"-\" + id | to \"out\"", "sales-by-lower-region-_-id-repartition");
    expect("sales | repartition | to \"out\"", "sales-repartition");
}

static void key_made_before(void **state)
{
    (void)state;
    expect("sales | key by region | filter n > 1 | repartition | to \"out\"", "sales-by-region-repartition");
    expect("stream a = sales | key by region\na | repartition | to \"out\"", "a-by-region-repartition");
}

static void same_name_twice(void **state)
{
    (void)state;
    expect("sales | repartition by id | to \"one\"\nsales | repartition by id | to \"two\"",
           "sales-by-id-repartition sales-by-id-2-repartition");
}

static void stages_added_elsewhere(void **state)
{
    (void)state;
    expect("stream b = sales | repartition by id\nstream a = sales | filter n > 1 | let x = n | repartition by region "
           "| map id\n"
           "a | to \"out\"\nb | map id | log value",
           "b-repartition a-by-region-repartition");
}

static void names_that_are_too_long(void **state)
{
    (void)state;
    expect("sales | repartition by region + \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\" "
           "| to \"out\"",
           "sales-repartition");
}

static void c_names(void **state)
{
    (void)state;
    struct plan_case c;
    char text[4096];
    snprintf(text, sizeof text, "%s%s\n", head,
             "sales | to \"a-b\"\nsales | filter n > 1 | to \"a.b\"\nsales | filter n > 2 | to \"1\"");
    plan_case_open(&c, text);
    assert_int_equal(c.plan->sinks.count, 3);
    assert_string_equal(c.plan->sinks.items[0]->name, "a_b");
    assert_string_equal(c.plan->sinks.items[1]->name, "a_b_2");
    assert_string_equal(c.plan->sinks.items[2]->name, "_1");
    plan_case_close(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ends_a_named_flow),
        cmocka_unit_test(inside_a_flow),
        cmocka_unit_test(key_made_before),
        cmocka_unit_test(same_name_twice),
        cmocka_unit_test(stages_added_elsewhere),
        cmocka_unit_test(names_that_are_too_long),
        cmocka_unit_test(c_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
