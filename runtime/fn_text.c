// Text functions that look for, cut and join. Positions are code points; the text is valid UTF-8.
#include "codepoint.h"
#include "text.h"
#include "weir_fn.h"
#include "weir_json.h"

// ---- measuring ----

bool weir_validate_utf8(const char *text, size_t n)
{
    const char *p = text, *end = text + n;
    while (p < end) {
        uint64_t word;
        if (end - p >= 8 && (memcpy(&word, p, 8), (word & UINT64_C(0x8080808080808080)) == 0)) {
            p += 8;
        } else if ((unsigned char)*p < 0x80) {
            p++;
        } else {
            size_t length = codepoint_check(p, end);
            if (length == 0)
                return false;
            p += length;
        }
    }
    return true;
}

int64_t weir_length(struct weir_ctx *w, struct weir_str text)
{
    (void)w;
    int64_t n = 0;
    for (size_t i = 0; i < text.n; i++)
        n += !codepoint_is_tail(text.p[i]);
    return n;
}

int64_t weir_length_bytes(struct weir_ctx *w, struct weir_str bytes)
{
    (void)w;
    return (int64_t)bytes.n;
}

// The byte where the code point COUNT behind P begins, or END.
static const char *advance(const char *p, const char *end, int64_t count)
{
    if (count >= end - p)
        return end;
    for (; p < end && count > 0; count--)
        p += codepoint_length(*p);
    return p;
}

static struct weir_str slice(const char *p, const char *end)
{
    return (struct weir_str){p, (size_t)(end - p)};
}

struct weir_str weir_substr(struct weir_ctx *w, struct weir_str text, int64_t from, int64_t count)
{
    (void)w;
    if (text.n == 0)
        return text;
    const char *end = text.p + text.n, *p = advance(text.p, end, from);
    return slice(p, advance(p, end, count));
}

// ---- looking for ----

static const char *find(const char *p, const char *end, struct weir_str part)
{
    return memmem(p, (size_t)(end - p), part.p, part.n);
}

int64_t weir_index_of(struct weir_ctx *w, struct weir_str text, struct weir_str part)
{
    if (part.n == 0)
        return 0;
    const char *at = text.n ? find(text.p, text.p + text.n, part) : NULL;
    return at ? weir_length(w, slice(text.p, at)) : -1;
}

bool weir_contains(struct weir_ctx *w, struct weir_str text, struct weir_str part)
{
    (void)w;
    return part.n == 0 || (text.n > 0 && find(text.p, text.p + text.n, part));
}

bool weir_starts_with(struct weir_ctx *w, struct weir_str text, struct weir_str part)
{
    (void)w;
    return part.n == 0 || (text.n >= part.n && memcmp(text.p, part.p, part.n) == 0);
}

bool weir_ends_with(struct weir_ctx *w, struct weir_str text, struct weir_str part)
{
    (void)w;
    return part.n == 0 || (text.n >= part.n && memcmp(text.p + text.n - part.n, part.p, part.n) == 0);
}

// ---- trimming ----

static bool is_among(const char *p, size_t n, struct weir_str chars)
{
    for (size_t i = 0; i < chars.n; i += codepoint_length(chars.p[i])) {
        if (codepoint_length(chars.p[i]) == n && memcmp(chars.p + i, p, n) == 0)
            return true;
    }
    return false;
}

// CHARS.p NULL: white space.
static bool is_trimmed(const char *p, size_t n, struct weir_str chars)
{
    return chars.p ? is_among(p, n, chars) : text_is_space(codepoint_read(p));
}

static struct weir_str trim(struct weir_str text, struct weir_str chars)
{
    if (text.n == 0)
        return text;
    const char *p = text.p, *end = p + text.n;
    while (p < end && is_trimmed(p, codepoint_length(*p), chars))
        p += codepoint_length(*p);
    while (p < end) {
        const char *last = end - 1;
        while (codepoint_is_tail(*last))
            last--;
        if (!is_trimmed(last, (size_t)(end - last), chars))
            break;
        end = last;
    }
    return slice(p, end);
}

struct weir_str weir_trim(struct weir_ctx *w, struct weir_str text)
{
    (void)w;
    return trim(text, WEIR_NULL_STR);
}

struct weir_str weir_trim_chars(struct weir_ctx *w, struct weir_str text, struct weir_str chars)
{
    (void)w;
    return chars.n ? trim(text, chars) : text;
}

// ---- making longer ----

// COUNT code points of WITH, over and over.
static void put_padding(struct weir_buf *b, struct weir_str with, int64_t count)
{
    int64_t length = weir_length(b->w, with);
    for (; count >= length; count -= length)
        weir_put(b, with.p, with.n);
    weir_put(b, with.p, weir_substr(b->w, with, 0, count).n);
}

static struct weir_str pad(struct weir_ctx *w, struct weir_str text, int64_t length, struct weir_str with, bool left)
{
    int64_t more = length < 0 ? -1 : length - weir_length(w, text);
    if (more <= 0 || with.n == 0)
        return weir_substr(w, text, 0, length);
    size_t size = (size_t)more;
    if (size <= WEIR_MAX_VALUE)
        size = text.n + (size / (size_t)weir_length(w, with) + 1) * with.n;
    if (!weir_fits(w, size))
        return WEIR_NULL_STR;
    struct weir_buf b;
    weir_buf_init(w, &b, size);
    if (left)
        put_padding(&b, with, more);
    weir_put(&b, text.p, text.n);
    if (!left)
        put_padding(&b, with, more);
    return weir_buf_str(&b);
}

struct weir_str weir_pad_left(struct weir_ctx *w, struct weir_str text, int64_t length, struct weir_str with)
{
    return pad(w, text, length, with, true);
}

struct weir_str weir_pad_right(struct weir_ctx *w, struct weir_str text, int64_t length, struct weir_str with)
{
    return pad(w, text, length, with, false);
}

struct weir_str weir_repeat(struct weir_ctx *w, struct weir_str text, int64_t times)
{
    if (times < 0) {
        weir_fail(w, WEIR_BAD_INDEX, "repeat %lld times", (long long)times);
        return WEIR_NULL_STR;
    }
    size_t n;
    if (__builtin_mul_overflow(text.n, (size_t)times, &n))
        n = SIZE_MAX;
    if (n == 0)
        return WEIR_STR("");
    if (!weir_fits(w, n))
        return WEIR_NULL_STR;
    char *p = weir_alloc(w, n);
    for (size_t at = 0; at < n; at += text.n)
        memcpy(p + at, text.p, text.n);
    return (struct weir_str){p, n};
}

struct weir_str weir_chr(struct weir_ctx *w, int64_t code)
{
    if (code < 0 || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
        weir_fail(w, WEIR_BAD_CONVERSION, "%lld is no code point", (long long)code);
        return WEIR_NULL_STR;
    }
    char *p = weir_alloc(w, 4);
    return (struct weir_str){p, codepoint_write(p, (uint32_t)code)};
}

struct weir_str weir_reverse_string(struct weir_ctx *w, struct weir_str text)
{
    char *p = weir_alloc(w, text.n), *out = p + text.n;
    for (size_t i = 0; i < text.n;) {
        size_t n = codepoint_length(text.p[i]);
        memcpy(out -= n, text.p + i, n);
        i += n;
    }
    return (struct weir_str){p, text.n};
}

// ---- replacing, splitting, joining ----

static size_t count_parts(struct weir_str text, struct weir_str part)
{
    size_t n = 0;
    const char *end = text.p + text.n;
    for (const char *p = text.p; text.n && (p = find(p, end, part)); p += part.n)
        n++;
    return n;
}

struct weir_str weir_replace(struct weir_ctx *w, struct weir_str text, struct weir_str part, struct weir_str with)
{
    size_t count = part.n && text.n ? count_parts(text, part) : 0;
    if (count == 0)
        return text;
    if (with.n > part.n && !weir_fits(w, text.n + count * (with.n - part.n)))
        return WEIR_NULL_STR;
    struct weir_buf b;
    weir_buf_init(w, &b, text.n + count * with.n);
    const char *p = text.p, *end = p + text.n;
    for (const char *at; (at = find(p, end, part)); p = at + part.n) {
        weir_put(&b, p, (size_t)(at - p));
        weir_put(&b, with.p, with.n);
    }
    weir_put(&b, p, (size_t)(end - p));
    return weir_buf_str(&b);
}

static struct weir_list split_codepoints(struct weir_ctx *w, struct weir_str text)
{
    size_t n = (size_t)weir_length(w, text);
    if (!weir_fits(w, n * sizeof(struct weir_str)))
        return (struct weir_list){NULL, 0};
    struct weir_str *parts = weir_alloc(w, n * sizeof *parts);
    const char *p = text.p;
    for (size_t i = 0; i < n; i++) {
        parts[i] = (struct weir_str){p, codepoint_length(*p)};
        p += parts[i].n;
    }
    return (struct weir_list){parts, n};
}

struct weir_list weir_split(struct weir_ctx *w, struct weir_str text, struct weir_str delimiter)
{
    if (delimiter.n == 0)
        return split_codepoints(w, text);
    size_t n = (text.n ? count_parts(text, delimiter) : 0) + 1;
    if (!weir_fits(w, n * sizeof(struct weir_str)))
        return (struct weir_list){NULL, 0};
    struct weir_str *parts = weir_alloc(w, n * sizeof *parts);
    const char *p = text.n ? text.p : "", *end = p + text.n;
    for (size_t i = 0; i + 1 < n; i++) {
        const char *at = find(p, end, delimiter);
        parts[i] = slice(p, at);
        p = at + delimiter.n;
    }
    parts[n - 1] = slice(p, end);
    return (struct weir_list){parts, n};
}

struct weir_str weir_join(struct weir_ctx *w, struct weir_list parts, struct weir_str delimiter)
{
    const struct weir_str *v = parts.v;
    struct weir_buf b;
    weir_buf_init(w, &b, 64);
    for (size_t i = 0; i < parts.n && !w->bad; i++) {
        if (i > 0)
            weir_put(&b, delimiter.p, delimiter.n);
        weir_put(&b, v[i].p, v[i].n);
    }
    return weir_buf_str(&b);
}
