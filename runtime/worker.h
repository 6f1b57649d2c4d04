// The inside of a run: the runtime, its worker threads, and the tasks they process. A record's way: worker_step -> the broker's poll ->
// worker_record -> the source's generated function -> weir_send (pending) -> send_flush (to the broker) -> commit.
#ifndef WEIR_RT_WORKER_H
#define WEIR_RT_WORKER_H

#include <pthread.h>
#include <stdatomic.h>

#include "broker.h"
#include "ctx.h"
#include "settings.h"
#include "stats.h"
#include "store_undo.h"

struct worker;
struct globals;
struct query_queue;
struct disk;
struct disk_shared;
struct standby;
struct restore;

// A subtopology and a partition: what its stages share. Belongs to one worker at a time.
struct task {
    struct worker *worker;
    int subtopology;
    int32_t partition;
    int64_t stream_time;   // of sub-topologies with a timer of it: the greatest time of a record taken; -1: none yet
    int64_t stream_due;    // when the first timer of stream time is due
    int64_t *timers;       // when each of the program's that is of this task is; NULL: the program has none
    bool heard;            // a record was taken since the last look (task_idle.c)
    bool silent;           // none for as long as `idle`
    int64_t idle;          // ms of silence after which stream time goes on with the wall clock; 0: it never does
    int64_t last;          // wall clock, ms: when the last record was taken, about; or silence was none
    int64_t moved, looked; // that stream time has come to; of the last look
    struct store **stores; // by index in the program; NULL: not of this subtopology
    struct disk *disk;     // what the disk has of them; NULL: nothing ever. Made and opened by task_restore
    int64_t *ends; // of their changelogs, by store: they are as of all before. NULL: not known, or records are taken
    struct task *next; // of those that are kept
};

struct task_table {
    struct task **tasks; // by subtopology * partitions + partition, NULL where there is none
    int subtopologies;
    int32_t partitions; // room
};

// What an incoming record sends, until it has gone through without failure.
struct send {
    struct weir_out out;
    struct weir_str topic;
    int32_t partition; // -1: the broker chooses by key
    int store;         // whose changelog it goes to; -1: a record
};

struct send_buffer {
    struct send *sends; // reused: grows to the largest record's number
    size_t count, room;
};

// True: go on with the next record. False: the run stops here, k->exit says how.
typedef bool bad_record_fn(struct worker *k, const struct broker_delivery *delivery);
// The same of a timer; RECORD is what it was given.
typedef bool bad_timer_fn(struct worker *k, const struct weir_timer *timer, const struct weir_record *record);

// The step ends, and the worker goes back to its last commit.
enum { WORKER_BACK = -1 };

struct worker {
    struct weir_ctx w;
    struct runtime *rt; // NULL in a test
    const struct weir_program *program;
    const struct settings *settings;
    struct broker *broker;
    const atomic_bool *attention; // come out of the batch: stop or swap; NULL in a test
    int id;
    int source;                // of the record that is being done
    int batch;                 // records of a poll
    int look_in;               // records until the clock is looked at
    struct task_table tasks;   // whose stores are as their changelogs say
    struct restore *restores;  // the others
    struct task *kept;         // those that were revoked and may come back (task_kept.h)
    struct failures *failures; // those that failed; NULL: none ever did
    size_t loading;            // stores that still come from disk, also of tasks that are not live
    int slice_ms;              // how long what is restored or loaded has a turn, before live work has one
    int64_t turn_ends;         // monotonic ms: of either
    struct send_buffer pending;
    struct undo_log undo;
    struct globals *globals;   // of all workers; NULL: the program has no global table
    struct disk_shared *disks; // of all workers; NULL in a test: nothing is kept on disk
    struct standby *standby;   // of all workers; NULL: nobody else works on disks
    size_t memory;             // bytes of all stores
    size_t memory_limit;       // from which on there is something to do about it (commit.c)
    size_t cached;             // bytes (about) of rows whose changes wait for the commit
    struct counters *counters;
    struct query_queue *queries; // that it answers; NULL: nobody asks
    bad_record_fn *bad;
    bad_timer_fn *bad_timer;
    struct task *due;               // a timer of it is due behind the record; NULL: none
    int64_t wall_due;               // when the first timer of the wall clock is due
    size_t commits_asked;           // by the program, since the last one
    int64_t taken;                  // the timestamp of the last record
    int64_t clock;                  // of --clock record: the greatest timestamp taken; -1: none yet
    int64_t clock_committed;        // as of the last commit
    int64_t committed;              // when the last commit began, monotonic ms
    int64_t commit_call;            // how long the broker's call for it took, ms
    int64_t rested;                 // when there was last nothing to commit, and states were looked at
    int64_t commit_ms;              // from the end of a commit to the next one
    int64_t commit_took;            // the last ones, about, nine times: what is between two of them at least
    bool dirty;                     // something was taken since
    bool flushing;                  // stores give away what waited for the commit
    bool leaving_waits, left_waits; // that a change left a store is to be logged behind the commit; there is such a one
    bool half_done;                 // the run ended at a record behind a repartition topic in memory
    int exit;                       // enum runtime_exit, or WORKER_BACK
    uint64_t bad_shown, bad_hidden; // bad records reported; counted only since
    int64_t bad_shown_at;
    int64_t figures_at; // monotonic ms: of figures_take
    void *test;         // the test that runs, for taps
    pthread_t thread;
};

void worker_init(struct worker *k, const struct weir_program *program, const struct settings *settings,
                 struct broker *broker, int id, struct counters *counters);
void worker_free(struct worker *k);
// Takes the listener's place at the broker; before the first step.
void worker_listen(struct worker *k);
// One batch: poll, process, commit when it is due; or back to the last commit. Only BROKER_OK, BROKER_END or BROKER_FATAL (reported, k->exit set) come back.
enum broker_status worker_step(struct worker *k, int timeout_ms);
// Takes what is on repartition topics in memory, and nothing else. Whether there was something; k->exit tells of failures.
bool worker_run_inner(struct worker *k);
// From there on there is something to do about the memory of stores, until more is known.
size_t worker_memory_limit(const struct settings *settings);
// The wall clock as the program sees it.
int64_t worker_now(struct worker *k);

// worker_back.c
// What the broker answered (ABORT or FATAL) and why, reported: k->exit says how it goes on.
void worker_fail(struct worker *k, enum broker_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4), cold));
// Between two steps, after BROKER_ABORT: OK, END (woken) or FATAL.
enum broker_status worker_back(struct worker *k);

// runtime.c
// Another broker than the settings say, for tests; before runtime_go.
void runtime_set_broker(struct runtime *rt, broker_new_fn *broker_new);

// task.c
static inline struct broker_task task_id(const struct task *t)
{
    return (struct broker_task){t->subtopology, t->partition};
}
// Without anything restored.
struct task *task_new(struct worker *k, int subtopology, int32_t partition);
void task_free(struct task *t); // NULL is fine
// The worker's program was swapped: the stores are those of the new one.
void task_swap(struct task *t);
// Made, with its stores as its changelogs have them, if there is none. NULL: it could not be, k->exit is set.
struct task *task_find(struct worker *k, int source, int32_t partition);
// T is as its changelogs have it: it takes its place, and its inputs may come.
void task_take_up(struct task *t);
// NULL: there is none.
struct task *task_known(const struct worker *k, int source, int32_t partition);
void task_make(struct worker *k, struct broker_task task);
// Those of PARTITIONS are restored together.
void task_make_all(struct worker *k, const struct broker_partition *partitions, int count);
// All tasks of K, one after the other, beginning with NULL; NULL: no more.
struct task *task_next(const struct task_table *t, const struct task *before);
void task_swap_all(struct worker *k);
void task_remove(struct worker *k, int source, int32_t partition);
void task_free_all(struct task_table *t);

// send.c
// Queues a record of the changelog of STORE, with those that the record under way sends.
void send_log(struct worker *k, int store, int32_t partition, struct weir_str key, struct weir_str value,
              int64_t timestamp);
// As weir_send, to PARTITION of the sink's topic.
void send_to(struct weir_ctx *w, const struct weir_out *out, int32_t partition);
// Gives what is pending to the broker. False: w->bad is set, or k->exit.
bool send_flush(struct worker *k);

// commit.c
int64_t commit_clock(void); // monotonic ms
bool commit_due(const struct worker *k, int64_t now);
// False: reported, k->exit set.
bool commit_now(struct worker *k);
bool commit_last(struct worker *k); // nothing comes after it
// The last commit, which may be under way, is through.
bool commit_settle(struct worker *k);
// Where there is nothing to commit: the disk gets what is due. False: as above.
bool commit_rest(struct worker *k);
// Of the memory for state: what global tables leave.
size_t commit_memory(const struct worker *k);

// bad_record.c
bool bad_record(struct worker *k, const struct broker_delivery *delivery);
bool bad_timer(struct worker *k, const struct weir_timer *timer, const struct weir_record *record);
// To the dead letter topic, for what w->bad says. Clears it.
bool bad_record_forward(struct worker *k, const struct broker_delivery *delivery);

#endif
