// Conversions between numbers, and from JSON.
#include "ctx.h"
#include "decimal.h"
#include "number_text.h"
#include "weir_fn.h"
#include "weir_json.h"

#include <math.h>

int32_t weir_i32_of_i64(struct weir_ctx *w, int64_t v)
{
    if (v >= INT32_MIN && v <= INT32_MAX)
        return (int32_t)v;
    weir_fail(w, WEIR_BAD_CONVERSION, "%lld does not fit int32", (long long)v);
    return 0;
}

// Towards zero. NaN fails both comparisons.
static int64_t whole(struct weir_ctx *w, double v, double low, double high, const char *type)
{
    double cut = trunc(v);
    if (cut >= low && cut < high)
        return (int64_t)cut;
    weir_fail(w, WEIR_BAD_CONVERSION, "%g does not fit %s", v, type);
    return 0;
}

int32_t weir_i32_of_f64(struct weir_ctx *w, double v)
{
    return (int32_t)whole(w, v, -0x1p31, 0x1p31, "int32");
}

int64_t weir_i64_of_f64(struct weir_ctx *w, double v)
{
    return whole(w, v, -0x1p63, 0x1p63, "int64");
}

static int64_t whole_dec(struct weir_ctx *w, struct weir_dec v, int v_scale, int64_t low, int64_t high,
                         const char *type)
{
    weir_i128 n = weir_dec_int(v) / weir_pow10[v_scale];
    if (n >= low && n <= high)
        return (int64_t)n;
    char text[NUMBER_ROOM];
    size_t size = number_put_dec(text, v, v_scale);
    weir_fail(w, WEIR_BAD_CONVERSION, "%.*s does not fit %s", (int)size, text, type);
    return 0;
}

int32_t weir_i32_of_dec(struct weir_ctx *w, struct weir_dec v, int v_scale)
{
    return (int32_t)whole_dec(w, v, v_scale, INT32_MIN, INT32_MAX, "int32");
}

int64_t weir_i64_of_dec(struct weir_ctx *w, struct weir_dec v, int v_scale)
{
    return whole_dec(w, v, v_scale, INT64_MIN, INT64_MAX, "int64");
}

int64_t weir_i64_of_bool(struct weir_ctx *w, bool v)
{
    (void)w;
    return v;
}

bool weir_bool_of_i64(struct weir_ctx *w, int64_t v)
{
    (void)w;
    return v != 0;
}

float weir_f32_of_f64(struct weir_ctx *w, double v)
{
    float narrow = (float)v;
    if (isinf(narrow) && !isinf(v))
        weir_fail(w, WEIR_BAD_CONVERSION, "%g does not fit float32", v);
    return narrow;
}

double weir_f64_of_i64(struct weir_ctx *w, int64_t v)
{
    (void)w;
    return (double)v;
}

// The nearest, by way of the digits: dividing would round twice.
double weir_f64_of_dec(struct weir_ctx *w, struct weir_dec v, int v_scale)
{
    (void)w;
    double small;
    bool negative = v.hi < 0;
    weir_i128 n = weir_dec_int(v);
    weir_u128 magnitude = negative ? -(weir_u128)n : (weir_u128)n;
    if (magnitude >> 53 == 0 && number_small_f64((uint64_t)magnitude, -v_scale, &small))
        return negative ? -small : small;
    char text[NUMBER_ROOM];
    struct number_text t;
    return number_scan(text, text + number_put_dec(text, v, v_scale), &t) ? number_f64(&t) : 0;
}

struct weir_dec weir_dec_of_i64(struct weir_ctx *w, int64_t v, int precision, int scale)
{
    return dec_rescale(w, v, 0, precision, scale);
}

struct weir_dec weir_dec_of_dec(struct weir_ctx *w, struct weir_dec v, int v_scale, int precision, int scale)
{
    return dec_rescale(w, weir_dec_int(v), v_scale, precision, scale);
}

struct weir_dec weir_dec_of_f64(struct weir_ctx *w, double v, int precision, int scale)
{
    char text[NUMBER_ROOM];
    struct number_text t;
    weir_i128 n;
    if (isfinite(v) && number_scan(text, text + number_put_f64(text, v), &t) &&
        number_scaled(&t, scale, &n) != NUMBER_TOO_LARGE && weir_dec_fits(n, precision))
        return weir_int_dec(n);
    weir_fail(w, WEIR_BAD_CONVERSION, "%g does not fit decimal(%d, %d)", v, precision, scale);
    return (struct weir_dec){0};
}

// ---- JSON ----

// What of_json converts: the value's text, or a JSON string's content, as many producers put numbers in quotes.
static struct weir_str scalar_text(struct weir_ctx *w, struct weir_str json)
{
    struct weir_json j;
    struct weir_str v;
    weir_json_start(&j, json);
    if (json.n > 0 && *json.p == '"')
        return weir_json_read_string(w, &j, &v) ? v : WEIR_NULL_STR;
    return json;
}

int64_t weir_i64_of_json(struct weir_ctx *w, struct weir_str json)
{
    struct weir_json j;
    int64_t v = 0;
    if (json.n > 0 && *json.p == '"')
        return weir_i64_of_string(w, scalar_text(w, json));
    weir_json_start(&j, json);
    struct weir_try saved = weir_try_begin(w);
    bool ok = json.n > 0 && weir_json_read_i64(w, &j, &v); // 1.0 and 1e3 too
    weir_try_end(w, saved);
    if (!ok)
        weir_fail(w, WEIR_BAD_CONVERSION, "%s is not an int64", ctx_excerpt(w, json));
    return ok ? v : 0;
}

double weir_f64_of_json(struct weir_ctx *w, struct weir_str json)
{
    return weir_f64_of_string(w, scalar_text(w, json));
}

bool weir_bool_of_json(struct weir_ctx *w, struct weir_str json)
{
    return weir_bool_of_string(w, scalar_text(w, json));
}

struct weir_str weir_string_of_json(struct weir_ctx *w, struct weir_str json)
{
    return scalar_text(w, json);
}
