// The scalar serdes: JSON text to Kafka's own binary form and back.
#include "weir_program.h"
#include "weir_wire.h"

// The one JSON value that TEXT is, read by READ; bytes made by the statement PUT from v.
#define FROM_JSON(name, c_type, read, put)                                            \
    struct weir_str weir_##name##_from_json(struct weir_ctx *w, struct weir_str text) \
    {                                                                                 \
        struct weir_json j;                                                           \
        c_type v;                                                                     \
        weir_json_start(&j, text);                                                    \
        if (!read(w, &j, &v) || !weir_json_finish(w, &j))                             \
            return WEIR_NULL_STR;                                                     \
        return put;                                                                   \
    }

#define TO_JSON(name, c_type, get, put)                                              \
    struct weir_str weir_##name##_to_json(struct weir_ctx *w, struct weir_str bytes) \
    {                                                                                \
        struct weir_buf b;                                                           \
        c_type v;                                                                    \
        if (!get(w, bytes, &v))                                                      \
            return WEIR_NULL_STR;                                                    \
        weir_buf_init(w, &b, 32);                                                    \
        put(&b, v);                                                                  \
        return weir_buf_str(&b);                                                     \
    }

static bool same_bytes(struct weir_ctx *w, struct weir_str bytes, struct weir_str *v)
{
    (void)w;
    *v = bytes;
    return true;
}

static void put_i32(struct weir_buf *b, int32_t v)
{
    weir_put_i64(b, v);
}

FROM_JSON(string, struct weir_str, weir_json_read_string, v)
FROM_JSON(bytes, struct weir_str, weir_json_read_bytes, v)
FROM_JSON(bool, bool, weir_json_read_bool, weir_wire_of_bool(w, v))
FROM_JSON(int32, int32_t, weir_json_read_i32, weir_wire_of_i32(w, v))
FROM_JSON(int64, int64_t, weir_json_read_i64, weir_wire_of_i64(w, v))
FROM_JSON(float32, float, weir_json_read_f32, weir_wire_of_f32(w, v))
FROM_JSON(float64, double, weir_json_read_f64, weir_wire_of_f64(w, v))

TO_JSON(string, struct weir_str, weir_wire_to_string, weir_put_string)
TO_JSON(bytes, struct weir_str, same_bytes, weir_put_bytes)
TO_JSON(bool, bool, weir_wire_to_bool, weir_put_bool)
TO_JSON(int32, int32_t, weir_wire_to_i32, put_i32)
TO_JSON(int64, int64_t, weir_wire_to_i64, weir_put_i64)
TO_JSON(float32, float, weir_wire_to_f32, weir_put_f32)
TO_JSON(float64, double, weir_wire_to_f64, weir_put_f64)

#define SERDE(id)                               \
    const struct weir_serde weir_serde_##id = { \
        .name = #id, .from_json = weir_##id##_from_json, .to_json = weir_##id##_to_json};
SERDE(string)
SERDE(bytes)
SERDE(bool)
SERDE(int32)
SERDE(int64)
SERDE(float32)
SERDE(float64)
