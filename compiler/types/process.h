// Processor blocks, typed: the stores and handlers of one use of a block.
#ifndef WEIR_TYPES_PROCESS_H
#define WEIR_TYPES_PROCESS_H

#include "types/texpr.h"

struct stage;
struct serde;
struct header_write;

enum block_store_kind {
    BLOCK_STORE_KEYS,     // one value for a key
    BLOCK_STORE_WINDOWS,  // one for a key and the start of a window
    BLOCK_STORE_SESSIONS, // one for a key, a start and an end
    BLOCK_STORE_VERSIONS, // one for a key, and those before it
};

// A store of a block. Blocks that share it have the same one.
struct block_store {
    enum block_store_kind kind;
    const char *name;                // as written
    const char *topic_name;          // of the store and its changelog, without the app's name: set by topology.c
    const struct serde *key, *value; // computed: the types' own
    enum ast_store store;
    int64_t size;      // WINDOWS, ms
    int64_t retention; // WINDOWS, SESSIONS, ms
    int64_t history;   // VERSIONS, ms
    bool no_changelog, shared;
    struct span span;
};

// A place in a store, or several of one. Texprs are NULL where nothing is said.
struct store_place {
    struct block_store *store;
    struct texpr *key; // exact
    struct texpr *at;  // WINDOWS: the start; VERSIONS: as of then
    struct texpr *from,
        *to; // a range, both ends included: KEYS: of keys; WINDOWS: of starts; SESSIONS: the session's start and end, or (in FOR)
    // the earliest end and the latest start of those that are looked for
};

enum tstmt_kind {
    TSTMT_LET,    // var = expr
    TSTMT_SET,    // var, a local one, = expr
    TSTMT_IF,     // expr: bool; body, otherwise
    TSTMT_FOR,    // over the list or map EXPR; vars: one (elements) or two (index or key, and element)
    TSTMT_SCAN,   // over PLACE; vars as each kind gives them; NULL: nobody named it
    TSTMT_PUT,    // place = expr
    TSTMT_DELETE, // place
    TSTMT_HEADER, // header EXPR's name = value; VALUE NULL: it is removed
    TSTMT_EMIT,
    TSTMT_COMMIT,
    TSTMT_EXPR, // for what it does
};

// What is done one after the other.
struct tstmts {
    struct tstmt **items;
    int count, capacity;
};

struct tstmt {
    enum tstmt_kind kind;
    struct span span;
    struct var *var;
    VEC(struct var *)
    vars; // SCAN: KEYS: key, value; WINDOWS: [key,] start, value; SESSIONS: [key,] window, value. FOR: see there
    struct texpr *expr;
    struct store_place place;
    struct tstmts body, otherwise;
    // EMIT
    struct stage *to;                 // STAGE_EMIT
    struct texpr *key, *value, *time; // KEY NULL: the record's; VALUE NULL: a tombstone; TIME NULL: the handler's
    VEC(struct header_write) headers; // besides those of the record
};

// What is done with a record of an input, or when a timer fires.
struct handler {
    struct span span;
    int input;             // of the stage; -1: a timer
    int64_t every;         // ms
    bool wall;             // else stream time
    struct var *timestamp; // of a timer: when it fires, by the one variable that all timestamps have; NULL: of records
    struct tstmts body;
};

// One use of a block.
struct process {
    const char *name; // the block's
    struct span span; // of its declaration
    VEC(struct block_store *) stores;
    VEC(struct handler) handlers; // of the inputs, in their order; then timers
    VEC(struct stage *) emits;    // STAGE_EMIT, as in the stage's outputs
};

#endif
