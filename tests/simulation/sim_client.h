// The parts of the client of one instance (sim_broker.h).
#ifndef SIM_CLIENT_H
#define SIM_CLIENT_H

#include "sim.h"
#include "sim_broker.h"

static inline struct sim_broker *sim_broker_of(struct broker *b)
{
    return (struct sim_broker *)b;
}

// sim_send.c
struct cluster_log *sim_changelog_of(const struct sim_broker *b, int store, int32_t partition);
void sim_begin(struct sim_broker *b); // a transaction, with what was held for it
// All that was sent is at the cluster, or cannot come there any more.
void sim_flush(struct sim_broker *b);
void sim_forget(struct sim_queue *q);
// Under exactly_once, rarely: something goes wrong now.
bool sim_is_unlucky(const struct sim_broker *b);
// The same, or the transaction cannot be committed any more already.
bool sim_goes_wrong(struct sim_broker *b);
enum broker_status sim_answer_abort(const struct sim_broker *b, struct broker_error *error);
enum broker_status sim_send(struct broker *base, int worker, struct weir_str topic, int32_t partition,
                            const struct weir_out *out, struct broker_error *error);
enum broker_status sim_log(struct broker *base, int worker, int store, int32_t partition, struct weir_str key,
                           struct weir_str value, int64_t timestamp, struct broker_error *error);

// sim_poll.c
// Others have its partitions already, or are about to.
bool sim_is_leaving(const struct sim_broker *b);
void sim_ready(struct broker *base, int worker, struct broker_task task);
// Tells of what it still has: from what is committed on, as if it had just been assigned.
void sim_begin_anew(struct sim_broker *b);
enum broker_status sim_poll(struct broker *base, int worker, int max, int timeout_ms, broker_record_fn *fn, void *arg,
                            int *count, struct broker_error *error);
bool sim_at_end(struct broker *base, int worker, int subtopology, int32_t partition);

// sim_restore.c
enum broker_status sim_restore(struct broker *base, int worker, struct broker_restore *r, struct broker_error *error);
void sim_restore_stop(struct broker *base, int worker, struct broker_restore *r);
enum broker_status sim_log_end(struct broker *base, int worker, int store, int32_t partition, int64_t *end,
                               struct broker_error *error);

// sim_commit.c
int64_t sim_stored_time(struct broker *base, int worker, int store, int source, int32_t partition);
void sim_store_time(struct broker *base, int worker, int store, int source, int32_t partition, int64_t time);
static inline bool sim_commit_runs(const struct sim_broker *b)
{
    return b->commit != COMMIT_NONE && b->commit < COMMIT_TAKEN;
}
// How the commit ended, if it has. OK: or it has not.
enum broker_status sim_look_at_commit(struct sim_broker *b, struct broker_error *error);
int64_t sim_commit_aside(struct broker *base, int worker);
enum broker_status sim_settle(struct broker *base, int worker, struct broker_error *error);
enum broker_status sim_commit(struct broker *base, int worker, struct broker_error *error);
enum broker_status sim_abort(struct broker *base, int worker, struct broker_error *error);

#endif
