// A key that another instance has: who that is, as far as the group tells, and how its store is reached.
#include "ctx.h"
#include "http_server.h"
#include "json_text.h"
#include "memory.h"

static void put_member(struct weir_buf *b, const char *name, const char *text)
{
    if (!*text)
        return;
    weir_put_text(b, b->p[b->n - 1] == '{' ? "\"" : ",\"");
    weir_put_text(b, name);
    weir_put_text(b, "\":");
    json_text_put_string(b, (struct weir_str){text, strlen(text)});
}

// "http://HOST:PORT"; NULL: its port is not known.
static const char *address_of(struct weir_ctx *w, const struct broker_owner *owner)
{
    bool six = strchr(owner->host, ':') != NULL;
    struct weir_buf b;
    if (!owner->port || !*owner->host)
        return NULL;
    weir_buf_init(w, &b, 64);
    weir_put_text(&b, six ? "http://[" : "http://");
    weir_put_text(&b, owner->host);
    weir_put_text(&b, six ? "]:" : ":");
    weir_put_i64(&b, owner->port);
    weir_put(&b, "", 1);
    return b.p;
}

static const char *joined(struct weir_ctx *w, const char *address, const char *uri)
{
    struct weir_buf b;
    weir_buf_init(w, &b, 128);
    weir_put_text(&b, address);
    weir_put_text(&b, uri);
    weir_put(&b, "", 1);
    return b.p;
}

// Behind the message of what is wrong.
static void put_owner(const struct broker_owner *owner, int32_t partition, const char *uri, struct weir_ctx *w,
                      struct http_reply *reply)
{
    struct weir_buf *b = &reply->body;
    const char *address = address_of(w, owner);
    b->n -= sizeof "}\n" - 1;
    weir_put_text(b, ",\"partition\":");
    weir_put_i64(b, partition);
    weir_put_text(b, ",\"owner\":{");
    put_member(b, "instance", owner->instance);
    put_member(b, "client", owner->client);
    put_member(b, "host", owner->host);
    if (address)
        put_member(b, "address", address);
    weir_put_text(b, "}}\n");
    if (!address || uri[0] != '/')
        return;
    reply->status = MHD_HTTP_TEMPORARY_REDIRECT;
    reply->location = joined(w, address, uri);
}

void http_elsewhere(const struct http_server *s, const struct query *q, const struct query_part *elsewhere,
                    struct weir_str here, const char *uri, struct weir_ctx *w, struct http_reply *reply)
{
    const struct http_store *store = &s->stores[q->question.store];
    const struct broker_ops *ops = s->view.broker->ops;
    const char *key = ctx_excerpt(w, q->question.key);
    struct broker_task task = {store->subtopology, elsewhere->partition};
    struct broker_owner owner;
    if (task.partition < 0) {
        http_fail(w, reply, MHD_HTTP_NOT_FOUND,
                  "key `%s` of store `%s` is not here; it may be at another instance: this one has %s%.*s", key,
                  store->name, here.n ? "partitions " : "no partition", (int)here.n, here.p);
        return;
    }
    http_fail(w, reply, MHD_HTTP_NOT_FOUND,
              "key `%s` of store `%s` is in partition %d, which another instance has: this one has %s%.*s", key,
              store->name, (int)task.partition, here.n ? "partitions " : "none", (int)here.n, here.p);
    if (ops->owner && ops->owner(s->view.broker, task, &owner))
        put_owner(&owner, task.partition, uri, w, reply);
}
