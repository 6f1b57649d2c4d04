// The built-in functions as tables: the signatures of builtins.def and aggregates.def, read once.
#ifndef WEIR_TYPES_BUILTIN_H
#define WEIR_TYPES_BUILTIN_H

#include "types/name_map.h"
#include "types/texpr.h"

enum sig_kind {
    SIG_PLAIN,   // a type of the language
    SIG_VAR,     // A B N O: one type per call
    SIG_DECIMAL, // a decimal of any precision and scale
    SIG_ENUM,    // any enum
    SIG_LIST,
    SIG_MAP,
    SIG_RECORD,
    SIG_OPTIONAL,
    SIG_LAMBDA, // (params) -> element
};

struct sig_field {
    const char *name;
    struct sig_type *type;
};

struct sig_type {
    enum sig_kind kind;
    const struct type *type;       // PLAIN
    char var;                      // VAR
    struct sig_type *element;      // LIST, MAP, OPTIONAL, LAMBDA (its result)
    VEC(struct sig_field) fields;  // RECORD
    VEC(struct sig_type *) params; // LAMBDA
};

struct sig_param {
    struct sig_type *type;
    bool optional; // has a default:
    struct constant otherwise;
};

struct signature {
    int id;                  // builtin_id; of an aggregate its aggregate_id
    const char *name, *text; // text as in builtins.def
    VEC(struct sig_param) params;
    int required;  // arguments that must be given
    bool variadic; // the last parameter repeats
    struct sig_type *result;
    struct signature *next; // the next overload
};

struct builtin_table;

struct builtin_table *builtin_table_new(struct arena *arena, struct intern *names, struct type_table *types);
// The first overload of NAME, or NULL. Names are compared as text.
const struct signature *builtin_find(const struct builtin_table *table, const char *name);
const struct signature *builtin_signature(const struct builtin_table *table, enum builtin_id id);
// The same of the aggregate functions. A number before the first parameter is an int64.
const struct signature *aggregate_find(const struct builtin_table *table, const char *name);
bool aggregate_can_undo(const struct signature *aggregate);
// "did you mean": the nearest name, or NULL.
const char *builtin_nearest(const struct builtin_table *table, const char *name);
const char *builtin_name(enum builtin_id id);

#endif
