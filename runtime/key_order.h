// The order of keys by their bytes. Sorting takes numbers for it, of what is behind the bytes that all keys begin with: two keys are hardly ever looked up
// in memory to be compared.
#ifndef WEIR_RT_KEY_ORDER_H
#define WEIR_RT_KEY_ORDER_H

#include "weir_wire.h"

// memcmp's sign, of bytes in order.
static inline int order_of_keys(struct weir_str a, struct weir_str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n ? memcmp(a.p, b.p, n) : 0;
    return order ? order : (a.n > b.n) - (a.n < b.n);
}

// How many bytes both begin with, at most MOST.
static inline size_t key_shared_bytes(struct weir_str a, struct weir_str b, size_t most)
{
    size_t n = 0;
    most = a.n < most ? a.n : most;
    most = b.n < most ? b.n : most;
    if (most == 0 || memcmp(a.p, b.p, most) == 0)
        return most;
    while (a.p[n] == b.p[n])
        n++;
    return n;
}

// Eight bytes from FROM on, filled up with zeros: of two keys that begin with the same FROM bytes, the one with the smaller number comes first. The same
// number says nothing.
static inline uint64_t key_order_from(struct weir_str key, size_t from)
{
    char bytes[8] = {0};
    if (key.n > from)
        memcpy(bytes, key.p + from, key.n - from < sizeof bytes ? key.n - from : sizeof bytes);
    return (uint64_t)weir_get_i64be(bytes);
}

#endif
