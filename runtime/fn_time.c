// Functions on time.
#include "ctx.h"
#include "time_pattern.h"
#include "weir_fn.h"
#include "weir_ops.h"

#include <stdio.h>
#include <time.h>

bool weir_time_pattern_check(const char *pattern, size_t n, char *error, size_t size, size_t *offset)
{
    const char *wrong = time_pattern_wrong(pattern, n, offset);
    if (wrong)
        snprintf(error, size, "%s", wrong);
    return !wrong;
}

bool weir_zone_check(const char *zone, size_t n)
{
    struct zone z;
    return zone_find((struct weir_str){zone, n}, &z);
}

int64_t weir_now(struct weir_ctx *w)
{
    if (w->now)
        return w->now(w->owner);
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * MS_PER_SECOND + t.tv_nsec / 1000000;
}

static bool find_zone(struct weir_ctx *w, struct weir_str name, struct zone *z)
{
    if (zone_find(name, z))
        return true;
    weir_fail(w, WEIR_BAD_CONVERSION, "unknown time zone \"%s\"", ctx_excerpt(w, name));
    return false;
}

static bool check_pattern(struct weir_ctx *w, struct weir_str pattern)
{
    size_t offset;
    const char *wrong = time_pattern_wrong(pattern.p, pattern.n, &offset);
    if (wrong)
        weir_fail(w, WEIR_BAD_CONVERSION, "time pattern \"%s\" is wrong at %zu: %s", ctx_excerpt(w, pattern), offset,
                  wrong);
    return !wrong;
}

// ---- text ----

static struct weir_str format(struct weir_ctx *w, struct weir_str pattern, const struct time_fields *fields)
{
    struct weir_buf b;
    if (!check_pattern(w, pattern))
        return WEIR_NULL_STR;
    weir_buf_init(w, &b, 64);
    time_format(&b, pattern, fields);
    return weir_buf_str(&b);
}

struct weir_str weir_format_time(struct weir_ctx *w, int64_t time, struct weir_str pattern, struct weir_str zone)
{
    struct zone z;
    struct time_fields fields = {.zone = zone};
    if (!find_zone(w, zone, &z))
        return WEIR_NULL_STR;
    zone_civil(&z, time, &fields.civil);
    fields.offset = zone_offset(&z, floor_div(time, MS_PER_SECOND), &fields.abbreviation);
    return format(w, pattern, &fields);
}

struct weir_str weir_format_date(struct weir_ctx *w, int32_t date, struct weir_str pattern)
{
    struct time_fields fields = {.abbreviation = "", .zone = WEIR_STR("UTC")};
    civil_from_days(date, &fields.civil);
    return format(w, pattern, &fields);
}

int64_t weir_parse_time(struct weir_ctx *w, struct weir_str text, struct weir_str pattern, struct weir_str zone)
{
    struct zone z;
    int64_t ms = 0;
    if (!find_zone(w, zone, &z) || !check_pattern(w, pattern))
        return 0;
    if (!time_parse(text, pattern, &z, &ms))
        weir_fail(w, WEIR_BAD_CONVERSION, "\"%s\" is not a time like \"%s\"", ctx_excerpt(w, text),
                  ctx_excerpt(w, pattern));
    return w->bad ? 0 : ms;
}

// ---- truncate ----

// UTC, ms, is the reading LOCAL of a zone's clock. One that the clock left out as it was put forward is when that was.
static weir_i128 after_gap(const struct zone *z, weir_i128 utc, weir_i128 local)
{
    int64_t after = floor_div(utc > INT64_MAX ? INT64_MAX : (int64_t)utc, MS_PER_SECOND);
    int32_t offset = zone_offset(z, after, NULL);
    int64_t gap = (int64_t)((utc - local) / MS_PER_SECOND) + offset, before = after - gap;
    if (gap <= 0)
        return utc;
    while (after - before > 1) {
        int64_t middle = before + (after - before) / 2;
        if (zone_offset(z, middle, NULL) == offset)
            after = middle;
        else
            before = middle;
    }
    return (weir_i128)after * MS_PER_SECOND;
}

// Multiples of the duration are counted on the zone's clock, from its 1970-01-01T00:00: hours and days begin where people see them begin. A week,
// 7d, begins on a Thursday so, as windows do.
int64_t weir_truncate(struct weir_ctx *w, int64_t time, int64_t duration, struct weir_str zone)
{
    struct zone z;
    if (!find_zone(w, zone, &z))
        return 0;
    if (duration <= 0) {
        weir_fail(w, WEIR_BAD_CONVERSION, "truncate to %lld ms", (long long)duration);
        return 0;
    }
    int64_t seconds = floor_div(time, MS_PER_SECOND);
    int32_t offset = zone_offset(&z, seconds, NULL);
    weir_i128 local = (weir_i128)time + (int64_t)offset * MS_PER_SECOND, rest = local % duration;
    local -= rest < 0 ? rest + duration : rest;
    weir_i128 utc = local - (int64_t)offset * MS_PER_SECOND;
    int64_t at = utc < INT64_MIN ? INT64_MIN : (int64_t)utc;
    if (z.rules && zone_offset(&z, floor_div(at, MS_PER_SECOND), NULL) != offset) {
        // The clock was changed in between: the same reading, with the offset of that time.
        int64_t local_seconds =
            (int64_t)(local >= 0 ? local / MS_PER_SECOND : (local - MS_PER_SECOND + 1) / MS_PER_SECOND);
        utc = local - (int64_t)zone_local_offset(&z, local_seconds) * MS_PER_SECOND;
        utc = utc < INT64_MIN ? utc : after_gap(&z, utc, local);
    }
    if (utc < INT64_MIN) {
        weir_fail(w, WEIR_BAD_OVERFLOW, "truncate goes below the first timestamp");
        return 0;
    }
    return (int64_t)utc;
}

// ---- parts ----

static struct civil civil_in(struct weir_ctx *w, int64_t time, struct weir_str zone)
{
    struct zone z;
    struct civil c = {0};
    if (find_zone(w, zone, &z))
        zone_civil(&z, time, &c);
    return c;
}

int64_t weir_year(struct weir_ctx *w, int64_t time, struct weir_str zone)
{
    return civil_in(w, time, zone).year;
}

int64_t weir_month(struct weir_ctx *w, int64_t time, struct weir_str zone)
{
    return civil_in(w, time, zone).month;
}

int64_t weir_day(struct weir_ctx *w, int64_t time, struct weir_str zone)
{
    return civil_in(w, time, zone).day;
}

int64_t weir_hour(struct weir_ctx *w, int64_t time, struct weir_str zone)
{
    return civil_in(w, time, zone).hour;
}

int64_t weir_minute(struct weir_ctx *w, int64_t time, struct weir_str zone)
{
    return civil_in(w, time, zone).minute;
}

int64_t weir_second(struct weir_ctx *w, int64_t time, struct weir_str zone)
{
    return civil_in(w, time, zone).second;
}

int64_t weir_weekday(struct weir_ctx *w, int64_t time, struct weir_str zone)
{
    return civil_in(w, time, zone).weekday;
}

static struct civil civil_of(int32_t date)
{
    struct civil c;
    civil_from_days(date, &c);
    return c;
}

int64_t weir_year_date(struct weir_ctx *w, int32_t date)
{
    (void)w;
    return civil_of(date).year;
}

int64_t weir_month_date(struct weir_ctx *w, int32_t date)
{
    (void)w;
    return civil_of(date).month;
}

int64_t weir_day_date(struct weir_ctx *w, int32_t date)
{
    (void)w;
    return civil_of(date).day;
}

int64_t weir_weekday_date(struct weir_ctx *w, int32_t date)
{
    (void)w;
    return civil_of(date).weekday;
}
