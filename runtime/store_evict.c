// Rows that the disk has as well leave memory: those not used since the eviction came by last (a clock, or second chance).
#include "store.h"

static bool is_clean(const struct store *s, const struct row *row)
{
    const uint32_t lists = ROW_PENDING | ROW_UNSAVED;
    if (s->what->kind == WEIR_STORE_SUBSCRIPTIONS)
        return subscriptions_are_clean(row, lists);
    if (!s->series)
        return !(row->flags & lists);
    for (const struct entry *e = ((const struct chain *)row)->newest; e; e = e->older) {
        if (e->row.flags & lists)
            return false;
    }
    return true;
}

static void let_go(struct store *s, struct segment *g, struct row *row)
{
    segment_note_gone(g, row->hash);
    store_load_end(s); // memory is full, and what was loaded is no longer all there
    if (s->series) {
        series_forget(s, g, (struct chain *)row);
        return;
    }
    if (s->what->kind == WEIR_STORE_SUBSCRIPTIONS) {
        subscriptions_forget(s, g, row);
        return;
    }
    row_free_value(s, row, row->head.value);
    store_drop_row(s, row);
}

// Looks at every row twice at most: the first time it may only lose its mark.
static size_t evict_from(struct store *s, struct segment *g, size_t bytes)
{
    size_t slots = g->table.slots ? g->table.mask + 1 : 0, before = g->slab.own;
    size_t wanted = before > bytes ? before - bytes : 0;
    for (size_t looks = 2 * slots; looks && g->slab.own > wanted; looks--) {
        table_slot slot = g->table.slots[g->hand & g->table.mask];
        struct row *row = slot_row(slot);
        if (slot && !(row->flags & ROW_USED) && is_clean(s, row)) {
            let_go(s, g, row); // another row may have moved here
            continue;
        }
        if (slot)
            row->flags &= ~(uint32_t)ROW_USED;
        g->hand = (g->hand + 1) & g->table.mask;
    }
    if (g->table.count == 0)
        segment_release(g);
    return before > g->slab.own ? before - g->slab.own : 0;
}

size_t store_evict(struct store *s, size_t bytes)
{
    size_t gone = 0;
    if (!store_can_evict(s))
        return 0;
    for (size_t i = s->segments.count; i > 0 && gone < bytes; i--)
        gone += evict_from(s, s->segments.all[i - 1], bytes - gone);
    return gone;
}

size_t store_in_memory(const struct store *s)
{
    size_t bytes = 0;
    for (size_t i = 0; i < s->segments.count; i++)
        bytes += s->segments.all[i]->slab.own;
    return bytes;
}
