#include "kafka_standby.h"

#include <stdlib.h>

#include "kafka_group.h"
#include "kafka_topics.h"
#include "memory.h"
#include "placement.h"

enum { ANSWER_MS = 2000 };

// ---- the group ----

// NULL: there is no answer yet.
static rd_kafka_event_t *describe(struct broker_kafka *b)
{
    if (!b->describing && (!atomic_load(&b->assigned) || atomic_load(&b->suspect)))
        return NULL;
    if (!b->describing)
        b->describing = kafka_group_ask(b);
    rd_kafka_event_t *event = rd_kafka_queue_poll(b->describing, ANSWER_MS);
    if (event)
        kafka_standby_close(b);
    return event;
}

void kafka_standby_close(struct broker_kafka *b)
{
    if (b->describing)
        rd_kafka_queue_destroy(b->describing);
    b->describing = NULL;
}

// SELF's place among the members; their number if it is none.
static size_t place_of(const rd_kafka_ConsumerGroupDescription_t *group, const char *self)
{
    size_t count = rd_kafka_ConsumerGroupDescription_member_count(group), at = 0;
    struct placement_member *members = memory_new((count + 1) * sizeof *members);
    for (size_t i = 0; i < count; i++) {
        const rd_kafka_MemberDescription_t *m = rd_kafka_ConsumerGroupDescription_member(group, i);
        members[i] = (struct placement_member){rd_kafka_MemberDescription_consumer_id(m),
                                               rd_kafka_MemberDescription_group_instance_id(m)};
    }
    placement_sort(members, count);
    while (at < count && strcmp(members[at].id, self) != 0)
        at++;
    free(members);
    return at;
}

// ---- the tasks ----

// TASKS has one a sub-topology, whose partition is the greatest that somebody has.
static void note_task(struct broker_kafka *b, const rd_kafka_topic_partition_t *tp, struct broker_task **tasks,
                      size_t *count)
{
    int source_count;
    int *sources = kafka_topics_sources(b, tp->topic, &source_count);
    size_t at = 0;
    pthread_mutex_lock(&b->lock);
    int subtopology = source_count ? b->program->sources[sources[0]].subtopology : -1;
    pthread_mutex_unlock(&b->lock);
    free(sources);
    if (subtopology < 0)
        return;
    while (at < *count && (*tasks)[at].subtopology != subtopology)
        at++;
    if (at == *count) {
        *tasks = memory_grow(*tasks, *count, sizeof **tasks);
        (*tasks)[(*count)++] = (struct broker_task){subtopology, tp->partition};
    }
    if (tp->partition > (*tasks)[at].partition)
        (*tasks)[at].partition = tp->partition;
}

// Together the members have all partitions.
static struct broker_task *last_tasks(struct broker_kafka *b, const rd_kafka_ConsumerGroupDescription_t *group,
                                      size_t *count)
{
    struct broker_task *tasks = NULL;
    *count = 0;
    for (size_t i = 0; i < rd_kafka_ConsumerGroupDescription_member_count(group); i++) {
        const rd_kafka_MemberAssignment_t *assignment =
            rd_kafka_MemberDescription_assignment(rd_kafka_ConsumerGroupDescription_member(group, i));
        const rd_kafka_topic_partition_list_t *list =
            assignment ? rd_kafka_MemberAssignment_partitions(assignment) : NULL;
        for (int p = 0; list && p < list->cnt; p++)
            note_task(b, &list->elems[p], &tasks, count);
    }
    return tasks;
}

static void choose(struct broker_kafka *b, const rd_kafka_ConsumerGroupDescription_t *group, size_t self, int copies,
                   struct broker_task **tasks, size_t *count)
{
    size_t members = rd_kafka_ConsumerGroupDescription_member_count(group), last_count;
    struct broker_task *last = last_tasks(b, group, &last_count);
    for (size_t i = 0; i < last_count; i++) {
        for (int32_t p = 0; p <= last[i].partition; p++) {
            if (!placement_has_copy(members, self, last[i].partition + 1, p, copies))
                continue;
            *tasks = memory_grow(*tasks, *count, sizeof **tasks);
            (*tasks)[(*count)++] = (struct broker_task){last[i].subtopology, p};
        }
    }
    free(last);
}

enum broker_status kafka_standby_copies(struct broker_kafka *b, int copies, struct broker_task **tasks, size_t *count,
                                        struct broker_error *error)
{
    rd_kafka_event_t *event = describe(b);
    const rd_kafka_ConsumerGroupDescription_t *group = kafka_group_answer(event);
    char *self = group ? rd_kafka_memberid(b->consumer) : NULL;
    size_t place = self ? place_of(group, self) : 0;
    bool known = self && place < rd_kafka_ConsumerGroupDescription_member_count(group);
    *tasks = NULL;
    *count = 0;
    if (known)
        choose(b, group, place, copies, tasks, count);
    else
        kafka_fail(error, "the group is not known now");
    if (self)
        rd_kafka_mem_free(b->consumer, self);
    rd_kafka_event_destroy(event);
    return known ? BROKER_OK : BROKER_RETRY;
}

// ---- tables that are their topics ----

int64_t kafka_standby_committed(struct broker_kafka *b, const char *topic, int32_t partition)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    const rd_kafka_topic_partition_t *tp = rd_kafka_topic_partition_list_add(list, topic, partition);
    bool failed = rd_kafka_committed(b->consumer, list, ANSWER_MS) || tp->err;
    int64_t offset = failed ? -1 : tp->offset > 0 ? tp->offset : 0;
    rd_kafka_topic_partition_list_destroy(list);
    return offset;
}
