#include "weir_list.h"

static const char *at(struct weir_list list, size_t i, size_t size)
{
    return (const char *)list.v + i * size;
}

static void copy(char *to, const void *from, size_t n)
{
    if (n > 0)
        memcpy(to, from, n);
}

// LIST with the GONE elements from PLACE on replaced by the N that V points to.
static struct weir_list splice(struct weir_ctx *w, struct weir_list list, size_t place, size_t gone, const void *v,
                               size_t n, size_t size)
{
    size_t count = list.n - gone + n, behind = list.n - gone - place;
    char *items = weir_array(w, &count, size);
    if (count == 0)
        return (struct weir_list){items, 0};
    copy(items, list.v, place * size);
    copy(items + place * size, v, n * size);
    copy(items + (place + n) * size, at(list, place + gone, size), behind * size);
    return (struct weir_list){items, count};
}

struct weir_list weir_list_append(struct weir_ctx *w, struct weir_list list, const void *v, size_t size)
{
    return splice(w, list, list.n, 0, v, 1, size);
}

struct weir_list weir_list_remove(struct weir_ctx *w, struct weir_list list, const void *v,
                                  const struct weir_element *of)
{
    int64_t i = weir_list_index_of(list, v, of);
    return i < 0 ? list : splice(w, list, (size_t)i, 1, NULL, 0, of->size);
}

int64_t weir_list_place(struct weir_list list, const void *v, const struct weir_element *of)
{
    size_t from = 0, to = list.n;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (of->compare(at(list, middle, of->size), v) >= 0)
            from = middle + 1;
        else
            to = middle;
    }
    return (int64_t)from;
}

struct weir_list weir_list_insert(struct weir_ctx *w, struct weir_list list, int64_t place, const void *v, int64_t most,
                                  size_t size)
{
    if (place >= most)
        return list;
    size_t last = list.n < (size_t)most ? list.n : (size_t)most - 1;
    return splice(w, (struct weir_list){list.v, last}, (size_t)place, 0, v, 1, size);
}

struct weir_map weir_map_tally(struct weir_ctx *w, struct weir_map map, struct weir_str key, int64_t by)
{
    size_t place = 0;
    while (place < map.n && !weir_eq_str(map.k[place], key))
        place++;
    bool there = place < map.n;
    int64_t count = weir_add_i64(w, there ? ((const int64_t *)map.v)[place] : 0, by);
    struct weir_list keys = {map.k, map.n}, counts = {map.v, map.n};
    size_t kept = count != 0;
    keys = splice(w, keys, place, there, &key, kept, sizeof key);
    counts = splice(w, counts, place, there, &count, kept, sizeof count);
    return (struct weir_map){keys.v, counts.v, keys.n < counts.n ? keys.n : counts.n};
}
