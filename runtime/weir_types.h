// Values of more than one word, as generated code, the runtime and functions in C (weir_extern.h) pass them.
#ifndef WEIR_TYPES_H
#define WEIR_TYPES_H

struct weir_str {
    const char *p; // NULL: null. Not NUL-terminated.
    size_t n;      // bytes
};

// A scaled 128-bit integer in two's complement; precision and scale are the type's. tcc has no __int128, so both back ends see this.
struct weir_dec {
    uint64_t lo;
    int64_t hi;
};

struct weir_list {
    const void *v; // NULL: null; else n elements of the element's C type
    size_t n;
};

struct weir_opt_bool {
    bool v, some;
};
struct weir_opt_i32 {
    int32_t v;
    bool some;
};
struct weir_opt_i64 {
    int64_t v;
    bool some;
};
struct weir_opt_f32 {
    float v;
    bool some;
};
struct weir_opt_f64 {
    double v;
    bool some;
};
struct weir_opt_dec {
    struct weir_dec v;
    bool some;
};

#define WEIR_STR(literal) ((struct weir_str){"" literal, sizeof(literal) - 1})
#define WEIR_NULL_STR ((struct weir_str){NULL, 0})

// Why a record is bad; counted by cause. The names shown are in bad_record.c.
enum weir_cause {
    WEIR_BAD_NONE,
    WEIR_BAD_DECODE,     // the bytes are not what the serde says
    WEIR_BAD_NULL_KEY,   // key read although it is null
    WEIR_BAD_OVERFLOW,   // integer or decimal out of range
    WEIR_BAD_DIVISION,   // by zero
    WEIR_BAD_INDEX,      // list index out of range
    WEIR_BAD_CONVERSION, // int64("x") and the like
    WEIR_BAD_UNION,      // the tag names no case
    WEIR_BAD_REGEX,      // pattern wrong or match limit reached
    WEIR_BAD_LIMIT,      // a result larger than a record may be
    WEIR_BAD_ENCODE,     // no bytes for this value: NaN in JSON, a partition out of range
    WEIR_BAD_USER,       // failed by code of the user
};

struct weir_ctx;

// Marks the record as bad unless it is already; FORMAT as printf's. The message names no place: the worker adds it.
void weir_fail(struct weir_ctx *w, enum weir_cause cause, const char *format, ...)
#ifdef __GNUC__
    __attribute__((format(printf, 3, 4), cold))
#endif
    ;

#endif
