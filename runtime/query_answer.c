// What a worker knows about a store, as rows of JSON.
#include <stdlib.h>

#include "globals.h"
#include "json_text.h"
#include "memory.h"
#include "partition.h"
#include "query.h"
#include "store.h"
#include "task_restore.h"

struct asking {
    struct worker *k; // whose store it is: the one that was asked, or that of global tables
    const struct weir_store *what;
    const struct question *q;
    struct query_part *part;
    struct weir_ctx scratch; // of a row at a time
    struct weir_str key, from_key, to_key;
    int64_t from, to;
};

// ---- rows ----

// Gives where it lies.
static size_t append(struct query_part *part, struct weir_str bytes)
{
    size_t at = part->text_size;
    if (bytes.n > part->text_room - at) {
        part->text_room = (at + bytes.n) * 2;
        part->text = memory_resize(part->text, part->text_room);
    }
    if (bytes.n)
        memcpy(part->text + at, bytes.p, bytes.n);
    part->text_size += bytes.n;
    return at;
}

static void put_window(struct weir_buf *b, const struct weir_scanned *row)
{
    weir_put_lit(b, ",\"window\":{\"start\":");
    weir_put_i64(b, row->start);
    weir_put_lit(b, ",\"end\":");
    weir_put_i64(b, row->end);
    weir_put_lit(b, "}");
}

static void put_value(struct weir_buf *b, const struct weir_store *what, const struct weir_scanned *row)
{
    struct weir_change change = {
        .key = row->key, .start = row->start, .end = row->end, .value = row->value, .timestamp = row->timestamp};
    struct weir_str bytes = what->show ? what->show(b->w, &change) : what->encode(b->w, row->value);
    json_text_put(b, what->show ? NULL : what->value_serde, b->w->bad ? WEIR_NULL_STR : bytes);
}

// As topics as files have it.
static struct weir_str row_json(struct asking *a, const struct weir_scanned *row)
{
    struct weir_buf b;
    weir_ctx_reset(&a->scratch);
    weir_buf_init(&a->scratch, &b, 256);
    weir_put_lit(&b, "{\"key\":");
    json_text_put(&b, a->what->key_serde, row->key);
    if (a->what->window)
        put_window(&b, row);
    weir_put_lit(&b, ",\"value\":");
    put_value(&b, a->what, row);
    weir_put_lit(&b, ",\"timestamp\":");
    weir_put_i64(&b, row->timestamp);
    weir_put_lit(&b, "}");
    return weir_buf_str(&b);
}

static void add(struct asking *a, const struct weir_scanned *row)
{
    struct query_part *part = a->part;
    struct weir_str json = row_json(a, row);
    part->rows = memory_grow(part->rows, part->count, sizeof *part->rows);
    part->rows[part->count++] = (struct query_row){.json = append(part, json),
                                                   .json_size = json.n,
                                                   .key = append(part, row->key),
                                                   .key_size = row->key.n,
                                                   .start = row->start,
                                                   .end = row->end,
                                                   .timestamp = row->timestamp};
}

// ---- a task ----

static void find_row(struct asking *a)
{
    const struct weir_row *row = weir_row_find(&a->k->w, a->q->store, a->key, 0);
    if (row)
        add(a, &(struct weir_scanned){.key = a->key, .timestamp = row->timestamp, .value = row->value});
}

static struct weir_scan *scan(struct asking *a)
{
    struct weir_ctx *w = &a->k->w;
    if (a->what->window == WEIR_SESSION_WINDOWS)
        return weir_scan_sessions(w, a->q->store, a->key, a->from, a->to);
    if (a->what->window)
        return weir_scan_windows(w, a->q->store, a->key, a->from, a->to);
    return weir_scan_rows(w, a->q->store, a->from_key, a->to_key);
}

// One more than are wanted, so that it is known that there are more.
static void find_rows(struct asking *a)
{
    struct weir_ctx *w = &a->k->w;
    struct weir_scan *rows = scan(a);
    struct weir_scanned row;
    weir_scan_reuse(rows);
    for (int64_t left = a->q->limit + 1; left > 0 && weir_scan_next(w, rows, &row); left--)
        add(a, &row);
}

static void look(struct asking *a, struct task *t)
{
    struct query_part *part = a->part;
    void *owner = a->k->w.owner;
    a->k->w.owner = t;
    part->partitions = memory_grow(part->partitions, part->partition_count, sizeof *part->partitions);
    part->partitions[part->partition_count++] = t->partition;
    if (a->key.p && !a->what->window)
        find_row(a);
    else
        find_rows(a);
    a->k->w.owner = owner;
}

// ---- the question ----

static bool read_times(struct asking *a, struct weir_ctx *w)
{
    a->from = 0;
    a->to = INT64_MAX;
    return (!a->q->from.p || query_time(w, a->q->from, &a->from)) && (!a->q->to.p || query_time(w, a->q->to, &a->to));
}

static bool read_keys(struct asking *a, struct weir_ctx *w)
{
    const struct weir_serde *serde = a->what->key_serde;
    const struct question *q = a->q;
    if (q->key.p && (q->from.p || q->to.p)) {
        weir_fail(w, WEIR_BAD_DECODE, "`from` and `to` are of windows, which this store has not: a key has one row");
        return false;
    }
    return (!q->from.p || query_key(w, serde, q->from, &a->from_key)) &&
           (!q->to.p || query_key(w, serde, q->to, &a->to_key));
}

static bool read_question(struct asking *a)
{
    struct weir_ctx *w = &a->k->w;
    if (!a->q->key.p && a->what->history) {
        weir_fail(w, WEIR_BAD_DECODE, "a versioned table is asked for one key: /stores/%s/KEY", a->what->name);
        return false;
    }
    return (!a->q->key.p || query_key(w, a->what->key_serde, a->q->key, &a->key)) &&
           (a->what->window ? read_times(a, w) : read_keys(a, w));
}

static void fail(struct asking *a, enum query_status status)
{
    const char *why = a->k->w.bad;
    a->part->status = status;
    a->part->why = memory_text(why, strlen(why));
}

// ---- whose the key is ----

static bool has_partitioner(const struct weir_program *p, int subtopology)
{
    for (int i = 0; i < p->source_count; i++) {
        if (p->sources[i].subtopology == subtopology && p->sources[i].partitioner)
            return true;
    }
    return false;
}

// Whether its partition is among those that were looked at; a partitioner of the program's knows more than the key.
static enum query_status whose(struct asking *a)
{
    struct worker *k = a->k;
    struct query_part *part = a->part;
    int32_t tasks = k->broker->ops->tasks ? k->broker->ops->tasks(k->broker, k->id, a->what->subtopology) : 0;
    part->partition = -1;
    if (tasks == 0)
        return QUERY_NOTHING;
    if (tasks < 0 || has_partitioner(k->program, a->what->subtopology))
        return task_restore_has_store(k, a->q->store) ? QUERY_BUSY : QUERY_ELSEWHERE;
    part->partition = partition_of_key(a->key, tasks);
    for (size_t i = 0; i < part->partition_count; i++) {
        if (part->partitions[i] == part->partition)
            return QUERY_NOTHING;
    }
    return task_restore_has(k, (struct broker_task){a->what->subtopology, part->partition}) ? QUERY_BUSY
                                                                                            : QUERY_ELSEWHERE;
}

static void answer(struct asking *a, struct task *only)
{
    struct worker *k = a->k;
    if (!read_question(a)) {
        fail(a, QUERY_WRONG);
        return;
    }
    if (only)
        look(a, only);
    for (struct task *t = NULL; !only && (t = task_next(&k->tasks, t));) {
        if (t->stores[a->q->store])
            look(a, t);
    }
    // Of all rows some would be missing, and nobody would know.
    a->part->status = !a->q->key.p && task_restore_has_store(k, a->q->store) ? QUERY_BUSY : QUERY_ROWS;
    if (k->w.bad)
        fail(a, QUERY_FAILED);
    else if (a->q->key.p && a->part->count == 0)
        a->part->status = only ? QUERY_NOTHING : whose(a);
}

// Global tables have no owner: the first worker reads them, while nobody else does.
static void answer_globally(struct asking *a, struct globals *g)
{
    if (a->k->id > 0) {
        a->part->status = a->q->key.p ? QUERY_NOTHING : QUERY_ROWS;
        return;
    }
    struct task *all = globals_lock(g);
    a->k = all->worker;
    weir_ctx_reset(&a->k->w);
    answer(a, all);
    store_settle(a->k);
    globals_unlock(g);
}

void query_answer(struct worker *k, const struct question *q, struct query_part *part)
{
    struct asking a = {.k = k, .what = &k->program->stores[q->store], .q = q, .part = part};
    int source = a.what->changelog_source;
    weir_ctx_init(&a.scratch);
    weir_ctx_reset(&k->w);
    if (source >= 0 && k->program->sources[source].global) {
        answer_globally(&a, k->globals);
    } else {
        answer(&a, NULL);
        store_settle(k);
    }
    weir_ctx_reset(&k->w);
    weir_ctx_free(&a.scratch);
}
