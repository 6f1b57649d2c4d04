#include "weir_list.h"

#include "ctx.h"

static const char *at(struct weir_list list, size_t i, size_t size)
{
    return (const char *)list.v + i * size;
}

void *weir_array(struct weir_ctx *w, size_t *n, size_t size)
{
    if (!weir_fits(w, *n > WEIR_MAX_VALUE ? *n : *n * size))
        *n = 0;
    return weir_alloc(w, *n * size);
}

void *weir_array_grow(struct weir_ctx *w, void *v, size_t n, size_t *capacity, size_t size)
{
    if (n < *capacity)
        return v;
    *capacity = n == 0 ? 4 : n * 2;
    void *more = weir_alloc(w, *capacity * size);
    if (n > 0)
        memcpy(more, v, n * size);
    return more;
}

// ---- order ----

// Merges the runs FROM..MIDDLE and MIDDLE..TO of the elements' pointers.
static void merge(const void **from, const void **middle, const void **to, const void **out,
                  int (*compare)(const void *a, const void *b))
{
    const void **a = from, **b = middle;
    while (a < middle && b < to)
        *out++ = compare(*b, *a) < 0 ? *b++ : *a++;
    if (a < middle)
        memcpy(out, a, (size_t)(middle - a) * sizeof *a);
    else if (b < to)
        memcpy(out, b, (size_t)(to - b) * sizeof *b);
}

// Pointers to the N elements, in order. Bottom-up, so that the length of a list costs no stack.
static const void **sorted(struct weir_ctx *w, const void *v, size_t n, const struct weir_element *of)
{
    size_t count = n * 2;
    const void **order = weir_array(w, &count, sizeof *order);
    if (count == 0)
        return order;
    const void **other = order + n;
    for (size_t i = 0; i < n; i++)
        order[i] = (const char *)v + i * of->size;
    for (size_t width = 1; width < n; width *= 2) {
        for (size_t i = 0; i < n; i += 2 * width) {
            size_t middle = i + width < n ? i + width : n, end = i + 2 * width < n ? i + 2 * width : n;
            merge(order + i, order + middle, order + end, other + i, of->compare);
        }
        const void **t = order;
        order = other;
        other = t;
    }
    return order;
}

struct weir_list weir_list_sort(struct weir_ctx *w, struct weir_list list, const struct weir_element *of)
{
    return weir_list_sort_by(w, list, of->size, list.v, of);
}

struct weir_list weir_list_sort_by(struct weir_ctx *w, struct weir_list list, size_t size, const void *keys,
                                   const struct weir_element *key)
{
    const void **order = sorted(w, keys, list.n, key);
    size_t n = list.n;
    char *v = weir_array(w, &n, size);
    if (w->bad)
        return list;
    for (size_t i = 0; i < n; i++)
        memcpy(v + i * size, at(list, (size_t)((const char *)order[i] - (const char *)keys) / key->size, size), size);
    return (struct weir_list){v, n};
}

struct weir_list weir_list_reverse(struct weir_ctx *w, struct weir_list list, size_t size)
{
    size_t n = list.n;
    char *v = weir_array(w, &n, size);
    for (size_t i = 0; i < n; i++)
        memcpy(v + i * size, at(list, n - 1 - i, size), size);
    return (struct weir_list){v, n};
}

struct weir_list weir_list_concat(struct weir_ctx *w, const struct weir_list *lists, size_t count, size_t size)
{
    size_t n = 0, first = count > 0 ? lists[0].n : 0;
    for (size_t i = 0; i < count; i++)
        n += lists[i].n;
    if (!weir_fits(w, n > WEIR_MAX_VALUE ? n : n * size))
        return (struct weir_list){weir_alloc(w, 0), 0};
    char *v = ctx_append(w, count > 0 ? lists[0].v : NULL, first * size, (n - first) * size), *end = v + first * size;
    for (size_t i = 1; i < count; i++) {
        if (lists[i].n > 0)
            memcpy(end, lists[i].v, lists[i].n * size);
        end += lists[i].n * size;
    }
    return (struct weir_list){v, n};
}

struct weir_list weir_list_slice(struct weir_ctx *w, struct weir_list list, int64_t from, int64_t to, size_t size)
{
    (void)w;
    int64_t n = (int64_t)list.n;
    from = from < 0 ? 0 : from > n ? n : from;
    to = to < from ? from : to > n ? n : to;
    return (struct weir_list){(const char *)list.v + (size_t)from * size, (size_t)(to - from)};
}

// ---- sets: an open hash table of places in a list, 0: empty ----

struct set {
    const struct weir_element *of;
    const char **slots;
    size_t mask;
};

static struct set set_new(struct weir_ctx *w, size_t n, const struct weir_element *of)
{
    size_t size = 8;
    while (size < n * 2)
        size *= 2;
    struct set set = {of, weir_alloc(w, size * sizeof *set.slots), size - 1};
    memset(set.slots, 0, size * sizeof *set.slots);
    return set;
}

// Where V is or belongs.
static const char **set_slot(const struct set *set, const char *v)
{
    size_t i = (size_t)set->of->hash(v) & set->mask;
    while (set->slots[i] && !set->of->equal(set->slots[i], v))
        i = (i + 1) & set->mask;
    return &set->slots[i];
}

static struct set set_of(struct weir_ctx *w, struct weir_list list, const struct weir_element *of)
{
    struct set set = set_new(w, list.n, of);
    for (size_t i = 0; i < list.n; i++)
        *set_slot(&set, at(list, i, of->size)) = at(list, i, of->size);
    return set;
}

// The distinct elements of LIST that are (WANTED) or are not in OTHER; NULL: all.
static struct weir_list select(struct weir_ctx *w, struct weir_list list, const struct set *other, bool wanted,
                               const struct weir_element *of)
{
    size_t n = list.n, count = 0;
    char *v = weir_array(w, &n, of->size);
    struct set seen = set_new(w, n, of);
    for (size_t i = 0; i < n; i++) {
        const char *element = at(list, i, of->size);
        if (other && (*set_slot(other, element) != NULL) != wanted)
            continue;
        const char **slot = set_slot(&seen, element);
        if (*slot)
            continue;
        *slot = element;
        memcpy(v + count++ * of->size, element, of->size);
    }
    return (struct weir_list){v, count};
}

struct weir_list weir_list_distinct(struct weir_ctx *w, struct weir_list list, const struct weir_element *of)
{
    return select(w, list, NULL, true, of);
}

struct weir_list weir_list_union(struct weir_ctx *w, struct weir_list a, struct weir_list b,
                                 const struct weir_element *of)
{
    return weir_list_distinct(w, weir_list_concat(w, (struct weir_list[]){a, b}, 2, of->size), of);
}

struct weir_list weir_list_intersect(struct weir_ctx *w, struct weir_list a, struct weir_list b,
                                     const struct weir_element *of)
{
    struct set other = set_of(w, b, of);
    return select(w, a, &other, true, of);
}

struct weir_list weir_list_except(struct weir_ctx *w, struct weir_list a, struct weir_list b,
                                  const struct weir_element *of)
{
    struct set other = set_of(w, b, of);
    return select(w, a, &other, false, of);
}

// ---- elements ----

struct weir_list weir_list_without(struct weir_ctx *w, struct weir_list list, const void *v,
                                   const struct weir_element *of)
{
    size_t n = list.n, count = 0;
    char *kept = weir_array(w, &n, of->size);
    for (size_t i = 0; i < n; i++)
        if (!of->equal(at(list, i, of->size), v))
            memcpy(kept + count++ * of->size, at(list, i, of->size), of->size);
    return (struct weir_list){kept, count};
}

int64_t weir_list_index_of(struct weir_list list, const void *v, const struct weir_element *of)
{
    for (size_t i = 0; i < list.n; i++)
        if (of->equal(at(list, i, of->size), v))
            return (int64_t)i;
    return -1;
}

bool weir_list_equal(struct weir_list a, struct weir_list b, const struct weir_element *of)
{
    if (a.n != b.n || (a.v == NULL) != (b.v == NULL))
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (!of->equal(at(a, i, of->size), at(b, i, of->size)))
            return false;
    return true;
}

uint64_t weir_list_hash(struct weir_list list, const struct weir_element *of)
{
    uint64_t hash = weir_hash_i64((int64_t)list.n);
    for (size_t i = 0; i < list.n; i++)
        hash = weir_hash_mix(hash, of->hash(at(list, i, of->size)));
    return hash;
}

struct weir_str weir_concat_all(struct weir_ctx *w, const struct weir_str *parts, size_t count)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        n += parts[i].n;
    if (!weir_fits(w, n))
        return WEIR_STR("");
    char *p = weir_alloc(w, n), *end = p;
    for (size_t i = 0; i < count; i++) {
        if (parts[i].n > 0)
            memcpy(end, parts[i].p, parts[i].n);
        end += parts[i].n;
    }
    return (struct weir_str){p, n};
}

struct weir_str weir_concat3(struct weir_ctx *w, struct weir_str a, struct weir_str b, struct weir_str c)
{
    return weir_concat_all(w, (struct weir_str[]){a, b, c}, 3);
}

struct weir_str weir_concat4(struct weir_ctx *w, struct weir_str a, struct weir_str b, struct weir_str c,
                             struct weir_str d)
{
    return weir_concat_all(w, (struct weir_str[]){a, b, c, d}, 4);
}

// ---- the scalars ----

#define ELEMENT(name, type, cmp)                             \
    static bool equal_##name(const void *a, const void *b)   \
    {                                                        \
        return cmp(*(const type *)a, *(const type *)b) == 0; \
    }                                                        \
    static uint64_t hash_##name(const void *v)               \
    {                                                        \
        return weir_hash_##name(*(const type *)v);           \
    }                                                        \
    static int compare_##name(const void *a, const void *b)  \
    {                                                        \
        return cmp(*(const type *)a, *(const type *)b);      \
    }                                                        \
    const struct weir_element weir_element_##name = {sizeof(type), equal_##name, hash_##name, compare_##name};

#define OPTIONAL(name)                                                                                     \
    static bool equal_opt_##name(const void *a, const void *b)                                             \
    {                                                                                                      \
        const struct weir_opt_##name *x = a, *y = b;                                                       \
        return x->some == y->some && (!x->some || equal_##name(&x->v, &y->v));                             \
    }                                                                                                      \
    static uint64_t hash_opt_##name(const void *v)                                                         \
    {                                                                                                      \
        const struct weir_opt_##name *x = v;                                                               \
        return x->some ? hash_##name(&x->v) : 0;                                                           \
    }                                                                                                      \
    const struct weir_element weir_element_opt_##name = {sizeof(struct weir_opt_##name), equal_opt_##name, \
                                                         hash_opt_##name, NULL};

// Decimals of one list have one scale, whichever that is.
static int compare_same_scale(struct weir_dec a, struct weir_dec b)
{
    return weir_cmp_dec(a, 0, b, 0);
}

ELEMENT(bool, bool, weir_cmp_bool)
ELEMENT(i32, int32_t, weir_cmp_i32)
ELEMENT(i64, int64_t, weir_cmp_i64)
ELEMENT(f32, float, weir_cmp_f32)
ELEMENT(f64, double, weir_cmp_f64)
ELEMENT(dec, struct weir_dec, compare_same_scale)
OPTIONAL(bool)
OPTIONAL(i32)
OPTIONAL(i64)
OPTIONAL(f32)
OPTIONAL(f64)
OPTIONAL(dec)

// A null string equals only null.
static bool equal_str(const void *a, const void *b)
{
    return weir_eq_str(*(const struct weir_str *)a, *(const struct weir_str *)b);
}

static uint64_t hash_str(const void *v)
{
    return weir_hash_str(*(const struct weir_str *)v);
}

static int compare_str(const void *a, const void *b)
{
    return weir_cmp_str(*(const struct weir_str *)a, *(const struct weir_str *)b);
}

const struct weir_element weir_element_str = {sizeof(struct weir_str), equal_str, hash_str, compare_str};
