#include "kafka_whole.h"

#include "kafka_admin.h"
#include "kafka_topics.h"
#include "log.h"

static bool reads(const struct broker_kafka *b, const struct weir_copartition *group, const char *topic)
{
    for (int i = 0; i < group->source_count; i++) {
        if (kafka_topics_reads(b, group->sources[i], topic))
            return true;
    }
    return false;
}

// The topics of GROUP that this instance knows of. OFFSET of each is how many partitions it has.
static rd_kafka_topic_partition_list_t *topics_of(const struct broker_kafka *b, const rd_kafka_metadata_t *md,
                                                  const struct weir_copartition *group)
{
    rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(4);
    for (int i = 0; i < b->subscription->cnt; i++) {
        const char *name = b->subscription->elems[i].topic;
        const rd_kafka_metadata_topic_t *t = reads(b, group, name) ? kafka_admin_find(md, name) : NULL;
        if (t)
            rd_kafka_topic_partition_list_add(topics, name, 0)->offset = t->partition_cnt;
    }
    return topics;
}

// True: some are there, and some not; those are gone now.
static bool leave_out(rd_kafka_topic_partition_list_t *partitions, const rd_kafka_topic_partition_list_t *topics,
                      int32_t partition)
{
    int there = 0, missing = 0;
    for (int i = 0; i < topics->cnt; i++) {
        bool found = rd_kafka_topic_partition_list_find(partitions, topics->elems[i].topic, partition) != NULL;
        there += found;
        missing += !found && partition < topics->elems[i].offset;
    }
    for (int i = 0; i < topics->cnt && missing; i++)
        rd_kafka_topic_partition_list_del(partitions, topics->elems[i].topic, partition);
    return there && missing;
}

static bool leave_out_of_group(rd_kafka_topic_partition_list_t *partitions,
                               const rd_kafka_topic_partition_list_t *topics)
{
    bool any = false;
    for (int i = 0; i < topics->cnt; i++) {
        for (int32_t p = 0; p < topics->elems[i].offset; p++)
            any |= leave_out(partitions, topics, p);
    }
    return any;
}

static const rd_kafka_metadata_t *known_topics(struct broker_kafka *b)
{
    const rd_kafka_metadata_t *md = NULL;
    while (rd_kafka_metadata(b->consumer, 0, NULL, &md, 2000) && !atomic_load(&b->closing))
        ;
    return md;
}

// What one group of topics lets go of, another may miss.
static bool leave_out_of_all(struct broker_kafka *b, const rd_kafka_metadata_t *md,
                             rd_kafka_topic_partition_list_t *partitions)
{
    bool any = false;
    pthread_mutex_lock(&b->lock);
    for (int i = 0; i < b->program->copartition_count; i++) {
        rd_kafka_topic_partition_list_t *topics = topics_of(b, md, &b->program->copartitions[i]);
        any |= leave_out_of_group(partitions, topics);
        rd_kafka_topic_partition_list_destroy(topics);
    }
    pthread_mutex_unlock(&b->lock);
    return any;
}

static bool has_copartitions(struct broker_kafka *b)
{
    pthread_mutex_lock(&b->lock);
    bool any = b->program->copartition_count > 0;
    pthread_mutex_unlock(&b->lock);
    return any;
}

void kafka_leave_whole(struct broker_kafka *b, rd_kafka_topic_partition_list_t *partitions)
{
    int before = partitions->cnt;
    const rd_kafka_metadata_t *md = before && has_copartitions(b) ? known_topics(b) : NULL;
    while (md && leave_out_of_all(b, md, partitions))
        ;
    if (md)
        rd_kafka_metadata_destroy(md);
    if (partitions->cnt < before)
        log_info(b->app, "%d partitions wait until all instances know of the topics that belong together",
                 before - partitions->cnt);
}
