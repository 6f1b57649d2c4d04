// JSON numbers: exact integers and decimals, correctly rounded floats.
#include "ctx.h"
#include "number_text.h"
#include "weir_json.h"

#include <stdio.h>

// The number at j, which is then behind it. WHAT: "a number", or what was expected instead of what stands here.
static bool scan(struct weir_ctx *w, struct weir_json *j, struct number_text *t, const char *what)
{
    j->p = weir_json_blank(j->p, j->end);
    const char *after = number_scan(j->p, j->end, t);
    if (!after)
        return weir_json_expected(w, j, what);
    j->p = after;
    return true;
}

static bool misfit(struct weir_ctx *w, const struct weir_json *j, const struct number_text *t, const char *why)
{
    struct weir_str text = {t->begin, (size_t)(t->end - t->begin)};
    weir_fail(w, WEIR_BAD_DECODE, "%s %s at byte %zu", ctx_excerpt(w, text), why, (size_t)(t->begin - j->begin));
    return false;
}

bool weir_json_read_i64_slow(struct weir_ctx *w, struct weir_json *j, int64_t *v)
{
    struct number_text t;
    weir_i128 n;
    *v = 0;
    if (!scan(w, j, &t, "an integer"))
        return false;
    enum number_fit fit = number_scaled(&t, 0, &n);
    if (fit == NUMBER_ROUNDED)
        return misfit(w, j, &t, "is not an integer");
    if (fit == NUMBER_TOO_LARGE || n < INT64_MIN || n > INT64_MAX)
        return misfit(w, j, &t, "does not fit int64");
    *v = (int64_t)n;
    return true;
}

bool weir_json_not_i32(struct weir_ctx *w, const struct weir_json *j, int64_t v)
{
    weir_fail(w, WEIR_BAD_DECODE, "%lld does not fit int32 at byte %zu", (long long)v, (size_t)(j->p - j->begin));
    return false;
}

// The usual number is taken in one pass; false leaves it to number_scan.
static bool read_simple(struct weir_json *j, uint64_t *mantissa, int *fraction, bool *negative)
{
    const char *p = j->p = weir_json_blank(j->p, j->end);
    *negative = p < j->end && *p == '-';
    p = number_simple(p + *negative, j->end, mantissa, fraction);
    if (!p)
        return false;
    j->p = p;
    return true;
}

bool weir_json_read_f64(struct weir_ctx *w, struct weir_json *j, double *v)
{
    uint64_t mantissa;
    int fraction;
    bool negative;
    struct weir_json at = *j;
    if (read_simple(j, &mantissa, &fraction, &negative) && number_small_f64(mantissa, -fraction, v)) {
        if (negative)
            *v = -*v;
        return true;
    }
    *j = at;
    struct number_text t;
    if (!scan(w, j, &t, "a number"))
        return false;
    *v = number_f64(&t);
    return *v - *v == 0 ? true : misfit(w, j, &t, "does not fit float64");
}

bool weir_json_read_f32(struct weir_ctx *w, struct weir_json *j, float *v)
{
    struct number_text t;
    if (!scan(w, j, &t, "a number"))
        return false;
    *v = number_f32(&t);
    return *v - *v == 0 ? true : misfit(w, j, &t, "does not fit float32");
}

static bool read_dec_slow(struct weir_ctx *w, struct weir_json *j, int precision, int scale, struct weir_dec *v)
{
    struct number_text t;
    weir_i128 n;
    if (!scan(w, j, &t, "a number"))
        return false;
    enum number_fit fit = number_scaled(&t, scale, &n);
    if (fit != NUMBER_EXACT || !weir_dec_fits(n, precision)) {
        char why[48];
        snprintf(why, sizeof why, "does not fit decimal(%d, %d)", precision, scale);
        return misfit(w, j, &t, why);
    }
    *v = weir_int_dec(n);
    return true;
}

bool weir_json_read_dec(struct weir_ctx *w, struct weir_json *j, int precision, int scale, struct weir_dec *v)
{
    uint64_t mantissa;
    int fraction;
    bool negative;
    struct weir_json at = *j;
    if (WEIR_LIKELY(read_simple(j, &mantissa, &fraction, &negative) && fraction <= scale)) {
        weir_i128 n = (weir_i128)mantissa * weir_pow10[scale - fraction < 20 ? scale - fraction : 20];
        if (WEIR_LIKELY(scale - fraction < 20 && weir_dec_fits(n, precision))) {
            *v = weir_int_dec(negative ? -n : n);
            return true;
        }
    }
    *j = at;
    return read_dec_slow(w, j, precision, scale, v);
}

bool weir_json_read_duration(struct weir_ctx *w, struct weir_json *j, int64_t *v)
{
    return weir_json_read_i64(w, j, v);
}
