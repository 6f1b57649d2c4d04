// Topics and records on a broker, for tests: fast where Kafka's own tools need seconds to start.
//
//   kafka_tool BROKERS create TOPIC PARTITIONS [CONFIG=VALUE...]
//   kafka_tool BROKERS grow TOPIC PARTITIONS   to so many in all
//   kafka_tool BROKERS delete TOPIC...
//   kafka_tool BROKERS topics                  one line each: NAME PARTITIONS
//   kafka_tool BROKERS produce TOPIC           records from standard input
//   kafka_tool BROKERS hold TOPIC              a transaction that is open in its first partition until standard input ends: aborted then
//   kafka_tool BROKERS consume TOPIC [--hex]   all records of all partitions up to their ends (committed ones only)
//   kafka_tool BROKERS wait TOPIC              says `waiting`, and `record` when there is one more (a committed one)
//   kafka_tool BROKERS offsets GROUP TOPIC...  one line for each partition: PARTITION COMMITTED END
//   kafka_tool BROKERS metadata GROUP TOPIC    one line for each partition: what is committed beside the offset
//   kafka_tool BROKERS logs TOPIC              one line for each partition: BEGIN END
//   kafka_tool BROKERS config TOPIC            one line each: NAME VALUE
//
// A record is a line of JSON: {"partition","offset","timestamp","key","value","headers":[["name","value"],...]}.
// Bytes are a string when they are UTF-8 without NUL, else {"hex":"00ff"}; --hex makes that of all of them.
#include <cjson/cJSON.h>
#include <librdkafka/rdkafka.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <utf8proc.h>

enum { WAIT_MS = 30000 };

static _Noreturn void die(const char *what, const char *why)
{
    fprintf(stderr, "kafka_tool: %s: %s\n", what, why);
    exit(1);
}

static rd_kafka_t *client(rd_kafka_type_t type, const char *brokers, const char *const *settings)
{
    char why[512];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    if (rd_kafka_conf_set(conf, "bootstrap.servers", brokers, why, sizeof why) != RD_KAFKA_CONF_OK)
        die(brokers, why);
    for (; *settings; settings += 2)
        if (rd_kafka_conf_set(conf, settings[0], settings[1], why, sizeof why) != RD_KAFKA_CONF_OK)
            die(settings[0], why);
    rd_kafka_t *rk = rd_kafka_new(type, conf, why, sizeof why);
    if (!rk)
        die(brokers, why);
    return rk;
}

static const char *const no_settings[] = {NULL};

// Whether ERR may pass: a broker that has just started, or has much to do, answers so. Waits before the next try.
static bool passes(rd_kafka_resp_err_t err, int *tries)
{
    enum { PAUSE_MS = 50 };
    if (!err || ++*tries > WAIT_MS / PAUSE_MS)
        return false;
    usleep(PAUSE_MS * 1000);
    return true;
}

// Waits for the one result of an admin call.
static rd_kafka_event_t *admin_result(rd_kafka_queue_t *queue, const char *what)
{
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, WAIT_MS);
    if (!event)
        die(what, "no answer");
    if (rd_kafka_event_error(event))
        die(what, rd_kafka_event_error_string(event));
    return event;
}

static void check_topics(const rd_kafka_topic_result_t **results, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (rd_kafka_topic_result_error(results[i]))
            die(rd_kafka_topic_result_name(results[i]), rd_kafka_err2str(rd_kafka_topic_result_error(results[i])));
}

static const rd_kafka_metadata_t *metadata(rd_kafka_t *rk, const char *topic)
{
    const rd_kafka_metadata_t *md;
    rd_kafka_topic_t *one = topic ? rd_kafka_topic_new(rk, topic, NULL) : NULL;
    rd_kafka_resp_err_t err;
    int tries = 0;
    do
        err = rd_kafka_metadata(rk, !topic, one, &md, WAIT_MS);
    while (passes(err, &tries));
    if (err)
        die("metadata", rd_kafka_err2str(err));
    if (topic && md->topics[0].err)
        die(topic, rd_kafka_err2str(md->topics[0].err));
    if (one)
        rd_kafka_topic_destroy(one);
    return md;
}

// A topic is made before every part of the broker knows it.
static void wait_for_topic(rd_kafka_t *rk, const char *topic, int partitions)
{
    rd_kafka_topic_t *one = rd_kafka_topic_new(rk, topic, NULL);
    bool ready = false;
    for (int tries = 0; !ready;) {
        const rd_kafka_metadata_t *md;
        rd_kafka_resp_err_t err = rd_kafka_metadata(rk, 0, one, &md, WAIT_MS);
        ready = !err && !md->topics[0].err && md->topics[0].partition_cnt == partitions;
        for (int i = 0; ready && i < partitions; i++)
            ready = md->topics[0].partitions[i].leader >= 0;
        if (!err)
            rd_kafka_metadata_destroy(md);
        if (!ready && !passes(RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE, &tries))
            die(topic, "was created and cannot be used");
    }
    rd_kafka_topic_destroy(one);
}

static int create(const char *brokers, int argc, char **argv)
{
    char why[512];
    rd_kafka_t *rk = client(RD_KAFKA_PRODUCER, brokers, no_settings);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(rk);
    int partitions = atoi(argv[1]);
    rd_kafka_NewTopic_t *topic = rd_kafka_NewTopic_new(argv[0], partitions, 1, why, sizeof why);
    if (!topic)
        die(argv[0], why);
    for (int i = 2; i < argc; i++) {
        char *value = strchr(argv[i], '=');
        if (!value)
            die(argv[i], "expected CONFIG=VALUE");
        *value++ = 0;
        rd_kafka_NewTopic_set_config(topic, argv[i], value);
    }
    rd_kafka_CreateTopics(rk, &topic, 1, NULL, queue);
    size_t count;
    rd_kafka_event_t *event = admin_result(queue, argv[0]);
    const rd_kafka_topic_result_t **results =
        rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count);
    check_topics(results, count);
    rd_kafka_event_destroy(event);
    wait_for_topic(rk, argv[0], partitions);
    rd_kafka_NewTopic_destroy(topic);
    rd_kafka_queue_destroy(queue);
    rd_kafka_destroy(rk);
    return 0;
}

static int grow(const char *brokers, char **argv)
{
    char why[512];
    rd_kafka_t *rk = client(RD_KAFKA_PRODUCER, brokers, no_settings);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(rk);
    int partitions = atoi(argv[1]);
    rd_kafka_NewPartitions_t *more = rd_kafka_NewPartitions_new(argv[0], (size_t)partitions, why, sizeof why);
    if (!more)
        die(argv[0], why);
    rd_kafka_CreatePartitions(rk, &more, 1, NULL, queue);
    size_t count;
    rd_kafka_event_t *event = admin_result(queue, argv[0]);
    const rd_kafka_topic_result_t **results =
        rd_kafka_CreatePartitions_result_topics(rd_kafka_event_CreatePartitions_result(event), &count);
    check_topics(results, count);
    rd_kafka_event_destroy(event);
    wait_for_topic(rk, argv[0], partitions);
    rd_kafka_NewPartitions_destroy(more);
    rd_kafka_queue_destroy(queue);
    rd_kafka_destroy(rk);
    return 0;
}

static int drop(const char *brokers, int argc, char **argv)
{
    rd_kafka_t *rk = client(RD_KAFKA_PRODUCER, brokers, no_settings);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(rk);
    for (int i = 0; i < argc; i++) {
        rd_kafka_DeleteTopic_t *topic = rd_kafka_DeleteTopic_new(argv[i]);
        rd_kafka_DeleteTopics(rk, &topic, 1, NULL, queue);
        size_t count;
        rd_kafka_event_t *event = admin_result(queue, argv[i]);
        const rd_kafka_topic_result_t **results =
            rd_kafka_DeleteTopics_result_topics(rd_kafka_event_DeleteTopics_result(event), &count);
        check_topics(results, count);
        rd_kafka_event_destroy(event);
        rd_kafka_DeleteTopic_destroy(topic);
    }
    rd_kafka_queue_destroy(queue);
    rd_kafka_destroy(rk);
    return 0;
}

static int topics(const char *brokers)
{
    rd_kafka_t *rk = client(RD_KAFKA_PRODUCER, brokers, no_settings);
    const rd_kafka_metadata_t *md = metadata(rk, NULL);
    for (int i = 0; i < md->topic_cnt; i++)
        printf("%s %d\n", md->topics[i].topic, md->topics[i].partition_cnt);
    rd_kafka_metadata_destroy(md);
    rd_kafka_destroy(rk);
    return 0;
}

// The bytes of a JSON value; NULL is null. The caller frees them.
static char *to_bytes(const cJSON *json, size_t *len)
{
    *len = 0;
    if (!json || cJSON_IsNull(json))
        return NULL;
    const cJSON *hex = cJSON_GetObjectItemCaseSensitive(json, "hex");
    if (hex) {
        const char *digits = cJSON_GetStringValue(hex);
        *len = digits ? strlen(digits) / 2 : 0;
        char *bytes = malloc(*len + 1);
        for (size_t i = 0; i < *len; i++) {
            unsigned byte;
            if (sscanf(digits + 2 * i, "%2x", &byte) != 1)
                die("bad hex", digits);
            bytes[i] = (char)byte;
        }
        return bytes;
    }
    char *text = cJSON_IsString(json) ? strdup(json->valuestring) : cJSON_PrintUnformatted(json);
    *len = strlen(text);
    return text;
}

static cJSON *from_bytes(const void *bytes, size_t len, bool as_hex)
{
    if (!bytes)
        return cJSON_CreateNull();
    const unsigned char *b = bytes;
    for (size_t i = 0; i < len && !as_hex;) {
        utf8proc_int32_t point;
        utf8proc_ssize_t step = utf8proc_iterate(b + i, (utf8proc_ssize_t)(len - i), &point);
        as_hex = step <= 0 || point == 0;
        i += as_hex ? 0 : (size_t)step;
    }
    char *text = malloc(2 * len + 1);
    cJSON *json;
    if (as_hex) {
        for (size_t i = 0; i < len; i++)
            sprintf(text + 2 * i, "%02x", b[i]);
        text[2 * len] = 0;
        json = cJSON_CreateObject();
        cJSON_AddStringToObject(json, "hex", text);
    } else {
        memcpy(text, b, len);
        text[len] = 0;
        json = cJSON_CreateString(text);
    }
    free(text);
    return json;
}

static rd_kafka_headers_t *to_headers(const cJSON *json)
{
    rd_kafka_headers_t *headers = rd_kafka_headers_new(4);
    const cJSON *pair;
    cJSON_ArrayForEach(pair, json)
    {
        size_t len;
        // Both an array of pairs and an object will do.
        const char *name = pair->string ? pair->string : cJSON_GetStringValue(cJSON_GetArrayItem(pair, 0));
        char *value = to_bytes(pair->string ? pair : cJSON_GetArrayItem(pair, 1), &len);
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
    char *key = to_bytes(cJSON_GetObjectItemCaseSensitive(record, "key"), &key_len);
    char *value = to_bytes(cJSON_GetObjectItemCaseSensitive(record, "value"), &value_len);
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

static int produce(const char *brokers, const char *topic)
{
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

static int hold(const char *brokers, const char *topic)
{
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

static void print_record(const rd_kafka_message_t *m, bool hex)
{
    cJSON *record = cJSON_CreateObject();
    cJSON_AddNumberToObject(record, "partition", m->partition);
    cJSON_AddNumberToObject(record, "offset", (double)m->offset);
    cJSON_AddNumberToObject(record, "timestamp", (double)rd_kafka_message_timestamp(m, NULL));
    cJSON_AddItemToObject(record, "key", from_bytes(m->key, m->key_len, hex));
    cJSON_AddItemToObject(record, "value", from_bytes(m->payload, m->len, hex));
    rd_kafka_headers_t *headers;
    if (!rd_kafka_message_headers(m, &headers)) {
        cJSON *pairs = cJSON_AddArrayToObject(record, "headers");
        const char *name;
        const void *value;
        size_t len;
        for (size_t i = 0; !rd_kafka_header_get_all(headers, i, &name, &value, &len); i++) {
            cJSON *pair = cJSON_CreateArray();
            cJSON_AddItemToArray(pair, cJSON_CreateString(name));
            cJSON_AddItemToArray(pair, from_bytes(value, len, hex));
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

static int consume(const char *brokers, const char *topic, bool hex)
{
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
static int wait_for_record(const char *brokers, const char *topic)
{
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

static void committed(rd_kafka_t *rk, const char *group, rd_kafka_topic_partition_list_t *all)
{
    rd_kafka_resp_err_t err;
    int tries = 0;
    do
        err = rd_kafka_committed(rk, all, WAIT_MS);
    while (passes(err, &tries));
    if (err)
        die(group, rd_kafka_err2str(err));
}

static void ends(rd_kafka_t *rk, const char *topic, int partition, int64_t *begin, int64_t *end)
{
    rd_kafka_resp_err_t err;
    int tries = 0;
    do
        err = rd_kafka_query_watermark_offsets(rk, topic, partition, begin, end, WAIT_MS);
    while (passes(err, &tries));
    if (err)
        die(topic, rd_kafka_err2str(err));
}

static void offsets_of(rd_kafka_t *rk, const char *group, const char *topic)
{
    const rd_kafka_metadata_t *md = metadata(rk, topic);
    int count = md->topics[0].partition_cnt;
    rd_kafka_topic_partition_list_t *all = rd_kafka_topic_partition_list_new(count);
    rd_kafka_topic_partition_list_add_range(all, topic, 0, count - 1);
    committed(rk, group, all);
    for (int i = 0; i < count; i++) {
        int64_t begin, end;
        ends(rk, topic, i, &begin, &end);
        long long offset = all->elems[i].offset;
        printf("%d %lld %lld\n", i, offset < 0 ? -1 : offset, (long long)end);
    }
    rd_kafka_topic_partition_list_destroy(all);
    rd_kafka_metadata_destroy(md);
}

static int offsets(const char *brokers, const char *group, int count, char **topics)
{
    const char *const settings[] = {"group.id", group, NULL};
    rd_kafka_t *rk = client(RD_KAFKA_CONSUMER, brokers, settings);
    for (int i = 0; i < count; i++)
        offsets_of(rk, group, topics[i]);
    rd_kafka_destroy(rk);
    return 0;
}

// What is committed beside the offsets.
static int metadata_of(const char *brokers, const char *group, const char *topic)
{
    const char *const settings[] = {"group.id", group, NULL};
    rd_kafka_t *rk = client(RD_KAFKA_CONSUMER, brokers, settings);
    const rd_kafka_metadata_t *md = metadata(rk, topic);
    rd_kafka_topic_partition_list_t *all = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add_range(all, topic, 0, md->topics[0].partition_cnt - 1);
    committed(rk, group, all);
    for (int i = 0; i < all->cnt; i++)
        printf("%.*s\n", (int)all->elems[i].metadata_size, (const char *)all->elems[i].metadata);
    rd_kafka_topic_partition_list_destroy(all);
    rd_kafka_metadata_destroy(md);
    rd_kafka_destroy(rk);
    return 0;
}

static int logs(const char *brokers, const char *topic)
{
    rd_kafka_t *rk = client(RD_KAFKA_CONSUMER, brokers, no_settings);
    const rd_kafka_metadata_t *md = metadata(rk, topic);
    for (int i = 0; i < md->topics[0].partition_cnt; i++) {
        int64_t begin, end;
        ends(rk, topic, i, &begin, &end);
        printf("%lld %lld\n", (long long)begin, (long long)end);
    }
    rd_kafka_metadata_destroy(md);
    rd_kafka_destroy(rk);
    return 0;
}

static int config(const char *brokers, const char *topic)
{
    rd_kafka_t *rk = client(RD_KAFKA_PRODUCER, brokers, no_settings);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(rk);
    rd_kafka_ConfigResource_t *resource = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic);
    rd_kafka_DescribeConfigs(rk, &resource, 1, NULL, queue);
    rd_kafka_event_t *event = admin_result(queue, topic);
    size_t count;
    const rd_kafka_ConfigResource_t **found =
        rd_kafka_DescribeConfigs_result_resources(rd_kafka_event_DescribeConfigs_result(event), &count);
    if (count != 1 || rd_kafka_ConfigResource_error(found[0]))
        die(topic, "no configuration");
    const rd_kafka_ConfigEntry_t **entries = rd_kafka_ConfigResource_configs(found[0], &count);
    for (size_t i = 0; i < count; i++) {
        const char *value = rd_kafka_ConfigEntry_value(entries[i]);
        printf("%s %s\n", rd_kafka_ConfigEntry_name(entries[i]), value ? value : "");
    }
    rd_kafka_event_destroy(event);
    rd_kafka_ConfigResource_destroy(resource);
    rd_kafka_queue_destroy(queue);
    rd_kafka_destroy(rk);
    return 0;
}

int main(int argc, char **argv)
{
    const char *command = argc > 2 ? argv[2] : "";
    const char *brokers = argc > 1 ? argv[1] : "";
    if (!strcmp(command, "create") && argc >= 5)
        return create(brokers, argc - 3, argv + 3);
    if (!strcmp(command, "grow") && argc == 5)
        return grow(brokers, argv + 3);
    if (!strcmp(command, "delete") && argc >= 4)
        return drop(brokers, argc - 3, argv + 3);
    if (!strcmp(command, "topics"))
        return topics(brokers);
    if (!strcmp(command, "produce") && argc == 4)
        return produce(brokers, argv[3]);
    if (!strcmp(command, "hold") && argc == 4)
        return hold(brokers, argv[3]);
    if (!strcmp(command, "consume") && argc >= 4)
        return consume(brokers, argv[3], argc > 4 && !strcmp(argv[4], "--hex"));
    if (!strcmp(command, "wait") && argc == 4)
        return wait_for_record(brokers, argv[3]);
    if (!strcmp(command, "offsets") && argc >= 5)
        return offsets(brokers, argv[3], argc - 4, argv + 4);
    if (!strcmp(command, "metadata") && argc == 5)
        return metadata_of(brokers, argv[3], argv[4]);
    if (!strcmp(command, "logs") && argc == 4)
        return logs(brokers, argv[3]);
    if (!strcmp(command, "config") && argc == 4)
        return config(brokers, argv[3]);
    fputs("usage: kafka_tool BROKERS create|grow|delete|topics|produce|hold|consume|wait|offsets|metadata|logs|config "
          "... "
          "(see the "
          "source)\n",
          stderr);
    return 2;
}
