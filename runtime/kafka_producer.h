// A worker's own producer.
#ifndef WEIR_RT_KAFKA_PRODUCER_H
#define WEIR_RT_KAFKA_PRODUCER_H

#include "kafka.h"

bool kafka_producer_start(struct kafka_worker *w, struct broker_error *error);
// MD is of all topics: those that W will write are known and ready when its first records go there. The broker answers what is asked later on the
// consumer's connection behind a fetch that waits for records.
void kafka_producer_learn(struct kafka_worker *w, const rd_kafka_metadata_t *md);
// Another one takes its place. END: woken before it could begin transactions.
enum broker_status kafka_producer_renew(struct kafka_worker *w, struct broker_error *error);
void kafka_producer_close(struct kafka_worker *w);

enum broker_status kafka_producer_send(struct kafka_worker *w, struct weir_str topic, int32_t partition,
                                       const struct weir_out *out, struct broker_error *error);
// To a topic that exists, and one of its partitions.
enum broker_status kafka_producer_put(struct kafka_worker *w, struct kafka_output *o, int32_t partition,
                                      const struct weir_out *out, struct broker_error *error);
// The topic of that NAME, as on the wire, which becomes its own; with partitions < 0 if it does not exist.
struct kafka_output *kafka_producer_find(struct kafka_worker *w, char *name);
// Waits until everything sent is safe, as long as it takes.
enum broker_status kafka_producer_flush(struct kafka_worker *w, struct broker_error *error);
// TOPIC as programs name it.
int32_t kafka_producer_partitions(struct kafka_worker *w, struct weir_str topic);
// As broker_ops.tasks.
int32_t kafka_producer_tasks(struct kafka_worker *w, int subtopology);

#endif
