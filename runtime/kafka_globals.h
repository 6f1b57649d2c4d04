// The topics of global tables, all partitions, read by a client without a group.
#ifndef WEIR_RT_KAFKA_GLOBALS_H
#define WEIR_RT_KAFKA_GLOBALS_H

#include "kafka.h"

struct kafka_globals;

// As the broker's follow.
enum broker_status kafka_follow(struct broker_kafka *b, int timeout_ms, broker_record_fn *fn, void *arg,
                                struct broker_error *error);
// Makes kafka_follow return, from any thread.
void kafka_globals_wake(struct broker_kafka *b);
void kafka_globals_close(struct broker_kafka *b);

#endif
