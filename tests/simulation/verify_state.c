// The state on disk against the changelogs.
#include <stdio.h>
#include <stdlib.h>

#include "cluster.h"
#include "memory.h"
#include "sim.h"
#include "sim_broker.h"
#include "sim_disk.h"
#include "verify.h"
#include "weir_ops.h"

struct state {
    const struct weir_store *store;
    const struct cluster_log *log;
    int64_t end;  // of the log, as it is to be
    uint32_t id;  // on disk; 0: it was never saved
    int64_t mark; // the offset that its rows are as new as
    int rows;
};

static void take_meta(void *arg, struct weir_str key, struct weir_str value)
{
    struct state *s = arg;
    struct weir_str name = {key.p + DISK_ID, key.n - DISK_ID};
    if (weir_get_i32be(key.p) != 0 || value.n != DISK_META || name.n != strlen(s->store->name) ||
        memcmp(name.p, s->store->name, name.n) != 0)
        return;
    s->id = (uint32_t)weir_get_i32be(value.p);
    s->mark = weir_get_i64be(value.p + 13);
}

static const struct cluster_record *last_of(const struct state *s, struct weir_str key)
{
    for (int64_t i = s->end; i-- > 0;) {
        const struct cluster_record *r = &s->log->records[i];
        if (cluster_is_visible(r) && r->key.p && weir_eq_str(r->key, key))
            return r;
    }
    return NULL;
}

static void check_row(void *arg, struct weir_str key, struct weir_str value)
{
    struct state *s = arg;
    if (key.n < DISK_PREFIX || (uint32_t)weir_get_i32be(key.p) != s->id)
        return;
    struct weir_str own = {key.p + DISK_PREFIX, key.n - DISK_PREFIX}, saved = {value.p + 8, value.n - 8};
    const struct cluster_record *r = last_of(s, own);
    s->rows++;
    char shown[SIM_SHOWN], on_disk[SIM_SHOWN], in_log[SIM_SHOWN];
    sim_shown(shown, own.p, own.n);
    if (!r || !r->value.p)
        sim_fail("store %s, partition %d, has a row that its changelog has not: %s", s->store->name,
                 (int)s->log->partition, shown);
    if (!weir_eq_str(r->value, saved) || r->timestamp != weir_get_i64be(value.p))
        sim_fail("store %s, partition %d, key %s: the disk has %s @%d, the changelog %s @%d", s->store->name,
                 (int)s->log->partition, shown, sim_shown(on_disk, saved.p, saved.n), (int)weir_get_i64be(value.p),
                 sim_shown(in_log, r->value.p, r->value.n), (int)r->timestamp);
}

static int rows_of_log(const struct state *s)
{
    int count = 0;
    for (int64_t i = 0; i < s->end; i++) {
        const struct cluster_record *r = &s->log->records[i];
        count += cluster_is_visible(r) && r->key.p && r->value.p && last_of(s, r->key) == r;
    }
    return count;
}

// What is held back is in memory only.
static bool is_on_disk(const struct weir_store *store)
{
    return store->kind != WEIR_STORE_BUFFER && store->kind != WEIR_STORE_PARKED && store->kind != WEIR_STORE_WAITING;
}

// Rows that retention has left behind are still in the changelog.
static void check_store(const struct weir_program *program, int store, int32_t partition, const char *path)
{
    char topic[SIM_TOPIC];
    struct state s = {.store = &program->stores[store]};
    sim_changelog(topic, program, s.store);
    s.log = cluster_log(topic, partition);
    s.end = s.store->changelog_source < 0 ? s.log->count : s.log->committed.offset;
    bool there = sim_disk_read(path, take_meta, &s);
    if (there && s.id)
        sim_disk_read(path, check_row, &s);
    int rows = rows_of_log(&s);
    if (s.store->retention ? s.rows > rows : s.rows != rows)
        sim_fail("store %s, partition %d: the disk has %d rows, the changelog %d", s.store->name, (int)partition,
                 s.rows, rows);
}

void verify_state(const struct weir_program *program, const char *state_dir)
{
    for (int s = 0; s < program->store_count; s++) {
        for (int32_t p = 0; p < cluster.partitions && is_on_disk(&program->stores[s]); p++) {
            char *path = memory_format("%s/%s/%d_%d", state_dir, program->app, program->stores[s].subtopology, (int)p);
            check_store(program, s, p, path);
            free(path);
        }
    }
}
