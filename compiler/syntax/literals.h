// Literals: from the text of a token to its value.
#ifndef WEIR_SYNTAX_LITERALS_H
#define WEIR_SYNTAX_LITERALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

// Why a literal is wrong, and where in its text. why NULL: it is right.
struct literal_error {
    const char *why;
    const char *help; // may be NULL
    size_t at, len;
};

// What is between the quotes of a string, escapes decoded; NUL-terminated.
const char *literal_string(struct arena *a, const char *text, size_t len, uint32_t *decoded_len,
                           struct literal_error *error);
// `5m` in milliseconds, `64MB` in bytes.
int64_t literal_duration(const char *text, size_t len, struct literal_error *error);
int64_t literal_size(const char *text, size_t len, struct literal_error *error);
// `2024-05-01T10:00:00.5+02:00` in milliseconds since the epoch; the form is already right, the values may not be.
int64_t literal_timestamp(const char *text, size_t len, struct literal_error *error);

#endif
