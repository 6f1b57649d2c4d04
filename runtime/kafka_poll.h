// A worker's records, from librdkafka's queue to the worker.
#ifndef WEIR_RT_KAFKA_POLL_H
#define WEIR_RT_KAFKA_POLL_H

#include "kafka.h"

enum broker_status kafka_poll(struct kafka_worker *w, int max, int timeout_ms, broker_record_fn *fn, void *arg,
                              int *count, struct broker_error *error);
void kafka_poll_free(struct kafka_worker *w);

#endif
