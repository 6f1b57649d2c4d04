#include "kafka_pipeline.h"

#include <stdlib.h>

#include "ctx.h"
#include "kafka_commit.h"
#include "kafka_config.h"
#include "kafka_producer.h"
#include "kafka_txn.h"
#include "memory.h"
#include "stats.h"

enum { HELD_AT_MOST = 256 << 10 }; // bytes: what is still in the cache when it is sent

void kafka_pipeline_init(struct kafka_worker *w, const rd_kafka_conf_t *conf)
{
    struct kafka_pipeline *p = &w->pipeline;
    p->record_bytes = (size_t)kafka_config_number(conf, "message.max.bytes") / 2;
    if (!p->memory.block)
        weir_ctx_init(&p->memory);
}

void kafka_pipeline_free(struct kafka_worker *w)
{
    free(w->pipeline.held);
    if (w->pipeline.memory.block)
        weir_ctx_free(&w->pipeline.memory);
}

// ---- what is held ----

static size_t size_of(const struct weir_out *out)
{
    size_t size = out->key.n + out->value.n + out->header_count * sizeof *out->headers;
    for (size_t i = 0; i < out->header_count; i++)
        size += out->headers[i].name.n + out->headers[i].value.n;
    return size;
}

static struct kafka_held *add(struct kafka_pipeline *p)
{
    if (p->held_count == p->held_room) {
        p->held_room = p->held_room ? p->held_room * 2 : 64;
        p->held = memory_resize(p->held, p->held_room * sizeof *p->held);
    }
    return &p->held[p->held_count++];
}

// One that the cluster may refuse for its size does not wait: whoever sends it must hear of that at once.
bool kafka_pipeline_hold(struct kafka_worker *w, struct kafka_output *o, int32_t partition, const struct weir_out *out)
{
    struct kafka_pipeline *p = &w->pipeline;
    size_t size = size_of(out);
    if (kafka_pipeline_is_over(w) || size > p->record_bytes || p->held_bytes + size > HELD_AT_MOST)
        return false;
    *add(p) = (struct kafka_held){.to = o,
                                  .partition = partition,
                                  .out = {.key = ctx_copy(&p->memory, out->key),
                                          .value = ctx_copy(&p->memory, out->value),
                                          .timestamp = out->timestamp,
                                          .headers = ctx_copy_headers(&p->memory, out->headers, out->header_count),
                                          .header_count = out->header_count}};
    p->held_bytes += size + sizeof *p->held;
    return true;
}

static void forget_held(struct kafka_pipeline *p)
{
    p->held_count = p->held_bytes = 0;
    weir_ctx_reset(&p->memory);
}

// A record that is refused only now, as its topic has gone meanwhile, is met again behind the last commit, and then sent at once.
static enum broker_status send_held(struct kafka_worker *w, struct broker_error *error)
{
    struct kafka_pipeline *p = &w->pipeline;
    enum broker_status status = BROKER_OK;
    const char *topic = NULL;
    for (size_t i = 0; i < p->held_count && status == BROKER_OK; i++) {
        const struct kafka_held *h = &p->held[i];
        topic = h->to->name;
        status = kafka_producer_put(w, h->to, h->partition, &h->out, error);
    }
    forget_held(p);
    return status == BROKER_REFUSED
               ? kafka_txn_failed(
                     w, rd_kafka_error_new(RD_KAFKA_RESP_ERR__FAIL, "writing to topic %s: %s", topic, error->text),
                     error)
               : status;
}

// ---- the commit ----

static void *commit(void *arg)
{
    struct kafka_worker *w = arg;
    struct kafka_pipeline *p = &w->pipeline;
    p->why = kafka_txn_commit(w, p->offsets, p->member);
    p->took_us = stats_clock_us() - p->began_us;
    atomic_store(&p->over, true);
    rd_kafka_queue_yield(w->queue); // the worker may wait for records
    return NULL;
}

enum broker_status kafka_pipeline_start(struct kafka_worker *w, rd_kafka_topic_partition_list_t *offsets,
                                        struct broker_error *error)
{
    struct kafka_pipeline *p = &w->pipeline;
    enum broker_status status = kafka_txn_begin(w, error);
    rd_kafka_error_t *why = status == BROKER_OK ? kafka_txn_member(w->b, &p->member) : NULL;
    if (why)
        status = kafka_txn_failed(w, why, error);
    if (status != BROKER_OK) {
        rd_kafka_topic_partition_list_destroy(offsets);
        return status;
    }
    p->offsets = offsets;
    p->began_us = stats_clock_us();
    p->running = true;
    atomic_store(&p->over, false);
    p->aside = pthread_create(&p->thread, NULL, commit, w) == 0;
    if (!p->aside)
        commit(w);
    return BROKER_OK;
}

// OK: it was taken.
static enum broker_status finish(struct kafka_worker *w, struct broker_error *error)
{
    struct kafka_pipeline *p = &w->pipeline;
    if (p->aside)
        pthread_join(p->thread, NULL);
    p->running = false;
    if (!p->why) {
        kafka_commit_mark(w, p->offsets);
        w->in_transaction = w->unflushed = false;
    }
    rd_kafka_topic_partition_list_destroy(p->offsets);
    rd_kafka_consumer_group_metadata_destroy(p->member);
    return p->why ? kafka_txn_failed(w, p->why, error) : BROKER_OK;
}

enum broker_status kafka_pipeline_settle(struct kafka_worker *w, struct broker_error *error)
{
    if (!w->pipeline.running)
        return BROKER_OK;
    enum broker_status status = finish(w, error);
    if (status == BROKER_OK)
        return send_held(w, error);
    forget_held(&w->pipeline);
    return status;
}

enum broker_status kafka_pipeline_stop(struct kafka_worker *w, struct broker_error *error)
{
    if (!w->pipeline.running)
        return BROKER_OK;
    forget_held(&w->pipeline);
    return finish(w, error);
}
