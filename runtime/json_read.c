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
    case 't':
    case 'f': return "a boolean";
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
    weir_fail(w, WEIR_BAD_DECODE, "expected %s, found %s at byte %zu", what, kind_at(j, room, sizeof room),
              (size_t)(j->p - j->begin));
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
//
// The place is a local variable here, in a register, and j->p only follows when something else needs it: these are the hottest loops.

static const char *not_a_value(struct weir_ctx *w, struct weir_json *j, const char *p)
{
    j->p = p;
    weir_json_expected(w, j, "a value");
    return NULL;
}

// Behind the string at P, NULL (w->bad set) if it is none.
static inline const char *skip_string(struct weir_ctx *w, struct weir_json *j, const char *p)
{
    const char *stop = weir_json_plain(j->begin, p + 1, j->end);
    if (WEIR_LIKELY(stop < j->end && *stop == '"'))
        return stop + 1;
    return weir_json_string_rest(w, j, p + 1, stop, NULL) ? j->p : NULL;
}

static const char *skip_word(struct weir_ctx *w, struct weir_json *j, const char *p, const char *word, size_t n)
{
    return (size_t)(j->end - p) >= n && memcmp(p, word, n) == 0 ? p + n : not_a_value(w, j, p);
}

// Behind a value that is neither object nor array.
static inline const char *skip_scalar(struct weir_ctx *w, struct weir_json *j, const char *p)
{
    switch (*p) {
    case '"': return skip_string(w, j, p);
    case 't': return skip_word(w, j, p, "true", 4);
    case 'f': return skip_word(w, j, p, "false", 5);
    case 'n': return skip_word(w, j, p, "null", 4);
    default: break;
    }
    const char *after = number_skip(p, j->end);
    return after ? after : not_a_value(w, j, p);
}

// From a field's name to its value.
static inline const char *skip_name(struct weir_ctx *w, struct weir_json *j, const char *p)
{
    j->p = p;
    if (WEIR_UNLIKELY(p == j->end || *p != '"')) {
        weir_json_expected(w, j, "a field's name");
        return NULL;
    }
    p = skip_string(w, j, p);
    if (!p)
        return NULL;
    p = weir_json_blank(p, j->end);
    if (WEIR_UNLIKELY(p == j->end || *p != ':')) {
        j->p = p;
        weir_json_expected(w, j, "`:`");
        return NULL;
    }
    return weir_json_blank(p + 1, j->end);
}

// The kinds of the brackets that are open, a bit each: 1 is an object.
struct brackets {
    uint64_t kinds[(WEIR_JSON_DEPTH + 63) / 64];
    int depth;
};

static void open_bracket(struct brackets *b, bool object)
{
    uint64_t bit = UINT64_C(1) << (b->depth & 63), *kinds = &b->kinds[b->depth++ >> 6];
    *kinds = object ? *kinds | bit : *kinds & ~bit;
}

static bool in_object(const struct brackets *b)
{
    int last = b->depth - 1;
    return b->kinds[last >> 6] >> (last & 63) & 1;
}

// Behind a value: to the next one, through as many closing brackets as there are. NULL if the outermost closed (j->p is behind it) or on failure.
static inline const char *skip_between(struct weir_ctx *w, struct weir_json *j, const char *p, struct brackets *open)
{
    for (;;) {
        bool object = in_object(open);
        p = weir_json_blank(p, j->end);
        if (WEIR_LIKELY(p < j->end && *p == ',')) {
            p = weir_json_blank(p + 1, j->end);
            return object ? skip_name(w, j, p) : p;
        }
        j->p = p;
        if (WEIR_UNLIKELY(p == j->end || *p != (object ? '}' : ']'))) {
            weir_json_expected(w, j, object ? "`,` or `}`" : "`,` or `]`");
            return NULL;
        }
        j->p = ++p;
        if (--open->depth == 0)
            return NULL;
    }
}

// An object or array, at its bracket; without recursion.
static bool skip_nested(struct weir_ctx *w, struct weir_json *j)
{
    struct brackets open = {.depth = 0};
    const char *p = j->p;
    while (p) {
        if (p == j->end)
            return not_a_value(w, j, p);
        if (*p != '{' && *p != '[') {
            p = skip_scalar(w, j, p);
        } else {
            bool object = *p == '{';
            if (j->depth + open.depth >= WEIR_JSON_DEPTH) {
                j->p = p;
                return weir_json_too_deep(w, j);
            }
            open_bracket(&open, object);
            p = weir_json_blank(p + 1, j->end);
            if (p == j->end || *p != (object ? '}' : ']')) {
                p = object ? skip_name(w, j, p) : p;
                continue;
            }
        }
        p = p ? skip_between(w, j, p, &open) : NULL;
    }
    return !w->bad;
}

bool weir_json_skip_slow(struct weir_ctx *w, struct weir_json *j)
{
    const char *p = j->p;
    if (p == j->end)
        return weir_json_expected(w, j, "a value");
    if (*p == '{' || *p == '[')
        return skip_nested(w, j);
    p = skip_scalar(w, j, p);
    j->p = p ? p : j->p;
    return p != NULL;
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
    *v = (struct weir_str){begin, (size_t)(j->p - begin)};
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
