// Reading changelogs in bulk.
#ifndef WEIR_RT_KAFKA_RESTORE_H
#define WEIR_RT_KAFKA_RESTORE_H

#include "kafka.h"

// As broker.h has it.
enum broker_status kafka_restore(struct kafka_worker *w, int store, int32_t partition, int64_t *from,
                                 broker_restore_fn *fn, void *arg, struct broker_error *error);
void kafka_restore_close(struct broker_kafka *b);
// Of reading a topic: librdkafka does not try again, or not with success.
bool kafka_restore_is_final(rd_kafka_resp_err_t err);

#endif
