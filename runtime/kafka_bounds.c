#include "kafka_bounds.h"

enum { ANSWER_MS = 2000 }; // the longest wait

// librdkafka never asks again for the leader of a partition that had none, as long as it keeps what it knows of the topic: 15 minutes.
static void look_again(rd_kafka_t *client, const char *topic)
{
    const rd_kafka_metadata_t *md;
    rd_kafka_topic_t *handle = rd_kafka_topic_new(client, topic, NULL);
    if (!rd_kafka_metadata(client, 0, handle, &md, ANSWER_MS))
        rd_kafka_metadata_destroy(md);
    rd_kafka_topic_destroy(handle);
}

rd_kafka_resp_err_t kafka_bounds_ask_one(rd_kafka_t *client, const char *topic, int32_t partition, int64_t *offset)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_t *tp = rd_kafka_topic_partition_list_add(list, topic, partition);
    tp->offset = *offset;
    rd_kafka_resp_err_t err = kafka_bounds_ask(client, list);
    if (!err)
        *offset = tp->offset;
    rd_kafka_topic_partition_list_destroy(list);
    return err;
}

rd_kafka_resp_err_t kafka_bounds_ask(rd_kafka_t *client, rd_kafka_topic_partition_list_t *list)
{
    rd_kafka_resp_err_t err = rd_kafka_offsets_for_times(client, list, ANSWER_MS);
    const char *without = NULL;
    for (int i = 0; i < list->cnt; i++) {
        const rd_kafka_topic_partition_t *tp = &list->elems[i];
        if (tp->err)
            err = tp->err;
        if (tp->err == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE)
            without = tp->topic;
    }
    if (without)
        look_again(client, without);
    return err;
}
