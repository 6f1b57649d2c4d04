// The typed program: what the checker makes of the files. Flows are a graph of stages; each stage carries what flows out of it.
#ifndef WEIR_TYPES_PROGRAM_H
#define WEIR_TYPES_PROGRAM_H

#include "types/process.h"

enum serde_format {
    SERDE_STRING,
    SERDE_BYTES,
    SERDE_BOOL,
    SERDE_INT32,
    SERDE_INT64,
    SERDE_FLOAT32,
    SERDE_FLOAT64,
    SERDE_JSON,
    SERDE_CSV,
    SERDE_AVRO,
    SERDE_PROTOBUF,
};

// How a key or value is bytes. Equal serdes write equal bytes for equal values.
struct serde {
    enum serde_format format;
    const struct type *type; // what is read and written; optional if null may be seen
    char delimiter;          // CSV
    enum ast_window_serde window;
    int64_t window_size; // ms
    struct span span;    // where it was said; file -1: computed
};

enum flow_kind { FLOW_STREAM, FLOW_TABLE, FLOW_GROUPED_STREAM, FLOW_GROUPED_TABLE };

enum window_kind { WINDOW_TIME, WINDOW_SLIDING, WINDOW_SESSION };

// How a grouped stream is cut; milliseconds.
struct window {
    enum window_kind kind;
    int64_t size;  // TIME; SLIDING: the difference; SESSION: the gap
    int64_t every; // TIME: the advance; of tumbling windows the size
    int64_t grace;
    int64_t retention; // how long a window is kept: Kafka Streams' default, or `retain`
    struct span span;
};

// What flows out of a stage. A table's flow is one of changes: each has a key, a value (none: the row is gone) and the value before. A
// table's value type is never optional.
struct shape {
    enum flow_kind kind;
    struct var *key, *value; // of a windowed key: the inner one
    struct var *window;      // VAR_WINDOW of a windowed key; NULL: the key is not windowed (key_serde says so, too)
    const struct window
        *windowed; // GROUPED_STREAM: by `window`, for the aggregate; TABLE: that its windows are of; NULL: neither
    const struct serde *key_serde;   // computed keys: the type's own serde
    const struct serde *value_serde; // NULL: not said; a sink then writes a record as json, a scalar as itself
    bool tombstones;                 // records without a value may come although value's type is not optional:
                                     // map passes them, what reads the value drops them
    bool key_changed;                // by `key by`: what needs co-partitioning repartitions
    VEC(struct var *) lets;          // in scope behind this stage; the later hides the earlier, and fields of the value
    struct narrowing *known;         // what filters have shown of these variables (check_narrow.c)
    bool versioned;                  // TABLE: its changes may be of any time in its history, not only the latest
    bool in_source;                  // offset, partition, ... are those of the source: no repartition in between
    bool joined;                     // the value is a join's left side still: no `map` has made one of both
};

enum stage_kind {
    STAGE_SOURCE,
    STAGE_FILTER, // expr: bool
    STAGE_MAP,    // out.value = expr; of a table EXPR may be of T?: null deletes the row
    STAGE_LET,    // var = expr
    STAGE_KEY_BY, // out.key = expr
    STAGE_EXPAND, // expr: list; each element bound to vars (one, or several for a list of records: its fields)
    STAGE_MERGE, // several inputs; out.key and out.value are new variables: those of the input that the record came from
    STAGE_BRANCH, // one branch of a split; expr: bool or NULL (else); group: the split it is of. First match wins
    STAGE_PEEK,
    STAGE_LOG, // expr
    STAGE_REPARTITION,
    STAGE_SINK,
    STAGE_GROUP,  // says what belongs together; nothing happens. KEY_BY and REPARTITION stand before it where they must
    STAGE_WINDOW, // nothing happens: the aggregate behind it does it
    STAGE_AGGREGATE, // count, reduce, aggregate, fold; several inputs: of a cogroup. Drops null keys, and values as SEMANTICS 2.9 has it
    STAGE_AS_TABLE,
    STAGE_AS_STREAM,
    STAGE_SUPPRESS, // emit final, emit every D
    STAGE_JOIN, // inputs: the left side, the right side. Of JOIN_FOREIGN: the answers as they come in, the left side
    STAGE_SUBSCRIBE, // where a foreign-key join meets its right side. Inputs: the subscriptions as they come in, the right side
    STAGE_PROCESS, // a processor block. Inputs: of its handlers. What it emits goes on behind its STAGE_EMITs, its only outputs
    STAGE_EMIT, // what a block emits, onward or to a topic: out.key and out.value are new variables
    STAGE_PREV, // var = the value that expr had at the key's record before (T?); kept (materialized)
    STAGE_KEEP, // a table that is kept, since something behind it looks up its rows or their values before
};

struct partitioner {
    const char *name;    // as written; murmur2 (default), or a fn
    const struct fn *fn; // (key, partitions) or (key, value, partitions) -> int32
    struct span span;
};

bool partitioner_reads_value(const struct partitioner *p);

struct header_write {
    const char *name;
    uint32_t len;
    struct texpr *value; // string? or bytes?; null removes
};

struct flow_source {
    const char *name;
    struct span span;
    bool table, global;
    VEC(struct ast_topic) topics;
    const struct serde *key, *value;
    struct texpr *time; // NULL: the record's timestamp
    bool time_wall;
    int partitions; // 0: not said
    struct partitioner partitioner;
    enum ast_start start;
    int64_t idle, versioned; // ms, 0: not
};

struct sink {
    const char *topic;   // NULL: route
    struct texpr *route; // string
    const struct serde *key, *value;
    struct partitioner partitioner;
    struct texpr *time; // NULL: the record's
    VEC(struct header_write) headers;
};

enum repartition_form {
    REPARTITION_RECORDS,
    REPARTITION_CHANGES, // of a table: both values of a change (Kafka Streams' ChangedSerializer); in the value's serde each
    REPARTITION_SUBSCRIPTIONS, // of a foreign-key join's left side: BY is its `on`, KEY the right side's key
    REPARTITION_ANSWERS,       // of a SUBSCRIBE; KEY is the left side's, VALUE the right side's
};

struct repartition {
    enum repartition_form form;
    int partitions;   // 0: as the input
    struct texpr *by; // new key, or NULL: the input's key. out.key, out.value: new variables, of the record as it comes
                      // in again; lets end here
    bool null_keys;   // for left and outer joins: records with a null key go on. Else they are dropped
    const struct serde *key, *value; // on the repartition topic
    struct partitioner partitioner;
    const char *topic; // without the app's name: set by topology.c
};

enum aggregate_id {
#define AGGREGATE(id, name, signature, undo) AGGREGATE_##id,
#include "types/aggregates.def"
#undef AGGREGATE
};

// One call of an aggregate function: `sum(amount) where paid`.
struct aggregate_call {
    enum aggregate_id id;
    struct span span;
    int input;                // of the stage: whose records it takes
    int64_t n;                // top(n, x), first(n, x), last(n, x); 0: not said
    VEC(struct texpr *) args; // x; by or y: over the record
    struct texpr *where;      // bool; NULL: all records
    struct var *result;       // what it comes to, in aggregate.value
};

// (acc) => EXPR over the record, or (a, b) => EXPR. RESULT NULL: not said.
struct aggregate_step {
    struct var *acc, *other; // OTHER: reduce's new value; merge's second
    struct texpr *result;
};

enum join_form {
    JOIN_STREAMS, // stream on stream: what is near in time
    JOIN_LOOKUP,  // stream on table: a record of the stream finds the row; nothing happens when the table changes
    JOIN_TABLES,  // table on table, by their keys
    JOIN_FOREIGN, // table on table, by an expression of the left one (KIP-213)
};

// Behind a join the left side's value is out.value; a LET gives it the left side's name. Null is nothing found: RIGHT is optional in left
// and outer joins, out.value in outer ones. out.key and out.value are new variables, but of a LOOKUP: there they are the record's.
struct join {
    enum join_form form;
    enum ast_join_kind kind;
    struct var *right; // VAR_LET; in out.lets
    struct texpr
        *on; // LOOKUP in a global table, FOREIGN: the right side's key, over the left's record; null finds nothing.
             // NULL: by the keys (a LOOKUP by the inner key of a windowed one)
    int64_t before, after;    // STREAMS, ms: the right record may be so much earlier, later than the left one
    int64_t grace, retention; // STREAMS, ms
    int64_t wait;             // LOOKUP, ms: records wait so long for the table's (KIP-923); 0: they do not
    const struct serde *left_value, *right_value; // as they are kept and sent
    const char *flow;                             // the right side, as the program names it
    const char *name;                             // of its stores and topics: set by topology.c
};

enum aggregate_form { FORM_CALLS, FORM_REDUCE, FORM_FOLD };

// What an aggregate is written as. plan/lower.c makes a fold over a state of it.
struct aggregate {
    enum aggregate_form form;
    VEC(struct aggregate_call) calls;       // `count` is a call too
    struct texpr *value;                    // CALLS: over the calls' results, the key and the window
    struct texpr *init;                     // FOLD
    struct aggregate_step add, undo, merge; // REDUCE: add only (it is the merge of sessions too); FOLD
    const struct window *window;            // NULL: none
    enum ast_store store;
    const char *name; // of the store and its changelog, without the app's name: set by topology.c
};

// A table of its own: AS_TABLE, and a table source where it must be kept; what PREV keeps.
struct materialized {
    enum ast_store store;
    const struct serde *key, *value;
    const char *name; // set by topology.c
};

struct suppress {
    bool final;       // once the window is closed; else when `every` has gone by
    int64_t every;    // ms
    const char *name; // of the buffer: set by topology.c
};

struct stage {
    enum stage_kind kind;
    int id; // index in program.stages; inputs have smaller ids
    struct span span;
    const char *within; // the named flow it is written in, else the one its bare flow starts from
    const char *flow;   // the named flow whose end this is ("hourly", "split.a"), or NULL
    VEC(struct stage *) inputs;
    VEC(struct stage *) outputs; // in the program's order; filled by the checker
    struct shape out;            // of a SINK: what goes in
    struct texpr *expr;
    struct var *var;        // LET
    VEC(struct var *) vars; // EXPAND
    int group;              // BRANCH: id of its split; the branches of one follow one another in outputs
    bool drops_tombstones;  // it reads the value: a record without one ends here. PEEK, LOG, LET and MAP are passed
                            // instead, not evaluated (MAP: as null, if its result is optional)
    struct flow_source *source;
    struct sink *sink;
    struct repartition *repartition;
    struct aggregate *aggregate;
    struct materialized *materialized; // AS_TABLE; SOURCE of a table
    struct suppress *suppress;
    struct join *join;
    struct process *process;
};

static inline bool stage_is_global(const struct stage *stage)
{
    return stage->source && stage->source->global;
}

// What EXPR is for; NULL: not for a variable.
static inline const struct var *stage_result(const struct stage *stage)
{
    switch (stage->kind) {
    case STAGE_MAP: return stage->out.value;
    case STAGE_LET:
    case STAGE_PREV: return stage->var;
    case STAGE_KEY_BY: return stage->out.key;
    default: return NULL;
    }
}

// Has no rows of its own: they are those of its input, made into others.
static inline bool stage_makes_rows_of_input(const struct stage *stage)
{
    return stage->kind == STAGE_FILTER || stage->kind == STAGE_MAP || stage->kind == STAGE_LET;
}

// Inputs of one task: their topics must have equal numbers of partitions. Shown to be so by the checker (partition.c) where the program says the
// numbers, else when it starts.
struct copartition {
    const struct stage *join;          // JOIN, SUBSCRIBE, AGGREGATE of a cogroup, or PROCESS: why
    VEC(const struct stage *) members; // SOURCE, REPARTITION
};

// fn: inlined by the C compiler, checked once.
struct fn {
    const char *name;
    struct span span;
    VEC(struct var *) params;
    const struct type *result;
    struct texpr *body;
    bool recursive;            // calls itself, perhaps through others: its calls are counted when it runs
    const struct c_file *file; // of an extern fn, which has no body; else NULL
    bool effects; // an extern fn that is not `pure`, or what calls one: called as often as the program says
};

// C that the program calls: a file that is compiled with it, or a shared library.
struct c_file {
    const char *name; // as written
    const char *path; // beside the file that says so
    struct span span; // where it is first said
    bool library;
    VEC(const struct fn *) fns;
};

struct setting {
    const char *name;  // "threads", "kafka.bootstrap.servers", ...
    const char *value; // as text: what --set would say
    struct span span;
};

struct test_step {
    enum ast_test_kind kind;
    struct span span;
    struct stage *stage; // FEED, BAD of a source; EXPECT and NOTHING: the end of the named flow, or NULL with topic
    const char *topic;   // sink topic
    const struct serde *key_serde, *value_serde; // of the topic
    struct texpr *key;                           // NULL: null
    struct texpr *value;                         // NULL: tombstone
    VEC(struct header_write) headers;
    bool has_time, has_window_end;
    int64_t time, window_end; // FEED: timestamp, and the window of a windowed key; EXPECT: window
    int64_t duration;         // ADVANCE
    const char *message;      // BAD
    uint32_t message_len;
};

struct test {
    const char *title;
    struct span span;
    VEC(struct test_step) steps;
};

struct program {
    const char *app; // `app NAME`, else the file's name
    struct type_table *types;
    VEC(struct setting) settings;
    VEC(struct flow_source *) sources;
    VEC(struct stage *) stages; // topological order
    VEC(struct fn *) fns;
    VEC(struct c_file *) c_files;
    VEC(struct test *) tests;
    VEC(struct copartition) copartitions;
    int var_count; // ids of variables are below
};

#endif
