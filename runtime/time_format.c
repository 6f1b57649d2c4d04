#include "number_text.h"
#include "time_pattern.h"

static void put_char(struct weir_buf *b, char c)
{
    weir_put(b, &c, 1);
}

// V, not negative, with at least WIDTH digits.
static void put_number(struct weir_buf *b, uint64_t v, int width)
{
    char digits[NUMBER_ROOM];
    int n = (int)number_put_u64(digits, v);
    for (; n < width; width--)
        put_char(b, '0');
    weir_put(b, digits, (size_t)n);
}

static void put_year(struct weir_buf *b, int64_t year, int count)
{
    uint64_t v = year < 0 ? -(uint64_t)year : (uint64_t)year;
    if (count == 2) {
        put_number(b, v % 100, 2);
        return;
    }
    if (year < 0)
        put_char(b, '-');
    else if (count >= 4 && v >= (uint64_t)weir_pow10[count])
        put_char(b, '+'); // Java's SignStyle.EXCEEDS_PAD
    put_number(b, v, count);
}

static void put_name(struct weir_buf *b, const char *name, int count)
{
    weir_put(b, name, count == 4 ? strlen(name) : count == 5 ? 1 : TIME_SHORT);
}

static void put_offset_digits(struct weir_buf *b, int32_t offset, bool colons, bool seconds)
{
    uint32_t v = (uint32_t)(offset < 0 ? -offset : offset);
    put_char(b, offset < 0 ? '-' : '+');
    put_number(b, v / 3600, 2);
    if (colons)
        put_char(b, ':');
    put_number(b, v / 60 % 60, 2);
    if (seconds && v % 60) {
        if (colons)
            put_char(b, ':');
        put_number(b, v % 60, 2);
    }
}

// X and x: +HH[mm], +HHMM, +HH:MM, +HHMM[ss], +HH:MM[:ss].
static void put_offset(struct weir_buf *b, int32_t offset, char letter, int count)
{
    if (offset == 0 && letter == 'X') {
        put_char(b, 'Z');
    } else if (count == 1 && offset / 60 % 60 == 0) {
        put_char(b, offset < 0 ? '-' : '+');
        put_number(b, (uint64_t)(offset < 0 ? -offset : offset) / 3600, 2);
    } else {
        put_offset_digits(b, offset, count == 3 || count == 5, count >= 4);
    }
}

// O: GMT+8 or GMT+8:30; OOOO: GMT+08:00.
static void put_localized_offset(struct weir_buf *b, int32_t offset, int count)
{
    uint32_t v = (uint32_t)(offset < 0 ? -offset : offset);
    weir_put_text(b, "GMT");
    if (offset == 0)
        return;
    if (count == 4) {
        put_offset_digits(b, offset, true, true);
        return;
    }
    put_char(b, offset < 0 ? '-' : '+');
    put_number(b, v / 3600, 1);
    if (v % 3600) {
        put_char(b, ':');
        put_number(b, v / 60 % 60, 2);
    }
    if (v % 60) {
        put_char(b, ':');
        put_number(b, v % 60, 2);
    }
}

static void put_zone_offset(struct weir_buf *b, int32_t offset, int count)
{
    if (count == 4)
        put_localized_offset(b, offset, 4);
    else if (count == 5)
        put_offset(b, offset, 'X', 5);
    else
        put_offset_digits(b, offset, false, false);
}

static void put_abbreviation(struct weir_buf *b, const struct time_fields *f)
{
    if (*f->abbreviation)
        weir_put_text(b, f->abbreviation);
    else if (f->offset == 0)
        weir_put_text(b, "UTC");
    else
        put_offset_digits(b, f->offset, true, true);
}

// The first COUNT of nine digits.
static void put_fraction(struct weir_buf *b, int milli, int count)
{
    char digits[9] = {(char)('0' + milli / 100),
                      (char)('0' + milli / 10 % 10),
                      (char)('0' + milli % 10),
                      '0',
                      '0',
                      '0',
                      '0',
                      '0',
                      '0'};
    weir_put(b, digits, (size_t)count);
}

static void put_field(struct weir_buf *b, const struct time_fields *f, char letter, int count)
{
    const struct civil *c = &f->civil;
    switch (letter) {
    case 'y': put_year(b, c->year > 0 ? c->year : 1 - c->year, count); break;
    case 'u': put_year(b, c->year, count); break;
    case 'M':
    case 'L':
        if (count > 2)
            put_name(b, time_months[c->month - 1], count);
        else
            put_number(b, (uint64_t)c->month, count);
        break;
    case 'E': put_name(b, time_weekdays[c->weekday - 1], count); break;
    case 'd': put_number(b, (uint64_t)c->day, count); break;
    case 'D': put_number(b, (uint64_t)day_of_year(c), count); break;
    case 'e': put_number(b, (uint64_t)c->weekday, count); break;
    case 'a': weir_put_text(b, c->hour < 12 ? "AM" : "PM"); break;
    case 'h': put_number(b, (uint64_t)(c->hour + 11) % 12 + 1, count); break;
    case 'K': put_number(b, (uint64_t)c->hour % 12, count); break;
    case 'H': put_number(b, (uint64_t)c->hour, count); break;
    case 'k': put_number(b, (uint64_t)(c->hour + 23) % 24 + 1, count); break;
    case 'm': put_number(b, (uint64_t)c->minute, count); break;
    case 's': put_number(b, (uint64_t)c->second, count); break;
    case 'S': put_fraction(b, c->milli, count); break;
    case 'n': put_number(b, (uint64_t)c->milli * 1000000, count); break;
    case 'V': weir_put(b, f->zone.p, f->zone.n); break;
    case 'z': put_abbreviation(b, f); break;
    case 'X':
    case 'x': put_offset(b, f->offset, letter, count); break;
    case 'Z': put_zone_offset(b, f->offset, count); break;
    case 'O': put_localized_offset(b, f->offset, count); break;
    }
}

void time_format(struct weir_buf *b, struct weir_str pattern, const struct time_fields *fields)
{
    const char *begin = pattern.n ? pattern.p : "";
    struct time_pattern t = {begin, begin + pattern.n, false};
    for (;;) {
        struct time_item item = time_pattern_next(&t);
        if (item.kind == TIME_END)
            return;
        if (item.kind == TIME_FIELD)
            put_field(b, fields, item.letter, item.count);
        else if (item.kind == TIME_TEXT)
            weir_put(b, item.text.p, item.text.n); // brackets: all that is optional is there
    }
}
