#include "base/vec.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *vec_grow(struct arena *a, void *items, int count, int *capacity, size_t item_size)
{
    if (*capacity > INT_MAX / 2) {
        fputs("weir: out of memory\n", stderr);
        exit(3);
    }
    *capacity = *capacity ? *capacity * 2 : 4;
    void *grown = arena_alloc(a, (size_t)*capacity * item_size);
    if (count)
        memcpy(grown, items, (size_t)count * item_size);
    return grown;
}
