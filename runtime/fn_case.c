// Upper and lower case by Unicode: utf8proc's mapping of one code point to one, and the common ones to several (SpecialCasing.txt).
#include "codepoint.h"
#include "text.h"
#include "weir_fn.h"
#include "weir_json.h"

#include <utf8proc.h>

struct special {
    int32_t code;
    const char *upper, *title;
};

static const struct special specials[] = {
    {0x00DF, "SS", "Ss"},
    {0x0149, "\u02BCN", "\u02BCN"},
    {0x01F0, "J\u030C", "J\u030C"},
    {0x0390, "\u0399\u0308\u0301", "\u0399\u0308\u0301"},
    {0x03B0, "\u03A5\u0308\u0301", "\u03A5\u0308\u0301"},
    {0x0587, "\u0535\u0552", "\u0535\u0582"},
    {0x1E96, "H\u0331", "H\u0331"},
    {0x1E97, "T\u0308", "T\u0308"},
    {0x1E98, "W\u030A", "W\u030A"},
    {0x1E99, "Y\u030A", "Y\u030A"},
    {0x1E9A, "A\u02BE", "A\u02BE"},
    {0xFB00, "FF", "Ff"},
    {0xFB01, "FI", "Fi"},
    {0xFB02, "FL", "Fl"},
    {0xFB03, "FFI", "Ffi"},
    {0xFB04, "FFL", "Ffl"},
    {0xFB05, "ST", "St"},
    {0xFB06, "ST", "St"},
};

enum letter_case { LOWER, UPPER, TITLE };

static const struct special *find_special(int32_t code)
{
    for (size_t i = 0; i < sizeof specials / sizeof *specials; i++) {
        if (specials[i].code == code)
            return &specials[i];
    }
    return NULL;
}

static bool is_letter(int32_t code)
{
    utf8proc_category_t category = utf8proc_category(code);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
}

// A sigma at the end of a word has a form of its own.
static bool is_final_sigma(struct weir_str text, size_t at)
{
    size_t after = at + 2, before = at;
    if (before == 0 || (after < text.n && is_letter(codepoint_read(text.p + after))))
        return false;
    do
        before--;
    while (before > 0 && codepoint_is_tail(text.p[before]));
    return is_letter(codepoint_read(text.p + before));
}

static void put_codepoint(struct weir_buf *b, int32_t code)
{
    weir_buf_need(b, 4);
    b->n += codepoint_write(b->p + b->n, (uint32_t)code);
}

static void put_lower(struct weir_buf *b, struct weir_str text, size_t at, int32_t code)
{
    if (code == 0x130)
        weir_put_lit(b, "i\u0307");
    else if (code == 0x3A3 && is_final_sigma(text, at))
        put_codepoint(b, 0x3C2);
    else
        put_codepoint(b, utf8proc_tolower(code));
}

static void put_upper(struct weir_buf *b, int32_t code, bool title)
{
    const struct special *special = find_special(code);
    if (special) {
        const char *to = title ? special->title : special->upper;
        weir_put(b, to, strlen(to));
    } else {
        put_codepoint(b, title ? utf8proc_totitle(code) : utf8proc_toupper(code));
    }
}

static int32_t ascii_case(int32_t code, enum letter_case to)
{
    if (to == LOWER)
        return code >= 'A' && code <= 'Z' ? code + 32 : code;
    return code >= 'a' && code <= 'z' ? code - 32 : code;
}

// WORDS: the first letter of each is TITLE, the others LOWER.
static struct weir_str convert(struct weir_ctx *w, struct weir_str text, enum letter_case to, bool words)
{
    struct weir_buf b;
    bool start = true;
    weir_buf_init(w, &b, text.n);
    for (size_t i = 0, n; i < text.n && !w->bad; i += n) {
        int32_t code = codepoint_read(text.p + i);
        enum letter_case here = !words ? to : start ? TITLE : LOWER;
        n = codepoint_length(text.p[i]);
        start = text_is_space(code);
        if (code < 0x80) {
            weir_buf_need(&b, 1);
            b.p[b.n++] = (char)ascii_case(code, here);
        } else if (here == LOWER) {
            put_lower(&b, text, i, code);
        } else {
            put_upper(&b, code, here == TITLE);
        }
    }
    return weir_buf_str(&b);
}

struct weir_str weir_lower(struct weir_ctx *w, struct weir_str text)
{
    return convert(w, text, LOWER, false);
}

struct weir_str weir_upper(struct weir_ctx *w, struct weir_str text)
{
    return convert(w, text, UPPER, false);
}

struct weir_str weir_initcap(struct weir_ctx *w, struct weir_str text)
{
    return convert(w, text, LOWER, true);
}
