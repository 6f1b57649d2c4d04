// Lists and maps of any element type (list.c, map.c). What depends on the type comes as a struct weir_element: the runtime has those of the
// scalars, the emitter writes those of a program's records.
#ifndef WEIR_LIST_H
#define WEIR_LIST_H

#include "weir_ops.h"

struct weir_element {
    size_t size;
    bool (*equal)(const void *a, const void *b);
    uint64_t (*hash)(const void *v);
    int (*compare)(const void *a, const void *b); // NULL: the type has no order
};

extern const struct weir_element weir_element_bool, weir_element_i32, weir_element_i64, weir_element_f32,
    weir_element_f64, weir_element_dec, weir_element_str, weir_element_opt_bool, weir_element_opt_i32,
    weir_element_opt_i64, weir_element_opt_f32, weir_element_opt_f64, weir_element_opt_dec;

// ---- making them ----

// Uninitialised memory for *N elements; if that is more than a record may hold, fails it and makes *N 0.
void *weir_array(struct weir_ctx *w, size_t *n, size_t size);
// Room for one more behind the N elements of V, whose room is for *CAPACITY; returns where they are now. V may be NULL.
void *weir_array_grow(struct weir_ctx *w, void *v, size_t n, size_t *capacity, size_t size);
// The map of N keys and values, which it takes over: of equal keys the last value stays, at the place of the first.
struct weir_map weir_map_of(struct weir_ctx *w, struct weir_str *k, void *v, size_t n, size_t size);

// ---- lists ----

struct weir_list weir_list_sort(struct weir_ctx *w, struct weir_list list, const struct weir_element *of); // stable
// LIST in the order of KEYS, of which there are as many.
struct weir_list weir_list_sort_by(struct weir_ctx *w, struct weir_list list, size_t size, const void *keys,
                                   const struct weir_element *key);
struct weir_list weir_list_reverse(struct weir_ctx *w, struct weir_list list, size_t size);
struct weir_list weir_list_concat(struct weir_ctx *w, const struct weir_list *lists, size_t count, size_t size);
struct weir_list weir_list_slice(struct weir_ctx *w, struct weir_list list, int64_t from, int64_t to,
                                 size_t size); // clamps
struct weir_list weir_list_distinct(struct weir_ctx *w, struct weir_list list,
                                    const struct weir_element *of); // keeps the first of equals
// Distinct too.
struct weir_list weir_list_union(struct weir_ctx *w, struct weir_list a, struct weir_list b,
                                 const struct weir_element *of);
struct weir_list weir_list_intersect(struct weir_ctx *w, struct weir_list a, struct weir_list b,
                                     const struct weir_element *of);
struct weir_list weir_list_except(struct weir_ctx *w, struct weir_list a, struct weir_list b,
                                  const struct weir_element *of);
// LIST without the elements that equal V.
struct weir_list weir_list_without(struct weir_ctx *w, struct weir_list list, const void *v,
                                   const struct weir_element *of);
int64_t weir_list_index_of(struct weir_list list, const void *v, const struct weir_element *of); // -1 if absent
bool weir_list_equal(struct weir_list a, struct weir_list b, const struct weir_element *of);
uint64_t weir_list_hash(struct weir_list list, const struct weir_element *of);

// ---- steps of aggregate functions (aggregate.c) ----

struct weir_list weir_list_append(struct weir_ctx *w, struct weir_list list, const void *v, size_t size);
// LIST without the first element that equals V.
struct weir_list weir_list_remove(struct weir_ctx *w, struct weir_list list, const void *v,
                                  const struct weir_element *of);
// Where V belongs in LIST, the greatest first: behind its equals.
int64_t weir_list_place(struct weir_list list, const void *v, const struct weir_element *of);
// V put in at PLACE; what is then behind the first MOST is gone.
struct weir_list weir_list_insert(struct weir_ctx *w, struct weir_list list, int64_t place, const void *v, int64_t most,
                                  size_t size);
// MAP with BY added to what KEY has; a key that has 0 is not kept.
struct weir_map weir_map_tally(struct weir_ctx *w, struct weir_map map, struct weir_str key, int64_t by);

struct weir_str weir_concat3(struct weir_ctx *w, struct weir_str a, struct weir_str b, struct weir_str c);
struct weir_str weir_concat4(struct weir_ctx *w, struct weir_str a, struct weir_str b, struct weir_str c,
                             struct weir_str d);
struct weir_str weir_concat_all(struct weir_ctx *w, const struct weir_str *parts, size_t count);

// ---- maps ----

// The value of KEY; NULL if there is none.
const void *weir_map_get(struct weir_map map, struct weir_str key, size_t size);
struct weir_map weir_map_concat(struct weir_ctx *w, const struct weir_map *maps, size_t count,
                                size_t size); // the later wins
// Whatever the order of their entries.
bool weir_map_equal(struct weir_map a, struct weir_map b, const struct weir_element *of);
uint64_t weir_map_hash(struct weir_map map, const struct weir_element *of);

#endif
