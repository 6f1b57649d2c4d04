// What functions of the user give back, and the memory that they ask for.
#include "weir_call.h"

#include "decimal.h"
#include "weir_fn.h"

void *weir_extern_alloc(struct weir_ctx *w, size_t size)
{
    return weir_fits(w, size) ? weir_alloc(w, size) : NULL;
}

static struct weir_str failed(void)
{
    return WEIR_STR("");
}

static void fail(struct weir_ctx *w, const struct weir_extern *of, const char *what)
{
    weir_fail(w, WEIR_BAD_USER, "`%s` (%s) gave %s", of->name, of->file, what);
}

struct weir_str weir_checked_bytes(struct weir_ctx *w, const struct weir_extern *of, struct weir_str v, bool optional)
{
    if (!w->bad && !v.p && !optional)
        fail(w, of, "null, but its type is not optional");
    if (w->bad || (v.p && !weir_fits(w, v.n)))
        return failed();
    return v.p ? v : WEIR_NULL_STR;
}

struct weir_str weir_checked_text(struct weir_ctx *w, const struct weir_extern *of, struct weir_str v, bool optional)
{
    v = weir_checked_bytes(w, of, v, optional);
    if (!v.p || weir_validate_utf8(v.p, v.n))
        return v;
    fail(w, of, "a string that is not UTF-8");
    return failed();
}

struct weir_dec weir_checked_dec(struct weir_ctx *w, const struct weir_extern *of, struct weir_dec v, int precision)
{
    weir_i128 n = (weir_i128)(((weir_u128)(uint64_t)v.hi << 64) | v.lo), limit = weir_pow10[precision];
    if (!w->bad && (n <= -limit || n >= limit))
        weir_fail(w, WEIR_BAD_USER, "`%s` (%s) gave a decimal of more than %d digits", of->name, of->file, precision);
    return w->bad ? (struct weir_dec){0} : v;
}

struct weir_opt_dec weir_checked_opt_dec(struct weir_ctx *w, const struct weir_extern *of, struct weir_opt_dec v,
                                         int precision)
{
    if (v.some)
        v.v = weir_checked_dec(w, of, v.v, precision);
    return v;
}

struct weir_list weir_checked_list(struct weir_ctx *w, const struct weir_extern *of, struct weir_list v, size_t size,
                                   bool optional)
{
    static const struct weir_list none = {"", 0};
    if (!w->bad && !v.v && !optional)
        fail(w, of, "null, but its type is not optional");
    if (w->bad || (v.v && !weir_fits(w, v.n <= WEIR_MAX_VALUE ? v.n * size : v.n)))
        return none;
    return v.v ? v : (struct weir_list){NULL, 0};
}

struct weir_list weir_checked_strings(struct weir_ctx *w, const struct weir_extern *of, struct weir_list v, bool text,
                                      bool nulls)
{
    const struct weir_str *elements = v.v;
    for (size_t i = 0; i < v.n && !w->bad; i++) {
        if (text)
            weir_checked_text(w, of, elements[i], nulls);
        else
            weir_checked_bytes(w, of, elements[i], nulls);
    }
    return w->bad ? (struct weir_list){"", 0} : v;
}
