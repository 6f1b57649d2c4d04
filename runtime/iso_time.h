// Times and dates in ISO 8601, as RFC 3339 has it and java.time.Instant prints it.
#ifndef WEIR_RT_ISO_TIME_H
#define WEIR_RT_ISO_TIME_H

#include "weir_value.h"

enum { ISO_ROOM = 48 };

// "2024-05-01T10:00:00Z", with .SSS if there are milliseconds; years of more than four digits and before 0 have a sign. Returns the length.
size_t iso_put_timestamp(char *out, int64_t ms);
size_t iso_put_date(char *out, int32_t days);

// DATE T TIME [OFFSET]: HH:MM, with seconds and up to 9 digits of fraction (cut to milliseconds) if wanted; a space or `t` may stand for the T.
// The offset is Z, +HH, +HHMM or +HH:MM; without one it is UTC. A date alone is no timestamp. False if it is anything else or out of range.
bool iso_parse_timestamp(struct weir_str text, int64_t *ms);
bool iso_parse_date(struct weir_str text, int32_t *days);

#endif
