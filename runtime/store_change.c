// What becomes of a change: with a cache all of it at the commit, with others of the row; without one it is forwarded at once, and only logged at the
// commit.
#include <stdlib.h>

#include "memory.h"
#include "store.h"

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

// One row, as if it were a record of its own. What comes of its change may be bad; the row itself stays, and is logged.
static bool flush_row(struct store *s, const struct pending *p)
{
    struct row *row = p->row;
    bool held = s->due != NULL, forwards = s->cached && !held, good = true;
    row->flags &= ~(uint32_t)ROW_PENDING;
    if (held ? row->flags & (ROW_HELD | ROW_LOGGED) : row->head.value || p->had) {
        weir_ctx_reset(&s->k->w);
        s->k->w.owner = s->task;
        log_row(s, row);
        good = finish(s, row);
        if (good && forwards) {
            forward(s, p);
            good = finish(s, row);
        }
    }
    row_free_value(s, row, p->before);
    if (row_is_nothing(row))
        store_drop_row(s, row);
    return good;
}

static bool flush(struct store *s)
{
    bool good = true;
    for (size_t i = 0; i < s->pending_count && good; i++)
        good = flush_row(s, &s->pending[i]);
    free(s->pending); // it grows again, and a save needs as much
    s->pending = NULL;
    s->pending_count = s->pending_room = 0;
    weir_ctx_reset(&s->before);
    return good;
}

bool store_flush_task(struct task *t)
{
    const struct weir_program *program = t->worker->program;
    bool good = true;
    for (int i = 0; i < program->store_count && good; i++) {
        struct store *s = t->stores[i];
        if (s)
            good = flush(s);
    }
    return good;
}
