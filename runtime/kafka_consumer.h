// The process's one group member: who owns which partition, and how that changes.
#ifndef WEIR_RT_KAFKA_CONSUMER_H
#define WEIR_RT_KAFKA_CONSUMER_H

#include "kafka.h"

bool kafka_consumer_start(struct broker_kafka *b, rd_kafka_conf_t *conf, struct broker_error *error); // takes CONF
// With the topics that there are now; again if that is not what was subscribed to before. False: the reason is in error.
bool kafka_consumer_subscribe(struct broker_kafka *b, const rd_kafka_metadata_t *md, struct broker_error *error);
// Leaves the group. No worker polls any more.
void kafka_consumer_close(struct broker_kafka *b);

// On the worker's thread, between two records: takes what was assigned, lets go of what is revoked.
void kafka_consumer_handover(struct kafka_worker *w);
// The listener is told anew of the partitions that stay.
void kafka_consumer_tell(struct kafka_worker *w);
// Of a message; NULL: its partition is not (or no longer) this worker's.
struct kafka_input *kafka_consumer_input(struct kafka_worker *w, const rd_kafka_message_t *m);

#endif
