// Repartition topics keep no record that was taken and committed.
#ifndef WEIR_RT_KAFKA_PURGE_H
#define WEIR_RT_KAFKA_PURGE_H

#include "kafka.h"

// On the service thread, as often as one likes: deletes what is not needed any more, and waits for nothing.
void kafka_purge(struct broker_kafka *b);
void kafka_purge_close(struct broker_kafka *b);

#endif
