// The seam between the runtime and where topics live: Kafka (broker_kafka.c), files (broker_file.c), memory (broker_memory.c).
// Everything above it is the same for all three; wall-clock time comes through it too. Errors carry what the caller needs to go on.
#ifndef WEIR_BROKER_H
#define WEIR_BROKER_H

#include "weir_program.h"

enum broker_status {
    BROKER_OK,
    BROKER_END,   // files with exit-at-end: no more records
    BROKER_RETRY, // passing trouble, already reported; call again
    BROKER_ABORT, // under exactly_once: the worker must go back to its last commit, see `abort`
    BROKER_FATAL, // give up; the reason is in error
    BROKER_REFUSED, // send only: this record can never be sent (too large, no such partition); it is a bad record, the reason is in error
};

struct broker_error {
    char text[512];
};

// A batch of records of one worker, in the order they are to be processed. Slices live until the next poll by the same worker.
struct broker_delivery {
    int source; // index in the program; its subtopology and the partition make the task
    struct weir_record record;
    const char *
        broken; // not NULL: why the key and value below are not what the serdes say already; then they are what was read
    const char *place; // "FILE:LINE" for messages, or NULL
    bool again;        // another source of the program has taken it already
};

struct broker;

// Called for each record of a poll, on the worker's thread, once for each source that reads its topic. Returns false to stop taking records (the worker
// wants to commit or end): the broker then keeps that record for the next poll.
typedef bool broker_record_fn(void *arg, const struct broker_delivery *delivery);

// Called for each record of a changelog, in order; slices live until it returns. END: of what restore will read (an offset; for progress). False: no more
// of this changelog; its status then is BROKER_OK.
typedef bool broker_restore_fn(void *arg, struct weir_str key, struct weir_str value, int64_t timestamp, int64_t offset,
                               int64_t end);

// A changelog that restore reads.
struct broker_log {
    int store; // index in the program
    int32_t partition;
    int64_t from; // the offset to begin at, and then the one to go on from
    broker_restore_fn *fn;
    void *arg;
    // RETRY while it is read. Then: OK. REFUSED: FROM is not in the log any more (or it is shorter): begin anew, from 0. END: woken, as by start, or the
    // partition is being revoked: no record of it will be delivered.
    enum broker_status status;
};

// Changelogs that are read at once. The caller's.
struct broker_restore {
    struct broker_log *logs; // they stay where they are
    size_t count;
    int slice_ms; // how long a call lasts, about; -1: until all are through
    void *state;  // the broker's between two calls; NULL at first, and when all are through
};

// What became of the partitions of a worker; called on the worker's thread, between two records.
struct broker_partition {
    int source;
    const char *topic;
    int32_t partition;
};

struct broker_task {
    int subtopology;
    int32_t partition;
};

static inline bool broker_same_task(struct broker_task a, struct broker_task b)
{
    return a.subtopology == b.subtopology && a.partition == b.partition;
}

// A member of the group, as the cluster knows it; "" and 0: it does not.
struct broker_owner {
    char instance[256], client[128], host[256];
    int port; // of its HTTP server
};

// Told by poll of partitions that come and go. Of those that come no record is delivered until the worker is `ready` for their task. Before `revoked` returns the worker has committed what it processed of them;
// afterwards no record of them is delivered. `assigned` comes once more behind each `revoked`, if only with COUNT 0: what was revoked and is not among PARTITIONS then
// has gone to others. `coming` (NULL: not wanted; a broker need not) tells of keys and times of
// records that are delivered next, unless they are revoked.
struct broker_listener {
    void (*assigned)(void *arg, const struct broker_partition *partitions, int count);
    void (*revoked)(void *arg, const struct broker_partition *partitions, int count);
    void (*coming)(void *arg, const struct broker_delivery *records, int count);
};

// At least once, sends and the offsets of a commit are safe when it returns OK. Under exactly_once all of it is one transaction of the worker: what it sent
// (records, dead letters, changelogs) since its last commit counts with the commit, or never. poll, send, log, commit and settle may answer BROKER_ABORT then:
// the transaction cannot be committed any more. From there on the worker calls nothing but `abort`, besides what a poll under way still calls back: no record is
// delivered, `revoked` may come, and a commit in it answers BROKER_ABORT again.
// LAG of a partition of an input, records.
typedef void broker_lag_fn(void *arg, const char *topic, int32_t partition, int64_t lag);

struct broker_ops {
    // Starts: finds topics, checks partition counts against the program, creates internal (and with create_topics all) ones.
    // BROKER_REFUSED: the program is wrong; BROKER_FATAL: the environment; BROKER_END: woken before it was through.
    enum broker_status (*start)(struct broker *b, struct broker_error *error);
    // LISTENER and ARG of a worker; once, before its first poll.
    void (*listen)(struct broker *b, int worker, const struct broker_listener *listener, void *arg);
    // Gives at most MAX records to FN, waiting up to TIMEOUT_MS for the first. *COUNT is how many were taken. BROKER_END: there are no more. If something was
    // taken since the last commit, that comes first, and then another poll: a commit may send records that are read here.
    enum broker_status (*poll)(struct broker *b, int worker, int max, int timeout_ms, broker_record_fn *fn, void *arg,
                               int *count, struct broker_error *error);
    // Queues a record for sending; copies what it keeps. PARTITION -1: by key (partition.h), or any for a null key.
    // TOPIC is the name to send to, internal ones without the app's prefix. A negative out->sink is a dead letter:
    // key and value are as they came to source ~out->sink.
    enum broker_status (*send)(struct broker *b, int worker, struct weir_str topic, int32_t partition,
                               const struct weir_out *out, struct broker_error *error);
    // Partition count of a topic records are sent to, or -1 if it does not exist.
    int32_t (*partitions)(struct broker *b, int worker, struct weir_str topic);
    // Queues a record of the changelog of STORE (index in the program) for sending, as send does.
    enum broker_status (*log)(struct broker *b, int worker, int store, int32_t partition, struct weir_str key,
                              struct weir_str value, int64_t timestamp, struct broker_error *error);
    // Gives to FN the records of global tables, of all partitions: before any worker polls, until BROKER_END says that all is through that was there; then those
    // that come, on a thread of its own. Waits up to TIMEOUT_MS. NULL: they come with poll, before others, and what was committed with restore.
    enum broker_status (*follow)(struct broker *b, int timeout_ms, broker_record_fn *fn, void *arg,
                                 struct broker_error *error);
    // The worker has a task's state: records of its inputs may come. NULL: they come from the beginning.
    void (*ready)(struct broker *b, int worker, struct broker_task task);
    // Reads changelogs from their offsets on to their ends, as they are at the first call, in any order among them. Where a changelog is a source's topic: to
    // what the group has committed (of a global table: in all partitions). OK (each log has its status), FATAL, or RETRY: call again for more, or restore_stop.
    enum broker_status (*restore)(struct broker *b, int worker, struct broker_restore *r, struct broker_error *error);
    // No more of R, which has `state`. NULL: there never is any.
    void (*restore_stop)(struct broker *b, int worker, struct broker_restore *r);
    // The tasks of which this instance is to keep a copy, if each has COPIES on other instances than its own: *TASKS, to be freed, whether the program keeps
    // anything for them or not. RETRY: not known now. The copies are read with `restore`, as of worker settings->threads. NULL: there are no other instances.
    enum broker_status (*copies)(struct broker *b, int copies, struct broker_task **tasks, size_t *count,
                                 struct broker_error *error);
    // After a commit that is through: an offset behind all that was sent to the changelog of STORE, and before what anybody will. Of a source's topic: behind what was processed.
    // BROKER_REFUSED: the partition is not this worker's any more, and others may write there: nothing of its state may be saved.
    enum broker_status (*log_end)(struct broker *b, int worker, int store, int32_t partition, int64_t *end,
                                  struct broker_error *error);
    // Gives to FN what was sent to repartition topics and has not been delivered, where they are in memory: what a commit stores must be through. NULL: the
    // broker keeps them.
    enum broker_status (*drain)(struct broker *b, int worker, broker_record_fn *fn, void *arg, int *count,
                                struct broker_error *error);
    // What INPUT (of a windowed cogroup, else 0) of STORE of a task (store_count: its timer INPUT) had observed of time when it was last committed, by
    // whomever, or was told to store since; -1: nothing.
    int64_t (*stored_time)(struct broker *b, int worker, int store, int input, int32_t partition);
    // The next commit stores it with the offsets.
    void (*store_time)(struct broker *b, int worker, int store, int input, int32_t partition, int64_t time);
    // Everything sent so far is safe and the offsets of everything processed so far are stored. Under exactly_once both or neither, and only as long as the
    // partitions are this worker's: BROKER_ABORT otherwise. That may still be under way then: the worker goes on, and hears of a failure from a later call. The
    // next commit waits for it.
    enum broker_status (*commit)(struct broker *b, int worker, struct broker_error *error);
    // Waits until the last commit is through: before anything that must not happen unless it is, such as saving what it holds. NULL: it always is.
    enum broker_status (*settle)(struct broker *b, int worker, struct broker_error *error);
    // How long the last commit went on behind its call, ms; -1: it still does. NULL: none does.
    int64_t (*commit_aside)(struct broker *b, int worker);
    // After BROKER_ABORT, outside of poll: nothing since the worker's last commit has happened. What was sent is void; a commit that was cut off before its
    // answer is found to be taken or not. The worker has dropped its tasks before; `assigned` is told anew of all partitions that it still has (nothing where
    // tasks are made with their first record, as with files), stored_time is as committed, and poll goes on behind what is committed. NULL: nothing answers
    // BROKER_ABORT. BROKER_END: woken before it was through, as by start.
    enum broker_status (*abort)(struct broker *b, int worker, struct broker_error *error);
    // Whether all that the inputs of a task have is taken, as far as that can be known now. NULL: always.
    bool (*at_end)(struct broker *b, int worker, int subtopology, int32_t partition);
    // There is more to commit than records that were taken: what a clock has moved. NULL: nobody asks.
    void (*not_at_end)(struct broker *b, int worker);
    int64_t (*now)(struct broker *b); // wall clock, ms
    // All workers stand between two batches: PROGRAM, with the same sources and sinks, takes the place of the old one, which goes away.
    void (*swap)(struct broker *b, const struct weir_program *program);
    // Wakes workers out of poll, for shutdown; safe from any thread.
    void (*wake)(struct broker *b);
    // How many tasks SUBTOPOLOGY has, in all instances; -1: unknown. NULL: all are here.
    int32_t (*tasks)(struct broker *b, int worker, int subtopology);
    // Which other instance has TASK, as of a moment ago. False: not known. From any thread, at once. NULL: there are no others.
    bool (*owner)(struct broker *b, struct broker_task task, struct broker_owner *owner);
    // Records not yet read of all inputs, -1: unknown. EACH (NULL: nobody) hears of every partition, where the broker knows. From any thread.
    int64_t (*lag)(struct broker *b, broker_lag_fn *each, void *arg);
    // Whether a worker has been given partitions that its listener has not heard of yet. From any thread. NULL: never.
    bool (*taking)(struct broker *b);
    void (*close)(struct broker *b);
};

struct broker {
    const struct broker_ops *ops;
    _Atomic bool
        stopping; // set by the runtime before it wakes the workers to end: start gives up waiting, with BROKER_END
    _Atomic int
        calling; // of the runtime: how many wait for a restore for copies, which ends soon then, with BROKER_END for what is not read
};

// Whether the store has a topic of its own.
static inline bool broker_has_changelog(const struct weir_store *store)
{
    return store->changelog_source < 0 && !store->no_changelog;
}

struct settings;

// Each takes hold of nothing before start, and never fails. SETTINGS and PROGRAM outlive the broker (but for a swap).
typedef struct broker *broker_new_fn(const struct weir_program *program, const struct settings *settings);
broker_new_fn broker_kafka_new, broker_file_new;
// Whether the program's topics are there, and have as many partitions as it needs. Makes none.
enum broker_status broker_kafka_compare(const struct weir_program *program, const struct settings *settings,
                                        struct broker_error *error);
// Whether librdkafka has the properties of SETTINGS and takes their values.
bool broker_kafka_check(const struct settings *settings, struct broker_error *error);

#endif
