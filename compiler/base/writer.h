// The one output writer: text with indentation, into memory. Emitted C, dumps and graphs all go through it.
#ifndef WEIR_BASE_WRITER_H
#define WEIR_BASE_WRITER_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct writer {
    char *text; // owned, NUL-terminated; may be NULL while empty
    size_t len, capacity;
    int indent; // levels of four spaces, written before the first character of a line
    bool mid_line;
};

void writer_free(struct writer *w);
void writer_printf(struct writer *w, const char *format, ...) __attribute__((format(printf, 2, 3)));
void writer_vprintf(struct writer *w, const char *format, va_list args) __attribute__((format(printf, 2, 0)));
void writer_put(struct writer *w, const char *text, size_t len);
void writer_puts(struct writer *w, const char *text);
// TEXT as a C string literal or a JSON string, quotes included; safe for any bytes.
void writer_c_string(struct writer *w, const char *text, size_t len);
void writer_json_string(struct writer *w, const char *text, size_t len);

#endif
