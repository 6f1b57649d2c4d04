// A client without a group reads changelogs for all workers. librdkafka's calls by partition fit better than assign here: each worker starts and stops
// what it reads, into a queue of its own, and knows nothing of the others.
#include "kafka_restore.h"

#include <stdlib.h>
#include <unistd.h>

#include "kafka_config.h"
#include "kafka_trouble.h"

struct reading {
    struct kafka_worker *w;
    const struct weir_store *store;
    int32_t partition;
    char *topic;
    int64_t next, end; // offsets
    broker_restore_fn *fn;
    void *arg;
    bool done;
    bool stopped;    // by the caller
    bool broken_off; // by what BROKER_END stands for
    size_t bytes;    // since the caller was last in control
    struct broker_error *error;
    enum broker_status status;
};

enum { STEP_BYTES = 4 << 20, STEP_MS = 100, ANSWER_MS = 2000, PAUSE_US = 20000 };

static rd_kafka_t *reader_of(struct broker_kafka *b, struct broker_error *error)
{
    char why[256];
    pthread_mutex_lock(&b->lock);
    if (!b->reader) {
        rd_kafka_conf_t *conf = kafka_config_new(b->settings, KAFKA_READER, error);
        if (conf) {
            kafka_trouble_of_broker(conf, b);
            b->reader = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof why);
            if (!b->reader) {
                rd_kafka_conf_destroy(conf);
                kafka_fail(error, "kafka consumer: %s", why);
            }
        }
    }
    rd_kafka_t *reader = b->reader;
    pthread_mutex_unlock(&b->lock);
    return reader;
}

void kafka_restore_close(struct broker_kafka *b)
{
    if (b->reader)
        rd_kafka_destroy(b->reader);
}

static const struct kafka_input *input_of(const struct reading *r)
{
    const struct kafka_input *input = r->w->inputs;
    while (input && (input->partition != r->partition || strcmp(input->topic, r->topic) != 0))
        input = input->next;
    return input;
}

// The run ends, or the task goes to somebody else: the rest is not needed.
static bool unwanted(const struct reading *r)
{
    struct kafka_worker *w = r->w;
    bool leaving = false;
    if (atomic_load(&w->b->base.stopping))
        return true;
    pthread_mutex_lock(&w->b->lock);
    for (const struct kafka_input *input = w->inputs; w->revoking && input; input = input->next)
        leaving |= input->leaving && input->subtopology == r->store->subtopology && input->partition == r->partition;
    pthread_mutex_unlock(&w->b->lock);
    return leaving;
}

bool kafka_restore_is_final(rd_kafka_resp_err_t err)
{
    switch (err) {
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR__BAD_MSG:
    case RD_KAFKA_RESP_ERR__BAD_COMPRESSION:
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
    case RD_KAFKA_RESP_ERR__NOT_IMPLEMENTED: // a compression that this librdkafka was built without
    case RD_KAFKA_RESP_ERR__FATAL: return true;
    default: return false; // librdkafka tries again
    }
}

static void fail(struct reading *r, const char *why)
{
    r->status = kafka_fail(r->error, "restoring %s from topic %s, partition %d: %s", r->store->name, r->topic,
                           (int)r->partition, why);
    r->done = true;
}

static void on_message(rd_kafka_message_t *m, void *opaque)
{
    struct reading *r = opaque;
    if (WEIR_UNLIKELY(r->done))
        return;
    if (WEIR_UNLIKELY(m->err != RD_KAFKA_RESP_ERR_NO_ERROR)) {
        if (m->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
            r->done = m->offset >= r->end;
        else if (kafka_restore_is_final(m->err))
            fail(r, m->payload ? (const char *)m->payload : rd_kafka_err2str(m->err));
        return;
    }
    if (WEIR_UNLIKELY(m->offset >= r->end)) {
        r->done = true;
        return;
    }
    struct weir_str key = {m->key, m->key_len}, value = {m->payload, m->len};
    r->next = m->offset + 1;
    r->bytes += m->len + m->key_len;
    r->done = r->next >= r->end;
    // A row has a key: what has none came from elsewhere, and no table takes it.
    if (key.p && !r->fn(r->arg, key, value, rd_kafka_message_timestamp(m, NULL), m->offset, r->end))
        r->done = r->stopped = true;
    if (WEIR_UNLIKELY(r->done || r->bytes >= STEP_BYTES))
        rd_kafka_yield(NULL);
}

// A full queue puts the thread that fetches to sleep for up to a second, before librdkafka 2.2: any request wakes it.
static void nudge(const struct reading *r, rd_kafka_t *reader)
{
    int64_t low, high;
    if (r->w->b->kick_bytes)
        rd_kafka_query_watermark_offsets(reader, r->topic, r->partition, &low, &high, ANSWER_MS);
}

static void read_all(struct reading *r, rd_kafka_t *reader)
{
    rd_kafka_queue_t *queue = rd_kafka_queue_new(reader);
    rd_kafka_topic_t *topic = rd_kafka_topic_new(reader, r->topic, NULL);
    if (rd_kafka_consume_start_queue(topic, r->partition, r->next, queue)) {
        fail(r, rd_kafka_err2str(rd_kafka_last_error()));
    } else {
        while (!r->done) {
            r->bytes = 0;
            rd_kafka_consume_callback_queue(queue, STEP_MS, on_message, r);
            rd_kafka_poll(reader, 0);
            if (r->bytes >= STEP_BYTES && !r->done)
                nudge(r, reader);
            if (!r->done && unwanted(r))
                r->done = r->broken_off = true;
        }
        rd_kafka_consume_stop(topic, r->partition);
    }
    rd_kafka_topic_destroy(topic);
    rd_kafka_queue_destroy(queue);
}

// Where the log begins, and how far it is to be read. False: failed, or broken off.
static bool find_bounds(struct reading *r, rd_kafka_t *reader, int64_t *low)
{
    rd_kafka_resp_err_t err;
    while ((err = rd_kafka_query_watermark_offsets(reader, r->topic, r->partition, low, &r->end, ANSWER_MS))) {
        if (kafka_restore_is_final(err)) {
            fail(r, rd_kafka_err2str(err));
            return false;
        }
        if (unwanted(r)) {
            r->broken_off = true;
            return false;
        }
        usleep(PAUSE_US); // a leader moves, or the broker is lost
    }
    if (r->store->changelog_source >= 0) {
        // What is behind it comes as records.
        const struct kafka_input *input = input_of(r);
        int64_t committed = input && input->start > 0 ? input->start : 0;
        r->end = committed < r->end ? committed : r->end;
    }
    return true;
}

enum broker_status kafka_restore(struct kafka_worker *w, int store, int32_t partition, int64_t *from,
                                 broker_restore_fn *fn, void *arg, struct broker_error *error)
{
    const struct weir_store *s = &w->b->program->stores[store];
    rd_kafka_t *reader = reader_of(w->b, error);
    if (!reader)
        return BROKER_FATAL;
    struct reading r = {.w = w,
                        .store = s,
                        .partition = partition,
                        .topic = kafka_changelog_name(w->b, s),
                        .next = *from,
                        .fn = fn,
                        .arg = arg,
                        .error = error,
                        .status = BROKER_OK};
    int64_t low;
    if (find_bounds(&r, reader, &low)) {
        if (*from > 0 && (*from < low || *from > r.end)) {
            kafka_fail(error, "topic %s, partition %d, has offsets %lld to %lld, and state is as of %lld", r.topic,
                       (int)partition, (long long)low, (long long)r.end, (long long)*from);
            r.status = BROKER_REFUSED;
        } else {
            r.next = *from < low ? low : *from;
            if (r.next < r.end)
                read_all(&r, reader);
        }
    }
    if (r.status == BROKER_OK && r.broken_off)
        r.status = BROKER_END;
    if (r.status == BROKER_OK || r.status == BROKER_END)
        *from = r.status == BROKER_OK && !r.stopped && r.end > r.next ? r.end : r.next;
    free(r.topic);
    return r.status;
}
