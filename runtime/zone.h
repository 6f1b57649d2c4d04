// Time zones: fixed offsets, and the system's (TZif files, RFC 8536).
#ifndef WEIR_RT_ZONE_H
#define WEIR_RT_ZONE_H

#include "calendar.h"

struct tzif;

struct zone {
    const struct tzif *rules; // NULL: the offset is fixed. Read once, kept until the process ends
    int32_t offset;           // seconds east of Greenwich
};

// "UTC", "Z", "GMT", "+09:00" (also +9, +0900, +09:00:30, and UTC or GMT before an offset), or a name of the tz database. False if it is none.
bool zone_find(struct weir_str name, struct zone *z);

// Seconds east of Greenwich at SECONDS since 1970 UTC; ABBREVIATION (NULL: not wanted) as in "CEST", or "" if it is an offset.
int32_t zone_offset(const struct zone *z, int64_t seconds, const char **abbreviation);

// The offset of a local time, as java.time has it: what the clocks repeat is taken the first time, what they skip moves on by what they skip.
int32_t zone_local_offset(const struct zone *z, int64_t local_seconds);

// The date and time that clocks show.
void zone_civil(const struct zone *z, int64_t ms, struct civil *c);
// The other way; false if it is outside of int64.
bool zone_millis(const struct zone *z, const struct civil *c, int64_t *ms);

// "+09:00" or "-0330" to seconds, at most 18 hours; false if TEXT is no offset.
bool zone_parse_offset(struct weir_str text, int32_t *seconds);

#endif
