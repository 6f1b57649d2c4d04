// Which address answers what.
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "ctx.h"
#include "http_server.h"
#include "json_text.h"
#include "key_order.h"
#include "memory.h"
#include "weir_fn.h"

enum { ROWS = 1000, MOST_ROWS = 10000 };

static void put_member(struct weir_buf *b, const char *name, const char *text)
{
    weir_put_text(b, name);
    json_text_put_string(b, (struct weir_str){text, strlen(text)});
}

void http_fail(struct weir_ctx *w, struct http_reply *reply, int status, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = memory_format_list(format, args);
    va_end(args);
    bool readable = weir_validate_utf8(text, strlen(text));
    for (char *c = text; *c && !readable; c++)
        *c = (unsigned char)*c < 0x80 ? *c : '?';
    reply->status = status;
    reply->type = HTTP_JSON;
    weir_buf_init(w, &reply->body, 256);
    put_member(&reply->body, "{\"error\":", text);
    weir_put_text(&reply->body, "}\n");
    free(text);
}

// ---- stores ----

static void put_stores(const struct http_server *s, struct weir_ctx *w, struct http_reply *reply)
{
    struct weir_buf *b = &reply->body;
    const char *between = "";
    weir_buf_init(w, b, 1024);
    weir_put_text(b, "{\"stores\":[");
    for (int i = 0; i < s->store_count; i++) {
        const struct http_store *store = &s->stores[i];
        if (!store->kind)
            continue;
        weir_put_text(b, between);
        put_member(b, "{\"name\":", store->name);
        put_member(b, ",\"kind\":", store->kind);
        put_member(b, ",\"key\":", store->key);
        weir_put_text(b, "}");
        between = ",";
    }
    weir_put_text(b, "]}\n");
    reply->status = MHD_HTTP_OK;
}

// Those that can be asked.
static const char *store_names(const struct http_server *s, struct weir_ctx *w)
{
    struct weir_buf b;
    const char *between = "";
    weir_buf_init(w, &b, 256);
    for (int i = 0; i < s->store_count; i++) {
        if (!s->stores[i].kind)
            continue;
        weir_put_text(&b, between);
        weir_put_text(&b, s->stores[i].name);
        between = ", ";
    }
    weir_put(&b, "", 1);
    return b.p;
}

// -1: there is none that could be asked.
static int find_store(const struct http_server *s, struct weir_str name)
{
    for (int i = 0; i < s->store_count; i++) {
        if (s->stores[i].kind && strlen(s->stores[i].name) == name.n && memcmp(s->stores[i].name, name.p, name.n) == 0)
            return i;
    }
    return -1;
}

static bool read_limit(const struct http_request *r, int64_t *limit)
{
    char text[8] = "";
    *limit = ROWS;
    if (!r->limit.p)
        return true;
    if (r->limit.n == 0 || r->limit.n >= sizeof text)
        return false;
    memcpy(text, r->limit.p, r->limit.n);
    *limit = atoll(text);
    return strspn(text, "0123456789") == r->limit.n && *limit >= 1 && *limit <= MOST_ROWS;
}

// True: it is answered.
static bool answer_store(struct http_server *s, const struct http_request *r, struct weir_ctx *w,
                         struct http_reply *reply, struct question *question)
{
    int store = find_store(s, r->path[1]);
    *question = (struct question){.store = store, .from = r->from, .to = r->to};
    if (r->parts > 2)
        question->key = r->path[2];
    if (store < 0) {
        const char *names = store_names(s, w), *name = ctx_excerpt(w, r->path[1]);
        http_fail(w, reply, MHD_HTTP_NOT_FOUND,
                  *names ? "no store is called `%s`; there are %s" : "no store is called `%s`: the program has none%s",
                  name, names);
        return true;
    }
    if (!read_limit(r, &question->limit)) {
        http_fail(w, reply, MHD_HTTP_BAD_REQUEST, "`limit` is a number of rows from 1 to %d", MOST_ROWS);
        return true;
    }
    return false;
}

// ---- what the workers said ----

// A row and whose text it is in.
struct found {
    const struct query_part *part;
    const struct query_row *row;
};

// As one store gives them: windows by time, then all by key.
static int in_order(const void *a, const void *b)
{
    const struct found *x = a, *y = b;
    if (x->row->end != y->row->end)
        return x->row->end < y->row->end ? -1 : 1;
    if (x->row->start != y->row->start)
        return x->row->start < y->row->start ? -1 : 1;
    return order_of_keys((struct weir_str){x->part->text + x->row->key, x->row->key_size},
                         (struct weir_str){y->part->text + y->row->key, y->row->key_size});
}

static struct found *all_rows(const struct query *q, struct weir_ctx *w, size_t *count)
{
    *count = 0;
    for (int i = 0; i < q->count; i++)
        *count += q->parts[i].count;
    struct found *all = weir_alloc(w, (*count + 1) * sizeof *all), *next = all;
    for (int i = 0; i < q->count; i++) {
        for (size_t r = 0; r < q->parts[i].count; r++)
            *next++ = (struct found){&q->parts[i], &q->parts[i].rows[r]};
    }
    qsort(all, *count, sizeof *all, in_order);
    return all;
}

static void put_row(struct weir_buf *b, const struct found *f)
{
    weir_put(b, f->part->text + f->row->json, f->row->json_size);
}

static int by_number(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return x < y ? -1 : x > y;
}

static int32_t *all_partitions(const struct query *q, struct weir_ctx *w, size_t *count)
{
    *count = 0;
    for (int i = 0; i < q->count; i++)
        *count += q->parts[i].partition_count;
    int32_t *all = weir_alloc(w, (*count + 1) * sizeof *all), *next = all;
    for (int i = 0; i < q->count; i++) {
        for (size_t p = 0; p < q->parts[i].partition_count; p++)
            *next++ = q->parts[i].partitions[p];
    }
    qsort(all, *count, sizeof *all, by_number);
    return all;
}

// Whose they are.
static void put_partitions(struct weir_buf *b, const struct query *q)
{
    size_t count;
    const int32_t *all = all_partitions(q, b->w, &count);
    for (size_t i = 0; i < count; i++) {
        if (i)
            weir_put_text(b, ",");
        weir_put_i64(b, all[i]);
    }
}

static void put_rows(const struct query *q, struct weir_ctx *w, struct http_reply *reply)
{
    struct weir_buf *b = &reply->body;
    size_t count, limit = (size_t)q->question.limit;
    const struct found *all = all_rows(q, w, &count);
    weir_buf_init(w, b, 4096);
    weir_put_text(b, "{\"rows\":[");
    for (size_t i = 0; i < count && i < limit; i++) {
        weir_put_text(b, i ? ",\n" : "\n");
        put_row(b, &all[i]);
    }
    weir_put_text(b, count ? "\n],\"more\":" : "],\"more\":");
    weir_put_text(b, count > limit ? "true" : "false");
    weir_put_text(b, ",\"partitions\":[");
    put_partitions(b, q);
    weir_put_text(b, "]}\n");
    reply->status = MHD_HTTP_OK;
}

// A store of a block may have the key in several tasks: the newest.
static void put_one(const struct query *q, struct weir_ctx *w, struct http_reply *reply)
{
    size_t count;
    const struct found *all = all_rows(q, w, &count), *newest = all;
    for (size_t i = 1; i < count; i++)
        newest = all[i].row->timestamp > newest->row->timestamp ? &all[i] : newest;
    weir_buf_init(w, &reply->body, newest->row->json_size + 1);
    put_row(&reply->body, newest);
    weir_put_text(&reply->body, "\n");
    reply->status = MHD_HTTP_OK;
}

static const struct query_part *part_with(const struct query *q, enum query_status status)
{
    for (int i = 0; i < q->count; i++) {
        if (q->parts[i].status == status && (status != QUERY_ROWS || !q->question.key.p || q->parts[i].count))
            return &q->parts[i];
    }
    return NULL;
}

static void put_elsewhere(const struct http_server *s, const struct query *q, const struct query_part *part,
                          const char *uri, struct weir_ctx *w, struct http_reply *reply)
{
    struct weir_buf here;
    weir_buf_init(w, &here, 64);
    put_partitions(&here, q);
    http_elsewhere(s, q, part, weir_buf_str(&here), uri, w, reply);
}

void http_answer_query(struct http_server *s, const struct query *q, const char *uri, struct weir_ctx *w,
                       struct http_reply *reply)
{
    const struct http_store *store = &s->stores[q->question.store];
    const struct query_part *part;
    bool one = q->question.key.p && !store->windowed, key = q->question.key.p;
    if ((part = part_with(q, QUERY_WRONG)))
        http_fail(w, reply, MHD_HTTP_BAD_REQUEST, "%s", part->why);
    else if ((part = part_with(q, QUERY_FAILED)))
        http_fail(w, reply, MHD_HTTP_INTERNAL_SERVER_ERROR, "%s", part->why);
    else if (key && part_with(q, QUERY_ROWS))
        (one ? put_one : put_rows)(q, w, reply);
    else if (one && part_with(q, QUERY_NOTHING))
        http_fail(w, reply, MHD_HTTP_NOT_FOUND, "store `%s` has no key `%s`", store->name,
                  ctx_excerpt(w, q->question.key));
    else if (part_with(q, QUERY_BUSY))
        http_busy(s, w, reply);
    else if (!part_with(q, QUERY_NOTHING) && (part = part_with(q, QUERY_ELSEWHERE)))
        put_elsewhere(s, q, part, uri, w, reply);
    else
        put_rows(q, w, reply);
}

// ---- addresses ----

static void put_metrics(struct http_server *s, struct weir_ctx *w, struct http_reply *reply)
{
    weir_buf_init(w, &reply->body, 16 << 10);
    metrics_put(s, &reply->body);
    reply->status = MHD_HTTP_OK;
    reply->type = HTTP_TEXT;
}

static bool is(struct weir_str part, const char *name)
{
    return part.n == strlen(name) && memcmp(part.p, name, part.n) == 0;
}

bool http_answer(struct http_server *s, const struct http_request *r, struct weir_ctx *w, struct http_reply *reply,
                 struct question *question)
{
    bool single = r->parts == 1;
    if (is(r->path[0], "stores") && r->parts > 1 && r->path[1].n)
        return answer_store(s, r, w, reply, question);
    if (is(r->path[0], "stores"))
        put_stores(s, w, reply);
    else if (single && is(r->path[0], "livez"))
        http_live(s, w, reply);
    else if (single && is(r->path[0], "readyz"))
        http_ready(s, w, reply);
    else if (single && is(r->path[0], "metrics"))
        put_metrics(s, w, reply);
    else
        http_fail(w, reply, MHD_HTTP_NOT_FOUND,
                  "there is nothing here; there are /livez, /readyz, /metrics, /stores, /stores/NAME and "
                  "/stores/NAME/KEY");
    return true;
}
