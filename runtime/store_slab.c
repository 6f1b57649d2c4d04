#include "store_slab.h"

#include <stdlib.h>

#include "memory.h"

enum { FIRST_CHUNK = 4 << 10, LARGEST_CHUNK = 1 << 20 };

struct slab_chunk {
    struct slab_chunk *next;
    size_t size;
};

struct slab_large {
    struct slab_large *next, **link;
};

void slab_init(struct slab *s, size_t *used)
{
    *s = (struct slab){.used = used};
}

void slab_free(struct slab *s)
{
    for (struct slab_chunk *c = s->chunks, *next; c; c = next) {
        next = c->next;
        free(c);
    }
    for (struct slab_large *l = s->large, *next; l; l = next) {
        next = l->next;
        free(l);
    }
    *s->used -= s->own;
    slab_init(s, s->used);
}

static void *take_large(struct slab *s, size_t size)
{
    struct slab_large *l = memory_resize(NULL, sizeof *l + size);
    *l = (struct slab_large){s->large, &s->large};
    if (l->next)
        l->next->link = &l->next;
    s->large = l;
    *s->used += size;
    s->own += size;
    return l + 1;
}

void slab_give_large(void *p)
{
    struct slab_large *l = (struct slab_large *)p - 1;
    *l->link = l->next;
    if (l->next)
        l->next->link = l->link;
    free(l);
}

void *slab_take_slow(struct slab *s, size_t size)
{
    if (size > SLAB_LARGEST)
        return take_large(s, size);
    size_t room = s->chunks ? s->chunks->size * 2 : FIRST_CHUNK;
    if (room > LARGEST_CHUNK)
        room = LARGEST_CHUNK;
    struct slab_chunk *c = memory_resize(NULL, sizeof *c + room);
    *c = (struct slab_chunk){s->chunks, room};
    s->chunks = c;
    s->next = (char *)(c + 1);
    s->end = s->next + room;
    return slab_take(s, size);
}
