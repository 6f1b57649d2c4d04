#include "iso_time.h"

#include "calendar.h"
#include "number_text.h"

// ---- writing ----

static char *put2(char *p, int v)
{
    *p++ = (char)('0' + v / 10);
    *p++ = (char)('0' + v % 10);
    return p;
}

static char *put_year(char *p, int64_t year)
{
    uint64_t v = year < 0 ? -(uint64_t)year : (uint64_t)year;
    if (year < 0 || year > 9999)
        *p++ = year < 0 ? '-' : '+';
    if (v > 9999)
        return p + number_put_u64(p, v);
    return put2(put2(p, (int)v / 100), (int)v % 100);
}

static char *put_date(char *p, const struct civil *c)
{
    p = put_year(p, c->year);
    *p++ = '-';
    p = put2(p, c->month);
    *p++ = '-';
    return put2(p, c->day);
}

size_t iso_put_timestamp(char *out, int64_t ms)
{
    struct civil c;
    civil_from_millis(ms, &c);
    char *p = put_date(out, &c);
    *p++ = 'T';
    p = put2(p, c.hour);
    *p++ = ':';
    p = put2(p, c.minute);
    *p++ = ':';
    p = put2(p, c.second);
    if (c.milli) {
        *p++ = '.';
        *p++ = (char)('0' + c.milli / 100);
        p = put2(p, c.milli % 100);
    }
    *p++ = 'Z';
    return (size_t)(p - out);
}

size_t iso_put_date(char *out, int32_t days)
{
    struct civil c;
    civil_from_days(days, &c);
    return (size_t)(put_date(out, &c) - out);
}

// ---- reading ----

struct scan {
    const char *p, *end;
};

static bool take(struct scan *s, char c)
{
    bool found = s->p < s->end && *s->p == c;
    s->p += found;
    return found;
}

// N digits of a number from LOW to HIGH.
static bool take_digits(struct scan *s, int n, int low, int high, int *v)
{
    if (s->end - s->p < n)
        return false;
    *v = 0;
    for (int i = 0; i < n; i++) {
        char c = *s->p++;
        if (c < '0' || c > '9')
            return false;
        *v = *v * 10 + (c - '0');
    }
    return *v >= low && *v <= high;
}

// Four digits, or a sign and four to nine.
static bool take_year(struct scan *s, int64_t *year)
{
    bool negative = s->p < s->end && *s->p == '-';
    bool sign = negative || (s->p < s->end && *s->p == '+');
    s->p += sign;
    int digits = 0, v;
    while (digits < 9 && s->p + digits < s->end && s->p[digits] >= '0' && s->p[digits] <= '9')
        digits++;
    if (digits < 4 || (!sign && digits > 4) || !take_digits(s, digits, 0, 999999999, &v))
        return false;
    *year = negative ? -v : v;
    return !(negative && v == 0);
}

static bool take_date(struct scan *s, struct civil *c)
{
    return take_year(s, &c->year) && take(s, '-') && take_digits(s, 2, 1, 12, &c->month) && take(s, '-') &&
           take_digits(s, 2, 1, 31, &c->day) && c->day <= days_in_month(c->year, c->month);
}

static bool take_fraction(struct scan *s, int *milli)
{
    int digits = 0, v = 0;
    for (; s->p < s->end && *s->p >= '0' && *s->p <= '9'; s->p++) {
        if (digits++ < 3)
            v = v * 10 + (*s->p - '0');
    }
    for (int i = digits; i < 3; i++)
        v *= 10;
    *milli = v;
    return digits > 0 && digits <= 9;
}

static bool take_time(struct scan *s, struct civil *c)
{
    c->second = c->milli = 0;
    if (!take_digits(s, 2, 0, 23, &c->hour) || !take(s, ':') || !take_digits(s, 2, 0, 59, &c->minute))
        return false;
    if (!take(s, ':'))
        return true;
    if (!take_digits(s, 2, 0, 59, &c->second))
        return false;
    return take(s, '.') || take(s, ',') ? take_fraction(s, &c->milli) : true;
}

static bool take_offset(struct scan *s, int *minutes)
{
    *minutes = 0;
    if (s->p == s->end || take(s, 'Z') || take(s, 'z'))
        return true;
    bool negative = *s->p == '-';
    int hour, minute = 0;
    if (!take(s, '+') && !take(s, '-'))
        return false;
    if (!take_digits(s, 2, 0, 18, &hour))
        return false;
    if (s->p < s->end) {
        take(s, ':');
        if (!take_digits(s, 2, 0, 59, &minute))
            return false;
    }
    *minutes = (negative ? -1 : 1) * (hour * 60 + minute);
    return true;
}

bool iso_parse_timestamp(struct weir_str text, int64_t *ms)
{
    struct scan s = {text.p, text.p + text.n};
    struct civil c;
    int offset;
    *ms = 0;
    if (!take_date(&s, &c) || !(take(&s, 'T') || take(&s, 't') || take(&s, ' ')) || !take_time(&s, &c) ||
        !take_offset(&s, &offset))
        return false;
    return s.p == s.end && civil_millis(&c, ms) && !__builtin_sub_overflow(*ms, offset * INT64_C(60000), ms);
}

bool iso_parse_date(struct weir_str text, int32_t *days)
{
    struct scan s = {text.p, text.p + text.n};
    struct civil c;
    *days = 0;
    if (!take_date(&s, &c) || s.p != s.end)
        return false;
    int64_t v = civil_days(c.year, c.month, c.day);
    *days = (int32_t)v;
    return v == *days;
}
