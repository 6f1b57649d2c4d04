// A worker over a broker whose transactions fail: each record counts once, whatever fails when.
#include "core_program.h"

#include "worker.h"

enum { RECORDS = 3000, ROOM = 4 * RECORDS };

enum step { SEND, COMMIT, POLL, STEPS };

// Fails the FAILS_AT-th call of each step, and every so many after it. What was sent since the last commit is void with `abort`.
static struct transactions {
    struct broker base;
    const struct broker_listener *listener;
    void *arg;
    int64_t next, committed;
    int sent[ROOM], sent_count, safe; // those before SAFE are committed
    int calls[STEPS], fails_at[STEPS];
    bool failed, revokes;
    bool taken; // a commit was, although its answer is a failure
    int aborts, assigned, revoked;
    enum broker_status abort_status;
} t;

static bool fails(enum step step)
{
    if (!t.fails_at[step] || ++t.calls[step] % t.fails_at[step])
        return false;
    return t.failed = true;
}

static enum broker_status aborted(struct broker_error *error)
{
    snprintf(error->text, sizeof error->text, "fenced");
    return BROKER_ABORT;
}

static void tell_assigned(void)
{
    struct broker_partition p = {.source = 0, .topic = "orders"};
    t.assigned++;
    t.listener->assigned(t.arg, &p, 1);
}

static void op_listen(struct broker *b, int worker, const struct broker_listener *listener, void *arg)
{
    (void)b;
    (void)worker;
    t.listener = listener;
    t.arg = arg;
    tell_assigned();
}

static enum broker_status op_poll(struct broker *b, int worker, int max, int timeout_ms, broker_record_fn *fn,
                                  void *arg, int *count, struct broker_error *error)
{
    struct broker_partition p = {.source = 0, .topic = "orders"};
    (void)b;
    (void)worker;
    (void)timeout_ms;
    assert_false(t.failed);
    for (*count = 0; *count < max && t.next < RECORDS; ++*count, t.next++) {
        char text[32];
        struct broker_delivery d = {.record = {.offset = t.next, .topic = WEIR_STR("orders")}};
        d.record.value = (struct weir_str){text, (size_t)snprintf(text, sizeof text, "%d", (int)t.next)};
        bool more = fn(arg, &d);
        assert_null(((struct worker *)arg)->w.record); // D is this loop's
        if (!more)
            break;
        assert_false(t.failed);
    }
    if (t.revokes && t.next >= 700) {
        t.revokes = false;
        t.listener->revoked(arg, &p, 1);
        t.revoked++;
        if (t.failed)
            return aborted(error);
        tell_assigned();
    }
    if (fails(POLL))
        return aborted(error);
    return t.next == RECORDS ? BROKER_END : BROKER_OK;
}

static enum broker_status op_send(struct broker *b, int worker, struct weir_str topic, int32_t partition,
                                  const struct weir_out *out, struct broker_error *error)
{
    (void)b;
    (void)worker;
    (void)topic;
    (void)partition;
    if (fails(SEND))
        return aborted(error);
    assert_true(t.sent_count < ROOM);
    t.sent[t.sent_count++] = atoi(out->value.p);
    return BROKER_OK;
}

static enum broker_status op_commit(struct broker *b, int worker, struct broker_error *error)
{
    (void)b;
    (void)worker;
    bool bad = fails(COMMIT);
    if (!bad || t.taken) {
        t.committed = t.next;
        t.safe = t.sent_count;
    }
    return bad ? aborted(error) : BROKER_OK;
}

static enum broker_status op_abort(struct broker *b, int worker, struct broker_error *error)
{
    (void)b;
    (void)worker;
    assert_true(t.failed);
    t.aborts++;
    t.failed = false;
    t.next = t.committed;
    t.sent_count = t.safe;
    if (t.abort_status == BROKER_FATAL)
        snprintf(error->text, sizeof error->text, "no way back");
    else
        tell_assigned();
    return t.abort_status;
}

static int64_t op_now(struct broker *b)
{
    (void)b;
    return 0;
}

static struct weir_options options;
static struct settings settings;
static struct counters *counters;
static struct worker worker;

// Steps until the end. A commit comes after each 256 records.
static enum broker_status run(void)
{
    static const struct broker_ops ops = {
        .listen = op_listen,
        .poll = op_poll,
        .send = op_send,
        .commit = op_commit,
        .abort = op_abort,
        .now = op_now,
    };
    t.base.ops = &ops;
    options_init(&options, "core");
    settings = (struct settings){
        .app = "core", .options = &options, .threads = 1, .memory_bytes = 1 << 20, .exactly_once = true};
    counters = counters_new(&core_program);
    worker_init(&worker, &core_program, &settings, &t.base, 0, counters);
    worker_listen(&worker);
    enum broker_status status = BROKER_OK;
    while (status == BROKER_OK)
        status = worker_step(&worker, 0);
    return status;
}

static void finish(void)
{
    worker_free(&worker);
    counters_free(counters);
    options_free(&options);
}

static void expect_each_once(void)
{
    assert_int_equal(run(), BROKER_END);
    assert_int_equal(worker.exit, RUNTIME_DONE);
    memset(t.fails_at, 0, sizeof t.fails_at);
    assert_true(commit_last(&worker));
    assert_int_equal(t.safe, RECORDS);
    for (int i = 0; i < RECORDS; i++)
        assert_int_equal(t.sent[i], i);
    assert_true(t.assigned > t.aborts);
    finish();
}

static int setup(void **state)
{
    (void)state;
    memset(&t, 0, sizeof t);
    return 0;
}

static void in_a_record(void **state)
{
    (void)state;
    t.fails_at[SEND] = 1001;
    expect_each_once();
    assert_true(t.aborts > 2);
}

static void in_a_commit(void **state)
{
    (void)state;
    t.fails_at[COMMIT] = 3;
    expect_each_once();
    assert_true(t.aborts > 2);
}

static void in_a_commit_that_was_taken(void **state)
{
    (void)state;
    t.fails_at[COMMIT] = 3;
    t.taken = true;
    expect_each_once();
    assert_true(t.aborts > 2);
}

static void in_a_poll(void **state)
{
    (void)state;
    t.fails_at[POLL] = 4;
    expect_each_once();
    assert_true(t.aborts > 1);
}

static void in_what_is_committed_for_others(void **state)
{
    (void)state;
    t.revokes = true;
    t.fails_at[COMMIT] = 3;
    expect_each_once();
    assert_int_equal(t.revoked, 1);
}

static void in_the_last_commit(void **state)
{
    (void)state;
    assert_int_equal(run(), BROKER_END);
    worker.dirty = true;
    t.fails_at[COMMIT] = 1;
    assert_false(commit_last(&worker));
    assert_int_equal(worker.exit, RUNTIME_DONE);
    finish();
}

static void with_no_way_back(void **state)
{
    (void)state;
    t.fails_at[SEND] = 1001;
    t.abort_status = BROKER_FATAL;
    assert_int_equal(run(), BROKER_FATAL);
    assert_int_equal(worker.exit, RUNTIME_FAILED);
    assert_int_equal(t.aborts, 1);
    finish();
}

static void while_the_run_ends(void **state)
{
    (void)state;
    t.fails_at[SEND] = 1001;
    t.abort_status = BROKER_END;
    assert_int_equal(run(), BROKER_END);
    assert_int_equal(worker.exit, RUNTIME_DONE);
    finish();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(in_a_record, setup),
        cmocka_unit_test_setup(in_a_commit, setup),
        cmocka_unit_test_setup(in_a_commit_that_was_taken, setup),
        cmocka_unit_test_setup(in_a_poll, setup),
        cmocka_unit_test_setup(in_what_is_committed_for_others, setup),
        cmocka_unit_test_setup(in_the_last_commit, setup),
        cmocka_unit_test_setup(with_no_way_back, setup),
        cmocka_unit_test_setup(while_the_run_ends, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
