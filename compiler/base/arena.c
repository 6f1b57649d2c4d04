#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK_SIZE = 64 * 1024 };

struct chunk {
    struct chunk *next;
    size_t used, size;
    alignas(max_align_t) unsigned char bytes[];
};

struct arena {
    struct chunk *chunks; // the first is the one being filled
};

static _Noreturn void out_of_memory(void)
{
    fputs("weir: out of memory\n", stderr);
    exit(3);
}

// calloc leaves large chunks to the system's zero pages.
static struct chunk *chunk_new(size_t size)
{
    if (size > SIZE_MAX - sizeof(struct chunk))
        out_of_memory();
    struct chunk *c = calloc(1, sizeof(struct chunk) + size);
    if (!c)
        out_of_memory();
    c->size = size;
    return c;
}

struct arena *arena_new(void)
{
    struct arena *a = calloc(1, sizeof *a);
    if (!a)
        out_of_memory();
    a->chunks = chunk_new(CHUNK_SIZE);
    return a;
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    for (struct chunk *c = a->chunks; c;) {
        struct chunk *next = c->next;
        free(c);
        c = next;
    }
    free(a);
}

// A big block goes behind the chunk being filled, so that the room left in that one is not lost.
static void *big_block(struct arena *a, size_t size)
{
    struct chunk *c = chunk_new(size);
    c->used = size;
    c->next = a->chunks->next;
    a->chunks->next = c;
    return c->bytes;
}

void *arena_alloc(struct arena *a, size_t size)
{
    const size_t align = alignof(max_align_t);
    if (size > SIZE_MAX - align)
        out_of_memory();
    size = size ? (size + align - 1) / align * align : align;
    if (size > CHUNK_SIZE / 4)
        return big_block(a, size);
    struct chunk *c = a->chunks;
    if (c->size - c->used < size) {
        c = chunk_new(CHUNK_SIZE);
        c->next = a->chunks;
        a->chunks = c;
    }
    void *p = c->bytes + c->used;
    c->used += size;
    return p;
}

char *arena_strndup(struct arena *a, const char *text, size_t len)
{
    if (len == SIZE_MAX)
        out_of_memory();
    char *copy = arena_alloc(a, len + 1);
    if (len)
        memcpy(copy, text, len);
    return copy;
}

char *arena_strdup(struct arena *a, const char *text)
{
    return arena_strndup(a, text, strlen(text));
}

char *arena_vprintf(struct arena *a, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    if (len < 0)
        out_of_memory();
    char *text = arena_alloc(a, (size_t)len + 1);
    vsnprintf(text, (size_t)len + 1, format, again);
    va_end(again);
    return text;
}

char *arena_printf(struct arena *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = arena_vprintf(a, format, args);
    va_end(args);
    return text;
}
