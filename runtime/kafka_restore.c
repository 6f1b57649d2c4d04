// One client reads changelogs for all workers; each reads those of its tasks at once, into a queue of its own.
#include "kafka_restore.h"

#include <stdlib.h>
#include <unistd.h>

#include "kafka_config.h"
#include "kafka_reader.h"
#include "kafka_standby.h"
#include "memory.h"

// A changelog that is read, or the part of it that one store still needs.
struct part {
    struct broker_log *log;
    const struct weir_store *store;
    char *topic;
    rd_kafka_topic_t *handle; // NULL: it is not read
    int64_t low, next, end;   // offsets; NEXT: of what is read next
    bool done;
    bool stopped;      // by the caller
    struct part *twin; // another one of the same topic and partition: they are read once
    bool has_elder;    // it is somebody's twin
};

struct reading {
    struct kafka_worker *w;
    rd_kafka_t *reader;
    struct part *parts;
    size_t count, open;              // those that are not done
    struct part *last;               // records come in runs
    size_t bytes, taken;             // since the worker was last in control
    size_t most_records, most_bytes; // that librdkafka fetches ahead
    bool full;                       // it had as many, and has stopped
    struct broker_error *error;
    enum broker_status status;
};

enum { STEP_MS = 100 };

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

static void finish(struct reading *r, struct part *p)
{
    r->open -= !p->done;
    p->done = true;
}

static void fail(struct reading *r, const struct part *p, const char *why)
{
    r->status = kafka_fail(r->error, "restoring %s from topic %s, partition %d: %s", p->store->name, p->topic,
                           (int)p->log->partition, why);
}

// ---- what is no longer needed ----

static bool is_leaving(const struct kafka_worker *w, const struct part *p)
{
    bool leaving = false;
    for (const struct kafka_input *input = w->inputs; w->revoking && input; input = input->next)
        leaving |=
            input->leaving && input->subtopology == p->store->subtopology && input->partition == p->log->partition;
    return leaving;
}

static bool is_for_copies(const struct reading *r)
{
    return r->w->index == r->w->b->worker_count;
}

// The run ends, or tasks go to somebody else.
static void break_off(struct reading *r)
{
    struct kafka_worker *w = r->w;
    bool stopping = atomic_load(&w->b->base.stopping) || (is_for_copies(r) && atomic_load(&w->b->base.calling));
    pthread_mutex_lock(&w->b->lock);
    for (size_t i = 0; i < r->count; i++) {
        struct part *p = &r->parts[i];
        if (p->done || !(stopping || is_leaving(w, p)))
            continue;
        p->log->status = BROKER_END;
        finish(r, p);
    }
    pthread_mutex_unlock(&w->b->lock);
}

// ---- where the logs begin and end ----

static int64_t committed(const struct reading *r, const struct part *p)
{
    const struct kafka_input *input = r->w->inputs;
    if (is_for_copies(r)) {
        int64_t offset = kafka_standby_committed(r->w->b, p->topic, p->log->partition);
        return offset < 0 ? p->log->from : offset;
    }
    while (input && (input->partition != p->log->partition || strcmp(input->topic, p->topic) != 0))
        input = input->next;
    return input && input->start > 0 ? input->start : 0;
}

static rd_kafka_topic_partition_list_t *list_open(const struct reading *r, int64_t offset)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)r->count);
    for (size_t i = 0; i < r->count; i++) {
        const struct part *p = &r->parts[i];
        if (!p->done && !p->has_elder)
            rd_kafka_topic_partition_list_add(list, p->topic, p->log->partition)->offset = offset;
    }
    return list;
}

// What the cluster answers for OFFSET, RD_KAFKA_OFFSET_BEGINNING or _END, of all parts that are open. NULL: failed, or none is open any more.
static rd_kafka_topic_partition_list_t *ask(struct reading *r, int64_t offset)
{
    while (r->open) {
        rd_kafka_topic_partition_list_t *list = list_open(r, offset);
        // The reader stops before transactions that are under way; what they wrote is to be waited for. Copies for
        // others need not wait, and have no producer.
        rd_kafka_t *client = offset == RD_KAFKA_OFFSET_END && r->w->producer ? r->w->producer : r->reader;
        rd_kafka_resp_err_t err = rd_kafka_offsets_for_times(client, list, KAFKA_READER_ANSWER_MS);
        const struct part *bad = NULL;
        for (size_t i = 0; i < r->count; i++) {
            const struct part *p = &r->parts[i];
            const rd_kafka_topic_partition_t *tp =
                rd_kafka_topic_partition_list_find(list, p->topic, p->log->partition);
            if (tp && tp->err) {
                bad = p;
                err = tp->err;
            }
        }
        if (!err)
            return list;
        rd_kafka_topic_partition_list_destroy(list);
        if (kafka_reader_is_final(err)) {
            fail(r, bad ? bad : &r->parts[0], rd_kafka_err2str(err));
            return NULL;
        }
        usleep(KAFKA_READER_PAUSE_US);
        break_off(r);
    }
    return NULL;
}

static int64_t answer(const rd_kafka_topic_partition_list_t *list, const struct part *p)
{
    return rd_kafka_topic_partition_list_find((rd_kafka_topic_partition_list_t *)(uintptr_t)list, p->topic,
                                              p->log->partition)
        ->offset;
}

static void set_bounds(struct reading *r, struct part *p)
{
    struct broker_log *log = p->log;
    if (p->store->changelog_source >= 0) {
        // What is behind it comes as records.
        int64_t most = committed(r, p);
        p->end = most < p->end ? most : p->end;
    }
    if (log->from > 0 && (log->from < p->low || log->from > p->end)) {
        log->status = BROKER_REFUSED;
        finish(r, p);
        return;
    }
    p->next = log->from < p->low ? p->low : log->from;
    if (p->next >= p->end)
        finish(r, p);
}

static void find_bounds(struct reading *r)
{
    rd_kafka_topic_partition_list_t *lows = ask(r, RD_KAFKA_OFFSET_BEGINNING);
    rd_kafka_topic_partition_list_t *ends = lows ? ask(r, RD_KAFKA_OFFSET_END) : NULL;
    for (size_t i = 0; ends && i < r->count; i++) {
        struct part *p = &r->parts[i];
        if (p->done)
            continue;
        p->low = answer(lows, p);
        p->end = answer(ends, p);
        set_bounds(r, p);
    }
    if (lows)
        rd_kafka_topic_partition_list_destroy(lows);
    if (ends)
        rd_kafka_topic_partition_list_destroy(ends);
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
        finish(r, p);
        return;
    }
    struct weir_str key = {m->key, m->key_len}, value = {m->payload, m->len};
    p->next = m->offset + 1;
    // A row has a key: what has none came from elsewhere, and no table takes it.
    if (key.p && !log->fn(log->arg, key, value, rd_kafka_message_timestamp(m, NULL), m->offset, p->end))
        p->stopped = true;
    if (WEIR_UNLIKELY(p->stopped || p->next >= p->end))
        finish(r, p);
}

static void take_error(struct reading *r, struct part *p, const rd_kafka_message_t *m)
{
    if (m->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        for (; p; p = p->twin) {
            if (m->offset >= p->end)
                finish(r, p);
        }
    } else if (p && !p->done && kafka_reader_is_final(m->err)) {
        fail(r, p, m->payload ? (const char *)m->payload : rd_kafka_err2str(m->err));
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

static void look_at(struct reading *r, rd_kafka_queue_t *queue)
{
    size_t waiting = rd_kafka_queue_length(queue);
    if (r->taken)
        r->full = waiting >= r->most_records || waiting * (r->bytes / r->taken) >= r->most_bytes;
}

static void read_queue(struct reading *r, rd_kafka_queue_t *queue)
{
    while (r->open && r->status == BROKER_OK) {
        r->bytes = r->taken = 0;
        rd_kafka_consume_callback_queue(queue, STEP_MS, on_message, r);
        rd_kafka_poll(r->reader, 0);
        break_off(r);
        look_at(r, queue);
    }
}

static bool is_needed(const struct part *p)
{
    while (p && p->done)
        p = p->twin;
    return p != NULL;
}

static void start(struct reading *r, struct part *p, rd_kafka_queue_t *queue)
{
    int64_t from = INT64_MAX;
    for (const struct part *each = p; each; each = each->twin)
        from = !each->done && each->next < from ? each->next : from;
    p->handle = rd_kafka_topic_new(r->reader, p->topic, NULL);
    if (rd_kafka_consume_start_queue(p->handle, p->log->partition, from, queue) == 0)
        return;
    fail(r, p, rd_kafka_err2str(rd_kafka_last_error()));
    rd_kafka_topic_destroy(p->handle);
    p->handle = NULL;
}

static void read_all(struct reading *r)
{
    const rd_kafka_conf_t *conf = rd_kafka_conf(r->reader);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(r->reader);
    r->most_records = (size_t)kafka_config_number(conf, "queued.min.messages");
    r->most_bytes = (size_t)kafka_config_number(conf, "queued.max.messages.kbytes") * 1024;
    for (size_t i = 0; i < r->count && r->status == BROKER_OK; i++) {
        if (!r->parts[i].has_elder && is_needed(&r->parts[i]))
            start(r, &r->parts[i], queue);
    }
    read_queue(r, queue);
    for (size_t i = 0; i < r->count; i++) {
        struct part *p = &r->parts[i];
        if (!p->handle)
            continue;
        rd_kafka_consume_stop(p->handle, p->log->partition);
        rd_kafka_topic_destroy(p->handle);
    }
    rd_kafka_queue_destroy(queue);
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
        logs[i].status = BROKER_OK;
        parts[i] = (struct part){.log = &logs[i], .store = store, .topic = kafka_changelog_name(w->b, store)};
    }
    join_twins(parts, count);
    return parts;
}

enum broker_status kafka_restore(struct kafka_worker *w, struct broker_log *logs, size_t count,
                                 struct broker_error *error)
{
    rd_kafka_t *reader = reader_of(w->b, error);
    if (!reader)
        return BROKER_FATAL;
    struct reading r = {.w = w,
                        .reader = reader,
                        .parts = parts_of(w, logs, count),
                        .count = count,
                        .open = count,
                        .error = error,
                        .status = BROKER_OK};
    find_bounds(&r);
    if (r.open && r.status == BROKER_OK)
        read_all(&r);
    for (size_t i = 0; i < count; i++) {
        const struct part *p = &r.parts[i];
        if (logs[i].status == BROKER_OK)
            logs[i].from = p->stopped || p->end < p->next ? p->next : p->end;
        free(p->topic);
    }
    free(r.parts);
    return r.status;
}
