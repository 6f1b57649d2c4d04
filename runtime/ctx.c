#include "ctx.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "memory.h"

// A chain from the first block on; w->block is the one in use, those behind it are empty.
struct weir_arena_block {
    struct weir_arena_block *next, *first;
    size_t size;   // of the data
    size_t unused; // keeps the data aligned to 16
};

enum { FIRST_BLOCK = 64 << 10, KEPT_BLOCK = 4 << 20 };

static char *block_data(struct weir_arena_block *b)
{
    return (char *)(b + 1);
}

static void use_block(struct weir_ctx *w, struct weir_arena_block *b)
{
    w->block = b;
    w->next = block_data(b);
    w->end = w->next + b->size;
}

static struct weir_arena_block *new_block(size_t size)
{
    struct weir_arena_block *b = size < SIZE_MAX - sizeof *b ? malloc(sizeof *b + size) : NULL;
    if (!b)
        memory_out();
    *b = (struct weir_arena_block){.first = b, .size = size};
    return b;
}

void weir_ctx_init(struct weir_ctx *w)
{
    *w = (struct weir_ctx){0};
    use_block(w, new_block(FIRST_BLOCK));
}

// Blocks of an unusual size go back to the system: one huge record must not cost memory for ever.
static void free_large_blocks(struct weir_arena_block *first)
{
    struct weir_arena_block **link = &first->next;
    while (*link) {
        struct weir_arena_block *b = *link;
        if (b->size <= KEPT_BLOCK) {
            link = &b->next;
        } else {
            *link = b->next;
            free(b);
        }
    }
}

void weir_ctx_reset(struct weir_ctx *w)
{
    struct weir_arena_block *first = w->block->first;
    free_large_blocks(first); // perhaps w->block too
    use_block(w, first);
    w->bad = w->placed = NULL;
    w->cause = WEIR_BAD_NONE;
    w->depth = w->calls = 0;
    memset(w->grown, 0, sizeof w->grown);
}

void weir_ctx_free(struct weir_ctx *w)
{
    struct weir_arena_block *b = w->block ? w->block->first : NULL;
    while (b) {
        struct weir_arena_block *next = b->next;
        free(b);
        b = next;
    }
    crash_forget(w);
    *w = (struct weir_ctx){0};
}

void *weir_alloc_slow(struct weir_ctx *w, size_t size)
{
    struct weir_arena_block *b = w->block;
    if (size > SIZE_MAX / 2)
        new_block(SIZE_MAX); // says that memory is out
    while (b->next && b->next->size < size + 15)
        b = b->next; // too small for this: lies fallow until the reset
    if (!b->next) {
        size_t wanted = b->size < KEPT_BLOCK ? b->size * 2 : KEPT_BLOCK;
        b->next = new_block(wanted > size + 15 ? wanted : size + 15);
        b->next->first = b->first;
    }
    use_block(w, b->next);
    return weir_alloc(w, size);
}

struct weir_str ctx_copy(struct weir_ctx *w, struct weir_str s)
{
    return s.p ? (struct weir_str){memcpy(weir_alloc(w, s.n), s.p, s.n), s.n} : s;
}

const struct weir_header *ctx_copy_headers(struct weir_ctx *w, const struct weir_header *headers, size_t count)
{
    struct weir_header *copies = weir_alloc(w, count * sizeof *copies);
    for (size_t i = 0; i < count; i++)
        copies[i] = (struct weir_header){ctx_copy(w, headers[i].name), ctx_copy(w, headers[i].value)};
    return copies;
}

static struct weir_grown *find_grown(struct weir_ctx *w, const char *end)
{
    for (int i = 0; i < WEIR_GROWN; i++)
        if (w->grown[i].end == end)
            return &w->grown[i];
    return NULL;
}

// What is appended to once need not be again: only the second time makes room for as much as there is.
void *ctx_append(struct weir_ctx *w, const void *p, size_t used, size_t more)
{
    struct weir_grown *g = used > 0 ? find_grown(w, (const char *)p + used) : NULL;
    if (g && more <= (size_t)(g->room - g->end)) {
        g->end += more;
        return (void *)p;
    }
    size_t size = used + more, room = g ? size * 2 : size;
    char *made = weir_alloc(w, room);
    if (used > 0)
        memcpy(made, p, used);
    if (!g)
        g = &w->grown[w->next_grown++ % WEIR_GROWN];
    *g = (struct weir_grown){made + size, made + room};
    return made;
}

bool weir_fits(struct weir_ctx *w, size_t size)
{
    if (WEIR_LIKELY(size <= WEIR_MAX_VALUE))
        return true;
    weir_fail(w, WEIR_BAD_LIMIT, "a value of %zu bytes is larger than the limit of %zu", size, WEIR_MAX_VALUE);
    return false;
}

void weir_fail(struct weir_ctx *w, enum weir_cause cause, const char *format, ...)
{
    if (w->bad)
        return;
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    size_t size = strlen(text) + 1;
    w->bad = memcpy(weir_alloc(w, size), text, size);
    w->cause = cause;
    w->placed = NULL;
}

bool weir_enter(struct weir_ctx *w, const char *name)
{
    enum { MAX_DEPTH = 1000, MAX_CALLS = 10000000, MAX_STACK = 2 << 20 };
    const char *frame = __builtin_frame_address(0);
    if (w->bad) // what else it would call is thrown away
        return false;
    if (w->depth == 0)
        w->stack = frame;
    if (w->depth >= MAX_DEPTH || w->stack - frame > MAX_STACK)
        weir_fail(w, WEIR_BAD_LIMIT, "`%s` calls itself more than %d deep", name, w->depth);
    else if (w->calls >= MAX_CALLS)
        weir_fail(w, WEIR_BAD_LIMIT, "`%s` and what it calls were called more than %d times for one record", name,
                  MAX_CALLS);
    else
        w->calls++;
    w->depth += !w->bad;
    return !w->bad;
}

const char *ctx_excerpt(struct weir_ctx *w, struct weir_str text)
{
    enum { SHOWN = 60 };
    size_t n = text.n;
    if (n > SHOWN) {
        for (n = SHOWN; n > SHOWN - 3 && ((unsigned char)text.p[n] & 0xC0) == 0x80;)
            n--; // not in the middle of a code point
    }
    char *out = weir_alloc(w, n + 4);
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        out[i] = (char)(c < 0x20 || c == 0x7F ? '?' : c);
    }
    memcpy(out + n, n < text.n ? "..." : "", n < text.n ? 4 : 1);
    return out;
}
