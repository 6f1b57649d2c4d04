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

// To the transaction's coordinator, if the group says that it may.
static bool send_offsets(struct sim_broker *b)
{
    if (!is_mine(b))
        return false;
    for (int i = 0; i < b->input_count; i++) {
        struct sim_input *input = &b->inputs[i];
        struct cluster_offset to;
        if (!to_commit(input, &to))
            continue;
        sim_trace("member %d: to commit %s %d: %d", b->member, input->log->topic, (int)input->log->partition,
                  (int)to.offset);
        cluster_add_offset(b->txn, input->log, &to);
    }
    return true;
}

static void note_committed(struct sim_broker *b)
{
    for (int i = 0; i < b->input_count; i++) {
        struct cluster_offset to;
        if (to_commit(&b->inputs[i], &to)) {
            b->inputs[i].committed = to;
            b->inputs[i].timed = false;
        }
    }
    b->before = b->txn;
    b->txn = NULL;
}

// False: it cannot be committed, or nobody said that it was.
static bool commit_transaction(struct sim_broker *b)
{
    sim_flush(b);
    sim_point("flushed");
    if (sim_goes_wrong(b) || b->txn->state != TXN_OPEN || !send_offsets(b))
        return false;
    sim_point("offsets sent");
    if (sim_goes_wrong(b) || b->txn->state != TXN_OPEN)
        return false;
    cluster_decide(b->txn, TXN_COMMITTED);
    sim_point("decided");
    if (sim_goes_wrong(b))
        return false;
    note_committed(b);
    sim_point("committed");
    return true;
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
    if (!b->aborting && !has_something(b))
        return BROKER_OK;
    if (!b->aborting && !b->txn)
        sim_begin(b);
    b->aborting = b->aborting || !commit_transaction(b);
    return b->aborting ? sim_answer_abort(b, error) : BROKER_OK;
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
    if (!b->aborting)
        sim_fail("member %d goes back, and nothing went wrong", b->member);
    if (b->txn && b->txn->state == TXN_OPEN)
        cluster_decide(b->txn, TXN_ABORTED);
    sim_forget_unsent(b);
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
