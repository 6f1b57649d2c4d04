// The thread that hears of rebalances and errors, keeps fetching awake, and looks for new topics and partitions.
#ifndef WEIR_RT_KAFKA_SERVICE_H
#define WEIR_RT_KAFKA_SERVICE_H

#include "kafka.h"

bool kafka_service_start(struct broker_kafka *b, struct broker_error *error);
void kafka_service_stop(struct broker_kafka *b);
// There is room in a queue again: fetching may sleep since it was full. From any thread.
void kafka_service_nudge(struct broker_kafka *b);

#endif
