// Loops over windows and sessions. What there is is listed as a whole and sorted by time: rows that are only on disk with their bytes.
#include <stdlib.h>

#include "key_order.h"
#include "store_order.h"
#include "store_scan.h"

// What is looked for: the windows that start, or the sessions that end, from FROM to TO. Sessions start at LATEST_START or earlier.
struct sought {
    struct weir_ctx *w;
    struct weir_scan *scan;
    struct segment *g;
    struct weir_str key; // p NULL: all
    int64_t from, to, latest_start;
};

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

// What retention no longer keeps is not found.
static int64_t kept_from(const struct store *s, int64_t from)
{
    return later(0, later(from, s->newest - s->retention + 1));
}

static bool is_sought(const struct sought *f, int64_t start, int64_t end)
{
    int64_t time = f->scan->s->series ? end : start;
    return time >= f->from && time <= f->to && start <= f->latest_start;
}

static void add_row(const struct sought *f, const struct row *row, int64_t end)
{
    if (row->head.value && is_sought(f, row->start, end))
        store_scan_add(f->w, f->scan, (struct scan_item){.row = row});
}

static void add_entries(const struct sought *f, const struct chain *chain)
{
    for (const struct entry *e = chain ? chain->newest : NULL; e; e = e->older)
        add_row(f, &e->row, e->end);
}

// ---- on disk ----

// What memory has of a key, or of a chain of it, is newer.
static bool is_in_memory(const struct sought *f, struct weir_str key, int64_t start)
{
    const struct store *s = f->scan->s;
    if (s->series)
        return series_chain_in_memory(s, f->g, key) != NULL;
    return table_find(&f->g->table, s->key_at, table_hash(s->seed, key, start), key, start) != NULL;
}

static bool add_saved(void *arg, const struct disk_row *row)
{
    const struct sought *f = arg;
    struct store *s = f->scan->s;
    struct weir_str inner;
    int64_t start, end;
    if (!store_split_key(s, row->key, &inner, &start, &end))
        return false;
    if ((f->key.p && order_of_keys(inner, f->key) != 0) || !is_sought(f, start, end) || is_in_memory(f, inner, start))
        return true;
    struct scan_saved *saved = weir_alloc(f->w, sizeof *saved);
    char *bytes = weir_alloc(f->w, inner.n + row->value.n);
    *saved = (struct scan_saved){.key = store_scan_copy(bytes, inner),
                                 .start = start,
                                 .end = end,
                                 .segment = row->segment,
                                 .timestamp = row->timestamp,
                                 .value = store_scan_copy(bytes + inner.n, row->value)};
    store_scan_add(f->w, f->scan, (struct scan_item){.saved = saved});
    return true;
}

static void add_from_disk(struct sought *f, struct weir_str from, struct weir_str to)
{
    struct store *s = f->scan->s;
    struct broker_error error = {""};
    if (!disk_range(s->task->disk, s->index, f->g->id, from, to, add_saved, f, &error))
        store_disk_failed(s, error.text);
    else if (f->w->bad)
        store_disk_failed(s, f->w->bad);
}

// ---- a segment ----

static void add_all(struct sought *f)
{
    const struct table *t = &f->g->table;
    bool series = f->scan->s->series;
    for (size_t i = 0; t->slots && i <= t->mask; i++) {
        const struct row *row = slot_row(t->slots[i]);
        if (row && series)
            add_entries(f, (const struct chain *)row);
        else if (row)
            add_row(f, row, 0);
    }
    if (!f->g->complete)
        add_from_disk(f, WEIR_STR(""), WEIR_NULL_STR);
}

static void add_windows_of_key(struct sought *f)
{
    struct store *s = f->scan->s;
    const struct order *o = segment_order(f->g, s->key_at);
    struct order_place at = order_find(o, f->key, f->from), to = order_find(o, f->key, f->to + 1);
    for (size_t n = order_count(o, at, to); n > 0; n--)
        add_row(f, order_next(o, &at), 0);
    if (!f->g->complete)
        add_from_disk(f, store_changelog_key(f->w, s->window, f->key, f->from, 0),
                      store_changelog_key(f->w, s->window, f->key, f->to + 1, 0));
}

static void add_segment(struct sought *f)
{
    if (!f->key.p)
        add_all(f);
    else if (f->scan->s->series)
        add_entries(f, series_chain(f->scan->s, f->g, f->key, false));
    else
        add_windows_of_key(f);
}

// ---- in order ----

// By time, of sessions then by start, then by key.
static int in_order(const void *a, const void *b, void *arg)
{
    const struct store *s = arg;
    struct weir_scanned x, y;
    store_scan_describe(s, a, &x);
    store_scan_describe(s, b, &y);
    if (s->series && x.end != y.end)
        return x.end < y.end ? -1 : 1;
    if (x.start != y.start)
        return x.start < y.start ? -1 : 1;
    return order_of_keys(x.key, y.key);
}

// Of a chain that the disk was still giving entries of, all are wanted.
static void complete_chain(struct store *s)
{
    struct segment *g = s->filling ? segments_find(&s->segments, s->filling_in) : NULL;
    if (g)
        series_chain(s, g, (struct weir_str){(const char *)s->filling + s->key_at, s->filling->key_size}, false);
}

static struct weir_scan *scan(struct weir_ctx *w, int store, struct weir_str key, int64_t from, int64_t to,
                              int64_t latest_start)
{
    enum { BEHIND = 1 }; // the last time there is has none behind it
    struct weir_scan *scan = weir_alloc(w, sizeof *scan);
    struct store *s = store_of(w, store);
    *scan = (struct weir_scan){.s = s};
    struct sought f = {.w = w,
                       .scan = scan,
                       .key = key,
                       .from = kept_from(s, from),
                       .to = to < INT64_MAX ? to : INT64_MAX - BEHIND,
                       .latest_start = latest_start};
    if (w->bad || f.from > f.to)
        return scan;
    complete_chain(s);
    for (size_t i = 0; i < s->segments.count && !w->bad; i++) {
        f.g = s->segments.all[i];
        if (f.g->id >= f.from / s->interval && f.g->id <= f.to / s->interval)
            add_segment(&f);
    }
    if (scan->count)
        qsort_r(scan->items, scan->count, sizeof *scan->items, in_order, s);
    return scan;
}

struct weir_scan *weir_scan_windows(struct weir_ctx *w, int store, struct weir_str key, int64_t from, int64_t to)
{
    return scan(w, store, key, from, to, INT64_MAX);
}

struct weir_scan *weir_scan_sessions(struct weir_ctx *w, int store, struct weir_str key, int64_t earliest_end,
                                     int64_t latest_start)
{
    return scan(w, store, key, earliest_end, INT64_MAX, latest_start);
}
