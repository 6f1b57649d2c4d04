#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "commands.h"

static void check_topics(const rd_kafka_topic_result_t **results, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (rd_kafka_topic_result_error(results[i]))
            die(rd_kafka_topic_result_name(results[i]), rd_kafka_err2str(rd_kafka_topic_result_error(results[i])));
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

int topics_create(const char *brokers, int argc, char **argv)
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

int topics_grow(const char *brokers, int argc, char **argv)
{
    (void)argc;
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

int topics_delete(const char *brokers, int argc, char **argv)
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

int topics_list(const char *brokers, int argc, char **argv)
{
    (void)argc;
    (void)argv;
    rd_kafka_t *rk = client(RD_KAFKA_PRODUCER, brokers, no_settings);
    const rd_kafka_metadata_t *md = metadata(rk, NULL);
    for (int i = 0; i < md->topic_cnt; i++)
        printf("%s %d\n", md->topics[i].topic, md->topics[i].partition_cnt);
    rd_kafka_metadata_destroy(md);
    rd_kafka_destroy(rk);
    return 0;
}

int topics_config(const char *brokers, int argc, char **argv)
{
    const char *topic = argv[0];
    (void)argc;
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
