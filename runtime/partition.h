// Partitions as Kafka's default partitioner chooses them.
#ifndef WEIR_RT_PARTITION_H
#define WEIR_RT_PARTITION_H

#include "weir_program.h"

uint32_t partition_murmur2(struct weir_str bytes);
// Of a record with KEY (not null) among COUNT partitions.
int32_t partition_of_key(struct weir_str key, int32_t count);
// The same for a key of SERDE: a windowed one goes where its inner key goes.
int32_t partition_of_serde(const struct weir_serde *serde, struct weir_str key, int32_t count);

#endif
