// Functions on numbers.
#include "decimal.h"
#include "number_text.h"
#include "weir_fn.h"

#include <math.h>

// ---- absolute values and signs ----

int32_t weir_abs_i32(struct weir_ctx *w, int32_t v)
{
    return v < 0 ? weir_neg_i32(w, v) : v;
}

int64_t weir_abs_i64(struct weir_ctx *w, int64_t v)
{
    return v < 0 ? weir_neg_i64(w, v) : v;
}

float weir_abs_f32(struct weir_ctx *w, float v)
{
    (void)w;
    return fabsf(v);
}

double weir_abs_f64(struct weir_ctx *w, double v)
{
    (void)w;
    return fabs(v);
}

struct weir_dec weir_abs_dec(struct weir_ctx *w, struct weir_dec v, int v_scale, int precision, int scale)
{
    weir_i128 n = weir_dec_int(v);
    return dec_rescale(w, n < 0 ? -n : n, v_scale, precision, scale);
}

int64_t weir_sign_i64(struct weir_ctx *w, int64_t v)
{
    (void)w;
    return (v > 0) - (v < 0);
}

int64_t weir_sign_f64(struct weir_ctx *w, double v)
{
    (void)w;
    return (v > 0) - (v < 0);
}

int64_t weir_sign_dec(struct weir_ctx *w, struct weir_dec v, int v_scale)
{
    (void)w;
    (void)v_scale;
    weir_i128 n = weir_dec_int(v);
    return (n > 0) - (n < 0);
}

// ---- rounding ----

// As Java's BigDecimal.valueOf(v).setScale(digits, HALF_UP): what is rounded are the shortest digits, so that 1.005 becomes 1.01.
double weir_round_f64(struct weir_ctx *w, double v, int64_t digits)
{
    (void)w;
    char text[NUMBER_ROOM * 2];
    struct number_text t;
    weir_i128 n;
    if (digits == 0 || !isfinite(v))
        return round(v);
    if (digits > 400 || digits < -400)
        return digits > 0 ? v : copysign(0, v);
    number_scan(text, text + number_put_f64(text, v), &t);
    if (number_scaled(&t, (int)digits, &n) == NUMBER_TOO_LARGE)
        return v; // its digits end long before
    size_t size = number_put_dec(text, weir_int_dec(n), 0);
    text[size++] = 'e';
    size += number_put_i64(text + size, -digits);
    number_scan(text, text + size, &t);
    return copysign(number_f64(&t), v);
}

double weir_floor_f64(struct weir_ctx *w, double v)
{
    (void)w;
    return floor(v);
}

double weir_ceil_f64(struct weir_ctx *w, double v)
{
    (void)w;
    return ceil(v);
}

double weir_trunc_f64(struct weir_ctx *w, double v)
{
    (void)w;
    return trunc(v);
}

// V without its last DROP digits, rounded towards zero; WAY other than 0: away from zero if V has that sign and anything was dropped;
// HALF: away from zero from a half on.
enum { DOWN = -1, TOWARDS_ZERO = 0, UP = 1, HALF = 2 };

static weir_i128 drop_digits(weir_i128 v, int64_t drop, int way)
{
    if (drop <= 0)
        return v;
    int sign = (v > 0) - (v < 0);
    if (drop > 38)
        return way == sign ? sign : 0; // all of it is a fraction below a tenth
    weir_i128 unit = weir_pow10[drop], q = v / unit, rest = v % unit;
    if (way == HALF)
        return rest * sign >= unit - rest * sign ? q + sign : q;
    return rest != 0 && way == sign ? q + sign : q;
}

// To a whole number of 10^-DIGITS.
static struct weir_dec round_to(struct weir_ctx *w, struct weir_dec v, int v_scale, int64_t digits, int way,
                                int precision, int scale)
{
    weir_i128 n = weir_dec_int(v);
    if (digits >= v_scale)
        return dec_rescale(w, n, v_scale, precision, scale);
    weir_i128 q = drop_digits(n, digits < -38 ? 99 : v_scale - digits, way);
    if (digits >= 0 || q == 0)
        return dec_rescale(w, q, digits < 0 ? 0 : (int)digits, precision, scale);
    if (digits < -37 || !weir_dec_fits(q, 38 + (int)digits)) {
        weir_fail(w, WEIR_BAD_OVERFLOW, "the result does not fit decimal(%d, %d)", precision, scale);
        return (struct weir_dec){0};
    }
    return dec_rescale(w, q * weir_pow10[-digits], 0, precision, scale);
}

struct weir_dec weir_round_dec(struct weir_ctx *w, struct weir_dec v, int v_scale, int64_t digits, int precision,
                               int scale)
{
    return round_to(w, v, v_scale, digits, HALF, precision, scale);
}

struct weir_dec weir_floor_dec(struct weir_ctx *w, struct weir_dec v, int v_scale, int precision, int scale)
{
    return round_to(w, v, v_scale, 0, DOWN, precision, scale);
}

struct weir_dec weir_ceil_dec(struct weir_ctx *w, struct weir_dec v, int v_scale, int precision, int scale)
{
    return round_to(w, v, v_scale, 0, UP, precision, scale);
}

struct weir_dec weir_trunc_dec(struct weir_ctx *w, struct weir_dec v, int v_scale, int precision, int scale)
{
    return round_to(w, v, v_scale, 0, TOWARDS_ZERO, precision, scale);
}

// ---- the C library's ----

#define ONE_ARGUMENT(name, function)          \
    double name(struct weir_ctx *w, double v) \
    {                                         \
        (void)w;                              \
        return function(v);                   \
    }
ONE_ARGUMENT(weir_sqrt, sqrt)
ONE_ARGUMENT(weir_exp, exp)
ONE_ARGUMENT(weir_ln, log)
ONE_ARGUMENT(weir_log10, log10)
ONE_ARGUMENT(weir_sin, sin)
ONE_ARGUMENT(weir_cos, cos)
ONE_ARGUMENT(weir_tan, tan)
ONE_ARGUMENT(weir_asin, asin)
ONE_ARGUMENT(weir_acos, acos)
ONE_ARGUMENT(weir_atan, atan)

double weir_pow(struct weir_ctx *w, double base, double exponent)
{
    (void)w;
    return pow(base, exponent);
}

double weir_log_base(struct weir_ctx *w, double base, double v)
{
    (void)w;
    return base == 2 ? log2(v) : base == 10 ? log10(v) : log(v) / log(base);
}

double weir_atan2(struct weir_ctx *w, double y, double x)
{
    (void)w;
    return atan2(y, x);
}

// ---- ranges ----

struct weir_list weir_range(struct weir_ctx *w, int64_t from, int64_t to)
{
    enum { LONGEST = 1000000 };
    static const int64_t none;
    if (from >= to)
        return (struct weir_list){&none, 0};
    uint64_t n = (uint64_t)to - (uint64_t)from;
    if (n > LONGEST) {
        weir_fail(w, WEIR_BAD_LIMIT, "range(%lld, %lld) has more than %d elements", (long long)from, (long long)to,
                  LONGEST);
        return (struct weir_list){NULL, 0};
    }
    int64_t *v = weir_alloc(w, n * sizeof *v);
    for (uint64_t i = 0; i < n; i++)
        v[i] = from + (int64_t)i;
    return (struct weir_list){v, n};
}
