// Partitions, patterns and late files of topics as files, and swaps of programs while they are followed.
#include <pthread.h>

#include "core_program.h"

#include "partition.h"

// What comes in goes out with the source, partition and offset that it had.
static void report(struct weir_ctx *w)
{
    const struct weir_record *r = w->record;
    char *text = weir_alloc(w, 512);
    int n = snprintf(text, 512, "\"%.*s/%d@%lld %.*s\"", (int)r->topic.n, r->topic.p, (int)r->partition,
                     (long long)r->offset, (int)(r->value.n - 2), r->value.p + 1);
    struct weir_out out = {.sink = 0, .key = r->key, .value = {text, (size_t)n}, .timestamp = r->timestamp};
    weir_send(w, &out);
}

static const char *const three[] = {"three"};
static const char *const logs[] = {"logs-.*"};
static const char *const late[] = {"late"};

static const struct weir_source sources[] = {
    {.name = "three",
     .topics = three,
     .topic_count = 1,
     .partitions = 3,
     .key = &weir_serde_string,
     .value = &core_json,
     .process = report},
    {.name = "logs",
     .topics = logs,
     .topic_count = 1,
     .pattern = true,
     .subtopology = 1,
     .key = &weir_serde_string,
     .value = &core_json,
     .process = report},
    {.name = "late",
     .topics = late,
     .topic_count = 1,
     .latest = true,
     .subtopology = 2,
     .key = &weir_serde_string,
     .value = &core_json,
     .process = report},
};
static const struct weir_sink sinks[] = {
    {.name = "out", .topic = "out", .key = &weir_serde_string, .value = &core_json}};

static const struct weir_program topics_program = {
    .abi = WEIR_ABI,
    .app = "topics",
    .file = "t.weir",
    .sources = sources,
    .source_count = 3,
    .sinks = sinks,
    .sink_count = 1,
};

static void as_kafka_partitions(void **state)
{
    (void)state;
    // From the test of Kafka's own murmur2 (UtilsTest).
    assert_int_equal((int32_t)partition_murmur2(WEIR_STR("21")), -973932308);
    assert_int_equal((int32_t)partition_murmur2(WEIR_STR("foobar")), -790332482);
    assert_int_equal((int32_t)partition_murmur2(WEIR_STR("a-little-bit-long-string")), -985981536);
    assert_int_equal((int32_t)partition_murmur2(WEIR_STR("a-little-bit-longer-string")), -1486304829);
    assert_int_equal((int32_t)partition_murmur2(WEIR_STR("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8")),
                     -58897971);
    assert_int_equal((int32_t)partition_murmur2(WEIR_STR("abc")), 479470107);
}

static void windowed_keys_go_where_their_inner_keys_go(void **state)
{
    (void)state;
    struct weir_serde serde = {.name = "windowed", .window = WEIR_TIME_WINDOWS};
    const char bytes[] = "foobar\0\0\1\2\3\4\5\6\0\0\1\2\3\4\5\7";
    int32_t inner = partition_of_key(WEIR_STR("foobar"), 97);
    assert_int_equal(partition_of_serde(&serde, (struct weir_str){bytes, 14}, 97), inner);
    serde.window = WEIR_SLIDING_WINDOWS;
    assert_int_equal(partition_of_serde(&serde, (struct weir_str){bytes, 14}, 97), inner);
    serde.window = WEIR_SESSION_WINDOWS;
    assert_int_equal(partition_of_serde(&serde, (struct weir_str){bytes, 22}, 97), inner);
    assert_int_equal(partition_of_serde(&weir_serde_string, WEIR_STR("foobar"), 97), inner);
    // Too short to be one: as it is.
    assert_int_equal(partition_of_serde(&serde, WEIR_STR("foobar"), 97), inner);
}

static void partitions_by_key_and_timestamp(void **state)
{
    (void)state;
    // Keys a, b, d are in partitions 1, 2, 2 of 3: each line waits for the smaller timestamps of other partitions.
    core_append("topics/three.jsonl",
                "{\"key\":\"a\",\"value\":\"5\",\"timestamp\":5}\n{\"key\":\"a\",\"value\":\"6\",\"timestamp\":6}\n"
                "{\"key\":\"b\",\"value\":\"3\",\"timestamp\":3}\n{\"key\":\"a\",\"value\":\"1\",\"timestamp\":1}\n"
                "{\"key\":\"d\",\"value\":\"9\",\"timestamp\":9}\n"
                "{\"key\":\"a\",\"value\":\"7\",\"timestamp\":7,\"partition\":0}\n"
                "{\"key\":\"a\",\"value\":\"x\",\"timestamp\":7,\"partition\":3}\n");
    assert_int_equal(core_run(&topics_program, "--local", "topics", "-e", "--set", "bad_records=skip"), 0);
    char *out = core_read("topics/out.jsonl");
    int a = partition_of_key(WEIR_STR("a"), 3), b = partition_of_key(WEIR_STR("b"), 3),
        d = partition_of_key(WEIR_STR("d"), 3);
    assert_true(a != b && b == d && a != 0 && b != 0);
    char expected[1024];
    snprintf(expected, sizeof expected,
             "{\"key\":\"b\",\"value\":\"three/%d@2 3\",\"timestamp\":3}\n{\"key\":\"a\",\"value\":\"three/%d@0 "
             "5\",\"timestamp\":5}\n"
             "{\"key\":\"a\",\"value\":\"three/%d@1 6\",\"timestamp\":6}\n{\"key\":\"a\",\"value\":\"three/%d@3 "
             "1\",\"timestamp\":1}\n"
             "{\"key\":\"a\",\"value\":\"three/0@5 7\",\"timestamp\":7}\n{\"key\":\"d\",\"value\":\"three/%d@4 "
             "9\",\"timestamp\":9}\n",
             b, a, a, a, d);
    assert_string_equal(out, expected);
    free(out);
    core_expect_part("err", "partition 3 does not exist: source `three` says that there are 3");
}

static void ignore(struct weir_ctx *w)
{
    (void)w;
}

// A topic that the program writes and reads: its source says how many partitions it has, and reads what was written in the same run.
static void output_says_its_partition(void **state)
{
    (void)state;
    struct weir_source both[] = {core_sources[0], sources[0]};
    struct weir_sink to_three = sinks[0];
    struct weir_program p = topics_program;
    to_three.topic = "three";
    both[1].process = ignore;
    p.sources = both;
    p.source_count = 2;
    p.sinks = &to_three;
    core_append("topics/orders.jsonl", "{\"key\":\"a\",\"value\":1,\"timestamp\":1}\n");
    assert_int_equal(core_run(&p, "--local", "topics", "-e", "--stats"), 0);
    char expected[128];
    snprintf(expected, sizeof expected, "{\"key\":\"a\",\"value\":1,\"timestamp\":1,\"partition\":%d}\n",
             partition_of_key(WEIR_STR("a"), 3));
    core_expect("topics/three.jsonl", expected);
    core_expect_part("err", "topics: in 2 (");
}

static void patterns_and_late_files(void **state)
{
    (void)state;
    core_append("topics/logs-b.jsonl", "{\"key\":null,\"value\":\"b\",\"timestamp\":1}\n");
    core_append("topics/logs-a.jsonl", "{\"key\":null,\"value\":\"a\",\"timestamp\":1}\n");
    core_append("topics/xlogs-a.jsonl", "{\"key\":null,\"value\":\"no\",\"timestamp\":0}\n");
    core_append("topics/logs-c.json", "{\"key\":null,\"value\":\"no\",\"timestamp\":0}\n");
    core_append("topics/late.jsonl", "{\"key\":null,\"value\":\"too early\",\"timestamp\":1}\n{\"key\":null,");
    pid_t run = core_spawn(&topics_program, "--local", "topics", "--set", "commit=1ms");
    core_await("topics/out.jsonl", "\"logs-b/0@0 b\"");
    core_append("topics/late.jsonl", "\"value\":\"in time\",\"timestamp\":1}\n");
    core_await("topics/out.jsonl", "\"late/0@1 in time\"");
    core_append("topics/logs-0.jsonl", "{\"key\":null,\"value\":\"new\",\"timestamp\":1}\n");
    core_await("topics/out.jsonl", "\"logs-0/0@0 new\"");
    // A file that is cut is read again; one that is put in its place by an editor goes on.
    core_append("logs-b",
                "{\"key\":null,\"value\":\"b\",\"timestamp\":1}\n{\"key\":null,\"value\":\"more\",\"timestamp\":1}\n");
    assert_int_equal(rename("logs-b", "topics/logs-b.jsonl"), 0);
    core_await("topics/out.jsonl", "\"logs-b/0@1 more\"");
    assert_int_equal(truncate("topics/logs-a.jsonl", 0), 0);
    core_append("topics/logs-a.jsonl", "{\"value\":\"c\",\"timestamp\":9}\n");
    core_await("topics/out.jsonl", "\"logs-a/0@0 c\"");
    core_expect_part("err", "topics/logs-a.jsonl is shorter than it was: it is read from its beginning");
    kill(run, SIGINT);
    assert_int_equal(core_end(run), 0);
    char *out = core_read("topics/out.jsonl");
    assert_ptr_equal(strstr(out, "no"), NULL);
    assert_ptr_equal(strstr(out, "early"), NULL);
    assert_true(strstr(out, "logs-a/0@0 a") < strstr(out, "logs-b/0@0 b"));
    free(out);
}

// Each record goes to all sources of its topic before the next does.
static void two_sources_of_one_topic(void **state)
{
    (void)state;
    struct weir_source both[] = {sources[0], sources[0], sources[1]};
    struct weir_program p = topics_program;
    both[1].name = "again";
    both[2].process = ignore;
    p.sources = both;
    core_append("topics/three.jsonl", "{\"value\":\"a\",\"timestamp\":1}\n{\"value\":\"b\",\"timestamp\":0}\n");
    assert_int_equal(core_run(&p, "--local", "topics", "-e"), 0);
    const char *expected = "{\"key\":null,\"value\":\"three/0@0 "
                           "a\",\"timestamp\":1}\n{\"key\":null,\"value\":\"three/0@0 a\",\"timestamp\":1}\n"
                           "{\"key\":null,\"value\":\"three/0@1 "
                           "b\",\"timestamp\":0}\n{\"key\":null,\"value\":\"three/0@1 b\",\"timestamp\":0}\n";
    core_expect("topics/out.jsonl", expected);
    core_append("feed", "{\"topic\":\"three\",\"value\":\"a\",\"timestamp\":1}\n{\"topic\":\"three\",\"value\":\"b\","
                        "\"timestamp\":0}\n");
    assert_int_equal(core_run(&p, "--feed", "feed", "--out", "out=-", "-e"), 0);
    core_expect("stdout", expected);
}

// ---- swaps ----

static void to_upper(struct weir_ctx *w)
{
    struct weir_out out = {
        .sink = 0, .key = w->record->key, .value = WEIR_STR("\"NEW\""), .timestamp = w->record->timestamp};
    weir_send(w, &out);
}

static void *go(void *rt)
{
    return (void *)(intptr_t)runtime_go(rt);
}

static void swaps_while_following(void **state)
{
    (void)state;
    struct weir_options options;
    const char *argv[] = {"--local", "topics"};
    options_init(&options, "swap");
    for (int i = 0; i < 2;)
        assert_int_equal(options_take(&options, 2, (char **)argv, &i), OPTIONS_TAKEN);
    struct weir_source newer[] = {sources[0], sources[1], sources[2]};
    struct weir_program next = topics_program, other = topics_program;
    newer[1].process = to_upper;
    next.sources = newer;
    other.source_count = 2; // not swappable: starts anew, behind what is committed
    other.sources = newer;
    core_append("topics/logs-a.jsonl", "{\"value\":\"a\",\"timestamp\":1}\n");
    struct runtime *rt = runtime_new(&topics_program, &options);
    pthread_t thread;
    void *exit;
    assert_int_equal(pthread_create(&thread, NULL, go, rt), 0);
    core_await("topics/out.jsonl", "logs-a/0@0 a");
    assert_true(runtime_swap(rt, &next));
    core_append("topics/logs-a.jsonl", "{\"value\":\"b\",\"timestamp\":2}\n");
    core_await("topics/out.jsonl", "{\"key\":null,\"value\":\"NEW\",\"timestamp\":2}\n");
    assert_true(runtime_swap(rt, &other));
    core_append("topics/logs-a.jsonl", "{\"value\":\"c\",\"timestamp\":3}\n");
    core_await("topics/out.jsonl", "\"timestamp\":3}\n");
    runtime_stop(rt);
    pthread_join(thread, &exit);
    assert_int_equal((intptr_t)exit, 0);
    runtime_free(rt);
    options_free(&options);
    core_expect(
        "topics/out.jsonl",
        "{\"key\":null,\"value\":\"logs-a/0@0 a\",\"timestamp\":1}\n{\"key\":null,\"value\":\"NEW\",\"timestamp\":2}\n"
        "{\"key\":null,\"value\":\"NEW\",\"timestamp\":3}\n");
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, core_setup, core_teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_kafka_partitions), cmocka_unit_test(windowed_keys_go_where_their_inner_keys_go),
        CASE(partitions_by_key_and_timestamp), CASE(output_says_its_partition),
        CASE(patterns_and_late_files),         CASE(two_sources_of_one_topic),
        CASE(swaps_while_following),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
