// The types of the language. Types are interned: equal types are the same pointer.
// Records are equal when their fields (names, types, order) are; the first name seen is the one shown.
#ifndef WEIR_TYPES_TYPE_H
#define WEIR_TYPES_TYPE_H

#include <stdbool.h>

#include "base/intern.h"
#include "base/source.h"
#include "base/vec.h"

enum type_kind {
    TYPE_ERROR, // of what was already reported: fits everywhere, so that one mistake is one message
    TYPE_NULL,  // of the literal null before it meets an expectation
    TYPE_BOOL,
    TYPE_INT32,
    TYPE_INT64,
    TYPE_FLOAT32,
    TYPE_FLOAT64,
    TYPE_DECIMAL,
    TYPE_STRING,
    TYPE_BYTES,
    TYPE_TIMESTAMP,
    TYPE_DATE,
    TYPE_DURATION,
    TYPE_JSON,
    TYPE_ENUM,
    TYPE_RECORD,
    TYPE_UNION,
    TYPE_LIST,
    TYPE_MAP,
    TYPE_OPTIONAL,
};

// The types that are a word, as programs and the tables of functions write them.
struct type_scalar {
    const char *name;
    enum type_kind kind;
};
enum { TYPE_SCALAR_COUNT = 11 };
extern const struct type_scalar type_scalars[TYPE_SCALAR_COUNT];
// TYPE_ERROR: it is none.
enum type_kind type_scalar_kind(const char *name);

struct type_field {
    const char *name; // interned; RECORD: field, UNION: case (its type a record), ENUM: case (type NULL)
    const struct type *type;
};

struct type {
    enum type_kind kind;
    int id;                        // dense, in order of creation
    const char *name;              // ENUM, UNION, named RECORD; NULL for a record written in place
    int precision, scale;          // DECIMAL
    bool iso;                      // TIMESTAMP written as ISO 8601; the same type in expressions (type_plain)
    const struct type *element;    // LIST, MAP (its values; keys are strings), OPTIONAL
    const char *tag;               // UNION: the field that tells the case
    VEC(struct type_field) fields; // RECORD, UNION, ENUM
    const struct type *canonical;  // the same with every timestamp written as milliseconds
    int places; // in a value of it, all the way down: itself, elements, fields; TYPE_TOO_LARGE at most
};

// More places than any record has: types that double each other's, which the passes behind would walk one by one.
enum { TYPE_TOO_LARGE = 100000 };

struct type_table;

struct type_table *type_table_new(struct arena *arena, struct intern *names);
const struct type *type_of_kind(struct type_table *t, enum type_kind kind); // the scalar ones, ERROR and NULL
const struct type *type_timestamp(struct type_table *t, bool iso);
const struct type *type_decimal(struct type_table *t, int precision, int scale);
const struct type *type_list(struct type_table *t, const struct type *element);
const struct type *type_map(struct type_table *t, const struct type *values);
const struct type *type_optional(struct type_table *t, const struct type *inner); // of an optional: itself
const struct type *type_record(struct type_table *t, const char *name, const struct type_field *fields, int count);
const struct type *type_enum(struct type_table *t, const char *name, const struct type_field *cases, int count);
const struct type *type_union(struct type_table *t, const char *name, const char *tag, const struct type_field *cases,
                              int count);

// Every type made, in order of creation.
int type_count(const struct type_table *t);
const struct type *type_at(const struct type_table *t, int id);

bool type_is_optional(const struct type *t);
const struct type *type_plain(const struct type *t); // T of T?, else itself
bool type_is_integer(const struct type *t);
bool type_is_number(const struct type *t);
bool type_is_ordered(const struct type *t);
// Equal but for how timestamps are written.
bool type_same(const struct type *a, const struct type *b);
// Index of the field or case, or -1.
int type_field_index(const struct type *t, const char *name);
// As in the language: "decimal(12, 2)", "[Item]", "string?", "{ id: string, qty: int64 }"; arena text.
const char *type_show(struct arena *arena, const struct type *t);
// Milliseconds as a duration in the largest unit that has no fraction: "90m".
const char *duration_show(struct arena *arena, int64_t ms);

#endif
