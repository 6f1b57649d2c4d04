// The process's one group member, on the service thread: what the group gives it and takes from it goes on to the workers (kafka_assignment.h).
#ifndef WEIR_RT_KAFKA_CONSUMER_H
#define WEIR_RT_KAFKA_CONSUMER_H

#include "kafka.h"

bool kafka_consumer_start(struct broker_kafka *b, rd_kafka_conf_t *conf, struct broker_error *error); // takes CONF
// With the topics that there are now; again if that is not what was subscribed to before. False: the reason is in error.
bool kafka_consumer_subscribe(struct broker_kafka *b, const rd_kafka_metadata_t *md, struct broker_error *error);
// Leaves the group. No worker polls any more. False: Kafka is gone; the consumer is left as it is, and b, which its threads use, has to stay.
bool kafka_consumer_close(struct broker_kafka *b);

#endif
