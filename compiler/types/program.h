// The typed program: what the checker makes of the files. Flows are a graph of stages; each stage carries what flows out of it.
#ifndef WEIR_TYPES_PROGRAM_H
#define WEIR_TYPES_PROGRAM_H

#include "types/texpr.h"

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

// What flows out of a stage.
struct shape {
    enum flow_kind kind;
    struct var *key, *value;
    const struct serde *key_serde;   // computed keys: the type's own serde
    const struct serde *value_serde; // NULL: not said; a sink then writes a record as json, a scalar as itself
    bool tombstones;                 // records without a value may come although value's type is not optional:
                                     // map passes them, what reads the value drops them
    bool key_changed;                // by `key by`: what needs co-partitioning repartitions
    VEC(struct var *) lets;          // in scope behind this stage; the later hides the earlier, and fields of the value
    struct narrowing *known;         // what filters have shown of these variables (check_narrow.c)
    bool in_source;                  // offset, partition, ... are those of the source: no repartition in between
};

enum stage_kind {
    STAGE_SOURCE,
    STAGE_FILTER, // expr: bool
    STAGE_MAP,    // out.value = expr
    STAGE_LET,    // var = expr
    STAGE_KEY_BY, // out.key = expr
    STAGE_EXPAND, // expr: list; each element bound to vars (one, or several for a list of records: its fields)
    STAGE_MERGE, // several inputs; out.key and out.value are new variables: those of the input that the record came from
    STAGE_BRANCH, // one branch of a split; expr: bool or NULL (else); group: the split it is of. First match wins
    STAGE_PEEK,
    STAGE_LOG, // expr
    STAGE_REPARTITION,
    STAGE_SINK,
};

struct partitioner {
    const char *name;    // as written; murmur2 (default), or a fn
    const struct fn *fn; // (key, partitions) or (key, value, partitions) -> int32
    struct span span;
};

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

struct repartition {
    int partitions;   // 0: as the input
    struct texpr *by; // new key, or NULL: the input's key. Records with a null key are dropped. out.key, out.value: new
                      // variables, of the record as it comes in again; lets end here
    const struct serde *key, *value; // on the repartition topic
    struct partitioner partitioner;
    const char *topic; // without the app's name: set by topology.c
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
};

// fn: inlined by the C compiler, checked once.
struct fn {
    const char *name;
    struct span span;
    VEC(struct var *) params;
    const struct type *result;
    struct texpr *body;
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
    int64_t time, window_end; // FEED: timestamp; EXPECT: window
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
    VEC(struct test *) tests;
};

#endif
