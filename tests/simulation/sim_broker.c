#include "sim_broker.h"

#include <stdio.h>
#include <stdlib.h>

#include "memory.h"
#include "sim_client.h"

void sim_topic(char name[SIM_TOPIC], const struct weir_program *program, const char *topic, bool internal)
{
    if (internal)
        snprintf(name, SIM_TOPIC, "%s-%s", program->app, topic);
    else
        snprintf(name, SIM_TOPIC, "%s", topic);
}

void sim_changelog(char name[SIM_TOPIC], const struct weir_program *program, const struct weir_store *store)
{
    const struct weir_source *source = store->changelog_source < 0 ? NULL : &program->sources[store->changelog_source];
    if (source)
        sim_topic(name, program, source->topics[0], source->internal);
    else
        snprintf(name, SIM_TOPIC, "%s-%s-changelog", program->app, store->name);
}

// ---- operations ----

static int32_t op_partitions(struct broker *b, int worker, struct weir_str topic)
{
    (void)b;
    (void)worker;
    (void)topic;
    return cluster.partitions;
}

// What an instance of that name had open before is aborted, and through.
static enum broker_status op_start(struct broker *base, struct broker_error *error)
{
    const struct sim_broker *b = sim_broker_of(base);
    (void)error;
    sim_point("start");
    while (b->exactly_once && b->producer >= 0 && !cluster_fence(b->producer))
        sim_point("waiting for the instance before");
    return BROKER_OK;
}

static void op_listen(struct broker *b, int worker, const struct broker_listener *listener, void *arg)
{
    (void)worker;
    sim_broker_of(b)->listener = listener;
    sim_broker_of(b)->listener_arg = arg;
}

static int64_t op_now(struct broker *b)
{
    (void)b;
    return sim.now;
}

static void op_swap(struct broker *b, const struct weir_program *program)
{
    sim_broker_of(b)->program = program;
}

static void op_wake(struct broker *b)
{
    (void)b;
}

static int64_t op_lag(struct broker *b, broker_lag_fn *each, void *arg)
{
    (void)b, (void)each, (void)arg;
    return -1;
}

void sim_broker_leave(struct sim_broker *b)
{
    if (b->member >= 0)
        cluster_leave(b->member);
}

void sim_broker_drop(struct sim_broker *b)
{
    for (uint32_t more = sim_below((uint32_t)b->unsent.count + 1); more > 0; more--)
        sim_broker_deliver(b);
    while (sim_commit_runs(b) && sim_chance(70))
        sim_broker_commit(b);
    sim_forget(&b->unsent);
    sim_forget(&b->held);
    free(b->unsent.all);
    free(b->held.all);
    free(b);
}

static void op_close(struct broker *b)
{
    sim_broker_leave(sim_broker_of(b));
    sim_broker_drop(sim_broker_of(b));
}

struct sim_broker *sim_broker_new(const struct weir_program *program, bool exactly_once, int producer,
                                  sim_restored_fn *restored, void *arg)
{
    static const struct broker_ops ops = {
        .start = op_start,
        .listen = op_listen,
        .poll = sim_poll,
        .send = sim_send,
        .partitions = op_partitions,
        .log = sim_log,
        .ready = sim_ready,
        .restore = sim_restore,
        .restore_stop = sim_restore_stop,
        .log_end = sim_log_end,
        .stored_time = sim_stored_time,
        .store_time = sim_store_time,
        .commit = sim_commit,
        .settle = sim_settle,
        .commit_aside = sim_commit_aside,
        .abort = sim_abort,
        .at_end = sim_at_end,
        .now = op_now,
        .swap = op_swap,
        .wake = op_wake,
        .lag = op_lag,
        .close = op_close,
    };
    struct sim_broker *b = memory_new(sizeof *b);
    b->base.ops = &ops;
    b->program = program;
    b->exactly_once = exactly_once;
    b->producer = producer;
    b->member = -1;
    b->restored = restored;
    b->restored_arg = arg;
    return b;
}
