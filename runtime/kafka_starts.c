#include "kafka_starts.h"

#include <stdlib.h>
#include <unistd.h>

#include "kafka_bounds.h"
#include "kafka_topics.h"
#include "kafka_trouble.h"

enum { PAUSE_US = 10000 };

// ---- what is committed ----

static rd_kafka_resp_err_t ask(struct broker_kafka *b, rd_kafka_topic_partition_list_t *partitions)
{
    rd_kafka_resp_err_t err = rd_kafka_committed(b->consumer, partitions, 2000);
    for (int i = 0; !err && i < partitions->cnt; i++) {
        // Of a topic that is gone nothing is committed.
        if (partitions->elems[i].err != RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
            err = partitions->elems[i].err;
    }
    return err;
}

bool kafka_starts_committed(struct broker_kafka *b, rd_kafka_topic_partition_list_t *partitions,
                            const _Atomic bool *over)
{
    struct broker_error error;
    rd_kafka_resp_err_t err;
    while (partitions->cnt && (err = ask(b, partitions))) {
        if (err == RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED ||
            err == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED) {
            kafka_fail(&error, "the consumer group %s: %s", b->app, rd_kafka_err2str(err));
            kafka_trouble_fatal(b, &error);
            return false;
        }
        if (atomic_load(over))
            return false;
        usleep(PAUSE_US); // the broker is lost, the coordinator moves, or a transaction ends
    }
    return true;
}

// ---- where there is nothing ----

// OFFSET: RD_KAFKA_OFFSET_BEGINNING or _END, and that again if the run is told to end.
static int64_t find_bound(struct broker_kafka *b, const rd_kafka_topic_partition_t *tp, int64_t offset)
{
    while (kafka_bounds_ask_one(b->consumer, tp->topic, tp->partition, &offset) && !atomic_load(&b->closing))
        usleep(PAUSE_US);
    return offset;
}

enum where { AS_CONFIGURED, AT_START, AT_END };

// By auto.offset.reset, where librdkafka would find out by itself.
static enum where configured(const struct broker_kafka *b)
{
    static const char *const words[] = {"smallest", "earliest", "beginning", "largest", "latest", "end"};
    char reset[32] = "";
    size_t size = sizeof reset;
    rd_kafka_conf_get(rd_kafka_conf(b->consumer), "auto.offset.reset", reset, &size);
    for (int i = 0; i < 6; i++) {
        if (strcmp(reset, words[i]) == 0)
            return i < 3 ? AT_START : AT_END;
    }
    return AS_CONFIGURED; // an error
}

static enum where first_of(struct broker_kafka *b, const char *topic)
{
    int count;
    int *sources = kafka_topics_sources(b, topic, &count);
    enum where where = b->settings->exactly_once ? configured(b) : AS_CONFIGURED;
    pthread_mutex_lock(&b->lock);
    if (count > 0 && b->program->sources[sources[0]].latest)
        where = AT_END;
    for (int i = 0; i < b->program->store_count; i++) {
        for (int s = 0; s < count; s++)
            where =
                b->program->stores[i].changelog_source == sources[s] ? AT_START : where; // a table is all of its topic
    }
    pthread_mutex_unlock(&b->lock);
    free(sources);
    return where;
}

rd_kafka_topic_partition_list_t *kafka_starts_find(struct broker_kafka *b, rd_kafka_topic_partition_list_t *partitions)
{
    rd_kafka_topic_partition_list_t *latest = rd_kafka_topic_partition_list_new(4);
    kafka_starts_committed(b, partitions, &b->closing);
    for (int i = 0; i < partitions->cnt; i++) {
        rd_kafka_topic_partition_t *tp = &partitions->elems[i];
        enum where where = tp->offset >= 0 ? AS_CONFIGURED : first_of(b, tp->topic);
        if (where == AS_CONFIGURED)
            continue;
        if (where == AT_START && !b->settings->exactly_once) {
            tp->offset = RD_KAFKA_OFFSET_BEGINNING;
            continue;
        }
        tp->offset = find_bound(b, tp, where == AT_START ? RD_KAFKA_OFFSET_BEGINNING : RD_KAFKA_OFFSET_END);
        if (where == AT_END)
            rd_kafka_topic_partition_list_add(latest, tp->topic, tp->partition)->offset = tp->offset;
    }
    return latest;
}
