// The name of this process's transactions, under exactly_once. Who has it next ends those that this one leaves behind.
#ifndef WEIR_RT_KAFKA_INSTANCE_H
#define WEIR_RT_KAFKA_INSTANCE_H

#include "kafka.h"

// Sets b->instance: the group.instance.id of CONSUMER; without one what the state folder has in a file that no other process holds (STATE_DIR/APP/instance-N);
// without a folder something random.
void kafka_instance_name(struct broker_kafka *b, const rd_kafka_conf_t *consumer);
void kafka_instance_free(struct broker_kafka *b);

#endif
