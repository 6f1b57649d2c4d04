// encode and decode.
#include "base64.h"
#include "ctx.h"
#include "text.h"
#include "weir_fn.h"

static struct weir_str unknown_form(struct weir_ctx *w, struct weir_str form)
{
    weir_fail(w, WEIR_BAD_CONVERSION, "unknown form \"%s\": hex, base64 or utf8", ctx_excerpt(w, form));
    return WEIR_NULL_STR;
}

static struct weir_str checked_text(struct weir_ctx *w, struct weir_str bytes)
{
    if (weir_validate_utf8(bytes.n ? bytes.p : "", bytes.n))
        return bytes;
    weir_fail(w, WEIR_BAD_CONVERSION, "%zu bytes are not UTF-8", bytes.n);
    return WEIR_NULL_STR;
}

struct weir_str weir_encode(struct weir_ctx *w, struct weir_str bytes, struct weir_str form)
{
    if (text_is(form, "utf8"))
        return checked_text(w, bytes);
    bool hex = text_is(form, "hex");
    if (!hex && !text_is(form, "base64"))
        return unknown_form(w, form);
    size_t n = hex ? bytes.n * 2 : base64_size(bytes.n);
    if (!weir_fits(w, n))
        return WEIR_NULL_STR;
    char *out = weir_alloc(w, n);
    if (hex)
        hex_encode(out, bytes);
    else
        base64_encode(out, bytes);
    return (struct weir_str){out, n};
}

struct weir_str weir_decode(struct weir_ctx *w, struct weir_str text, struct weir_str form)
{
    if (text_is(form, "utf8"))
        return text;
    char *out = weir_alloc(w, text.n);
    size_t n = text.n / 2;
    bool ok;
    if (text_is(form, "hex"))
        ok = hex_decode(out, text);
    else if (text_is(form, "base64"))
        ok = base64_decode(out, &n, text);
    else
        return unknown_form(w, form);
    if (ok)
        return (struct weir_str){out, n};
    weir_fail(w, WEIR_BAD_CONVERSION, "\"%s\" is not %s", ctx_excerpt(w, text), ctx_excerpt(w, form));
    return WEIR_NULL_STR;
}

struct weir_str weir_decode_text(struct weir_ctx *w, struct weir_str bytes, struct weir_str form)
{
    return text_is(form, "utf8") ? checked_text(w, bytes) : checked_text(w, weir_decode(w, bytes, form));
}

struct weir_str weir_string_of_bytes(struct weir_ctx *w, struct weir_str bytes)
{
    return checked_text(w, bytes);
}
