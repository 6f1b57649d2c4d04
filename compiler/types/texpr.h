// Typed expressions: what the checker makes of an ast_expr. Every conversion is explicit, every name a variable, every
// overload chosen, every literal of its type: what the emitter needs is here and nothing is left to decide.
#ifndef WEIR_TYPES_TEXPR_H
#define WEIR_TYPES_TEXPR_H

#include "syntax/ast.h"
#include "types/type.h"

enum builtin_id {
#define BUILTIN(id, name, signature, function) BUILTIN_##id,
#include "types/builtins.def"
#undef BUILTIN
    BUILTIN_COUNT,
};

// A variable holds one value for the time of one record. Stages don't change variables: each stage that makes a new key or value
// makes a new variable for it (static single assignment), and expressions name the variable they mean.
enum var_kind {
    VAR_KEY,       // a flow's key; null at run time is a bad record where its type is not optional
    VAR_VALUE,     // a flow's value
    VAR_LET,       // `let` stage, `expand` element
    VAR_LOCAL,     // lambda parameter, match binding, lift binding, fn parameter
    VAR_TIMESTAMP, // of the record; int64 ms
    VAR_HEADERS,   // {string: string}
    VAR_TOPIC,
    VAR_PARTITION,
    VAR_OFFSET,
    VAR_WINDOW, // record { start: timestamp, end: timestamp } of a windowed key
};

struct var {
    enum var_kind kind;
    int id;           // unique in the program
    const char *name; // as the user wrote it, or "key", "value", ...
    const struct type *type;
    struct span span; // where it is bound
    bool changes;     // a local one of a processor block that is assigned to: nothing known of its value stays true
};

enum texpr_kind {
    TEXPR_ERROR,
    TEXPR_CONST, // constant
    TEXPR_NONE,  // null of an optional type
    TEXPR_VAR,
    TEXPR_FIELD,  // left.fields[index] of a record
    TEXPR_UNION,  // a value of the union type: its case `index`, whose record is left
    TEXPR_CASE,   // the record of union `left`, known (or just matched) to be case `index`
    TEXPR_INDEX,  // left[right] of a list; out of range is a bad record
    TEXPR_LOOKUP, // left[right] of a map: T?
    TEXPR_ARITH, // op ADD SUB MUL DIV MOD on two operands of one type (decimals may differ in precision and scale), or string +;
                 // timestamp/date/duration arithmetic is on their integers (DATE: days)
    TEXPR_NEG,
    TEXPR_COMPARE, // op EQ NE LT LE GT GE; EQ and NE of any one type, deep, optional too (null == null)
    TEXPR_AND,
    TEXPR_OR,
    TEXPR_NOT,
    TEXPR_IF,       // cond ? left : right
    TEXPR_COALESCE, // left: T?, right: T or T?
    TEXPR_IS_NULL,  // left is null
    TEXPR_IS_CASE,  // union left is case `index`
    TEXPR_IN,       // left in right, a list; `negated`
    TEXPR_SOME,     // T to T?
    TEXPR_UNWRAP,   // T? to T where a check has shown that it is not null
    TEXPR_LIFT, // bind vars[i] = items[i] (each T?); if any is null the result is null, else left (of optional type), where the bound
    // variables have the plain types
    TEXPR_LET,   // bind vars[i] = items[i], then left. Made by the plan: the program's `let` is a stage
    TEXPR_WIDEN, // lossless: int32 to int64/float64/decimal, int64 to decimal, float32 to float64, decimal to a wider decimal; and between types that
                 // type_same holds of (how timestamps are written): the same value
    TEXPR_CALL,  // builtin(items...)
    TEXPR_CALL_FN, // fn(items...)
    TEXPR_LAMBDA,  // vars => left; only as an argument of TEXPR_CALL
    TEXPR_RECORD,  // items in the order of the type's fields
    TEXPR_LIST,    // items
    TEXPR_MAP,     // keys and items
    TEXPR_MATCH,   // of union `left`: arms
    TEXPR_TRY,     // left, its type T; result T?: null if it fails
    TEXPR_STORED,  // what is at `place` in a block's store: T?
};

struct store_place;

struct texpr_arm {
    int index;           // case; -1: else
    struct var *binding; // the case's record; NULL if not named
    struct texpr *value;
};

// A constant; which member holds it is given by the type: bool, int32/int64/timestamp/date/duration/enum index in integer,
// floats in number, decimals as decimal digits (sign, no point, scaled by the type) in text, string/bytes/json in text.
struct constant {
    int64_t integer;
    double number;
    const char *text;
    uint32_t len;
};

struct texpr {
    enum texpr_kind kind;
    const struct type *type;
    struct span span;
    enum ast_op op;
    bool negated;
    int index;
    struct constant constant;
    struct var *var;
    enum builtin_id builtin;
    const struct fn *fn;
    struct texpr *cond, *left, *right;
    VEC(struct texpr *) items;
    VEC(struct texpr *) keys;
    VEC(struct var *) vars;
    VEC(struct texpr_arm) arms;
    const struct store_place *place; // process.h
};

#endif
