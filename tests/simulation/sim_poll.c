// What an instance has of the inputs, and what it reads of them.
#include <string.h>

#include "run.h"
#include "sim_client.h"
#include "worker.h"

// ---- the assignment ----

static int describe(const struct sim_broker *b, struct broker_partition *partitions)
{
    int count = 0;
    for (int i = 0; i < b->input_count; i++) {
        const struct sim_input *input = &b->inputs[i];
        for (int s = 0; s < input->source_count; s++)
            partitions[count++] =
                (struct broker_partition){input->sources[s], input->log->topic, input->log->partition};
    }
    return count;
}

static void give_back(struct sim_broker *b)
{
    struct broker_partition partitions[CLUSTER_LOGS * SIM_SOURCES];
    int count = describe(b, partitions);
    if (b->listener && count)
        b->listener->revoked(b->listener_arg, partitions, count);
    if (b->commit && !b->aborting && ((const struct worker *)b->listener_arg)->exit == RUNTIME_DONE)
        sim_fail("member %d gives its partitions away while it commits", b->member);
    b->input_count = 0;
}

// Two sources of one sub-topology and topic are one input.
static void add_input(struct sim_broker *b, int source, int32_t partition)
{
    char name[SIM_TOPIC];
    const struct weir_source *s = &b->program->sources[source];
    sim_topic(name, b->program, s->topics[0], s->internal);
    struct cluster_log *log = cluster_log(name, partition);
    struct sim_input *input = b->inputs;
    while (input < b->inputs + b->input_count && (input->log != log || input->subtopology != s->subtopology))
        input++;
    if (input == b->inputs + b->input_count)
        b->inputs[b->input_count++] = (struct sim_input){.log = log, .subtopology = s->subtopology, .position = -1};
    input->sources[input->source_count++] = source;
}

// Offsets that an undecided transaction commits are waited for.
static void fetch_committed(struct sim_broker *b)
{
    for (int i = 0; i < b->input_count; i++) {
        struct sim_input *input = &b->inputs[i];
        while (input->log->offset_in)
            sim_point("waiting for offsets");
        input->committed = input->now = input->log->committed;
        input->position = -1;
        input->timed = false;
        input->held = true;
        input->next = input->committed.offset > 0 ? input->committed.offset : 0;
    }
}

void sim_ready(struct broker *base, int worker, struct broker_task task)
{
    struct sim_broker *b = sim_broker_of(base);
    (void)worker;
    for (int i = 0; i < b->input_count; i++) {
        struct sim_input *input = &b->inputs[i];
        if (input->subtopology == task.subtopology && input->log->partition == task.partition)
            input->held = false;
    }
}

void sim_begin_anew(struct sim_broker *b)
{
    struct broker_partition partitions[CLUSTER_LOGS * SIM_SOURCES];
    fetch_committed(b);
    int count = describe(b, partitions);
    b->listener->assigned(b->listener_arg, partitions, count);
}

static void take_over(struct sim_broker *b)
{
    cluster.members[b->member].assigned = false;
    b->lost = false;
    for (int32_t p = 0; p < cluster.partitions; p++) {
        for (int s = 0; s < b->program->source_count && cluster.owner[p] == b->member; s++)
            add_input(b, s, p);
    }
    sim_trace("member %d: %d inputs assigned", b->member, b->input_count);
    sim_begin_anew(b);
}

// Others have its partitions already, or are about to.
bool sim_is_leaving(const struct sim_broker *b)
{
    const struct cluster_member *m = &cluster.members[b->member];
    return !m->there || m->revoking;
}

static void rejoin(struct sim_broker *b)
{
    if (b->member >= 0) {
        sim_trace("member %d: lost", b->member);
        b->lost = true;
        give_back(b);
    }
    b->member = cluster_join();
}

// True: the inputs are no longer the same.
static bool hand_over(struct sim_broker *b)
{
    if (b->member < 0 || !cluster.members[b->member].there) {
        rejoin(b);
        return true;
    }
    const struct cluster_member *m = &cluster.members[b->member];
    if (m->assigned && !m->revoking && !b->aborting) {
        take_over(b);
        return true;
    }
    if (!m->revoking)
        return false;
    sim_trace("member %d: gives up its partitions", b->member);
    give_back(b);
    if (m->there)
        cluster_revoked(b->member);
    return true;
}

// Of tasks whose restoring was broken off no record may be delivered: they go first.
static void hand_over_all(struct sim_broker *b)
{
    while (hand_over(b))
        sim_point_often("handed over");
}

// ---- reading ----

static void skip_unseen(struct sim_input *input)
{
    while (input->next < cluster_stable(input->log) && !cluster_is_visible(&input->log->records[input->next]))
        input->next++;
}

static bool has_more(struct sim_input *input)
{
    skip_unseen(input);
    return input->next < cluster_stable(input->log);
}

static bool restores(const struct sim_broker *b)
{
    int i = 0;
    while (i < b->input_count && !b->inputs[i].held)
        i++;
    return i < b->input_count;
}

static struct sim_input *pick(struct sim_broker *b)
{
    struct sim_input *found[CLUSTER_LOGS];
    uint32_t count = 0;
    for (int i = 0; i < b->input_count; i++) {
        if (!b->inputs[i].held && has_more(&b->inputs[i]))
            found[count++] = &b->inputs[i];
    }
    return count ? found[sim_below(count)] : NULL;
}

static struct broker_delivery delivery_of(const struct sim_input *input, int64_t offset)
{
    const struct cluster_record *r = &input->log->records[offset];
    return (struct broker_delivery){.source = input->sources[0],
                                    .record = {.key = r->key,
                                               .value = r->value,
                                               .timestamp = r->timestamp,
                                               .topic = {input->log->topic, strlen(input->log->topic)},
                                               .partition = input->log->partition,
                                               .offset = offset}};
}

static bool give(struct sim_input *input, broker_record_fn *fn, void *arg)
{
    struct broker_delivery d = delivery_of(input, input->next);
    for (int s = 0; s < input->source_count; s++) {
        d.source = input->sources[s];
        d.again = s > 0;
        if (!fn(arg, &d))
            return false;
    }
    input->position = ++input->next;
    return true;
}

static void announce(const struct sim_broker *b, const struct sim_input *input, int64_t most)
{
    struct broker_delivery ahead[32];
    int count = 0;
    for (int64_t o = input->next; o < cluster_stable(input->log) && count < most && count < 32; o++) {
        if (cluster_is_visible(&input->log->records[o]))
            ahead[count++] = delivery_of(input, o);
    }
    if (count > 1)
        b->listener->coming(b->listener_arg, ahead, count);
}

enum broker_status sim_poll(struct broker *base, int worker, int max, int timeout_ms, broker_record_fn *fn, void *arg,
                            int *count, struct broker_error *error)
{
    struct sim_broker *b = sim_broker_of(base);
    int wanted = 1 + (int)sim_below(max < 24 ? (uint32_t)max : 24);
    struct sim_input *input;
    (void)worker;
    (void)timeout_ms;
    *count = 0;
    sim_point("poll");
    if (sim_chance(50))
        sim_broker_commit(b);
    enum broker_status status = sim_look_at_commit(b, error);
    if (status != BROKER_OK)
        return status;
    hand_over_all(b);
    if (sim_goes_wrong(b))
        return sim_answer_abort(b, error);
    while (*count < wanted && !b->aborting && (input = pick(b))) {
        int64_t run = 1 + sim_below(6);
        if (b->listener->coming)
            announce(b, input, run);
        for (; run > 0 && *count < wanted && !b->aborting && has_more(input); run--) {
            if (!give(input, fn, arg))
                return BROKER_OK;
            ++*count;
            run_totals.beside += restores(b);
            run_totals.early += ((const struct worker *)b->listener_arg)->loading > 0;
            run_totals.ahead += b->commit != COMMIT_NONE;
        }
        sim_point_often("between records");
        if (sim_chance(10))
            hand_over_all(b);
    }
    return b->aborting ? sim_answer_abort(b, error) : sim_chance(2) ? BROKER_RETRY : BROKER_OK;
}

bool sim_at_end(struct broker *base, int worker, int subtopology, int32_t partition)
{
    struct sim_broker *b = sim_broker_of(base);
    (void)worker;
    for (int i = 0; i < b->input_count; i++) {
        struct sim_input *input = &b->inputs[i];
        if (input->subtopology == subtopology && input->log->partition == partition && has_more(input))
            return false;
    }
    return true;
}
