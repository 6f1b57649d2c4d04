// The members of the group, and what each has, as the cluster tells.
#ifndef WEIR_RT_KAFKA_GROUP_H
#define WEIR_RT_KAFKA_GROUP_H

#include "kafka.h"

// Where the answer will come, once; to be destroyed.
rd_kafka_queue_t *kafka_group_ask(struct broker_kafka *b);
// NULL: not known now, or the group is being reassigned. EVENT NULL: there is no answer yet.
const rd_kafka_ConsumerGroupDescription_t *kafka_group_answer(rd_kafka_event_t *event);

// On the service thread: keeps what is known up to date.
void kafka_group_look(struct broker_kafka *b);
// As broker.h has it.
bool kafka_group_owner(struct broker_kafka *b, struct broker_task task, struct broker_owner *owner);
// Partitions come and go, or the end.
void kafka_group_forget(struct broker_kafka *b);

#endif
