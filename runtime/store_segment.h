// The rows of a store, found by the bytes of their keys: an open-addressing table and the rows' memory a segment. A segment is an interval of time (Kafka
// Streams' own: half of the retention, at least a minute), so that what retention no longer keeps goes as a whole.
#ifndef WEIR_RT_STORE_SEGMENT_H
#define WEIR_RT_STORE_SEGMENT_H

#include "store_filter.h"
#include "store_slab.h"
#include "weir_store.h"

enum row_flag {
    ROW_USED = 1,    // since the eviction came by last
    ROW_PENDING = 2, // in store.pending
    ROW_UNSAVED = 4, // in segment.unsaved
    ROW_HELD = 8,    // BUFFER, WAITING, PARKED: it is in the heap
    ROW_GOES = 16,   // it came to nothing (store_undo.c)
    ROW_GRAVE = 32,  // of versions: from then on there was none
    ROW_LOGGED = 64, // the changelog has a value of it: asked of what is held only
    ROW_LEFT = 128,  // of what was held: it was due, and went on
};

// Behind it (behind a chain, of series) come the value, if that is nothing but itself, and the key (store.value_at, key_at).
struct row {
    struct weir_row head;
    int64_t start; // of its window; 0 without
    uint32_t hash;
    uint32_t key_size;
    uint32_t flags;
    uint32_t place; // of what is held: where it is in the heap
};

// SERIES, SIDE: the table finds the chain of a key. Of its entries one lies in the chain, so that a key with one entry is one piece of memory; the others
// are rows without keys.
struct entry {
    struct row row;
    struct chain *chain; // NULL: the chain's own, which is none now
    struct entry *older;
    int64_t end; // of its window; SIDE: its sequence number
};

// All entries of a key in one segment: also of those on disk, if there is one in memory.
struct chain {
    struct entry own;
    struct entry *newest; // in order: of sessions by (end, start), else by (start, end)
};

// A row's address in the low 48 bits, bits of its hash above; 0: free. So a row that is not the one looked for is hardly ever touched.
typedef uint64_t table_slot;

struct table {
    table_slot *slots; // a power of two of them, or none yet
    size_t mask, count;
};

struct segment {
    int64_t id;          // times of rows / interval
    bool complete;       // what is not here is not on disk either
    struct filter *gone; // what is on disk and not here; NULL: not known, if it is not complete
    struct table table;
    struct slab slab;
    struct row **unsaved;
    size_t unsaved_count, unsaved_room;
    size_t hand;         // of the eviction: the slot to look at next
    struct order *order; // of its rows (store_order.h); NULL: nobody has asked for it
};

struct segments {
    struct segment **all; // newest first
    size_t count;
    size_t *used; // bytes, over all stores of the worker
};

uint32_t table_hash(uint64_t seed, struct weir_str key, int64_t start);
// START: ANY_START where what is found are chains.
#define ANY_START INT64_MIN
struct row *table_find(const struct table *t, size_t key_at, uint32_t hash, struct weir_str key, int64_t start);
// What looking for a row with HASH will read is asked of memory: first the slot, then, when that is there, the row.
void table_ask(const struct table *t, uint32_t hash);
void table_ask_row(const struct table *t, uint32_t hash);
// The next row that is put moves all of them.
static inline bool table_is_full(const struct table *t)
{
    return !t->slots || t->count >= (t->mask + 1) / 4 * 3;
}
// Room for COUNT rows, without moving them.
void table_reserve(struct segment *g, size_t count);
// There is no row with its key.
void table_put(struct segment *g, struct row *row);
void table_remove(struct segment *g, const struct row *row);
static inline struct row *slot_row(table_slot slot)
{
    return (struct row *)(uintptr_t)(slot & ((UINT64_C(1) << 48) - 1));
}

// NULL: there is none.
struct segment *segments_find(const struct segments *all, int64_t id);
struct segment *segments_make(struct segments *all, int64_t id, bool complete);
// Those before ID.
void segments_drop(struct segments *all, int64_t id);
void segment_note_unsaved(struct segment *g, struct row *row);
// A row with HASH leaves: the disk has it.
void segment_note_gone(struct segment *g, uint32_t hash);
// There is no row in it: its memory serves others.
void segment_release(struct segment *g);
// A row with HASH that is not here may be on disk.
static inline bool segment_asks_disk(const struct segment *g, uint32_t hash)
{
    return !g->complete && (!g->gone || filter_may_have(g->gone, hash));
}

// Pieces of a segment's memory that know their size.
void *segment_piece(struct segment *g, size_t size);
void segment_free_piece(struct segment *g, const void *piece); // NULL is fine
static inline size_t piece_size(const void *piece)
{
    return ((const size_t *)piece)[-1];
}

#endif
