#include "kafka_changelog.h"

#include <stdlib.h>
#include <unistd.h>

#include "kafka_bounds.h"
#include "kafka_commit.h"
#include "kafka_producer.h"
#include "memory.h"

// ---- writing ----

static struct kafka_output *output_of(struct kafka_worker *w, int store)
{
    if (WEIR_LIKELY(w->changelogs[store] != NULL))
        return w->changelogs[store];
    struct kafka_output *o = kafka_producer_find(w, kafka_changelog_name(w->b, &w->b->program->stores[store]));
    if (o->partitions >= 0)
        w->changelogs[store] = o;
    return o;
}

enum broker_status kafka_changelog_send(struct kafka_worker *w, int store, int32_t partition, struct weir_str key,
                                        struct weir_str value, int64_t timestamp, struct broker_error *error)
{
    struct kafka_output *o = output_of(w, store);
    struct weir_out out = {.key = key, .value = value, .timestamp = timestamp > 0 ? timestamp : 0};
    if (WEIR_UNLIKELY(partition >= o->partitions))
        return kafka_fail(error, "the changelog %s has no partition %d", o->name, (int)partition);
    return kafka_producer_put(w, o, partition, &out, error);
}

// ---- ends ----

void kafka_changelog_forget_ends(struct kafka_worker *w)
{
    if (w->ends)
        rd_kafka_topic_partition_list_destroy(w->ends);
    w->ends = NULL;
}

// All changelogs of the worker's tasks.
static rd_kafka_topic_partition_list_t *list_all(struct kafka_worker *w)
{
    const struct weir_program *p = w->b->program;
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(8);
    for (int i = 0; i < p->store_count; i++) {
        if (!broker_has_changelog(&p->stores[i]))
            continue;
        char *topic = kafka_changelog_name(w->b, &p->stores[i]);
        for (const struct kafka_input *input = w->inputs; input; input = input->next) {
            if (input->subtopology == p->stores[i].subtopology &&
                !rd_kafka_topic_partition_list_find(list, topic, input->partition))
                rd_kafka_topic_partition_list_add(list, topic, input->partition)->offset = RD_KAFKA_OFFSET_END;
        }
        free(topic);
    }
    return list;
}

// OK: *LIST has the ends. RETRY: a leader moves, or the broker is lost. FATAL: that may not be asked.
static enum broker_status ask_once(struct kafka_worker *w, rd_kafka_topic_partition_list_t *list,
                                   struct broker_error *error)
{
    rd_kafka_resp_err_t err = kafka_bounds_ask(w->producer, list);
    if (!err)
        return BROKER_OK;
    kafka_fail(error, "asking for the ends of changelogs: %s", rd_kafka_err2str(err));
    return err == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED ? BROKER_FATAL : BROKER_RETRY;
}

// The ends are what was sent only if nobody else writes there. So the group is asked after them: who is a member still, was one then. REFUSED also if they
// cannot be known for a while: a save can wait, but not a run that is to end or a group that takes the partitions away.
static enum broker_status ask(struct kafka_worker *w, struct broker_error *error)
{
    enum { MOST_TRIES = 5, PAUSE_US = 20000 };
    rd_kafka_topic_partition_list_t *list = list_all(w);
    enum broker_status status = BROKER_REFUSED;
    if (list->cnt == 0)
        kafka_fail(error, "the worker has no task with a changelog");
    for (int tries = 0; list->cnt && tries < MOST_TRIES; tries++) {
        status = ask_once(w, list, error);
        if (status != BROKER_RETRY || atomic_load(&w->b->closing))
            break;
        usleep(PAUSE_US);
    }
    if (status == BROKER_OK)
        status = kafka_commit_prove(w, error);
    if (status == BROKER_OK)
        w->ends = list;
    else
        rd_kafka_topic_partition_list_destroy(list);
    return status == BROKER_RETRY ? BROKER_REFUSED : status;
}

static int64_t processed(const struct kafka_worker *w, const char *topic, int32_t partition)
{
    for (const struct kafka_input *input = w->inputs; input; input = input->next) {
        if (input->partition != partition || strcmp(input->topic, topic) != 0)
            continue;
        int64_t position = atomic_load_explicit(&input->position, memory_order_relaxed);
        return position >= 0 ? position : input->start > 0 ? input->start : 0;
    }
    return 0;
}

enum broker_status kafka_changelog_end(struct kafka_worker *w, int store, int32_t partition, int64_t *end,
                                       struct broker_error *error)
{
    const struct weir_store *s = &w->b->program->stores[store];
    char *topic = kafka_changelog_name(w->b, s);
    enum broker_status status = BROKER_OK;
    if (kafka_commit_is_lost(w)) {
        kafka_fail(error, "the group has given the partition to another instance");
        status = BROKER_REFUSED;
    } else if (s->changelog_source >= 0) {
        *end = processed(w, topic, partition);
    } else if (w->ends || (status = ask(w, error)) == BROKER_OK) {
        const rd_kafka_topic_partition_t *tp = rd_kafka_topic_partition_list_find(w->ends, topic, partition);
        *end = tp ? tp->offset : 0;
    }
    free(topic);
    return status;
}
