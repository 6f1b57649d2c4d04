// Memory of rows: pieces of many sizes that are given back one by one, or all together with their slab.
#ifndef WEIR_RT_STORE_SLAB_H
#define WEIR_RT_STORE_SLAB_H

#include <stddef.h>
#include <stdint.h>

enum { SLAB_STEP = 8, SLAB_LARGEST = 1024, SLAB_CLASSES = SLAB_LARGEST / SLAB_STEP };

struct slab_chunk;
struct slab_large;

struct slab {
    char *next, *end; // free part of the newest chunk
    struct slab_chunk *chunks;
    struct slab_large *large;  // larger than SLAB_LARGEST: each of its own
    void *given[SLAB_CLASSES]; // back, by size
    size_t *used;              // bytes taken, summed up over all slabs of the worker
    size_t own;                // of them by this one
};

// A power of two of bytes, at least 64, not zeroed, for free(): in huge pages if it is large.
void *slab_memory(size_t size);
void slab_init(struct slab *s, size_t *used);
void slab_free(struct slab *s);
void *slab_take_slow(struct slab *s, size_t size);
void slab_give_large(void *p);

// Aligned to 8, never NULL. SIZE is told again when it is given back.
static inline void *slab_take(struct slab *s, size_t size)
{
    size_t rounded = (size + SLAB_STEP - 1) & ~(size_t)(SLAB_STEP - 1);
    if (rounded > SLAB_LARGEST)
        return slab_take_slow(s, rounded);
    void **given = &s->given[rounded / SLAB_STEP - 1];
    if (!*given && rounded > (size_t)(s->end - s->next))
        return slab_take_slow(s, rounded);
    *s->used += rounded;
    s->own += rounded;
    void *p = *given;
    if (p) {
        *given = *(void **)p;
    } else {
        p = s->next;
        s->next += rounded;
    }
    return p;
}

static inline void slab_give(struct slab *s, void *p, size_t size)
{
    size_t rounded = (size + SLAB_STEP - 1) & ~(size_t)(SLAB_STEP - 1);
    *s->used -= rounded;
    s->own -= rounded;
    if (rounded > SLAB_LARGEST) {
        slab_give_large(p);
        return;
    }
    *(void **)p = s->given[rounded / SLAB_STEP - 1];
    s->given[rounded / SLAB_STEP - 1] = p;
}

#endif
