#include "emit/names.h"

#include <stdint.h>
#include <string.h>

struct names {
    struct arena *arena;
    const struct names *outer;
    const char **slots; // open addressing
    size_t capacity, count;
};

struct names *names_new(struct arena *arena, const struct names *outer)
{
    struct names *names = arena_new_of(arena, struct names);
    names->arena = arena;
    names->outer = outer;
    return names;
}

static const char **slot_of(const struct names *names, const char *name)
{
    uint32_t hash = 2166136261u; // FNV-1a
    for (const char *p = name; *p; p++)
        hash = (hash ^ (unsigned char)*p) * 16777619u;
    size_t i = hash & (names->capacity - 1);
    while (names->slots[i] && strcmp(names->slots[i], name) != 0)
        i = (i + 1) & (names->capacity - 1);
    return &names->slots[i];
}

static bool has(const struct names *names, const char *name)
{
    return names && names->capacity > 0 && *slot_of(names, name);
}

bool names_has(const struct names *names, const char *name)
{
    return has(names, name) || has(names->outer, name);
}

static void grow(struct names *names)
{
    const char **old = names->slots;
    size_t count = names->capacity;
    names->capacity = count ? count * 2 : 16;
    names->slots = arena_alloc(names->arena, names->capacity * sizeof *names->slots);
    for (size_t i = 0; i < count; i++)
        if (old[i])
            *slot_of(names, old[i]) = old[i];
}

void names_add(struct names *names, const char *name)
{
    if (names->count * 2 >= names->capacity)
        grow(names);
    const char **slot = slot_of(names, name);
    if (!*slot)
        names->count++;
    *slot = name;
}

const char *names_take(struct names *names, const char *base)
{
    const char *name = base;
    for (int i = 2; names_has(names, name); i++)
        name = arena_printf(names->arena, "%s_%d", base, i);
    names_add(names, name);
    return name;
}
