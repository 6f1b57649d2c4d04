// Rows of sessions and sliding windows as joins find them, and as a table of them, or a block, keeps them.
#include <inttypes.h>

#include "store.h"

bool store_takes_window(struct store *s, int64_t start, int64_t end)
{
    int64_t time = s->window == WEIR_SESSION_WINDOWS ? end : start;
    if (start < 0 || end < start) {
        weir_fail(&s->k->w, WEIR_BAD_INDEX, "no window can be from %" PRId64 " to %" PRId64 " ms", start, end);
        return false;
    }
    if (time > s->newest - s->what->retention)
        return true;
    weir_drop_late(&s->k->w, s->index);
    return false;
}

const struct weir_row *weir_window_find(struct weir_ctx *w, int store, struct weir_str key, int64_t start, int64_t end)
{
    struct store *s = store_of(w, store);
    bool session = s->window == WEIR_SESSION_WINDOWS;
    int64_t time = session ? end : start;
    struct series_walk walk = {.s = s, .key = key, .from = time, .to = time};
    if (time <= s->newest - s->what->retention)
        return NULL;
    for (struct entry *e; (e = series_next(&walk));) {
        if (e->row.start != start || e->end != end || !e->row.head.value)
            continue;
        if (!session)
            return &e->row.head;
        struct weir_row *row = weir_alloc(w, sizeof *row);
        *row = (struct weir_row){e->row.head.value, end};
        return row;
    }
    return NULL;
}

void weir_window_put(struct weir_ctx *w, int store, const struct weir_change *change)
{
    struct store *s = store_of(w, store);
    int64_t time = s->window == WEIR_SESSION_WINDOWS ? change->end : change->start;
    if (w->bad || (!s->what->changed && !store_takes_window(s, change->start, change->end)))
        return;
    if (time > s->newest)
        store_advance(s, s->time, time);
    struct entry *e = series_entry(s, change->key, change->start, change->end);
    struct weir_change put = *change;
    put.old = store_set(s, &e->row, change->value, change->timestamp);
    put.key = row_key(s, &e->row);
    put.value = e->row.head.value;
    store_changed(s, &e->row, &put, put.old);
}
