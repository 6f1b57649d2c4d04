#include "cluster.h"

#include <stdlib.h>

#include "memory.h"
#include "sim.h"

struct cluster cluster;

static const struct cluster_offset nothing = {.offset = -1};

void cluster_start(int32_t partitions)
{
    cluster = (struct cluster){.partitions = partitions};
    for (int p = 0; p < CLUSTER_OBSERVERS; p++)
        cluster.owner[p] = -1;
}

void cluster_free(void)
{
    for (int i = 0; i < cluster.log_count; i++) {
        struct cluster_log *log = &cluster.logs[i];
        for (int64_t r = 0; r < log->count; r++) {
            free((char *)log->records[r].key.p);
            free((char *)log->records[r].value.p);
        }
        free(log->records);
        free(log->topic);
    }
    for (struct cluster_txn *t = cluster.txns, *next; t; t = next) {
        next = t->next;
        free(t);
    }
}

// ---- logs ----

struct cluster_log *cluster_log(const char *topic, int32_t partition)
{
    struct cluster_log *log = cluster.logs;
    for (; log < cluster.logs + cluster.log_count; log++) {
        if (log->partition == partition && strcmp(log->topic, topic) == 0)
            return log;
    }
    if (++cluster.log_count > CLUSTER_LOGS)
        sim_fail("a simulated cluster has at most %d logs", CLUSTER_LOGS);
    *log =
        (struct cluster_log){.topic = memory_text(topic, strlen(topic)), .partition = partition, .committed = nothing};
    for (int i = 0; i < CLUSTER_OBSERVERS; i++)
        log->committed.times[i] = -1;
    return log;
}

static struct weir_str copy(struct weir_str s)
{
    return s.p ? (struct weir_str){memory_text(s.p, s.n), s.n} : s;
}

static void note_part(struct cluster_txn *txn, struct cluster_log *log)
{
    for (int i = 0; i < txn->log_count; i++) {
        if (txn->logs[i] == log)
            return;
    }
    txn->first[txn->log_count] = log->count;
    txn->logs[txn->log_count++] = log;
}

static void tell(const struct cluster_log *log, const struct weir_record *r)
{
    char key[SIM_SHOWN], value[SIM_SHOWN];
    sim_tell("    %s %d, %d: %s => %s @%d", log->topic, (int)log->partition, (int)log->count,
             sim_shown(key, r->key.p, r->key.n), sim_shown(value, r->value.p, r->value.n), (int)r->timestamp);
}

void cluster_append(struct cluster_log *log, const struct weir_record *record, struct cluster_txn *txn)
{
    if (sim.traced)
        tell(log, record);
    if (txn)
        note_part(txn, log);
    log->records = memory_grow(log->records, (size_t)log->count, sizeof *log->records);
    log->records[log->count++] = (struct cluster_record){
        .key = copy(record->key), .value = copy(record->value), .timestamp = record->timestamp, .txn = txn};
}

int64_t cluster_stable(const struct cluster_log *log)
{
    int64_t stable = log->count;
    for (const struct cluster_txn *t = cluster.txns; t; t = t->next) {
        for (int i = 0; i < t->log_count; i++) {
            if (t->logs[i] == log && t->first[i] < stable)
                stable = t->first[i];
        }
    }
    return stable;
}

// ---- transactions ----

struct cluster_txn *cluster_begin(int producer)
{
    struct cluster_txn *txn = memory_new(sizeof *txn);
    txn->producer = producer;
    txn->began = sim.now;
    txn->next = cluster.txns;
    return cluster.txns = txn;
}

void cluster_decide(struct cluster_txn *txn, enum txn_state state)
{
    txn->state = state;
}

void cluster_add_offset(struct cluster_txn *txn, struct cluster_log *input, const struct cluster_offset *offset)
{
    txn->inputs[txn->offset_count] = input;
    txn->offsets[txn->offset_count++] = *offset;
    input->offset_in = txn;
}

// The offsets' marker is one as well; which comes first is open.
bool cluster_mark(struct cluster_txn *txn)
{
    int parts = txn->log_count + (txn->offset_count > 0);
    if (txn->state == TXN_OPEN || parts == 0)
        return false;
    int i = (int)sim_below((uint32_t)parts);
    if (i == txn->log_count) {
        for (int o = 0; o < txn->offset_count; o++) {
            txn->inputs[o]->offset_in = NULL;
            if (txn->state == TXN_COMMITTED)
                txn->inputs[o]->committed = txn->offsets[o];
        }
        txn->offset_count = 0;
        return true;
    }
    struct cluster_log *log = txn->logs[i];
    txn->logs[i] = txn->logs[--txn->log_count];
    txn->first[i] = txn->first[txn->log_count];
    log->records = memory_grow(log->records, (size_t)log->count, sizeof *log->records);
    log->records[log->count++] = (struct cluster_record){.txn = txn, .marker = true};
    return true;
}

bool cluster_is_through(const struct cluster_txn *txn)
{
    return txn->state != TXN_OPEN && txn->log_count == 0 && txn->offset_count == 0;
}

bool cluster_fence(int producer)
{
    bool through = true;
    for (struct cluster_txn *t = cluster.txns; t; t = t->next) {
        if (t->producer != producer)
            continue;
        if (t->state == TXN_OPEN)
            cluster_decide(t, TXN_ABORTED);
        through &= cluster_is_through(t);
    }
    return through;
}

void cluster_go_on(void)
{
    enum { TIMEOUT_MS = 3000 };
    for (struct cluster_txn *t = cluster.txns; t; t = t->next) {
        if (t->state == TXN_OPEN && sim.now - t->began > TIMEOUT_MS) {
            sim_trace("cluster: a transaction has lasted too long");
            cluster_decide(t, TXN_ABORTED);
        }
        if (sim_chance(30))
            cluster_mark(t);
    }
}

bool cluster_is_at_rest(void)
{
    const struct cluster_txn *t = cluster.txns;
    while (t && cluster_is_through(t))
        t = t->next;
    return !t;
}

// ---- the group ----

void cluster_rebalance(void)
{
    cluster.rebalancing = true;
    for (int m = 0; m < cluster.member_count; m++) {
        cluster.members[m].joined = cluster.members[m].generation < 0;
        cluster.members[m].revoking = cluster.members[m].there && !cluster.members[m].joined;
    }
}

// In ranges, as members happen to be in order.
static void assign(void)
{
    int order[CLUSTER_MEMBERS] = {0}, count = 0;
    for (int m = 0; m < cluster.member_count; m++) {
        if (!cluster.members[m].there)
            continue;
        int at = (int)sim_below((uint32_t)count + 1);
        order[count++] = order[at];
        order[at] = m;
    }
    for (int32_t p = 0; p < cluster.partitions; p++)
        cluster.owner[p] = count ? order[p * count / cluster.partitions] : -1;
    cluster.generation++;
    cluster.rebalancing = false;
    for (int i = 0; i < count; i++) {
        cluster.members[order[i]].generation = cluster.generation;
        cluster.members[order[i]].assigned = true;
    }
    sim_trace("group: generation %d of %d members", cluster.generation, count);
}

static void look_whether_all_joined(void)
{
    for (int m = 0; m < cluster.member_count; m++) {
        if (cluster.members[m].there && !cluster.members[m].joined)
            return;
    }
    if (cluster.rebalancing)
        assign();
}

int cluster_join(void)
{
    if (cluster.member_count == CLUSTER_MEMBERS)
        sim_fail("a simulated group has at most %d members in all", CLUSTER_MEMBERS);
    int m = cluster.member_count++;
    cluster.members[m] = (struct cluster_member){.there = true, .generation = -1};
    cluster_rebalance();
    look_whether_all_joined();
    return m;
}

void cluster_leave(int member)
{
    if (!cluster.members[member].there)
        return;
    cluster.members[member].there = false;
    cluster_rebalance();
    look_whether_all_joined();
}

void cluster_miss(void)
{
    for (int m = 0; m < cluster.member_count; m++) {
        if (!cluster.members[m].dead || !cluster.members[m].there)
            continue;
        sim_trace("group: member %d is missed", m);
        cluster_leave(m);
    }
}

void cluster_revoked(int member)
{
    cluster.members[member].revoking = cluster.members[member].assigned = false;
    cluster.members[member].joined = true;
    look_whether_all_joined();
}

bool cluster_is_member(int member)
{
    return member >= 0 && cluster.members[member].there && cluster.members[member].generation == cluster.generation;
}
