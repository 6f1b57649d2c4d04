// --reset: the app starts over.
#ifndef WEIR_RT_KAFKA_RESET_H
#define WEIR_RT_KAFKA_RESET_H

#include "kafka.h"

// Deletes the group's offsets, the app's internal topics and its local state, unless an instance runs; says what it did.
bool kafka_reset(struct broker_kafka *b, rd_kafka_t *admin, struct broker_error *error);

#endif
