// Timers: when they fire, what they send, and what becomes of it when they fail.
#include "core_program.h"

#include <pthread.h>

enum { OUT, AGAIN, TICKS = 0 };

static bool spoiled; // by a record: the next timer is bad

static void send_number(struct weir_ctx *w, int sink, const char *key, int64_t number, int64_t timestamp)
{
    char *text = weir_alloc(w, 32);
    struct weir_str value = {text, (size_t)snprintf(text, 32, "%lld", (long long)number)};
    struct weir_out out = {
        .sink = sink, .key = {key, strlen(key)}, .value = value, .timestamp = timestamp, .headers = w->record->headers};
    out.header_count = w->record->header_count;
    weir_send(w, &out);
}

static void on_tick(struct weir_ctx *w)
{
    const struct weir_record *r = w->record;
    weir_stream_time(w, r->timestamp);
    if (core_holds(r->value, "header")) {
        weir_header_set(w, WEIR_STR("h"), WEIR_STR("1"));
        weir_header_set(w, WEIR_STR("h"), WEIR_STR("2"));
        weir_header_set(w, WEIR_STR("gone"), WEIR_NULL_STR);
    }
    if (core_holds(r->value, "commit"))
        weir_commit(w);
    if (core_holds(r->value, "spoil"))
        spoiled = true;
    send_number(w, OUT, "tick", r->timestamp, r->timestamp);
    w->record = r;
    if (core_holds(r->value, "bad"))
        weir_fail(w, WEIR_BAD_USER, "a bad tick");
}

static void on_far(struct weir_ctx *w)
{
    weir_stream_time(w, w->record->timestamp);
    send_number(w, OUT, "far", w->record->timestamp, w->record->timestamp);
}

static void fire(struct weir_ctx *w, const char *key, int64_t timestamp)
{
    if (w->record->topic.p || w->record->header_count || w->record->key.p || w->record->timestamp != timestamp)
        weir_fail(w, WEIR_BAD_USER, "the record of a timer is not empty");
    weir_tap(w, 0, WEIR_NULL_STR, WEIR_STR("0"));
    send_number(w, OUT, key, timestamp, timestamp);
    if (spoiled)
        weir_fail(w, WEIR_BAD_USER, "a bad timer");
    spoiled = false;
}

static void by_stream(struct weir_ctx *w, int64_t timestamp)
{
    fire(w, "stream", timestamp);
}

static void by_slow_stream(struct weir_ctx *w, int64_t timestamp)
{
    fire(w, "slow", timestamp);
    send_number(w, AGAIN, "again", timestamp, timestamp);
}

static void by_wall(struct weir_ctx *w, int64_t timestamp)
{
    fire(w, "wall", timestamp);
}

static void by_quick_wall(struct weir_ctx *w, int64_t timestamp)
{
    fire(w, "quick", timestamp);
    send_number(w, AGAIN, "again", timestamp, timestamp);
}

static void by_far_stream(struct weir_ctx *w, int64_t timestamp)
{
    fire(w, "far stream", timestamp);
}

static const char *const ticks[] = {"ticks"};
static const struct weir_source sources[] = {
    {.name = "ticks",
     .topics = ticks,
     .topic_count = 1,
     .key = &weir_serde_string,
     .value = &core_json,
     .process = on_tick},
    {.name = "again",
     .topics = core_again,
     .topic_count = 1,
     .internal = true,
     .subtopology = 1,
     .key = &weir_serde_string,
     .value = &core_json,
     .process = on_far},
};
static const struct weir_sink sinks[] = {
    {.name = "out", .topic = "out", .key = &weir_serde_string, .value = &core_json},
    {.name = "again", .topic = "again", .internal = true, .key = &weir_serde_string, .value = &core_json},
};
static const struct weir_tap taps[] = {{"fired"}};

#define PROGRAM \
    .abi = WEIR_ABI, .file = "timers.weir", .sources = sources, .source_count = 2, .sinks = sinks, .sink_count = 2
#define TIMERS(list) .timers = list, .timer_count = sizeof list / sizeof *list

static const struct weir_timer stream_timers[] = {
    {.name = "s every 30s stream", .every = 30000, .fire = by_slow_stream},
    {.name = "s every 10s stream", .every = 10000, .fire = by_stream},
    {.name = "far every 1s stream", .subtopology = 1, .every = 1000, .fire = by_far_stream},
};
static const struct weir_program by_stream_time = {PROGRAM, .app = "stream", TIMERS(stream_timers)};

static const struct weir_timer wall_timers[] = {
    {.name = "w every 20s wall", .every = 20000, .wall = true, .fire = by_wall},
    {.name = "w every 10s wall", .every = 10000, .wall = true, .fire = by_quick_wall},
};
static const struct weir_program by_clock = {PROGRAM, .app = "wall", TIMERS(wall_timers)};

static const struct weir_timer fast_timers[] = {
    {.name = "f every 20ms wall", .every = 20, .wall = true, .fire = by_wall}};
static const struct weir_program fast = {PROGRAM, .app = "fast", TIMERS(fast_timers)};

static void tick(int64_t timestamp, const char *value)
{
    char line[200];
    snprintf(line, sizeof line, "{\"key\":\"k\",\"value\":\"%s\",\"timestamp\":%lld,\"headers\":{\"gone\":\"x\"}}\n",
             value, (long long)timestamp);
    core_append("topics/ticks.jsonl", line);
}

// The keys and numbers of what came out.
static void expect_out(const char *expected)
{
    char *text = core_read("topics/out.jsonl"), seen[4000] = "", key[40];
    long long number;
    for (char *line = text; line && *line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
        if (sscanf(line, "{\"key\":\"%39[^\"]\",\"value\":%lld", key, &number) == 2)
            snprintf(seen + strlen(seen), sizeof seen - strlen(seen), "%s %lld\n", key, number);
    }
    assert_string_equal(seen, expected);
    free(text);
}

#define RUN(program, ...) core_run(&(program), "--local", "topics", "-e", __VA_ARGS__)

// As soon as stream time is known, then behind the record that moves it past the next multiple; what was missed in one call; the one that is due first goes
// first, and before what records, or timers, sent through repartition topics.
static void stream_time(void **state)
{
    (void)state;
    tick(5000, "");
    tick(9999, "");
    tick(10000, "");
    tick(10000, "");
    tick(47000, "");
    tick(46000, "");
    tick(50000, "bad");
    assert_int_equal(RUN(by_stream_time, "--set", "bad_records=skip"), 0);
    expect_out("tick 5000\nslow 5000\nstream 5000\nfar 5000\nfar stream 5000\ntick 9999\ntick 10000\nstream "
               "10000\ntick 10000\n"
               "tick 47000\nstream 47000\nslow 47000\nfar 47000\nfar stream 47000\ntick 46000\nstream 50000\n");
}

// What time it was is committed: the first call comes at once.
static void stream_time_of_another_run(void **state)
{
    (void)state;
    tick(12000, "");
    assert_int_equal(RUN(by_stream_time, "--set", "threads=1"), 0);
    tick(3000, "");
    assert_int_equal(RUN(by_stream_time, "--set", "threads=1"), 0);
    expect_out(
        "tick 12000\nslow 12000\nstream 12000\nfar 12000\nfar stream 12000\ntick 3000\nslow 12000\nstream 12000\n"
        "far 12000\nfar stream 12000\n");
}

// With --clock record it goes on with the records; what is due comes before the record that moves it. Before the first it is not known.
static void clock_of_records(void **state)
{
    (void)state;
    tick(1000, "");
    tick(11000, "");
    tick(20999, "");
    tick(45000, "");
    tick(44000, "");
    assert_int_equal(RUN(by_clock, "--clock", "record"), 0);
    expect_out(
        "tick 1000\nquick 11000\nfar 11000\ntick 11000\ntick 20999\nwall 45000\nquick 45000\nfar 45000\ntick 45000\n"
        "tick 44000\n");
}

// No record comes at all.
static void clock_without_records(void **state)
{
    (void)state;
    pid_t child = core_spawn(&fast, "--local", "topics");
    core_await("topics/out.jsonl", "wall");
    kill(child, SIGTERM);
    assert_int_equal(core_end(child), 0);
}

static void a_bad_timer(void **state)
{
    (void)state;
    tick(5000, "spoil");
    tick(6000, "");
    tick(11000, "");
    assert_int_equal(RUN(by_stream_time, "--set", "bad_records=skip"), 0);
    expect_out("tick 5000\nstream 5000\ntick 6000\ntick 11000\nstream 11000\n");
    core_expect_part("err", "stream: bad record: timer `s every 30s stream`, partition 0, at 1970-01-01T00:00:05Z\n"
                            "  cause: user: a bad timer\n"
                            "  skipped\n");
    core_expect_part("err", "stream: 1 bad record: 1 user\n");
    assert_int_equal(RUN(by_stream_time, "--set", "bad_records=dead_letter dlq", "--reset", "--stats", "--json"), 0);
    core_expect_part("err",
                     "\"app\":\"stream\",\"event\":\"bad_record\",\"timer\":\"s every 30s stream\",\"partition\":0,"
                     "\"time\":5000,\"cause\":\"user\",\"message\":\"a bad timer\",\"policy\":\"skip\"}\n");
    core_expect("topics/dlq.jsonl", "");
}

// The record that it came behind is through, and all before it.
static void a_bad_timer_ends_the_run(void **state)
{
    (void)state;
    tick(5000, "spoil");
    tick(6000, "");
    assert_int_equal(RUN(by_stream_time, "--set", "threads=1"), 1);
    expect_out("tick 5000\n");
    core_expect_part("err", "stopped here: bad_records is `fail`");
    assert_int_equal(RUN(by_stream_time, "--set", "threads=1"), 0);
    expect_out("tick 5000\ntick 6000\nslow 6000\nstream 6000\nfar 6000\nfar stream 6000\n");
}

static void a_header_that_is_set(void **state)
{
    (void)state;
    tick(1, "header");
    tick(2, "");
    assert_int_equal(RUN(by_clock, "--set", "threads=1"), 0);
    core_expect("topics/out.jsonl", "{\"key\":\"tick\",\"value\":1,\"timestamp\":1,\"headers\":{\"h\":\"2\"}}\n"
                                    "{\"key\":\"tick\",\"value\":2,\"timestamp\":2,\"headers\":{\"gone\":\"x\"}}\n");
}

// The second run goes on behind the record that asked for it, and takes what came later once more; a bad one asks for nothing.
static void a_commit_that_is_asked_for(void **state)
{
    (void)state;
    tick(1, "");
    tick(2, "commit");
    pid_t child = core_spawn(&by_clock, "--local", "topics", "--set", "commit=1h", "--set", "bad_records=skip");
    core_await("topics/out.jsonl", "\"value\":2");
    tick(3, "commit bad");
    core_await("err", "a bad tick");
    tick(4, "");
    nanosleep(&(struct timespec){.tv_nsec = 200000000}, NULL);
    kill(child, SIGKILL);
    core_end(child);
    assert_int_equal(RUN(by_clock, "--set", "bad_records=skip"), 0);
    expect_out("tick 1\ntick 2\ntick 4\ntick 4\n");
}

// ---- in tests ----

#define TEST_EPOCH INT64_C(1704067200000)
#define S(text) WEIR_STR(text)

static void feed(struct weir_ctx *w, int line, struct weir_str value)
{
    weir_test_feed(w, TICKS, &(struct weir_test_record){.line = line, .key = S("\"k\""), .value = value});
}

static void expect(struct weir_ctx *w, int line, struct weir_str key, int64_t after)
{
    char *text = weir_alloc(w, 32);
    struct weir_str value = {text, (size_t)snprintf(text, 32, "%lld", (long long)(TEST_EPOCH + after))};
    weir_test_expect_topic(w, "out", &(struct weir_test_record){.line = line, .key = key, .value = value});
}

// Before the first record, too; through repartition topics; several in order; one call for what was missed.
static void advances(struct weir_ctx *w)
{
    weir_test_advance(w, 9999);
    weir_test_nothing_topic(w, "out", 2);
    weir_test_advance(w, 1);
    expect(w, 3, S("\"quick\""), 10000);
    expect(w, 4, S("\"far\""), 10000);
    weir_test_nothing_topic(w, "out", 5);
    weir_test_advance(w, 15000);
    expect(w, 6, S("\"wall\""), 25000);
    expect(w, 7, S("\"quick\""), 25000);
    expect(w, 8, S("\"far\""), 25000);
    weir_test_advance(w, 4999);
    weir_test_nothing_topic(w, "out", 9);
    weir_test_advance(w, 1);
    expect(w, 10, S("\"quick\""), 30000);
    expect(w, 11, S("\"far\""), 30000);
    feed(w, 12, S("\"x\""));
    expect(w, 13, S("\"tick\""), 30000);
    weir_test_nothing_topic(w, "out", 14);
    feed(w, 15, S("\"spoil\""));
    expect(w, 16, S("\"tick\""), 30000);
    weir_test_advance(w, 3000);
    weir_test_advance(w, 7000);
    weir_test_bad(w, -1, S("timer `w every 20s wall`: user: a bad timer"), 17);
    expect(w, 18, S("\"quick\""), 40000);
    expect(w, 18, S("\"far\""), 40000);
    weir_test_nothing_topic(w, "out", 18);
    for (int i = 0; i < 5; i++)
        weir_test_expect_tap(w, 0, &(struct weir_test_record){.line = 19, .value = S("0")});
    weir_test_nothing_tap(w, 0, 20);
}

static void bad_and_not_expected(struct weir_ctx *w)
{
    spoiled = true;
    weir_test_advance(w, 10000);
    feed(w, 3, S("\"x\""));
}

static const struct weir_test tests_of_program[] = {
    {"time goes on", "t.weir", 1, advances},
    {"a bad timer", "t.weir", 1, bad_and_not_expected},
};

static void in_tests(void **state)
{
    (void)state;
    struct weir_program program = by_clock;
    program.tests = tests_of_program;
    program.test_count = 2;
    program.taps = taps;
    program.tap_count = 1;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        dup2(open("stdout", O_WRONLY | O_CREAT | O_TRUNC, 0666), STDOUT_FILENO);
        int exit = runtime_test(&program, &(struct test_options){0});
        fflush(NULL);
        _exit(exit);
    }
    assert_int_equal(core_end(child), 1);
    core_expect("stdout", "FAIL a bad timer (t.weir:1)\n"
                          "  t.weir:1: what a timer does is bad: timer `w every 10s wall`: user: a bad timer\n"
                          "1 passed, 1 failed\n");
}

// ---- another program takes its place ----

static const struct weir_timer slow_timers[] = {
    {.name = "f every 1h wall", .every = 3600000, .wall = true, .fire = by_wall}};
static const struct weir_program slow = {PROGRAM, .app = "fast", TIMERS(slow_timers)};
static const struct weir_program same = {PROGRAM, .app = "fast", TIMERS(fast_timers)};

static void *swap(void *arg)
{
    core_await("topics/out.jsonl", "wall");
    if (!runtime_swap(arg, &same) || !runtime_swap(arg, &slow))
        core_append("wrong", "not taken");
    runtime_stop(arg);
    return NULL;
}

static void swapped(void **state)
{
    (void)state;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        struct weir_options options;
        pthread_t swapper;
        options_init(&options, "core");
        options.local = "topics";
        struct runtime *rt = runtime_new(&fast, &options);
        pthread_create(&swapper, NULL, swap, rt);
        int exit = runtime_go(rt);
        pthread_join(swapper, NULL);
        runtime_free(rt);
        options_free(&options);
        _exit(exit);
    }
    assert_int_equal(core_end(child), 0);
    core_expect("wrong", "");
}

#define TIMER_TEST(function) cmocka_unit_test_setup_teardown(function, core_setup, core_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TIMER_TEST(stream_time),
        TIMER_TEST(stream_time_of_another_run),
        TIMER_TEST(clock_of_records),
        TIMER_TEST(clock_without_records),
        TIMER_TEST(a_bad_timer),
        TIMER_TEST(a_bad_timer_ends_the_run),
        TIMER_TEST(a_header_that_is_set),
        TIMER_TEST(a_commit_that_is_asked_for),
        TIMER_TEST(in_tests),
        TIMER_TEST(swapped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
