// Values as JSON text.
#include "base64.h"
#include "iso_time.h"
#include "number_text.h"
#include "weir_json.h"

void weir_buf_init(struct weir_ctx *w, struct weir_buf *b, size_t capacity)
{
    *b = (struct weir_buf){weir_alloc(w, capacity), 0, capacity, w};
}

void weir_buf_grow(struct weir_buf *b, size_t more)
{
    if (!weir_fits(b->w, b->n + more))
        b->n = 0; // the text is thrown away: its room serves for the rest
    if (b->capacity - b->n >= more)
        return;
    size_t capacity = b->n + more > b->capacity * 2 ? b->n + more : b->capacity * 2;
    char *p = weir_alloc(b->w, capacity);
    if (b->n > 0)
        memcpy(p, b->p, b->n);
    b->p = p;
    b->capacity = capacity;
}

void weir_put_bool(struct weir_buf *b, bool v)
{
    if (v)
        weir_put_lit(b, "true");
    else
        weir_put_lit(b, "false");
}

void weir_put_i64(struct weir_buf *b, int64_t v)
{
    weir_buf_need(b, NUMBER_ROOM);
    b->n += number_put_i64(b->p + b->n, v);
}

void weir_put_dec(struct weir_buf *b, struct weir_dec v, int scale)
{
    weir_buf_need(b, NUMBER_ROOM);
    b->n += number_put_dec(b->p + b->n, v, scale);
}

// JSON has no NaN and no infinities.
static bool is_finite(struct weir_buf *b, double v)
{
    if (WEIR_LIKELY(v - v == 0))
        return true;
    weir_fail(b->w, WEIR_BAD_ENCODE, "%s has no JSON", v != v ? "NaN" : v > 0 ? "infinity" : "-infinity");
    return false;
}

void weir_put_f32(struct weir_buf *b, float v)
{
    weir_buf_need(b, NUMBER_ROOM);
    if (is_finite(b, (double)v))
        b->n += number_put_f32(b->p + b->n, v);
}

void weir_put_f64(struct weir_buf *b, double v)
{
    weir_buf_need(b, NUMBER_ROOM);
    if (is_finite(b, v))
        b->n += number_put_f64(b->p + b->n, v);
}

// The letter of the escape of a byte, `u` for those that have none of their own.
static char escape_letter(unsigned char c)
{
    switch (c) {
    case '"': return '"';
    case '\\': return '\\';
    case '\b': return 'b';
    case '\f': return 'f';
    case '\n': return 'n';
    case '\r': return 'r';
    case '\t': return 't';
    default: return 'u';
    }
}

static char *put_escape(char *p, unsigned char c)
{
    char letter = escape_letter(c);
    *p++ = '\\';
    *p++ = letter;
    if (letter != 'u')
        return p;
    static const char digits[] = "0123456789abcdef";
    *p++ = '0';
    *p++ = '0';
    *p++ = digits[c >> 4];
    *p++ = digits[c & 15];
    return p;
}

// The first byte of P..END that must be escaped, or END. Bytes above 0x7F are part of UTF-8 and stay.
static const char *find_escape(const char *p, const char *end)
{
#ifdef __SSE2__
    const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\'), control = _mm_set1_epi8(0x1F);
    for (; end - p >= 16; p += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
        __m128i stop = _mm_or_si128(_mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, backslash));
        stop = _mm_or_si128(stop, _mm_cmpeq_epi8(_mm_min_epu8(v, control), v));
        unsigned mask = (unsigned)_mm_movemask_epi8(stop);
        if (mask)
            return p + __builtin_ctz(mask);
    }
#endif
    while (p < end && (unsigned char)*p >= 0x20 && *p != '"' && *p != '\\')
        p++;
    return p;
}

void weir_put_string(struct weir_buf *b, struct weir_str v)
{
    const char *p = v.n ? v.p : "", *end = p + v.n; // NULL: of a failed record
    weir_buf_need(b, v.n + 2);
    b->p[b->n++] = '"';
    for (;;) {
        const char *stop = find_escape(p, end);
        size_t plain = (size_t)(stop - p);
        weir_buf_need(b, plain + 8); // an escape and the quote
        memcpy(b->p + b->n, p, plain);
        b->n += plain;
        if (stop == end)
            break;
        b->n = (size_t)(put_escape(b->p + b->n, (unsigned char)*stop) - b->p);
        p = stop + 1;
    }
    b->p[b->n++] = '"';
}

void weir_put_bytes(struct weir_buf *b, struct weir_str v)
{
    size_t n = base64_size(v.n);
    weir_buf_need(b, n + 2);
    b->p[b->n++] = '"';
    base64_encode(b->p + b->n, v);
    b->n += n;
    b->p[b->n++] = '"';
}

void weir_put_timestamp_iso(struct weir_buf *b, int64_t v)
{
    weir_buf_need(b, ISO_ROOM + 2);
    b->p[b->n++] = '"';
    b->n += iso_put_timestamp(b->p + b->n, v);
    b->p[b->n++] = '"';
}

void weir_put_date(struct weir_buf *b, int32_t v)
{
    weir_buf_need(b, ISO_ROOM + 2);
    b->p[b->n++] = '"';
    b->n += iso_put_date(b->p + b->n, v);
    b->p[b->n++] = '"';
}

void weir_put_json(struct weir_buf *b, struct weir_str v)
{
    weir_put(b, v.p, v.n);
}
