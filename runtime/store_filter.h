// Which rows of a segment are on disk only: a Bloom filter of their hashes, so that what was never there is not looked for there. Asking the disk for what it
// does not have costs more than all else that is done for a record.
#ifndef WEIR_RT_STORE_FILTER_H
#define WEIR_RT_STORE_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct filter_line {
    uint64_t words[8];
};

// One that is full has another in front of it, of twice the size.
struct filter {
    struct filter *before;
    int number;   // of those there are with this
    size_t bytes; // of all of them
    size_t count, room;
    size_t mask; // of lines, a power of two of them
    struct filter_line lines[];
};

// For ROOM hashes, or somewhat more.
struct filter *filter_new(struct filter *before, size_t room);
void filter_free(struct filter *f); // and those before it; NULL is fine
// Not if it is full.
void filter_add(struct filter *f, uint32_t hash);
static inline bool filter_is_full(const struct filter *f)
{
    return f->count >= f->room;
}
bool filter_may_have(const struct filter *f, uint32_t hash);

#endif
