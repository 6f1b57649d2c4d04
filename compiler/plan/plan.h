// How it runs: which function each stage is fused into, what is decoded, which values are kept. The emitter writes the plan down and decides nothing.
#ifndef WEIR_PLAN_PLAN_H
#define WEIR_PLAN_PLAN_H

#include "plan/topology.h"

// Which parts of a value are read. A tree along the type: record fields, through optionals and list elements.
struct uses {
    bool used;  // read at all
    bool whole; // as a whole (encoded, compared, passed to a function): everything below is used
    struct uses **
        fields; // RECORD: by field; UNION: by case; LIST, MAP, OPTIONAL: [0] their element. NULL where nothing below is used
};

// Where records come in: a source, or the far side of a repartition topic.
struct plan_source {
    int index;
    const char *name;    // of the source or repartition; C-safe, unique
    struct stage *stage; // SOURCE or REPARTITION
    const struct serde *key, *value;
    const struct uses *value_uses; // what of the value is decoded; !used: only checked
    bool key_decoded;              // else its bytes pass as they are
    bool tells_time;               // a timer of stream time goes by its records
    bool needs_time;               // there is nothing to do with records of a negative one
    int subtopology;
    struct plan_function *function;
};

struct plan_sink {
    int index;
    const char *name;    // C-safe, unique
    struct stage *stage; // SINK or REPARTITION (its near side)
    const struct serde *key, *value;
    bool raw_key;  // the key's bytes are those that came in: of the record; behind a table, of the change
    bool internal; // a repartition topic
};

// An aggregate as what it keeps and does, whatever it was written with (lower.c).
struct plan_fold {
    const struct type *state; // what is kept; its serde is the store's
    struct var *acc;          // the state before, in ADD, UNDO and VALUE; the left one in MERGE
    struct var *other;        // the right one in MERGE
    struct texpr *init;       // over nothing; NULL: the first record makes the state (`first`)
    VEC(struct texpr *) add;  // by input of the stage
    VEC(struct texpr *) undo; // by input, over the value that is gone; empty: not of a table
    struct texpr *first;      // where INIT is NULL: the state that a first record makes
    struct texpr *merge;      // sessions; else NULL
    struct texpr *value;      // the table's value, over acc, key and window; NULL: the state itself
    struct texpr *shown;      // all of it, for people who ask for a row; NULL: the state itself
};

enum plan_store_kind {
    PLAN_ROWS,          // one value for a key, or for a key and the start of a time window
    PLAN_SERIES,        // several entries for a key in order of time: sessions, sliding windows
    PLAN_BUFFER,        // what `emit final` and `emit every` hold back
    PLAN_SIDE,          // one side of a join of streams: its records for the time of the window
    PLAN_PARKED,        // of a left or outer join of streams: records without a match so far
    PLAN_WAITING,       // records of a stream that wait for a table's (KIP-923)
    PLAN_SUBSCRIPTIONS, // of a foreign-key join: which left keys look at a right key
};

// State of a task.
struct plan_store {
    int index; // in order of the topology: what it forwards comes to stores of higher index
    enum plan_store_kind kind;
    const char *name;   // as topics and people see it: APP-NAME-changelog
    const char *c_name; // C-safe, unique
    struct stage *
        stage; // AGGREGATE, AS_TABLE, SOURCE of a table, SUPPRESS, KEEP, JOIN, SUBSCRIBE, PREV, PROCESS (of a shared store: the first)
    struct block_store *block; // of a PROCESS
    bool left;                 // a SIDE: the left one
    struct plan_fold *fold;    // of an AGGREGATE
    const struct serde *key;   // of the inner key: rows are found by its bytes
    VEC(bool) raw_keys;        // by input of the stage, as a sink's raw_key; of a SOURCE: none, it is
    const struct serde *value; // of the changelog; its type is what is kept
    const struct window *window;
    bool memory;           // no copy on disk
    bool source_changelog; // the source topic is the changelog
    int64_t history;       // of a versioned table: how long values that were replaced are kept, ms; 0: not
    bool wants_old;        // what comes behind looks at the value before, too. A BUFFER is given it in any case
    bool at_once; // changes go on at once, with a cache, too: joins of tables take the other side's row as it is
    int subtopology;
    struct plan_function *changed; // what comes of a change
};

// One C function: a root and all that is fused below it, in the order of the program. Called per record by the runtime (source),
// or by the functions of its inputs (a merge: written once, called from each).
struct plan_function {
    int index;
    const char *name;
    struct stage *
        root; // SOURCE, REPARTITION, MERGE, AS_STREAM, EMIT, JOIN (plan_join_is_root); of a timer: PROCESS; of a table (SOURCE, AGGREGATE,
              // AS_TABLE, SUPPRESS): see `table`
    struct plan_source *source; // NULL for others than SOURCE and REPARTITION
    bool
        table; // takes a change of the root's table (struct weir_change), not a record; a table SOURCE has both functions
    struct plan_store *store; // of a table: that changes; NULL: it is not kept
    // Of MERGE, AS_STREAM and EMIT: what its stages read of what came before (key, value, window, lets). Of JOIN: of the two sides.
    VEC(struct var *) params;
    bool
        sees_tombstones; // the tombstone path below the root does something (reaches a sink, store, log or tap), or tells the time
    bool needs_key;              // a stage below reads or re-encodes the key
    const struct handler *timer; // of a PROCESS; NULL: it is no timer
};

// A named flow that a test looks at (only with plan_options.tests).
struct plan_tap {
    int index;
    struct stage *stage;
};

// What must be generated for a type.
struct plan_type {
    const struct type *type;
    bool defined;                   // its struct is needed
    bool decoded_whole;             // a decoder of all its fields
    bool encoded, compared, hashed; // JSON encoder; order and equality; hash
    bool csv_decoded, csv_encoded;
};

// Pruning rewrites the program's expressions: an item of a TEXPR_RECORD that nobody reads becomes NULL (its member stays zero).
struct plan {
    struct topology *topology;
    struct program *program;
    VEC(struct plan_source *) sources;
    VEC(struct plan_sink *) sinks;
    VEC(struct plan_store *) stores;
    VEC(struct plan_function *) functions; // callees before callers
    VEC(struct plan_function *) timers;    // of these, in the order of the program
    VEC(struct plan_tap) taps;
    VEC(struct plan_type) types;        // needed types, elements before what holds them
    const bool *var_used;               // by var id: a let, or a map's value, that nobody reads is not computed
    const struct uses *const *var_uses; // by var id: what is read of it; NULL: nothing
    // By stage id: the function its code is in. MERGE, AS_STREAM and the far side of a REPARTITION: the one it is the root of;
    // AGGREGATE, AS_TABLE and SUPPRESS: that of its first live input, where the record goes into the store. NULL: dead, nothing
    // below it does anything.
    struct plan_function *const *function_of;
    struct plan_store *const *store_of; // by stage id; NULL: none
    // By stage id: the function that takes the changes of the table whose root it is. NULL: nothing comes of them.
    struct plan_function *const *changed_of;
    // By stage id, of a table: its changes have the value before. A FILTER then passes nothing on where neither value passes it; else what
    // does not pass is a tombstone, as in Kafka Streams.
    const bool *wants_old;
    // By stage id, of a table: a join finds its rows. Its value is computed from the rows of the stores in front of it (of a join of tables: of
    // both sides) by a function of its own.
    const bool *viewed;
    // By stage id, of a LOOKUP: it finds the row by the key's bytes as they came in; of the record or, behind a table, of the change.
    const bool *raw_lookup;
    bool tests; // tests and taps are emitted
};

bool plan_is_join(const struct stage *stage, enum join_form form);
// A join that records leave in a function of its own: of streams, for it is called for both sides; of a stream that waits.
bool plan_join_is_root(const struct stage *stage);
// MERGE, AS_STREAM, EMIT: records come to it from functions that call its own.
bool plan_root_has_params(const struct stage *stage);
// A store of a join: the left or right SIDE, what is PARKED or WAITING (LEFT). NULL: it has none.
struct plan_store *plan_join_store(const struct plan *plan, const struct stage *join, enum plan_store_kind kind,
                                   bool left);
// The store of processor blocks that BLOCK became. NULL: none yet, while the plan is built.
struct plan_store *plan_block_store(const struct plan *plan, const struct block_store *block);
// Whether it holds records back until their time, which goes by the records of both streams, those that are dropped included.
bool plan_join_keeps_time(const struct stage *stage);
// Whether something comes of what FROM sends to STAGE: a stream does not hear what changes in a table that it looks things up in.
bool plan_hears(const struct stage *from, const struct stage *stage);

struct plan_options {
    bool tests; // for `weir test`: plan taps and tests
};

struct plan *plan_build(struct arena *arena, struct topology *topology, struct plan_options options);
void plan_dump(struct writer *out, const struct plan *plan);

enum graph_format { GRAPH_TEXT, GRAPH_DOT, GRAPH_MERMAID, GRAPH_SVG };
// `weir graph`
void graph_draw(struct writer *out, const struct plan *plan, enum graph_format format);

#endif
