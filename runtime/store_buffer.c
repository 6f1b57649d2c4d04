// `emit final` and `emit every`: changes that are held back, as Kafka Streams' suppress holds them (InMemoryTimeOrderedKeyValueChangeBuffer). A later change of
// the same key takes the place of the one held, but not its time.
#include <stdlib.h>

#include "memory.h"
#include "store.h"
#include "store_context.h"
#include "store_held.h"

enum { UNDO_EVICTED = 1 }; // undo.flags: it went on; else it was put

void buffer_init(struct store *s)
{
    s->key_at = sizeof(struct held);
    s->held = memory_new(sizeof *s->held);
    s->held->key_at = s->key_at;
}

void buffer_free(struct store *s)
{
    free(s->held->all);
    free(s->held);
}

// ---- pieces of memory, their size before them ----

static void *piece_new(struct store *s, size_t size)
{
    size_t *piece = slab_take(&store_segment(s, 0)->slab, sizeof *piece + size);
    *piece = sizeof *piece + size;
    return piece + 1;
}

static void piece_free(struct store *s, const void *p)
{
    if (!p)
        return;
    size_t *piece = (size_t *)(uintptr_t)p - 1;
    slab_give(&store_segment(s, 0)->slab, piece, *piece);
}

static const void *copy_value(struct store *s, const void *value)
{
    if (!value)
        return NULL;
    if (!s->what->extra)
        return memcpy(piece_new(s, s->what->value_size), value, s->what->value_size);
    void *to = piece_new(s, s->what->value_size + s->what->extra(value));
    s->what->keep(to, value);
    return to;
}

static struct weir_str context_of(const struct held *h)
{
    return (struct weir_str){h->context, ((size_t *)h->context)[-1] - sizeof(size_t)};
}

static void free_last(struct store *s, const struct held *h)
{
    piece_free(s, h->value);
    piece_free(s, h->old);
    piece_free(s, h->context);
}

// ---- undo ----

// What is there now can be brought back by the entry.
static void note(struct store *s, struct held *h, uint32_t kind)
{
    struct undo *u = undo_push(&s->k->undo);
    *u = (struct undo){UNDO_HELD, kind, s, &h->row, NULL, 0, 0};
    u->value = memcpy(weir_alloc(&s->k->w, sizeof *h), h, sizeof *h);
}

void buffer_settle(struct store *s, const struct undo *u)
{
    const struct held *before = u->value;
    free_last(s, before);
    if (u->flags == UNDO_EVICTED)
        piece_free(s, before->prior);
}

void buffer_undo(struct store *s, const struct undo *u)
{
    struct held *h = (struct held *)u->row;
    const struct held *before = u->value;
    uint32_t added = h->row.flags & ~before->row.flags;
    if (u->flags != UNDO_EVICTED) {
        free_last(s, h);
        if (h->prior != before->prior)
            piece_free(s, h->prior);
    }
    store_unlist(s, &h->row, added);
    if (added & ROW_HELD)
        held_remove(s->held, h);
    uint32_t place = h->row.place;
    *h = *before;
    h->row.place = place;
    if (before->row.flags & ROW_HELD && u->flags == UNDO_EVICTED)
        held_put(s->held, h);
}

// ---- putting and letting go ----

static void mark(struct store *s, struct held *h)
{
    if (s->on_disk)
        segment_note_unsaved(store_segment(s, 0), &h->row);
    if (s->kept)
        store_note_pending(s, &h->row);
}

static struct held *held_of(struct store *s, struct weir_str key, const struct weir_change *change)
{
    struct held *h = (struct held *)store_row(s, key, 0);
    if (!(h->row.flags & ROW_HELD)) {
        h->value = h->old = h->prior = h->context = NULL;
        h->end = change->end;
        h->inner = change->key.n;
    }
    return h;
}

static void put(struct store *s, struct weir_str key, const struct weir_change *change)
{
    struct weir_ctx *w = &s->k->w;
    struct held *h = held_of(s, key, change);
    const void *old = s->what->wants_old ? change->old : NULL;
    struct weir_str context = context_write(w, w->record, change->timestamp);
    note(s, h, 0);
    h->value = copy_value(s, change->value);
    h->old = copy_value(s, old);
    h->context = memcpy(piece_new(s, context.n), context.p, context.n);
    h->timestamp = change->timestamp;
    h->start = change->start;
    if (!(h->row.flags & ROW_HELD)) {
        h->prior = copy_value(s, old);
        h->time = s->what->final ? change->end : change->timestamp;
        held_put(s->held, h);
    }
    mark(s, h);
}

static void emit(struct store *s, struct held *h)
{
    struct weir_ctx *w = &s->k->w;
    const struct weir_record *under_way = w->record;
    struct weir_record record;
    struct weir_change change = {.key = {(const char *)h + s->key_at, h->inner},
                                 .start = h->start,
                                 .end = h->end,
                                 .value = h->value,
                                 .old = h->old,
                                 .timestamp = h->timestamp};
    if ((!h->value && s->what->final) || !s->what->changed)
        return;
    context_read(w, context_of(h), &record);
    record.key = change.key;
    w->record = &record;
    s->what->changed(w, &change);
    w->record = under_way;
}

static void evict(struct store *s)
{
    while (s->held->count && s->held->all[0]->time <= s->time - s->what->wait && !s->k->w.bad) {
        struct held *h = s->held->all[0];
        emit(s, h);
        note(s, h, UNDO_EVICTED);
        held_remove(s->held, h);
        h->value = h->old = h->prior = h->context = NULL;
        mark(s, h);
    }
}

void weir_suppress(struct weir_ctx *w, int store, const struct weir_change *change)
{
    struct store *s = store_of(w, store);
    struct weir_str key = change->key;
    if (w->bad)
        return;
    if (change->timestamp > s->time)
        store_advance(s, change->timestamp, s->newest);
    if (s->what->window != WEIR_NOT_WINDOWED)
        key = weir_windowed_key(w, s->what->window, key, change->start, change->end);
    put(s, key, change);
    evict(s);
}

// ---- the changelog ----

static struct weir_str encoded(struct store *s, const void *value)
{
    return value ? s->what->encode(&s->k->w, value) : WEIR_NULL_STR;
}

static bool is_same(struct weir_str a, struct weir_str b)
{
    return a.p && b.p && a.n == b.n && memcmp(a.p, b.p, a.n) == 0;
}

struct weir_str buffer_value(struct store *s, const struct row *row)
{
    if (!(row->flags & ROW_HELD))
        return WEIR_NULL_STR;
    const struct held *h = (const struct held *)row;
    struct weir_str context = context_of(h), prior = encoded(s, h->prior), old = encoded(s, h->old);
    struct weir_buf b;
    weir_buf_init(&s->k->w, &b, 256);
    weir_put(&b, context.p, context.n);
    wire_put_sized(&b, prior);
    if (is_same(prior, old))
        wire_put_number(&b, (uint64_t)-2, 4);
    else
        wire_put_sized(&b, old);
    wire_put_sized(&b, encoded(s, h->value));
    wire_put_number(&b, (uint64_t)h->time, 8);
    return weir_buf_str(&b);
}

static bool decoded(struct store *s, struct weir_str bytes, const void **value)
{
    struct weir_ctx *w = &s->k->w;
    if (!bytes.p)
        return true;
    void *v = memset(weir_alloc(w, s->what->value_size), 0, s->what->value_size);
    if (!s->what->decode(w, bytes, v) || w->bad)
        return false;
    *value = v;
    return true;
}

// A value of the changelog, its parts in the arena.
static bool parse(struct store *s, struct weir_str bytes, struct held *h, struct weir_record *record)
{
    struct weir_str rest = context_read(&s->k->w, bytes, record), prior, old, value;
    if (!rest.p || !wire_take_sized(&rest, &prior))
        return false;
    bool same = rest.n >= 4 && memcmp(rest.p, "\xFF\xFF\xFF\xFE", 4) == 0;
    int64_t number;
    old = prior;
    if (same ? !wire_take_number(&rest, 4, &number) : !wire_take_sized(&rest, &old))
        return false;
    return wire_take_sized(&rest, &value) && wire_take_number(&rest, 8, &h->time) && rest.n == 0 &&
           decoded(s, prior, &h->prior) && decoded(s, old, &h->old) && decoded(s, value, &h->value);
}

static void restore_nothing(struct store *s, struct held *h)
{
    if (h->row.flags & ROW_HELD) {
        held_remove(s->held, h);
        free_last(s, h);
        piece_free(s, h->prior);
        h->value = h->old = h->prior = h->context = NULL;
    }
}

bool buffer_restore(struct store *s, struct weir_str key, struct weir_str value, bool saved)
{
    struct weir_ctx *w = &s->k->w;
    struct held parsed = {0};
    struct weir_record record;
    struct weir_change change = {.key = key};
    if (value.p && !parse(s, value, &parsed, &record)) {
        weir_fail(w, WEIR_BAD_DECODE, "%zu bytes that are no change held back", value.n);
        return false;
    }
    if (s->what->window != WEIR_NOT_WINDOWED &&
        !weir_windowed_split(w, s->what->window, s->what->window_size, key, &change.key, &change.start, &change.end))
        return false;
    struct held *h = held_of(s, key, &change);
    restore_nothing(s, h);
    if (value.p) {
        struct weir_str context = context_write(w, &record, record.timestamp);
        h->value = copy_value(s, parsed.value);
        h->old = copy_value(s, parsed.old);
        h->prior = copy_value(s, parsed.prior);
        h->context = memcpy(piece_new(s, context.n), context.p, context.n);
        h->time = parsed.time;
        h->timestamp = record.timestamp;
        h->start = change.start;
        held_put(s->held, h);
    }
    if (s->on_disk && !saved)
        segment_note_unsaved(store_segment(s, 0), &h->row);
    store_settle(s->k);
    return true;
}
