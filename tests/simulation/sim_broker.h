// broker.h over the simulated cluster: a client of one instance, with one worker. At each point where a real client waits, or could be killed, the others
// go on first.
#ifndef SIM_BROKER_H
#define SIM_BROKER_H

#include "broker.h"
#include "cluster.h"

enum { SIM_SOURCES = 8, SIM_TOPIC = 256 }; // room

struct sim_input {
    struct cluster_log *log;
    int sources[SIM_SOURCES], source_count, subtopology;
    int64_t next;     // offset to be read
    int64_t position; // behind what was taken; -1: nothing was
    struct cluster_offset committed,
        now;    // at the assignment or the last commit; what the next one will store (but its offset)
    bool timed; // NOW has times that are not committed
    bool held;  // its task is not ready
};

// A record that was sent and is not at the cluster yet.
struct sim_unsent {
    struct cluster_log *log;
    struct weir_record record; // own memory
};

struct sim_queue {
    struct sim_unsent *all;
    size_t count;
};

// What became of restoring, for those who know better.
typedef void sim_restored_fn(void *arg, const struct broker_log *log, int64_t from, int64_t end);

// The commit of a transaction, which goes on beside the worker: what comes next, or how it ended.
enum sim_commit {
    COMMIT_NONE,
    COMMIT_FLUSHES,
    COMMIT_SENDS_OFFSETS,
    COMMIT_DECIDES,
    COMMIT_ANSWERS,
    COMMIT_TAKEN,
    COMMIT_FAILED
};

struct sim_committed {
    struct cluster_log *log;
    struct cluster_offset to;
};

struct sim_broker {
    struct broker base;
    const struct weir_program *program;
    int member; // of the group; -1: of none yet
    const struct broker_listener *listener;
    void *listener_arg;
    struct sim_input inputs[CLUSTER_LOGS];
    int input_count;
    bool exactly_once;
    int producer;                     // its name; -1: it has one of its own
    struct cluster_txn *txn, *before; // under way; the one before, whose markers may still be missing. NULL: none
    bool aborting;                    // the transaction cannot be committed any more
    bool tasks_fail;                  // and the worker goes back then
    bool lost;                        // the inputs are others' already
    struct sim_queue unsent, held;    // of the transaction that is open or being committed; what goes with the next one
    enum sim_commit commit;
    struct sim_committed committing[CLUSTER_LOGS];
    int committing_count, committing_in; // the group's generation
    sim_restored_fn *restored;
    void *restored_arg;
};

struct sim_broker *sim_broker_new(const struct weir_program *program, bool exactly_once, int producer,
                                  sim_restored_fn *restored, void *arg);
// One of the records that were sent comes to the cluster. False: none is under way.
bool sim_broker_deliver(struct sim_broker *b);
// The commit that is under way goes one step on.
void sim_broker_commit(struct sim_broker *b);
// The process is gone, and with it what it has not sent.
void sim_broker_drop(struct sim_broker *b);
// It leaves the group.
void sim_broker_leave(struct sim_broker *b);

// The topic of a sink, a source or a changelog on the wire.
void sim_topic(char name[SIM_TOPIC], const struct weir_program *program, const char *topic, bool internal);
void sim_changelog(char name[SIM_TOPIC], const struct weir_program *program, const struct weir_store *store);

// A record that the cluster will never take: the rule is the simulation's own.
bool sim_refuses(const char *topic, struct weir_str value);

// Here an instance may be interrupted by all others, or end. WHAT says where, for the schedule. Often: that others go on is rare.
void sim_point(const char *what);
void sim_point_often(const char *what);

#endif
