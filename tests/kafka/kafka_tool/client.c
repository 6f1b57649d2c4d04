#include "client.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

_Noreturn void die(const char *what, const char *why)
{
    fprintf(stderr, "kafka_tool: %s: %s\n", what, why);
    exit(1);
}

rd_kafka_t *client(rd_kafka_type_t type, const char *brokers, const char *const *settings)
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

const char *const no_settings[] = {NULL};

bool passes(rd_kafka_resp_err_t err, int *tries)
{
    enum { PAUSE_MS = 50 };
    if (!err || ++*tries > WAIT_MS / PAUSE_MS)
        return false;
    usleep(PAUSE_MS * 1000);
    return true;
}

rd_kafka_event_t *admin_result(rd_kafka_queue_t *queue, const char *what)
{
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, WAIT_MS);
    if (!event)
        die(what, "no answer");
    if (rd_kafka_event_error(event))
        die(what, rd_kafka_event_error_string(event));
    return event;
}

const rd_kafka_metadata_t *metadata(rd_kafka_t *rk, const char *topic)
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
