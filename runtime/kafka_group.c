#include "kafka_group.h"

#include <stdio.h>
#include <stdlib.h>

#include "kafka_config.h"
#include "kafka_topics.h"

// ---- asking ----

// librdkafka 2.0.2 aborts if a request for a coordinator times out before it could be sent: it gets the longest time there is, and begins when the group is
// known. It uses freed memory if the broker does not know the request, as its own mock cluster (its pull request 5397): all of Kafka's do.
rd_kafka_queue_t *kafka_group_ask(struct broker_kafka *b)
{
    enum { LONGEST_MS = 3600000 };
    rd_kafka_AdminOptions_t *options = rd_kafka_AdminOptions_new(b->consumer, RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS);
    char *group = kafka_config_group(rd_kafka_conf(b->consumer));
    const char *groups[] = {group};
    rd_kafka_AdminOptions_set_request_timeout(options, LONGEST_MS, NULL, 0);
    rd_kafka_queue_t *answer = rd_kafka_queue_new(b->consumer);
    rd_kafka_DescribeConsumerGroups(b->consumer, groups, 1, options, answer);
    rd_kafka_AdminOptions_destroy(options);
    free(group);
    return answer;
}

const rd_kafka_ConsumerGroupDescription_t *kafka_group_answer(rd_kafka_event_t *event)
{
    size_t count = 0;
    const rd_kafka_ConsumerGroupDescription_t **groups = NULL;
    if (event && !rd_kafka_event_error(event))
        groups =
            rd_kafka_DescribeConsumerGroups_result_groups(rd_kafka_event_DescribeConsumerGroups_result(event), &count);
    bool stable = count == 1 && !rd_kafka_ConsumerGroupDescription_error(groups[0]) &&
                  rd_kafka_ConsumerGroupDescription_state(groups[0]) == RD_KAFKA_CONSUMER_GROUP_STATE_STABLE;
    return stable ? groups[0] : NULL;
}

// ---- who has what ----

// Takes the answer; NULL: none.
static void keep(struct broker_kafka *b, rd_kafka_event_t *event)
{
    pthread_mutex_lock(&b->group_lock);
    if (b->group)
        rd_kafka_event_destroy(b->group);
    b->group = event;
    pthread_mutex_unlock(&b->group_lock);
}

static void stop_asking(struct broker_kafka *b)
{
    if (b->asking)
        rd_kafka_queue_destroy(b->asking);
    b->asking = NULL;
}

// Every few seconds, if somebody may want to know.
void kafka_group_look(struct broker_kafka *b)
{
    enum { EVERY_MS = 3000 };
    if (!b->settings->http_port)
        return;
    if (!b->asking && atomic_load(&b->assigned) && !atomic_load(&b->suspect) && kafka_now() - b->asked >= EVERY_MS) {
        b->asked = kafka_now();
        b->asking = kafka_group_ask(b);
    }
    rd_kafka_event_t *event = b->asking ? rd_kafka_queue_poll(b->asking, 0) : NULL;
    if (!event)
        return;
    stop_asking(b);
    keep(b, event);
}

void kafka_group_forget(struct broker_kafka *b)
{
    stop_asking(b);
    keep(b, NULL);
    b->asked = 0;
}

static bool has_task(struct broker_kafka *b, const rd_kafka_MemberDescription_t *member, struct broker_task task)
{
    const rd_kafka_MemberAssignment_t *assignment = rd_kafka_MemberDescription_assignment(member);
    const rd_kafka_topic_partition_list_t *list = assignment ? rd_kafka_MemberAssignment_partitions(assignment) : NULL;
    bool has = false;
    for (int i = 0; list && i < list->cnt && !has; i++) {
        int count;
        int *sources =
            list->elems[i].partition == task.partition ? kafka_topics_sources(b, list->elems[i].topic, &count) : NULL;
        pthread_mutex_lock(&b->lock);
        has = sources && count && b->program->sources[sources[0]].subtopology == task.subtopology;
        pthread_mutex_unlock(&b->lock);
        free(sources);
    }
    return has;
}

static void put(char *to, size_t room, const char *text)
{
    snprintf(to, room, "%s", text ? text : "");
}

// As kafka_config.c writes it.
static int port_of(const char *client)
{
    const char *digits = client + strlen(client);
    while (digits > client && digits[-1] >= '0' && digits[-1] <= '9')
        digits--;
    size_t word = sizeof KAFKA_CLIENT_HTTP - 1, before = (size_t)(digits - client);
    return before >= word && memcmp(digits - word, KAFKA_CLIENT_HTTP, word) == 0 ? atoi(digits) : 0;
}

static void describe(const rd_kafka_MemberDescription_t *member, struct broker_owner *owner)
{
    const char *host = rd_kafka_MemberDescription_host(member);
    put(owner->instance, sizeof owner->instance, rd_kafka_MemberDescription_group_instance_id(member));
    put(owner->client, sizeof owner->client, rd_kafka_MemberDescription_client_id(member));
    put(owner->host, sizeof owner->host, host && host[0] == '/' ? host + 1 : host); // brokers write it so
    owner->port = port_of(owner->client);
}

bool kafka_group_owner(struct broker_kafka *b, struct broker_task task, struct broker_owner *owner)
{
    bool found = false;
    pthread_mutex_lock(&b->group_lock);
    const rd_kafka_ConsumerGroupDescription_t *group = kafka_group_answer(b->group);
    size_t count = group ? rd_kafka_ConsumerGroupDescription_member_count(group) : 0;
    for (size_t i = 0; i < count && !found; i++) {
        const rd_kafka_MemberDescription_t *member = rd_kafka_ConsumerGroupDescription_member(group, i);
        found = has_task(b, member, task);
        if (found)
            describe(member, owner);
    }
    pthread_mutex_unlock(&b->group_lock);
    return found;
}
