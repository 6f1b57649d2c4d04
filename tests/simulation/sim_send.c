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

static void queue(struct sim_broker *b, struct cluster_log *log, const struct weir_out *out)
{
    struct sim_unsent *u;
    b->unsent = memory_grow(b->unsent, b->unsent_count, sizeof *b->unsent);
    u = &b->unsent[b->unsent_count++];
    *u = (struct sim_unsent){log, {.key = out->key, .value = out->value, .timestamp = out->timestamp}};
    if (out->key.p)
        u->record.key.p = memory_text(out->key.p, out->key.n);
    if (out->value.p)
        u->record.value.p = memory_text(out->value.p, out->value.n);
}

static void forget(struct sim_broker *b, size_t i)
{
    free((char *)b->unsent[i].record.key.p);
    free((char *)b->unsent[i].record.value.p);
    memmove(&b->unsent[i], &b->unsent[i + 1], (--b->unsent_count - i) * sizeof *b->unsent);
}

// The one before must be through, with all of its markers.
void sim_begin(struct sim_broker *b)
{
    while (b->before && !cluster_is_through(b->before))
        sim_point("waiting for markers");
    b->before = NULL;
    b->txn = cluster_begin(b->producer);
}

bool sim_goes_wrong(struct sim_broker *b)
{
    enum { ONE_IN = 300 };
    if (b->exactly_once && sim.faults && sim_below(ONE_IN) == 0)
        b->aborting = true;
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
    if (b->exactly_once && !b->txn)
        sim_begin(b);
    return BROKER_OK;
}

// Records of one log keep their order.
bool sim_broker_deliver(struct sim_broker *b)
{
    if (b->unsent_count == 0)
        return false;
    size_t i = 0;
    const struct cluster_log *log = b->unsent[sim_below((uint32_t)b->unsent_count)].log;
    while (b->unsent[i].log != log)
        i++;
    if (!b->exactly_once)
        cluster_append(b->unsent[i].log, &b->unsent[i].record, NULL);
    else if (b->txn->state == TXN_OPEN)
        cluster_append(b->unsent[i].log, &b->unsent[i].record, b->txn);
    else
        b->aborting = true;
    forget(b, i);
    return true;
}

void sim_forget_unsent(struct sim_broker *b)
{
    while (b->unsent_count)
        forget(b, b->unsent_count - 1);
}

void sim_flush(struct sim_broker *b)
{
    while (b->unsent_count) {
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
