// Patterns of java.time.format.DateTimeFormatter, with English names:
//
//   y year of era   u year          M L month       d day       D day of year   E weekday     e weekday as a number, 1 Monday
//   a AM or PM      h 1-12          K 0-11          H 0-23      k 1-24          m minute      s second
//   S fraction      n nanosecond    VV zone         z zone's abbreviation       X x Z O offset
//   'text' '' [optional]
#ifndef WEIR_RT_TIME_PATTERN_H
#define WEIR_RT_TIME_PATTERN_H

#include "weir_json.h"
#include "zone.h"

struct time_pattern {
    const char *p, *end;
    bool quoted; // P is inside of quotes
};

enum time_item_kind { TIME_END, TIME_FIELD, TIME_TEXT, TIME_OPEN, TIME_CLOSE };

struct time_item {
    enum time_item_kind kind;
    char letter; // of a field, and how often it stands there
    int count;
    struct weir_str text; // to be taken as it is
};

struct time_item time_pattern_next(struct time_pattern *pattern);

// NULL if the pattern is one; else why not, with the byte where.
const char *time_pattern_wrong(const char *pattern, size_t n, size_t *offset);

// True for a field of a fixed number of digits, which one before it without a fixed number leaves alone.
bool time_item_is_fixed(const struct time_item *item);

extern const char *const time_months[12], *const time_weekdays[7];
enum { TIME_SHORT = 3 }; // letters of a short name

// ---- time_format.c ----

struct time_fields {
    struct civil civil;
    int32_t offset;           // seconds
    const char *abbreviation; // "" if the zone is an offset
    struct weir_str zone;     // as the program names it
};
// The pattern is right.
void time_format(struct weir_buf *b, struct weir_str pattern, const struct time_fields *fields);

// ---- time_parse.c ----

// Parts that the text does not give are those of 1970-01-01T00:00. False if TEXT does not have the form, which is right.
bool time_parse(struct weir_str text, struct weir_str pattern, const struct zone *zone, int64_t *ms);

#endif
