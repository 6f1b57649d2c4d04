// The values of the language as C, shared by generated code and the runtime.
//
// bool int32_t int64_t float double are themselves; timestamp and duration are int64_t milliseconds, date int32_t days since
// 1970-01-01, an enum int32_t (the index of its case). A nullable one of these is a struct weir_opt_*. string, bytes and json are struct weir_str, list and
// map struct weir_list and struct weir_map: null is a NULL pointer in them, so the empty ones point somewhere. A record or union is its generated struct,
// a nullable record a pointer to one or NULL. Memory is the batch's arena (struct weir_ctx): nothing is freed one by one.
#ifndef WEIR_VALUE_H
#define WEIR_VALUE_H

#include "weir_int.h"
#include "weir_types.h"

// Entries in insertion order, keys distinct.
struct weir_map {
    const struct weir_str *k; // NULL: null
    const void *v;
    size_t n;
};

#if defined(__GNUC__) && !defined(__TINYC__)
#define WEIR_LIKELY(x) __builtin_expect(!!(x), 1)
#define WEIR_UNLIKELY(x) __builtin_expect(!!(x), 0)
#else
#define WEIR_LIKELY(x) (x)
#define WEIR_UNLIKELY(x) (x)
#endif

// A function that is worth inlining. The JIT's compiler does not optimise, so its code calls the runtime's own copy (out_of_line.c) instead.
#if defined(__TINYC__) || defined(WEIR_OUT_OF_LINE)
#define WEIR_INLINE
#else
#define WEIR_INLINE static inline
#endif

#endif
