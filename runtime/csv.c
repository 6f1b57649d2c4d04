// CSV as RFC 4180 has it, with any delimiter.
#include "weir_fn.h"
#include "weir_wire.h"

void weir_csv_start(struct weir_csv *csv, struct weir_str line, char delimiter)
{
    const char *p = line.n ? line.p : "", *end = p + line.n;
    if (end > p && end[-1] == '\n')
        end--;
    if (end > p && end[-1] == '\r')
        end--;
    *csv = (struct weir_csv){p, end, delimiter};
}

// The text between quotes, BEGIN..END, with its doubled quotes made single.
static struct weir_str undouble(struct weir_ctx *w, const char *begin, const char *end)
{
    char *text = weir_alloc(w, (size_t)(end - begin)), *out = text;
    for (const char *p = begin; p < end; p++) {
        *out++ = *p;
        p += *p == '"';
    }
    return (struct weir_str){text, (size_t)(out - text)};
}

// At the quote; leaves csv->p behind the closing one.
static bool next_quoted(struct weir_ctx *w, struct weir_csv *csv, struct weir_str *field)
{
    const char *begin = csv->p + 1, *p = begin;
    bool doubled = false;
    for (;;) {
        p = memchr(p, '"', (size_t)(csv->end - p));
        if (!p) {
            weir_fail(w, WEIR_BAD_DECODE, "a quoted CSV field has no closing quote");
            return false;
        }
        if (p + 1 == csv->end || p[1] != '"')
            break;
        doubled = true;
        p += 2;
    }
    *field = doubled ? undouble(w, begin, p) : (struct weir_str){begin, (size_t)(p - begin)};
    csv->p = p + 1;
    if (csv->p == csv->end || *csv->p == csv->delimiter)
        return true;
    weir_fail(w, WEIR_BAD_DECODE, "text behind the closing quote of a CSV field");
    return false;
}

static bool next_plain(struct weir_ctx *w, struct weir_csv *csv, struct weir_str *field)
{
    const char *p = csv->p;
    for (; p < csv->end && *p != csv->delimiter; p++) {
        if (*p == '\n' || *p == '\r') {
            weir_fail(w, WEIR_BAD_DECODE, "a line end inside of a CSV record");
            return false;
        }
    }
    *field = (struct weir_str){csv->p, (size_t)(p - csv->p)};
    csv->p = p;
    return true;
}

bool weir_csv_next(struct weir_ctx *w, struct weir_csv *csv, struct weir_str *field, bool *quoted)
{
    *field = WEIR_STR("");
    *quoted = false;
    if (!csv->p)
        return false;
    *quoted = csv->p < csv->end && *csv->p == '"';
    if (!(*quoted ? next_quoted(w, csv, field) : next_plain(w, csv, field)))
        return false;
    csv->p = csv->p < csv->end ? csv->p + 1 : NULL;
    if (weir_validate_utf8(field->p, field->n))
        return true;
    weir_fail(w, WEIR_BAD_DECODE, "a CSV field is not UTF-8");
    return false;
}

static bool needs_quotes(struct weir_str text, char delimiter)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (c == delimiter || c == '"' || c == '\n' || c == '\r')
            return true;
    }
    return text.n == 0; // nothing at all is null
}

void weir_csv_put(struct weir_buf *b, struct weir_str text, char delimiter)
{
    if (!needs_quotes(text, delimiter)) {
        weir_put(b, text.p, text.n);
        return;
    }
    weir_put_lit(b, "\"");
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '"')
            weir_put_lit(b, "\"");
        weir_put(b, text.p + i, 1);
    }
    weir_put_lit(b, "\"");
}
