// Loops over stores. What there is when a loop begins is listed: rows in memory by their addresses, which stay the same until the record is through. What is only
// on disk stays there as long as it can: the disk does not change meanwhile. Whoever's turn comes is given as it is then, from memory if it has come there
// since. All that a loop needs is in the record's arena.
#ifndef WEIR_RT_STORE_SCAN_H
#define WEIR_RT_STORE_SCAN_H

#include "store.h"

// A row that is not in memory, or was not when it was read. Slices are in the arena.
struct scan_saved {
    struct weir_str key; // of windows and sessions the inner one
    int64_t start, end, segment;
    int64_t timestamp;
    struct weir_str value; // as the changelog has it
};

// One of both is NULL.
struct scan_item {
    const struct row *row;
    const struct scan_saved *saved;
};

struct scan_disk; // store_scan_rows.c

struct weir_scan {
    struct store *s;
    struct scan_item *items;
    size_t count, room, at;
    struct scan_disk *disk; // of a store without windows: rows that are only there; NULL: there are none
    bool reuse;
    // Where the arena was before and behind the value that was given last, if that had to be decoded.
    char *before, *behind;
    struct weir_arena_block *block;
    size_t sent; // by the record when it was given
};

// S as a copy in TO.
static inline struct weir_str store_scan_copy(char *to, struct weir_str s)
{
    return (struct weir_str){s.n ? memcpy(to, s.p, s.n) : to, s.n};
}

// store_scan.c
void store_scan_add(struct weir_ctx *w, struct weir_scan *scan, struct scan_item item);
// All of *ROW but the value.
void store_scan_describe(const struct store *s, const struct scan_item *item, struct weir_scanned *row);
// ITEM as it is now. False: it has no value, or w->bad.
bool store_scan_give(struct weir_ctx *w, struct weir_scan *scan, const struct scan_item *item,
                     struct weir_scanned *row);

// store_scan_rows.c
bool store_scan_next_row(struct weir_ctx *w, struct weir_scan *scan, struct weir_scanned *row);

#endif
