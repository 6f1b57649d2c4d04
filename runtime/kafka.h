// What broker_kafka.c and the kafka_*.c files share. Only they include librdkafka.
//
// Threads: the service thread (kafka_service.c) polls the consumer for rebalances and errors. Each worker polls a queue of its own, to which
// the partitions of its tasks are forwarded, and sends through a producer of its own, so that its flush waits for nobody else's records. Where a task has
// several inputs, each keeps its own queue, and the worker takes their records by time (kafka_order.c). Under exactly_once each commit has a thread (kafka_pipeline.c).
#ifndef WEIR_RT_KAFKA_H
#define WEIR_RT_KAFKA_H

#include <librdkafka/rdkafka.h>
#include <pthread.h>
#include <stdatomic.h>

#include "broker.h"
#include "settings.h"

// A partition of an input that this process owns. The service thread makes it and hands it to its worker, which frees it when it is revoked.
struct kafka_input {
    struct kafka_input *next;
    char *topic;
    size_t topic_size;
    int32_t partition;
    const int *sources; // those that read the topic, in the order of the program
    int source_count;
    bool internal;
    int subtopology;
    bool held;                      // its task is not ready: its records stay in its own queue
    struct kafka_lane *lane;        // NULL: the records come through the worker's queue
    const rd_kafka_topic_t *handle; // as seen on its first message; only compared
    int64_t start;  // what the group had committed when it was assigned, or where it began, to go back to; -1: nothing
    int64_t time;   // the greatest timestamp taken of it, by whomever; -1: none yet
    int64_t *times; // what the task's stores have observed of time, by observer; -1: none
    bool timed;     // they have changed since the last commit
    _Atomic int64_t position;  // after the last processed record; -1: none yet
    _Atomic int64_t end;       // where the partition ended when it was last read to its end; -1: not at its end
    _Atomic int64_t committed; // -1: nothing
    int64_t purged;            // the service thread's: the records before it are deleted; -1: none yet
    // Set under b->lock by the service thread:
    bool leaving; // to be let go of
    bool lost;    // no longer ours: there is nothing to commit
};

enum kafka_lane_state {
    KAFKA_LANE_HEAD,    // has a record
    KAFKA_LANE_UNKNOWN, // is empty, and there may be more to come: its task waits
    KAFKA_LANE_IDLE,    // is empty and read to its end: its task waits until the deadline
    KAFKA_LANE_FREE,    // is empty: nobody waits for it
};

enum { KAFKA_LANE_BATCH = 256 };

// An input of a task that has several: its next records, in librdkafka's memory.
struct kafka_lane {
    rd_kafka_queue_t *queue;
    enum kafka_lane_state state;
    int64_t head;     // timestamp of the first record
    int64_t deadline; // ms
    int source;       // index in input->sources; those before it have taken the first record
    int at, count;
    int told; // the worker was told of those before it
    rd_kafka_message_t *batch[KAFKA_LANE_BATCH];
};

// A task whose records are taken by time.
struct kafka_task {
    int subtopology;
    int32_t partition;
    struct kafka_input **inputs; // all with a lane, in the order of the program
    size_t count;
};

enum { KAFKA_AHEAD = 32, KAFKA_AHEAD_BYTES = 16 << 10 };

// The next records of a worker, in order, copied out of librdkafka's memory: some are looked at before the first is processed, and what the worker does
// not want yet stays for its next poll.
struct kafka_ahead {
    int at, count; // those before AT were taken
    int source;    // index in the sources of the next one's input; those before it have taken it
    struct kafka_input *inputs[KAFKA_AHEAD];
    struct broker_delivery records[KAFKA_AHEAD];
    char *memory; // what they point to
    size_t used, room;
};

// A topic that is sent to, found once and kept until the end.
struct kafka_output {
    struct kafka_output *next; // in its bucket
    char *name;                // as on the wire
    size_t name_size;
    rd_kafka_topic_t *handle; // of the worker's producer
    int32_t partitions;       // -1: does not exist
    int64_t looked_up;        // ms; what does not exist is looked for again
    int32_t any;              // partition for null keys
    size_t any_bytes;         // sent there since it was chosen
};

// A record that is sent while the transaction before its own is being committed.
struct kafka_held {
    struct kafka_output *to;
    int32_t partition;
    struct weir_out out; // in the pipeline's memory
};

// The commit of a transaction (kafka_pipeline.c). Its thread writes `why`, `took_us` and then `over`; deliveries that fail are told there, too
// (kafka_trouble_of_records, kafka_txn_undelivered).
struct kafka_pipeline {
    bool running, aside; // and nobody has looked yet how it ended; on a thread of its own
    _Atomic bool over;
    pthread_t thread;
    rd_kafka_topic_partition_list_t *offsets;
    rd_kafka_consumer_group_metadata_t *member;
    rd_kafka_error_t *why; // NULL: it was taken
    int64_t began_us, took_us;
    struct kafka_held *held;
    size_t held_count, held_room, held_bytes;
    size_t record_bytes;    // a record that is larger is not held
    struct weir_ctx memory; // an arena
};

enum { KAFKA_OUTPUT_BUCKETS = 64 };

struct kafka_worker {
    struct broker_kafka *b;
    int index;
    const struct broker_listener *listener;
    void *listener_arg;

    rd_kafka_queue_t *_Atomic queue; // of its inputs; made by start, woken from anywhere
    struct kafka_input *inputs;      // changed under b->lock
    struct kafka_input *current;     // of the last message: they come in runs
    struct kafka_ahead ahead;
    int64_t since_kick;       // bytes read since fetching was last nudged
    struct kafka_task *tasks; // those with lanes; made anew whenever inputs come or go
    size_t task_count;
    _Atomic bool arrived; // an empty lane may have something now

    // Of the poll under way:
    broker_record_fn *fn;
    void *fn_arg;
    int wanted, taken;
    bool stopped;                // no more in this poll
    struct weir_header *headers; // of the record in hand, in librdkafka's memory
    size_t header_room;

    // From the service thread, under b->lock; `pending` says that there is something.
    struct kafka_input *incoming;
    bool dealt;  // what is incoming is all that it gets
    bool taking; // from when it was dealt until its listener has heard of that
    bool revoking;
    _Atomic bool pending;

    rd_kafka_t *producer;
    struct kafka_output **sinks;      // by sink; NULL: not looked up yet
    struct kafka_output **changelogs; // by store; NULL: not looked up yet
    struct kafka_output *outputs[KAFKA_OUTPUT_BUCKETS];
    rd_kafka_topic_partition_list_t
        *ends;          // of changelogs, as far as somebody asked for them; NULL: not asked since the last commit
    bool unflushed;     // sent something since the last flush
    int64_t unanswered; // since when the broker does not answer while the run is to end; 0: it does, or the run goes on
    // Under exactly_once:
    struct kafka_pipeline pipeline;
    bool in_transaction;             // sent something since the last commit that is through
    bool aborting;                   // BROKER_ABORT was answered: until kafka_back
    bool worn;                       // the producer cannot be trusted any more: another is to take its place
    struct broker_error undelivered; // why a record of the transaction could not be written; under b->trouble_lock
    bool uncommitted;                // did something since the last commit, or is in a transaction
    _Atomic bool at_end;             // all inputs read to their ends, all outputs safe

    _Atomic bool failed;       // for good, for the reason in error
    struct broker_error error; // written once (kafka_trouble_of_records)
};

struct broker_kafka {
    struct broker base;
    const struct weir_program *program; // a swap changes it under lock, while the workers stand
    const struct settings *settings;
    char *app, *servers; // for messages and names
    char *dead_letter;   // NULL: none
    bool create_topics, exit_at_end;
    bool compare_only;    // `weir check`: makes no topics, and joins no group
    int64_t task_idle_ms; // how long a task waits for an input that is at its end; -1: for none at all
    bool *ordered;        // by sub-topology: its tasks may have several inputs
    void **patterns;      // pcre2_code, by source; NULL: no pattern
    int pattern_count;

    rd_kafka_conf_t *admin_conf; // to make short-lived clients of
    rd_kafka_t *consumer;
    rd_kafka_queue_t *events;      // of the consumer: rebalances and errors
    struct kafka_globals *globals; // made by the first kafka_follow, under lock; NULL: there are no global tables
    rd_kafka_t *_Atomic reader;    // of changelogs, without a group; NULL until the first restore
    struct kafka_worker *workers;  // and behind them one that only restores, for copies
    int worker_count;

    rd_kafka_queue_t *describing; // the answer to who the group's members are, for copies; NULL: none awaited

    pthread_t service;
    bool serving; // the thread was started
    pthread_mutex_t lock;
    pthread_cond_t let_go; // a worker has let go of what was revoked
    _Atomic bool closing;  // no worker polls any more
    _Atomic bool assigned; // once at least
    _Atomic bool ended;    // with exit_at_end: everything is read and written
    _Atomic bool hungry;   // fetching may sleep although there is room: kafka_service.c nudges it
    _Atomic bool suspect;  // librdkafka has no connection
    _Atomic bool failed;   // for good: why is in error, under lock
    struct broker_error error;
    char *instance;    // of transactions' names; NULL: at least once
    int instance_lock; // of the file that has it; -1: none
    void *member;      // who this instance is in the group, as librdkafka writes it, under lock; NULL: nobody
    size_t member_size;
    int64_t kick_bytes; // how much a worker reads between two nudges; 0: librdkafka needs none

    // The service thread's own:
    rd_kafka_topic_partition_list_t *subscription;
    int64_t refreshed;  // when topics were last looked at, ms: patterns may match more, and partitions have come
    int64_t refresh_ms; // how often they are; 0: never
    int32_t *sizes;     // by source: partitions of its topics then, INT32_MAX of internal ones; NULL: not looked at yet
    bool down;          // the loss of the broker has been reported
    int64_t purged;     // when repartition topics were last purged, ms
    rd_kafka_queue_t *purging; // the answer to that; NULL: none awaited
    int64_t asked;             // when the group's members were last asked for, ms
    rd_kafka_queue_t *asking;  // the answer to that; NULL: none awaited

    pthread_mutex_t group_lock;
    rd_kafka_event_t *group; // the last answer, under it; NULL: none yet

    pthread_mutex_t trouble_lock;
    char trouble[256];    // librdkafka's last complaint
    _Atomic bool refused; // it was about credentials or TLS: waiting does not help
};

static inline struct broker_kafka *kafka_of(struct broker *b)
{
    return (struct broker_kafka *)b; // base is its first member
}

// Text for `error`, cut to what fits. Always BROKER_FATAL.
enum broker_status kafka_fail(struct broker_error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3), cold));
int64_t kafka_now(void); // wall clock, ms
// The topic as it is on the wire: internal ones get the app's prefix. To be freed.
char *kafka_wire_name(const struct broker_kafka *b, const char *topic, bool internal);
// The topic of a store's changelog: its own, or the source's that it is made of. To be freed.
char *kafka_changelog_name(const struct broker_kafka *b, const struct weir_store *store);

#endif
