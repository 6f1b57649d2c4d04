#include "store_scan.h"

void store_scan_add(struct weir_ctx *w, struct weir_scan *scan, struct scan_item item)
{
    if (scan->count == scan->room) {
        scan->room = scan->room ? scan->room * 2 : 16;
        struct scan_item *items = weir_alloc(w, scan->room * sizeof *items);
        if (scan->count)
            memcpy(items, scan->items, scan->count * sizeof *items);
        scan->items = items;
    }
    scan->items[scan->count++] = item;
}

void weir_scan_reuse(struct weir_scan *scan)
{
    scan->reuse = true;
}

// ---- what is given ----

// The value given last is needed no more, not by what was sent either, and nothing was put behind it.
static void go_back(struct weir_ctx *w, struct weir_scan *scan)
{
    bool sent = scan->s->k->pending.count != scan->sent;
    if (scan->reuse && scan->behind && !sent && w->block == scan->block && w->next == scan->behind)
        w->next = scan->before;
    scan->behind = NULL;
}

void store_scan_describe(const struct store *s, const struct scan_item *item, struct weir_scanned *row)
{
    const struct row *found = item->row;
    const struct scan_saved *saved = item->saved;
    if (found)
        *row = (struct weir_scanned){.key = row_key(s, found),
                                     .start = found->start,
                                     .end = row_end(s, found),
                                     .timestamp = found->head.timestamp};
    else
        *row = (struct weir_scanned){
            .key = saved->key, .start = saved->start, .end = saved->end, .timestamp = saved->timestamp};
}

static bool decode(struct weir_ctx *w, struct weir_scan *scan, const struct scan_saved *saved, struct weir_scanned *row)
{
    scan->before = w->next;
    scan->block = w->block;
    scan->sent = scan->s->k->pending.count;
    store_scan_describe(scan->s, &(struct scan_item){.saved = saved}, row);
    row->value = store_decode_value(w, scan->s->what, saved->value);
    if (row->value)
        scan->behind = w->next;
    else
        store_disk_failed(scan->s, w->bad);
    return row->value != NULL;
}

// A row in memory. False: it has no value.
static bool show(const struct weir_scan *scan, const struct row *found, struct weir_scanned *row)
{
    if (!found->head.value)
        return false;
    store_scan_describe(scan->s, &(struct scan_item){.row = found}, row);
    row->value = found->head.value;
    return true;
}

// What has come to memory of SAVED since it was listed; NULL: it has not.
static const struct row *loaded(const struct store *s, const struct scan_saved *saved)
{
    const struct segment *g = segments_find(&s->segments, saved->segment);
    if (!g || !s->series)
        return g ? table_find(&g->table, s->key_at, table_hash(s->seed, saved->key, saved->start), saved->key,
                              saved->start)
                 : NULL;
    const struct chain *chain = series_chain_in_memory(s, g, saved->key);
    if (!chain)
        return NULL;
    const struct entry *e = chain->newest;
    while (e && (e->row.start != saved->start || e->end != saved->end))
        e = e->older;
    static const struct row gone = {.start = 0};
    return e ? &e->row : &gone;
}

bool store_scan_give(struct weir_ctx *w, struct weir_scan *scan, const struct scan_item *item, struct weir_scanned *row)
{
    const struct row *found = item->saved ? loaded(scan->s, item->saved) : item->row;
    return found ? show(scan, found, row) : decode(w, scan, item->saved, row);
}

// Of windows and sessions all are listed.
static bool next_listed(struct weir_ctx *w, struct weir_scan *scan, struct weir_scanned *row)
{
    while (scan->at < scan->count && !w->bad) {
        if (store_scan_give(w, scan, &scan->items[scan->at++], row))
            return true;
    }
    return false;
}

bool weir_scan_next(struct weir_ctx *w, struct weir_scan *scan, struct weir_scanned *row)
{
    if (w->bad)
        return false;
    go_back(w, scan);
    return scan->s->interval ? next_listed(w, scan, row) : store_scan_next_row(w, scan, row);
}
