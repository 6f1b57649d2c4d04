#include "kafka_back.h"

#include <unistd.h>

#include "kafka_assignment.h"
#include "kafka_changelog.h"
#include "kafka_hold.h"
#include "kafka_metadata.h"
#include "kafka_order.h"
#include "kafka_record.h"
#include "kafka_starts.h"
#include "kafka_trouble.h"
#include "kafka_txn.h"
#include "observers.h"

// Those that are not about to be let go of.
static rd_kafka_topic_partition_list_t *list_inputs(struct kafka_worker *w)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(8);
    pthread_mutex_lock(&w->b->lock);
    for (const struct kafka_input *input = w->inputs; input; input = input->next) {
        if (!input->leaving)
            rd_kafka_topic_partition_list_add(list, input->topic, input->partition);
    }
    pthread_mutex_unlock(&w->b->lock);
    return list;
}

// INPUT is as if it had just been assigned.
static void rewind_input(const struct broker_kafka *b, struct kafka_input *input, rd_kafka_topic_partition_t *tp)
{
    if (tp->offset < 0)
        tp->offset = input->start;
    for (int i = 0; i < observer_count(b->program); i++)
        input->times[i] = -1;
    input->time = kafka_metadata_read(b->program, tp->metadata, tp->metadata_size, input->times);
    input->timed = false;
    input->start = tp->offset;
    atomic_store(&input->position, -1);
    atomic_store(&input->committed, tp->offset);
    atomic_store(&input->end, -1);
    kafka_order_drop(input);
    kafka_hold_input(b, input);
}

static void rewind_inputs(struct kafka_worker *w, rd_kafka_topic_partition_list_t *list)
{
    kafka_record_drop(w);
    pthread_mutex_lock(&w->b->lock);
    for (struct kafka_input *input = w->inputs; input; input = input->next) {
        rd_kafka_topic_partition_t *tp = rd_kafka_topic_partition_list_find(list, input->topic, input->partition);
        if (tp)
            rewind_input(w->b, input, tp);
    }
    kafka_order_arrange(w);
    pthread_mutex_unlock(&w->b->lock);
    atomic_store(&w->at_end, false);
}

// Those that are being assigned cannot be moved yet; those that are taken away need not be.
static bool goes_on(struct kafka_worker *w)
{
    enum { PAUSE_US = 10000 };
    pthread_mutex_lock(&w->b->lock);
    bool over = w->revoking || atomic_load(&w->b->base.stopping);
    pthread_mutex_unlock(&w->b->lock);
    if (!over)
        usleep(PAUSE_US);
    return !over;
}

// From here on librdkafka hands out nothing of LIST that it had fetched before.
static void seek(struct kafka_worker *w, rd_kafka_topic_partition_list_t *list)
{
    bool good = list->cnt == 0;
    while (!good) {
        rd_kafka_error_t *why = rd_kafka_seek_partitions(w->b->consumer, list, -1);
        good = why == NULL;
        for (int i = 0; i < list->cnt; i++)
            good = good && list->elems[i].err == RD_KAFKA_RESP_ERR_NO_ERROR;
        if (why)
            rd_kafka_error_destroy(why);
        if (!good && !goes_on(w))
            return;
    }
}

enum broker_status kafka_back(struct kafka_worker *w, struct broker_error *error)
{
    enum broker_status status = kafka_txn_abort(w, error);
    if (status != BROKER_OK)
        return status;
    rd_kafka_topic_partition_list_t *list = list_inputs(w);
    bool known = kafka_starts_committed(w->b, list, &w->b->base.stopping);
    if (known) {
        rewind_inputs(w, list);
        seek(w, list);
    }
    rd_kafka_topic_partition_list_destroy(list);
    if (!known)
        return kafka_trouble_given_up(w->b, error) ? BROKER_FATAL : BROKER_END;
    kafka_changelog_forget_ends(w);
    w->aborting = w->uncommitted = false;
    kafka_assignment_tell(w);
    return BROKER_OK;
}
