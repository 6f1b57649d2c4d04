// Records that cannot be decoded or evaluated.
#include "core_program.h"

static const struct weir_source typed_source[] = {
    {.name = "numbers",
     .topics = core_orders,
     .topic_count = 1,
     .key = &weir_serde_int32,
     .value = &core_json,
     .process = core_process},
};

static const struct weir_sink typed_sink[] = {
    {.name = "out", .topic = "out", .key = &weir_serde_int32, .value = &core_json},
};

static const struct weir_program typed = {
    .abi = WEIR_ABI,
    .app = "typed",
    .file = "typed.weir",
    .sources = typed_source,
    .source_count = 1,
    .sinks = typed_sink,
    .sink_count = 1,
};

static void three_orders(void)
{
    core_append("topics/orders.jsonl",
                "{\"key\":\"a\",\"value\":1,\"timestamp\":1}\n"
                "{\"key\":\"b\",\"value\":{\"is\":\"bad\"},\"timestamp\":2,\"headers\":{\"h\":\"1\"}}\n"
                "{\"key\":\"c\",\"value\":3,\"timestamp\":3}\n");
}

static void fail_stops_before_the_record(void **state)
{
    (void)state;
    three_orders();
    assert_int_equal(core_run(&core_program, "--local", "topics", "-e"), 1);
    core_expect("topics/out.jsonl", "{\"key\":\"a\",\"value\":1,\"timestamp\":1}\n");
    core_expect_part(
        "err", "core: bad record: topic `orders`, partition 0, offset 1 (topics/orders.jsonl:2), source `orders`\n"
               "  cause: conversion: this is a bad value\n"
               "  key:   \"b\"\n"
               "  value: {\"is\":\"bad\"}\n"
               "  stopped here: bad_records is `fail`");
    core_expect_part("err", "core: 1 bad record: 1 conversion\n");
    assert_int_equal(core_run(&core_program, "--local", "topics", "-e", "--set", "bad_records=skip"), 0);
    core_expect("topics/out.jsonl",
                "{\"key\":\"a\",\"value\":1,\"timestamp\":1}\n{\"key\":\"c\",\"value\":3,\"timestamp\":3}\n");
}

static void dead_letter_has_it_as_it_came(void **state)
{
    (void)state;
    three_orders();
    assert_int_equal(core_run(&core_program, "--local", "topics", "-e", "--set", "bad_records=dead_letter \"dlq\""), 0);
    core_expect("topics/out.jsonl",
                "{\"key\":\"a\",\"value\":1,\"timestamp\":1}\n{\"key\":\"c\",\"value\":3,\"timestamp\":3}\n");
    core_expect(
        "topics/dlq.jsonl",
        "{\"key\":\"b\",\"value\":{\"is\":\"bad\"},\"timestamp\":2,\"headers\":{\"h\":\"1\","
        "\"__streams.errors.exception\":\"conversion: this is a bad value\",\"__streams.errors.message\":\"this is a "
        "bad value\","
        "\"__streams.errors.stacktrace\":\"app core, source orders (core.weir)\",\"__streams.errors.topic\":\"orders\","
        "\"__streams.errors.partition\":\"0\",\"__streams.errors.offset\":\"1\"}}\n");
}

static void lines_that_are_no_records(void **state)
{
    (void)state;
    core_append("topics/orders.jsonl", "{\"key\":1,\"value\":1,\"timestamp\":1}\n"
                                       "oops\n"
                                       "{\"key\":\"text\",\"value\":2,\"timestamp\":2}\n"
                                       "{\"key\":2147483648,\"value\":2,\"timestamp\":2}\n"
                                       "{\"key\":1,\"value\":{\"a\":},\"timestamp\":2}\n"
                                       "[]\n"
                                       "{\"key\":4,\"value\":4,\"timestamp\":4,\"partition\":-1}\n"
                                       "{\"key\":5,\"value\":5,\"timestamp\":5} \n"
                                       "\xff\xfe\n");
    assert_int_equal(core_run(&typed, "--local", "topics", "-e", "--set", "bad_records=dead_letter:dlq"), 0);
    core_expect("topics/out.jsonl",
                "{\"key\":1,\"value\":1,\"timestamp\":1}\n{\"key\":5,\"value\":5,\"timestamp\":5}\n");
    core_expect_part("topics/dlq.jsonl", "{\"key\":null,\"value\":\"oops\",\"timestamp\":1,");
    core_expect_part("topics/dlq.jsonl", "{\"key\":\"text\",\"value\":2,\"timestamp\":2,");
    core_expect_part("topics/dlq.jsonl",
                     "{\"key\":null,\"value\":\"{\\\"key\\\":1,\\\"value\\\":{\\\"a\\\":},\\\"timestamp\\\":2}\",");
    core_expect_part("topics/dlq.jsonl", "\"value\":{\"base64\":\"//4=\"}");
    core_expect_part(
        "err",
        "orders.jsonl:2), source `numbers`\n  cause: decode: not a record: expected an object, found `o` at byte 0");
    core_expect_part("err", "orders.jsonl:3), source `numbers`\n  cause: decode: key: expected");
    core_expect_part("err", "typed: 7 bad records: 7 decode");
}

static void bad_behind_a_repartition_topic(void **state)
{
    (void)state;
    core_append("topics/orders.jsonl", "{\"value\":1,\"timestamp\":1}\n{\"value\":\"again worse\",\"timestamp\":2}\n");
    assert_int_equal(core_run(&core_program, "--local", "topics", "-e"), 1);
    core_expect_part("err",
                     "topic `again`, partition 0, offset 0, source `again`\n  cause: division: worse on the far side");
    // It was not committed: the next run meets it again.
    assert_int_equal(core_run(&core_program, "--local", "topics", "-e"), 1);
    core_expect_part("err", "worse on the far side");
    core_expect("topics/out.jsonl", "{\"key\":null,\"value\":1,\"timestamp\":1}\n");
}

static void many_are_counted_not_shown(void **state)
{
    (void)state;
    for (int i = 0; i < 500; i++)
        core_append("topics/orders.jsonl", "{\"value\":\"bad\",\"timestamp\":1}\n");
    assert_int_equal(core_run(&core_program, "--local", "topics", "-e", "--set", "bad_records=skip"), 0);
    char *err = core_read("err");
    int shown = 0;
    for (char *p = err; (p = strstr(p, "core: bad record:")); p++)
        shown++;
    free(err);
    assert_int_equal(shown, 10);
    core_expect_part("err", "core: 500 bad records: 500 conversion");
}

static void long_values_are_cut(void **state)
{
    (void)state;
    core_append("topics/orders.jsonl", "{\"value\":\"bad ");
    for (int i = 0; i < 3000; i++)
        core_append("topics/orders.jsonl", "\xc3\xa4");
    core_append("topics/orders.jsonl", "\",\"timestamp\":1}\n");
    assert_int_equal(core_run(&core_program, "--local", "topics", "-e"), 1);
    core_expect_part("err", "\xc3\xa4... (6006 bytes in all)\n");
}

static void reports_as_json(void **state)
{
    (void)state;
    three_orders();
    assert_int_equal(
        core_run(&core_program, "--local", "topics", "-e", "--json", "--stats", "--set", "bad_records=skip"), 0);
    core_expect_part(
        "err",
        "\"level\":\"warning\",\"app\":\"core\",\"event\":\"bad_record\",\"source\":\"orders\",\"topic\":\"orders\","
        "\"partition\":0,\"offset\":1,"
        "\"place\":\"topics/orders.jsonl:2\",\"cause\":\"conversion\",\"message\":\"this is a bad "
        "value\",\"key\":\"b\","
        "\"value\":{\"is\":\"bad\"},\"policy\":\"skip\"}\n");
    core_expect_part("err", "\"records_in\":3,\"records_out\":2,");
    core_expect_part("err", "\"bad\":1,\"bad_by_cause\":{\"conversion\":1}}\n");
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, core_setup, core_teardown)
    const struct CMUnitTest tests[] = {
        CASE(fail_stops_before_the_record),
        CASE(dead_letter_has_it_as_it_came),
        CASE(lines_that_are_no_records),
        CASE(bad_behind_a_repartition_topic),
        CASE(many_are_counted_not_shown),
        CASE(long_values_are_cut),
        CASE(reports_as_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
