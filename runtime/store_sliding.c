// Sliding windows (KIP-450), step by step as KStreamSlidingWindowAggregate has them with a store that is read backwards. A window holds the records from its start
// to its start + difference, both included.
#include "store.h"

struct sliding {
    struct store *s;
    int64_t timestamp, difference;
    int64_t closed; // windows that end before it take nothing more
    struct weir_slide *items;
    size_t count;
    const void *left, *right; // values for the windows that the record makes
    int64_t right_time;       // of RIGHT: the greatest timestamp in it
    int64_t previous;         // timestamp of the record before this one; -1: none is known
    bool left_is_there, right_is_there;
    bool previous_right_is_there; // the window that begins behind PREVIOUS
};

static bool is_closed(const struct sliding *a, int64_t start)
{
    return start + a->difference < a->closed;
}

static void add(struct sliding *a, int64_t start, const void *base, bool adds, int64_t timestamp)
{
    if (adds && is_closed(a, start))
        weir_drop_late(&a->s->k->w, a->s->index);
    else
        a->items[a->count++] = (struct weir_slide){start, base, adds, timestamp};
}

// The record goes into a window that is there.
static void update(struct sliding *a, const struct weir_entry *e)
{
    add(a, e->start, e->value, true, e->timestamp > a->timestamp ? e->timestamp : a->timestamp);
}

// Its entries from FROM to just behind the record, newest first; values as they are now, whatever is put later.
static size_t entries_from(struct sliding *a, struct weir_str key, int64_t from, struct weir_entry **entries)
{
    struct store *s = a->s;
    struct weir_ctx *w = &s->k->w;
    struct entry **found;
    size_t count = series_find(s, key, weir_later(from, s->newest - s->what->retention + 1), a->timestamp + 1, &found);
    *entries = weir_alloc(w, count * sizeof **entries);
    a->items = weir_alloc(w, (count + 3) * sizeof *a->items);
    for (size_t i = 0; i < count; i++) {
        const struct entry *e = found[i];
        const void *value = e->row.head.value;
        if (!s->what->extra)
            value = memcpy(weir_alloc(w, s->value_size), value, s->value_size);
        (*entries)[i] = (struct weir_entry){e->row.start, e->end, e->row.head.timestamp, value};
    }
    return count;
}

static void make_right(struct sliding *a)
{
    if (!a->right_is_there && a->right && a->right_time > a->timestamp)
        add(a, a->timestamp + 1, a->right, false, a->right_time);
}

static void make_previous_right(struct sliding *a)
{
    if (a->previous >= 0 && !a->previous_right_is_there && a->previous + 1 + a->difference >= a->timestamp)
        add(a, a->previous + 1, NULL, true, a->timestamp);
}

static bool starts_at(const struct weir_entry *entries, size_t count, int64_t start)
{
    for (size_t i = 0; i < count; i++) {
        if (entries[i].start == start)
            return true;
    }
    return false;
}

static void slide(struct sliding *a, struct weir_str key)
{
    struct weir_entry *entries;
    int64_t from = a->timestamp - 2 * a->difference;
    size_t count = entries_from(a, key, from > 0 ? from : 0, &entries), seen = 0;
    bool over = false;
    while (seen < count && !over) {
        const struct weir_entry *e = &entries[seen++];
        int64_t end = e->start + a->difference;
        if (e->start == a->timestamp + 1) {
            a->right_is_there = true;
        } else if (end > a->timestamp) {
            if (!a->right) {
                a->right = e->value;
                a->right_time = e->timestamp;
            }
            update(a, e);
        } else if (end == a->timestamp) {
            a->left_is_there = true;
            update(a, e);
            if (e->timestamp >= a->timestamp)
                return; // the record before it has made all the windows
            a->previous = e->timestamp;
        } else {
            a->left = e->value;
            a->previous = e->timestamp;
            over = true;
        }
    }
    a->previous_right_is_there = starts_at(entries, seen, a->previous + 1);
    make_previous_right(a);
    if (!a->left_is_there) {
        bool has_previous = a->previous >= 0 && a->timestamp - a->difference <= a->previous;
        add(a, a->timestamp - a->difference, has_previous ? a->left : NULL, true, a->timestamp);
    }
    make_right(a);
}

// A record before the first difference: its left window would begin before time does. [0, difference] takes its place.
static void slide_early(struct sliding *a, struct weir_str key)
{
    struct weir_entry *entries;
    size_t count = entries_from(a, key, 0, &entries);
    const struct weir_entry *combined = NULL;
    for (size_t i = count; i > 0; i--) { // forwards
        const struct weir_entry *e = &entries[i - 1];
        if (e->start == 0) {
            combined = e;
            if (e->timestamp < a->timestamp)
                a->previous = e->timestamp;
        } else if (e->start <= a->timestamp) {
            a->right = e->value;
            a->right_time = e->timestamp;
            update(a, e);
        } else {
            a->right_is_there = true;
        }
    }
    if (!a->right && combined && combined->timestamp > a->timestamp) {
        a->right = combined->value;
        a->right_time = combined->timestamp;
    }
    make_right(a);
    a->previous_right_is_there = starts_at(entries, count, a->previous + 1);
    make_previous_right(a);
    if (combined)
        update(a, combined);
    else
        add(a, 0, NULL, true, a->timestamp);
}

bool weir_slides_find(struct weir_ctx *w, int store, struct weir_str key, int64_t timestamp, struct weir_slides *slides)
{
    struct store *s = store_of(w, store);
    struct sliding a = {.s = s, .timestamp = timestamp, .difference = s->what->window_size, .previous = -1};
    *slides = (struct weir_slides){.key = key};
    a.closed = weir_store_time(w, store, timestamp) - s->what->grace;
    if (is_closed(&a, timestamp)) {
        weir_drop_late(w, store);
        return false;
    }
    if (timestamp < a.difference)
        slide_early(&a, key);
    else
        slide(&a, key);
    slides->items = a.items;
    slides->count = a.count;
    return true;
}

void weir_slides_put(struct weir_ctx *w, int store, const struct weir_slides *slides, size_t index, const void *value)
{
    const struct weir_slide *slide = &slides->items[index];
    int64_t end = slide->start + store_of(w, store)->what->window_size;
    if (!w->bad)
        weir_window_put(
            w, store,
            &(struct weir_change){
                .key = slides->key, .start = slide->start, .end = end, .value = value, .timestamp = slide->timestamp});
}
