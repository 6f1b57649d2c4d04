// Topics of inputs that get more partitions while the program runs: what goes on with them goes on, and what cannot ends with the reason.
#ifndef WEIR_RT_KAFKA_GROWTH_H
#define WEIR_RT_KAFKA_GROWTH_H

#include "kafka.h"

// Of the service thread. MD: all topics, as they are now. False: the run cannot go on, for the reason in error.
bool kafka_growth_look(struct broker_kafka *b, const rd_kafka_metadata_t *md, struct broker_error *error);
// The same, if PARTITIONS, which the group hands out, has one that was not there when somebody looked last.
bool kafka_growth_meet(struct broker_kafka *b, const rd_kafka_topic_partition_list_t *partitions,
                       struct broker_error *error);

#endif
