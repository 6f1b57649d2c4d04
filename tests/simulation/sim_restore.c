// Changelogs: reading them, and where they end.
#include <stdio.h>
#include <stdlib.h>

#include "memory.h"
#include "sim_client.h"

static const struct sim_input *input_of(const struct sim_broker *b, const struct cluster_log *log)
{
    for (int i = 0; i < b->input_count; i++) {
        if (b->inputs[i].log == log)
            return &b->inputs[i];
    }
    return NULL;
}

// Where it ends; -1: not yet, what is undecided there is decided first.
static int64_t find_end(const struct sim_broker *b, const struct broker_log *want, const struct cluster_log *log)
{
    if (b->program->stores[want->store].changelog_source >= 0) {
        const struct sim_input *input = input_of(b, log);
        return input && input->committed.offset > 0 ? input->committed.offset : 0;
    }
    return cluster_stable(log) < log->count ? -1 : log->count;
}

// For a copy: what is decided.
static int64_t end_for_copy(const struct sim_broker *b, const struct broker_log *want, const struct cluster_log *log)
{
    bool own = b->program->stores[want->store].changelog_source < 0;
    int64_t end = own ? cluster_stable(log) : log->committed.offset;
    return want->from > end && want->from <= log->count ? want->from : end;
}

// Changelogs that are read, by log.
struct reading {
    int64_t end; // -1: not known yet
};

static void find_bounds(struct sim_broker *b, bool copy, struct reading *r, struct broker_log *want)
{
    const struct cluster_log *log = sim_changelog_of(b, want->store, want->partition);
    r->end = copy ? end_for_copy(b, want, log) : find_end(b, want, log);
    if (r->end < 0)
        return;
    if (want->from > r->end) {
        want->status = BROKER_REFUSED;
        return;
    }
    sim_trace("member %d: restores %s %d from %d to %d", b->member, log->topic, (int)log->partition, (int)want->from,
              (int)r->end);
    if (!copy)
        b->restored(b->restored_arg, want, want->from, r->end);
}

// MOST records of it, at most.
static void read_some(struct sim_broker *b, const struct reading *r, struct broker_log *want, uint32_t most)
{
    const struct cluster_log *log = sim_changelog_of(b, want->store, want->partition);
    bool on = true;
    for (; on && most > 0 && want->from < r->end; most--) {
        const struct cluster_record *record = &log->records[want->from];
        if (cluster_is_visible(record) && record->key.p)
            on = want->fn(want->arg, record->key, record->value, record->timestamp, want->from, r->end);
        want->from++;
        sim_point_often("restoring");
    }
    if (!on || want->from == r->end)
        want->status = BROKER_OK;
}

static void read_slice(struct sim_broker *b, bool copy, struct reading *r, struct broker_log *want, uint32_t most)
{
    if (want->status == BROKER_RETRY && !copy && sim_is_leaving(b))
        want->status = BROKER_END;
    if (want->status == BROKER_RETRY && r->end < 0)
        find_bounds(b, copy, r, want);
    if (want->status == BROKER_RETRY && r->end >= 0)
        read_some(b, r, want, most);
}

static struct reading *begin(struct broker_restore *restore)
{
    struct reading *r = memory_new((restore->count + 1) * sizeof *r);
    for (size_t i = 0; i < restore->count; i++) {
        r[i].end = -1;
        restore->logs[i].status = BROKER_RETRY;
    }
    return restore->state = r;
}

void sim_restore_stop(struct broker *base, int worker, struct broker_restore *restore)
{
    (void)base, (void)worker;
    free(restore->state);
    restore->state = NULL;
}

enum broker_status sim_restore(struct broker *base, int worker, struct broker_restore *restore,
                               struct broker_error *error)
{
    bool copy = worker > 0, more = false;
    struct reading *r = restore->state ? restore->state : begin(restore);
    uint32_t most = restore->slice_ms < 0 ? UINT32_MAX : sim_below(20);
    (void)error;
    sim_point("restore");
    for (size_t i = 0; i < restore->count; i++) {
        read_slice(sim_broker_of(base), copy, &r[i], &restore->logs[i], most);
        more |= restore->logs[i].status == BROKER_RETRY;
    }
    sim_point("restored");
    if (!more)
        sim_restore_stop(base, worker, restore);
    return more ? BROKER_RETRY : BROKER_OK;
}

enum broker_status sim_log_end(struct broker *base, int worker, int store, int32_t partition, int64_t *end,
                               struct broker_error *error)
{
    struct sim_broker *b = sim_broker_of(base);
    struct cluster_log *log = sim_changelog_of(b, store, partition);
    (void)worker;
    if (b->commit)
        sim_fail("member %d asks for an end while it commits", b->member);
    if (b->program->stores[store].changelog_source >= 0) {
        const struct sim_input *input = input_of(b, log);
        *end = !input ? 0 : input->position >= 0 ? input->position : input->committed.offset;
        *end = *end > 0 ? *end : 0;
        return BROKER_OK;
    }
    *end = log->count;
    sim_point("asking for the end");
    if (!b->lost && cluster_is_member(b->member))
        return BROKER_OK;
    snprintf(error->text, sizeof error->text, "the group has given the partition to another instance");
    return BROKER_REFUSED;
}
