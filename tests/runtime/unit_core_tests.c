// `weir test`: steps, differences, bad records, results.
#include "core_program.h"

#include "test_run.h"

enum { ORDERS, PAYMENTS };

#define RECORD(at, k, v) (&(struct weir_test_record){.line = (at), .key = k, .value = v})
#define S(text) WEIR_STR(text)
#define NONE WEIR_NULL_STR

static void tapped(struct weir_ctx *w)
{
    weir_tap(w, 0, WEIR_NULL_STR, w->record->value);
    core_process(w);
}

static void passes(struct weir_ctx *w)
{
    weir_test_feed(w, ORDERS, RECORD(2, S("\"a\""), S("{\"n\":1.50,\"s\":\"\\u0041\",\"l\":[]}")));
    weir_test_feed(w, PAYMENTS, RECORD(3, NONE, NONE));
    weir_test_expect_topic(w, "out", RECORD(4, S("\"a\""), S("{\"s\":\"A\", \"l\": [ ], \"n\":1.5}")));
    weir_test_expect_tap(w, 0, RECORD(5, NONE, S("{\"n\":1.5,\"s\":\"A\",\"l\":[]}")));
    weir_test_expect_topic(w, "out", RECORD(6, NONE, NONE));
    weir_test_nothing_topic(w, "out", 7);
    weir_test_nothing_topic(w, "never", 8);
    weir_test_feed(w, ORDERS, RECORD(9, NONE, S("\"again\"")));
    weir_test_expect_topic(w, "out", RECORD(10, S("\"again\""), S("\"again\"")));
    weir_test_feed(w, ORDERS, RECORD(11, NONE, S("\"bad\"")));
    weir_test_bad(w, ORDERS, S("conversion: this is a bad"), 12);
    weir_test_nothing_topic(w, "out", 13);
    weir_test_expect_tap(w, 0, RECORD(14, NONE, S("\"again\"")));
    weir_test_nothing_tap(w, 0, 15);
    weir_test_feed(w, ORDERS, RECORD(16, S("17"), NONE));
    weir_test_bad(w, -1, S("expected a string"), 17);
    weir_test_advance(w, 90);
    weir_test_feed(w, PAYMENTS, RECORD(18, NONE, S("\"clock\"")));
    weir_test_expect_topic(w, "out", RECORD(19, NONE, S("\"clock\"")));
    weir_test_expect_topic(w, "out", RECORD(20, NONE, S("1704067200090")));
}

static void differs(struct weir_ctx *w)
{
    weir_test_feed(w, ORDERS,
                   RECORD(2, S("\"a\""), S("{\"total\":10.00,\"items\":[{\"id\":1},{\"id\":2}],\"same\":true}")));
    weir_test_expect_topic(
        w, "out", RECORD(3, S("\"b\""), S("{\"total\":12.5,\"items\":[{\"id\":1}],\"same\":true,\"more\":null}")));
    weir_test_expect_topic(w, "out", RECORD(4, S("not reached"), NONE));
}

static void too_few(struct weir_ctx *w)
{
    weir_test_expect_tap(w, 0, RECORD(2, S("\"k\""), S("1")));
}

static void too_many(struct weir_ctx *w)
{
    weir_test_feed(w, ORDERS, RECORD(2, S("\"a\""), S("1")));
    weir_test_feed(w, ORDERS, RECORD(3, S("\"b\""), S("2")));
    weir_test_nothing_topic(w, "out", 4);
}

static void bad_not_expected(struct weir_ctx *w)
{
    weir_test_feed(w, ORDERS, RECORD(2, NONE, S("\"bad\"")));
    weir_test_feed(w, ORDERS, RECORD(3, NONE, S("1")));
}

static void bad_at_the_end(struct weir_ctx *w)
{
    weir_test_feed(w, ORDERS, RECORD(2, NONE, S("\"again worse\"")));
}

static void good_but_bad_expected(struct weir_ctx *w)
{
    weir_test_feed(w, ORDERS, RECORD(2, NONE, S("1")));
    weir_test_bad(w, ORDERS, S("x"), 3);
}

static void bad_for_another_reason(struct weir_ctx *w)
{
    weir_test_feed(w, ORDERS, RECORD(2, NONE, S("\"bad\"")));
    weir_test_bad(w, ORDERS, S("overflow"), 3);
}

static const struct weir_test tests_of_program[] = {
    {"all is well", "t.weir", 1, passes},
    {"a record differs", "t.weir", 1, differs},
    {"too few", "t.weir", 1, too_few},
    {"too many", "t.weir", 1, too_many},
    {"bad, not expected", "t.weir", 1, bad_not_expected},
    {"bad at the end", "t.weir", 1, bad_at_the_end},
    {"good, but bad expected", "t.weir", 1, good_but_bad_expected},
    {"bad for another reason", "t.weir", 1, bad_for_another_reason},
};

static const struct weir_tap taps[] = {{"paid"}};

static struct weir_program program;
static struct weir_source program_sources[3];

// Runs the tests that FILTER names, with standard output in the file `stdout`.
static int run(const char *filter, struct test_options options)
{
    memcpy(program_sources, core_sources, sizeof program_sources);
    program_sources[0].process = tapped;
    program = core_program;
    program.sources = program_sources;
    program.tests = tests_of_program;
    program.test_count = sizeof tests_of_program / sizeof *tests_of_program;
    program.taps = taps;
    program.tap_count = 1;
    options.filters = &filter;
    options.filter_count = filter != NULL;
    fflush(NULL);
    pid_t child = fork();
    if (child > 0)
        return core_end(child);
    int out = open("stdout", O_WRONLY | O_CREAT | O_TRUNC, 0666);
    dup2(out, STDOUT_FILENO);
    int exit = runtime_test(&program, &options);
    fflush(NULL);
    _exit(exit);
}

static void a_passed_test(void **state)
{
    (void)state;
    int exit = run("ALL IS", (struct test_options){0});
    core_expect("stdout", "1 passed, 0 failed\n");
    assert_int_equal(exit, 0);
    assert_int_equal(run("all is", (struct test_options){.verbose = true}), 0);
    core_expect("stdout", "ok   all is well\n1 passed, 0 failed\n");
}

static void a_difference(void **state)
{
    (void)state;
    assert_int_equal(run("a record", (struct test_options){0}), 1);
    core_expect("stdout", "FAIL a record differs (t.weir:1)\n"
                          "  t.weir:3: `out` emitted another record\n"
                          "    expected  \"b\" => {\"total\":12.5,\"items\":[{\"id\":1}],\"same\":true,\"more\":null}\n"
                          "    actual    \"a\" => {\"total\":10.00,\"items\":[{\"id\":1},{\"id\":2}],\"same\":true}\n"
                          "                    expected   actual\n"
                          "    > key           \"b\"        \"a\"\n"
                          "    > total         12.5       10.00\n"
                          "      items[0].id   1          1\n"
                          "    > items[1]      (none)     {\"id\":2}\n"
                          "      same          true       true\n"
                          "    > more          null       (none)\n"
                          "0 passed, 1 failed\n");
}

static void other_failures(void **state)
{
    (void)state;
    assert_int_equal(run(NULL, (struct test_options){0}), 1);
    core_expect_part(
        "stdout", "FAIL too few (t.weir:1)\n  t.weir:2: `paid` emitted nothing more\n    expected  \"k\" => 1\nFAIL");
    core_expect_part(
        "stdout",
        "  t.weir:4: nothing more was expected, but `out` emitted 2 records\n    \"a\" => 1\n    \"b\" => 2\n");
    core_expect_part(
        "stdout",
        "FAIL bad, not expected (t.weir:1)\n  t.weir:2: this record is bad: conversion: this is a bad value\nFAIL");
    core_expect_part(
        "stdout", "FAIL bad at the end (t.weir:1)\n  t.weir:2: this record is bad: division: worse on the far side\n");
    core_expect_part("stdout", "  t.weir:3: a bad record was expected, but the last one is good\n");
    core_expect_part("stdout", "  t.weir:3: the record is bad, but for another reason\n    expected  overflow\n"
                               "    actual    conversion: this is a bad value\n");
    core_expect_part("stdout", "\n1 passed, 7 failed\n");
}

static void as_json(void **state)
{
    (void)state;
    assert_int_equal(run("too few", (struct test_options){.json = true}), 1);
    core_expect("stdout", "{\"test\":\"too few\",\"file\":\"t.weir\",\"line\":1,\"status\":\"failed\",\"message\":\"  "
                          "t.weir:2: `paid` emitted "
                          "nothing more\\n    expected  \\\"k\\\" => 1\\n\"}\n{\"passed\":0,\"failed\":1}\n");
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, core_setup, core_teardown)
    const struct CMUnitTest tests[] = {CASE(a_passed_test), CASE(a_difference), CASE(other_failures), CASE(as_json)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
