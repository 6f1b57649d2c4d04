// One client reads changelogs for all workers; each reads those of its tasks at once, into a queue of its own.
#include "kafka_restore.h"

#include <stdlib.h>

#include "kafka_config.h"
#include "kafka_reader.h"
#include "kafka_reading.h"
#include "memory.h"

// How long a record is waited for; in slices others are waiting, too.
enum { WAIT_MS = 100, SLICE_WAIT_MS = 5 };

static rd_kafka_t *reader_of(struct broker_kafka *b, struct broker_error *error)
{
    pthread_mutex_lock(&b->lock);
    if (!b->reader)
        b->reader = kafka_reader_new(b, error);
    rd_kafka_t *reader = b->reader;
    pthread_mutex_unlock(&b->lock);
    return reader;
}

void kafka_restore_close(struct broker_kafka *b)
{
    if (b->reader)
        rd_kafka_destroy(b->reader);
}

// ---- what is no longer needed ----

static bool is_leaving(const struct kafka_worker *w, const struct part *p)
{
    bool leaving = false;
    for (const struct kafka_input *input = w->inputs; w->revoking && input; input = input->next)
        leaving |= input->leaving && input->subtopology == p->subtopology && input->partition == p->log->partition;
    return leaving;
}

// The run ends, or tasks go to somebody else.
static void break_off(struct reading *r)
{
    struct kafka_worker *w = r->w;
    bool stopping =
        atomic_load(&w->b->base.stopping) || (kafka_reading_is_for_copies(r) && atomic_load(&w->b->base.calling));
    pthread_mutex_lock(&w->b->lock);
    for (size_t i = 0; i < r->count; i++) {
        struct part *p = &r->parts[i];
        if (stopping || is_leaving(w, p))
            kafka_reading_finish(r, p, BROKER_END);
    }
    pthread_mutex_unlock(&w->b->lock);
}

// ---- reading ----

static struct part *part_of(struct reading *r, const rd_kafka_message_t *m)
{
    struct part *p = r->last;
    if (WEIR_LIKELY(p && p->handle == m->rkt && p->log->partition == m->partition))
        return p;
    for (size_t i = 0; m->rkt && i < r->count; i++) {
        p = &r->parts[i];
        if (p->handle == m->rkt && p->log->partition == m->partition)
            return r->last = p;
    }
    return NULL;
}

static void take(struct reading *r, struct part *p, const rd_kafka_message_t *m)
{
    struct broker_log *log = p->log;
    if (WEIR_UNLIKELY(p->done || m->offset < p->next))
        return;
    if (WEIR_UNLIKELY(m->offset >= p->end)) {
        kafka_reading_finish(r, p, BROKER_OK);
        return;
    }
    struct weir_str key = {m->key, m->key_len}, value = {m->payload, m->len};
    p->next = m->offset + 1;
    // A row has a key: what has none came from elsewhere, and no table takes it.
    if (key.p && !log->fn(log->arg, key, value, rd_kafka_message_timestamp(m, NULL), m->offset, p->end))
        p->stopped = true;
    if (WEIR_UNLIKELY(p->stopped || p->next >= p->end))
        kafka_reading_finish(r, p, BROKER_OK);
}

static void take_error(struct reading *r, struct part *p, const rd_kafka_message_t *m)
{
    if (m->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        for (; p; p = p->twin) {
            if (m->offset >= p->end)
                kafka_reading_finish(r, p, BROKER_OK);
        }
    } else if (p && !p->done && kafka_reader_is_final(m->err)) {
        kafka_reading_fail(r, p, m->payload ? (const char *)m->payload : rd_kafka_err2str(m->err));
    }
}

// One that is not done.
static const struct part *first_open(const struct reading *r)
{
    const struct part *p = r->parts;
    while (p->done)
        p++;
    return p;
}

// The queue was full, and is empty now: what was in it is on its way through on_message, all of it, since what one leaves goes back into a queue that looks
// empty meanwhile, so that librdkafka would fetch without bound.
static void go_on(struct reading *r)
{
    const struct part *p = first_open(r);
    kafka_reader_nudge(r->w->b, r->reader, p->topic, p->log->partition);
    r->full = false;
}

static void on_message(rd_kafka_message_t *m, void *opaque)
{
    struct reading *r = opaque;
    struct part *p = part_of(r, m);
    if (WEIR_UNLIKELY(!p || r->status != BROKER_OK))
        return;
    if (WEIR_UNLIKELY(m->err != RD_KAFKA_RESP_ERR_NO_ERROR)) {
        take_error(r, p, m);
        return;
    }
    for (; p; p = p->twin)
        take(r, p, m);
    r->bytes += m->len + m->key_len;
    r->taken++;
    if (WEIR_UNLIKELY(r->full && r->open))
        go_on(r);
    if (WEIR_UNLIKELY(!r->open))
        rd_kafka_yield(NULL);
}

static void look_at(struct reading *r)
{
    size_t waiting = rd_kafka_queue_length(r->queue);
    if (r->taken)
        r->full = waiting >= r->most_records || waiting * (r->bytes / r->taken) >= r->most_bytes;
}

static void read_queue(struct reading *r, int wait_ms)
{
    r->bytes = r->taken = 0;
    rd_kafka_consume_callback_queue(r->queue, wait_ms, on_message, r);
    rd_kafka_poll(r->reader, 0);
    break_off(r);
    look_at(r);
}

static bool is_needed(const struct part *p)
{
    while (p && p->done)
        p = p->twin;
    return p != NULL;
}

static void start_part(struct reading *r, struct part *p)
{
    int64_t from = INT64_MAX;
    for (const struct part *each = p; each; each = each->twin)
        from = !each->done && each->next < from ? each->next : from;
    p->handle = rd_kafka_topic_new(r->reader, p->topic, NULL);
    if (rd_kafka_consume_start_queue(p->handle, p->log->partition, from, r->queue) == 0)
        return;
    kafka_reading_fail(r, p, rd_kafka_err2str(rd_kafka_last_error()));
    rd_kafka_topic_destroy(p->handle);
    p->handle = NULL;
}

static void start(struct reading *r)
{
    const rd_kafka_conf_t *conf = rd_kafka_conf(r->reader);
    r->queue = rd_kafka_queue_new(r->reader);
    r->most_records = (size_t)kafka_config_number(conf, "queued.min.messages");
    r->most_bytes = (size_t)kafka_config_number(conf, "queued.max.messages.kbytes") * 1024;
    for (size_t i = 0; i < r->count && r->status == BROKER_OK; i++) {
        if (!r->parts[i].has_elder && is_needed(&r->parts[i]))
            start_part(r, &r->parts[i]);
    }
}

// ---- all of it ----

static void join_twins(struct part *parts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t e = i; e-- > 0 && !parts[i].has_elder;) {
            if (parts[e].log->partition != parts[i].log->partition || strcmp(parts[e].topic, parts[i].topic) != 0)
                continue;
            parts[e].twin = &parts[i];
            parts[i].has_elder = true;
        }
    }
}

static struct part *parts_of(const struct kafka_worker *w, struct broker_log *logs, size_t count)
{
    struct part *parts = memory_new(count * sizeof *parts);
    for (size_t i = 0; i < count; i++) {
        const struct weir_store *store = &w->b->program->stores[logs[i].store];
        logs[i].status = BROKER_RETRY;
        parts[i] = (struct part){.log = &logs[i],
                                 .name = memory_format("%s", store->name),
                                 .topic = kafka_changelog_name(w->b, store),
                                 .subtopology = store->subtopology,
                                 .is_source = store->changelog_source >= 0};
    }
    join_twins(parts, count);
    return parts;
}

static struct reading *begin(struct kafka_worker *w, struct broker_restore *restore, struct broker_error *error)
{
    rd_kafka_t *reader = reader_of(w->b, error);
    if (!reader)
        return NULL;
    struct reading *r = memory_new(sizeof *r);
    *r = (struct reading){.w = w,
                          .reader = reader,
                          .parts = parts_of(w, restore->logs, restore->count),
                          .count = restore->count,
                          .open = restore->count};
    return r;
}

static void end(struct reading *r)
{
    for (size_t i = 0; i < r->count; i++) {
        struct part *p = &r->parts[i];
        if (p->handle) {
            rd_kafka_consume_stop(p->handle, p->log->partition);
            rd_kafka_topic_destroy(p->handle);
        }
        free(p->name);
        free(p->topic);
    }
    if (r->lows)
        rd_kafka_topic_partition_list_destroy(r->lows);
    if (r->ends)
        rd_kafka_topic_partition_list_destroy(r->ends);
    if (r->queue)
        rd_kafka_queue_destroy(r->queue);
    free(r->parts);
    free(r);
}

// False: there was nothing to read.
static bool step(struct reading *r, int wait_ms)
{
    break_off(r);
    if (r->open && !r->ends)
        kafka_reading_bounds(r);
    if (r->open && r->ends && !r->queue && r->status == BROKER_OK)
        start(r);
    if (r->open && r->queue && r->status == BROKER_OK)
        read_queue(r, wait_ms);
    return r->taken > 0;
}

enum broker_status kafka_restore(struct kafka_worker *w, struct broker_restore *restore, struct broker_error *error)
{
    bool whole = restore->slice_ms < 0, some;
    int64_t until = kafka_now() + restore->slice_ms;
    struct reading *r = restore->state ? restore->state : begin(w, restore, error);
    if (!r)
        return BROKER_FATAL;
    r->error = error;
    do
        some = step(r, whole ? WAIT_MS : SLICE_WAIT_MS);
    while (r->open && r->status == BROKER_OK && (whole || (some && kafka_now() < until)));
    enum broker_status status = r->status;
    bool more = r->open && status == BROKER_OK;
    restore->state = more ? r : NULL;
    if (!more)
        end(r);
    return more ? BROKER_RETRY : status;
}

void kafka_restore_stop(struct broker_restore *restore)
{
    end(restore->state);
    restore->state = NULL;
}
