// Changelogs: reading them, and where they end.
#include <stdio.h>

#include "sim_client.h"

static const struct sim_input *input_of(const struct sim_broker *b, const struct cluster_log *log)
{
    for (int i = 0; i < b->input_count; i++) {
        if (b->inputs[i].log == log)
            return &b->inputs[i];
    }
    return NULL;
}

// What is undecided there is decided first. False: the partitions are going.
static bool find_end(const struct sim_broker *b, const struct broker_log *want, const struct cluster_log *log,
                     int64_t *end)
{
    *end = log->count;
    if (b->program->stores[want->store].changelog_source >= 0) {
        const struct sim_input *input = input_of(b, log);
        *end = input && input->committed.offset > 0 ? input->committed.offset : 0;
        return true;
    }
    while (!sim_is_leaving(b) && cluster_stable(log) < *end)
        sim_point("waiting for a changelog");
    return !sim_is_leaving(b);
}

// For a copy: what is decided.
static int64_t end_for_copy(const struct sim_broker *b, const struct broker_log *want, const struct cluster_log *log)
{
    bool own = b->program->stores[want->store].changelog_source < 0;
    int64_t end = own ? cluster_stable(log) : log->committed.offset;
    return want->from > end && want->from <= log->count ? want->from : end;
}

static void restore(struct sim_broker *b, bool copy, struct broker_log *want)
{
    const struct cluster_log *log = sim_changelog_of(b, want->store, want->partition);
    int64_t end, from = want->from;
    want->status = BROKER_END;
    if (copy)
        end = end_for_copy(b, want, log);
    else if (!find_end(b, want, log, &end))
        return;
    want->status = from > end ? BROKER_REFUSED : BROKER_OK;
    if (from > end)
        return;
    sim_trace("member %d: restores %s %d from %d to %d", b->member, log->topic, (int)log->partition, (int)from,
              (int)end);
    if (!copy)
        b->restored(b->restored_arg, want, from, end);
    for (int64_t o = from; o < end; o++) {
        struct cluster_record *r = &log->records[o];
        want->from = o + 1;
        if (cluster_is_visible(r) && r->key.p && !want->fn(want->arg, r->key, r->value, r->timestamp, o, end))
            return;
        sim_point_often("restoring");
        if (!copy && sim_is_leaving(b)) {
            want->status = BROKER_END;
            return;
        }
    }
    want->from = end;
}

enum broker_status sim_restore(struct broker *base, int worker, struct broker_log *logs, size_t count,
                               struct broker_error *error)
{
    (void)error;
    sim_point("restore");
    for (size_t i = 0; i < count; i++)
        restore(sim_broker_of(base), worker > 0, &logs[i]);
    sim_point("restored");
    return BROKER_OK;
}

enum broker_status sim_log_end(struct broker *base, int worker, int store, int32_t partition, int64_t *end,
                               struct broker_error *error)
{
    struct sim_broker *b = sim_broker_of(base);
    struct cluster_log *log = sim_changelog_of(b, store, partition);
    (void)worker;
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
