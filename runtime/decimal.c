// Decimals of up to 38 digits: exact in 256 bits, then rounded once.
#include "decimal.h"

#define E(n) ((weir_i128)UINT64_C(10000000000000000000) * (n))
#define K UINT64_C(1000)
const weir_i128 weir_pow10[39] = {
    1,
    10,
    100,
    1000,
    10000,
    100000,
    1000000,
    10000000,
    100000000,
    1000000000,
    10000000000,
    100000000000,
    1000000000000,
    10000000000000,
    100000000000000,
    1000000000000000,
    10000000000000000,
    100000000000000000,
    1000000000000000000,
    E(1),
    E(10),
    E(100),
    E(K),
    E(10 * K),
    E(100 * K),
    E(K *K),
    E(10 * K * K),
    E(100 * K * K),
    E(K *K *K),
    E(10 * K * K * K),
    E(100 * K * K * K),
    E(K *K *K *K),
    E(10 * K * K * K * K),
    E(100 * K * K * K * K),
    E(K *K *K *K *K),
    E(10 * K * K * K * K * K),
    E(100 * K * K * K * K * K),
    E(K *K *K *K *K *K),
    E(10 * K * K * K * K * K * K),
};
#undef E
#undef K

static weir_u128 magnitude(weir_i128 v)
{
    return v < 0 ? -(weir_u128)v : (weir_u128)v;
}

static struct u256 multiply(weir_u128 a, weir_u128 b)
{
    uint64_t a0 = (uint64_t)a, a1 = (uint64_t)(a >> 64), b0 = (uint64_t)b, b1 = (uint64_t)(b >> 64);
    weir_u128 low = (weir_u128)a0 * b0, high = (weir_u128)a1 * b1;
    weir_u128 cross = (weir_u128)a0 * b1, other = (weir_u128)a1 * b0;
    weir_u128 middle = (low >> 64) + (uint64_t)cross + (uint64_t)other;
    return (struct u256){high + (cross >> 64) + (other >> 64) + (middle >> 64), middle << 64 | (uint64_t)low};
}

// X * B, or false if that has more than 256 bits.
static bool multiply_more(struct u256 *x, weir_u128 b)
{
    struct u256 low = multiply(x->lo, b), high = multiply(x->hi, b);
    if (high.hi || low.hi + high.lo < low.hi)
        return false;
    *x = (struct u256){low.hi + high.lo, low.lo};
    return true;
}

static struct u256 divide_by_word(struct u256 x, uint64_t d, weir_u128 *rest)
{
    uint64_t words[4] = {(uint64_t)(x.hi >> 64), (uint64_t)x.hi, (uint64_t)(x.lo >> 64), (uint64_t)x.lo};
    weir_u128 r = 0;
    for (int i = 0; i < 4; i++) {
        weir_u128 part = r << 64 | words[i];
        words[i] = (uint64_t)(part / d);
        r = part % d;
    }
    *rest = r;
    return (struct u256){(weir_u128)words[0] << 64 | words[1], (weir_u128)words[2] << 64 | words[3]};
}

// The remainder stays below D, and D below 2^127: it can be doubled.
static struct u256 divide_by_bits(struct u256 x, weir_u128 d, weir_u128 *rest)
{
    weir_u128 r = x.hi % d;
    struct u256 q = {x.hi / d, 0};
    for (int bit = 127; bit >= 0; bit--) {
        r = r << 1 | (x.lo >> bit & 1);
        q.lo <<= 1;
        if (r >= d) {
            r -= d;
            q.lo |= 1;
        }
    }
    *rest = r;
    return q;
}

static struct u256 divide(struct u256 x, weir_u128 d, weir_u128 *rest)
{
    if (x.hi == 0) {
        *rest = x.lo % d;
        return (struct u256){0, x.lo / d};
    }
    return d >> 64 ? divide_by_bits(x, d, rest) : divide_by_word(x, (uint64_t)d, rest);
}

static struct u256 divide_rounded(struct u256 x, weir_u128 d)
{
    weir_u128 rest;
    struct u256 q = divide(x, d, &rest);
    if (rest >= d - rest && ++q.lo == 0)
        q.hi++;
    return q;
}

static struct weir_dec does_not_fit(struct weir_ctx *w, int precision, int scale)
{
    weir_fail(w, WEIR_BAD_OVERFLOW, "the result does not fit decimal(%d, %d)", precision, scale);
    return (struct weir_dec){0};
}

struct weir_dec dec_result(struct weir_ctx *w, bool negative, struct u256 v, int from, int precision, int scale)
{
    for (int more = scale - from; more > 0; more -= 38) {
        if (!multiply_more(&v, (weir_u128)weir_pow10[more < 38 ? more : 38]))
            return does_not_fit(w, precision, scale);
    }
    if (from > scale) {
        int less = from - scale; // at most 76: only the last step may round
        if (less > 38) {
            weir_u128 rest, tail;
            v = divide(v, (weir_u128)weir_pow10[38], &rest);
            struct u256 q = divide(v, (weir_u128)weir_pow10[less - 38], &tail);
            // 5, 50, ...: what was cut before can't change the verdict
            weir_u128 half = (weir_u128)weir_pow10[less - 38] / 2;
            v = q;
            if (tail >= half && ++v.lo == 0)
                v.hi++;
        } else {
            v = divide_rounded(v, (weir_u128)weir_pow10[less]);
        }
    }
    if (v.hi || v.lo >= (weir_u128)weir_pow10[precision])
        return does_not_fit(w, precision, scale);
    return weir_int_dec(negative ? -(weir_i128)v.lo : (weir_i128)v.lo);
}

struct weir_dec dec_rescale(struct weir_ctx *w, weir_i128 v, int from, int precision, int scale)
{
    if (from == scale && weir_dec_fits(v, precision))
        return weir_int_dec(v);
    return dec_result(w, v < 0, (struct u256){0, magnitude(v)}, from, precision, scale);
}

static int compare(struct u256 a, struct u256 b)
{
    if (a.hi != b.hi)
        return a.hi > b.hi ? 1 : -1;
    return (a.lo > b.lo) - (a.lo < b.lo);
}

static struct u256 scaled(weir_i128 v, int by)
{
    return multiply(magnitude(v), (weir_u128)weir_pow10[by]);
}

struct weir_dec weir_add_dec_slow(struct weir_ctx *w, struct weir_dec a, int a_scale, struct weir_dec b, int b_scale,
                                  int precision, int scale)
{
    int common = a_scale > b_scale ? a_scale : b_scale;
    weir_i128 x = weir_dec_int(a), y = weir_dec_int(b);
    struct u256 left = scaled(x, common - a_scale), right = scaled(y, common - b_scale), sum;
    bool negative = x < 0;
    if ((x < 0) == (y < 0)) {
        sum.lo = left.lo + right.lo;
        sum.hi = left.hi + right.hi + (sum.lo < left.lo);
    } else {
        if (compare(left, right) < 0) {
            struct u256 swap = left;
            left = right;
            right = swap;
            negative = y < 0;
        }
        sum.lo = left.lo - right.lo;
        sum.hi = left.hi - right.hi - (left.lo < right.lo);
    }
    return dec_result(w, negative, sum, common, precision, scale);
}

struct weir_dec weir_mul_dec(struct weir_ctx *w, struct weir_dec a, int a_scale, struct weir_dec b, int b_scale,
                             int precision, int scale)
{
    weir_i128 x = weir_dec_int(a), y = weir_dec_int(b), product;
    if (a_scale + b_scale == scale && !__builtin_mul_overflow(x, y, &product) && weir_dec_fits(product, precision))
        return weir_int_dec(product);
    return dec_result(w, (x < 0) != (y < 0), multiply(magnitude(x), magnitude(y)), a_scale + b_scale, precision, scale);
}

struct weir_dec weir_div_dec(struct weir_ctx *w, struct weir_dec a, int a_scale, struct weir_dec b, int b_scale,
                             int precision, int scale)
{
    weir_i128 x = weir_dec_int(a), y = weir_dec_int(b);
    if (y == 0) {
        weir_fail(w, WEIR_BAD_DIVISION, "division by zero");
        return (struct weir_dec){0};
    }
    struct u256 dividend = {0, magnitude(x)}, divisor = {0, magnitude(y)};
    for (int more = scale - a_scale + b_scale; more > 0; more -= 38) {
        if (!multiply_more(&dividend, (weir_u128)weir_pow10[more < 38 ? more : 38]))
            return does_not_fit(w, precision, scale); // 78 digits by at most 38 of them
    }
    if (a_scale > scale + b_scale)
        divisor = multiply(divisor.lo, (weir_u128)weir_pow10[a_scale - b_scale - scale]);
    if (divisor.hi)
        return (struct weir_dec){0}; // 3.4 * 10^38 and more, while the dividend, not scaled then, is below 10^38
    return dec_result(w, (x < 0) != (y < 0), divide_rounded(dividend, divisor.lo), scale, precision, scale);
}

struct weir_dec weir_mod_dec(struct weir_ctx *w, struct weir_dec a, int a_scale, struct weir_dec b, int b_scale,
                             int precision, int scale)
{
    weir_i128 x = weir_dec_int(a), y = weir_dec_int(b);
    if (y == 0) {
        weir_fail(w, WEIR_BAD_DIVISION, "division by zero in %%");
        return (struct weir_dec){0};
    }
    int common = a_scale > b_scale ? a_scale : b_scale;
    struct u256 left = scaled(x, common - a_scale), right = scaled(y, common - b_scale);
    weir_u128 rest = left.lo; // of a larger divisor: then the left side is not scaled
    if (right.hi == 0 && right.lo >> 127 == 0)
        divide(left, right.lo, &rest);
    return dec_result(w, x < 0, (struct u256){0, rest}, common, precision, scale);
}

int weir_cmp_dec_slow(struct weir_dec a, int a_scale, struct weir_dec b, int b_scale)
{
    int common = a_scale > b_scale ? a_scale : b_scale;
    weir_i128 x = weir_dec_int(a), y = weir_dec_int(b);
    if ((x < 0) != (y < 0))
        return x < 0 ? -1 : 1;
    int order = compare(scaled(x, common - a_scale), scaled(y, common - b_scale));
    return x < 0 ? -order : order;
}
