#include <stdio.h>
#include <stdlib.h>

#include "memory.h"
#include "partition.h"
#include "sim_client.h"

struct cluster_log *sim_changelog_of(const struct sim_broker *b, int store, int32_t partition)
{
    char name[SIM_TOPIC];
    sim_changelog(name, b->program, &b->program->stores[store]);
    return cluster_log(name, partition);
}

// ---- what is on its way ----

static void add(struct sim_queue *q, const struct sim_unsent *u)
{
    q->all = memory_resize(q->all, (q->count + 1) * sizeof *q->all);
    q->all[q->count++] = *u;
}

static void queue(struct sim_broker *b, struct cluster_log *log, const struct weir_out *out)
{
    struct sim_unsent u = {log, {.key = out->key, .value = out->value, .timestamp = out->timestamp}};
    if (out->key.p)
        u.record.key.p = memory_text(out->key.p, out->key.n);
    if (out->value.p)
        u.record.value.p = memory_text(out->value.p, out->value.n);
    add(b->commit ? &b->held : &b->unsent, &u);
}

static void forget(struct sim_queue *q, size_t i)
{
    free((char *)q->all[i].record.key.p);
    free((char *)q->all[i].record.value.p);
    memmove(&q->all[i], &q->all[i + 1], (--q->count - i) * sizeof *q->all);
}

void sim_forget(struct sim_queue *q)
{
    while (q->count)
        forget(q, q->count - 1);
}

// The one before must be through, with all of its markers.
void sim_begin(struct sim_broker *b)
{
    while (b->before && !cluster_is_through(b->before))
        sim_point("waiting for markers");
    b->before = NULL;
    b->txn = cluster_begin(b->producer);
    for (size_t i = 0; i < b->held.count; i++)
        add(&b->unsent, &b->held.all[i]);
    b->held.count = 0;
}

bool sim_is_unlucky(const struct sim_broker *b)
{
    enum { ONE_IN = 300 };
    return b->exactly_once && sim.faults && sim_below(ONE_IN) == 0;
}

bool sim_goes_wrong(struct sim_broker *b)
{
    b->aborting |= sim_is_unlucky(b);
    return b->aborting;
}

enum broker_status sim_answer_abort(const struct sim_broker *b, struct broker_error *error)
{
    sim_trace("member %d: its transaction is to be aborted", b->member);
    snprintf(error->text, sizeof error->text, "the simulated transaction went wrong");
    return BROKER_ABORT;
}

// What every send waits for. OK: the record goes on its way.
static enum broker_status before_send(struct sim_broker *b, struct broker_error *error)
{
    if (sim_goes_wrong(b))
        return sim_answer_abort(b, error);
    if (sim.faults && sim_chance(2))
        return BROKER_RETRY;
    enum broker_status status = sim_look_at_commit(b, error);
    if (status == BROKER_OK && b->exactly_once && !b->txn)
        sim_begin(b);
    return status;
}

// Records of one log keep their order.
bool sim_broker_deliver(struct sim_broker *b)
{
    struct sim_queue *q = &b->unsent;
    if (q->count == 0)
        return false;
    size_t i = 0;
    const struct cluster_log *log = q->all[sim_below((uint32_t)q->count)].log;
    while (q->all[i].log != log)
        i++;
    if (!b->exactly_once)
        cluster_append(q->all[i].log, &q->all[i].record, NULL);
    else if (b->txn->state == TXN_OPEN)
        cluster_append(q->all[i].log, &q->all[i].record, b->txn);
    else
        b->aborting = true;
    forget(q, i);
    return true;
}

void sim_flush(struct sim_broker *b)
{
    while (b->unsent.count) {
        sim_point_often("in flush");
        sim_broker_deliver(b);
    }
}

// ---- sending ----

static struct cluster_log *log_of(const struct sim_broker *b, struct weir_str topic, int32_t partition,
                                  const struct weir_out *out)
{
    char name[100], wire[SIM_TOPIC];
    const struct weir_serde *serde =
        out->sink >= 0 ? b->program->sinks[out->sink].key : b->program->sources[~out->sink].key;
    snprintf(name, sizeof name, "%.*s", (int)topic.n, topic.p);
    sim_topic(wire, b->program, name, out->sink >= 0 && b->program->sinks[out->sink].internal);
    if (partition < 0)
        partition = out->key.p ? partition_of_serde(serde, out->key, cluster.partitions) : 0;
    return cluster_log(wire, partition);
}

bool sim_refuses(const char *topic, struct weir_str value)
{
    return strcmp(topic, "echoed") == 0 && value.n == 8 && value.p[7] % 16 == 13;
}

enum broker_status sim_send(struct broker *base, int worker, struct weir_str topic, int32_t partition,
                            const struct weir_out *out, struct broker_error *error)
{
    struct sim_broker *b = sim_broker_of(base);
    (void)worker;
    struct cluster_log *log = log_of(b, topic, partition, out);
    sim_point_often("send");
    enum broker_status status = before_send(b, error);
    if (status == BROKER_OK && sim_refuses(log->topic, out->value)) {
        snprintf(error->text, sizeof error->text, "the simulated cluster takes no such record");
        return BROKER_REFUSED;
    }
    if (status == BROKER_OK)
        queue(b, log, out);
    return status;
}

enum broker_status sim_log(struct broker *base, int worker, int store, int32_t partition, struct weir_str key,
                           struct weir_str value, int64_t timestamp, struct broker_error *error)
{
    struct sim_broker *b = sim_broker_of(base);
    struct weir_out out = {.key = key, .value = value, .timestamp = timestamp};
    (void)worker;
    sim_point_often("log");
    enum broker_status status = before_send(b, error);
    if (status == BROKER_OK)
        queue(b, sim_changelog_of(b, store, partition), &out);
    return status;
}
