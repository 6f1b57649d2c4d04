// What the group says of other instances, for the copies that are kept of their state.
#ifndef WEIR_RT_KAFKA_STANDBY_H
#define WEIR_RT_KAFKA_STANDBY_H

#include "kafka.h"

// As `copies` of broker.h.
enum broker_status kafka_standby_copies(struct broker_kafka *b, int copies, struct broker_task **tasks, size_t *count,
                                        struct broker_error *error);
// Nobody waits for an answer any more.
void kafka_standby_close(struct broker_kafka *b);
// What the group has committed of a partition; -1: not known now.
int64_t kafka_standby_committed(struct broker_kafka *b, const char *topic, int32_t partition);

#endif
