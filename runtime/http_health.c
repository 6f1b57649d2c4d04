// Whether the process does what it is there for: alive, and ready for what depends on it.
#include "http_server.h"

enum { STUCK_MS = 300000 }; // Kafka's max.poll.interval.ms: the group would give up a worker that is silent for as long

static int64_t value_of(const _Atomic int64_t *gauge)
{
    return atomic_load_explicit(gauge, memory_order_relaxed);
}

static void put_number(struct weir_buf *b, const char *name, int64_t n)
{
    weir_put_lit(b, ",\"");
    weir_put(b, name, strlen(name));
    weir_put_lit(b, "\":");
    weir_put_i64(b, n);
}

static void begin(struct weir_ctx *w, struct http_reply *reply, int status, const char *word)
{
    reply->status = status;
    weir_buf_init(w, &reply->body, 128);
    weir_put_lit(&reply->body, "{\"status\":\"");
    weir_put(&reply->body, word, strlen(word));
    weir_put_lit(&reply->body, "\"");
}

static void end(struct http_reply *reply)
{
    weir_put_lit(&reply->body, "}\n");
}

void http_live(struct http_server *s, struct weir_ctx *w, struct http_reply *reply)
{
    int64_t now = commit_clock();
    for (int i = 0; i < s->view.worker_count; i++) {
        const struct counters *c = s->view.counters[i];
        int64_t turned = value_of(&c->turned);
        if (!turned || now - turned < STUCK_MS)
            continue;
        begin(w, reply, MHD_HTTP_SERVICE_UNAVAILABLE, "stuck");
        put_number(&reply->body, "worker", i);
        put_number(&reply->body, "seconds", (now - turned) / 1000);
        end(reply);
        return;
    }
    begin(w, reply, MHD_HTTP_OK, "alive");
    end(reply);
}

// How far the workers are with restoring.
struct progress {
    int64_t stores, restored, remaining, failed;
    bool started;
};

static struct progress progress(const struct http_server *s)
{
    struct progress p = {.started = true};
    for (int i = 0; i < s->view.worker_count; i++) {
        const struct counters *c = s->view.counters[i];
        p.stores += value_of(&c->restoring);
        p.restored += value_of(&c->restored);
        p.remaining += value_of(&c->remaining);
        p.failed += value_of(&c->failed);
        p.started = p.started && value_of(&c->turned);
    }
    return p;
}

static void put_busy(struct weir_ctx *w, struct http_reply *reply, const struct progress *p)
{
    begin(w, reply, MHD_HTTP_SERVICE_UNAVAILABLE, p->stores ? "restoring" : p->failed ? "retrying" : "starting");
    if (p->failed)
        put_number(&reply->body, "failed_tasks", p->failed);
    if (p->stores) {
        put_number(&reply->body, "stores", p->stores);
        put_number(&reply->body, "restored_records", p->restored);
        put_number(&reply->body, "remaining_records", p->remaining);
    }
    end(reply);
}

void http_busy(struct http_server *s, struct weir_ctx *w, struct http_reply *reply)
{
    struct progress p = progress(s);
    put_busy(w, reply, &p);
}

void http_ready(struct http_server *s, struct weir_ctx *w, struct http_reply *reply)
{
    struct broker *b = s->view.broker;
    // In this order: partitions that come meanwhile are seen as such, or in what their worker does with them.
    s->joined = s->joined || (progress(s).started && b->ops->lag(b, NULL, NULL) >= 0);
    bool taking = b->ops->taking && b->ops->taking(b);
    struct progress p = progress(s);
    if (p.started && !p.stores && !p.failed && s->joined && !taking) {
        begin(w, reply, MHD_HTTP_OK, "ready");
        end(reply);
    } else {
        put_busy(w, reply, &p);
    }
}
