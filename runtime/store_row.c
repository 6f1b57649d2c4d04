#include <stdlib.h>

#include "log.h"
#include "store.h"
#include "task_failure.h"

// ---- values ----

void *store_keep_value(const struct weir_store *type, void *to, const void *value)
{
    if (type->extra)
        type->keep(to, value);
    else
        memcpy(to, value, type->value_size);
    return to;
}

const void *store_copy_value(struct segment *g, const struct weir_store *type, const void *value)
{
    return store_keep_value(type, slab_take(&g->slab, store_value_bytes(type, value)), value);
}

void store_free_value(struct segment *g, const struct weir_store *type, const void *value)
{
    if (value)
        slab_give(&g->slab, (void *)(uintptr_t)value, store_value_bytes(type, value));
}

void row_free_value(struct store *s, struct row *row, const void *value)
{
    if (s->what->extra && value)
        store_free_value(row_segment(s, row), s->what, value);
}

void row_give(struct store *s, struct row *row, const void *value, int64_t timestamp)
{
    row->head.timestamp = timestamp;
    if (!value)
        row->head.value = NULL;
    else if (s->what->extra)
        row->head.value = store_copy_value(row_segment(s, row), s->what, value);
    else
        row->head.value = memcpy((char *)row + s->value_at, value, s->value_size);
}

const void *store_set(struct store *s, struct row *row, const void *value, int64_t timestamp)
{
    struct undo *u = undo_push(&s->k->undo);
    const void *before = row->head.value;
    if (before && !s->what->extra)
        before = memcpy(weir_alloc(&s->k->w, s->value_size), before, s->value_size);
    *u = (struct undo){.kind = UNDO_SET,
                       .flags = row->flags,
                       .store = s,
                       .row = row,
                       .value = before,
                       .timestamp = row->head.timestamp};
    row_give(s, row, value, timestamp);
    return before;
}

// ---- segments ----

struct segment *store_segment(struct store *s, int64_t time)
{
    int64_t id = s->interval ? time / s->interval : 0;
    struct segment *g = segments_find(&s->segments, id);
    return WEIR_LIKELY(g != NULL) ? g : segments_make(&s->segments, id, true);
}

struct segment *row_segment(struct store *s, const struct row *row)
{
    return store_segment(s, s->window == WEIR_SESSION_WINDOWS ? row_end(s, row) : row->start);
}

// ---- rows ----

struct row *row_bare(struct store *s, struct segment *g, uint32_t hash, struct weir_str key, int64_t start)
{
    struct row *row = slab_take(&g->slab, s->key_at + key.n);
    *row = (struct row){.start = start, .hash = hash, .key_size = (uint32_t)key.n, .flags = ROW_USED};
    if (key.n)
        memcpy((char *)row + s->key_at, key.p, key.n);
    return row;
}

struct row *row_new(struct store *s, struct segment *g, uint32_t hash, struct weir_str key, int64_t start)
{
    struct row *row = row_bare(s, g, hash, key, start);
    table_put(g, row);
    return row;
}

void store_disk_failed(struct store *s, const char *why)
{
    struct log_about about = {.store = s->what->name, .partition = s->task->partition};
    log_about(LEVEL_ERROR, s->k->program->app, about, "store `%s`, partition %d: reading its state on disk failed: %s",
              s->what->name, (int)s->task->partition, why);
    s->k->exit = RUNTIME_FAILED;
    task_failure_note(s->k, s->task);
    weir_fail(&s->k->w, WEIR_BAD_DECODE, "%s", why);
}

const void *store_decode_value(struct weir_ctx *w, const struct weir_store *type, struct weir_str bytes)
{
    void *value = memset(weir_alloc(w, type->value_size), 0, type->value_size);
    struct weir_try before = weir_try_begin(w);
    if (!type->decode(w, bytes, value) || w->bad)
        return NULL;
    weir_try_end(w, before);
    return value;
}

bool row_decode(struct store *s, struct row *row, struct weir_str bytes, int64_t timestamp)
{
    struct weir_ctx *w = &s->k->w;
    if (s->what->history && row->start == row_end(s, row)) {
        row->flags |= ROW_GRAVE;
        row->head.timestamp = timestamp;
        return true;
    }
    bool subscription = s->what->kind == WEIR_STORE_SUBSCRIPTIONS;
    const void *value = subscription ? subscription_decode(w, bytes) : store_decode_value(w, s->what, bytes);
    if (value)
        row_give(s, row, value, timestamp);
    return value != NULL;
}

// What the disk has of a row that was just made.
static void load(struct store *s, struct segment *g, struct row *row)
{
    struct broker_error error = {""};
    struct disk_row found;
    bool is_there = false;
    if (!disk_get(s->task->disk, s->index, g->id, row_wire_key(&s->k->w, s, row), &found, &is_there, &error))
        store_disk_failed(s, error.text);
    else if (is_there && !row_decode(s, row, found.value, found.timestamp))
        store_disk_failed(s, s->k->w.bad);
}

static struct row *make(struct store *s, struct segment *g, uint32_t hash, struct weir_str key, int64_t start)
{
    struct row *row = row_new(s, g, hash, key, start);
    if (segment_asks_disk(g, hash))
        load(s, g, row);
    if (!row->head.value)
        *undo_push(&s->k->undo) = (struct undo){.kind = UNDO_MADE, .store = s, .row = row};
    return row;
}

struct row *store_row(struct store *s, struct weir_str key, int64_t start)
{
    struct segment *g = store_segment(s, start);
    uint32_t hash = table_hash(s->seed, key, start);
    struct row *row = table_find(&g->table, s->key_at, hash, key, start);
    if (!s->reach[s->k->source].own)
        store_note_row(s, key, start);
    if (WEIR_UNLIKELY(!row))
        return make(s, g, hash, key, start);
    row->flags |= ROW_USED;
    return row;
}

struct row *store_row_to_fill(struct store *s, struct weir_str key, int64_t start)
{
    struct segment *g = store_segment(s, start);
    uint32_t hash = table_hash(s->seed, key, start);
    struct row *row = table_find(&g->table, s->key_at, hash, key, start);
    return row ? row : row_new(s, g, hash, key, start);
}

void store_drop_row(struct store *s, struct row *row)
{
    struct segment *g = row_segment(s, row);
    if (s->series) {
        series_remove(s, g, (struct entry *)row);
        return;
    }
    if (s->what->kind == WEIR_STORE_SUBSCRIPTIONS)
        subscription_unlink(s, g, row);
    table_remove(g, row);
    slab_give(&g->slab, row, s->key_at + row->key_size);
}

// ---- keys ----

struct weir_str row_key(const struct store *s, const struct row *row)
{
    const struct row *named = s->series ? &((const struct entry *)row)->chain->own.row : row;
    return (struct weir_str){(const char *)named + s->key_at, named->key_size};
}

int64_t row_end(const struct store *s, const struct row *row)
{
    if (s->window == WEIR_SESSION_WINDOWS && s->series)
        return ((const struct entry *)row)->end;
    return s->window == WEIR_NOT_WINDOWED ? 0 : weir_time_after(row->start, s->what->window_size);
}

struct weir_str row_wire_key(struct weir_ctx *w, const struct store *s, const struct row *row)
{
    struct weir_str key = row_key(s, row);
    if (s->what->kind == WEIR_STORE_SIDE)
        return side_wire_key(w, key, (const struct entry *)row);
    if (!s->interval)
        return key;
    return store_changelog_key(w, s->window, key, row->start, row_end(s, row));
}

// Its window is out of retention, where nothing is found, as in Kafka Streams. Only the slower inputs of a cogroup come so late.
static void forget(struct store *s, struct row *row)
{
    if (row->head.value)
        store_set(s, row, NULL, 0);
}

struct weir_row *weir_row(struct weir_ctx *w, int store, struct weir_str key, int64_t start)
{
    struct store *s = store_of(w, store);
    if (s->what->history)
        return &versions_latest(s, key)->head;
    struct row *row = store_row(s, key, start);
    if (WEIR_UNLIKELY(start <= s->newest - s->what->retention && s->interval))
        forget(s, row);
    return &row->head;
}

// A row that was looked for on disk and is not there goes again when the record is through.
const struct weir_row *weir_row_find(struct weir_ctx *w, int store, struct weir_str key, int64_t start)
{
    struct store *s = store_of(w, store);
    if (s->what->history) // the latest
        return weir_row_at(w, store, key, INT64_MAX - 1);
    struct segment *g = segments_find(&s->segments, s->interval ? start / s->interval : 0);
    if (!g || (s->interval && start <= s->newest - s->what->retention))
        return NULL;
    uint32_t hash = table_hash(s->seed, key, start);
    struct row *row = table_find(&g->table, s->key_at, hash, key, start);
    if (!s->reach[s->k->source].own)
        store_note_row(s, key, start);
    if (row)
        row->flags |= ROW_USED;
    else if (segment_asks_disk(g, hash))
        row = make(s, g, hash, key, start);
    return row && row->head.value ? &row->head : NULL;
}
