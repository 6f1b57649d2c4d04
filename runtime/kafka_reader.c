#include "kafka_reader.h"

#include "kafka_config.h"
#include "kafka_trouble.h"

rd_kafka_t *kafka_reader_new(struct broker_kafka *b, struct broker_error *error)
{
    char why[256];
    rd_kafka_conf_t *conf = kafka_config_new(b->settings, KAFKA_READER, error);
    if (!conf)
        return NULL;
    kafka_trouble_of_broker(conf, b);
    rd_kafka_t *reader = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof why);
    if (!reader) {
        rd_kafka_conf_destroy(conf);
        kafka_fail(error, "kafka consumer: %s", why);
    }
    return reader;
}

bool kafka_reader_is_final(rd_kafka_resp_err_t err)
{
    switch (err) {
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION: return true;
    default: return kafka_trouble_is_final(err);
    }
}

void kafka_reader_nudge(const struct broker_kafka *b, rd_kafka_t *reader, const char *topic, int32_t partition)
{
    int64_t low, high;
    if (b->kick_bytes)
        rd_kafka_query_watermark_offsets(reader, topic, partition, &low, &high, KAFKA_READER_ANSWER_MS);
}
