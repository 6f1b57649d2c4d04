#include "memory.h"
#include "worker.h"

// As Kafka has it: a name must also be safe as that of a file.
static bool topic_is_legal(struct weir_str topic)
{
    if (topic.n == 0 || topic.n > 249 || (topic.n <= 2 && topic.p[0] == '.' && topic.p[topic.n - 1] == '.'))
        return false;
    for (size_t i = 0; i < topic.n; i++) {
        char c = topic.p[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') && c != '.' && c != '_' &&
            c != '-')
            return false;
    }
    return true;
}

static struct weir_str topic_of(struct weir_ctx *w, const struct weir_sink *sink, const struct weir_out *out)
{
    if (sink->topic)
        return (struct weir_str){sink->topic, strlen(sink->topic)};
    if (!topic_is_legal(out->topic))
        weir_fail(w, WEIR_BAD_ENCODE, "\"%s\" cannot be the name of a topic", ctx_excerpt(w, out->topic));
    return out->topic;
}

static int32_t partition_of(struct worker *k, const struct weir_sink *sink, const struct weir_out *out,
                            struct weir_str topic)
{
    if (!sink->partitioner)
        return -1;
    int32_t count = k->broker->ops->partitions(k->broker, k->id, topic);
    if (count < 0) {
        weir_fail(&k->w, WEIR_BAD_ENCODE, "topic \"%.*s\" does not exist", (int)topic.n, topic.p);
        return -1;
    }
    int32_t partition = sink->partitioner(&k->w, out->key, out->value, count);
    if (!k->w.bad && (partition < 0 || partition >= count))
        weir_fail(&k->w, WEIR_BAD_ENCODE, "the partitioner of %s chose partition %d of %d", sink->name, (int)partition,
                  (int)count);
    return partition;
}

static struct send *add(struct send_buffer *b)
{
    if (WEIR_UNLIKELY(b->count == b->room)) {
        b->room = b->room ? b->room * 2 : 16;
        b->sends = memory_resize(b->sends, b->room * sizeof *b->sends);
    }
    return &b->sends[b->count++];
}

void send_log(struct worker *k, int store, int32_t partition, struct weir_str key, struct weir_str value,
              int64_t timestamp)
{
    *add(&k->pending) = (struct send){
        .out = {.key = key, .value = value, .timestamp = timestamp}, .partition = partition, .store = store};
}

void weir_send(struct weir_ctx *w, const struct weir_out *out)
{
    struct worker *k = ((struct task *)w->owner)->worker;
    if (w->bad)
        return;
    const struct weir_sink *sink = &k->program->sinks[out->sink];
    struct weir_str topic = topic_of(w, sink, out);
    int32_t partition = w->bad ? -1 : partition_of(k, sink, out, topic);
    if (w->bad)
        return;
    *add(&k->pending) = (struct send){*out, topic, partition, -1};
}

void send_to(struct weir_ctx *w, const struct weir_out *out, int32_t partition)
{
    struct worker *k = ((struct task *)w->owner)->worker;
    struct weir_str topic = topic_of(w, &k->program->sinks[out->sink], out);
    if (!w->bad)
        *add(&k->pending) = (struct send){*out, topic, partition, -1};
}

// Where S goes, for messages.
static struct weir_str name_of(struct worker *k, const struct send *s)
{
    const char *store = s->store >= 0 ? k->program->stores[s->store].name : NULL;
    return store ? (struct weir_str){store, strlen(store)} : s->topic;
}

// The record cannot be sent: it is bad. Anything else ends the run.
static void failed(struct worker *k, const struct send *s, enum broker_status status, const char *why)
{
    const char *what = s->store >= 0 ? "changelog of" : "topic";
    struct weir_str name = name_of(k, s);
    if (status == BROKER_REFUSED) {
        weir_fail(&k->w, WEIR_BAD_ENCODE, "%s \"%.*s\": %s", what, (int)name.n, name.p, why);
    } else {
        worker_fail(k, status, "sending to %s \"%.*s\" failed: %s", what, (int)name.n, name.p, why);
    }
}

static enum broker_status give(struct worker *k, const struct send *s, struct broker_error *error)
{
    const struct broker_ops *ops = k->broker->ops;
    if (s->store >= 0)
        return ops->log(k->broker, k->id, s->store, s->partition, s->out.key, s->out.value, s->out.timestamp, error);
    return ops->send(k->broker, k->id, s->topic, s->partition, &s->out, error);
}

bool send_flush(struct worker *k)
{
    struct send_buffer *b = &k->pending;
    struct broker_error error;
    uint64_t out = 0;
    for (size_t i = 0; i < b->count; i++) {
        const struct send *s = &b->sends[i];
        enum broker_status status;
        do
            status = give(k, s, &error);
        while (WEIR_UNLIKELY(status == BROKER_RETRY));
        if (WEIR_UNLIKELY(status != BROKER_OK)) {
            failed(k, s, status, error.text);
            b->count = 0;
            return false;
        }
        out += s->store < 0 && !k->program->sinks[s->out.sink].internal;
    }
    stats_count(&k->counters->out, out);
    b->count = 0;
    return true;
}
