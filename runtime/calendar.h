// The proleptic Gregorian calendar, for every int64 of milliseconds (years -292275055 to 292278994).
#ifndef WEIR_RT_CALENDAR_H
#define WEIR_RT_CALENDAR_H

#include "weir_value.h"

enum { MS_PER_SECOND = 1000, MS_PER_HOUR = 3600000, MS_PER_DAY = 86400000 };

struct civil {
    int64_t year;   // astronomical: 0 is 1 BC
    int month, day; // from 1
    int hour, minute, second, milli;
    int weekday; // 1 Monday .. 7 Sunday
};

// Division that rounds down, and its remainder, for a positive D.
static inline int64_t floor_div(int64_t v, int64_t d)
{
    return v / d - (v % d < 0);
}

static inline int64_t floor_mod(int64_t v, int64_t d)
{
    return v % d + (v % d < 0 ? d : 0);
}

static inline bool is_leap_year(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int days_in_month(int64_t year, int month);
int day_of_year(const struct civil *c); // from 1

// Days since 1970-01-01.
int64_t civil_days(int64_t year, int month, int day);
void civil_from_days(int64_t days, struct civil *c); // the date and the weekday; leaves the time
void civil_from_millis(int64_t ms, struct civil *c);
// False if the time is outside of int64.
bool civil_millis(const struct civil *c, int64_t *ms);

#endif
