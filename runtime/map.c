#include "weir_list.h"

// Below this many entries a look through all of them is the fastest.
enum { SMALL = 16 };

// Places of keys by hash, as an open table; 0: empty, else index + 1.
struct index {
    uint32_t *slots;
    size_t mask;
};

static struct index index_new(struct weir_ctx *w, size_t n)
{
    size_t size = 32;
    while (size < n * 2)
        size *= 2;
    struct index index = {weir_alloc(w, size * sizeof *index.slots), size - 1};
    memset(index.slots, 0, size * sizeof *index.slots);
    return index;
}

static uint32_t *index_slot(const struct index *index, const struct weir_str *keys, struct weir_str key)
{
    size_t i = (size_t)weir_hash_str(key) & index->mask;
    while (index->slots[i] && !weir_eq_str(keys[index->slots[i] - 1], key))
        i = (i + 1) & index->mask;
    return &index->slots[i];
}

static size_t find(const struct weir_str *k, size_t n, struct weir_str key)
{
    size_t i = 0;
    while (i < n && !weir_eq_str(k[i], key))
        i++;
    return i;
}

struct weir_map weir_map_of(struct weir_ctx *w, struct weir_str *k, void *v, size_t n, size_t size)
{
    struct index index = {NULL, 0};
    if (n > SMALL)
        index = index_new(w, n);
    char *values = v;
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t *slot = n > SMALL ? index_slot(&index, k, k[i]) : NULL;
        size_t to = !slot ? find(k, count, k[i]) : *slot ? *slot - 1 : count;
        k[to] = k[i];
        if (to != i)
            memcpy(values + to * size, values + i * size, size);
        if (to == count) {
            count++;
            if (slot)
                *slot = (uint32_t)count;
        }
    }
    return (struct weir_map){k, v, count};
}

const void *weir_map_get(struct weir_map map, struct weir_str key, size_t size)
{
    size_t i = find(map.k, map.n, key);
    return i < map.n ? (const char *)map.v + i * size : NULL;
}

struct weir_map weir_map_concat(struct weir_ctx *w, const struct weir_map *maps, size_t count, size_t size)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        n += maps[i].n;
    size_t value_count = n;
    struct weir_str *k = weir_array(w, &n, sizeof *k);
    char *v = weir_array(w, &value_count, size);
    size_t end = 0;
    for (size_t i = 0; n > 0 && value_count > 0 && i < count; i++) {
        if (maps[i].n == 0)
            continue;
        memcpy(k + end, maps[i].k, maps[i].n * sizeof *k);
        memcpy(v + end * size, maps[i].v, maps[i].n * size);
        end += maps[i].n;
    }
    return weir_map_of(w, k, v, end, size);
}

bool weir_map_equal(struct weir_map a, struct weir_map b, const struct weir_element *of)
{
    if (a.n != b.n || (a.k == NULL) != (b.k == NULL))
        return false;
    for (size_t i = 0; i < a.n; i++) {
        // Maps that are equal mostly are so entry by entry.
        const char *other =
            weir_eq_str(a.k[i], b.k[i]) ? (const char *)b.v + i * of->size : weir_map_get(b, a.k[i], of->size);
        if (!other || !of->equal((const char *)a.v + i * of->size, other))
            return false;
    }
    return true;
}

uint64_t weir_map_hash(struct weir_map map, const struct weir_element *of)
{
    uint64_t sum = 0; // the same for every order of the entries
    for (size_t i = 0; i < map.n; i++)
        sum += weir_hash_mix(weir_hash_str(map.k[i]), of->hash((const char *)map.v + i * of->size));
    return weir_hash_mix(weir_hash_i64((int64_t)map.n), sum);
}
