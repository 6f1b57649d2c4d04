#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "commands.h"
#include "json.h"

static rd_kafka_headers_t *to_headers(const cJSON *json)
{
    rd_kafka_headers_t *headers = rd_kafka_headers_new(4);
    const cJSON *pair;
    cJSON_ArrayForEach(pair, json)
    {
        size_t len;
        // Both an array of pairs and an object will do.
        const char *name = pair->string ? pair->string : cJSON_GetStringValue(cJSON_GetArrayItem(pair, 0));
        char *value = json_to_bytes(pair->string ? pair : cJSON_GetArrayItem(pair, 1), &len);
        rd_kafka_header_add(headers, name, -1, value, (ssize_t)len);
        free(value);
    }
    return headers;
}

static int undelivered;

static void delivered(rd_kafka_t *rk, const rd_kafka_message_t *m, void *opaque)
{
    (void)rk;
    (void)opaque;
    if (m->err) {
        undelivered++;
        fprintf(stderr, "kafka_tool: not delivered: %s\n", rd_kafka_err2str(m->err));
    }
}

static void produce_line(rd_kafka_t *rk, const char *topic, const char *line)
{
    cJSON *record = cJSON_Parse(line);
    if (!record)
        die("not JSON", line);
    size_t key_len, value_len;
    char *key = json_to_bytes(cJSON_GetObjectItemCaseSensitive(record, "key"), &key_len);
    char *value = json_to_bytes(cJSON_GetObjectItemCaseSensitive(record, "value"), &value_len);
    const cJSON *partition = cJSON_GetObjectItemCaseSensitive(record, "partition");
    const cJSON *timestamp = cJSON_GetObjectItemCaseSensitive(record, "timestamp");
    const cJSON *headers_json = cJSON_GetObjectItemCaseSensitive(record, "headers");
    int64_t when = timestamp ? (int64_t)timestamp->valuedouble : 0; // 0 is now
    for (;;) {
        rd_kafka_headers_t *headers = to_headers(headers_json); // librdkafka's once it took the record
        rd_kafka_resp_err_t err = rd_kafka_producev(
            rk, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_PARTITION(partition ? partition->valueint : RD_KAFKA_PARTITION_UA),
            RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_KEY(key, key_len), RD_KAFKA_V_VALUE(value, value_len),
            RD_KAFKA_V_TIMESTAMP(when), RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_END);
        if (!err)
            break;
        rd_kafka_headers_destroy(headers);
        if (err != RD_KAFKA_RESP_ERR__QUEUE_FULL)
            die(topic, rd_kafka_err2str(err));
        rd_kafka_poll(rk, 100);
    }
    free(key);
    free(value);
    cJSON_Delete(record);
}

int records_produce(const char *brokers, int argc, char **argv)
{
    const char *topic = argv[0];
    (void)argc;
    static const char *const settings[] = {"linger.ms",          "5",    "partitioner", "murmur2_random",
                                           "enable.idempotence", "true", NULL};
    char why[512];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "bootstrap.servers", brokers, NULL, 0);
    for (const char *const *s = settings; *s; s += 2)
        rd_kafka_conf_set(conf, s[0], s[1], NULL, 0);
    rd_kafka_conf_set_dr_msg_cb(conf, delivered);
    rd_kafka_t *rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof why);
    if (!rk)
        die(brokers, why);
    rd_kafka_metadata_destroy(metadata(rk, topic)); // a topic that isn't there is known at once
    char *line = NULL;
    size_t capacity = 0;
    while (getline(&line, &capacity, stdin) > 0) {
        if (line[0] != '\n')
            produce_line(rk, topic, line);
        rd_kafka_poll(rk, 0);
    }
    free(line);
    if (rd_kafka_flush(rk, WAIT_MS))
        die(topic, "records are still not delivered");
    rd_kafka_destroy(rk);
    return undelivered ? 1 : 0;
}

static void check(const char *topic, rd_kafka_error_t *why)
{
    if (why)
        die(topic, rd_kafka_error_string(why));
}

int records_hold(const char *brokers, int argc, char **argv)
{
    const char *topic = argv[0];
    (void)argc;
    const char *const settings[] = {"transactional.id", topic, NULL};
    rd_kafka_t *rk = client(RD_KAFKA_PRODUCER, brokers, settings);
    check(topic, rd_kafka_init_transactions(rk, WAIT_MS));
    check(topic, rd_kafka_begin_transaction(rk));
    rd_kafka_resp_err_t err = rd_kafka_producev(rk, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_PARTITION(0),
                                                RD_KAFKA_V_KEY("held", 4), RD_KAFKA_V_END);
    if (err || rd_kafka_flush(rk, WAIT_MS))
        die(topic, "the record is not delivered");
    puts("open");
    fflush(stdout);
    while (getchar() != EOF)
        ;
    check(topic, rd_kafka_abort_transaction(rk, WAIT_MS));
    rd_kafka_destroy(rk);
    return 0;
}
