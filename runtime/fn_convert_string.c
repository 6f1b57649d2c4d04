// Conversions from and to text.
#include "calendar.h"
#include "ctx.h"
#include "decimal.h"
#include "iso_time.h"
#include "number_text.h"
#include "text.h"
#include "weir_fn.h"

#include <math.h>
#include <strings.h>

static void not_a(struct weir_ctx *w, struct weir_str text, const char *what)
{
    weir_fail(w, WEIR_BAD_CONVERSION, "\"%s\" is not %s", ctx_excerpt(w, text), what);
}

// ---- from text ----

// [+-]DIGITS, between LOW and HIGH.
static bool parse_integer(struct weir_str text, int64_t low, int64_t high, int64_t *v)
{
    const char *p = text.n ? text.p : "", *end = p + text.n;
    bool negative = p < end && *p == '-';
    p += negative || (p < end && *p == '+');
    if (p == end)
        return false;
    int64_t n = 0; // on the negative side, which is the longer one
    for (; p < end; p++) {
        if (*p < '0' || *p > '9' || __builtin_mul_overflow(n, 10, &n) || __builtin_sub_overflow(n, *p - '0', &n))
            return false;
    }
    if (!negative && n == INT64_MIN)
        return false;
    *v = negative ? n : -n;
    return *v >= low && *v <= high;
}

int32_t weir_i32_of_string(struct weir_ctx *w, struct weir_str text)
{
    int64_t v = 0;
    if (parse_integer(text, INT32_MIN, INT32_MAX, &v))
        return (int32_t)v;
    not_a(w, text, "an int32");
    return 0;
}

int64_t weir_i64_of_string(struct weir_ctx *w, struct weir_str text)
{
    int64_t v = 0;
    if (parse_integer(text, INT64_MIN, INT64_MAX, &v))
        return v;
    not_a(w, text, "an int64");
    return 0;
}

// As JSON writes numbers, but with a plus, zeros in front, or nothing on one side of the point as well: +1, 007, .5, 5.
static bool scan_number(struct weir_ctx *w, struct weir_str text, struct number_text *t)
{
    char *copy = weir_alloc(w, text.n + 3), *out = copy;
    const char *p = text.n ? text.p : "", *end = p + text.n;
    if (p < end && (*p == '-' || *p == '+')) {
        if (*p++ == '-')
            *out++ = '-';
    }
    const char *digits = p;
    while (p + 1 < end && *p == '0' && p[1] >= '0' && p[1] <= '9')
        p++;
    bool no_whole = p < end && *p == '.';
    if (no_whole)
        *out++ = '0';
    while (p < end && *p >= '0' && *p <= '9')
        *out++ = *p++;
    if (p < end && *p == '.') {
        *out++ = *p++;
        if (p == end || *p < '0' || *p > '9') {
            if (no_whole || p - 1 == digits)
                return false;
            *out++ = '0';
        }
    }
    if (p < end)
        memcpy(out, p, (size_t)(end - p));
    out += end - p;
    return number_scan(copy, out, t) == out;
}

double weir_f64_of_string(struct weir_ctx *w, struct weir_str text)
{
    struct number_text t;
    double v = scan_number(w, text, &t) ? number_f64(&t) : NAN;
    if (isfinite(v))
        return v;
    not_a(w, text, "a float64");
    return 0;
}

float weir_f32_of_string(struct weir_ctx *w, struct weir_str text)
{
    struct number_text t;
    float v = scan_number(w, text, &t) ? number_f32(&t) : NAN;
    if (isfinite(v))
        return v;
    not_a(w, text, "a float32");
    return 0;
}

struct weir_dec weir_dec_of_string(struct weir_ctx *w, struct weir_str text, int precision, int scale)
{
    struct number_text t;
    weir_i128 v;
    if (!scan_number(w, text, &t)) {
        not_a(w, text, "a decimal");
        return (struct weir_dec){0};
    }
    if (number_scaled(&t, scale, &v) != NUMBER_TOO_LARGE && weir_dec_fits(v, precision))
        return weir_int_dec(v);
    weir_fail(w, WEIR_BAD_CONVERSION, "%s does not fit decimal(%d, %d)", ctx_excerpt(w, text), precision, scale);
    return (struct weir_dec){0};
}

bool weir_bool_of_string(struct weir_ctx *w, struct weir_str text)
{
    if (text.n == 4 && strncasecmp(text.p, "true", 4) == 0)
        return true;
    if (text.n != 5 || strncasecmp(text.p, "false", 5) != 0)
        not_a(w, text, "a bool");
    return false;
}

int64_t weir_timestamp_of_string(struct weir_ctx *w, struct weir_str text)
{
    int64_t ms;
    if (iso_parse_timestamp(text, &ms))
        return ms;
    not_a(w, text, "an ISO 8601 time");
    return 0;
}

int32_t weir_date_of_string(struct weir_ctx *w, struct weir_str text)
{
    int32_t days;
    if (iso_parse_date(text, &days))
        return days;
    not_a(w, text, "a date like 2024-05-01");
    return 0;
}

// ---- to text ----

struct weir_str weir_string_of_bool(struct weir_ctx *w, bool v)
{
    (void)w;
    return v ? WEIR_STR("true") : WEIR_STR("false");
}

struct weir_str weir_string_of_i64(struct weir_ctx *w, int64_t v)
{
    char *p = weir_alloc(w, NUMBER_ROOM);
    return (struct weir_str){p, number_put_i64(p, v)};
}

static struct weir_str not_finite(double v)
{
    return isnan(v) ? WEIR_STR("NaN") : v > 0 ? WEIR_STR("Infinity") : WEIR_STR("-Infinity");
}

struct weir_str weir_string_of_f32(struct weir_ctx *w, float v)
{
    if (!isfinite(v))
        return not_finite((double)v);
    char *p = weir_alloc(w, NUMBER_ROOM);
    return (struct weir_str){p, number_put_f32(p, v)};
}

struct weir_str weir_string_of_f64(struct weir_ctx *w, double v)
{
    if (!isfinite(v))
        return not_finite(v);
    char *p = weir_alloc(w, NUMBER_ROOM);
    return (struct weir_str){p, number_put_f64(p, v)};
}

struct weir_str weir_string_of_dec(struct weir_ctx *w, struct weir_dec v, int v_scale)
{
    char *p = weir_alloc(w, NUMBER_ROOM);
    return (struct weir_str){p, number_put_dec(p, v, v_scale)};
}

struct weir_str weir_string_of_timestamp(struct weir_ctx *w, int64_t v)
{
    char *p = weir_alloc(w, ISO_ROOM);
    return (struct weir_str){p, iso_put_timestamp(p, v)};
}

struct weir_str weir_string_of_date(struct weir_ctx *w, int32_t v)
{
    char *p = weir_alloc(w, ISO_ROOM);
    return (struct weir_str){p, iso_put_date(p, v)};
}

// In the largest unit that it is a whole number of.
struct weir_str weir_string_of_duration(struct weir_ctx *w, int64_t v)
{
    static const struct {
        int64_t ms;
        const char *name;
    } units[] = {{86400000, "d"}, {3600000, "h"}, {60000, "m"}, {1000, "s"}, {1, "ms"}};
    char *p = weir_alloc(w, NUMBER_ROOM);
    size_t i = 0;
    while (v == 0 ? units[i].ms > 1 : v % units[i].ms != 0)
        i++;
    size_t n = number_put_i64(p, v / units[i].ms), unit = strlen(units[i].name);
    memcpy(p + n, units[i].name, unit);
    return (struct weir_str){p, n + unit};
}

// ---- dates and timestamps ----

int64_t weir_timestamp_of_date(struct weir_ctx *w, int32_t v)
{
    (void)w;
    return (int64_t)v * MS_PER_DAY;
}

int32_t weir_date_of_timestamp(struct weir_ctx *w, int64_t v, struct weir_str zone)
{
    int64_t year = weir_year(w, v, zone), month = weir_month(w, v, zone), day = weir_day(w, v, zone);
    if (w->bad)
        return 0;
    int64_t days = civil_days(year, (int)month, (int)day);
    if (days != (int32_t)days) {
        weir_fail(w, WEIR_BAD_CONVERSION, "timestamp %lld does not fit a date", (long long)v);
        return 0;
    }
    return (int32_t)days;
}
