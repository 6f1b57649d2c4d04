// Any bytes as times: ISO 8601, patterns, texts for patterns, zones, and the files of the tz database.
#include <stdio.h>
#include <stdlib.h>

#include "ctx.h"
#include "tzif.h"
#include "weir_fn.h"
#include "weir_ops.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct weir_ctx ctx;
static struct weir_ctx *const w = &ctx;

static void must(bool ok)
{
    if (!ok)
        abort();
}

// The part up to the next zero byte.
static struct weir_str part(const uint8_t **p, const uint8_t *end)
{
    const uint8_t *begin = *p, *stop = memchr(begin, 0, (size_t)(end - begin));
    *p = stop ? stop + 1 : end;
    return (struct weir_str){(const char *)begin, (size_t)((stop ? stop : end) - begin)};
}

static void iso(struct weir_str text)
{
    struct weir_try saved = weir_try_begin(w);
    int64_t time = weir_timestamp_of_string(w, text);
    if (!w->bad)
        must(weir_timestamp_of_string(w, weir_string_of_timestamp(w, time)) == time && !w->bad);
    w->bad = NULL;
    int32_t date = weir_date_of_string(w, text);
    if (!w->bad)
        must(weir_date_of_string(w, weir_string_of_date(w, date)) == date && !w->bad);
    weir_try_end(w, saved);
}

// What a pattern prints of TIME, or a failure; and parsing it again, which may fail, as patterns leave parts out.
static void patterns(int64_t time, struct weir_str pattern, struct weir_str zone, struct weir_str text)
{
    struct weir_str printed = weir_format_time(w, time, pattern, zone);
    if (!w->bad)
        weir_parse_time(w, printed, pattern, zone);
    w->bad = NULL;
    weir_parse_time(w, text, pattern, zone);
    w->bad = NULL;
}

static void zones(int64_t time, struct weir_str zone, int64_t duration)
{
    if (!weir_zone_check(zone.p, zone.n))
        return;
    int64_t month = weir_month(w, time, zone), day = weir_day(w, time, zone), weekday = weir_weekday(w, time, zone);
    must(!w->bad && month >= 1 && month <= 12 && day >= 1 && day <= 31 && weekday >= 1 && weekday <= 7);
    int64_t cut = weir_truncate(w, time, duration, zone);
    must(w->bad || cut <= time);
    w->bad = NULL;
}

static void tz_file(const uint8_t *data, size_t size)
{
    struct tzif *t = tzif_parse((const char *)data, size);
    static const int64_t times[] = {INT64_MIN / 1000, -3000000000, 0, 1714557600, 4102444800, INT64_MAX / 1000};
    for (int i = 0; t && i < 6; i++) {
        const char *name;
        tzif_offset(t, times[i], &name);
        must(strlen(name) < 1 << 20);
    }
    tzif_free(t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!w->block)
        weir_ctx_init(w);
    if (size >= 4 && memcmp(data, "TZif", 4) == 0) {
        tz_file(data, size);
        return 0;
    }
    if (size < 16)
        return 0;
    int64_t time, duration;
    memcpy(&time, data, 8);
    memcpy(&duration, data + 8, 8);
    const uint8_t *p = data + 16, *end = data + size;
    struct weir_str pattern = part(&p, end), text = part(&p, end), zone = part(&p, end);
    char rule[100];
    struct tz_rule parsed;
    snprintf(rule, sizeof rule, "%.*s", (int)zone.n, zone.p);
    if (tz_rule_parse(rule, &parsed))
        tz_rule_offset(&parsed, time / 1000, NULL);
    iso(text);
    patterns(time, pattern, weir_zone_check(zone.p, zone.n) ? zone : WEIR_STR("Europe/Paris"), text);
    zones(time, zone, duration);
    zones(time, WEIR_STR("America/New_York"), duration);
    weir_ctx_reset(w);
    return 0;
}
