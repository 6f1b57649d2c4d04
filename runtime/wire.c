#include "weir_wire.h"

#include "weir_fn.h"

static bool has_size(struct weir_ctx *w, struct weir_str bytes, size_t size, const char *type)
{
    if (bytes.n == size)
        return true;
    weir_fail(w, WEIR_BAD_DECODE, "expected the %zu byte%s of a serialized %s, found %zu byte%s", size,
              size == 1 ? "" : "s", type, bytes.n, bytes.n == 1 ? "" : "s");
    return false;
}

bool weir_wire_to_string(struct weir_ctx *w, struct weir_str bytes, struct weir_str *v)
{
    if (!weir_validate_utf8(bytes.p, bytes.n)) {
        weir_fail(w, WEIR_BAD_DECODE, "the string is not UTF-8");
        return false;
    }
    *v = bytes;
    return true;
}

bool weir_wire_to_bool(struct weir_ctx *w, struct weir_str bytes, bool *v)
{
    if (!has_size(w, bytes, 1, "bool"))
        return false;
    if ((unsigned char)*bytes.p > 1) {
        weir_fail(w, WEIR_BAD_DECODE, "expected a serialized bool, 0 or 1, found %d", (unsigned char)*bytes.p);
        return false;
    }
    *v = *bytes.p != 0;
    return true;
}

#define NUMBER(name, c_type, type)                                                 \
    bool weir_wire_to_##name(struct weir_ctx *w, struct weir_str bytes, c_type *v) \
    {                                                                              \
        if (!has_size(w, bytes, sizeof *v, type))                                  \
            return false;                                                          \
        *v = weir_get_##name##be(bytes.p);                                         \
        return true;                                                               \
    }                                                                              \
    struct weir_str weir_wire_of_##name(struct weir_ctx *w, c_type v)              \
    {                                                                              \
        char *p = weir_alloc(w, sizeof v);                                         \
        weir_put_##name##be(p, v);                                                 \
        return (struct weir_str){p, sizeof v};                                     \
    }
NUMBER(i32, int32_t, "int32")
NUMBER(i64, int64_t, "int64")
NUMBER(f32, float, "float32")
NUMBER(f64, double, "float64")

struct weir_str weir_wire_of_bool(struct weir_ctx *w, bool v)
{
    (void)w;
    return v ? WEIR_STR("\1") : WEIR_STR("\0");
}

bool weir_csv_end(struct weir_ctx *w, const struct weir_csv *csv)
{
    if (!csv->p)
        return true;
    weir_fail(w, WEIR_BAD_DECODE, "the line has more fields than its type");
    return false;
}

void weir_csv_failed_in_field(struct weir_ctx *w, const char *name)
{
    w->cause = WEIR_BAD_DECODE;
    weir_json_in_field(w, name);
}

int64_t weir_csv_timestamp(struct weir_ctx *w, struct weir_str text)
{
    size_t digits = text.n > 0 && text.p[0] == '-';
    while (digits < text.n && text.p[digits] >= '0' && text.p[digits] <= '9')
        digits++;
    return digits == text.n ? weir_i64_of_string(w, text) : weir_timestamp_of_string(w, text);
}
