// Session windows, as KStreamSessionWindowAggregate has them. A session at the very edge of retention is still found, where Kafka Streams would begin another.
#include "store.h"

void weir_drop_late(struct weir_ctx *w, int store)
{
    struct counters *c = ((struct task *)w->owner)->worker->counters;
    stats_count(&c->late, 1);
    stats_count(&c->stores[store].late, 1);
}

void weir_drop_null(struct weir_ctx *w, int store)
{
    struct counters *c = ((struct task *)w->owner)->worker->counters;
    stats_count(&c->null, 1);
    if (store >= 0)
        stats_count(&c->stores[store].null, 1);
}

// The sessions within the gap around TIMESTAMP, the oldest first.
static void find(struct store *s, struct weir_str key, int64_t timestamp, struct weir_sessions *found)
{
    struct weir_ctx *w = &s->k->w;
    int64_t gap = s->what->window_size, oldest = weir_later(timestamp - gap, s->newest - s->what->retention);
    struct entry **all;
    size_t most = series_find(s, key, weir_later(0, oldest), INT64_MAX, &all), at = most;
    struct weir_entry *entries = weir_alloc(w, most * sizeof *entries);
    for (size_t i = 0; i < most; i++) {
        const struct entry *e = all[i];
        if (e->row.start <= timestamp + gap)
            entries[--at] = (struct weir_entry){e->row.start, e->end, e->end, e->row.head.value};
    }
    found->found = entries + at;
    found->count = most - at;
}

bool weir_sessions_find(struct weir_ctx *w, int store, struct weir_str key, int64_t timestamp, struct weir_sessions *f)
{
    struct store *s = store_of(w, store);
    int64_t closed = weir_store_time(w, store, timestamp) - s->what->grace - s->what->window_size;
    *f = (struct weir_sessions){.key = key, .start = timestamp, .end = timestamp};
    s->trigger = timestamp;
    find(s, key, timestamp, f);
    for (size_t i = 0; i < f->count; i++) {
        f->start = f->found[i].start < f->start ? f->found[i].start : f->start;
        f->end = weir_later(f->found[i].end, f->end);
    }
    if (f->end >= closed)
        return true;
    weir_drop_late(w, store);
    return false;
}

// Kafka Streams says nothing of the value that a session had before.
static void put(struct store *s, struct weir_str key, int64_t start, int64_t end, const void *value)
{
    struct entry *e = series_entry(s, key, start, end);
    const void *before = store_set(s, &e->row, value, s->trigger);
    struct weir_change change = {.key = row_key(s, &e->row),
                                 .start = start,
                                 .end = end,
                                 .value = e->row.head.value,
                                 .old = value && !s->cached ? NULL : before,
                                 .timestamp = end};
    store_changed(s, &e->row, &change, before);
}

static void put_all(struct store *s, const struct weir_sessions *f, const void *value)
{
    struct weir_ctx *w = &s->k->w;
    bool alone = f->start == s->trigger && f->end == s->trigger;
    for (size_t i = 0; i < f->count && !alone && !w->bad; i++)
        put(s, f->key, f->found[i].start, f->found[i].end, NULL);
    if (w->bad)
        return;
    if (f->end > s->newest)
        store_advance(s, s->time, f->end);
    put(s, f->key, f->start, f->end, value);
}

void weir_sessions_put(struct weir_ctx *w, int store, const struct weir_sessions *f, const void *value)
{
    const struct weir_record *incoming = w->record;
    struct weir_record bare = *incoming;
    bare.headers = NULL; // as Kafka Streams forwards sessions
    bare.header_count = 0;
    w->record = &bare;
    put_all(store_of(w, store), f, value);
    w->record = incoming;
}
