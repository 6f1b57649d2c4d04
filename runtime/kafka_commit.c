#include "kafka_commit.h"

#include <unistd.h>

#include "kafka_producer.h"

// What there is to commit; NULL: nothing.
static rd_kafka_topic_partition_list_t *collect(struct kafka_worker *w)
{
    rd_kafka_topic_partition_list_t *list = NULL;
    pthread_mutex_lock(&w->b->lock);
    for (const struct kafka_input *input = w->inputs; input; input = input->next) {
        int64_t position = atomic_load_explicit(&input->position, memory_order_relaxed);
        if (input->lost || position <= input->committed)
            continue;
        if (!list)
            list = rd_kafka_topic_partition_list_new(8);
        rd_kafka_topic_partition_list_add(list, input->topic, input->partition)->offset = position;
    }
    pthread_mutex_unlock(&w->b->lock);
    return list;
}

static void mark_committed(struct kafka_worker *w, rd_kafka_topic_partition_list_t *list)
{
    for (struct kafka_input *input = w->inputs; input; input = input->next) {
        const rd_kafka_topic_partition_t *tp = rd_kafka_topic_partition_list_find(list, input->topic, input->partition);
        if (tp && !tp->err)
            input->committed = tp->offset;
    }
}

enum answer { DONE, AGAIN, NOT_OURS, WRONG };

// What librdkafka's answer to a commit means for us.
static enum answer understand(rd_kafka_resp_err_t err)
{
    switch (err) {
    case RD_KAFKA_RESP_ERR_NO_ERROR:
    case RD_KAFKA_RESP_ERR__NO_OFFSET: return DONE;
    // The group is being reassigned, or has already been without us: the partitions are about to be revoked. What is not
    // committed will be done again, by us or by others.
    case RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION:
    case RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID:
    case RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS:
    case RD_KAFKA_RESP_ERR__ASSIGNMENT_LOST: return NOT_OURS;
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID:
    case RD_KAFKA_RESP_ERR_OFFSET_METADATA_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_INVALID_COMMIT_OFFSET_SIZE:
    case RD_KAFKA_RESP_ERR__INVALID_ARG:
    case RD_KAFKA_RESP_ERR__FATAL:
    case RD_KAFKA_RESP_ERR__DESTROY: return WRONG;
    default: return AGAIN; // the coordinator moves, or the broker is lost
    }
}

enum broker_status kafka_commit(struct kafka_worker *w, struct broker_error *error)
{
    enum { PAUSE_US = 50000 };
    enum broker_status status = kafka_producer_flush(w, error);
    if (status != BROKER_OK)
        return status;
    for (;;) {
        rd_kafka_topic_partition_list_t *list = collect(w);
        if (!list)
            return BROKER_OK;
        rd_kafka_resp_err_t err = rd_kafka_commit(w->b->consumer, list, 0);
        enum answer answer = understand(err);
        if (answer == DONE)
            mark_committed(w, list);
        rd_kafka_topic_partition_list_destroy(list);
        if (answer == WRONG)
            return kafka_fail(error, "committing offsets: %s", rd_kafka_err2str(err));
        if (answer != AGAIN || atomic_load(&w->b->closing))
            return BROKER_OK;
        usleep(PAUSE_US);
    }
}

int64_t kafka_commit_lag(struct broker_kafka *b)
{
    int64_t lag = 0;
    pthread_mutex_lock(&b->lock);
    for (int i = 0; i < b->worker_count; i++) {
        for (const struct kafka_input *input = b->workers[i].inputs; input; input = input->next) {
            int64_t low, high, position = atomic_load_explicit(&input->position, memory_order_relaxed);
            // What the last fetch said: costs no request.
            if (rd_kafka_get_watermark_offsets(b->consumer, input->topic, input->partition, &low, &high) || high < 0) {
                lag = -1;
                continue;
            }
            if (position < 0)
                position = low;
            if (lag >= 0 && high > position)
                lag += high - position;
        }
    }
    pthread_mutex_unlock(&b->lock);
    return lag;
}
