// A cluster in memory: topics as logs, transactions whose markers come after they are decided, and one consumer group.
#ifndef SIM_CLUSTER_H
#define SIM_CLUSTER_H

#include <stddef.h>

#include "weir_program.h"

enum { CLUSTER_MEMBERS = 64, CLUSTER_OBSERVERS = 16, CLUSTER_LOGS = 64 };

enum txn_state { TXN_OPEN, TXN_COMMITTED, TXN_ABORTED };

struct cluster_log;

// What is committed of a partition of an input.
struct cluster_offset {
    int64_t offset; // -1: nothing
    int64_t times[CLUSTER_OBSERVERS];
};

struct cluster_txn {
    enum txn_state state;
    int producer;                           // by name; -1: one that nobody has again
    int64_t began;                          // ms
    struct cluster_log *logs[CLUSTER_LOGS]; // that still lack its marker
    int64_t first[CLUSTER_LOGS];            // where it begins in each
    int log_count;
    struct cluster_log *inputs[CLUSTER_LOGS]; // whose offsets it commits
    struct cluster_offset offsets[CLUSTER_LOGS];
    int offset_count;
    struct cluster_txn *next; // of all
};

struct cluster_record {
    struct weir_str key, value; // own memory; p NULL: null
    int64_t timestamp;
    const struct cluster_txn *txn; // NULL: of none
    bool marker;
};

struct cluster_log {
    char *topic; // on the wire
    int32_t partition;
    struct cluster_record *records;
    int64_t count;
    struct cluster_offset committed;
    struct cluster_txn *offset_in; // an undecided transaction that commits it
};

// A member of the group; never used again.
struct cluster_member {
    bool there;     // in the group
    bool dead;      // and not missed yet
    bool joined;    // of the generation that is being made
    bool revoking;  // it is to give up what it has
    int generation; // that it has its partitions from; -1: none yet
    bool assigned;  // and was not told yet
};

struct cluster {
    int32_t partitions;
    struct cluster_log logs[CLUSTER_LOGS];
    int log_count;
    struct cluster_txn *txns;
    struct cluster_member members[CLUSTER_MEMBERS];
    int member_count;
    int generation;
    bool rebalancing;
    int owner[CLUSTER_OBSERVERS]; // by partition: the member; -1: nobody
};
extern struct cluster cluster;

void cluster_start(int32_t partitions);
void cluster_free(void);

// Made if it is not there.
struct cluster_log *cluster_log(const char *topic, int32_t partition);
// TXN NULL: of none.
void cluster_append(struct cluster_log *log, const struct weir_record *record, struct cluster_txn *txn);
// The end of what a reader of committed records may see.
int64_t cluster_stable(const struct cluster_log *log);
static inline bool cluster_is_visible(const struct cluster_record *r)
{
    return !r->marker && (!r->txn || r->txn->state == TXN_COMMITTED);
}

struct cluster_txn *cluster_begin(int producer);
void cluster_add_offset(struct cluster_txn *txn, struct cluster_log *input, const struct cluster_offset *offset);
// Its markers are still to come.
void cluster_decide(struct cluster_txn *txn, enum txn_state state);
// Writes one marker of a transaction that is decided. False: there is none to write.
bool cluster_mark(struct cluster_txn *txn);
bool cluster_is_through(const struct cluster_txn *txn);
// Transactions of PRODUCER that are open are aborted. Whether all of them are through.
bool cluster_fence(int producer);
// Some of what the cluster does by itself: markers are written, and transactions that last too long are aborted.
void cluster_go_on(void);
bool cluster_is_at_rest(void); // all transactions are through

// ---- the group ----

int cluster_join(void); // gives the member
void cluster_leave(int member);
// The group no longer hears of those that are dead: their sessions are over.
void cluster_miss(void);
// Every member gives up what it has, and gets something anew.
void cluster_rebalance(void);
// MEMBER has given up what it had.
void cluster_revoked(int member);
// Whether MEMBER is of the generation that holds: what it commits counts.
bool cluster_is_member(int member);

#endif
