// By the eight bytes behind what all keys begin with, as numbers, a radix sort that leaves out the bytes that all have the same; keys that are the same there
// are compared as a whole. Comparing them all as they lie would look up two keys in memory for each comparison.
#include "disk_sort.h"

#include <stdlib.h>

#include "key_order.h"
#include "memory.h"

struct place {
    uint64_t order;
    size_t index;
};

static int by_key(const void *a, const void *b)
{
    return order_of_keys(((const struct disk_added *)a)->key, ((const struct disk_added *)b)->key);
}

// By one byte of their orders, those that have the same staying as they were.
static void pass(const struct place *from, struct place *to, size_t count, int shift)
{
    size_t at[257] = {0};
    for (size_t i = 0; i < count; i++)
        at[(from[i].order >> shift & 0xff) + 1]++;
    for (int b = 1; b < 256; b++)
        at[b] += at[b - 1];
    for (size_t i = 0; i < count; i++)
        to[at[from[i].order >> shift & 0xff]++] = from[i];
}

// Gives them in PLACES or SPARE.
static struct place *sort_places(struct place *places, struct place *spare, size_t count)
{
    uint64_t differ = 0;
    for (size_t i = 0; i < count; i++)
        differ |= places[i].order ^ places[0].order;
    for (int shift = 0; shift < 64; shift += 8) {
        if (!(differ >> shift & 0xff))
            continue;
        pass(places, spare, count, shift);
        struct place *sorted = spare;
        spare = places;
        places = sorted;
    }
    return places;
}

static void sort_same(const struct place *places, struct disk_added *sorted, size_t count)
{
    for (size_t from = 0, to; from < count; from = to) {
        to = from + 1;
        while (to < count && places[to].order == places[from].order)
            to++;
        if (to - from > 1)
            qsort(sorted + from, to - from, sizeof *sorted, by_key);
    }
}

// Each of ALL goes to where PLACES has its index.
static void arrange(struct disk_added *all, struct place *places, size_t count)
{
    for (size_t first = 0; first < count; first++) {
        struct disk_added out = all[first];
        size_t to = first, from;
        while ((from = places[to].index) != first) {
            all[to] = all[from];
            places[to].index = to;
            to = from;
        }
        all[to] = out;
        places[to].index = to;
    }
}

void disk_sort(struct disk_added *all, size_t count)
{
    if (count < 2)
        return;
    size_t same = all[0].key.n;
    for (size_t i = 1; i < count; i++)
        same = key_shared_bytes(all[0].key, all[i].key, same);
    struct place *places = memory_resize(NULL, 2 * count * sizeof *places);
    for (size_t i = 0; i < count; i++)
        places[i] = (struct place){key_order_from(all[i].key, same), i};
    struct place *sorted = sort_places(places, places + count, count);
    arrange(all, sorted, count);
    sort_same(sorted, all, count);
    free(places);
}
