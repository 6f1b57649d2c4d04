// Transactions of a worker's producer, under exactly_once. One begins with the first record that is sent after a commit, and holds with its records the
// offsets of the inputs: it is committed as long as the group has these for this instance.
#ifndef WEIR_RT_KAFKA_TXN_H
#define WEIR_RT_KAFKA_TXN_H

#include "kafka.h"

// Makes a new producer the only one of its name: what another of that name had under way is aborted. Waits for the cluster. END: woken. RETRY: with another
// producer, in a while.
enum broker_status kafka_txn_init(struct kafka_worker *w, struct broker_error *error);
// OK, ABORT or FATAL.
enum broker_status kafka_txn_begin(struct kafka_worker *w, struct broker_error *error);
// Everything sent is safe and OFFSETS are the group's, or neither, or nobody waits any longer to know (kafka_trouble_ends): why not. For a thread of its own:
// what it changes of W has to do with trouble alone.
rd_kafka_error_t *kafka_txn_commit(struct kafka_worker *w, const rd_kafka_topic_partition_list_t *offsets,
                                   const rd_kafka_consumer_group_metadata_t *member);
// Nothing that was sent since the last commit counts; whether one that was under way does is known. END: woken.
enum broker_status kafka_txn_abort(struct kafka_worker *w, struct broker_error *error);
// Before the worker's producer is closed: others need not wait until the broker gives the transaction up.
void kafka_txn_close(struct kafka_worker *w);

// What an error of the producer (freed here; NULL: the group's) means: the transaction is to be aborted, or the run is to end.
enum broker_status kafka_txn_failed(struct kafka_worker *w, rd_kafka_error_t *why, struct broker_error *error);
// A record of the transaction could not be written, which makes the transaction fail: of the first one it will be told WHY. From any thread.
void kafka_txn_undelivered(struct kafka_worker *w, const struct broker_error *why);
// Trying again gives the same: ends the run.
bool kafka_txn_is_final(rd_kafka_resp_err_t err);
// Who this instance is in the group from now on, as its partitions are assigned.
void kafka_txn_set_member(struct broker_kafka *b);
// To be destroyed. Not NULL: it is nobody, or not known.
rd_kafka_error_t *kafka_txn_member(struct broker_kafka *b, rd_kafka_consumer_group_metadata_t **member);
void kafka_txn_forget_member(struct broker_kafka *b);

#endif
