#include "observers.h"
#include "sim_client.h"

// ---- what there is to commit ----

static bool is_of_task(const struct sim_broker *b, const struct sim_input *input, int store, int source,
                       int32_t partition)
{
    return input->log->partition == partition && input->subtopology == observer_subtopology(b->program, store, source);
}

int64_t sim_stored_time(struct broker *base, int worker, int store, int source, int32_t partition)
{
    const struct sim_broker *b = sim_broker_of(base);
    int number = observer_number(b->program, store, source);
    int64_t time = -1;
    (void)worker;
    for (int i = 0; i < b->input_count; i++) {
        const struct sim_input *input = &b->inputs[i];
        if (is_of_task(b, input, store, source, partition) && input->now.times[number] > time)
            time = input->now.times[number];
    }
    return time;
}

void sim_store_time(struct broker *base, int worker, int store, int source, int32_t partition, int64_t time)
{
    struct sim_broker *b = sim_broker_of(base);
    int number = observer_number(b->program, store, source);
    (void)worker;
    for (int i = 0; i < b->input_count; i++) {
        struct sim_input *input = &b->inputs[i];
        if (is_of_task(b, input, store, source, partition)) {
            input->now.times[number] = time;
            input->timed = true;
        }
    }
}

// The offset that the next commit stores; false: there is nothing to store.
static bool to_commit(const struct sim_input *input, struct cluster_offset *to)
{
    *to = input->now;
    to->offset = input->position > input->committed.offset ? input->position : input->committed.offset;
    return to->offset >= 0 && (to->offset > input->committed.offset || input->timed);
}

static void store_offsets(struct sim_broker *b)
{
    for (int i = 0; i < b->input_count; i++) {
        struct sim_input *input = &b->inputs[i];
        struct cluster_offset to;
        if (!to_commit(input, &to))
            continue;
        sim_trace("member %d: commits %s %d: %d", b->member, input->log->topic, (int)input->log->partition,
                  (int)to.offset);
        input->log->committed = input->committed = to;
        input->timed = false;
    }
}

static bool is_mine(const struct sim_broker *b)
{
    return !b->lost && cluster_is_member(b->member);
}

// ---- at least once ----

static enum broker_status commit_offsets(struct sim_broker *b)
{
    sim_flush(b);
    sim_point("flushed");
    if (is_mine(b))
        store_offsets(b);
    sim_point("committed");
    return BROKER_OK;
}

// ---- exactly once ----

// What is taken from here on is for the next one.
static void begin_commit(struct sim_broker *b)
{
    b->committing_count = 0;
    b->committing_in = cluster.members[b->member].generation;
    for (int i = 0; i < b->input_count; i++) {
        struct cluster_offset to;
        if (!to_commit(&b->inputs[i], &to))
            continue;
        b->committing[b->committing_count++] = (struct sim_committed){b->inputs[i].log, to};
        b->inputs[i].timed = false;
    }
    b->commit = COMMIT_FLUSHES;
}

// To the transaction's coordinator, if the group says that it may.
static bool send_offsets(struct sim_broker *b)
{
    if (!is_mine(b) || b->committing_in != cluster.generation)
        return false;
    for (int i = 0; i < b->committing_count; i++) {
        struct sim_committed *c = &b->committing[i];
        sim_trace("member %d: to commit %s %d: %d", b->member, c->log->topic, (int)c->log->partition,
                  (int)c->to.offset);
        cluster_add_offset(b->txn, c->log, &c->to);
    }
    return true;
}

static bool may_go_on(const struct sim_broker *b)
{
    return !sim_is_unlucky(b) && b->txn->state == TXN_OPEN;
}

void sim_broker_commit(struct sim_broker *b)
{
    if (!sim_commit_runs(b))
        return;
    bool good = true;
    switch (b->commit) {
    case COMMIT_FLUSHES:
        if (sim_broker_deliver(b))
            return;
        break;
    case COMMIT_SENDS_OFFSETS: good = may_go_on(b) && send_offsets(b); break;
    case COMMIT_DECIDES:
        good = may_go_on(b);
        if (good)
            cluster_decide(b->txn, TXN_COMMITTED);
        break;
    default: good = !sim_is_unlucky(b); // the answer may be lost
    }
    b->commit = good ? b->commit + 1 : COMMIT_FAILED;
    sim_trace("member %d: the commit %s", b->member, good ? "goes on" : "fails");
}

static void note_committed(struct sim_broker *b)
{
    for (int i = 0; i < b->input_count; i++) {
        for (int c = 0; c < b->committing_count; c++) {
            if (b->committing[c].log == b->inputs[i].log)
                b->inputs[i].committed = b->committing[c].to;
        }
    }
}

enum broker_status sim_look_at_commit(struct sim_broker *b, struct broker_error *error)
{
    bool taken = b->commit == COMMIT_TAKEN;
    if (sim_commit_runs(b) || b->commit == COMMIT_NONE)
        return BROKER_OK;
    b->aborting |= !taken;
    b->commit = COMMIT_NONE;
    if (b->aborting)
        return sim_answer_abort(b, error);
    note_committed(b);
    b->before = b->txn;
    b->txn = NULL;
    if (b->held.count)
        sim_begin(b);
    return BROKER_OK;
}

static void wait_for_commit(struct sim_broker *b)
{
    while (sim_commit_runs(b)) {
        sim_point("waiting for the commit");
        sim_broker_commit(b);
    }
}

enum broker_status sim_settle(struct broker *base, int worker, struct broker_error *error)
{
    struct sim_broker *b = sim_broker_of(base);
    (void)worker;
    wait_for_commit(b);
    return sim_look_at_commit(b, error);
}

static bool has_something(const struct sim_broker *b)
{
    struct cluster_offset to;
    bool any = b->txn != NULL;
    for (int i = 0; i < b->input_count; i++)
        any |= to_commit(&b->inputs[i], &to);
    return any;
}

static enum broker_status commit_all(struct sim_broker *b, struct broker_error *error)
{
    enum broker_status status = sim_settle(&b->base, 0, error);
    if (status != BROKER_OK || b->aborting)
        return sim_answer_abort(b, error);
    if (has_something(b)) {
        if (!b->txn)
            sim_begin(b);
        begin_commit(b);
    }
    return BROKER_OK;
}

int64_t sim_commit_aside(struct broker *base, int worker)
{
    (void)worker;
    return sim_commit_runs(sim_broker_of(base)) ? -1 : 0;
}

enum broker_status sim_commit(struct broker *base, int worker, struct broker_error *error)
{
    struct sim_broker *b = sim_broker_of(base);
    (void)worker;
    sim_point("commit");
    if (sim.faults && sim_chance(5))
        return BROKER_RETRY;
    return b->exactly_once ? commit_all(b, error) : commit_offsets(b);
}

enum broker_status sim_abort(struct broker *base, int worker, struct broker_error *error)
{
    struct sim_broker *b = sim_broker_of(base);
    (void)worker;
    (void)error;
    sim_point("abort");
    wait_for_commit(b);
    b->commit = COMMIT_NONE;
    if (!b->aborting && !b->tasks_fail)
        sim_fail("member %d goes back, and nothing went wrong", b->member);
    if (b->txn && b->txn->state == TXN_OPEN)
        cluster_decide(b->txn, TXN_ABORTED);
    sim_forget(&b->held);
    if (b->exactly_once)
        sim_forget(&b->unsent);
    else
        sim_flush(b);
    while (b->txn && !cluster_is_through(b->txn))
        sim_point("waiting for the abort");
    b->txn = b->before = NULL;
    b->aborting = false;
    if (!cluster.members[b->member].there)
        b->input_count = 0;
    sim_begin_anew(b);
    sim_point("aborted");
    return BROKER_OK;
}
