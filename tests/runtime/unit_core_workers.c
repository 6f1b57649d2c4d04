// Several workers over a broker of the test's own: every record once, commits, swaps, stopping.
#include <pthread.h>
#include <stdatomic.h>

#include "core_program.h"

#include "worker.h"

enum { WORKERS = 4 };

// Gives each worker its own endless numbers as records, until RECORDS are given.
struct endless {
    struct broker base;
    int64_t records; // for each worker
    int64_t next[WORKERS], committed[WORKERS];
    atomic_long sent, swaps;
    atomic_bool woken;
    bool fails_to_start;
};

static struct endless endless;
static atomic_int programs_in_use; // bit by program: its process is running or may be

static struct endless *of(struct broker *b)
{
    return (struct endless *)b;
}

static enum broker_status endless_start(struct broker *b, struct broker_error *error)
{
    if (!of(b)->fails_to_start)
        return BROKER_OK;
    snprintf(error->text, sizeof error->text, "the broker is not there");
    return BROKER_FATAL;
}

static void endless_listen(struct broker *b, int worker, const struct broker_listener *listener, void *arg)
{
    struct broker_partition p = {.source = 0, .topic = "numbers", .partition = worker};
    (void)b;
    listener->assigned(arg, &p, 1);
}

static enum broker_status endless_poll(struct broker *b, int worker, int max, int timeout_ms, broker_record_fn *fn,
                                       void *arg, int *count, struct broker_error *error)
{
    struct endless *e = of(b);
    (void)timeout_ms;
    (void)error;
    for (*count = 0; *count < max && e->next[worker] < e->records; ++*count) {
        char text[32];
        struct broker_delivery d = {
            .record = {.partition = worker, .offset = e->next[worker], .topic = WEIR_STR("numbers")}};
        d.record.value =
            (struct weir_str){text, (size_t)snprintf(text, sizeof text, "%lld", (long long)e->next[worker])};
        if (!fn(arg, &d))
            break;
        e->next[worker]++;
    }
    return e->next[worker] == e->records ? BROKER_END : BROKER_OK;
}

static enum broker_status endless_send(struct broker *b, int worker, struct weir_str topic, int32_t partition,
                                       const struct weir_out *out, struct broker_error *error)
{
    (void)worker;
    (void)topic;
    (void)partition;
    if (core_holds(out->value, "refuse")) {
        snprintf(error->text, sizeof error->text, "too large");
        return BROKER_REFUSED;
    }
    atomic_fetch_add(&of(b)->sent, 1);
    return BROKER_OK;
}

static int32_t endless_partitions(struct broker *b, int worker, struct weir_str topic)
{
    (void)b;
    (void)worker;
    (void)topic;
    return 3;
}

static enum broker_status endless_commit(struct broker *b, int worker, struct broker_error *error)
{
    (void)error;
    of(b)->committed[worker] = of(b)->next[worker];
    return BROKER_OK;
}

static int64_t endless_now(struct broker *b)
{
    (void)b;
    return 0;
}

static void endless_swap(struct broker *b, const struct weir_program *program)
{
    (void)program;
    atomic_fetch_add(&of(b)->swaps, 1);
}

static void endless_wake(struct broker *b)
{
    atomic_store(&of(b)->woken, true);
}

static int64_t endless_lag(struct broker *b, broker_lag_fn *each, void *arg)
{
    (void)each, (void)arg;
    (void)b;
    return -1;
}

static void endless_close(struct broker *b)
{
    (void)b;
}

static struct broker *endless_new(const struct weir_program *program, const struct settings *settings)
{
    static const struct broker_ops ops = {
        .start = endless_start,
        .listen = endless_listen,
        .poll = endless_poll,
        .send = endless_send,
        .partitions = endless_partitions,
        .commit = endless_commit,
        .now = endless_now,
        .swap = endless_swap,
        .wake = endless_wake,
        .lag = endless_lag,
        .close = endless_close,
    };
    (void)program;
    (void)settings;
    endless.base.ops = &ops;
    return &endless.base;
}

// Two programs of the same shape, and one of another.
static void pass(struct weir_ctx *w, int program)
{
    struct weir_out out = {.sink = 0, .key = w->record->key, .value = w->record->value};
    assert_true(atomic_load(&programs_in_use) & 1 << program);
    weir_send(w, &out);
}

static void pass_0(struct weir_ctx *w)
{
    pass(w, 0);
}

static void pass_1(struct weir_ctx *w)
{
    pass(w, 1);
}

static void pass_2(struct weir_ctx *w)
{
    pass(w, 2);
}

static void refused(struct weir_ctx *w)
{
    struct weir_out out = {.sink = 0, .value = WEIR_STR("refuse")};
    weir_send(w, &out);
}

static int32_t by_number(struct weir_ctx *w, struct weir_str key, struct weir_str value, int32_t partitions)
{
    (void)w;
    (void)key;
    assert_int_equal(partitions, 3);
    return value.p[value.n - 1] == '7' ? 3 : 0;
}

static const char *const numbers[] = {"numbers"};

#define SOURCE(fn)                                                                                          \
    {                                                                                                       \
        {                                                                                                   \
            .name = "numbers", .topics = numbers, .topic_count = 1, .key = &core_json, .value = &core_json, \
            .process = fn                                                                                   \
        }                                                                                                   \
    }
#define SINK(to, by)                                                                              \
    {                                                                                             \
        {                                                                                         \
            .name = "out", .topic = to, .key = &core_json, .value = &core_json, .partitioner = by \
        }                                                                                         \
    }
static const struct weir_source sources[][1] = {SOURCE(pass_0), SOURCE(pass_1), SOURCE(pass_2), SOURCE(refused)};
static const struct weir_sink sinks[][1] = {SINK("out", NULL), SINK("other", NULL), SINK("out", by_number)};

#define PROGRAM(source, sink)                                                                               \
    {                                                                                                       \
        .abi = WEIR_ABI, .app = "workers", .file = "w.weir", .sources = sources[source], .source_count = 1, \
        .sinks = sinks[sink], .sink_count = 1                                                               \
    }
static const struct weir_program programs[] = {PROGRAM(0, 0), PROGRAM(1, 0), PROGRAM(2, 1), PROGRAM(3, 0),
                                               PROGRAM(0, 2)};

static struct weir_options options;

static struct runtime *start(int program, int64_t records)
{
    endless = (struct endless){.records = records};
    atomic_store(&programs_in_use, 1 << program);
    options_init(&options, "workers");
    const char *argv[] = {"--brokers", "x", "--set", "threads=4", "--set", "commit=1ms"};
    for (int i = 0; i < 6;)
        assert_int_equal(options_take(&options, 6, (char **)argv, &i), OPTIONS_TAKEN);
    struct runtime *rt = runtime_new(&programs[program], &options);
    runtime_set_broker(rt, endless_new);
    return rt;
}

static void end(struct runtime *rt)
{
    runtime_free(rt);
    options_free(&options);
}

static void every_record_once(void **state)
{
    (void)state;
    struct runtime *rt = start(0, 10000);
    assert_int_equal(runtime_go(rt), 0);
    assert_int_equal(endless.sent, WORKERS * 10000);
    for (int i = 0; i < WORKERS; i++)
        assert_int_equal(endless.committed[i], 10000);
    end(rt);
}

static void *go(void *rt)
{
    return (void *)(intptr_t)runtime_go(rt);
}

static int64_t in_all(void)
{
    int64_t n = 0;
    for (int i = 0; i < WORKERS; i++) {
        assert_int_equal(endless.committed[i], endless.next[i]); // a stop commits
        n += endless.next[i];
    }
    return n;
}

static void swaps_between_batches(void **state)
{
    (void)state;
    struct runtime *rt = start(0, INT64_MAX);
    pthread_t thread;
    void *exit;
    assert_int_equal(pthread_create(&thread, NULL, go, rt), 0);
    for (int i = 1; i <= 50; i++) {
        int now = i % 2;
        atomic_fetch_or(&programs_in_use, 1 << now);
        assert_true(runtime_swap(rt, &programs[now]));
        atomic_store(&programs_in_use, 1 << now); // the old one must not be called any more
    }
    assert_int_equal(endless.swaps, 50);
    // Another sink: the tasks start anew.
    atomic_fetch_or(&programs_in_use, 1 << 2);
    assert_true(runtime_swap(rt, &programs[2]));
    atomic_store(&programs_in_use, 1 << 2);
    assert_int_equal(endless.swaps, 50);
    runtime_stop(rt);
    pthread_join(thread, &exit);
    assert_int_equal((intptr_t)exit, 0);
    assert_int_equal(in_all(), endless.sent);
    assert_false(runtime_swap(rt, &programs[1]));
    end(rt);
}

static void a_signal_drains_and_commits(void **state)
{
    (void)state;
    struct runtime *rt = start(0, INT64_MAX);
    pthread_t thread;
    void *exit;
    assert_int_equal(pthread_create(&thread, NULL, go, rt), 0);
    while (atomic_load(&endless.sent) < 1000)
        sched_yield();
    kill(getpid(), SIGTERM);
    pthread_join(thread, &exit);
    assert_int_equal((intptr_t)exit, 0);
    assert_true(endless.woken);
    assert_int_equal(in_all(), endless.sent);
    end(rt);
}

static void a_broker_that_does_not_start(void **state)
{
    (void)state;
    struct runtime *rt = start(0, 1);
    endless.fails_to_start = true;
    assert_int_equal(runtime_go(rt), 3);
    end(rt);
}

static void what_cannot_be_sent_is_bad(void **state)
{
    (void)state;
    struct runtime *rt = start(3, 5);
    assert_int_equal(runtime_go(rt), 1);
    for (int i = 0; i < WORKERS; i++)
        assert_int_equal(endless.next[i], 0);
    end(rt);
    rt = start(4, 8);
    atomic_store(&programs_in_use, 1);
    assert_int_equal(runtime_go(rt), 1); // number 7 goes to partition 3 of 3
    end(rt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_record_once),           cmocka_unit_test(swaps_between_batches),
        cmocka_unit_test(a_signal_drains_and_commits), cmocka_unit_test(a_broker_that_does_not_start),
        cmocka_unit_test(what_cannot_be_sent_is_bad),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
