// JSON in and out, for generated decoders and encoders: one pass, no padding needed behind the text, UTF-8 and grammar checked throughout
// (RFC 8259). A reader that fails sets w->bad ("expected a number, found a string at byte 17") and returns false; callers return at once.
#ifndef WEIR_JSON_H
#define WEIR_JSON_H

#include "weir_ctx.h"

struct weir_json {
    const char *p, *end; // what is still to be read
    const char *begin;   // of the whole text, for messages
    int depth;           // objects and arrays that are open
};

#define WEIR_JSON_DEPTH 256 // deeper nesting is a bad record

// ---- reading ----

WEIR_INLINE void weir_json_start(struct weir_json *j, struct weir_str text);
// Only white space may follow.
WEIR_INLINE bool weir_json_finish(struct weir_ctx *w, struct weir_json *j);

// Objects:
//     if (!weir_json_object(w, j)) return false;              // reads '{'
//     struct weir_str name;
//     bool first = true;
//     while (weir_json_next_field(w, j, &first, &name)) ...read the value...   // false at '}' or on failure (w->bad)
// NAME is a slice of the text unless it has escapes.
WEIR_INLINE bool weir_json_object(struct weir_ctx *w, struct weir_json *j);
WEIR_INLINE bool weir_json_next_field(struct weir_ctx *w, struct weir_json *j, bool *first, struct weir_str *name);
// The same for an object whose fields are known: *NEXT, 0 at first, is the field that is guessed to come next, so that fields in the order of NAMES
// cost least. Returns the field's index, WEIR_JSON_OTHER (its value is still there to be skipped), or WEIR_JSON_END at '}' or on failure.
struct weir_json_name {
    const char *name;
    uint32_t n;        // bytes of it
    uint32_t quoted_n; // of the next; 0: too long for it, or the name needs escapes in JSON
    char quoted[32];   // "name":
};
#define WEIR_JSON_OTHER (-1)
#define WEIR_JSON_END (-2)
WEIR_INLINE int weir_json_next_known(struct weir_ctx *w, struct weir_json *j, bool *first,
                                     const struct weir_json_name *names, int count, int *next);
// Arrays alike: weir_json_array reads '[', weir_json_next_item is false at ']' or on failure.
WEIR_INLINE bool weir_json_array(struct weir_ctx *w, struct weir_json *j);
WEIR_INLINE bool weir_json_next_item(struct weir_ctx *w, struct weir_json *j, bool *first);
// Reads `null` if it stands here; false (and nothing read) otherwise.
WEIR_INLINE bool weir_json_null(struct weir_ctx *w, struct weir_json *j);

bool weir_json_read_bool(struct weir_ctx *w, struct weir_json *j, bool *v);
// 1, 1.0 and 1e0 are 1; 1.5 is not an integer
WEIR_INLINE bool weir_json_read_i32(struct weir_ctx *w, struct weir_json *j, int32_t *v);
WEIR_INLINE bool weir_json_read_i64(struct weir_ctx *w, struct weir_json *j, int64_t *v); // exact beyond 2^53
bool weir_json_read_f32(struct weir_ctx *w, struct weir_json *j, float *v);
bool weir_json_read_f64(struct weir_ctx *w, struct weir_json *j, double *v);
// exact or bad
bool weir_json_read_dec(struct weir_ctx *w, struct weir_json *j, int precision, int scale, struct weir_dec *v);
// a slice unless it has escapes
WEIR_INLINE bool weir_json_read_string(struct weir_ctx *w, struct weir_json *j, struct weir_str *v);
bool weir_json_read_bytes(struct weir_ctx *w, struct weir_json *j, struct weir_str *v); // base64
bool weir_json_read_timestamp(struct weir_ctx *w, struct weir_json *j, int64_t *v);     // milliseconds or ISO 8601
bool weir_json_read_date(struct weir_ctx *w, struct weir_json *j, int32_t *v);          // "2024-05-01" or days
bool weir_json_read_duration(struct weir_ctx *w, struct weir_json *j, int64_t *v);      // milliseconds
bool weir_json_read_any(struct weir_ctx *w, struct weir_json *j, struct weir_str *v); // any value, checked, as its text
// Checks and passes one value at memory speed.
WEIR_INLINE bool weir_json_skip(struct weir_ctx *w, struct weir_json *j);

// Looks ahead in the object at j (not moving it) for string field TAG: the tag of a union. False (w->bad set) if there is none.
bool weir_json_find_tag(struct weir_ctx *w, const struct weir_json *j, struct weir_str tag, struct weir_str *value);

// Enums and unions: the index of a text among the COUNT names of the cases. Of a JSON string; of string field TAG of the object at j, which is
// not moved; of any text (case.c).
bool weir_json_read_case(struct weir_ctx *w, struct weir_json *j, const struct weir_str *names, int count, int32_t *v);
bool weir_json_read_tag(struct weir_ctx *w, const struct weir_json *j, const char *tag, const struct weir_str *names,
                        int count, int32_t *v);
bool weir_case_of(struct weir_ctx *w, struct weir_str text, const struct weir_str *names, int count, int32_t *v);

// Prefix the failure with the place in the value, innermost first ("items[3].qty: expected ..."); return false.
WEIR_INLINE bool weir_json_in_field(struct weir_ctx *w, const char *name);
WEIR_INLINE bool weir_json_in_item(struct weir_ctx *w, size_t index);
WEIR_INLINE bool weir_json_missing(struct weir_ctx *w, const char *name); // "field `name` is missing"

// ---- writing ----

struct weir_buf {
    char *p; // begin, in the arena
    size_t n, capacity;
    struct weir_ctx *w;
};

void weir_buf_init(struct weir_ctx *w, struct weir_buf *b, size_t capacity);
void weir_buf_grow(struct weir_buf *b, size_t more); // room for MORE bytes behind n; moves the text when it must

static inline void weir_buf_need(struct weir_buf *b, size_t more)
{
    if (WEIR_UNLIKELY(b->capacity - b->n < more))
        weir_buf_grow(b, more);
}

static inline void weir_put(struct weir_buf *b, const char *text, size_t n)
{
    weir_buf_need(b, n);
    if (n > 0) // TEXT may be NULL, of a failed record
        memcpy(b->p + b->n, text, n);
    b->n += n;
}
static inline void weir_put_text(struct weir_buf *b, const char *text)
{
    weir_put(b, text, strlen(text));
}

#define weir_put_lit(b, literal) weir_put((b), literal, sizeof(literal) - 1)

static inline struct weir_str weir_buf_str(const struct weir_buf *b)
{
    return (struct weir_str){b->p, b->n};
}

void weir_put_bool(struct weir_buf *b, bool v);
void weir_put_i64(struct weir_buf *b, int64_t v);
void weir_put_f32(struct weir_buf *b, float v); // shortest that reads back; NaN and infinities fail the record
void weir_put_f64(struct weir_buf *b, double v);
void weir_put_dec(struct weir_buf *b, struct weir_dec v, int scale); // with all digits of the scale
void weir_put_string(struct weir_buf *b, struct weir_str v);         // quoted and escaped
void weir_put_bytes(struct weir_buf *b, struct weir_str v);          // base64, quoted
void weir_put_timestamp_iso(struct weir_buf *b, int64_t v); // "2024-05-01T10:00:00Z", fraction only if it has one
void weir_put_date(struct weir_buf *b, int32_t v);
void weir_put_json(struct weir_buf *b, struct weir_str v); // already JSON text

#include "weir_json_inline.h"

#endif
