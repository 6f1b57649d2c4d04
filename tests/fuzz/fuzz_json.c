// Any bytes as JSON: what is accepted can be read again in every way, and gives the same when written.
#include <stdlib.h>

#include "ctx.h"
#include "weir_fn.h"
#include "weir_json.h"
#include "weir_ops.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct weir_ctx ctx;
static struct weir_ctx *const w = &ctx;

static void must(bool ok)
{
    if (!ok)
        abort();
}

static bool read_value(struct weir_json *j, struct weir_buf *b);

static bool read_object(struct weir_json *j, struct weir_buf *b)
{
    static const struct weir_json_name names[] = {{"a", 1, 4, "\"a\":"}, {"bc", 2, 5, "\"bc\":"}};
    struct weir_json known = *j;
    struct weir_str name;
    bool first = true, more = false;
    int next = 0;
    must(weir_json_object(w, j) && weir_json_object(w, &known));
    weir_put_lit(b, "{");
    while (weir_json_next_field(w, j, &first, &name)) {
        bool known_first = !more;
        int field = weir_json_next_known(w, &known, &known_first, names, 2, &next);
        must(field == (weir_eq_str(name, WEIR_STR("a")) ? 0 : weir_eq_str(name, WEIR_STR("bc")) ? 1 : WEIR_JSON_OTHER));
        must(weir_json_skip(w, &known));
        if (more)
            weir_put_lit(b, ",");
        more = true;
        weir_put_string(b, name);
        weir_put_lit(b, ":");
        if (!read_value(j, b))
            return false;
    }
    weir_put_lit(b, "}");
    return !w->bad;
}

static bool read_array(struct weir_json *j, struct weir_buf *b)
{
    bool first = true, more = false;
    must(weir_json_array(w, j));
    weir_put_lit(b, "[");
    while (weir_json_next_item(w, j, &first)) {
        if (more)
            weir_put_lit(b, ",");
        more = true;
        if (!read_value(j, b))
            return false;
    }
    weir_put_lit(b, "]");
    return !w->bad;
}

// A number as the first of int64, decimal and float64 that takes it.
static void read_number(struct weir_json *j, struct weir_buf *b)
{
    struct weir_json at = *j;
    struct weir_try saved = weir_try_begin(w);
    int64_t whole;
    struct weir_dec dec;
    double real;
    float narrow;
    if (weir_json_read_i64(w, j, &whole)) {
        weir_put_i64(b, whole);
    } else if (*j = at, w->bad = NULL, weir_json_read_dec(w, j, 38, 10, &dec)) {
        weir_put_dec(b, dec, 10);
    } else if (*j = at, w->bad = NULL, weir_json_read_f64(w, j, &real)) {
        weir_put_f64(b, real);
    } else {
        *j = at;
        w->bad = NULL;
        weir_put_lit(b, "0");
        must(weir_json_skip(w, j));
    }
    w->bad = NULL;
    must(weir_json_read_f32(w, &at, &narrow) || strstr(w->bad, "does not fit float32"));
    weir_try_end(w, saved);
}

static bool read_value(struct weir_json *j, struct weir_buf *b)
{
    struct weir_str text;
    bool truth;
    if (weir_json_null(w, j)) {
        weir_put_lit(b, "null");
        return true;
    }
    switch (j->p < j->end ? *j->p : 0) {
    case '{': return read_object(j, b);
    case '[': return read_array(j, b);
    case '"':
        if (!weir_json_read_string(w, j, &text))
            return false;
        must(weir_validate_utf8(text.p, text.n));
        weir_put_string(b, text);
        return true;
    case 't':
    case 'f':
        if (!weir_json_read_bool(w, j, &truth))
            return false;
        weir_put_bool(b, truth);
        return true;
    default: read_number(j, b); return true;
    }
}

static void scalars(struct weir_str text)
{
    struct weir_json j;
    int64_t time, duration;
    int32_t date, small;
    struct weir_str bytes;
    weir_json_start(&j, text);
    weir_json_read_timestamp(w, &j, &time);
    weir_json_start(&j, text);
    weir_json_read_date(w, &j, &date);
    weir_json_start(&j, text);
    weir_json_read_duration(w, &j, &duration);
    weir_json_start(&j, text);
    weir_json_read_i32(w, &j, &small);
    weir_json_start(&j, text);
    weir_json_read_bytes(w, &j, &bytes);
    weir_json_start(&j, text);
    weir_json_find_tag(w, &j, WEIR_STR("a"), &bytes);
    weir_ctx_reset(w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!w->block)
        weir_ctx_init(w);
    struct weir_str text = {(const char *)data, size};
    struct weir_json j;
    struct weir_buf b;
    scalars(text);
    weir_json_start(&j, text);
    bool accepted = weir_json_skip(w, &j) && weir_json_finish(w, &j);
    must(accepted == !w->bad);
    if (accepted) {
        must(weir_validate_utf8(text.p, text.n));
        weir_json_get(w, text, WEIR_STR("$.a[0].bc"));
        weir_buf_init(w, &b, 0);
        weir_json_start(&j, text);
        must(read_value(&j, &b) && weir_json_finish(w, &j));
        weir_json_start(&j, weir_buf_str(&b));
        must(weir_json_skip(w, &j) && weir_json_finish(w, &j));
    }
    weir_ctx_reset(w);
    return 0;
}
