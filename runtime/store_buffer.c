// What is held back with the record it came with. `emit final` and `emit every`: changes, as Kafka Streams' suppress holds them
// (InMemoryTimeOrderedKeyValueChangeBuffer); a later change of the same key takes the place of the one held, but not its time. And records of streams that wait
// for a versioned table (RocksDBTimeOrderedKeyValueBuffer, KIP-923), each with a key of its own: 0 | time | key | sequence.
#include "store_held.h"

#include "store.h"
#include "weir_ops.h"

enum { UNDO_PUT, UNDO_EVICTED };

// A record that waits has its time in its key.
static bool has_time(const struct store *s)
{
    return s->what->kind == WEIR_STORE_BUFFER;
}

// ---- memory ----

static const void *copy_value(struct store *s, const void *value)
{
    return value ? store_copy_value(store_segment(s, 0), s->what, value) : NULL;
}

static char *copy_context(struct store *s, struct weir_str context)
{
    return memcpy(segment_piece(store_segment(s, 0), context.n), context.p, context.n);
}

static struct weir_str context_of(const struct held *h)
{
    return (struct weir_str){h->context, piece_size(h->context)};
}

static void free_last(struct store *s, const struct held *h)
{
    struct segment *g = store_segment(s, 0);
    store_free_value(g, s->what, h->value);
    store_free_value(g, s->what, h->old);
    segment_free_piece(g, h->context);
}

// ---- undo ----

static void note(struct store *s, struct held *h, uint32_t kind)
{
    held_note(s, &h->due, sizeof *h, kind);
}

void buffer_settle(struct store *s, const struct undo *u)
{
    const struct held *before = u->value;
    free_last(s, before);
    if (u->flags == UNDO_EVICTED)
        store_free_value(store_segment(s, 0), s->what, before->prior);
}

void buffer_undo(struct store *s, const struct undo *u)
{
    struct held *h = (struct held *)u->row;
    const struct held *before = u->value;
    if (u->flags == UNDO_PUT) {
        free_last(s, h);
        if (h->prior != before->prior)
            store_free_value(store_segment(s, 0), s->what, h->prior);
    }
    held_bring_back(s, s->due, &h->due, &before->due, sizeof *h);
}

// ---- putting and letting go ----

// The key of CHANGE is within KEY.
static struct held *held_of(struct store *s, struct weir_str key, const struct weir_change *change)
{
    struct held *h = (struct held *)store_row(s, key, 0);
    if (!(h->due.row.flags & ROW_HELD)) {
        h->value = h->old = h->prior = h->context = NULL;
        h->end = change->end;
        h->key = (struct weir_str){(const char *)h + s->key_at + (has_time(s) ? 0 : WAIT_PREFIX), change->key.n};
    }
    return h;
}

void buffer_put(struct store *s, struct weir_str key, const struct weir_change *change, int64_t time)
{
    struct weir_ctx *w = &s->k->w;
    struct held *h = held_of(s, key, change);
    const void *old = s->what->wants_old ? change->old : NULL;
    note(s, h, UNDO_PUT);
    h->value = copy_value(s, change->value);
    h->old = copy_value(s, old);
    h->context = copy_context(s, context_write(w, w->record, change->timestamp));
    h->timestamp = change->timestamp;
    h->start = change->start;
    if (!(h->due.row.flags & ROW_HELD)) {
        h->prior = copy_value(s, old);
        h->due.time = time;
        due_put(s->due, &h->due);
    }
    held_mark(s, &h->due);
}

static void forward(struct store *s, const struct held *h)
{
    struct weir_change change = {
        .key = h->key, .start = h->start, .end = h->end, .value = h->value, .old = h->old, .timestamp = h->timestamp};
    struct weir_parked record = {true, h->key, h->value, h->timestamp};
    if (s->what->kind == WEIR_STORE_WAITING)
        s->what->parked(&s->k->w, &record);
    else if ((h->value || !s->what->final) && s->what->changed)
        s->what->changed(&s->k->w, &change);
}

static void send(struct store *s, const struct due *due)
{
    const struct held *h = (const struct held *)due;
    struct weir_ctx *w = &s->k->w;
    const struct weir_record *under_way = w->record;
    struct weir_record record;
    context_read(w, context_of(h), &record);
    record.key = h->key;
    w->record = &record;
    forward(s, h);
    w->record = under_way;
}

bool buffer_leave(struct store *s, struct due *due)
{
    return held_send(s, due, send);
}

void buffer_take_out(struct store *s, struct due *due)
{
    struct held *h = (struct held *)due;
    note(s, h, UNDO_EVICTED);
    due_remove(s->due, due);
    h->value = h->old = h->prior = h->context = NULL;
    held_mark(s, due);
}

// The first that is due by TIME, or NULL.
static struct due *first_due(const struct store *s, int64_t time)
{
    return s->due->count && s->due->all[0]->time <= time ? s->due->all[0] : NULL;
}

void buffer_evict(struct store *s, int64_t time)
{
    struct due *due;
    while (!s->k->w.bad && (due = first_due(s, time)) && buffer_leave(s, due))
        held_left(s, due);
}

struct due *buffer_first(const struct store *s, int64_t ms)
{
    int64_t time = s->what->kind == WEIR_STORE_WAITING ? s->newest : s->time;
    return time < 0 ? NULL : first_due(s, weir_time_after(time, ms) - s->what->wait);
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
    buffer_put(s, key, change, s->what->final ? change->end : change->timestamp);
    if (!(s->what->final && s->k->flushing))
        buffer_evict(s, s->time - s->what->wait);
}

// ---- the changelog ----

static struct weir_str encoded(struct store *s, const void *value)
{
    return value ? s->what->encode(&s->k->w, value) : WEIR_NULL_STR;
}

struct weir_str buffer_value(struct store *s, const struct held *h)
{
    struct weir_str context = context_of(h), prior = encoded(s, h->prior), old = encoded(s, h->old);
    struct weir_buf b;
    weir_buf_init(&s->k->w, &b, 256);
    weir_put(&b, context.p, context.n);
    wire_put_sized(&b, prior);
    if (prior.p && weir_eq_str(prior, old))
        wire_put_number(&b, (uint64_t)-2, 4);
    else
        wire_put_sized(&b, old);
    wire_put_sized(&b, encoded(s, h->value));
    wire_put_number(&b, has_time(s) ? (uint64_t)h->due.time : 0, 8);
    return weir_buf_str(&b);
}

void buffer_show(struct store *s, const struct row *row, struct weir_str *key, struct weir_str *value)
{
    const struct held *h = (const struct held *)row;
    *key = h->key;
    *value = encoded(s, h->value);
}

static bool decoded(struct store *s, struct weir_str bytes, const void **value)
{
    *value = bytes.p ? store_decode_value(&s->k->w, s->what, bytes) : NULL;
    return !bytes.p || *value;
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
    return wire_take_sized(&rest, &value) && wire_take_number(&rest, 8, &h->due.time) && rest.n == 0 &&
           decoded(s, prior, &h->prior) && decoded(s, old, &h->old) && decoded(s, value, &h->value) &&
           (h->value || has_time(s));
}

static void restore_nothing(struct store *s, struct held *h)
{
    if (h->due.row.flags & ROW_HELD) {
        due_remove(s->due, &h->due);
        free_last(s, h);
        store_free_value(store_segment(s, 0), s->what, h->prior);
        h->value = h->old = h->prior = h->context = NULL;
    }
}

static void restore_value(struct store *s, struct held *h, const struct held *parsed, const struct weir_record *record)
{
    h->value = copy_value(s, parsed->value);
    h->old = copy_value(s, parsed->old);
    h->prior = copy_value(s, parsed->prior);
    h->context = copy_context(s, context_write(&s->k->w, record, record->timestamp));
    h->due.time = parsed->due.time;
    h->timestamp = record->timestamp;
    due_put(s->due, &h->due);
}

// The key of what is held, within that of the changelog, and its window.
static bool split_key(struct store *s, struct weir_str key, struct weir_change *change)
{
    change->key = key;
    if (s->what->kind == WEIR_STORE_WAITING)
        return wait_split_key(s, key, &change->key, &change->timestamp);
    return s->what->window == WEIR_NOT_WINDOWED || weir_windowed_split(&s->k->w, s->what->window, s->what->window_size,
                                                                       key, &change->key, &change->start, &change->end);
}

bool buffer_restore(struct store *s, struct weir_str key, struct weir_str value, bool saved)
{
    struct held parsed = {0};
    struct weir_record record;
    struct weir_change change = {0};
    if (value.p && !parse(s, value, &parsed, &record)) {
        weir_fail(&s->k->w, WEIR_BAD_DECODE, "%zu bytes that are nothing held back", value.n);
        return false;
    }
    if (!split_key(s, key, &change))
        return false;
    if (!has_time(s))
        parsed.due.time = change.timestamp;
    struct held *h = held_of(s, key, &change);
    restore_nothing(s, h);
    h->start = change.start;
    if (value.p)
        restore_value(s, h, &parsed, &record);
    held_mark_restored(s, &h->due, saved);
    return true;
}
