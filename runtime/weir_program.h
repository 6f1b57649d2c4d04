// The table that describes a program to the runtime, and what its functions call to send records on.
#ifndef WEIR_PROGRAM_H
#define WEIR_PROGRAM_H

#include "weir_json.h"
#include "weir_process.h"

#define WEIR_ABI 1

// A serde as the runtime sees it. Topics as files and tests hold keys and values as JSON text whatever their serde:
// from_json and to_json translate between that text and the bytes on the wire.
struct weir_serde {
    const char *name; // "string", "json Sale", "windowed 1m string"
    // NULL: the bytes are JSON text already. A failure sets w->bad. NULL slices (null) are never passed.
    struct weir_str (*from_json)(struct weir_ctx *w, struct weir_str json);
    struct weir_str (*to_json)(struct weir_ctx *w, struct weir_str bytes);
    // Of a key: bytes are those of the inner key, then the window's bounds; from_json and to_json are of the inner key.
    enum weir_window_kind window;
    int64_t window_size; // of time windows, ms
};
// The scalar ones, for tables: weir_serde_string etc. are in the runtime (serde.c).
extern const struct weir_serde weir_serde_string, weir_serde_bytes, weir_serde_bool, weir_serde_int32, weir_serde_int64,
    weir_serde_float32, weir_serde_float64;
// Their functions, for tables of windowed keys: weir_string_from_json, weir_string_to_json etc.
#define WEIR_SCALAR_SERDE(name)                                                        \
    struct weir_str weir_##name##_from_json(struct weir_ctx *w, struct weir_str json); \
    struct weir_str weir_##name##_to_json(struct weir_ctx *w, struct weir_str bytes);
WEIR_SCALAR_SERDE(string)
WEIR_SCALAR_SERDE(bytes)
WEIR_SCALAR_SERDE(bool)
WEIR_SCALAR_SERDE(int32)
WEIR_SCALAR_SERDE(int64)
WEIR_SCALAR_SERDE(float32)
WEIR_SCALAR_SERDE(float64)
#undef WEIR_SCALAR_SERDE

// Where a partition is chosen by the program: from the key's and value's bytes, among N. -1 with w->bad set on failure.
typedef int32_t weir_partitioner_fn(struct weir_ctx *w, struct weir_str key, struct weir_str value, int32_t partitions);

struct weir_source {
    const char *name;
    const char *const *topics; // of a pattern: the one pattern, an anchored PCRE2 regular expression
    int topic_count;
    bool pattern;
    bool internal; // the far side of a repartition topic; topics[0] is without the app's prefix
    bool latest;   // start latest
    bool global;   // every instance has all of it, read to its end before the first record
    bool
        needs_time; // a record that came with a negative one is dropped: nothing gives it another, and not all that is done is to send it
    int64_t idle;   // ms: stream time follows the wall clock once the input has been silent for it; 0: never
    int partitions; // 0: as the topic has
    int subtopology;
    const struct weir_serde *key, *value;
    // Runs the stages on w->record. Failure is in w->bad; what it sent is then taken back by the runtime.
    void (*process)(struct weir_ctx *w);
    weir_partitioner_fn *partitioner; // how the topic is partitioned, for tests and files; NULL: murmur2
};

struct weir_sink {
    const char *name;
    const char *topic; // NULL: chosen per record
    bool internal;     // a repartition topic: without the app's prefix, created by the runtime
    int partitions;    // of a repartition: 0: as its input's topics
    int subtopology;   // that writes it
    const struct weir_serde *key, *value;
    weir_partitioner_fn *partitioner; // NULL: murmur2 of the key as Kafka does
};

// Sources whose topics must have equal numbers of partitions: their records meet in one task.
struct weir_copartition {
    const char *why; // the stage, as written: "join payments as p on id == p.order_id"
    const int *sources;
    int source_count;
};

struct weir_setting {
    const char *name, *value; // "threads" "2", "kafka.bootstrap.servers" "localhost:9092"
};

struct weir_test {
    const char *title;
    const char *file;
    int line;
    void (*run)(struct weir_ctx *w);
};

struct weir_tap {
    const char *flow;
};

struct weir_program {
    uint32_t abi;
    const char *app;
    const char *file; // the .weir file, as given
    const struct weir_source *sources;
    int source_count;
    const struct weir_sink *sinks;
    int sink_count;
    const struct weir_store *stores;
    int store_count;
    const struct weir_setting *settings;
    int setting_count;
    const struct weir_test *tests; // only when compiled for `weir test`
    int test_count;
    const struct weir_tap *taps;
    int tap_count;
    const struct weir_copartition *copartitions;
    int copartition_count;
    const struct weir_timer *timers;
    int timer_count;
};

// What generated code defines.
extern const struct weir_program weir_program;

// The whole of a built executable's main: every flag of `weir run`.
int weir_main(const struct weir_program *program, int argc, char **argv);

// ---- called by generated code ----

struct weir_out {
    int sink;                   // index in the program
    struct weir_str key, value; // p NULL: null. In the batch's arena, the incoming record, or static
    int64_t timestamp;
    struct weir_str topic; // where the sink's topic is chosen per record
    const struct weir_header *headers;
    size_t header_count;
};
// Takes the record to be sent once the whole incoming record has gone through without failure.
void weir_send(struct weir_ctx *w, const struct weir_out *out);
// A change of a table on its way to a repartition topic: OUT has the new key and value, and there may be old ones (a null key or value:
// there is none). One record if the keys are the same bytes, else one each, the old one first (KIP-904).
void weir_send_change(struct weir_ctx *w, const struct weir_out *out, struct weir_str old_key,
                      struct weir_str old_value);

// The record's headers as {string: string}; a value that is not UTF-8 fails the record, a null one is left out.
struct weir_map weir_headers_map(struct weir_ctx *w);
// HEADERS of the incoming record with those of SET put in (a null value removes).
void weir_headers_with(struct weir_ctx *w, const struct weir_header *set, size_t set_count, struct weir_out *out);

// `log`: one line on stderr, "[flow] text".
void weir_log(struct weir_ctx *w, const char *flow, struct weir_str text);
// Fails the record: reading `key` although it is null.
void weir_null_key(struct weir_ctx *w);
// A record whose event time is negative is dropped and counted, as Kafka Streams does.
void weir_drop_negative_time(struct weir_ctx *w, int64_t time);

// ---- tests (compiled for `weir test`) ----

// Keys and values as JSON text; key.p NULL: null key, value.p NULL: tombstone.
struct weir_test_record {
    int line;
    struct weir_str key, value;
    bool has_time, has_window, has_window_end;
    int64_t time; // feed: timestamp
    int64_t window_start, window_end;
    const struct weir_header *headers;
    size_t header_count;
};
void weir_tap(struct weir_ctx *w, int tap, struct weir_str key_json, struct weir_str value_json);
void weir_tap_windowed(struct weir_ctx *w, int tap, struct weir_str key_json, int64_t start, int64_t end,
                       struct weir_str value_json);
void weir_test_feed(struct weir_ctx *w, int source, const struct weir_test_record *record);
void weir_test_advance(struct weir_ctx *w, int64_t ms);
void weir_test_expect_tap(struct weir_ctx *w, int tap, const struct weir_test_record *record);
void weir_test_expect_topic(struct weir_ctx *w, const char *topic, const struct weir_test_record *record);
void weir_test_nothing_tap(struct weir_ctx *w, int tap, int line);
void weir_test_nothing_topic(struct weir_ctx *w, const char *topic, int line);
// Feeds nothing itself: the last record fed to SOURCE (-1: to any) must have been bad, with MESSAGE in its explanation.
void weir_test_bad(struct weir_ctx *w, int source, struct weir_str message, int line);

#endif
