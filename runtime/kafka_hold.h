// The records of a task that is not ready stay in the queues of their partitions.
#ifndef WEIR_RT_KAFKA_HOLD_H
#define WEIR_RT_KAFKA_HOLD_H

#include "kafka.h"

// Until its task is ready: before INPUT is assigned, or read anew.
void kafka_hold_input(const struct broker_kafka *b, struct kafka_input *input);
// TASK is W's. On W's thread.
void kafka_hold_ready(struct kafka_worker *w, struct broker_task task);

#endif
