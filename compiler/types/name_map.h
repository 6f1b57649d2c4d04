// Maps from interned names to pointers, in order of insertion. Never quadratic, however many names a program has.
#ifndef WEIR_TYPES_NAME_MAP_H
#define WEIR_TYPES_NAME_MAP_H

#include "base/vec.h"

struct name_entry {
    const char *name; // interned
    void *value;
};

struct name_map {
    struct arena *arena;
    VEC(struct name_entry) entries;
    int *slots; // index of an entry + 1; 0: free
    int size;   // of slots, a power of two
};

void name_map_init(struct name_map *map, struct arena *arena);
// NULL if NAME is not there.
void *name_map_get(const struct name_map *map, const char *name);
// Returns the value that NAME had, or NULL; the first value stays.
void *name_map_add(struct name_map *map, const char *name, void *value);
// The name nearest to NAME, or NULL: "did you mean".
const char *name_map_nearest(const struct name_map *map, const char *name);

#endif
