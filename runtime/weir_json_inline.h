// The inline half of weir_json.h, for compilers that optimise: what runs for every field. Rare cases and failures are calls.
#if !defined WEIR_JSON_INLINE_H && !defined __TINYC__
#define WEIR_JSON_INLINE_H

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define WEIR_COLD __attribute__((cold, noinline))

// "expected WHAT, found a string at byte 17"; returns false.
bool weir_json_expected(struct weir_ctx *w, const struct weir_json *j, const char *what) WEIR_COLD;
bool weir_json_too_deep(struct weir_ctx *w, const struct weir_json *j) WEIR_COLD;
// The rest of a string whose plain bytes, from BEGIN (behind the quote) on, end at P. V NULL: only checks.
bool weir_json_string_rest(struct weir_ctx *w, struct weir_json *j, const char *begin, const char *p,
                           struct weir_str *v);
int weir_json_find_name(struct weir_str name, const struct weir_json_name *names, int count, int *next);
const char *weir_json_blank_slow(const char *p, const char *end);
bool weir_json_skip_slow(struct weir_ctx *w, struct weir_json *j);
bool weir_json_read_i64_slow(struct weir_ctx *w, struct weir_json *j, int64_t *v);
bool weir_json_not_i32(struct weir_ctx *w, const struct weir_json *j, int64_t v) WEIR_COLD;
void weir_json_failed_in_field(struct weir_ctx *w, const char *name) WEIR_COLD;
void weir_json_failed_in_item(struct weir_ctx *w, size_t index) WEIR_COLD;
void weir_json_failed_missing(struct weir_ctx *w, const char *name) WEIR_COLD;

static inline const char *weir_json_blank(const char *p, const char *end)
{
    if (WEIR_LIKELY(p < end && (unsigned char)*p > ' '))
        return p;
    return weir_json_blank_slow(p, end);
}

static inline bool weir_json_is_plain(char c)
{
    return c >= 0x20 && c != '"' && c != '\\'; // char is signed on x86-64; elsewhere see below
}

// The first byte in P..END that a string can't simply go over: a quote, a backslash, a control character or the start of something that is not
// ASCII; END if there is none. The text begins at BEGIN; nothing outside BEGIN..END is read.
static inline const char *weir_json_plain(const char *begin, const char *p, const char *end)
{
#ifdef __SSE2__
    const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\'), space = _mm_set1_epi8(' ');
    for (; end - p >= 16; p += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
        // Compared as signed bytes, what is not ASCII is below the space as well.
        __m128i stop = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, backslash)),
                                    _mm_cmplt_epi8(v, space));
        unsigned mask = (unsigned)_mm_movemask_epi8(stop);
        if (mask)
            return p + __builtin_ctz(mask);
    }
    if (WEIR_LIKELY(end - begin >= 16)) { // the last 16 bytes of the text, those before P shifted out
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(end - 16));
        __m128i stop = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, backslash)),
                                    _mm_cmplt_epi8(v, space));
        unsigned mask = (unsigned)_mm_movemask_epi8(stop) >> (16 - (end - p));
        return mask ? p + __builtin_ctz(mask) : end;
    }
#else
    (void)begin;
#endif
    while (p < end && (unsigned char)*p < 0x80 && weir_json_is_plain(*p))
        p++;
    return p;
}

// A string at P, behind its quote: to its end or, rarely, a call.
static inline bool weir_json_string_at(struct weir_ctx *w, struct weir_json *j, const char *begin, struct weir_str *v)
{
    const char *p = weir_json_plain(j->begin, begin, j->end);
    if (WEIR_UNLIKELY(p == j->end || *p != '"'))
        return weir_json_string_rest(w, j, begin, p, v);
    if (v)
        *v = (struct weir_str){begin, (size_t)(p - begin)};
    j->p = p + 1;
    return true;
}

WEIR_INLINE void weir_json_start(struct weir_json *j, struct weir_str text)
{
    *j = (struct weir_json){text.p, text.p + text.n, text.p, 0};
}

WEIR_INLINE bool weir_json_finish(struct weir_ctx *w, struct weir_json *j)
{
    if (WEIR_UNLIKELY(j->p != j->end)) {
        j->p = weir_json_blank_slow(j->p, j->end);
        if (j->p != j->end)
            return weir_json_expected(w, j, "the end of the text");
    }
    return true;
}

static inline bool weir_json_open(struct weir_ctx *w, struct weir_json *j, char bracket, const char *what)
{
    j->p = weir_json_blank(j->p, j->end);
    if (WEIR_UNLIKELY(j->p == j->end || *j->p != bracket))
        return weir_json_expected(w, j, what);
    if (WEIR_UNLIKELY(++j->depth > WEIR_JSON_DEPTH))
        return weir_json_too_deep(w, j);
    j->p++;
    return true;
}

WEIR_INLINE bool weir_json_object(struct weir_ctx *w, struct weir_json *j)
{
    return weir_json_open(w, j, '{', "an object");
}

WEIR_INLINE bool weir_json_array(struct weir_ctx *w, struct weir_json *j)
{
    return weir_json_open(w, j, '[', "an array");
}

// Up to the next field or item, or behind the bracket that ends them: true if there is another.
static inline bool weir_json_next(struct weir_ctx *w, struct weir_json *j, bool *first, char bracket, const char *what)
{
    const char *p = weir_json_blank(j->p, j->end);
    j->p = p;
    if (WEIR_UNLIKELY(p == j->end))
        return weir_json_expected(w, j, what);
    if (WEIR_LIKELY(*p == ',' && !*first)) {
        j->p = weir_json_blank(p + 1, j->end);
        return true;
    }
    if (WEIR_LIKELY(*p == bracket)) {
        j->p++;
        j->depth--;
        return false;
    }
    if (WEIR_LIKELY(*first)) {
        *first = false;
        return true;
    }
    return weir_json_expected(w, j, what);
}

// A field's name and the colon behind it.
static inline bool weir_json_read_name(struct weir_ctx *w, struct weir_json *j, struct weir_str *name)
{
    if (WEIR_UNLIKELY(j->p == j->end || *j->p != '"'))
        return weir_json_expected(w, j, "a field's name");
    if (!weir_json_string_at(w, j, j->p + 1, name))
        return false;
    const char *p = weir_json_blank(j->p, j->end);
    if (WEIR_UNLIKELY(p == j->end || *p != ':')) {
        j->p = p;
        return weir_json_expected(w, j, "`:`");
    }
    j->p = p + 1;
    return true;
}

WEIR_INLINE bool weir_json_next_field(struct weir_ctx *w, struct weir_json *j, bool *first, struct weir_str *name)
{
    return weir_json_next(w, j, first, '}', "`,` or `}`") && weir_json_read_name(w, j, name);
}

// True if the text goes on with just the bytes of NAME, quotes and colon included. No branch depends on its length, nor does P on its bytes.
static inline bool weir_json_is_next(const struct weir_json *j, const struct weir_json_name *name)
{
#ifdef __SSE2__
    if (WEIR_LIKELY(j->end - j->p >= 32)) {
        const __m128i *p = (const __m128i *)(const void *)j->p, *q = (const __m128i *)(const void *)name->quoted;
        unsigned low = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128(p), _mm_loadu_si128(q)));
        unsigned high = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128(p + 1), _mm_loadu_si128(q + 1)));
        uint64_t wanted = (UINT64_C(1) << name->quoted_n) - 1;
        return name->quoted_n && (((uint64_t)high << 16 | low) & wanted) == wanted;
    }
#endif
    return name->quoted_n && (size_t)(j->end - j->p) >= name->quoted_n &&
           memcmp(j->p, name->quoted, name->quoted_n) == 0;
}

WEIR_INLINE int weir_json_next_known(struct weir_ctx *w, struct weir_json *j, bool *first,
                                     const struct weir_json_name *names, int count, int *next)
{
    if (!weir_json_next(w, j, first, '}', "`,` or `}`"))
        return WEIR_JSON_END;
    if (WEIR_LIKELY(*next < count && weir_json_is_next(j, &names[*next]))) {
        j->p += names[*next].quoted_n;
        return (*next)++;
    }
    struct weir_str name;
    return weir_json_read_name(w, j, &name) ? weir_json_find_name(name, names, count, next) : WEIR_JSON_END;
}

WEIR_INLINE bool weir_json_next_item(struct weir_ctx *w, struct weir_json *j, bool *first)
{
    return weir_json_next(w, j, first, ']', "`,` or `]`");
}

WEIR_INLINE bool weir_json_null(struct weir_ctx *w, struct weir_json *j)
{
    (void)w;
    j->p = weir_json_blank(j->p, j->end);
    if (WEIR_LIKELY(j->p == j->end || *j->p != 'n'))
        return false;
    if (j->end - j->p < 4 || memcmp(j->p, "null", 4) != 0)
        return false; // whatever reads on reports it
    j->p += 4;
    return true;
}

WEIR_INLINE bool weir_json_read_string(struct weir_ctx *w, struct weir_json *j, struct weir_str *v)
{
    j->p = weir_json_blank(j->p, j->end);
    if (WEIR_UNLIKELY(j->p == j->end || *j->p != '"'))
        return weir_json_expected(w, j, "a string");
    return weir_json_string_at(w, j, j->p + 1, v);
}

// Up to 18 digits that nothing follows which could belong to the number; all else is a call.
WEIR_INLINE bool weir_json_read_i64(struct weir_ctx *w, struct weir_json *j, int64_t *v)
{
    const char *p = j->p = weir_json_blank(j->p, j->end);
    const char *end = j->end;
    bool negative = p < end && *p == '-';
    p += negative;
    const char *begin = p;
    int64_t n = 0;
    const char *stop = end - p > 18 ? p + 18 : end;
    unsigned digit;
    while (p < stop && (digit = (unsigned)(unsigned char)*p - '0') <= 9) {
        n = n * 10 + digit;
        p++;
    }
    if (WEIR_UNLIKELY(p == begin || p == end || (*p != ',' && *p != '}' && *p != ']') ||
                      (*begin == '0' && p - begin > 1)))
        return weir_json_read_i64_slow(w, j, v);
    *v = negative ? -n : n;
    j->p = p;
    return true;
}

WEIR_INLINE bool weir_json_read_i32(struct weir_ctx *w, struct weir_json *j, int32_t *v)
{
    int64_t n;
    struct weir_json at = *j;
    if (!weir_json_read_i64(w, j, &n))
        return false;
    *v = (int32_t)n;
    return WEIR_LIKELY(n >= INT32_MIN && n <= INT32_MAX) ? true : weir_json_not_i32(w, &at, n);
}

WEIR_INLINE bool weir_json_skip(struct weir_ctx *w, struct weir_json *j)
{
    j->p = weir_json_blank(j->p, j->end);
    if (WEIR_LIKELY(j->p < j->end && *j->p == '"'))
        return weir_json_string_at(w, j, j->p + 1, NULL);
    return weir_json_skip_slow(w, j);
}

// That these return false is for the compiler to see: then it knows which fields have been read.
WEIR_INLINE bool weir_json_in_field(struct weir_ctx *w, const char *name)
{
    weir_json_failed_in_field(w, name);
    return false;
}

WEIR_INLINE bool weir_json_in_item(struct weir_ctx *w, size_t index)
{
    weir_json_failed_in_item(w, index);
    return false;
}

WEIR_INLINE bool weir_json_missing(struct weir_ctx *w, const char *name)
{
    weir_json_failed_missing(w, name);
    return false;
}

#undef WEIR_COLD
#endif
