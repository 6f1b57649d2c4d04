// Keys and values that are not JSON: Kafka's binary serdes (big-endian, as its IntegerSerializer and the others write) and CSV (RFC 4180).
#ifndef WEIR_WIRE_H
#define WEIR_WIRE_H

#include "weir_json.h"

// ---- big-endian numbers; P has 4 or 8 bytes ----

WEIR_INLINE int32_t weir_get_i32be(const char *p);
WEIR_INLINE int64_t weir_get_i64be(const char *p);
WEIR_INLINE float weir_get_f32be(const char *p);
WEIR_INLINE double weir_get_f64be(const char *p);
WEIR_INLINE void weir_put_i32be(char *p, int32_t v);
WEIR_INLINE void weir_put_i64be(char *p, int64_t v);
WEIR_INLINE void weir_put_f32be(char *p, float v);
WEIR_INLINE void weir_put_f64be(char *p, double v);

// ---- whole keys and values: false (w->bad set) if BYTES are not one (wire.c) ----

bool weir_wire_to_string(struct weir_ctx *w, struct weir_str bytes, struct weir_str *v); // checks that it is UTF-8
bool weir_wire_to_bool(struct weir_ctx *w, struct weir_str bytes, bool *v);
bool weir_wire_to_i32(struct weir_ctx *w, struct weir_str bytes, int32_t *v);
bool weir_wire_to_i64(struct weir_ctx *w, struct weir_str bytes, int64_t *v);
bool weir_wire_to_f32(struct weir_ctx *w, struct weir_str bytes, float *v);
bool weir_wire_to_f64(struct weir_ctx *w, struct weir_str bytes, double *v);
struct weir_str weir_wire_of_bool(struct weir_ctx *w, bool v);
struct weir_str weir_wire_of_i32(struct weir_ctx *w, int32_t v);
struct weir_str weir_wire_of_i64(struct weir_ctx *w, int64_t v);
struct weir_str weir_wire_of_f32(struct weir_ctx *w, float v);
struct weir_str weir_wire_of_f64(struct weir_ctx *w, double v);

// ---- CSV: one record, without or with its line end ----

struct weir_csv {
    const char *p, *end; // what is still to be read; P NULL: all is read
    char delimiter;
};

void weir_csv_start(struct weir_csv *csv, struct weir_str line, char delimiter);
// The next field: a slice of the line, or in the arena if it has doubled quotes. False if there is none, or (w->bad set) if quotes are wrong.
// QUOTED tells "" from nothing, which is null. A field that is not UTF-8 is a failure too.
bool weir_csv_next(struct weir_ctx *w, struct weir_csv *csv, struct weir_str *field, bool *quoted);
// False, with the record failed, if there is another field.
bool weir_csv_end(struct weir_ctx *w, const struct weir_csv *csv);
// A field that is not what its type says: names it in the failure; returns false.
WEIR_INLINE bool weir_csv_in_field(struct weir_ctx *w, const char *name);
void weir_csv_failed_in_field(struct weir_ctx *w, const char *name);
int64_t weir_csv_timestamp(struct weir_ctx *w, struct weir_str text); // milliseconds or ISO 8601
// TEXT as a field, in quotes if it needs them. The delimiters between fields are the caller's.
void weir_csv_put(struct weir_buf *b, struct weir_str text, char delimiter);

#ifndef __TINYC__
WEIR_INLINE bool weir_csv_in_field(struct weir_ctx *w, const char *name)
{
    weir_csv_failed_in_field(w, name);
    return false;
}

WEIR_INLINE int32_t weir_get_i32be(const char *p)
{
    uint32_t v;
    memcpy(&v, p, sizeof v);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    v = __builtin_bswap32(v);
#endif
    return (int32_t)v;
}

WEIR_INLINE int64_t weir_get_i64be(const char *p)
{
    uint64_t v;
    memcpy(&v, p, sizeof v);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    v = __builtin_bswap64(v);
#endif
    return (int64_t)v;
}

WEIR_INLINE void weir_put_i32be(char *p, int32_t v)
{
    int32_t big = weir_get_i32be((const char *)&v);
    memcpy(p, &big, sizeof big);
}

WEIR_INLINE void weir_put_i64be(char *p, int64_t v)
{
    int64_t big = weir_get_i64be((const char *)&v);
    memcpy(p, &big, sizeof big);
}

WEIR_INLINE float weir_get_f32be(const char *p)
{
    int32_t bits = weir_get_i32be(p);
    float v;
    memcpy(&v, &bits, sizeof v);
    return v;
}

WEIR_INLINE double weir_get_f64be(const char *p)
{
    int64_t bits = weir_get_i64be(p);
    double v;
    memcpy(&v, &bits, sizeof v);
    return v;
}

WEIR_INLINE void weir_put_f32be(char *p, float v)
{
    int32_t bits;
    memcpy(&bits, &v, sizeof bits);
    weir_put_i32be(p, bits);
}

WEIR_INLINE void weir_put_f64be(char *p, double v)
{
    int64_t bits;
    memcpy(&bits, &v, sizeof bits);
    weir_put_i64be(p, bits);
}
#endif

#endif
