// JSON: skipping, looking ahead, words, and messages. RFC 8259.
#include "number_text.h"
#include "weir_json.h"

#include <stdio.h>

const char *weir_json_blank_slow(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t'))
        p++;
    return p;
}

// ---- messages ----

static const char *kind_at(const struct weir_json *j, char *room, size_t size)
{
    if (j->p == j->end)
        return "the end of the text";
    switch (*j->p) {
    case '{': return "an object";
    case '[': return "an array";
    case '"': return "a string";
    case 't': case 'f': return "a boolean";
    case 'n': return "null";
    default: break;
    }
    unsigned char c = (unsigned char)*j->p;
    if (c == '-' || (c >= '0' && c <= '9'))
        return "a number";
    snprintf(room, size, c > ' ' && c < 0x7F ? "`%c`" : "byte 0x%02X", c);
    return room;
}

bool weir_json_expected(struct weir_ctx *w, const struct weir_json *j, const char *what)
{
    char room[16];
    weir_fail(w, WEIR_BAD_DECODE, "expected %s, found %s at byte %zu", what, kind_at(j, room, sizeof room), (size_t)(j->p - j->begin));
    return false;
}

bool weir_json_too_deep(struct weir_ctx *w, const struct weir_json *j)
{
    weir_fail(w, WEIR_BAD_DECODE, "nested deeper than %d at byte %zu", WEIR_JSON_DEPTH, (size_t)(j->p - j->begin));
    return false;
}

// A place that is put before one: "items" before "[3].qty: ..." gives "items[3].qty: ...".
static void place(struct weir_ctx *w, const char *text)
{
    const char *message = w->bad ? w->bad : "wrong";
    const char *between = w->bad == NULL || w->bad != w->placed ? ": " : *message == '[' ? "" : ".";
    size_t head = strlen(text), middle = strlen(between), tail = strlen(message);
    enum { LONGEST = 1000 }; // of a message; a recursive type can nest that deep
    if (head + middle + tail > LONGEST)
        return;
    char *joined = weir_alloc(w, head + middle + tail + 1);
    memcpy(joined, text, head);
    memcpy(joined + head, between, middle);
    memcpy(joined + head + middle, message, tail + 1);
    w->bad = w->placed = joined;
}

void weir_json_failed_in_field(struct weir_ctx *w, const char *name)
{
    place(w, name);
}

void weir_json_failed_in_item(struct weir_ctx *w, size_t index)
{
    char text[32];
    snprintf(text, sizeof text, "[%zu]", index);
    place(w, text);
}

void weir_json_failed_missing(struct weir_ctx *w, const char *name)
{
    weir_fail(w, WEIR_BAD_DECODE, "field `%s` is missing", name);
}

// ---- skipping ----

static bool skip_word(struct weir_ctx *w, struct weir_json *j, const char *word, size_t n)
{
    if ((size_t)(j->end - j->p) < n || memcmp(j->p, word, n) != 0)
        return weir_json_expected(w, j, "a value");
    j->p += n;
    return true;
}

static bool skip_number(struct weir_ctx *w, struct weir_json *j)
{
    const char *after = number_skip(j->p, j->end);
    if (!after)
        return weir_json_expected(w, j, "a value");
    j->p = after;
    return true;
}

// A value that is neither object nor array, at its first byte.
static bool skip_scalar(struct weir_ctx *w, struct weir_json *j)
{
    switch (*j->p) {
    case '"': return weir_json_string_at(w, j, j->p + 1, NULL);
    case 't': return skip_word(w, j, "true", 4);
    case 'f': return skip_word(w, j, "false", 5);
    case 'n': return skip_word(w, j, "null", 4);
    default: return skip_number(w, j);
    }
}

static bool skip_name(struct weir_ctx *w, struct weir_json *j)
{
    if (!weir_json_read_name(w, j, NULL))
        return false;
    j->p = weir_json_blank(j->p, j->end);
    return true;
}

// The kinds of the brackets that are open, a bit each: 1 is an object.
struct brackets {
    uint64_t kinds[(WEIR_JSON_DEPTH + 63) / 64];
};

static void note_bracket(struct brackets *b, int depth, bool object)
{
    uint64_t bit = UINT64_C(1) << (depth & 63), *kinds = &b->kinds[depth >> 6];
    *kinds = object ? *kinds | bit : *kinds & ~bit;
}

static bool in_object(const struct brackets *b, int depth)
{
    return b->kinds[depth >> 6] >> (depth & 63) & 1;
}

// An object or array, at its bracket; without recursion.
static bool skip_nested(struct weir_ctx *w, struct weir_json *j)
{
    struct brackets open;
    int depth = 0; // open brackets of this value
    for (;;) {
        bool opened = j->p < j->end && (*j->p == '{' || *j->p == '[');
        if (opened) {
            if (j->depth + depth >= WEIR_JSON_DEPTH)
                return weir_json_too_deep(w, j);
            note_bracket(&open, depth++, *j->p == '{');
            j->p++;
        } else if (j->p == j->end) {
            return weir_json_expected(w, j, "a value");
        } else if (!skip_scalar(w, j)) {
            return false;
        }
        bool first = opened, object;
        for (;;) { // behind a value or an opening bracket: close as many as there are
            object = in_object(&open, depth - 1);
            j->depth++;
            if (weir_json_next(w, j, &first, object ? '}' : ']', object ? "`,` or `}`" : "`,` or `]`")) {
                j->depth--;
                break;
            }
            if (w->bad)
                return false;
            if (--depth == 0)
                return true;
            first = false;
        }
        if (object && !skip_name(w, j))
            return false;
    }
}

bool weir_json_skip_slow(struct weir_ctx *w, struct weir_json *j)
{
    if (j->p == j->end)
        return weir_json_expected(w, j, "a value");
    return *j->p == '{' || *j->p == '[' ? skip_nested(w, j) : skip_scalar(w, j);
}

// ---- words, raw text, names ----

// From *NEXT on and around: unknown fields among known ones keep the order.
int weir_json_find_name(struct weir_str name, const struct weir_json_name *names, int count, int *next)
{
    for (int i = 0; i < count; i++) {
        int at = *next + i < count ? *next + i : *next + i - count;
        if (names[at].n == name.n && memcmp(names[at].name, name.p, name.n) == 0) {
            *next = at + 1;
            return at;
        }
    }
    return WEIR_JSON_OTHER;
}


bool weir_json_read_bool(struct weir_ctx *w, struct weir_json *j, bool *v)
{
    j->p = weir_json_blank(j->p, j->end);
    size_t left = (size_t)(j->end - j->p);
    *v = left >= 4 && memcmp(j->p, "true", 4) == 0;
    if (!*v && (left < 5 || memcmp(j->p, "false", 5) != 0))
        return weir_json_expected(w, j, "a boolean");
    j->p += *v ? 4 : 5;
    return true;
}

bool weir_json_read_any(struct weir_ctx *w, struct weir_json *j, struct weir_str *v)
{
    const char *begin = j->p = weir_json_blank(j->p, j->end);
    if (!weir_json_skip(w, j))
        return false;
    *v = (struct weir_str){ begin, (size_t)(j->p - begin) };
    return true;
}

bool weir_json_find_tag(struct weir_ctx *w, const struct weir_json *j, struct weir_str tag, struct weir_str *value)
{
    struct weir_json ahead = *j;
    struct weir_str name;
    bool first = true;
    if (!weir_json_object(w, &ahead))
        return false;
    while (weir_json_next_field(w, &ahead, &first, &name)) {
        if (name.n == tag.n && memcmp(name.p, tag.p, name.n) == 0)
            return weir_json_read_string(w, &ahead, value);
        if (!weir_json_skip(w, &ahead))
            return false;
    }
    weir_fail(w, WEIR_BAD_UNION, "field `%.*s`, which tells the case of the union, is missing", (int)tag.n, tag.p);
    return false;
}
