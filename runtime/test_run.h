// What test_run.c (running), test_step.c (the steps) and test_show.c (results) share.
#ifndef WEIR_RT_TEST_RUN_H
#define WEIR_RT_TEST_RUN_H

#include "json_diff.h"
#include "worker.h"

// A record that came out, or should, as JSON text in the test's arena.
struct test_seen {
    struct weir_str key, value;
    bool has_window, has_end; // of the key: the inner one
    int64_t start, end;
};

// What came out of a flow or into a topic, in order.
struct test_queue {
    const char *name;
    struct test_seen *seen;
    size_t first, count, room; // those before FIRST were expected
};

// What became of the last record fed to a source, or of timers.
struct test_fed {
    const char *bad; // why it was bad, NULL: it was not
    int line;        // of the step that fed it; of timers: of the test
    bool claimed;    // a `bad` step said so
};

struct test {
    struct weir_ctx w; // of the test's own steps; lasts for the test
    const struct weir_program *program;
    const struct weir_test *test;
    const struct test_options *options;
    struct settings settings;
    struct weir_options no_options;
    struct counters *counters;
    struct worker worker;
    struct broker *broker;
    int64_t clock;
    struct test_queue *taps; // by tap
    struct test_queue *topics;
    size_t topic_count;
    struct test_fed *fed; // by source; the last is of timers
    int last_fed;         // source, or source_count; -1: none yet
    bool failed;          // the steps that follow do nothing
    char *output;         // of this test: shown when it is over
    size_t output_size;
    FILE *to;
};

// test_run.c
void test_process(struct test *t); // until nothing is under way
// test_step.c
void test_finish(struct test *t);
// A record's bytes, of KEY's and VALUE's serdes, as JSON in the test's arena.
struct test_seen test_seen(struct test *t, const struct weir_serde *key, const struct weir_serde *value,
                           const struct weir_out *out);
// test_show.c
void test_fail(struct test *t, int line, const char *format, ...) __attribute__((format(printf, 3, 4)));
// A record other than expected: EXPECTED and ACTUAL and where they differ.
void test_fail_different(struct test *t, int line, const char *flow, const struct test_seen *expected,
                         const struct test_seen *actual, const struct json_rows *rows);
void test_fail_left(struct test *t, int line, const struct test_queue *q);
void test_show(struct test *t);

#endif
