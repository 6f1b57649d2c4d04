// Growable arrays in an arena. `struct { T *items; int count, capacity; }`, declared by VEC(T).
#ifndef WEIR_BASE_VEC_H
#define WEIR_BASE_VEC_H

#include "base/arena.h"

#define VEC(T)               \
    struct {                 \
        T *items;            \
        int count, capacity; \
    }

// Appends ITEM; the old array stays behind in the arena when it has to grow.
#define vec_push(arena, vec, item)                                                                                \
    do {                                                                                                          \
        if ((vec)->count == (vec)->capacity)                                                                      \
            (vec)->items = vec_grow((arena), (vec)->items, (vec)->count, &(vec)->capacity, sizeof *(vec)->items); \
        (vec)->items[(vec)->count++] = (item);                                                                    \
    } while (0)

#define vec_last(vec) ((vec)->items[(vec)->count - 1])

void *vec_grow(struct arena *a, void *items, int count, int *capacity, size_t item_size);

#endif
