// Messages on stderr, whole whichever thread writes them, as text or one JSON object a line; and the live line of --stats below them.
#ifndef WEIR_RT_LOG_H
#define WEIR_RT_LOG_H

#include "weir_value.h"

enum log_level { LEVEL_INFO, LEVEL_WARNING, LEVEL_ERROR };

// From now on messages are JSON, or text as in the beginning.
void log_json(bool json);

// "WHO: ..." as text. WHO is the app or, before it is known, the command.
void log_info(const char *who, const char *format, ...) __attribute__((format(printf, 2, 3)));
void log_warning(const char *who, const char *format, ...) __attribute__((format(printf, 2, 3)));
void log_error(const char *who, const char *format, ...) __attribute__((format(printf, 2, 3), cold));

// What a message is about, as fields of the JSON.
struct log_about {
    const char *topic, *store; // NULL: of none
    int32_t partition;         // -1: of none
};
void log_about(enum log_level level, const char *who, struct log_about about, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

// A JSON object of its own kind: MEMBERS, like `"event":"stats","lag":5`, behind time, level and app.
void log_event(enum log_level level, const char *who, struct weir_str members);

void log_bytes(const char *text, size_t n); // a line or several, each with its newline
// WHO: TEXT stays at the bottom of the terminal until the next; TEXT NULL takes it away.
void log_live(const char *who, const char *text);

#endif
