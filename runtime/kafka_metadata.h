// What is committed beside an offset, in Kafka Streams' format (TopicPartitionMetadata, ProcessorMetadata): base64 of a version, the partition's time, and
// what each of the task's stores has observed of time. Numbers are big-endian.
#ifndef WEIR_RT_KAFKA_METADATA_H
#define WEIR_RT_KAFKA_METADATA_H

#include "weir_program.h"

// TIMES: by observer; negative times are left out, and so are those that a broker would find too much. NULL: there is nothing to say. To be freed.
char *kafka_metadata_write(const struct weir_program *program, int64_t time, const int64_t *times, size_t *size);
// Gives the partition's time (-1: none), and raises TIMES to what is said of the program's stores.
int64_t kafka_metadata_read(const struct weir_program *program, const void *metadata, size_t size, int64_t *times);

#endif
