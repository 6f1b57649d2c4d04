#include <stdio.h>
#include <string.h>

#include "client.h"
#include "commands.h"
#include "json.h"

static void print_record(const rd_kafka_message_t *m, bool hex)
{
    cJSON *record = cJSON_CreateObject();
    cJSON_AddNumberToObject(record, "partition", m->partition);
    cJSON_AddNumberToObject(record, "offset", (double)m->offset);
    cJSON_AddNumberToObject(record, "timestamp", (double)rd_kafka_message_timestamp(m, NULL));
    cJSON_AddItemToObject(record, "key", json_from_bytes(m->key, m->key_len, hex));
    cJSON_AddItemToObject(record, "value", json_from_bytes(m->payload, m->len, hex));
    rd_kafka_headers_t *headers;
    if (!rd_kafka_message_headers(m, &headers)) {
        cJSON *pairs = cJSON_AddArrayToObject(record, "headers");
        const char *name;
        const void *value;
        size_t len;
        for (size_t i = 0; !rd_kafka_header_get_all(headers, i, &name, &value, &len); i++) {
            cJSON *pair = cJSON_CreateArray();
            cJSON_AddItemToArray(pair, cJSON_CreateString(name));
            cJSON_AddItemToArray(pair, json_from_bytes(value, len, hex));
            cJSON_AddItemToArray(pairs, pair);
        }
    }
    char *text = cJSON_PrintUnformatted(record);
    puts(text);
    cJSON_free(text);
    cJSON_Delete(record);
}

// Of all partitions, whose number is *COUNT, from OFFSET on.
static rd_kafka_t *reader(const char *brokers, const char *topic, int64_t offset, int *count)
{
    static const char *const settings[] = {"group.id",
                                           "kafka_tool",
                                           "enable.partition.eof",
                                           "true",
                                           "enable.auto.commit",
                                           "false",
                                           "isolation.level",
                                           "read_committed",
                                           "fetch.wait.max.ms",
                                           "10",
                                           "auto.offset.reset",
                                           "earliest",
                                           NULL};
    rd_kafka_t *rk = client(RD_KAFKA_CONSUMER, brokers, settings);
    rd_kafka_poll_set_consumer(rk);
    const rd_kafka_metadata_t *md = metadata(rk, topic);
    *count = md->topics[0].partition_cnt;
    rd_kafka_topic_partition_list_t *all = rd_kafka_topic_partition_list_new(*count);
    for (int i = 0; i < *count; i++)
        rd_kafka_topic_partition_list_add(all, topic, i)->offset = offset;
    rd_kafka_metadata_destroy(md);
    rd_kafka_assign(rk, all);
    rd_kafka_topic_partition_list_destroy(all);
    return rk;
}

int records_consume(const char *brokers, int argc, char **argv)
{
    const char *topic = argv[0];
    bool hex = argc > 1 && !strcmp(argv[1], "--hex");
    int tries = 0, open;
    rd_kafka_t *rk = reader(brokers, topic, RD_KAFKA_OFFSET_BEGINNING, &open);
    while (open > 0) {
        rd_kafka_message_t *m = rd_kafka_consumer_poll(rk, WAIT_MS);
        if (!m)
            die(topic, "no record and no end");
        if (!m->err)
            print_record(m, hex);
        else if (m->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
            open--;
        else if (!passes(m->err, &tries))
            die(topic, rd_kafka_message_errstr(m));
        rd_kafka_message_destroy(m);
    }
    rd_kafka_consumer_close(rk);
    rd_kafka_destroy(rk);
    return 0;
}

// Of a group that may be on its way to another coordinator.
int records_wait(const char *brokers, int argc, char **argv)
{
    const char *topic = argv[0];
    (void)argc;
    int tries = 0, open;
    bool found = false;
    rd_kafka_t *rk = reader(brokers, topic, RD_KAFKA_OFFSET_END, &open);
    while (!found) {
        rd_kafka_message_t *m = rd_kafka_consumer_poll(rk, WAIT_MS);
        found = m && !m->err;
        if (m && m->err == RD_KAFKA_RESP_ERR__PARTITION_EOF && open > 0 && --open == 0) {
            puts("waiting");
            fflush(stdout);
        } else if (m && m->err && m->err != RD_KAFKA_RESP_ERR__PARTITION_EOF && !passes(m->err, &tries)) {
            die(topic, rd_kafka_message_errstr(m));
        }
        if (m)
            rd_kafka_message_destroy(m);
    }
    puts("record");
    fflush(stdout);
    rd_kafka_consumer_close(rk);
    rd_kafka_destroy(rk);
    return 0;
}
