#include "store_filter.h"

#include <stdlib.h>

#include "memory.h"

// Of what is not there, one in a thousand is thought to be.
enum { HASHES_OF_LINE = 32, BITS_OF_HASH = 6 };

struct filter *filter_new(struct filter *before, size_t room)
{
    size_t lines = 4;
    while (lines * HASHES_OF_LINE < room)
        lines *= 2;
    size_t bytes = sizeof(struct filter) + lines * sizeof(struct filter_line);
    struct filter *f = memory_new(bytes);
    *f = (struct filter){.before = before,
                         .number = before ? before->number + 1 : 1,
                         .bytes = before ? before->bytes + bytes : bytes,
                         .room = lines * HASHES_OF_LINE,
                         .mask = lines - 1};
    return f;
}

void filter_free(struct filter *f)
{
    for (struct filter *before; f; f = before) {
        before = f->before;
        free(f);
    }
}

static uint64_t mix(uint64_t hash)
{
    uint64_t h = (hash + 1) * UINT64_C(0x9E3779B97F4A7C15);
    return (h ^ h >> 32) * UINT64_C(0xD6E8FEB86659FD93);
}

// All bits of a hash are in one line: which, and which of it.
struct place {
    uint64_t line, bits;
};

static struct place place_of(uint32_t hash)
{
    uint64_t line = mix(hash);
    return (struct place){line >> 32, mix(line) >> 10};
}

void filter_add(struct filter *f, uint32_t hash)
{
    struct place at = place_of(hash);
    uint64_t *words = f->lines[at.line & f->mask].words;
    for (int i = 0; i < BITS_OF_HASH; i++, at.bits >>= 9)
        words[at.bits >> 6 & 7] |= UINT64_C(1) << (at.bits & 63);
    f->count++;
}

static bool line_has(const uint64_t *words, uint64_t bits)
{
    for (int i = 0; i < BITS_OF_HASH; i++, bits >>= 9) {
        if (!(words[bits >> 6 & 7] >> (bits & 63) & 1))
            return false;
    }
    return true;
}

bool filter_may_have(const struct filter *f, uint32_t hash)
{
    struct place at = place_of(hash);
    while (f && !line_has(f->lines[at.line & f->mask].words, at.bits))
        f = f->before;
    return f != NULL;
}
