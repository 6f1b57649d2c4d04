// How many partitions repartition topics have, as Kafka Streams has it: as many as the sub-topology that writes them has tasks; those that
// are joined with topics of the user as many as these.
#ifndef WEIR_RT_PARTITION_COUNTS_H
#define WEIR_RT_PARTITION_COUNTS_H

#include "weir_program.h"

// COUNTS by source: of the user's topics they are there (0: not known), those of internal ones are filled in.
void partition_counts(const struct weir_program *p, int32_t *counts);
// All numbers of sub-topologies are below; those of sources that nothing reads are left out.
int partition_subtopologies(const struct weir_program *p);
// The tasks of a sub-topology: as many as the largest of its sources has partitions.
int32_t partition_tasks(const struct weir_program *p, int subtopology, const int32_t *counts);
// As many as SINK's topic needs.
int32_t partition_count_of_sink(const struct weir_program *p, const struct weir_sink *sink, const int32_t *counts);
// Of the user's topics that source S must be equal to, the largest; 0: there are none.
int32_t partition_count_beside(const struct weir_program *p, int s, const int32_t *counts);

#endif
