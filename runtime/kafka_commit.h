// Offsets and the time of stores: committed, and how far they are behind.
#ifndef WEIR_RT_KAFKA_COMMIT_H
#define WEIR_RT_KAFKA_COMMIT_H

#include "kafka.h"

// Flushes what the worker sent, then commits the offsets of what it processed; neither if its inputs are lost: nobody waits for a broker that is gone then.
// Under exactly_once both are begun, behind the commit before.
enum broker_status kafka_commit(struct kafka_worker *w, struct broker_error *error);
// The offsets of LIST (but those with an error) are committed.
void kafka_commit_mark(struct kafka_worker *w, const rd_kafka_topic_partition_list_t *list);
// The group has given inputs of the worker, which it still has, to others.
bool kafka_commit_is_lost(const struct kafka_worker *w);
// Commits again what was committed, which the group takes from its present members alone. BROKER_REFUSED: the inputs are not this worker's any more.
enum broker_status kafka_commit_prove(struct kafka_worker *w, struct broker_error *error);
// Records of all inputs that are not yet processed; -1: unknown. From any thread.
int64_t kafka_commit_lag(struct broker_kafka *b, broker_lag_fn *each, void *arg);
// The observed time of a task's store: as the group had it committed or it was set since (-1: none); and to be committed next.
int64_t kafka_commit_time(const struct kafka_worker *w, int store, int input, int32_t partition);
void kafka_commit_set_time(struct kafka_worker *w, int store, int input, int32_t partition, int64_t time);

#endif
