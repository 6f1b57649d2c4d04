#include "store_held.h"

#include <stdlib.h>

#include "memory.h"
#include "store.h"

static bool is_before(const struct due_heap *h, const struct due *a, const struct due *b)
{
    if (a->time != b->time)
        return a->time < b->time;
    size_t n = a->row.key_size < b->row.key_size ? a->row.key_size : b->row.key_size;
    int order = memcmp((const char *)a + h->key_at, (const char *)b + h->key_at, n);
    return order ? order < 0 : a->row.key_size < b->row.key_size;
}

static void place(struct due_heap *h, struct due *due, size_t at)
{
    h->all[at] = due;
    due->row.place = (uint32_t)at;
}

static void up(struct due_heap *h, struct due *due, size_t at)
{
    for (size_t parent; at > 0 && is_before(h, due, h->all[parent = (at - 1) / 2]); at = parent)
        place(h, h->all[parent], at);
    place(h, due, at);
}

static void down(struct due_heap *h, struct due *due, size_t at)
{
    for (size_t child; (child = 2 * at + 1) < h->count; at = child) {
        if (child + 1 < h->count && is_before(h, h->all[child + 1], h->all[child]))
            child++;
        if (!is_before(h, h->all[child], due))
            break;
        place(h, h->all[child], at);
    }
    place(h, due, at);
}

void due_put(struct due_heap *h, struct due *due)
{
    if (h->count == h->room) {
        h->room = h->room ? h->room * 2 : 64;
        h->all = memory_resize(h->all, h->room * sizeof *h->all);
    }
    due->row.flags = (due->row.flags | ROW_HELD) & ~(uint32_t)ROW_LEFT;
    up(h, due, h->count++);
}

void due_remove(struct due_heap *h, struct due *due)
{
    size_t at = due->row.place;
    struct due *last = h->all[--h->count];
    due->row.flags &= ~(uint32_t)ROW_HELD;
    if (last == due)
        return;
    down(h, last, at);
    up(h, last, last->row.place);
}

// ---- of a store ----

static bool is_parked(const struct store *s)
{
    return s->what->kind == WEIR_STORE_PARKED;
}

static size_t heap_count(const struct store *s)
{
    return is_parked(s) ? 2 : 1;
}

void held_init(struct store *s)
{
    s->key_at = is_parked(s) ? sizeof(struct parked) : sizeof(struct held);
    s->due = memory_new(heap_count(s) * sizeof *s->due);
    for (size_t i = 0; i < heap_count(s); i++)
        s->due[i].key_at = s->key_at;
}

void held_free(struct store *s)
{
    for (size_t i = 0; i < heap_count(s); i++)
        free(s->due[i].all);
    free(s->due);
}

void held_note(struct store *s, struct due *due, size_t size, uint32_t kind)
{
    struct undo *u = undo_push(&s->k->undo);
    *u = (struct undo){.kind = UNDO_HELD, .flags = kind, .store = s, .row = &due->row};
    u->value = memcpy(weir_alloc(&s->k->w, size), due, size);
}

void held_bring_back(struct store *s, struct due_heap *heap, struct due *due, const struct due *before, size_t size)
{
    uint32_t added = due->row.flags & ~before->row.flags, lost = before->row.flags & ~due->row.flags;
    store_unlist(s, &due->row, added);
    if (added & ROW_HELD)
        due_remove(heap, due);
    uint32_t place = due->row.place;
    memcpy(due, before, size);
    due->row.place = place;
    if (lost & ROW_HELD)
        due_put(heap, due);
}

static void note_unsaved(struct store *s, struct due *due)
{
    if (s->on_disk)
        segment_note_unsaved(store_segment(s, 0), &due->row);
}

void held_mark(struct store *s, struct due *due)
{
    note_unsaved(s, due);
    if (s->kept)
        store_note_pending(s, &due->row);
}

void held_mark_restored(struct store *s, struct due *due, bool saved)
{
    due->row.flags |= due->row.flags & ROW_HELD ? ROW_LOGGED : 0;
    if (!saved)
        note_unsaved(s, due);
}

void held_settle(struct store *s, const struct undo *u)
{
    if (is_parked(s))
        parked_settle(s, u);
    else
        buffer_settle(s, u);
}

void held_undo(struct store *s, const struct undo *u)
{
    if (is_parked(s))
        parked_undo(s, u);
    else
        buffer_undo(s, u);
}

// ---- leaving ----

bool held_send(struct store *s, const struct due *due, held_send_fn *send)
{
    struct worker *k = s->k;
    size_t sends = k->pending.count, changes = k->undo.count;
    send(s, due);
    const char *why = k->w.bad;
    if (WEIR_LIKELY(!why))
        return true;
    k->pending.count = sends;
    store_undo_to(k, changes);
    if (bad_change(k, s, &due->row))
        return true;
    k->w.bad = why;
    return false;
}

void held_left(struct store *s, struct due *due)
{
    if (is_parked(s))
        parked_take_out(s, due);
    else
        buffer_take_out(s, due);
    due->row.flags |= ROW_LEFT;
}

static struct due *first_due(const struct store *s, int64_t ms)
{
    return is_parked(s) ? parked_first(s, ms) : buffer_first(s, ms);
}

bool held_is_due(const struct store *s, int64_t ms)
{
    return first_due(s, ms) != NULL;
}

bool held_release(struct store *s)
{
    struct worker *k = s->k;
    for (struct due *due; (due = first_due(s, 0));) {
        weir_ctx_reset(&k->w);
        k->w.owner = s->task;
        if (!(is_parked(s) ? parked_leave(s, due) : buffer_leave(s, due)) || !send_flush(k)) {
            k->pending.count = 0;
            store_undo(k);
            if (k->exit != RUNTIME_DONE || !bad_change(k, s, &due->row))
                return false;
        }
        held_left(s, due);
        store_settle(k);
    }
    return true;
}

void held_show(struct store *s, const struct row *row, struct weir_str *key, struct weir_str *value)
{
    if (is_parked(s))
        parked_show(s, row, key, value);
    else
        buffer_show(s, row, key, value);
}

struct weir_str held_value(struct store *s, const struct row *row)
{
    if (!(row->flags & ROW_HELD))
        return WEIR_NULL_STR;
    return is_parked(s) ? parked_value(s, (const struct due *)row) : buffer_value(s, (const struct held *)row);
}

bool held_restore(struct store *s, struct weir_str key, struct weir_str value, bool saved)
{
    bool good = is_parked(s) ? parked_restore(s, key, value, saved) : buffer_restore(s, key, value, saved);
    store_settle(s->k);
    return good;
}
