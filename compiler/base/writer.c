#include "base/writer.h"
#include "base/utf8.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void reserve(struct writer *w, size_t more)
{
    if (more < w->capacity - w->len)
        return;
    size_t capacity = w->capacity ? w->capacity : 256;
    while (capacity - w->len <= more && capacity <= SIZE_MAX / 2)
        capacity *= 2;
    char *text = capacity - w->len > more ? realloc(w->text, capacity) : NULL;
    if (!text) {
        fputs("weir: out of memory\n", stderr);
        exit(3);
    }
    w->text = text;
    w->capacity = capacity;
}

static void append(struct writer *w, const char *text, size_t len)
{
    reserve(w, len);
    if (len)
        memcpy(w->text + w->len, text, len);
    w->len += len;
    w->text[w->len] = '\0';
}

static void append_indent(struct writer *w)
{
    for (int i = 0; i < w->indent; i++)
        append(w, "    ", 4);
}

void writer_free(struct writer *w)
{
    free(w->text);
    *w = (struct writer){0};
}

// Empty lines stay empty: the indentation is written with the first character of a line.
void writer_put(struct writer *w, const char *text, size_t len)
{
    while (len > 0) {
        const char *newline = memchr(text, '\n', len);
        size_t part = newline ? (size_t)(newline - text) : len;
        if (part > 0) {
            if (!w->mid_line)
                append_indent(w);
            append(w, text, part);
            w->mid_line = true;
        }
        if (!newline)
            return;
        append(w, "\n", 1);
        w->mid_line = false;
        text += part + 1;
        len -= part + 1;
    }
}

void writer_puts(struct writer *w, const char *text)
{
    writer_put(w, text, strlen(text));
}

void writer_vprintf(struct writer *w, const char *format, va_list args)
{
    char small[512];
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(small, sizeof small, format, args);
    if (len >= 0 && (size_t)len < sizeof small) {
        writer_put(w, small, (size_t)len);
    } else if (len >= 0) {
        char *large = malloc((size_t)len + 1);
        if (!large) {
            fputs("weir: out of memory\n", stderr);
            exit(3);
        }
        vsnprintf(large, (size_t)len + 1, format, again);
        writer_put(w, large, (size_t)len);
        free(large);
    }
    va_end(again);
}

void writer_printf(struct writer *w, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    writer_vprintf(w, format, args);
    va_end(args);
}

// The escape that C and JSON share, or 0.
static char short_escape(unsigned char c)
{
    switch (c) {
    case '"': return '"';
    case '\\': return '\\';
    case '\n': return 'n';
    case '\r': return 'r';
    case '\t': return 't';
    case '\b': return 'b';
    case '\f': return 'f';
    default: return 0;
    }
}

// Everything but printable ASCII is written in three octal digits, which can't swallow a digit that follows. `?` is
// escaped so that no trigraph can arise.
void writer_c_string(struct writer *w, const char *text, size_t len)
{
    writer_put(w, "\"", 1);
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        char escape = short_escape(c);
        if (escape)
            writer_printf(w, "\\%c", escape);
        else if (c == '?' && i > 0 && text[i - 1] == '?')
            writer_put(w, "\\?", 2);
        else if (c < 0x20 || c >= 0x7F)
            writer_printf(w, "\\%03o", c);
        else
            writer_put(w, text + i, 1);
    }
    writer_put(w, "\"", 1);
}

// Bytes that are not UTF-8 become U+FFFD: JSON has no way to say them.
void writer_json_string(struct writer *w, const char *text, size_t len)
{
    writer_put(w, "\"", 1);
    for (size_t i = 0; i < len;) {
        unsigned char c = (unsigned char)text[i];
        char escape = short_escape(c);
        uint32_t code;
        size_t n = escape ? 1 : utf8_decode(text + i, len - i, &code);
        if (escape)
            writer_printf(w, "\\%c", escape);
        else if (n == 0)
            writer_puts(w, "\xEF\xBF\xBD");
        else if (c < 0x20 || c == 0x7F)
            writer_printf(w, "\\u%04x", c);
        else
            writer_put(w, text + i, n);
        i += n ? n : 1;
    }
    writer_put(w, "\"", 1);
}
