// Strings with escapes or more than ASCII.
#include "codepoint.h"
#include "weir_json.h"

static bool fail_at(struct weir_ctx *w, const struct weir_json *j, const char *p, const char *what)
{
    weir_fail(w, WEIR_BAD_DECODE, "%s in a string at byte %zu", what, (size_t)(p - j->begin));
    return false;
}

static bool read_hex4(const char *p, const char *end, uint32_t *unit)
{
    if (end - p < 4)
        return false;
    uint32_t v = 0;
    for (int i = 0; i < 4; i++) {
        unsigned c = (unsigned char)p[i], letter = (c | 0x20) - 'a';
        if (c - '0' <= 9)
            v = v << 4 | (c - '0');
        else if (letter < 6)
            v = v << 4 | (letter + 10);
        else
            return false;
    }
    *unit = v;
    return true;
}

// The code point of \uXXXX, or of two of them that are a surrogate pair, at the backslash P; NULL if it is none, else the byte behind.
static const char *read_unicode(const char *p, const char *end, uint32_t *code)
{
    uint32_t low;
    if (!read_hex4(p + 2, end, code))
        return NULL;
    p += 6;
    if (*code < 0xD800 || *code > 0xDFFF)
        return p;
    if (*code > 0xDBFF || end - p < 2 || p[0] != '\\' || p[1] != 'u' || !read_hex4(p + 2, end, &low) || low < 0xDC00 ||
        low > 0xDFFF)
        return NULL;
    *code = 0x10000 + ((*code - 0xD800) << 10) + (low - 0xDC00);
    return p + 6;
}

static char simple_escape(char c)
{
    switch (c) {
    case '"':
    case '\\':
    case '/': return c;
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return 0;
    }
}

// Behind the escape at P, NULL (w->bad set) if it is wrong.
static const char *check_escape(struct weir_ctx *w, const struct weir_json *j, const char *p)
{
    uint32_t code;
    if (j->end - p >= 2 && simple_escape(p[1]))
        return p + 2;
    const char *after = j->end - p >= 2 && p[1] == 'u' ? read_unicode(p, j->end, &code) : NULL;
    if (!after)
        fail_at(w, j, p, "a wrong escape");
    return after;
}

// The text between BEGIN and END, which was checked, without its escapes. It only gets shorter.
static struct weir_str unescape(struct weir_ctx *w, const char *begin, const char *end)
{
    char *text = weir_alloc(w, (size_t)(end - begin)), *out = text;
    for (const char *p = begin; p < end;) {
        const char *escape = memchr(p, '\\', (size_t)(end - p));
        size_t plain = (size_t)((escape ? escape : end) - p);
        memcpy(out, p, plain);
        out += plain;
        if (!escape)
            break;
        uint32_t code;
        if (escape[1] == 'u') {
            p = read_unicode(escape, end, &code);
            out += codepoint_write(out, code);
        } else {
            *out++ = simple_escape(escape[1]);
            p = escape + 2;
        }
    }
    return (struct weir_str){text, (size_t)(out - text)};
}

bool weir_json_string_rest(struct weir_ctx *w, struct weir_json *j, const char *begin, const char *p,
                           struct weir_str *v)
{
    bool escaped = false;
    const char *end = j->end;
    while (p < end && *p != '"') {
        unsigned char c = (unsigned char)*p;
        if (c == '\\') {
            escaped = true;
            p = check_escape(w, j, p);
            if (!p)
                return false;
        } else if (c >= 0x80) {
            // Text in other scripts is a run of such sequences: no search for plain bytes between them.
            size_t n = codepoint_check(p, end);
            if (n == 0)
                return fail_at(w, j, p, "a byte that is not UTF-8");
            p += n;
            continue;
        } else if (c < 0x20) {
            return fail_at(w, j, p, "a control character");
        }
        p = weir_json_plain(j->begin, p, end);
    }
    if (p == end)
        return fail_at(w, j, p, "the end of the text");
    if (v)
        *v = escaped ? unescape(w, begin, p) : (struct weir_str){begin, (size_t)(p - begin)};
    j->p = p + 1;
    return true;
}
