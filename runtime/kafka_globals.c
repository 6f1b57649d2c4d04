#include "kafka_globals.h"

#include <stdlib.h>
#include <unistd.h>

#include "kafka_bounds.h"
#include "kafka_reader.h"
#include "memory.h"

enum { STEP = 4 << 20 }; // bytes that are taken before one looks around

struct input {
    rd_kafka_topic_t *topic;
    int source;
    int32_t partition;
    int64_t end; // as it was when reading began
    bool loaded;
};

struct kafka_globals {
    rd_kafka_t *client;
    rd_kafka_queue_t *queue;
    struct input *inputs;
    size_t count, loaded;
    struct input *last; // records come in runs
    size_t bytes;       // since fetching was last nudged
    // Of the call under way:
    broker_record_fn *fn;
    void *arg;
    struct broker_error *error;
    bool failed;
};

// ---- beginning ----

static bool goes_on(const struct broker_kafka *b, rd_kafka_resp_err_t err)
{
    if (kafka_reader_is_final(err) || atomic_load(&b->base.stopping))
        return false;
    usleep(KAFKA_READER_PAUSE_US);
    return true;
}

static bool fail(const struct kafka_globals *g, const char *topic, const char *why)
{
    kafka_fail(g->error, "topic %s: %s", topic, why);
    return false;
}

// *OFFSET, RD_KAFKA_OFFSET_BEGINNING or _END, becomes what the cluster answers for it.
static bool find_bound(struct broker_kafka *b, const char *topic, int32_t partition, int64_t *offset)
{
    struct kafka_globals *g = b->globals;
    rd_kafka_resp_err_t err;
    while ((err = kafka_bounds_ask_one(g->client, topic, partition, offset))) {
        if (!goes_on(b, err))
            return fail(g, topic, rd_kafka_err2str(err));
    }
    return true;
}

static bool add_partition(struct broker_kafka *b, int source, rd_kafka_topic_t *topic, int32_t partition)
{
    struct kafka_globals *g = b->globals;
    const char *name = rd_kafka_topic_name(topic);
    int64_t low = RD_KAFKA_OFFSET_BEGINNING, end = RD_KAFKA_OFFSET_END;
    if (!find_bound(b, name, partition, &low) || !find_bound(b, name, partition, &end))
        return false;
    g->inputs = memory_grow(g->inputs, g->count, sizeof *g->inputs);
    g->inputs[g->count++] =
        (struct input){.topic = topic, .source = source, .partition = partition, .end = end, .loaded = low >= end};
    g->loaded += low >= end;
    if (rd_kafka_consume_start_queue(topic, partition, low, g->queue) == 0)
        return true;
    return fail(g, name, rd_kafka_err2str(rd_kafka_last_error()));
}

static bool add_topic(struct broker_kafka *b, int source, const char *name)
{
    struct kafka_globals *g = b->globals;
    const rd_kafka_metadata_t *md;
    rd_kafka_resp_err_t err;
    rd_kafka_topic_t *topic = rd_kafka_topic_new(g->client, name, NULL);
    while ((err = rd_kafka_metadata(g->client, 0, topic, &md, KAFKA_READER_ANSWER_MS))) {
        if (!goes_on(b, err)) {
            rd_kafka_topic_destroy(topic);
            return fail(g, name, rd_kafka_err2str(err));
        }
    }
    bool good = true;
    int count = md->topic_cnt == 1 ? md->topics[0].partition_cnt : 0;
    for (int p = 0; p < count && good; p++)
        good = add_partition(b, source, topic, p);
    rd_kafka_metadata_destroy(md);
    if (count == 0)
        rd_kafka_topic_destroy(topic);
    return count ? good : fail(g, name, "it has no partitions");
}

static bool begin(struct broker_kafka *b, struct broker_error *error)
{
    rd_kafka_t *client = kafka_reader_new(b, error);
    if (!client)
        return false;
    struct kafka_globals *g = memory_new(sizeof *g);
    *g = (struct kafka_globals){.client = client, .queue = rd_kafka_queue_new(client), .error = error};
    pthread_mutex_lock(&b->lock);
    b->globals = g;
    pthread_mutex_unlock(&b->lock);
    bool good = true;
    for (int s = 0; s < b->program->source_count && good; s++) {
        if (b->program->sources[s].global)
            good = add_topic(b, s, b->program->sources[s].topics[0]);
    }
    return good;
}

// ---- reading ----

static struct input *input_of(struct kafka_globals *g, const rd_kafka_message_t *m)
{
    if (g->last && g->last->topic == m->rkt && g->last->partition == m->partition)
        return g->last;
    for (size_t i = 0; i < g->count; i++) {
        if (g->inputs[i].topic == m->rkt && g->inputs[i].partition == m->partition)
            return g->last = &g->inputs[i];
    }
    return NULL;
}

static void loaded(struct kafka_globals *g, struct input *in, int64_t next)
{
    if (in->loaded || next < in->end)
        return;
    in->loaded = true;
    g->loaded++;
}

static void give(struct kafka_globals *g, struct input *in, const rd_kafka_message_t *m)
{
    const char *topic = rd_kafka_topic_name(m->rkt);
    struct broker_delivery d = {.source = in->source,
                                .record = {.key = {m->key, m->key_len},
                                           .value = {m->payload, m->len},
                                           .timestamp = rd_kafka_message_timestamp(m, NULL),
                                           .offset = m->offset,
                                           .topic = {topic, strlen(topic)},
                                           .partition = m->partition}};
    if (!g->fn(g->arg, &d))
        g->failed = true;
    loaded(g, in, m->offset + 1);
    g->bytes += m->len + m->key_len;
    if (WEIR_UNLIKELY(g->bytes >= STEP))
        rd_kafka_yield(NULL);
}

static void on_message(rd_kafka_message_t *m, void *opaque)
{
    struct kafka_globals *g = opaque;
    struct input *in = m->rkt ? input_of(g, m) : NULL;
    if (g->failed)
        return;
    if (!m->err && in) {
        give(g, in, m);
    } else if (m->err == RD_KAFKA_RESP_ERR__PARTITION_EOF && in) {
        loaded(g, in, m->offset);
    } else if (kafka_reader_is_final(m->err)) {
        g->failed = true;
        fail(g, m->rkt ? rd_kafka_topic_name(m->rkt) : "?",
             m->payload ? (const char *)m->payload : rd_kafka_err2str(m->err));
    }
}

static void nudge(struct broker_kafka *b)
{
    struct kafka_globals *g = b->globals;
    if (g->bytes < STEP || !g->last)
        return;
    g->bytes = 0;
    kafka_reader_nudge(b, g->client, rd_kafka_topic_name(g->last->topic), g->last->partition);
}

enum broker_status kafka_follow(struct broker_kafka *b, int timeout_ms, broker_record_fn *fn, void *arg,
                                struct broker_error *error)
{
    if (!b->globals && !begin(b, error))
        return atomic_load(&b->base.stopping) ? BROKER_END : BROKER_FATAL;
    struct kafka_globals *g = b->globals;
    g->fn = fn;
    g->arg = arg;
    g->error = error;
    bool was_loaded = g->loaded == g->count;
    rd_kafka_consume_callback_queue(g->queue, timeout_ms, on_message, g);
    rd_kafka_poll(g->client, 0);
    nudge(b);
    if (g->failed)
        return error->text[0] ? BROKER_FATAL : BROKER_OK;
    return was_loaded || g->loaded == g->count ? BROKER_END : BROKER_OK;
}

void kafka_globals_wake(struct broker_kafka *b)
{
    pthread_mutex_lock(&b->lock);
    if (b->globals)
        rd_kafka_queue_yield(b->globals->queue);
    pthread_mutex_unlock(&b->lock);
}

void kafka_globals_close(struct broker_kafka *b)
{
    struct kafka_globals *g = b->globals;
    if (!g)
        return;
    for (size_t i = 0; i < g->count; i++) {
        rd_kafka_consume_stop(g->inputs[i].topic, g->inputs[i].partition);
        if (i + 1 == g->count || g->inputs[i + 1].topic != g->inputs[i].topic)
            rd_kafka_topic_destroy(g->inputs[i].topic);
    }
    rd_kafka_queue_destroy(g->queue);
    rd_kafka_destroy(g->client);
    free(g->inputs);
    free(g);
}
