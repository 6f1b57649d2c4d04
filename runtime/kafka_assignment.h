// What a worker has of the process's partitions, and how it hears of changes: the service thread puts them down for it (kafka_consumer.c).
#ifndef WEIR_RT_KAFKA_ASSIGNMENT_H
#define WEIR_RT_KAFKA_ASSIGNMENT_H

#include "kafka.h"

// On the worker's thread, between two records: takes what was assigned, lets go of what is revoked.
void kafka_assignment_update(struct kafka_worker *w);
// Whether a worker of B has been given partitions that its listener has not heard of yet.
bool kafka_assignment_taking(struct broker_kafka *b);
// The listener is told anew of the partitions that stay.
void kafka_assignment_tell(struct kafka_worker *w);
// Of a message; NULL: its partition is not (or no longer) this worker's.
struct kafka_input *kafka_assignment_find(struct kafka_worker *w, const rd_kafka_message_t *m);
// When no worker polls any more.
void kafka_assignment_free(struct kafka_worker *w);

#endif
