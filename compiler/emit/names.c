#include "emit/names.h"

#include <stdint.h>
#include <string.h>

#include "base/vec.h"

struct names {
    struct arena *arena;
    const struct names *outer;
    const char **slots; // open addressing
    size_t capacity;
    VEC(const char *) added; // in order
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
    if ((size_t)names->added.count * 2 >= names->capacity)
        grow(names);
    const char **slot = slot_of(names, name);
    if (*slot)
        return;
    *slot = name;
    vec_push(names->arena, &names->added, name);
}

int names_count(const struct names *names)
{
    return names->added.count;
}

const char **names_since(const struct names *names, int count)
{
    size_t n = (size_t)(names->added.count - count);
    const char **since = arena_alloc(names->arena, (n + 1) * sizeof *since);
    if (n > 0)
        memcpy(since, names->added.items + count, n * sizeof *since);
    return since;
}

static bool is_among(const char *name, const char *const *list)
{
    for (; *list; list++)
        if (*list == name)
            return true;
    return false;
}

void names_forget(struct names *names, const char *const *list)
{
    int kept = 0;
    if (!*list)
        return;
    memset(names->slots, 0, names->capacity * sizeof *names->slots);
    for (int i = 0; i < names->added.count; i++)
        if (!is_among(names->added.items[i], list))
            names->added.items[kept++] = names->added.items[i];
    names->added.count = kept;
    for (int i = 0; i < kept; i++)
        *slot_of(names, names->added.items[i]) = names->added.items[i];
}

const char *names_take(struct names *names, const char *base)
{
    const char *name = base;
    for (int i = 2; names_has(names, name); i++)
        name = arena_printf(names->arena, "%s_%d", base, i);
    names_add(names, name);
    return name;
}
