// Operators of generated code: arithmetic that fails the record instead of overflowing, comparison, and hashes.
#ifndef WEIR_OPS_H
#define WEIR_OPS_H

#include "weir_ctx.h"

// ---- arithmetic; integers overflow and divide by zero as bad records, `/` truncates, `%` has the sign of its left side ----

WEIR_INLINE int32_t weir_add_i32(struct weir_ctx *w, int32_t a, int32_t b);
WEIR_INLINE int32_t weir_sub_i32(struct weir_ctx *w, int32_t a, int32_t b);
WEIR_INLINE int32_t weir_mul_i32(struct weir_ctx *w, int32_t a, int32_t b);
WEIR_INLINE int32_t weir_div_i32(struct weir_ctx *w, int32_t a, int32_t b);
WEIR_INLINE int32_t weir_mod_i32(struct weir_ctx *w, int32_t a, int32_t b);
WEIR_INLINE int32_t weir_neg_i32(struct weir_ctx *w, int32_t a);
WEIR_INLINE int64_t weir_add_i64(struct weir_ctx *w, int64_t a, int64_t b);
WEIR_INLINE int64_t weir_sub_i64(struct weir_ctx *w, int64_t a, int64_t b);
WEIR_INLINE int64_t weir_mul_i64(struct weir_ctx *w, int64_t a, int64_t b);
WEIR_INLINE int64_t weir_div_i64(struct weir_ctx *w, int64_t a, int64_t b);
WEIR_INLINE int64_t weir_mod_i64(struct weir_ctx *w, int64_t a, int64_t b);
WEIR_INLINE int64_t weir_neg_i64(struct weir_ctx *w, int64_t a);

// Floats follow IEEE 754, except that a division by zero is a bad record.
WEIR_INLINE float weir_add_f32(struct weir_ctx *w, float a, float b);
WEIR_INLINE float weir_sub_f32(struct weir_ctx *w, float a, float b);
WEIR_INLINE float weir_mul_f32(struct weir_ctx *w, float a, float b);
WEIR_INLINE float weir_div_f32(struct weir_ctx *w, float a, float b);
float weir_mod_f32(struct weir_ctx *w, float a, float b);
WEIR_INLINE float weir_neg_f32(struct weir_ctx *w, float a);
WEIR_INLINE double weir_add_f64(struct weir_ctx *w, double a, double b);
WEIR_INLINE double weir_sub_f64(struct weir_ctx *w, double a, double b);
WEIR_INLINE double weir_mul_f64(struct weir_ctx *w, double a, double b);
WEIR_INLINE double weir_div_f64(struct weir_ctx *w, double a, double b);
double weir_mod_f64(struct weir_ctx *w, double a, double b);
WEIR_INLINE double weir_neg_f64(struct weir_ctx *w, double a);

// Decimals: computed exactly, rounded half away from zero to the result's scale; what does not fit is a bad record.
WEIR_INLINE struct weir_dec weir_add_dec(struct weir_ctx *w, struct weir_dec a, int a_scale, struct weir_dec b,
                                         int b_scale, int precision, int scale);
WEIR_INLINE struct weir_dec weir_sub_dec(struct weir_ctx *w, struct weir_dec a, int a_scale, struct weir_dec b,
                                         int b_scale, int precision, int scale);
struct weir_dec weir_mul_dec(struct weir_ctx *w, struct weir_dec a, int a_scale, struct weir_dec b, int b_scale,
                             int precision, int scale);
struct weir_dec weir_div_dec(struct weir_ctx *w, struct weir_dec a, int a_scale, struct weir_dec b, int b_scale,
                             int precision, int scale);
struct weir_dec weir_mod_dec(struct weir_ctx *w, struct weir_dec a, int a_scale, struct weir_dec b, int b_scale,
                             int precision, int scale);
WEIR_INLINE struct weir_dec weir_neg_dec(struct weir_ctx *w, struct weir_dec a);

WEIR_INLINE struct weir_str weir_concat(struct weir_ctx *w, struct weir_str a, struct weir_str b);

// Fails the record unless 0 <= I < N.
WEIR_INLINE bool weir_index_check(struct weir_ctx *w, int64_t i, size_t n);

// ---- equality and order: -1, 0 or 1 ----

WEIR_INLINE bool weir_eq_str(struct weir_str a, struct weir_str b); // null equals only null
WEIR_INLINE bool weir_eq_dec(struct weir_dec a, struct weir_dec b); // of the same scale
WEIR_INLINE int weir_cmp_bool(bool a, bool b);
WEIR_INLINE int weir_cmp_i32(int32_t a, int32_t b);
WEIR_INLINE int weir_cmp_i64(int64_t a, int64_t b);
WEIR_INLINE int weir_cmp_f32(float a, float b); // a total order: -0.0 is 0.0, NaN equals NaN and is the greatest
WEIR_INLINE int weir_cmp_f64(double a, double b);
WEIR_INLINE int weir_cmp_str(struct weir_str a, struct weir_str b); // by bytes, which for UTF-8 is by code points
WEIR_INLINE int weir_cmp_dec(struct weir_dec a, int a_scale, struct weir_dec b, int b_scale);

WEIR_INLINE int32_t weir_min_i32(int32_t a, int32_t b);
WEIR_INLINE int32_t weir_max_i32(int32_t a, int32_t b);
WEIR_INLINE int64_t weir_min_i64(int64_t a, int64_t b);
WEIR_INLINE int64_t weir_max_i64(int64_t a, int64_t b);
WEIR_INLINE float weir_min_f32(float a, float b);
WEIR_INLINE float weir_max_f32(float a, float b);
WEIR_INLINE double weir_min_f64(double a, double b);
WEIR_INLINE double weir_max_f64(double a, double b);
WEIR_INLINE struct weir_str weir_min_str(struct weir_str a, struct weir_str b);
WEIR_INLINE struct weir_str weir_max_str(struct weir_str a, struct weir_str b);
WEIR_INLINE struct weir_dec weir_min_dec(struct weir_dec a, struct weir_dec b); // of the same scale
WEIR_INLINE struct weir_dec weir_max_dec(struct weir_dec a, struct weir_dec b);

// ---- hashes for tables in memory: seeded per process, never to be stored; equal values hash equally ----

WEIR_INLINE uint64_t weir_hash_bool(bool v);
WEIR_INLINE uint64_t weir_hash_i32(int32_t v);
WEIR_INLINE uint64_t weir_hash_i64(int64_t v);
WEIR_INLINE uint64_t weir_hash_f32(float v);
WEIR_INLINE uint64_t weir_hash_f64(double v);
WEIR_INLINE uint64_t weir_hash_dec(struct weir_dec v);
uint64_t weir_hash_str(struct weir_str v);
WEIR_INLINE uint64_t weir_hash_mix(uint64_t hash, uint64_t next); // of a record: fold in the hash of its next field

// ---- decimals as they are made: by the emitter's literals and the runtime ----

// What the inline operators leave to the runtime: other scales, results that may not fit.
struct weir_dec weir_add_dec_slow(struct weir_ctx *w, struct weir_dec a, int a_scale, struct weir_dec b, int b_scale,
                                  int precision, int scale);
int weir_cmp_dec_slow(struct weir_dec a, int a_scale, struct weir_dec b, int b_scale);
struct weir_str weir_concat_slow(struct weir_ctx *w, struct weir_str a, struct weir_str b);

#include "weir_ops_inline.h"

#endif
