// What restoring puts into a store of rows, in bulk (store_bulk.c).
#ifndef WEIR_RT_STORE_BULK_H
#define WEIR_RT_STORE_BULK_H

#include "store.h"

enum { BULK_AHEAD = 16 };

struct bulk {
    struct store *s;
    struct row *rows[BULK_AHEAD]; // a ring of those that are in no table yet; NULL: none
    size_t next;                  // the oldest
    int64_t left;                 // records that may come still, at most
};

// Whether the store is of the kind for it.
bool bulk_takes(const struct store *s);
// As store_restore, of what is newer than all that is there.
bool bulk_put(struct bulk *b, struct weir_str key, struct weir_str value, int64_t timestamp);
// All that was put is in the store: before anything else is done with it.
void bulk_finish(struct bulk *b);

#endif
