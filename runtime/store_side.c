// One side of a join of streams: all records of a key for the time of the window, each an entry of its own (its `end` is a sequence number, so that
// records of equal time stay as they came). Changelog keys are key | time | sequence, as Kafka Streams' window stores with duplicates have them; never cached.
#include "store.h"
#include "weir_wire.h"

enum { TAIL = 12, LAST_SEQUENCE = 0x7FFFFFFF };

struct weir_str side_wire_key(struct weir_ctx *w, struct weir_str key, const struct entry *e)
{
    char *p = weir_alloc(w, key.n + TAIL);
    if (key.n)
        memcpy(p, key.p, key.n);
    weir_put_i64be(p + key.n, e->row.start);
    weir_put_i32be(p + key.n + 8, (int32_t)e->end);
    return (struct weir_str){p, key.n + TAIL};
}

bool side_split_key(struct weir_ctx *w, struct weir_str key, struct weir_str *inner, int64_t *timestamp,
                    int64_t *sequence)
{
    int64_t time = key.n < TAIL ? -1 : weir_get_i64be(key.p + key.n - TAIL);
    if (time < 0) {
        weir_fail(w, WEIR_BAD_DECODE, "a key of %zu bytes that is not that of a record of a join", key.n);
        return false;
    }
    *inner = (struct weir_str){key.p, key.n - TAIL};
    *timestamp = time;
    *sequence = weir_get_i32be(key.p + key.n - 4);
    return true;
}

static struct weir_match *more_room(struct weir_ctx *w, const struct weir_match *items, size_t *room, size_t *at)
{
    size_t grown = *room ? 2 * *room : 8;
    struct weir_match *all = weir_alloc(w, grown * sizeof *all);
    *at = grown - *room;
    if (items)
        memcpy(all + *at, items, *room * sizeof *all);
    *room = grown;
    return all;
}

struct weir_matches weir_side_find(struct weir_ctx *w, int store, struct weir_str key, int64_t from, int64_t to)
{
    struct store *s = store_of(w, store);
    struct series_walk walk = {.s = s, .key = key, .to = to};
    walk.from = weir_later(0, weir_later(from, s->newest - s->what->retention + 1));
    if (w->bad || to < walk.from)
        return (struct weir_matches){NULL, 0};
    store_note_entries(s, key, walk.from, to);
    struct weir_match *items = NULL;
    size_t room = 0, at = 0; // filled from its end: the newest comes first
    for (struct entry *e; (e = series_next(&walk));) {
        if (at == 0)
            items = more_room(w, items, &room, &at);
        items[--at] = (struct weir_match){e->row.start, e->row.head.value};
    }
    return (struct weir_matches){items + at, room - at};
}

// Behind those of its key and time: numbers begin anew with each run, as in Kafka Streams, where a record then takes the place of one of the same
// number.
static int64_t next_sequence(struct store *s, const struct chain *chain, int64_t timestamp)
{
    const struct entry *e = chain->newest;
    s->sequence = (s->sequence + 1) & LAST_SEQUENCE;
    while (e && e->row.start > timestamp)
        e = e->older;
    return e && e->row.start == timestamp && e->end >= s->sequence ? (e->end + 1) & LAST_SEQUENCE : s->sequence;
}

void weir_side_put(struct weir_ctx *w, int store, struct weir_str key, const void *value, int64_t timestamp)
{
    struct store *s = store_of(w, store);
    if (w->bad || !key.p || !value || timestamp < 0 || timestamp <= s->newest - s->what->retention)
        return;
    if (timestamp > s->newest)
        store_advance(s, s->time, timestamp);
    store_note_entries(s, key, timestamp, timestamp);
    struct segment *g = store_segment(s, timestamp);
    struct chain *chain = series_chain(s, g, key, true);
    struct entry *e = series_entry_in(s, g, chain, timestamp, next_sequence(s, chain, timestamp));
    store_set(s, &e->row, value, timestamp);
    store_log(s, &e->row);
}
