#include "kafka_growth.h"

#include <stdlib.h>

#include "kafka_prepare.h"
#include "kafka_topics.h"
#include "log.h"
#include "memory.h"

static bool outgrown(struct broker_kafka *b, int s, int32_t before, int32_t now, struct broker_error *error)
{
    const struct weir_source *source = &b->program->sources[s];
    const char *topic = source->topics[0];
    if (source->global) {
        kafka_fail(error,
                   "topic %s has %d partitions now, and had %d when global table %s was read: start again, to read all",
                   topic, (int)now, (int)before, source->name);
        return true;
    }
    log_about(LEVEL_WARNING, b->app, (struct log_about){.topic = topic, .partition = -1},
              "topic %s has %d partitions now, and had %d: the new ones are read, too; keys may have moved to them",
              topic, (int)now, (int)before);
    return false;
}

// With the lock.
static bool compare(struct broker_kafka *b, const rd_kafka_metadata_t *md, struct broker_error *error)
{
    for (int s = 0; s < b->program->source_count; s++) {
        bool internal = b->program->sources[s].internal;
        int32_t now = internal ? INT32_MAX : kafka_prepare_partitions(b, md, s), before = b->sizes[s];
        b->sizes[s] = now > before ? now : before;
        if (before && now > before && outgrown(b, s, before, now, error))
            return false;
    }
    return true;
}

bool kafka_growth_look(struct broker_kafka *b, const rd_kafka_metadata_t *md, struct broker_error *error)
{
    pthread_mutex_lock(&b->lock);
    bool first = !b->sizes;
    if (first)
        b->sizes = memory_new((size_t)b->program->source_count * sizeof *b->sizes);
    bool good = compare(b, md, error);
    pthread_mutex_unlock(&b->lock);
    return good && (first || kafka_prepare_holds(b, md, error));
}

static bool is_new(struct broker_kafka *b, const rd_kafka_topic_partition_t *tp)
{
    int count;
    int *sources = kafka_topics_sources(b, tp->topic, &count);
    bool found = false;
    for (int i = 0; i < count; i++)
        found |= tp->partition >= b->sizes[sources[i]];
    free(sources);
    return found;
}

bool kafka_growth_meet(struct broker_kafka *b, const rd_kafka_topic_partition_list_t *partitions,
                       struct broker_error *error)
{
    const rd_kafka_metadata_t *md;
    bool any = false, good = true;
    for (int i = 0; i < partitions->cnt; i++)
        any |= is_new(b, &partitions->elems[i]);
    if (any && !rd_kafka_metadata(b->consumer, 1, NULL, &md, 2000)) {
        good = kafka_growth_look(b, md, error);
        rd_kafka_metadata_destroy(md);
    }
    return good;
}
