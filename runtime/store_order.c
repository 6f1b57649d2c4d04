#include "store_order.h"

#include <stdlib.h>

#include "key_order.h"
#include "memory.h"

enum { BLOCK = 256, FILLED = 192 }; // rows; as it is made

struct block {
    size_t count;
    struct row *rows[BLOCK];
};

struct order {
    struct segment *g;
    size_t key_at;
    struct block **blocks; // none is empty
    size_t count, room;
};

static struct weir_str key_of(const struct order *o, const struct row *row)
{
    return (struct weir_str){(const char *)row + o->key_at, row->key_size};
}

static bool is_before(const struct order *o, const struct row *row, struct weir_str key, int64_t start)
{
    int order = order_of_keys(key_of(o, row), key);
    return order < 0 || (order == 0 && row->start < start);
}

// ---- blocks ----

static void account(struct order *o, size_t bytes, bool more)
{
    o->g->slab.own += more ? bytes : -bytes;
    *o->g->slab.used += more ? bytes : -bytes;
}

static struct block *make_block(struct order *o, size_t at)
{
    if (o->count == o->room) {
        o->room = o->room ? o->room * 2 : 16;
        o->blocks = memory_resize(o->blocks, o->room * sizeof *o->blocks);
    }
    memmove(o->blocks + at + 1, o->blocks + at, (o->count++ - at) * sizeof *o->blocks);
    account(o, sizeof **o->blocks, true);
    struct block *b = memory_resize(NULL, sizeof *b);
    b->count = 0;
    return o->blocks[at] = b;
}

static void drop_block(struct order *o, size_t at)
{
    free(o->blocks[at]);
    account(o, sizeof **o->blocks, false);
    memmove(o->blocks + at, o->blocks + at + 1, (--o->count - at) * sizeof *o->blocks);
}

void order_free(struct order *o)
{
    if (!o)
        return;
    while (o->count)
        drop_block(o, o->count - 1);
    free(o->blocks);
    free(o);
}

// ---- making ----

// A row and the bytes of its key behind those that all keys begin with.
struct sorted {
    uint64_t first;
    struct row *row;
};

static int by_key(const void *a, const void *b, void *arg)
{
    const struct sorted *x = a, *y = b;
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    return is_before(arg, x->row, key_of(arg, y->row), y->row->start) ? -1 : x->row != y->row;
}

static void sort(struct order *o, struct sorted *all, size_t count)
{
    size_t shared = SIZE_MAX;
    for (size_t i = 0; i < count; i++)
        shared = key_shared_bytes(key_of(o, all[0].row), key_of(o, all[i].row), shared);
    for (size_t i = 0; i < count; i++)
        all[i].first = key_order_from(key_of(o, all[i].row), shared);
    qsort_r(all, count, sizeof *all, by_key, o);
}

static struct sorted *list_rows(const struct segment *g)
{
    const struct table *t = &g->table;
    struct sorted *all = memory_resize(NULL, (t->count + 1) * sizeof *all);
    size_t n = 0;
    for (size_t i = 0; t->slots && i <= t->mask; i++) {
        if (t->slots[i])
            all[n++].row = slot_row(t->slots[i]);
    }
    return all;
}

struct order *segment_order(struct segment *g, size_t key_at)
{
    size_t count = g->table.count;
    if (g->order)
        return g->order;
    struct order *o = memory_new(sizeof *o);
    struct sorted *all = list_rows(g);
    *o = (struct order){.g = g, .key_at = key_at};
    sort(o, all, count);
    for (size_t i = 0; i < count; i++) {
        struct block *b = i % FILLED ? o->blocks[o->count - 1] : make_block(o, o->count);
        b->rows[b->count++] = all[i].row;
    }
    free(all);
    return g->order = o;
}

// ---- finding ----

struct order_place order_end(const struct order *o)
{
    return (struct order_place){o->count, 0};
}

struct order_place order_find(const struct order *o, struct weir_str key, int64_t start)
{
    size_t low = 0, high = o->count;
    while (low < high) { // the first block whose last row is not before it
        size_t middle = (low + high) / 2;
        const struct block *b = o->blocks[middle];
        if (is_before(o, b->rows[b->count - 1], key, start))
            low = middle + 1;
        else
            high = middle;
    }
    struct order_place place = {low, 0};
    if (low == o->count)
        return place;
    for (high = o->blocks[low]->count; place.at < high;) {
        size_t middle = (place.at + high) / 2;
        if (is_before(o, o->blocks[place.block]->rows[middle], key, start))
            place.at = middle + 1;
        else
            high = middle;
    }
    return place;
}

size_t order_count(const struct order *o, struct order_place from, struct order_place to)
{
    size_t count = to.at - from.at;
    for (size_t i = from.block; i < to.block; i++)
        count += o->blocks[i]->count;
    return count;
}

struct row *order_next(const struct order *o, struct order_place *place)
{
    const struct block *b = o->blocks[place->block];
    struct row *row = b->rows[place->at++];
    if (place->at == b->count)
        *place = (struct order_place){place->block + 1, 0};
    return row;
}

// ---- changing ----

// Half of a full block goes into one behind it.
static void split(struct order *o, struct order_place *place)
{
    struct block *behind = make_block(o, place->block + 1), *b = o->blocks[place->block];
    behind->count = b->count - BLOCK / 2;
    b->count = BLOCK / 2;
    memcpy(behind->rows, b->rows + BLOCK / 2, behind->count * sizeof *behind->rows);
    if (place->at > BLOCK / 2)
        *place = (struct order_place){place->block + 1, place->at - BLOCK / 2};
}

void order_put(struct order *o, struct row *row)
{
    struct order_place place = order_find(o, key_of(o, row), row->start);
    if (o->count == 0)
        make_block(o, 0);
    if (place.block == o->count) // behind all others
        place = (struct order_place){o->count - 1, o->blocks[o->count - 1]->count};
    if (o->blocks[place.block]->count == BLOCK)
        split(o, &place);
    struct block *b = o->blocks[place.block];
    memmove(b->rows + place.at + 1, b->rows + place.at, (b->count++ - place.at) * sizeof *b->rows);
    b->rows[place.at] = row;
}

void order_remove(struct order *o, const struct row *row)
{
    struct order_place place = order_find(o, key_of(o, row), row->start);
    struct block *b = o->blocks[place.block];
    memmove(b->rows + place.at, b->rows + place.at + 1, (--b->count - place.at) * sizeof *b->rows);
    if (b->count == 0)
        drop_block(o, place.block);
}
