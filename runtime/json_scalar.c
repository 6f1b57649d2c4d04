// The types that JSON has no word for: bytes, timestamps, dates.
#include "base64.h"
#include "ctx.h"
#include "iso_time.h"
#include "weir_json.h"

static bool wrong_text(struct weir_ctx *w, const struct weir_json *at, struct weir_str text, const char *what)
{
    weir_fail(w, WEIR_BAD_DECODE, "\"%s\" is not %s at byte %zu", ctx_excerpt(w, text), what,
              (size_t)(at->p - at->begin));
    return false;
}

bool weir_json_read_bytes(struct weir_ctx *w, struct weir_json *j, struct weir_str *v)
{
    struct weir_str text;
    struct weir_json at = *j;
    if (!weir_json_read_string(w, j, &text))
        return false;
    char *bytes = weir_alloc(w, text.n / 4 * 3);
    *v = (struct weir_str){bytes, 0};
    return base64_decode(bytes, &v->n, text) ? true : wrong_text(w, &at, text, "base64");
}

// True if a string stands at j, which it then has read.
static bool is_text(struct weir_ctx *w, struct weir_json *j, struct weir_str *text)
{
    j->p = weir_json_blank(j->p, j->end);
    return j->p < j->end && *j->p == '"' && weir_json_read_string(w, j, text);
}

bool weir_json_read_timestamp(struct weir_ctx *w, struct weir_json *j, int64_t *v)
{
    struct weir_str text;
    struct weir_json at = *j;
    if (is_text(w, j, &text))
        return iso_parse_timestamp(text, v) ? true : wrong_text(w, &at, text, "an ISO 8601 time");
    return w->bad ? false : weir_json_read_i64(w, j, v);
}

bool weir_json_read_date(struct weir_ctx *w, struct weir_json *j, int32_t *v)
{
    struct weir_str text;
    struct weir_json at = *j;
    if (is_text(w, j, &text))
        return iso_parse_date(text, v) ? true : wrong_text(w, &at, text, "a date like 2024-05-01");
    return w->bad ? false : weir_json_read_i32(w, j, v);
}
