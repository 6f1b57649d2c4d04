// Partitions that belong together (weir_copartition) are processed together or not at all.
#ifndef WEIR_RT_KAFKA_WHOLE_H
#define WEIR_RT_KAFKA_WHOLE_H

#include "kafka.h"

// Takes out of what the group has given to this instance all that came without what it must meet. That happens while the members do not all know of the
// same topics: another member then has the rest, and neither may do the task. Once they do, the group hands out anew.
void kafka_leave_whole(struct broker_kafka *b, rd_kafka_topic_partition_list_t *partitions);

#endif
