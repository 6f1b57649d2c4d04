// The inline half of weir_ops.h, for compilers that optimise.
#if !defined WEIR_OPS_INLINE_H && !defined __TINYC__
#define WEIR_OPS_INLINE_H

__extension__ typedef __int128 weir_i128;
__extension__ typedef unsigned __int128 weir_u128;

extern const weir_i128 weir_pow10[39];
extern uint64_t weir_hash_seed;

// ---- integers ----

#define WEIR_CHECKED(name, type, builtin, text)               \
    WEIR_INLINE type name(struct weir_ctx *w, type a, type b) \
    {                                                         \
        type v;                                               \
        if (WEIR_UNLIKELY(builtin(a, b, &v))) {               \
            weir_fail(w, WEIR_BAD_OVERFLOW, text);            \
            return 0;                                         \
        }                                                     \
        return v;                                             \
    }
WEIR_CHECKED(weir_add_i32, int32_t, __builtin_add_overflow, "int32 overflow in +")
WEIR_CHECKED(weir_sub_i32, int32_t, __builtin_sub_overflow, "int32 overflow in -")
WEIR_CHECKED(weir_mul_i32, int32_t, __builtin_mul_overflow, "int32 overflow in *")
WEIR_CHECKED(weir_add_i64, int64_t, __builtin_add_overflow, "int64 overflow in +")
WEIR_CHECKED(weir_sub_i64, int64_t, __builtin_sub_overflow, "int64 overflow in -")
WEIR_CHECKED(weir_mul_i64, int64_t, __builtin_mul_overflow, "int64 overflow in *")
#undef WEIR_CHECKED

WEIR_INLINE int32_t weir_div_i32(struct weir_ctx *w, int32_t a, int32_t b)
{
    if (WEIR_UNLIKELY(b == 0 || (b == -1 && a == INT32_MIN))) {
        if (b == 0)
            weir_fail(w, WEIR_BAD_DIVISION, "division by zero");
        else
            weir_fail(w, WEIR_BAD_OVERFLOW, "int32 overflow in /");
        return 0;
    }
    return a / b;
}

WEIR_INLINE int64_t weir_div_i64(struct weir_ctx *w, int64_t a, int64_t b)
{
    if (WEIR_UNLIKELY(b == 0 || (b == -1 && a == INT64_MIN))) {
        if (b == 0)
            weir_fail(w, WEIR_BAD_DIVISION, "division by zero");
        else
            weir_fail(w, WEIR_BAD_OVERFLOW, "int64 overflow in /");
        return 0;
    }
    return a / b;
}

WEIR_INLINE int32_t weir_mod_i32(struct weir_ctx *w, int32_t a, int32_t b)
{
    if (WEIR_UNLIKELY(b == 0))
        weir_fail(w, WEIR_BAD_DIVISION, "division by zero in %%");
    return b == 0 || b == -1 ? 0 : a % b;
}

WEIR_INLINE int64_t weir_mod_i64(struct weir_ctx *w, int64_t a, int64_t b)
{
    if (WEIR_UNLIKELY(b == 0))
        weir_fail(w, WEIR_BAD_DIVISION, "division by zero in %%");
    return b == 0 || b == -1 ? 0 : a % b;
}

WEIR_INLINE int32_t weir_neg_i32(struct weir_ctx *w, int32_t a)
{
    return weir_sub_i32(w, 0, a);
}

WEIR_INLINE int64_t weir_neg_i64(struct weir_ctx *w, int64_t a)
{
    return weir_sub_i64(w, 0, a);
}

// ---- floats ----

WEIR_INLINE float weir_add_f32(struct weir_ctx *w, float a, float b)
{
    (void)w;
    return a + b;
}

WEIR_INLINE float weir_sub_f32(struct weir_ctx *w, float a, float b)
{
    (void)w;
    return a - b;
}

WEIR_INLINE float weir_mul_f32(struct weir_ctx *w, float a, float b)
{
    (void)w;
    return a * b;
}

WEIR_INLINE float weir_div_f32(struct weir_ctx *w, float a, float b)
{
    if (WEIR_UNLIKELY(b == 0)) {
        weir_fail(w, WEIR_BAD_DIVISION, "division by zero");
        return 0;
    }
    return a / b;
}

WEIR_INLINE float weir_neg_f32(struct weir_ctx *w, float a)
{
    (void)w;
    return -a;
}

WEIR_INLINE double weir_add_f64(struct weir_ctx *w, double a, double b)
{
    (void)w;
    return a + b;
}

WEIR_INLINE double weir_sub_f64(struct weir_ctx *w, double a, double b)
{
    (void)w;
    return a - b;
}

WEIR_INLINE double weir_mul_f64(struct weir_ctx *w, double a, double b)
{
    (void)w;
    return a * b;
}

WEIR_INLINE double weir_div_f64(struct weir_ctx *w, double a, double b)
{
    if (WEIR_UNLIKELY(b == 0)) {
        weir_fail(w, WEIR_BAD_DIVISION, "division by zero");
        return 0;
    }
    return a / b;
}

WEIR_INLINE double weir_neg_f64(struct weir_ctx *w, double a)
{
    (void)w;
    return -a;
}

// ---- decimals ----

static inline weir_i128 weir_dec_int(struct weir_dec d)
{
    return (weir_i128)(((weir_u128)(uint64_t)d.hi << 64) | d.lo);
}

static inline struct weir_dec weir_int_dec(weir_i128 v)
{
    return (struct weir_dec){(uint64_t)v, (int64_t)(uint64_t)((weir_u128)v >> 64)};
}

static inline bool weir_dec_fits(weir_i128 v, int precision)
{
    return v < weir_pow10[precision] && v > -weir_pow10[precision];
}

// Values of one scale have at most 38 digits each, so their sum fits 128 bits.
WEIR_INLINE struct weir_dec weir_add_dec(struct weir_ctx *w, struct weir_dec a, int a_scale, struct weir_dec b,
                                         int b_scale, int precision, int scale)
{
    weir_i128 sum = weir_dec_int(a) + weir_dec_int(b);
    if (WEIR_LIKELY(a_scale == b_scale && a_scale == scale && weir_dec_fits(sum, precision)))
        return weir_int_dec(sum);
    return weir_add_dec_slow(w, a, a_scale, b, b_scale, precision, scale);
}

WEIR_INLINE struct weir_dec weir_neg_dec(struct weir_ctx *w, struct weir_dec a)
{
    (void)w;
    return weir_int_dec(-weir_dec_int(a));
}

WEIR_INLINE struct weir_dec weir_sub_dec(struct weir_ctx *w, struct weir_dec a, int a_scale, struct weir_dec b,
                                         int b_scale, int precision, int scale)
{
    return weir_add_dec(w, a, a_scale, weir_neg_dec(w, b), b_scale, precision, scale);
}

WEIR_INLINE bool weir_eq_dec(struct weir_dec a, struct weir_dec b)
{
    return a.lo == b.lo && a.hi == b.hi;
}

WEIR_INLINE int weir_cmp_dec(struct weir_dec a, int a_scale, struct weir_dec b, int b_scale)
{
    if (a_scale != b_scale)
        return weir_cmp_dec_slow(a, a_scale, b, b_scale);
    weir_i128 x = weir_dec_int(a), y = weir_dec_int(b);
    return (x > y) - (x < y);
}

// ---- text and lists ----

WEIR_INLINE struct weir_str weir_concat(struct weir_ctx *w, struct weir_str a, struct weir_str b)
{
    return a.n == 0 ? b : b.n == 0 ? a : weir_concat_slow(w, a, b);
}

WEIR_INLINE bool weir_index_check(struct weir_ctx *w, int64_t i, size_t n)
{
    if (WEIR_LIKELY(i >= 0 && (size_t)i < n))
        return true;
    weir_fail(w, WEIR_BAD_INDEX, "index %lld is out of range: the list has %zu element%s", (long long)i, n,
              n == 1 ? "" : "s");
    return false;
}

// ---- equality and order ----

WEIR_INLINE bool weir_eq_str(struct weir_str a, struct weir_str b)
{
    if (a.n != b.n)
        return false;
    return a.n == 0 ? (a.p == NULL) == (b.p == NULL) : memcmp(a.p, b.p, a.n) == 0;
}

WEIR_INLINE int weir_cmp_bool(bool a, bool b)
{
    return (int)a - (int)b;
}

WEIR_INLINE int weir_cmp_i32(int32_t a, int32_t b)
{
    return (a > b) - (a < b);
}

WEIR_INLINE int weir_cmp_i64(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

WEIR_INLINE int weir_cmp_f32(float a, float b)
{
    if (WEIR_UNLIKELY(a != a || b != b))
        return (a != a) - (b != b);
    return (a > b) - (a < b);
}

WEIR_INLINE int weir_cmp_f64(double a, double b)
{
    if (WEIR_UNLIKELY(a != a || b != b))
        return (a != a) - (b != b);
    return (a > b) - (a < b);
}

WEIR_INLINE int weir_cmp_str(struct weir_str a, struct weir_str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n == 0 ? 0 : memcmp(a.p, b.p, n);
    if (order == 0)
        return (a.n > b.n) - (a.n < b.n);
    return order < 0 ? -1 : 1;
}

#define WEIR_MIN_MAX(name, type)                     \
    WEIR_INLINE type weir_min_##name(type a, type b) \
    {                                                \
        return weir_cmp_##name(b, a) < 0 ? b : a;    \
    }                                                \
    WEIR_INLINE type weir_max_##name(type a, type b) \
    {                                                \
        return weir_cmp_##name(b, a) > 0 ? b : a;    \
    }
WEIR_MIN_MAX(i32, int32_t)
WEIR_MIN_MAX(i64, int64_t)
WEIR_MIN_MAX(f32, float)
WEIR_MIN_MAX(f64, double)
WEIR_MIN_MAX(str, struct weir_str)
#undef WEIR_MIN_MAX

WEIR_INLINE struct weir_dec weir_min_dec(struct weir_dec a, struct weir_dec b)
{
    return weir_dec_int(b) < weir_dec_int(a) ? b : a;
}

WEIR_INLINE struct weir_dec weir_max_dec(struct weir_dec a, struct weir_dec b)
{
    return weir_dec_int(b) > weir_dec_int(a) ? b : a;
}

// ---- hashes: the 64x64 to 128-bit multiplication of wyhash, folded ----

WEIR_INLINE uint64_t weir_hash_mix(uint64_t hash, uint64_t next)
{
    weir_u128 product = (weir_u128)(hash ^ UINT64_C(0xA0761D6478BD642F)) * (next ^ UINT64_C(0xE7037ED1A0B428DB));
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

WEIR_INLINE uint64_t weir_hash_i64(int64_t v)
{
    return weir_hash_mix((uint64_t)v, weir_hash_seed);
}

WEIR_INLINE uint64_t weir_hash_bool(bool v)
{
    return weir_hash_i64(v);
}

WEIR_INLINE uint64_t weir_hash_i32(int32_t v)
{
    return weir_hash_i64(v);
}

WEIR_INLINE uint64_t weir_hash_f64(double v)
{
    int64_t bits = INT64_MIN; // of -0.0, which is used up: it hashes as 0.0. So NaNs, of whatever bits, may have it.
    double same = v + 0.0;
    if (v == v)
        memcpy(&bits, &same, sizeof bits);
    return weir_hash_i64(bits);
}

WEIR_INLINE uint64_t weir_hash_f32(float v)
{
    return weir_hash_f64((double)v);
}

WEIR_INLINE uint64_t weir_hash_dec(struct weir_dec v)
{
    return weir_hash_mix(weir_hash_i64((int64_t)v.lo), (uint64_t)v.hi);
}

#endif
