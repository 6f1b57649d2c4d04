#include "types/name_map.h"

#include <stdint.h>

#include "base/diag.h"

enum { FIRST_SIZE = 16 };

static int *find_slot(const struct name_map *map, const char *name)
{
    uint64_t hash = (uint64_t)(uintptr_t)name * 0x9e3779b97f4a7c15u;
    unsigned mask = (unsigned)map->size - 1;
    for (unsigned i = (unsigned)(hash >> 32) & mask;; i = (i + 1) & mask) {
        int *slot = &map->slots[i];
        if (*slot == 0 || map->entries.items[*slot - 1].name == name)
            return slot;
    }
}

static void set_size(struct name_map *map, int size)
{
    map->size = size;
    map->slots = arena_alloc(map->arena, (size_t)size * sizeof *map->slots);
    for (int i = 0; i < map->entries.count; i++)
        *find_slot(map, map->entries.items[i].name) = i + 1;
}

void name_map_init(struct name_map *map, struct arena *arena)
{
    *map = (struct name_map){.arena = arena};
    set_size(map, FIRST_SIZE);
}

void *name_map_get(const struct name_map *map, const char *name)
{
    int index = *find_slot(map, name);
    return index == 0 ? NULL : map->entries.items[index - 1].value;
}

void *name_map_add(struct name_map *map, const char *name, void *value)
{
    int *slot = find_slot(map, name);
    if (*slot != 0)
        return map->entries.items[*slot - 1].value;
    struct name_entry entry = {name, value};
    vec_push(map->arena, &map->entries, entry);
    *slot = map->entries.count;
    if (map->entries.count * 2 > map->size)
        set_size(map, map->size * 2);
    return NULL;
}

const char *name_map_nearest(const struct name_map *map, const char *name)
{
    const char **names = arena_alloc(map->arena, (size_t)map->entries.count * sizeof *names);
    for (int i = 0; i < map->entries.count; i++)
        names[i] = map->entries.items[i].name;
    return diag_nearest(name, names, map->entries.count);
}
