// The TZ variable of POSIX (Base Definitions, 8.3), which ends a TZif file.
#include "calendar.h"
#include "tzif.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// "CET" or "<+0330>".
static const char *parse_name(const char *p, char *name, size_t size)
{
    bool quoted = *p == '<';
    p += quoted;
    size_t n = 0;
    while (quoted ? *p && *p != '>' : is_letter(*p)) {
        if (n + 1 == size)
            return NULL;
        name[n++] = *p++;
    }
    name[n] = 0;
    if (n < 3 || (quoted && *p != '>'))
        return NULL;
    return p + quoted;
}

static const char *parse_number(const char *p, int low, int high, int *v)
{
    if (!is_digit(*p))
        return NULL;
    for (*v = 0; is_digit(*p) && *v <= high; p++)
        *v = *v * 10 + (*p - '0');
    return *v >= low && *v <= high ? p : NULL;
}

// [+-]HH[:MM[:SS]]
static const char *parse_time(const char *p, int32_t *seconds)
{
    int sign = *p == '-' ? -1 : 1, hours = 0, minutes = 0, rest = 0;
    if (*p == '-' || *p == '+')
        p++;
    p = parse_number(p, 0, 167, &hours);
    if (p && *p == ':')
        p = parse_number(p + 1, 0, 59, &minutes);
    if (p && *p == ':')
        p = parse_number(p + 1, 0, 59, &rest);
    *seconds = sign * (hours * 3600 + minutes * 60 + rest);
    return p;
}

static const char *parse_date(const char *p, struct tz_date *d)
{
    *d = (struct tz_date){.time = 2 * 3600};
    if (*p == 'M') {
        d->kind = TZ_MONTH_WEEK_DAY;
        p = parse_number(p + 1, 1, 12, &d->month);
        p = p && *p == '.' ? parse_number(p + 1, 1, 5, &d->week) : NULL;
        p = p && *p == '.' ? parse_number(p + 1, 0, 6, &d->day) : NULL;
    } else if (*p == 'J') {
        d->kind = TZ_JULIAN;
        p = parse_number(p + 1, 1, 365, &d->day);
    } else {
        d->kind = TZ_DAY;
        p = parse_number(p, 0, 365, &d->day);
    }
    return p && *p == '/' ? parse_time(p + 1, &d->time) : p;
}

bool tz_rule_parse(const char *p, struct tz_rule *rule)
{
    int32_t west;
    *rule = (struct tz_rule){0};
    p = parse_name(p, rule->standard_name, sizeof rule->standard_name);
    if (!p || !(p = parse_time(p, &west)))
        return false;
    rule->standard = -west;
    if (!*p)
        return true;
    p = parse_name(p, rule->summer_name, sizeof rule->summer_name);
    if (!p)
        return false;
    rule->has_summer = true;
    rule->summer = rule->standard + 3600;
    if (*p != ',') {
        if (!(p = parse_time(p, &west)))
            return false;
        rule->summer = -west;
    }
    if (*p != ',' || !(p = parse_date(p + 1, &rule->begin)) || *p != ',' || !(p = parse_date(p + 1, &rule->end)))
        return false;
    return !*p;
}

// The local time of D in YEAR, in seconds since 1970.
static int64_t date_seconds(const struct tz_date *d, int64_t year)
{
    int64_t day;
    if (d->kind == TZ_MONTH_WEEK_DAY) {
        int64_t first = civil_days(year, d->month, 1);
        int weekday = (int)floor_mod(first + 4, 7); // 0 Sunday
        int in_month = (d->day - weekday + 7) % 7 + (d->week - 1) * 7;
        if (in_month >= days_in_month(year, d->month))
            in_month -= 7; // the fifth is the last
        day = first + in_month;
    } else {
        day = civil_days(year, 1, 1) + d->day;
        if (d->kind == TZ_JULIAN)
            day += -1 + (is_leap_year(year) && d->day >= 60);
    }
    return day * 86400 + d->time;
}

int32_t tz_rule_offset(const struct tz_rule *rule, int64_t seconds, const char **abbreviation)
{
    bool summer = false;
    if (rule->has_summer) {
        struct civil c;
        civil_from_days(floor_div(seconds + rule->standard, 86400), &c);
        int64_t begin = date_seconds(&rule->begin, c.year) - rule->standard,
                end = date_seconds(&rule->end, c.year) - rule->summer;
        // south of the equator
        summer = begin < end ? seconds >= begin && seconds < end : seconds >= begin || seconds < end;
    }
    if (abbreviation)
        *abbreviation = summer ? rule->summer_name : rule->standard_name;
    return summer ? rule->summer : rule->standard;
}
