// A worker's way back to its last commit.
#ifndef WEIR_RT_KAFKA_BACK_H
#define WEIR_RT_KAFKA_BACK_H

#include "kafka.h"

// As broker.h has `abort`.
enum broker_status kafka_back(struct kafka_worker *w, struct broker_error *error);

#endif
