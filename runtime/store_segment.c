#include "store_segment.h"

#include <stdlib.h>

#include "memory.h"
#include "store_order.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

enum { FIRST_SLOTS = 16 };

uint32_t table_hash(uint64_t seed, struct weir_str key, int64_t start)
{
    uint64_t hash = XXH3_64bits_withSeed(key.p, key.n, seed ^ (uint64_t)start * UINT64_C(0x9E3779B97F4A7C15));
    return (uint32_t)(hash ^ hash >> 32);
}

static table_slot slot_of(const struct row *row)
{
    return (uint64_t)(row->hash >> 16) << 48 | (uint64_t)(uintptr_t)row;
}

struct row *table_find(const struct table *t, size_t key_at, uint32_t hash, struct weir_str key, int64_t start)
{
    if (!t->slots)
        return NULL;
    for (size_t i = hash & t->mask; t->slots[i]; i = (i + 1) & t->mask) {
        if (t->slots[i] >> 48 != hash >> 16)
            continue;
        struct row *row = slot_row(t->slots[i]);
        if (row->hash == hash && (row->start == start || start == ANY_START) && row->key_size == key.n &&
            memcmp((char *)row + key_at, key.p, key.n) == 0)
            return row;
    }
    return NULL;
}

void table_ask(const struct table *t, uint32_t hash)
{
    __builtin_prefetch(&t->slots[hash & t->mask]);
}

void table_ask_row(const struct table *t, uint32_t hash)
{
    enum { LINE = 64 };
    size_t i = hash & t->mask;
    while (t->slots[i] && t->slots[i] >> 48 != hash >> 16)
        i = (i + 1) & t->mask;
    const char *row = (const char *)slot_row(t->slots[i]);
    __builtin_prefetch(row);
    __builtin_prefetch(row + LINE); // the end of its value and key
}

static void insert(struct table *t, table_slot slot, uint32_t hash)
{
    size_t i = hash & t->mask;
    while (t->slots[i])
        i = (i + 1) & t->mask;
    t->slots[i] = slot;
}

// ROOM: a power of two, more than there was.
static void grow(struct segment *g, size_t room)
{
    struct table *t = &g->table;
    size_t before = t->slots ? t->mask + 1 : 0;
    size_t size = room * sizeof *t->slots;
    struct table grown = {memset(slab_memory(size), 0, size), room - 1, t->count};
    for (size_t i = 0; i < before; i++) {
        if (t->slots[i])
            insert(&grown, t->slots[i], slot_row(t->slots[i])->hash);
    }
    free(t->slots);
    *t = grown;
    g->hand = 0;
    g->slab.own += (room - before) * sizeof *t->slots;
    *g->slab.used += (room - before) * sizeof *t->slots;
}

void table_reserve(struct segment *g, size_t count)
{
    size_t before = g->table.slots ? g->table.mask + 1 : 0, room = before ? before : FIRST_SLOTS;
    while (room / 4 * 3 <= count)
        room *= 2;
    if (room > before)
        grow(g, room);
}

void table_put(struct segment *g, struct row *row)
{
    struct table *t = &g->table;
    if (table_is_full(t))
        grow(g, t->slots ? (t->mask + 1) * 2 : FIRST_SLOTS);
    insert(t, slot_of(row), row->hash);
    t->count++;
    if (WEIR_UNLIKELY(g->order != NULL))
        order_put(g->order, row);
}

// What follows without a gap moves up where it may, so that there are no marks of what was.
void table_remove(struct segment *g, const struct row *row)
{
    struct table *t = &g->table;
    if (WEIR_UNLIKELY(g->order != NULL))
        order_remove(g->order, row);
    size_t hole = row->hash & t->mask;
    while (slot_row(t->slots[hole]) != row)
        hole = (hole + 1) & t->mask;
    for (size_t i = (hole + 1) & t->mask; t->slots[i]; i = (i + 1) & t->mask) {
        size_t home = slot_row(t->slots[i])->hash & t->mask;
        if (((i - home) & t->mask) < ((i - hole) & t->mask))
            continue;
        t->slots[hole] = t->slots[i];
        hole = i;
    }
    t->slots[hole] = 0;
    t->count--;
}

struct segment *segments_find(const struct segments *all, int64_t id)
{
    for (size_t i = 0; i < all->count && all->all[i]->id >= id; i++) {
        if (all->all[i]->id == id)
            return all->all[i];
    }
    return NULL;
}

struct segment *segments_make(struct segments *all, int64_t id, bool complete)
{
    struct segment *g = memory_new(sizeof *g);
    size_t at = 0;
    g->id = id;
    g->complete = complete;
    slab_init(&g->slab, all->used);
    all->all = memory_resize(all->all, (all->count + 1) * sizeof *all->all);
    while (at < all->count && all->all[at]->id > id)
        at++;
    memmove(all->all + at + 1, all->all + at, (all->count++ - at) * sizeof *all->all);
    return all->all[at] = g;
}

static void segment_free(struct segment *g)
{
    order_free(g->order);
    filter_free(g->gone);
    slab_free(&g->slab);
    free(g->table.slots);
    free(g->unsaved);
    free(g);
}

void segments_drop(struct segments *all, int64_t id)
{
    while (all->count && all->all[all->count - 1]->id < id)
        segment_free(all->all[--all->count]);
    if (all->count == 0) {
        free(all->all);
        all->all = NULL;
    }
}

void segment_note_unsaved(struct segment *g, struct row *row)
{
    if (row->flags & ROW_UNSAVED)
        return;
    row->flags |= ROW_UNSAVED;
    if (g->unsaved_count == g->unsaved_room) {
        g->unsaved_room = g->unsaved_room ? g->unsaved_room * 2 : 16;
        g->unsaved = memory_resize(g->unsaved, g->unsaved_room * sizeof *g->unsaved);
    }
    g->unsaved[g->unsaved_count++] = row;
}

static void set_filter(struct segment *g, struct filter *f)
{
    size_t before = g->gone ? g->gone->bytes : 0, now = f ? f->bytes : 0;
    g->slab.own += now - before;
    *g->slab.used += now - before;
    g->gone = f;
}

// Each filter is twice the one before; where they would become a burden there is none any more.
static void more_room(struct segment *g)
{
    enum { MOST = 3 };
    struct filter *full = g->gone, *next = NULL;
    if (!full || full->number < MOST)
        next = filter_new(full, full ? 2 * full->room : g->table.count);
    set_filter(g, next);
    if (!next)
        filter_free(full);
}

void segment_note_gone(struct segment *g, uint32_t hash)
{
    if (g->complete || (g->gone && filter_is_full(g->gone)))
        more_room(g);
    g->complete = false;
    if (g->gone)
        filter_add(g->gone, hash);
}

void segment_release(struct segment *g)
{
    slab_free(&g->slab);
    free(g->table.slots);
    g->table = (struct table){0};
    g->hand = 0;
    g->slab.own = g->gone ? g->gone->bytes : 0;
    *g->slab.used += g->slab.own;
}

void *segment_piece(struct segment *g, size_t size)
{
    size_t *piece = slab_take(&g->slab, sizeof *piece + size);
    *piece = size;
    return piece + 1;
}

void segment_free_piece(struct segment *g, const void *piece)
{
    if (piece)
        slab_give(&g->slab, (size_t *)(uintptr_t)piece - 1, sizeof(size_t) + piece_size(piece));
}
