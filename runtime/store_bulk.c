// Rows that a changelog gives, one after the other and many: each is made as it comes, and finds its place some records later, when memory has answered
// where that is.
#include "store_bulk.h"

bool bulk_takes(const struct store *s)
{
    return s->what->kind == WEIR_STORE_ROWS && !s->what->history;
}

// The rows of one segment grow by the largest steps that its records can fill: each step moves all rows.
static void make_room(const struct bulk *b, struct segment *g)
{
    size_t count = g->table.count, left = b->s->interval ? 0 : (size_t)b->left;
    if (table_is_full(&g->table))
        table_reserve(g, left < count * 3 ? count + left : count * 4);
}

// ROW has what KNOWN, of the same key, had no longer.
static void replace(struct store *s, struct segment *g, struct row *known, struct row *row)
{
    row_free_value(s, known, known->head.value);
    known->head = row->head;
    if (row->head.value && !s->what->extra)
        known->head.value = memcpy((char *)known + s->value_at, row->head.value, s->value_size);
    slab_give(&g->slab, row, s->key_at + row->key_size);
}

static void place(struct bulk *b, struct row *row)
{
    struct store *s = b->s;
    struct segment *g = row_segment(s, row);
    struct row *known = table_find(&g->table, s->key_at, row->hash, row_key(s, row), row->start);
    if (known) {
        replace(s, g, known, row);
    } else {
        make_room(b, g);
        table_put(g, row);
    }
    row = known ? known : row;
    store_note_unsaved(s, row);
    if (row_is_nothing(row))
        store_drop_row(s, row);
}

void bulk_finish(struct bulk *b)
{
    for (size_t i = 0; i < BULK_AHEAD; i++) {
        struct row **oldest = &b->rows[b->next++ % BULK_AHEAD];
        if (*oldest)
            place(b, *oldest);
        *oldest = NULL;
    }
}

bool bulk_put(struct bulk *b, struct weir_str key, struct weir_str value, int64_t timestamp)
{
    struct store *s = b->s;
    struct weir_str inner = key;
    int64_t start = 0, end;
    weir_ctx_reset(&s->k->w);
    if (s->interval && !store_split_key(s, key, &inner, &start, &end))
        return false;
    if (start > s->newest)
        s->newest = start;
    struct segment *g = store_segment(s, start);
    struct row *row = row_bare(s, g, table_hash(s->seed, inner, start), inner, start);
    if (value.p && !row_decode(s, row, value, timestamp)) {
        slab_give(&g->slab, row, s->key_at + row->key_size);
        return false;
    }
    row->head.timestamp = timestamp;
    if (g->table.slots)
        table_ask(&g->table, row->hash);
    struct row **oldest = &b->rows[b->next++ % BULK_AHEAD];
    if (WEIR_LIKELY(*oldest != NULL))
        place(b, *oldest);
    *oldest = row;
    return true;
}
