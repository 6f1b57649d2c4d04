// The rows of a segment in order of their keys' bytes, then their starts: for loops over a store. Made when somebody loops for the first time, and kept up from then
// on. A list of blocks of pointers: to put a row moves no more than one block.
#ifndef WEIR_RT_STORE_ORDER_H
#define WEIR_RT_STORE_ORDER_H

#include "store_segment.h"

struct order;

// G's, made if there is none. KEY_AT: as in struct store.
struct order *segment_order(struct segment *g, size_t key_at);
void order_free(struct order *o); // NULL is fine
void order_put(struct order *o, struct row *row);
void order_remove(struct order *o, const struct row *row);

struct order_place {
    size_t block, at;
};
// Of the first row that is not before KEY and START.
struct order_place order_find(const struct order *o, struct weir_str key, int64_t start);
struct order_place order_end(const struct order *o);
size_t order_count(const struct order *o, struct order_place from, struct order_place to);
// PLACE, which is not the end, moves on.
struct row *order_next(const struct order *o, struct order_place *place);

#endif
