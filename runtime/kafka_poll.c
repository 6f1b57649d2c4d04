#include "kafka_poll.h"

#include <stdlib.h>

#include "kafka_assignment.h"
#include "kafka_bounds.h"
#include "kafka_order.h"
#include "kafka_pipeline.h"
#include "kafka_producer.h"
#include "kafka_record.h"
#include "kafka_service.h"
#include "kafka_trouble.h"

// ---- one record ----

// Gives D to the sources from FIRST on that read its topic. A source that declines it is left in *first; false then.
static bool give(struct kafka_worker *w, struct kafka_input *input, int *first, struct broker_delivery *d)
{
    for (; *first < input->source_count; ++*first) {
        d->source = input->sources[*first];
        d->again = *first > 0;
        if (!w->fn(w->fn_arg, d))
            return false;
    }
    atomic_store_explicit(&input->position, d->record.offset + 1, memory_order_relaxed);
    if (d->record.timestamp > input->time)
        input->time = d->record.timestamp;
    w->taken++;
    w->uncommitted = true;
    return true;
}

// Gives those that wait, as far as they are wanted.
static void give_waiting(struct kafka_worker *w)
{
    struct kafka_ahead *a = &w->ahead;
    if (a->at == 0 && a->count > 1 && w->listener->coming)
        w->listener->coming(w->listener_arg, a->records, a->count);
    while (a->at < a->count && w->taken < w->wanted && !w->stopped) {
        w->stopped = !give(w, a->inputs[a->at], &a->source, &a->records[a->at]);
        if (!w->stopped) {
            a->at++;
            a->source = 0;
        }
    }
}

// ---- librdkafka's queue ----

static void fail(struct kafka_worker *w, const rd_kafka_message_t *m)
{
    w->stopped = true;
    kafka_trouble_of_records(w, "reading topic %s, partition %d: %s", m->rkt ? rd_kafka_topic_name(m->rkt) : "?",
                             (int)m->partition, m->payload ? (const char *)m->payload : rd_kafka_err2str(m->err));
}

void kafka_poll_event(struct kafka_worker *w, const rd_kafka_message_t *m)
{
    struct kafka_input *input = kafka_assignment_find(w, m);
    if (input && m->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
        atomic_store(&input->end, m->offset);
    else if (input && (m->err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET || kafka_trouble_is_final(m->err)))
        fail(w, m);
}

static void nudge(struct kafka_worker *w, size_t bytes)
{
    struct broker_kafka *b = w->b;
    w->since_kick += (int64_t)bytes;
    if (WEIR_LIKELY(w->since_kick < b->kick_bytes) || !b->kick_bytes)
        return;
    w->since_kick = 0;
    kafka_service_nudge(b);
}

bool kafka_poll_give(struct kafka_worker *w, struct kafka_input *input, int *first, const rd_kafka_message_t *m)
{
    struct broker_delivery d;
    kafka_record_read(&d, w, input, m);
    nudge(w, m->len);
    return give(w, input, first, &d);
}

// Nobody is told of M before: it need not wait, unless it is not wanted yet.
static void take_at_once(struct kafka_worker *w, struct kafka_input *input, const rd_kafka_message_t *m)
{
    struct broker_delivery d;
    int source = 0;
    kafka_record_read(&d, w, input, m);
    w->stopped = !give(w, input, &source, &d);
    if (WEIR_UNLIKELY(w->stopped)) {
        kafka_record_wait(w, input, m);
        w->ahead.source = source;
    }
}

static void on_message(rd_kafka_message_t *m, void *opaque)
{
    struct kafka_worker *w = opaque;
    if (WEIR_UNLIKELY(atomic_load_explicit(&w->pending, memory_order_relaxed)))
        kafka_assignment_update(w);
    if (WEIR_UNLIKELY(w->stopped)) { // at the handover
        rd_kafka_yield(NULL);
        return;
    }
    if (WEIR_UNLIKELY(m->err)) {
        kafka_poll_event(w, m);
        if (w->stopped)
            rd_kafka_yield(NULL);
        return;
    }
    struct kafka_input *input = kafka_assignment_find(w, m);
    if (WEIR_UNLIKELY(!input))
        return; // of a partition that is no longer ours
    kafka_poll_not_at_end(w, input);
    nudge(w, m->len);
    if (!w->listener->coming)
        take_at_once(w, input, m);
    else if (kafka_record_wait(w, input, m))
        give_waiting(w);
    if (w->stopped || w->taken >= w->wanted)
        rd_kafka_yield(NULL); // the rest goes back to the head of the queue
}

// ---- the end of the input, with exit_at_end ----

// Records of transactions that are not committed yet are behind what librdkafka calls the end.
static bool is_at_end(const struct broker_kafka *b, const struct kafka_input *input)
{
    int64_t low, high, end = atomic_load(&input->end);
    return end >= 0 &&
           (rd_kafka_get_watermark_offsets(b->consumer, input->topic, input->partition, &low, &high) || end >= high);
}

bool kafka_poll_at_end(const struct kafka_worker *w, int subtopology, int32_t partition)
{
    if (atomic_load_explicit(&w->b->suspect, memory_order_relaxed) || !kafka_record_none_waits(w))
        return false;
    for (const struct kafka_input *input = w->inputs; input; input = input->next) {
        if (input->subtopology == subtopology && input->partition == partition && !is_at_end(w->b, input))
            return false;
    }
    return true;
}

static bool all_at_end(const struct broker_kafka *b, const struct kafka_input *list)
{
    while (list && is_at_end(b, list))
        list = list->next;
    return list == NULL;
}

// Whether everything that any worker has written to internal topics has been read again, in CLIENT's eyes. With b->lock.
static bool internal_read(rd_kafka_t *client, const struct kafka_input *list)
{
    for (; list; list = list->next) {
        int64_t end = RD_KAFKA_OFFSET_END;
        if (!list->internal)
            continue;
        if (kafka_bounds_ask_one(client, list->topic, list->partition, &end) || atomic_load(&list->end) < end)
            return false;
    }
    return true;
}

static bool everyone_at_end(struct broker_kafka *b)
{
    for (int i = 0; i < b->worker_count; i++) {
        if (!atomic_load(&b->workers[i].at_end))
            return false;
    }
    return true;
}

static enum broker_status look_for_end(struct kafka_worker *w, struct broker_error *error)
{
    struct broker_kafka *b = w->b;
    if (!atomic_load(&b->assigned) || atomic_load(&w->pending) || !kafka_record_none_waits(w) ||
        !all_at_end(b, w->inputs))
        return BROKER_OK;
    enum broker_status status = kafka_pipeline_settle(w, error);
    if (status != BROKER_OK)
        return status;
    if (w->uncommitted)
        return BROKER_END; // for this worker: the commit may send on what stores hold back
    if (!atomic_load(&w->at_end)) {
        status = kafka_producer_flush(w, error);
        if (status != BROKER_OK)
            return status;
        atomic_store(&w->at_end, true);
    }
    if (!everyone_at_end(b))
        return BROKER_OK;
    pthread_mutex_lock(&b->lock);
    bool ended = true;
    for (int i = 0; ended && i < b->worker_count; i++)
        ended = !b->workers[i].incoming && internal_read(w->producer, b->workers[i].inputs);
    pthread_mutex_unlock(&b->lock);
    if (!ended || !everyone_at_end(b))
        return BROKER_OK;
    atomic_store(&b->ended, true);
    for (int i = 0; i < b->worker_count; i++)
        rd_kafka_queue_yield(b->workers[i].queue);
    return BROKER_END;
}

// ---- polling ----

static enum broker_status outcome(struct kafka_worker *w, struct broker_error *error)
{
    struct broker_kafka *b = w->b;
    if (WEIR_UNLIKELY(w->failed)) {
        *error = w->error;
        return BROKER_FATAL;
    }
    if (WEIR_UNLIKELY(w->aborting)) {
        kafka_fail(error, "the transaction cannot be committed");
        return BROKER_ABORT;
    }
    if (WEIR_UNLIKELY(kafka_trouble_given_up(b, error)))
        return BROKER_FATAL;
    if (WEIR_LIKELY(!b->exit_at_end))
        return BROKER_OK;
    if (atomic_load(&b->ended))
        return BROKER_END;
    return w->taken == 0 && !w->stopped ? look_for_end(w, error) : BROKER_OK;
}

// How deliveries failed, and a commit ended; who commits hears of deliveries itself.
static enum broker_status look_at_producer(struct kafka_worker *w, struct broker_error *error)
{
    if (kafka_pipeline_is_over(w))
        return kafka_pipeline_settle(w, error);
    if (!w->pipeline.running)
        rd_kafka_poll(w->producer, 0);
    return BROKER_OK;
}

enum broker_status kafka_poll(struct kafka_worker *w, int max, int timeout_ms, broker_record_fn *fn, void *arg,
                              int *count, struct broker_error *error)
{
    enum { END_MS = 50 }; // how often the workers look whether all are at the end
    w->fn = fn;
    w->fn_arg = arg;
    w->wanted = max;
    w->taken = 0;
    *count = 0;
    enum broker_status status = look_at_producer(w, error);
    if (WEIR_UNLIKELY(status != BROKER_OK))
        return status;
    w->stopped = w->failed;
    if (WEIR_UNLIKELY(atomic_load(&w->pending))) {
        kafka_assignment_update(w);
        timeout_ms = 0; // the worker has tasks to restore
    }
    give_waiting(w);
    if (w->b->exit_at_end && timeout_ms > END_MS)
        timeout_ms = END_MS;
    if (kafka_order_serve(w))
        timeout_ms = 0;
    if (!w->stopped && w->taken < w->wanted)
        rd_kafka_consume_callback_queue(w->queue, w->taken ? 0 : kafka_order_timeout(w, timeout_ms), on_message, w);
    give_waiting(w);
    *count = w->taken;
    return outcome(w, error);
}

void kafka_poll_free(struct kafka_worker *w)
{
    free(w->ahead.memory);
    free(w->headers);
}
