#include <stdlib.h>

#include "iso_time.h"
#include "query.h"

static bool is_json(struct weir_ctx *w, struct weir_str text)
{
    struct weir_json j;
    struct weir_str any;
    struct weir_try before = weir_try_begin(w);
    weir_json_start(&j, text);
    bool good = weir_json_read_any(w, &j, &any) && weir_json_finish(w, &j);
    return !weir_try_end(w, before) && good;
}

static struct weir_str quoted(struct weir_ctx *w, struct weir_str text)
{
    struct weir_buf b;
    weir_buf_init(w, &b, text.n + 2);
    weir_put_string(&b, text);
    return weir_buf_str(&b);
}

static bool convert(struct weir_ctx *w, const struct weir_serde *serde, struct weir_str json, struct weir_str *bytes)
{
    struct weir_try before = weir_try_begin(w);
    *bytes = serde->from_json ? serde->from_json(w, json) : json;
    return !weir_try_end(w, before);
}

bool query_key(struct weir_ctx *w, const struct weir_serde *serde, struct weir_str text, struct weir_str *bytes)
{
    *bytes = text;
    if (serde->from_json == weir_string_from_json)
        return true;
    if ((is_json(w, text) && convert(w, serde, text, bytes)) || convert(w, serde, quoted(w, text), bytes))
        return true;
    weir_fail(w, WEIR_BAD_DECODE, "`%s` is no key of this store: its keys are %s, written as JSON",
              ctx_excerpt(w, text), serde->name);
    return false;
}

bool query_time(struct weir_ctx *w, struct weir_str text, int64_t *ms)
{
    const char *digits = text.n && text.p[0] == '-' ? text.p + 1 : text.p;
    size_t n = text.n - (size_t)(digits - text.p);
    if (n > 0 && n < 19 && strspn(digits, "0123456789") == n) {
        *ms = strtoll(text.p, NULL, 10);
        return true;
    }
    if (iso_parse_timestamp(text, ms))
        return true;
    weir_fail(w, WEIR_BAD_DECODE, "`%s` is no time: write 2024-05-01T10:00:00Z, or milliseconds since 1970",
              ctx_excerpt(w, text));
    return false;
}
