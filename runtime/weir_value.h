// The values of the language as C, shared by generated code and the runtime.
//
// bool int32_t int64_t float double are themselves; timestamp and duration are int64_t milliseconds, date int32_t days since
// 1970-01-01, an enum int32_t (the index of its case). A nullable one of these is a struct weir_opt_*. string, bytes and json are struct weir_str, list and
// map struct weir_list and struct weir_map: null is a NULL pointer in them, so the empty ones point somewhere. A record or union is its generated struct,
// a nullable record a pointer to one or NULL. Memory is the batch's arena (struct weir_ctx): nothing is freed one by one.
#ifndef WEIR_VALUE_H
#define WEIR_VALUE_H

#ifdef __TINYC__ // the JIT compiles without any header files of the system
typedef _Bool bool;
#define true 1
#define false 0
typedef signed char int8_t;
typedef short int16_t;
typedef int int32_t;
typedef long int64_t;
typedef unsigned char uint8_t;
typedef unsigned short uint16_t;
typedef unsigned int uint32_t;
typedef unsigned long uint64_t;
typedef unsigned long size_t;
#define NULL ((void *)0)
#define INT32_MIN (-2147483647 - 1)
#define INT32_MAX 2147483647
#define INT64_MIN (-9223372036854775807L - 1)
#define INT64_MAX 9223372036854775807L
void *memcpy(void *to, const void *from, size_t n);
void *memset(void *to, int byte, size_t n);
int memcmp(const void *a, const void *b, size_t n);
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#endif

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

struct weir_str {
    const char *p; // NULL: null. Not NUL-terminated.
    size_t n;      // bytes
};

// A scaled 128-bit integer in two's complement; precision and scale are the type's. tcc has no __int128, so both back ends see this.
struct weir_dec {
    uint64_t lo;
    int64_t hi;
};

struct weir_list {
    const void *v; // NULL: null; else n elements of the element's C type
    size_t n;
};

// Entries in insertion order, keys distinct.
struct weir_map {
    const struct weir_str *k; // NULL: null
    const void *v;
    size_t n;
};

struct weir_opt_bool {
    bool v, some;
};
struct weir_opt_i32 {
    int32_t v;
    bool some;
};
struct weir_opt_i64 {
    int64_t v;
    bool some;
};
struct weir_opt_f32 {
    float v;
    bool some;
};
struct weir_opt_f64 {
    double v;
    bool some;
};
struct weir_opt_dec {
    struct weir_dec v;
    bool some;
};

#define WEIR_STR(literal) ((struct weir_str){"" literal, sizeof(literal) - 1})
#define WEIR_NULL_STR ((struct weir_str){NULL, 0})

#endif
