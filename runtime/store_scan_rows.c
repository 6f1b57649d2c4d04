// Loops over rows without windows, in order of their keys: those in memory, by their order there, and those on disk, a few at a time.
#include "key_order.h"
#include "store_order.h"
#include "store_scan.h"

enum { CHUNK_ROWS = 256, CHUNK_BYTES = 64 << 10 };

// The rows that were read last.
struct scan_disk {
    struct weir_str from,
        to;      // of those that are still to be read: FROM <= key < TO; FROM.p NULL: there are none, TO.p NULL: open
    size_t sent; // by the record when they were read
    struct scan_saved *rows;
    size_t count, at;
    char *bytes; // of them
    size_t used, room;
};

// ---- from disk ----

struct reading {
    struct weir_ctx *w;
    struct scan_disk *disk;
};

// A row that is larger than all the room there is has memory of its own.
static bool take(void *arg, const struct disk_row *row)
{
    struct reading *r = arg;
    struct scan_disk *d = r->disk;
    size_t size = row->key.n + row->value.n;
    if (d->count == CHUNK_ROWS || (d->count && size > d->room - d->used))
        return false;
    bool fits = size <= d->room - d->used;
    char *to = fits ? d->bytes + d->used : weir_alloc(r->w, size);
    d->used += fits ? size : 0;
    d->rows[d->count++] = (struct scan_saved){.key = store_scan_copy(to, row->key),
                                              .timestamp = row->timestamp,
                                              .value = store_scan_copy(to + row->key.n, row->value)};
    return true;
}

// The first key behind KEY.
static struct weir_str key_behind(struct weir_ctx *w, struct weir_str key)
{
    char *p = weir_alloc(w, key.n + 1);
    store_scan_copy(p, key);
    p[key.n] = 0;
    return (struct weir_str){p, key.n + 1};
}

// Unless the memory of the rows before may be used again, theirs is behind it. What was sent may lie there, too.
static void make_room(struct weir_ctx *w, struct weir_scan *scan)
{
    struct scan_disk *d = scan->disk;
    size_t sent = scan->s->k->pending.count;
    if (!scan->reuse || sent != d->sent) {
        d->bytes += d->used;
        d->room -= d->used;
    }
    if (d->room < CHUNK_BYTES / 2) {
        d->bytes = weir_alloc(w, CHUNK_BYTES);
        d->room = CHUNK_BYTES;
    }
    d->sent = sent;
    d->count = d->at = d->used = 0;
}

static void read_on(struct weir_ctx *w, struct weir_scan *scan)
{
    struct scan_disk *d = scan->disk;
    struct store *s = scan->s;
    struct reading r = {w, d};
    struct broker_error error = {""};
    make_room(w, scan);
    if (!disk_range(s->task->disk, s->index, 0, d->from, d->to, take, &r, &error))
        store_disk_failed(s, error.text);
    d->from = d->count ? key_behind(w, d->rows[d->count - 1].key) : WEIR_NULL_STR;
}

// The next one that is there; NULL: none.
static const struct scan_saved *saved_next(struct weir_ctx *w, struct weir_scan *scan)
{
    struct scan_disk *d = scan->disk;
    if (!d)
        return NULL;
    if (d->at == d->count && d->from.p)
        read_on(w, scan);
    return d->at < d->count ? &d->rows[d->at] : NULL;
}

// ---- both ----

// In memory, but without a value when the loop began: it is not shown, nor is what the disk has of it.
static const struct scan_saved hidden;

static struct segment *rows_of(const struct store *s)
{
    return segments_find(&s->segments, 0);
}

bool store_scan_next_row(struct weir_ctx *w, struct weir_scan *scan, struct weir_scanned *row)
{
    struct store *s = scan->s;
    for (;;) {
        const struct scan_item *item = scan->at < scan->count ? &scan->items[scan->at] : NULL;
        const struct scan_saved *saved = saved_next(w, scan);
        if (w->bad || (!item && !saved))
            return false;
        int order = !item ? 1 : !saved ? -1 : order_of_keys(row_key(s, item->row), saved->key);
        scan->at += order <= 0;
        if (saved)
            scan->disk->at += order >= 0;
        if (order <= 0) {
            if (!item->saved && store_scan_give(w, scan, item, row))
                return true;
            continue;
        }
        if (store_scan_give(w, scan, &(struct scan_item){.saved = saved}, row))
            return true;
    }
}

// ---- beginning ----

static void list(struct weir_ctx *w, struct weir_scan *scan, struct segment *g, struct weir_str from,
                 struct weir_str to)
{
    const struct order *o = segment_order(g, scan->s->key_at);
    struct order_place at = order_find(o, from.p ? from : WEIR_STR(""), 0);
    size_t most = order_count(o, at, to.p ? order_find(o, to, 0) : order_end(o));
    scan->items = weir_alloc(w, (most + 1) * sizeof *scan->items);
    for (size_t i = 0; i < most; i++) {
        const struct row *row = order_next(o, &at);
        bool shown = row->head.value != NULL;
        if (shown || !g->complete)
            scan->items[scan->count++] = (struct scan_item){row, shown ? NULL : &hidden};
    }
}

struct weir_scan *weir_scan_rows(struct weir_ctx *w, int store, struct weir_str from, struct weir_str to)
{
    struct weir_scan *scan = weir_alloc(w, sizeof *scan);
    *scan = (struct weir_scan){.s = store_of(w, store)};
    struct segment *g = rows_of(scan->s);
    if (w->bad || !g || (from.p && to.p && order_of_keys(from, to) > 0))
        return scan;
    struct weir_str end = to.p ? key_behind(w, to) : to;
    list(w, scan, g, from, end);
    if (!g->complete) {
        scan->disk = weir_alloc(w, sizeof *scan->disk);
        *scan->disk = (struct scan_disk){.from = from.p ? from : WEIR_STR(""),
                                         .to = end,
                                         .rows = weir_alloc(w, CHUNK_ROWS * sizeof(struct scan_saved))};
    }
    return scan;
}
