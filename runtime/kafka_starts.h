// Where the partitions of a consumer begin.
#ifndef WEIR_RT_KAFKA_STARTS_H
#define WEIR_RT_KAFKA_STARTS_H

#include "kafka.h"

// What the group has committed, with its metadata, for each of PARTITIONS; RD_KAFKA_OFFSET_INVALID: nothing. Waits for transactions that may still commit
// others. False: OVER was set before there was an answer, or the run ends because the group may not be asked.
bool kafka_starts_committed(struct broker_kafka *b, rd_kafka_topic_partition_list_t *partitions,
                            const _Atomic bool *over);
// Sets the offset of each. Gives the partitions that start at their ends as they are now; these offsets are committed at once, so that a restart skips
// nothing that came later. Under exactly_once all are numbers, to go back to.
rd_kafka_topic_partition_list_t *kafka_starts_find(struct broker_kafka *b, rd_kafka_topic_partition_list_t *partitions);

#endif
