#include "base/intern.h"

#include <stdint.h>
#include <string.h>

struct entry {
    const char *text;
    size_t len;
    uint64_t hash;
};

// Open addressing with linear probing, at most half full.
struct intern {
    struct arena *arena;
    struct entry *slots;
    size_t size, count;
};

static uint64_t hash_bytes(const char *text, size_t len)
{
    uint64_t h = 14695981039346656037u; // FNV-1a
    for (size_t i = 0; i < len; i++)
        h = (h ^ (unsigned char)text[i]) * 1099511628211u;
    return h;
}

struct intern *intern_new(struct arena *a)
{
    struct intern *table = arena_new_of(a, struct intern);
    table->arena = a;
    table->size = 256;
    table->slots = arena_alloc(a, table->size * sizeof(struct entry));
    return table;
}

static struct entry *find_slot(struct entry *slots, size_t size, uint64_t hash, const char *text, size_t len)
{
    for (size_t i = hash & (size - 1);; i = (i + 1) & (size - 1)) {
        struct entry *e = &slots[i];
        if (!e->text || (e->hash == hash && e->len == len && memcmp(e->text, text, len) == 0))
            return e;
    }
}

static void double_size(struct intern *table)
{
    size_t size = table->size * 2;
    struct entry *slots = arena_alloc(table->arena, size * sizeof(struct entry));
    for (size_t i = 0; i < table->size; i++) {
        const struct entry *e = &table->slots[i];
        if (e->text)
            *find_slot(slots, size, e->hash, e->text, e->len) = *e;
    }
    table->slots = slots;
    table->size = size;
}

const char *intern_name(struct intern *table, const char *text, size_t len)
{
    uint64_t hash = hash_bytes(text, len);
    struct entry *e = find_slot(table->slots, table->size, hash, text, len);
    if (e->text)
        return e->text;
    const char *copy = arena_strndup(table->arena, text, len);
    *e = (struct entry){copy, len, hash};
    if (++table->count * 2 > table->size)
        double_size(table);
    return copy;
}

const char *intern_cstr(struct intern *table, const char *text)
{
    return intern_name(table, text, strlen(text));
}
