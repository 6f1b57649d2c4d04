#include "syntax/literals.h"

#include <string.h>

#include "base/utf8.h"

static void fail(struct literal_error *error, const char *why, const char *help, size_t at, size_t len)
{
    if (!error->why)
        *error = (struct literal_error){why, help, at, len};
}

// ---- strings ----

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

// The four digits of \uXXXX at TEXT, or -1.
static int32_t hex_unit(const char *text, size_t len)
{
    int32_t value = 0;
    if (len < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        int digit = hex_digit(text[i]);
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

// TEXT begins behind `\u`. Returns how many bytes were taken from it, and writes the character.
static size_t decode_unicode(const char *text, size_t len, char **out, struct literal_error *error, size_t at)
{
    int32_t unit = hex_unit(text, len);
    if (unit < 0) {
        fail(error, "`\\u` needs four hexadecimal digits", NULL, at, 2);
        return 0;
    }
    size_t taken = 4;
    uint32_t code = (uint32_t)unit;
    if (unit >= 0xD800 && unit <= 0xDBFF && len >= 10 && text[4] == '\\' && text[5] == 'u') {
        int32_t low = hex_unit(text + 6, len - 6);
        if (low >= 0xDC00 && low <= 0xDFFF) {
            code = 0x10000 + (((uint32_t)unit - 0xD800) << 10) + ((uint32_t)low - 0xDC00);
            taken = 10;
        }
    }
    if (taken == 4 && unit >= 0xD800 && unit <= 0xDFFF) {
        fail(error, "half of a surrogate pair is no character",
             "write the character itself, or both halves: `\\ud83d\\ude00`", at, 6);
        return taken;
    }
    *out += utf8_encode(code, *out);
    return taken;
}

static char simple_escape(char c)
{
    switch (c) {
    case '"': return '"';
    case '\\': return '\\';
    case '/': return '/';
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return 0;
    }
}

const char *literal_string(struct arena *a, const char *text, size_t len, uint32_t *decoded_len,
                           struct literal_error *error)
{
    char *decoded = arena_alloc(a, len + 1); // an escape is never shorter than what it stands for
    char *out = decoded;
    for (size_t i = 0; i < len;) {
        if (text[i] != '\\') {
            *out++ = text[i++];
        } else if (i + 1 < len && text[i + 1] == 'u') {
            i += 2 + decode_unicode(text + i + 2, len - i - 2, &out, error, i);
        } else if (i + 1 < len && simple_escape(text[i + 1])) {
            *out++ = simple_escape(text[i + 1]);
            i += 2;
        } else {
            fail(
                error, "no such escape in a string",
                "the escapes are \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u with four digits; write a backslash as \\\\",
                i, 2);
            i++;
        }
    }
    *decoded_len = (uint32_t)(out - decoded);
    return decoded;
}

// ---- durations and sizes ----

struct unit {
    const char *name;
    int64_t factor;
};

static int64_t with_unit(const char *text, size_t len, const struct unit *units, struct literal_error *error,
                         const char *too_large)
{
    size_t digits = strspn(text, "0123456789");
    int64_t value = 0, factor = 1;
    for (const struct unit *u = units; u->name; u++)
        if (strlen(u->name) == len - digits && memcmp(u->name, text + digits, len - digits) == 0)
            factor = u->factor;
    for (size_t i = 0; i < digits; i++)
        if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, text[i] - '0', &value))
            factor = 0;
    if (factor == 0 || __builtin_mul_overflow(value, factor, &value)) {
        fail(error, too_large, NULL, 0, len);
        return 1;
    }
    return value;
}

int64_t literal_duration(const char *text, size_t len, struct literal_error *error)
{
    static const struct unit units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}, {0}};
    return with_unit(text, len, units, error, "this duration is too long");
}

int64_t literal_size(const char *text, size_t len, struct literal_error *error)
{
    static const struct unit units[] = {{"KB", 1 << 10}, {"MB", 1 << 20}, {"GB", 1 << 30}, {0}};
    return with_unit(text, len, units, error, "this size is too large");
}

// ---- timestamps ----

static int number_at(const char *text, size_t at, size_t digits)
{
    int value = 0;
    for (size_t i = 0; i < digits; i++)
        value = value * 10 + (text[at + i] - '0');
    return value;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

// Days since 1970-01-01 in the proleptic Gregorian calendar, counted in years that begin in March.
static int64_t days_from_civil(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

static int64_t fraction_ms(const char *text, size_t len, size_t *at, struct literal_error *error)
{
    int64_t ms = 0, scale = 100;
    if (*at >= len || text[*at] != '.')
        return 0;
    size_t from = *at;
    for ((*at)++; *at < len && text[*at] >= '0' && text[*at] <= '9'; (*at)++) {
        if (scale == 0 && text[*at] != '0')
            fail(error, "timestamps are kept in milliseconds: at most three digits after the point", NULL, from,
                 *at + 1 - from);
        ms += (text[*at] - '0') * scale;
        scale /= 10;
    }
    return ms;
}

static int64_t offset_ms(const char *text, size_t len, size_t at, struct literal_error *error)
{
    if (at >= len || text[at] == 'Z')
        return 0;
    int hours = number_at(text, at + 1, 2), minutes = number_at(text, text[at + 3] == ':' ? at + 4 : at + 3, 2);
    if (hours > 18 || minutes > 59)
        fail(error, "there is no such offset from UTC", NULL, at, len - at);
    int64_t ms = (hours * 60 + minutes) * (int64_t)60000;
    return text[at] == '-' ? -ms : ms;
}

int64_t literal_timestamp(const char *text, size_t len, struct literal_error *error)
{
    int year = number_at(text, 0, 4), month = number_at(text, 5, 2), day = number_at(text, 8, 2);
    int hour = number_at(text, 11, 2), minute = number_at(text, 14, 2), second = number_at(text, 17, 2);
    if (month < 1 || month > 12)
        fail(error, "there is no such month", NULL, 5, 2);
    else if (day < 1 || day > days_in_month(year, month))
        fail(error, "that month has no such day", NULL, 8, 2);
    if (hour > 23 || minute > 59 || second > 59)
        fail(error, "there is no such time of day", NULL, 11, 8);
    if (error->why)
        return 0;
    size_t at = 19;
    int64_t fraction = fraction_ms(text, len, &at, error);
    int64_t seconds = days_from_civil(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
    return seconds * 1000 + fraction - offset_ms(text, len, at, error);
}
