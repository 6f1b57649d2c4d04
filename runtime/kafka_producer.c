#include "kafka_producer.h"

#include <stdlib.h>
#include <unistd.h>

#include "kafka_admin.h"
#include "kafka_config.h"
#include "kafka_pipeline.h"
#include "kafka_topics.h"
#include "kafka_trouble.h"
#include "kafka_txn.h"
#include "log.h"
#include "memory.h"
#include "partition.h"

// ---- life ----

// Only of what failed for good: librdkafka tries again as long as that may help.
static void on_delivery(rd_kafka_t *rk, const rd_kafka_message_t *m, void *opaque)
{
    struct kafka_worker *w = opaque;
    (void)rk;
    if (!m->err || w->failed || m->err == RD_KAFKA_RESP_ERR__PURGE_QUEUE || m->err == RD_KAFKA_RESP_ERR__PURGE_INFLIGHT)
        return;
    struct broker_error why;
    kafka_fail(&why, "writing to topic %s, partition %d: %s", rd_kafka_topic_name(m->rkt), (int)m->partition,
               rd_kafka_err2str(m->err));
    if (w->b->instance && !kafka_txn_is_final(m->err))
        kafka_txn_undelivered(w, &why);
    else
        kafka_trouble_of_records(w, "%s", why.text);
}

static void name_transactions(const struct kafka_worker *w, rd_kafka_conf_t *conf)
{
    char *id = memory_format("%s-%s-%d", w->b->app, w->b->instance, w->index);
    rd_kafka_conf_set(conf, "transactional.id", id, NULL, 0);
    free(id);
}

static enum broker_status make_one(struct kafka_worker *w, struct broker_error *error)
{
    char why[256];
    rd_kafka_conf_t *conf = kafka_config_new(w->b->settings, KAFKA_PRODUCER, error);
    if (!conf)
        return BROKER_FATAL;
    kafka_trouble_of_worker(conf, w);
    rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
    if (w->b->instance) {
        name_transactions(w, conf);
        kafka_pipeline_init(w, conf);
    }
    w->producer = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof why);
    if (!w->producer) {
        rd_kafka_conf_destroy(conf);
        return kafka_fail(error, "kafka producer: %s", why);
    }
    return w->b->instance ? kafka_txn_init(w, error) : BROKER_OK;
}

// What is still in it was never committed past: it will be done again.
static void destroy(struct kafka_worker *w)
{
    rd_kafka_purge(w->producer, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    rd_kafka_flush(w->producer, 100);
    rd_kafka_destroy(w->producer);
    w->producer = NULL;
}

// As long as it takes until one can begin transactions.
static enum broker_status make(struct kafka_worker *w, struct broker_error *error)
{
    enum { PAUSE_US = 1000000 };
    enum broker_status status;
    while ((status = make_one(w, error)) == BROKER_RETRY) {
        log_warning(w->b->app, "%s; trying again", error->text);
        if (atomic_load(&w->b->base.stopping))
            return BROKER_END;
        destroy(w);
        usleep(PAUSE_US);
    }
    return status;
}

bool kafka_producer_start(struct kafka_worker *w, struct broker_error *error)
{
    if (make(w, error) != BROKER_OK)
        return false;
    w->sinks = memory_new((size_t)w->b->program->sink_count * sizeof *w->sinks + 1);
    w->changelogs = memory_new((size_t)w->b->program->store_count * sizeof *w->changelogs + 1);
    return true;
}

static void free_output(struct kafka_output *o)
{
    if (o->handle)
        rd_kafka_topic_destroy(o->handle);
    free(o->name);
    free(o);
}

void kafka_producer_close(struct kafka_worker *w)
{
    for (int i = 0; i < KAFKA_OUTPUT_BUCKETS; i++) {
        while (w->outputs[i]) {
            struct kafka_output *o = w->outputs[i];
            w->outputs[i] = o->next;
            free_output(o);
        }
    }
    free(w->sinks);
    free(w->changelogs);
    if (w->producer) {
        kafka_txn_close(w);
        destroy(w);
    }
    kafka_pipeline_free(w);
}

enum broker_status kafka_producer_renew(struct kafka_worker *w, struct broker_error *error)
{
    for (int i = 0; i < KAFKA_OUTPUT_BUCKETS; i++) {
        for (struct kafka_output *o = w->outputs[i]; o; o = o->next) {
            if (o->handle)
                rd_kafka_topic_destroy(o->handle);
            o->handle = NULL;
        }
    }
    destroy(w);
    enum broker_status status = make(w, error);
    for (int i = 0; i < KAFKA_OUTPUT_BUCKETS && status == BROKER_OK; i++) {
        for (struct kafka_output *o = w->outputs[i]; o; o = o->next)
            o->handle = o->partitions >= 0 ? rd_kafka_topic_new(w->producer, o->name, NULL) : NULL;
    }
    return status;
}

// ---- topics ----

static void set_partitions(const struct kafka_worker *w, struct kafka_output *o, int32_t partitions)
{
    o->partitions = partitions;
    if (partitions >= 0 && !o->handle)
        o->handle = rd_kafka_topic_new(w->producer, o->name, NULL);
}

// NAME becomes its own.
static struct kafka_output *find_or_add(struct kafka_worker *w, char *name)
{
    struct weir_str s = {name, strlen(name)};
    struct kafka_output **bucket = &w->outputs[partition_murmur2(s) % KAFKA_OUTPUT_BUCKETS], *o = *bucket;
    while (o && strcmp(o->name, name) != 0)
        o = o->next;
    if (o) {
        free(name);
    } else {
        o = memory_new(sizeof *o);
        *o = (struct kafka_output){.next = *bucket, .name = name, .name_size = s.n, .partitions = -1};
        *bucket = o;
    }
    return o;
}

struct kafka_output *kafka_producer_find(struct kafka_worker *w, char *name)
{
    enum { AGAIN_MS = 1000 }; // between two looks for a topic that does not exist
    struct kafka_output *o = find_or_add(w, name);
    if (o->partitions < 0 && kafka_now() - o->looked_up >= AGAIN_MS) {
        o->looked_up = kafka_now();
        set_partitions(w, o, kafka_topics_count(w->b, o->name));
    }
    return o;
}

static void learn(struct kafka_worker *w, const rd_kafka_metadata_t *md, char *name)
{
    struct kafka_output *o = find_or_add(w, name);
    const rd_kafka_metadata_topic_t *t = kafka_admin_find(md, o->name);
    if (t && !t->err && t->partition_cnt > 0)
        set_partitions(w, o, t->partition_cnt);
}

void kafka_producer_learn(struct kafka_worker *w, const rd_kafka_metadata_t *md)
{
    const struct weir_program *p = w->b->program;
    for (int i = 0; i < p->sink_count; i++) {
        if (p->sinks[i].topic)
            learn(w, md, kafka_wire_name(w->b, p->sinks[i].topic, p->sinks[i].internal));
    }
    for (int i = 0; i < p->store_count; i++) {
        if (broker_has_changelog(&p->stores[i]))
            learn(w, md, kafka_changelog_name(w->b, &p->stores[i]));
    }
}

// The same without making anything, for a name that is not NUL-terminated; NULL: not known yet.
static struct kafka_output *known(struct kafka_worker *w, struct weir_str topic)
{
    struct kafka_output *o = w->outputs[partition_murmur2(topic) % KAFKA_OUTPUT_BUCKETS];
    while (o && (o->name_size != topic.n || memcmp(o->name, topic.p, topic.n) != 0))
        o = o->next;
    return o && o->partitions >= 0 ? o : NULL;
}

static struct kafka_output *output_of(struct kafka_worker *w, struct weir_str topic, int sink)
{
    if (WEIR_LIKELY(sink >= 0 && w->sinks[sink]))
        return w->sinks[sink];
    const struct weir_sink *s = sink >= 0 ? &w->b->program->sinks[sink] : NULL;
    if (s && s->topic) {
        struct kafka_output *o = kafka_producer_find(w, kafka_wire_name(w->b, s->topic, s->internal));
        if (o->partitions >= 0)
            w->sinks[sink] = o;
        return o;
    }
    struct kafka_output *o = known(w, topic);
    return o ? o : kafka_producer_find(w, memory_text(topic.p, topic.n));
}

int32_t kafka_producer_tasks(struct kafka_worker *w, int subtopology)
{
    const struct weir_program *p = w->b->program;
    int32_t most = -1;
    for (int i = 0; i < p->source_count; i++) {
        const struct weir_source *s = &p->sources[i];
        if (s->subtopology != subtopology || s->global || s->pattern)
            continue;
        int32_t count = kafka_producer_find(w, kafka_wire_name(w->b, s->topics[0], s->internal))->partitions;
        most = count > most ? count : most;
    }
    return most;
}

int32_t kafka_producer_partitions(struct kafka_worker *w, struct weir_str topic)
{
    const struct weir_program *p = w->b->program;
    for (int i = 0; i < p->sink_count; i++) {
        const char *name = p->sinks[i].topic;
        if (name && p->sinks[i].partitioner && strlen(name) == topic.n && memcmp(name, topic.p, topic.n) == 0)
            return output_of(w, topic, i)->partitions;
    }
    return output_of(w, topic, -1)->partitions;
}

// ---- sending ----

// Records without a key go to one partition until a batch is full, as Kafka's own producer does it.
static int32_t any_partition(struct kafka_output *o, size_t bytes)
{
    enum { BATCH_BYTES = 64 << 10 };
    o->any_bytes += bytes;
    if (o->any_bytes > BATCH_BYTES) {
        o->any_bytes = bytes;
        o->any = (o->any + 1) % o->partitions;
    }
    return o->any;
}

static rd_kafka_headers_t *headers_of(const struct weir_out *out)
{
    rd_kafka_headers_t *headers = rd_kafka_headers_new(out->header_count);
    for (size_t i = 0; i < out->header_count; i++) {
        const struct weir_header *h = &out->headers[i];
        rd_kafka_header_add(headers, h->name.p, (ssize_t)h->name.n, h->value.p, (ssize_t)h->value.n);
    }
    return headers;
}

enum { FULL_PAUSE_MS = 2 };

// produceva is the only call that sets timestamps. With a handle, a partition and no header it neither looks up nor allocates more than the
// message itself.
static rd_kafka_error_t *produce(struct kafka_worker *w, struct kafka_output *o, int32_t partition,
                                 const struct weir_out *out)
{
    rd_kafka_vu_t v[7];
    size_t n = 6;
    v[0].vtype = RD_KAFKA_VTYPE_RKT;
    v[0].u.rkt = o->handle;
    v[1].vtype = RD_KAFKA_VTYPE_PARTITION;
    v[1].u.i32 = partition;
    v[2].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
    v[2].u.i = RD_KAFKA_MSG_F_COPY;
    v[3].vtype = RD_KAFKA_VTYPE_KEY;
    v[3].u.mem.ptr = (void *)out->key.p;
    v[3].u.mem.size = out->key.n;
    v[4].vtype = RD_KAFKA_VTYPE_VALUE;
    v[4].u.mem.ptr = (void *)out->value.p;
    v[4].u.mem.size = out->value.n;
    v[5].vtype = RD_KAFKA_VTYPE_TIMESTAMP;
    v[5].u.i64 =
        out->timestamp != 0 ? out->timestamp : 1; // to librdkafka 0 is now: the millisecond after 1970 began is nearer
    if (out->header_count) {
        v[6].vtype = RD_KAFKA_VTYPE_HEADERS;
        v[6].u.headers = headers_of(out);
        n = 7;
    }
    rd_kafka_error_t *error = rd_kafka_produceva(w->producer, v, n);
    if (WEIR_UNLIKELY(error && n == 7))
        rd_kafka_headers_destroy(v[6].u.headers); // still ours
    return error;
}

static bool is_of_record(rd_kafka_resp_err_t err)
{
    return err == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE || err == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION ||
           err == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC || err == RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE;
}

// WHY is freed.
static enum broker_status refuse(struct kafka_worker *w, rd_kafka_error_t *why, struct broker_error *error)
{
    rd_kafka_resp_err_t err = rd_kafka_error_code(why);
    bool of_record = is_of_record(err);
    if (!of_record && w->b->instance)
        return kafka_txn_failed(w, why, error);
    if (err == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE)
        kafka_fail(error, "the record is larger than message.max.bytes allows");
    else if (err == RD_KAFKA_RESP_ERR__FATAL)
        rd_kafka_fatal_error(w->producer, error->text, sizeof error->text);
    else
        kafka_fail(error, "%s", of_record ? rd_kafka_err2str(err) : rd_kafka_error_string(why));
    rd_kafka_error_destroy(why);
    return of_record ? BROKER_REFUSED : BROKER_FATAL;
}

static enum broker_status explain_missing(const struct broker_kafka *b, struct broker_error *error)
{
    kafka_fail(error, b->create_topics ? "the topic does not exist and could not be created"
                                       : "the topic does not exist; create it, or run with --create-topics");
    return BROKER_REFUSED;
}

static const struct weir_serde *key_serde(const struct weir_program *p, int sink)
{
    return sink >= 0 ? p->sinks[sink].key : p->sources[~sink].key;
}

enum broker_status kafka_producer_send(struct kafka_worker *w, struct weir_str topic, int32_t partition,
                                       const struct weir_out *out, struct broker_error *error)
{
    struct kafka_output *o = output_of(w, topic, out->sink);
    if (WEIR_UNLIKELY(o->partitions < 0))
        return explain_missing(w->b, error);
    if (partition < 0 && out->key.p)
        partition = partition_of_serde(key_serde(w->b->program, out->sink), out->key, o->partitions);
    else if (partition < 0)
        partition = any_partition(o, out->value.n);
    return kafka_producer_put(w, o, partition, out, error);
}

static enum broker_status explain_unsent(struct kafka_worker *w, struct broker_error *error)
{
    return kafka_fail(
        error, "%d records could not be sent: Kafka at %s does not answer; what was not committed will be done again",
        rd_kafka_outq_len(w->producer), w->b->servers);
}

enum broker_status kafka_producer_put(struct kafka_worker *w, struct kafka_output *o, int32_t partition,
                                      const struct weir_out *out, struct broker_error *error)
{
    if (WEIR_UNLIKELY(w->pipeline.running)) {
        if (kafka_pipeline_hold(w, o, partition, out))
            return BROKER_OK;
        enum broker_status status = kafka_pipeline_settle(w, error);
        if (status != BROKER_OK)
            return status;
    }
    w->unflushed = true;
    if (WEIR_UNLIKELY(!w->in_transaction) && w->b->instance) {
        enum broker_status status = kafka_txn_begin(w, error);
        if (status != BROKER_OK)
            return status;
    }
    for (;;) {
        rd_kafka_error_t *why = produce(w, o, partition, out);
        if (WEIR_LIKELY(!why))
            return BROKER_OK;
        if (rd_kafka_error_code(why) != RD_KAFKA_RESP_ERR__QUEUE_FULL) {
            return refuse(w, why, error);
        }
        rd_kafka_error_destroy(why);
        if (kafka_trouble_ends(w))
            return explain_unsent(w, error);
        rd_kafka_poll(w->producer, FULL_PAUSE_MS);
        if (w->failed) {
            *error = w->error;
            return BROKER_FATAL;
        }
    }
}

enum broker_status kafka_producer_flush(struct kafka_worker *w, struct broker_error *error)
{
    enum { STEP_MS = 1000 };
    char fatal[256];
    while (w->unflushed && !w->failed && rd_kafka_flush(w->producer, STEP_MS)) {
        if (rd_kafka_fatal_error(w->producer, fatal, sizeof fatal))
            return kafka_fail(error, "%s", fatal);
        if (kafka_trouble_ends(w))
            return explain_unsent(w, error);
    }
    if (w->failed) {
        *error = w->error;
        return BROKER_FATAL;
    }
    w->unflushed = false;
    return BROKER_OK;
}
