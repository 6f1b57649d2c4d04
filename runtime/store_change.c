// What becomes of a change: with a cache all of it at the commit, with others of the row; without one it is forwarded at once, and only logged at the
// commit.
#include <stdlib.h>

#include "memory.h"
#include "store.h"
#include "store_held.h"

static size_t row_cost(const struct store *s, const struct row *row)
{
    return s->key_at + row->key_size + sizeof(struct pending) + s->value_size;
}

static struct pending *become_pending(struct store *s, struct row *row)
{
    if (WEIR_UNLIKELY(s->pending_count == s->pending_room)) {
        s->pending_room = s->pending_room ? s->pending_room * 2 : 64;
        s->pending = memory_resize(s->pending, s->pending_room * sizeof *s->pending);
    }
    row->flags |= ROW_PENDING;
    s->k->cached += row_cost(s, row);
    struct pending *p = &s->pending[s->pending_count++];
    *p = (struct pending){.row = row};
    return p;
}

void store_note_pending(struct store *s, struct row *row)
{
    if (!(row->flags & ROW_PENDING))
        become_pending(s, row);
}

void store_unlist(struct store *s, struct row *row, uint32_t added)
{
    if (added & ROW_PENDING) {
        s->pending_count--;
        s->k->cached -= row_cost(s, row);
    }
    if (added & ROW_UNSAVED)
        row_segment(s, row)->unsaved_count--;
}

static void keep_before(struct store *s, struct pending *p, const void *before)
{
    p->had = before != NULL;
    if (!before || !store_keeps_before(s))
        return;
    size_t size = s->value_size;
    p->before = s->what->extra ? before : memcpy(weir_alloc(&s->before, size), before, size);
}

struct weir_str row_value(struct store *s, const struct row *row)
{
    if (s->due)
        return held_value(s, row);
    if (row->flags & ROW_GRAVE)
        return WEIR_STR("");
    if (!row->head.value)
        return WEIR_NULL_STR;
    if (s->what->kind == WEIR_STORE_SUBSCRIPTIONS)
        return subscription_value(s, row);
    return s->what->encode(&s->k->w, row->head.value);
}

static void log_row(struct store *s, struct row *row)
{
    struct weir_ctx *w = &s->k->w;
    if (!s->kept)
        return;
    struct weir_str bytes = row_value(s, row);
    if (WEIR_UNLIKELY(w->bad != NULL))
        return;
    send_log(s->k, s->index, s->task->partition, row_wire_key(w, s, row), bytes, row->head.timestamp);
    row->flags = bytes.p ? row->flags | ROW_LOGGED : row->flags & ~(uint32_t)ROW_LOGGED;
    s->logged++;
}

void store_log(struct store *s, struct row *row)
{
    store_note_unsaved(s, row);
    log_row(s, row);
}

void store_changed(struct store *s, struct row *row, const struct weir_change *change, const void *before)
{
    store_note_unsaved(s, row);
    if ((s->cached || s->kept) && !(row->flags & ROW_PENDING))
        keep_before(s, become_pending(s, row), before);
    if (!s->cached && s->what->changed)
        s->what->changed(&s->k->w, change);
}

void weir_row_put(struct weir_ctx *w, int store, struct weir_row *head, const void *value, int64_t timestamp)
{
    struct store *s = store_of(w, store);
    struct row *row = (struct row *)head;
    if (WEIR_UNLIKELY(w->bad != NULL))
        return;
    if (s->what->history) {
        versions_put(s, row, value, timestamp, true);
        return;
    }
    if (!s->what->changed && s->interval && !store_takes_window(s, row->start, row_end(s, row)))
        return;
    if (row->start > s->newest)
        store_advance(s, s->time, row->start);
    const void *before = store_set(s, row, value, timestamp);
    struct weir_change change = {.key = row_key(s, row),
                                 .start = row->start,
                                 .end = row_end(s, row),
                                 .value = head->value,
                                 .old = before,
                                 .timestamp = timestamp};
    store_changed(s, row, &change, before);
}

// ---- the commit ----

static void forward(struct store *s, const struct pending *p)
{
    struct row *row = p->row;
    bool session = s->what->window == WEIR_SESSION_WINDOWS;
    struct weir_change change = {.key = row_key(s, row),
                                 .start = row->start,
                                 .end = row_end(s, row),
                                 .value = row->head.value,
                                 .old = p->before,
                                 .timestamp = session ? row_end(s, row) : row->head.timestamp};
    struct weir_record record = {.key = change.key, .timestamp = change.timestamp, .partition = s->task->partition};
    s->k->w.record = &record;
    if (s->what->changed)
        s->what->changed(&s->k->w, &change);
    s->k->w.record = NULL;
}

// What was done for ROW is sent, or taken back because it is bad.
static bool finish(struct store *s, const struct row *row)
{
    struct worker *k = s->k;
    if (WEIR_LIKELY(!k->w.bad) && send_flush(k)) {
        store_settle(k);
        return true;
    }
    k->pending.count = 0;
    store_undo(k);
    return k->exit == RUNTIME_DONE && bad_change(k, s, row);
}

static bool is_to_be_told(const struct store *s, const struct pending *p)
{
    return s->due ? p->row->flags & (ROW_HELD | ROW_LOGGED) : p->row->head.value || p->had;
}

static bool log_pending(struct store *s, const struct pending *p)
{
    if (!is_to_be_told(s, p))
        return true;
    weir_ctx_reset(&s->k->w);
    s->k->w.owner = s->task;
    log_row(s, p->row);
    return finish(s, p->row);
}

// What comes of the change may be bad; the row itself stays.
static bool forward_pending(struct store *s, const struct pending *p)
{
    struct row *row = p->row;
    bool good = true;
    if (s->cached && !s->due && is_to_be_told(s, p)) {
        weir_ctx_reset(&s->k->w);
        s->k->w.owner = s->task;
        forward(s, p);
        good = finish(s, row);
    }
    row->flags &= ~(uint32_t)ROW_PENDING;
    row_free_value(s, row, p->before);
    if (row_is_nothing(row))
        store_drop_row(s, row);
    return good;
}

// At least once: that a change has left is logged when a commit has made safe where it went. A crash before lets it leave once more, and not never.
static bool waits_for_commit(const struct store *s, const struct row *row)
{
    return s->k->leaving_waits && row->flags & ROW_LEFT;
}

// One row after the other, as if each were a record of its own.
static bool flush_rows(struct store *s)
{
    size_t waiting = 0;
    bool good = true;
    for (size_t i = 0; i < s->pending_count && good; i++) {
        struct pending p = s->pending[i];
        if (waits_for_commit(s, p.row))
            s->pending[waiting++] = p;
        else
            good = log_pending(s, &p) && forward_pending(s, &p);
    }
    s->pending_count = waiting;
    return good;
}

// A session that others became part of is logged before these go: a crash in between has their records twice then, and not never.
static bool flush_sessions(struct store *s)
{
    bool good = true;
    for (int gone = 0; gone < 2; gone++) {
        for (size_t i = 0; i < s->pending_count && good; i++)
            good = (s->pending[i].row->head.value == NULL) != gone || log_pending(s, &s->pending[i]);
    }
    for (size_t i = 0; i < s->pending_count && good; i++)
        good = forward_pending(s, &s->pending[i]);
    s->pending_count = 0;
    return good;
}

static bool flush(struct store *s)
{
    bool good = s->what->window == WEIR_SESSION_WINDOWS ? flush_sessions(s) : flush_rows(s);
    if (good && s->pending_count)
        return s->k->left_waits = true;
    free(s->pending); // it grows again, and a save needs as much
    s->pending = NULL;
    s->pending_count = s->pending_room = 0;
    weir_ctx_reset(&s->before);
    return good;
}

// Of windows that are given once: rows changed in another order than that of time, so all that waited comes before one is closed.
static bool close_windows(struct store *s)
{
    return s->what->kind != WEIR_STORE_BUFFER || !s->what->final || held_release(s);
}

bool store_flush_task(struct task *t)
{
    struct worker *k = t->worker;
    bool good = true;
    k->flushing = true;
    for (int i = 0; i < k->program->store_count && good; i++) {
        struct store *s = t->stores[i];
        if (s)
            good = close_windows(s) && flush(s);
    }
    k->flushing = false;
    return good;
}
