// Texts are taken as java.time's strict parsing takes them: names in their case, no spaces that the pattern has not. A day that its month does not
// have is wrong, where Java's resolver would move it.
#include "text.h"
#include "time_pattern.h"

struct parse {
    const char *p, *end;
    // What was read; -1: nothing.
    int month, day, day_of_year, weekday, half, hour, half_hour, minute, second, milli;
    int64_t year;
    bool has_offset, has_zone;
    int32_t offset;
    struct zone zone;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool take_char(struct parse *s, char c)
{
    bool found = s->p < s->end && *s->p == c;
    s->p += found;
    return found;
}

// LEAST to MOST digits, as many as there are.
static bool take_number(struct parse *s, int least, int most, int64_t *v)
{
    int n = 0;
    for (*v = 0; n < most && s->p < s->end && is_digit(*s->p); n++)
        *v = *v * 10 + (*s->p++ - '0');
    return n >= least;
}

static bool take_int(struct parse *s, int least, int most, int low, int high, int *v)
{
    int64_t n;
    bool ok = take_number(s, least, most, &n);
    *v = (int)n;
    return ok && n >= low && n <= high;
}

// A number of the letter's COUNT digits; a single letter takes as many as there are, without RESERVED ones of the fields behind it.
static bool take_field(struct parse *s, int count, int most, int reserved, int low, int high, int *v)
{
    if (count > 1 && count == most)
        return take_int(s, count, count, low, high, v);
    int digits = 0;
    while (s->p + digits < s->end && is_digit(s->p[digits]))
        digits++;
    digits -= reserved;
    if (digits > most)
        digits = most;
    return digits >= count && take_int(s, count, digits, low, high, v);
}

static bool take_name(struct parse *s, const char *const *names, int names_count, bool whole, int *v)
{
    for (int i = 0; i < names_count; i++) {
        size_t n = whole ? strlen(names[i]) : TIME_SHORT;
        if ((size_t)(s->end - s->p) >= n && memcmp(s->p, names[i], n) == 0) {
            s->p += n;
            *v = i + 1;
            return true;
        }
    }
    return false;
}

static bool take_year(struct parse *s, char letter, int count, int reserved)
{
    if (count == 2) {
        bool ok = take_number(s, 2, 2, &s->year);
        s->year += 2000;
        return ok;
    }
    bool negative = s->p < s->end && *s->p == '-', sign = negative || (count >= 4 && s->p < s->end && *s->p == '+');
    s->p += sign;
    int digits = 0;
    while (s->p + digits < s->end && is_digit(s->p[digits]))
        digits++;
    digits -= reserved;
    if (!sign && count >= 4 && digits > count)
        digits = count;
    if (digits < count || digits > 9 || !take_number(s, digits, digits, &s->year))
        return false;
    if (negative)
        s->year = -s->year;
    return letter == 'u' || s->year > 0; // years of the era begin with 1
}

static bool take_fraction(struct parse *s, int count)
{
    int v = 0;
    for (int i = 0; i < count; i++) {
        if (s->p == s->end || !is_digit(*s->p))
            return false;
        if (i < 3)
            v = v * 10 + (*s->p - '0');
        s->p++;
    }
    for (int i = count; i < 3; i++)
        v *= 10;
    s->milli = v;
    return true;
}

static bool set_offset(struct parse *s, int32_t offset)
{
    s->has_offset = true;
    s->offset = offset;
    return true;
}

// The rest of an offset, from its sign on: HH, and then as the form has it.
static bool take_offset_digits(struct parse *s, int least_hours, bool colons, bool minutes_wanted, bool seconds_allowed)
{
    int sign = s->p < s->end && *s->p == '-' ? -1 : 1, hours, minutes = 0, seconds = 0;
    if (!take_char(s, '+') && !take_char(s, '-'))
        return false;
    if (!take_int(s, least_hours, 2, 0, 18, &hours))
        return false;
    bool more = s->p < s->end && (colons ? *s->p == ':' : is_digit(*s->p));
    if (more) {
        s->p += colons;
        if (!take_int(s, 2, 2, 0, 59, &minutes))
            return false;
    } else if (minutes_wanted) {
        return false;
    }
    if (more && seconds_allowed && s->p < s->end && (colons ? *s->p == ':' : is_digit(*s->p))) {
        s->p += colons;
        if (!take_int(s, 2, 2, 0, 59, &seconds))
            return false;
    }
    int32_t total = hours * 3600 + minutes * 60 + seconds;
    return total <= 18 * 3600 && set_offset(s, sign * total);
}

static bool take_offset(struct parse *s, char letter, int count)
{
    if (letter == 'X' && take_char(s, 'Z'))
        return set_offset(s, 0);
    return take_offset_digits(s, 2, count == 3 || count == 5, count > 1, count >= 4);
}

static bool take_localized_offset(struct parse *s, int count)
{
    if (s->end - s->p < 3 || memcmp(s->p, "GMT", 3) != 0)
        return false;
    s->p += 3;
    if (s->p == s->end || (*s->p != '+' && *s->p != '-'))
        return set_offset(s, 0);
    return take_offset_digits(s, count == 4 ? 2 : 1, true, count == 4, true);
}

static bool take_zone_offset(struct parse *s, int count)
{
    if (count == 4)
        return take_localized_offset(s, 4);
    return count == 5 ? take_offset(s, 'X', 5) : take_offset_digits(s, 2, false, true, false);
}

// The longest run of characters that names a zone; some of its end may belong to the pattern.
static bool take_zone(struct parse *s)
{
    const char *stop = s->p;
    while (stop < s->end &&
           (is_digit(*stop) || ((*stop | 0x20) >= 'a' && (*stop | 0x20) <= 'z') || memchr("/_+-:", *stop, 5)))
        stop++;
    for (; stop > s->p; stop--) {
        if (zone_find((struct weir_str){s->p, (size_t)(stop - s->p)}, &s->zone)) {
            s->p = stop;
            s->has_zone = true;
            return true;
        }
    }
    return false;
}

static bool take_half(struct parse *s)
{
    s->half = s->p < s->end && *s->p == 'P';
    return (take_char(s, 'A') || take_char(s, 'P')) && take_char(s, 'M');
}

static bool take_item(struct parse *s, const struct time_item *item, int reserved)
{
    int count = item->count, v;
    bool ok;
    switch (item->letter) {
    case 'y':
    case 'u': return take_year(s, item->letter, count, reserved);
    case 'M':
    case 'L':
        return count > 2 ? count < 5 && take_name(s, time_months, 12, count == 4, &s->month)
                         : take_field(s, count, 2, reserved, 1, 12, &s->month);
    case 'E': return count < 5 && take_name(s, time_weekdays, 7, count == 4, &s->weekday);
    case 'd': return take_field(s, count, 2, reserved, 1, 31, &s->day);
    case 'D': return take_field(s, count, 3, reserved, 1, 366, &s->day_of_year);
    case 'e': return take_field(s, count, 2, reserved, 1, 7, &s->weekday);
    case 'a': return take_half(s);
    case 'h':
        ok = take_field(s, count, 2, reserved, 1, 12, &v);
        s->half_hour = v % 12;
        return ok;
    case 'K': return take_field(s, count, 2, reserved, 0, 11, &s->half_hour);
    case 'H': return take_field(s, count, 2, reserved, 0, 23, &s->hour);
    case 'k':
        ok = take_field(s, count, 2, reserved, 1, 24, &v);
        s->hour = v % 24;
        return ok;
    case 'm': return take_field(s, count, 2, reserved, 0, 59, &s->minute);
    case 's': return take_field(s, count, 2, reserved, 0, 59, &s->second);
    case 'S': return take_fraction(s, count);
    case 'n':
        ok = take_field(s, count, 9, reserved, 0, 999999999, &v);
        s->milli = v / 1000000;
        return ok;
    case 'V':
    case 'z': return take_zone(s);
    case 'X':
    case 'x': return take_offset(s, item->letter, count);
    case 'Z': return take_zone_offset(s, count);
    default: return take_localized_offset(s, count);
    }
}

// The digits that fields of fixed width right behind this one need.
static int digits_behind(struct time_pattern t)
{
    int n = 0;
    for (struct time_item item = time_pattern_next(&t); time_item_is_fixed(&item); item = time_pattern_next(&t))
        n += item.count;
    return n;
}

// Past the ] of the section that T is in.
static void leave_section(struct time_pattern *t)
{
    for (int depth = 1; depth > 0;) {
        struct time_item item = time_pattern_next(t);
        if (item.kind == TIME_END)
            return;
        depth += (item.kind == TIME_OPEN) - (item.kind == TIME_CLOSE);
    }
}

// Up to the end of the section or pattern; T is behind it on success.
static bool parse_section(struct parse *s, struct time_pattern *t)
{
    for (;;) {
        struct time_item item = time_pattern_next(t);
        if (item.kind == TIME_END || item.kind == TIME_CLOSE)
            return true;
        if (item.kind == TIME_OPEN) {
            struct parse saved = *s;
            struct time_pattern section = *t;
            if (!parse_section(s, &section))
                *s = saved;
            leave_section(t);
        } else if (item.kind == TIME_FIELD) {
            if (!take_item(s, &item, digits_behind(*t)))
                return false;
        } else {
            if ((size_t)(s->end - s->p) < item.text.n || memcmp(s->p, item.text.p, item.text.n) != 0)
                return false;
            s->p += item.text.n;
        }
    }
}

static bool resolve_date(const struct parse *s, struct civil *c)
{
    c->year = s->year == INT64_MIN ? 1970 : s->year;
    c->month = s->month < 0 ? 1 : s->month;
    c->day = s->day < 0 ? 1 : s->day;
    if (s->day_of_year > 0) {
        if (s->day_of_year > 365 + is_leap_year(c->year))
            return false;
        struct civil given;
        civil_from_days(civil_days(c->year, 1, 1) + s->day_of_year - 1, &given);
        if ((s->month > 0 && s->month != given.month) || (s->day > 0 && s->day != given.day))
            return false;
        c->month = given.month;
        c->day = given.day;
    }
    if (c->day > days_in_month(c->year, c->month))
        return false;
    struct civil same;
    civil_from_days(civil_days(c->year, c->month, c->day), &same);
    return s->weekday < 0 || s->weekday == same.weekday;
}

static bool resolve_time(const struct parse *s, struct civil *c)
{
    c->hour = s->hour < 0 ? 0 : s->hour;
    c->minute = s->minute < 0 ? 0 : s->minute;
    c->second = s->second < 0 ? 0 : s->second;
    c->milli = s->milli < 0 ? 0 : s->milli;
    if (s->half_hour < 0)
        return s->half < 0 || s->hour < 0 || s->half == (s->hour >= 12);
    int hour = s->half_hour + (s->half > 0 ? 12 : 0);
    if (s->hour >= 0 && s->hour != hour)
        return false;
    c->hour = hour;
    return true;
}

bool time_parse(struct weir_str text, struct weir_str pattern, const struct zone *zone, int64_t *ms)
{
    const char *p = text.n ? text.p : "", *q = pattern.n ? pattern.p : "";
    struct parse s = {.p = p,
                      .end = p + text.n,
                      .month = -1,
                      .day = -1,
                      .day_of_year = -1,
                      .weekday = -1,
                      .half = -1,
                      .hour = -1,
                      .half_hour = -1,
                      .minute = -1,
                      .second = -1,
                      .milli = -1,
                      .year = INT64_MIN};
    struct time_pattern t = {q, q + pattern.n, false};
    struct civil c;
    *ms = 0;
    if (!parse_section(&s, &t) || s.p != s.end || !resolve_date(&s, &c) || !resolve_time(&s, &c))
        return false;
    struct zone fixed = {.offset = s.offset};
    return zone_millis(s.has_offset ? &fixed : s.has_zone ? &s.zone : zone, &c, ms);
}
