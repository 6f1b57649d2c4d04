// Reading changelogs in bulk.
#ifndef WEIR_RT_KAFKA_RESTORE_H
#define WEIR_RT_KAFKA_RESTORE_H

#include "kafka.h"

// As broker.h has it.
enum broker_status kafka_restore(struct kafka_worker *w, struct broker_restore *restore, struct broker_error *error);
void kafka_restore_stop(struct broker_restore *restore);
void kafka_restore_close(struct broker_kafka *b);

#endif
