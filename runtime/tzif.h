// A file of the tz database (RFC 8536) and the rule that holds after its last transition.
#ifndef WEIR_RT_TZIF_H
#define WEIR_RT_TZIF_H

#include "weir_value.h"

// When summer time begins or ends, as POSIX's TZ says it.
struct tz_date {
    enum { TZ_MONTH_WEEK_DAY, TZ_JULIAN, TZ_DAY } kind; // Mm.w.d; Jn, which skips February 29; n from 0
    int month, week, day;
    int32_t time; // seconds of local time, -167 to 167 hours
};

struct tz_rule {
    int32_t standard, summer; // seconds east
    char standard_name[12], summer_name[12];
    bool has_summer;
    struct tz_date begin, end;
};

struct tz_type {
    int32_t offset;
    uint8_t summer, name; // NAME: index in names
};

struct tzif {
    size_t count; // of transitions
    int64_t *at;  // seconds UTC, ascending
    uint8_t *type;
    size_t type_count;
    struct tz_type *types;
    char *names;
    size_t names_size;
    bool has_rule;
    struct tz_rule rule;
};

// Reads the file; NULL if there is none or it is not TZif of version 2 or later. tzif_free releases it.
struct tzif *tzif_read(const char *path);
struct tzif *tzif_parse(const char *bytes, size_t n);
void tzif_free(struct tzif *t);

// Seconds east of Greenwich.
int32_t tzif_offset(const struct tzif *t, int64_t seconds, const char **abbreviation);

// "CET-1CEST,M3.5.0,M10.5.0/3"; false if it is wrong.
bool tz_rule_parse(const char *text, struct tz_rule *rule);
int32_t tz_rule_offset(const struct tz_rule *rule, int64_t seconds, const char **abbreviation);

#endif
