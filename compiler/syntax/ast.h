// What the parser makes: the program as written, no meaning attached. Every node has the span it was written at.
// All memory is the arena's; names are interned (compare pointers).
#ifndef WEIR_SYNTAX_AST_H
#define WEIR_SYNTAX_AST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/source.h"
#include "base/vec.h"

struct name {
    const char *text; // interned; NULL where an optional name is absent
    struct span span;
};

// ---- types ----

enum ast_type_kind {
    AST_TYPE_NAME,          // string, int64, Sale, ...
    AST_TYPE_DECIMAL,       // decimal(p, s)
    AST_TYPE_TIMESTAMP_ISO, // timestamp(iso)
    AST_TYPE_LIST,          // [T]
    AST_TYPE_MAP,           // {string: T}
    AST_TYPE_RECORD,        // { f: T, ... }
    AST_TYPE_OPTIONAL,      // T?
};

struct ast_field {
    struct name name;
    struct ast_type *type;
};

struct ast_type {
    enum ast_type_kind kind;
    struct span span;
    struct name name;             // NAME
    int precision, scale;         // DECIMAL
    struct ast_type *element;     // LIST, OPTIONAL, MAP (its values)
    struct ast_type *key;         // MAP
    VEC(struct ast_field) fields; // RECORD
};

// ---- expressions ----

enum ast_expr_kind {
    AST_NULL,
    AST_BOOL,
    AST_INT,       // text: decimal digits
    AST_NUMBER,    // text: has '.' or an exponent
    AST_STRING,    // string: decoded bytes, length in string_len
    AST_DURATION,  // integer: milliseconds
    AST_SIZE,      // integer: bytes
    AST_TIMESTAMP, // integer: milliseconds since the epoch
    AST_NAME,
    AST_FIELD,      // left.name
    AST_SAFE_FIELD, // left?.name
    AST_INDEX,      // left[right, items...]
    AST_RANGE,      // left..right between brackets; NULL: open
    AST_CALL,       // name(items...), optional where
    AST_UNARY,
    AST_BINARY,
    AST_IF, // if cond then left else right
    AST_IN, // left [not] in right
    AST_IS, // left is name
    AST_MATCH,
    AST_TRY,    // try left
    AST_LAMBDA, // params => left
    AST_RECORD, // { fields }
    AST_LIST,   // [ items ]
    AST_MAP,    // [ key: value, ... ]
    AST_ERROR,  // could not be parsed; already reported
};

enum ast_op {
    OP_ADD,
    OP_SUB,
    OP_MUL,
    OP_DIV,
    OP_MOD,
    OP_EQ,
    OP_NE,
    OP_LT,
    OP_LE,
    OP_GT,
    OP_GE,
    OP_AND,
    OP_OR,
    OP_COALESCE,
    OP_NOT,
    OP_NEG,
};

struct ast_record_item {
    bool spread;    // ...value
    bool shorthand; // { a }: value is AST_NAME a
    struct name name;
    struct ast_expr *value;
};

struct ast_map_item {
    struct ast_expr *key, *value;
};

struct ast_match_arm {
    bool is_else;
    struct name tag;     // the union's case
    struct name binding; // optional: `created c => ...`
    struct ast_expr *value;
    struct span span;
};

struct ast_expr {
    enum ast_expr_kind kind;
    int height; // 1 for a leaf; never above 4,000, so that passes may recurse
    struct span span;
    struct name name; // NAME, FIELD, SAFE_FIELD, CALL, IS
    enum ast_op op;   // UNARY, BINARY
    struct span op_span;
    bool boolean;       // BOOL; IN: negated ("not in")
    int64_t integer;    // DURATION, SIZE, TIMESTAMP
    const char *string; // INT and NUMBER text, STRING bytes
    uint32_t string_len;
    struct ast_expr *cond, *left, *right;
    struct ast_expr *where;             // CALL of an aggregate
    VEC(struct ast_expr *) items;       // CALL arguments, LIST; INDEX: what follows the first
    VEC(struct name) params;            // LAMBDA
    VEC(struct ast_record_item) fields; // RECORD
    VEC(struct ast_map_item) entries;   // MAP
    VEC(struct ast_match_arm) arms;     // MATCH (of left)
};

// ---- serdes and sources ----

enum ast_window_serde { AST_NOT_WINDOWED, AST_TIME_WINDOWED, AST_SESSION_WINDOWED };

struct ast_serde {
    struct span span;
    struct name format;           // string bytes bool int32 ... json avro protobuf csv
    struct ast_type *type;        // of json, avro, protobuf, csv; NULL otherwise
    bool optional;                // `string?`; json T? is in the type
    struct ast_expr *delimiter;   // csv(delimiter "|")
    enum ast_window_serde window; // keys: windowed D K, windowed session K
    int64_t window_size;          // ms, AST_TIME_WINDOWED
};

enum ast_store { AST_STORE_DEFAULT, AST_STORE_MEMORY, AST_STORE_ROCKSDB };

struct ast_store_options {
    enum ast_store kind;
    struct span span;
};

enum ast_start { AST_START_DEFAULT, AST_START_EARLIEST, AST_START_LATEST };

struct ast_topic {
    bool pattern; // /regex/
    const char *text;
    struct span span;
};

struct ast_source {
    bool table, global;
    struct name name;
    VEC(struct ast_topic) topics;
    struct ast_serde *key, *value;
    struct ast_expr *time; // NULL: the record's own
    bool time_wall;
    int64_t partitions; // 0: not said
    struct span partitions_span;
    struct name partitioner;
    enum ast_start start;
    struct ast_store_options store;
    int64_t versioned; // ms, 0: not
    int64_t idle;      // ms, 0: not
    struct span versioned_span, idle_span;
};

// ---- flows ----

enum ast_stage_kind {
    AST_STAGE_FILTER,
    AST_STAGE_MAP,
    AST_STAGE_LET,
    AST_STAGE_KEY_BY,
    AST_STAGE_EXPAND,
    AST_STAGE_MERGE,
    AST_STAGE_SPLIT,
    AST_STAGE_PEEK,
    AST_STAGE_LOG,
    AST_STAGE_REPARTITION,
    AST_STAGE_AS_TABLE,
    AST_STAGE_AS_STREAM,
    AST_STAGE_GROUP_BY,
    AST_STAGE_WINDOW,
    AST_STAGE_COUNT,
    AST_STAGE_REDUCE,
    AST_STAGE_AGGREGATE,
    AST_STAGE_FOLD,
    AST_STAGE_EMIT,
    AST_STAGE_JOIN,
    AST_STAGE_PROCESS,
    AST_STAGE_TO,
    AST_STAGE_ERROR, // could not be parsed; already reported
};

enum ast_group_kind { AST_GROUP_EXPR, AST_GROUP_KEY, AST_GROUP_ALL };
enum ast_window_kind { AST_WINDOW_TUMBLING, AST_WINDOW_HOPPING, AST_WINDOW_SLIDING, AST_WINDOW_SESSION };
enum ast_emit_kind { AST_EMIT_FINAL, AST_EMIT_CHANGES, AST_EMIT_EVERY };
enum ast_join_kind { AST_JOIN_INNER, AST_JOIN_LEFT, AST_JOIN_OUTER };

struct ast_split_branch {
    struct name name;
    struct ast_expr *cond; // NULL: else
};

struct ast_stage {
    enum ast_stage_kind kind;
    struct span span; // the whole stage
    struct span word; // its first word
    struct ast_expr
        *expr; // FILTER MAP LET KEY_BY EXPAND PEEK LOG GROUP_BY REDUCE (lambda) AGGREGATE (record) FOLD (init)
    VEC(struct name) names; // LET: its name; EXPAND: names bound; MERGE: flows (a branch is one name, `a.b`); PROCESS
    VEC(struct ast_split_branch) branches;
    enum ast_group_kind group;
    struct {
        enum ast_window_kind kind;
        int64_t size, every, grace, retain; // ms; -1: not said
    } window;
    struct {
        struct ast_expr *add, *undo, *merge; // lambdas; undo and merge may be NULL
    } fold;
    struct ast_store_options store;
    struct {
        enum ast_emit_kind kind;
        int64_t every;
    } emit;
    struct {
        enum ast_join_kind kind;
        struct name source, as;               // a branch is one name, `a.b`
        struct ast_expr *on;                  // left == right, or NULL
        int64_t within, before, after, grace; // ms; -1: not said
    } join;
    struct {
        int64_t count;         // 0: not said
        struct ast_expr *by;   // NULL: by key
        struct ast_serde *key; // NULL: unchanged
        struct name partitioner;
    } repartition;
    struct {
        const char *topic; // fixed name, or NULL
        struct span topic_span;
        struct ast_expr *route;        // (EXPR), or NULL
        struct ast_serde *key, *value; // NULL: from the flow
        struct name partitioner;
        struct ast_expr *time;
        struct ast_expr *headers; // a record expression
    } to;
};

struct ast_cogroup_input {
    struct name flow;    // a branch is one name, `a.b`
    struct ast_expr *by; // NULL with by_key
    bool by_key;
};

// A flow starts at a named flow or branch (`a`, `a.b`), or at a cogroup.
struct ast_flow {
    struct span span;
    struct name head, branch;              // branch.text NULL: none
    VEC(struct ast_cogroup_input) cogroup; // count 0: not a cogroup
    struct span cogroup_word;
    VEC(struct ast_stage *) stages;
};

// ---- processor blocks ----

enum ast_stmt_kind {
    AST_STMT_EMIT,
    AST_STMT_LET,
    AST_STMT_IF,
    AST_STMT_FOR,
    AST_STMT_ASSIGN,
    AST_STMT_DELETE,
    AST_STMT_COMMIT,
    AST_STMT_EXPR,
};

struct ast_stmt {
    enum ast_stmt_kind kind;
    struct span span;
    struct name name;                      // LET
    VEC(struct name) names;                // FOR: one to three names
    struct ast_expr *target;               // ASSIGN, DELETE: the place
    struct ast_expr *expr;                 // EMIT value, LET, IF condition, FOR range, ASSIGN value, EXPR
    struct ast_expr *key, *time, *headers; // EMIT, each may be NULL
    const char *topic;                     // EMIT ... to "topic"; NULL: onward
    struct span topic_span;
    VEC(struct ast_stmt *) body, otherwise; // IF, FOR
};

struct ast_process_store {
    struct name name;
    struct ast_type *key, *value;
    struct name kind; // word after the types: memory rocksdb window session versioned; may be absent
    struct ast_store_options store;
    int64_t window, session, versioned, retain; // ms; -1: not said
    bool no_changelog, shared;
    struct span span;
};

struct ast_process_handler {
    bool punctuation;  // every D stream|wall; else `on record` / `on NAME`
    struct name input; // `on NAME`, a branch is one name, `a.b`; text NULL: on record
    int64_t every;
    bool wall;
    VEC(struct ast_stmt *) body;
    struct span span;
};

// ---- declarations ----

enum ast_decl_kind {
    AST_DECL_APP,
    AST_DECL_IMPORT,
    AST_DECL_TYPE,
    AST_DECL_ENUM,
    AST_DECL_UNION,
    AST_DECL_SOURCE,
    AST_DECL_FLOW,
    AST_DECL_FN,
    AST_DECL_EXTERN,
    AST_DECL_PROCESS,
    AST_DECL_TEST,
};

struct ast_setting {
    struct name name;
    VEC(struct ast_expr *) values;          // words are AST_NAME
    VEC(struct ast_record_item) properties; // kafka { "a.b": "c" }: name.text is the property
    struct span span;
};

struct ast_param {
    struct name name;
    struct ast_type *type;
};

enum ast_test_kind { AST_TEST_FEED, AST_TEST_ADVANCE, AST_TEST_EXPECT, AST_TEST_NOTHING, AST_TEST_BAD };

struct ast_test_step {
    enum ast_test_kind kind;
    struct span span;
    struct name flow, branch; // or
    const char *topic;        // "hourly-sales" -> ...
    struct span flow_span;
    struct ast_expr *key, *value, *headers;
    struct ast_expr *time;     // FEED: @TIME; EXPECT: @WINDOW_START
    struct ast_expr *time_end; // EXPECT: @START..END
    int64_t duration;          // ADVANCE
    const char *message;       // BAD
    uint32_t message_len;
};

struct ast_decl {
    enum ast_decl_kind kind;
    struct span span;
    struct name name;
    // TYPE: `type NAME { ... }`, `type NAME = T`, or from a schema file
    struct ast_type *type;
    const char *file; // IMPORT, TYPE, EXTERN
    struct span file_span;
    struct name message;              // TYPE from "x.proto" Message
    VEC(struct name) cases;           // ENUM
    struct name tag;                  // UNION ... by TAG
    VEC(struct ast_field) members;    // UNION: case: Type
    VEC(struct ast_setting) settings; // APP
    struct ast_source *source;        // SOURCE
    // FLOW
    bool table;            // `table NAME =`
    struct ast_flow *flow; // name.text NULL: bare
    // FN, EXTERN, PROCESS
    VEC(struct ast_param) params;
    struct ast_type *result, *result_key; // PROCESS -> K => V; both NULL: -> nothing
    struct ast_type *in_key, *in_value;   // PROCESS NAME(K => V)
    struct ast_expr *body;                // FN
    bool pure;                            // EXTERN
    VEC(struct ast_process_store) stores;
    VEC(struct ast_process_handler) handlers;
    // TEST
    const char *title;
    VEC(struct ast_test_step) steps;
};

struct ast_file {
    struct source *source;
    VEC(struct ast_decl *) decls;
};

#endif
