// Where partitions begin and end.
#ifndef WEIR_RT_KAFKA_BOUNDS_H
#define WEIR_RT_KAFKA_BOUNDS_H

#include <librdkafka/rdkafka.h>

// *OFFSET, RD_KAFKA_OFFSET_BEGINNING or _END, becomes what the cluster answers for it. An error that can pass leaves the next call a chance.
rd_kafka_resp_err_t kafka_bounds_ask_one(rd_kafka_t *client, const char *topic, int32_t partition, int64_t *offset);
// The same of many: what the cluster answers for each offset of LIST, RD_KAFKA_OFFSET_BEGINNING or _END, goes in its place. An error is also that of one of them.
rd_kafka_resp_err_t kafka_bounds_ask(rd_kafka_t *client, rd_kafka_topic_partition_list_t *list);

#endif
