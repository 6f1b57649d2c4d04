#include "store_slab.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "memory.h"

enum { FIRST_CHUNK = 4 << 10, LINE = 64, HUGE_PAGE = 2 << 20, MOST_SPARE = 32 };

// At the end of its memory, so that pieces of a cache line's size lie in one.
struct slab_chunk {
    struct slab_chunk *next;
    size_t size; // with this
    char *memory;
};

void *slab_memory(size_t size)
{
    void *p = aligned_alloc(size < HUGE_PAGE ? LINE : HUGE_PAGE, size);
    if (!p)
        return memory_resize(NULL, SIZE_MAX / 2); // says that memory is out
    if (size >= HUGE_PAGE)
        madvise(p, size, MADV_HUGEPAGE); // rows are found at random: most of a look would be that for the page
    return p;
}

// ---- huge pages that were given back: new ones would be cleared first, and segments come as others go ----

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct slab_chunk *spare;
static int spare_count;

static void give_chunk(struct slab_chunk *c)
{
    bool keep = c->size == HUGE_PAGE;
    pthread_mutex_lock(&lock);
    keep = keep && spare_count < MOST_SPARE;
    if (keep) {
        c->next = spare;
        spare = c;
        spare_count++;
    }
    pthread_mutex_unlock(&lock);
    if (!keep)
        free(c->memory);
}

static struct slab_chunk *take_spare(void)
{
    pthread_mutex_lock(&lock);
    struct slab_chunk *c = spare;
    if (c) {
        spare = c->next;
        spare_count--;
    }
    pthread_mutex_unlock(&lock);
    return c;
}

static struct slab_chunk *take_chunk(size_t size)
{
    struct slab_chunk *c = size == HUGE_PAGE ? take_spare() : NULL;
    if (c)
        return c;
    char *memory = slab_memory(size);
    c = (struct slab_chunk *)(memory + size) - 1;
    *c = (struct slab_chunk){.size = size, .memory = memory};
    return c;
}

// ---- slabs ----

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
        give_chunk(c);
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
    if (room > HUGE_PAGE)
        room = HUGE_PAGE;
    struct slab_chunk *c = take_chunk(room);
    c->next = s->chunks;
    s->chunks = c;
    s->next = c->memory;
    s->end = (char *)c;
    return slab_take(s, size);
}
