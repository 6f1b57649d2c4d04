// Clients without a group, for changelogs and global tables. librdkafka's calls by partition fit better than assign there: whoever reads starts and stops
// partitions, into a queue of its own, and knows nothing of others. A partition is read once a client.
#ifndef WEIR_RT_KAFKA_READER_H
#define WEIR_RT_KAFKA_READER_H

#include "kafka.h"

enum {
    KAFKA_READER_ANSWER_MS = 2000, // the longest wait for an answer of the cluster
    KAFKA_READER_PAUSE_US = 20000, // before it is asked again: a leader moves, or the broker is lost
};

// To be destroyed by the caller. NULL: error says why.
rd_kafka_t *kafka_reader_new(struct broker_kafka *b, struct broker_error *error);
// Of reading a topic: librdkafka does not try again, or not with success.
bool kafka_reader_is_final(rd_kafka_resp_err_t err);
// After a step: a full queue has put the thread that fetches to sleep for up to a second, before librdkafka 2.2. Any request to the partition's leader
// wakes it.
void kafka_reader_nudge(const struct broker_kafka *b, rd_kafka_t *reader, const char *topic, int32_t partition);

#endif
