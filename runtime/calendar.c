#include "calendar.h"

int days_in_month(int64_t year, int month)
{
    static const char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && is_leap_year(year));
}

int day_of_year(const struct civil *c)
{
    static const short before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    return before[c->month - 1] + c->day + (c->month > 2 && is_leap_year(c->year));
}

// Both directions count years from March, so that the leap day is a year's last: Howard Hinnant, "chrono-compatible low-level date algorithms".
int64_t civil_days(int64_t year, int month, int day)
{
    int64_t y = year - (month <= 2);
    int64_t era = floor_div(y, 400), year_of_era = y - era * 400;
    int64_t day_of_march_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_march_year - 719468;
}

void civil_from_days(int64_t days, struct civil *c)
{
    c->weekday = (int)floor_mod(days + 3, 7) + 1;
    int64_t z = days + 719468, era = floor_div(z, 146097), day_of_era = z - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_march_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month_from_march = (5 * day_of_march_year + 2) / 153;
    c->day = (int)(day_of_march_year - (153 * month_from_march + 2) / 5 + 1);
    c->month = (int)(month_from_march + (month_from_march < 10 ? 3 : -9));
    c->year = year_of_era + era * 400 + (c->month <= 2);
}

void civil_from_millis(int64_t ms, struct civil *c)
{
    civil_from_days(floor_div(ms, MS_PER_DAY), c);
    int rest = (int)floor_mod(ms, MS_PER_DAY);
    c->milli = rest % 1000;
    c->second = rest / 1000 % 60;
    c->minute = rest / 60000 % 60;
    c->hour = rest / MS_PER_HOUR;
}

bool civil_millis(const struct civil *c, int64_t *ms)
{
    int64_t days, time = ((c->hour * 60 + c->minute) * 60 + c->second) * INT64_C(1000) + c->milli;
    if (c->year > 300000000 || c->year < -300000000)
        return false;
    days = civil_days(c->year, c->month, c->day);
    if (days < 0) { // the first day of int64 is not a whole one: its midnight does not fit
        days++;
        time -= MS_PER_DAY;
    }
    return !__builtin_mul_overflow(days, MS_PER_DAY, ms) && !__builtin_add_overflow(*ms, time, ms);
}
