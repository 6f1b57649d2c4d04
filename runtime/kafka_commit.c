#include "kafka_commit.h"

#include <unistd.h>

#include "kafka_changelog.h"
#include "kafka_metadata.h"
#include "kafka_pipeline.h"
#include "kafka_producer.h"
#include "kafka_txn.h"
#include "kafka_trouble.h"
#include "observers.h"

// ---- committing ----

// What there is to commit (AGAIN: although it has been); NULL: nothing. A time that is observed from here on is for the next one.
static rd_kafka_topic_partition_list_t *collect(struct kafka_worker *w, bool again)
{
    rd_kafka_topic_partition_list_t *list = NULL;
    pthread_mutex_lock(&w->b->lock);
    for (struct kafka_input *input = w->inputs; input; input = input->next) {
        int64_t position = atomic_load_explicit(&input->position, memory_order_relaxed);
        int64_t committed = atomic_load_explicit(&input->committed, memory_order_relaxed);
        bool moved = position > committed;
        if (!moved)
            position = committed;
        if (input->lost || position < 0 || !(moved || again || input->timed))
            continue;
        if (!list)
            list = rd_kafka_topic_partition_list_new(8);
        rd_kafka_topic_partition_t *tp = rd_kafka_topic_partition_list_add(list, input->topic, input->partition);
        tp->offset = position;
        tp->metadata =
            kafka_metadata_write(w->b->program, input->time, input->times, &tp->metadata_size); // the list frees it
        input->timed = false;
    }
    pthread_mutex_unlock(&w->b->lock);
    return list;
}

void kafka_commit_mark(struct kafka_worker *w, const rd_kafka_topic_partition_list_t *list)
{
    for (struct kafka_input *input = w->inputs; input; input = input->next) {
        const rd_kafka_topic_partition_t *tp = rd_kafka_topic_partition_list_find(list, input->topic, input->partition);
        if (tp && !tp->err)
            atomic_store_explicit(&input->committed, tp->offset, memory_order_relaxed);
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

// One request. Not by rd_kafka_commit, which waits for a broker that is gone as long as it is. Who has just been told that it is no member has no id any more,
// and a static member that commits without one is fenced for good.
static rd_kafka_resp_err_t request(struct kafka_worker *w, const rd_kafka_topic_partition_list_t *list)
{
    enum { STEP_MS = 100 };
    if (rd_kafka_assignment_lost(w->b->consumer))
        return RD_KAFKA_RESP_ERR__ASSIGNMENT_LOST;
    rd_kafka_queue_t *answers = rd_kafka_queue_new(w->b->consumer);
    rd_kafka_event_t *event = NULL;
    rd_kafka_resp_err_t err = rd_kafka_commit_queue(w->b->consumer, list, answers, NULL, NULL);
    while (!err && !(event = rd_kafka_queue_poll(answers, STEP_MS))) {
        if (kafka_trouble_ends(w))
            err = RD_KAFKA_RESP_ERR__TIMED_OUT;
    }
    if (event) {
        err = rd_kafka_event_error(event);
        if (understand(err) == DONE)
            kafka_commit_mark(w, rd_kafka_event_topic_partition_list(event));
        rd_kafka_event_destroy(event);
    }
    rd_kafka_queue_destroy(answers);
    return err;
}

// Until the group's coordinator has an answer, or nobody waits for one. LIST is gone then.
static enum answer store(struct kafka_worker *w, rd_kafka_topic_partition_list_t *list, struct broker_error *error)
{
    enum { PAUSE_US = 50000 };
    enum answer answer;
    for (;;) {
        rd_kafka_resp_err_t err = request(w, list);
        answer = understand(err);
        if (answer == WRONG)
            kafka_trouble_of_group(w->b, err, "committing offsets", rd_kafka_err2str(err), error);
        if (answer == AGAIN && kafka_trouble_ends(w)) {
            kafka_fail(error,
                       "offsets could not be committed: Kafka at %s does not answer; what was done since the last "
                       "commit will be done again",
                       w->b->servers);
            answer = WRONG;
        }
        if (answer != AGAIN || atomic_load(&w->b->closing))
            break;
        usleep(PAUSE_US);
    }
    rd_kafka_topic_partition_list_destroy(list);
    return answer;
}

bool kafka_commit_is_lost(const struct kafka_worker *w)
{
    pthread_mutex_lock(&w->b->lock);
    const struct kafka_input *input = w->inputs;
    while (input && !input->lost)
        input = input->next;
    pthread_mutex_unlock(&w->b->lock);
    return input != NULL;
}

// What was sent counts only with offsets, which the group takes from its members alone: with some that have not moved, if need be.
static enum broker_status commit_transaction(struct kafka_worker *w, struct broker_error *error)
{
    enum broker_status status = kafka_pipeline_settle(w, error);
    if (status != BROKER_OK)
        return status;
    rd_kafka_topic_partition_list_t *list = collect(w, w->in_transaction);
    if (w->aborting || kafka_commit_is_lost(w) || (w->in_transaction && !list)) {
        if (list)
            rd_kafka_topic_partition_list_destroy(list);
        return kafka_txn_failed(w, NULL, error);
    }
    if (list)
        status = kafka_pipeline_start(w, list, error);
    if (status == BROKER_OK)
        w->uncommitted = false;
    return status;
}

enum broker_status kafka_commit(struct kafka_worker *w, struct broker_error *error)
{
    kafka_changelog_forget_ends(w);
    if (w->b->instance)
        return commit_transaction(w, error);
    if (kafka_commit_is_lost(w)) {
        w->uncommitted = false;
        return BROKER_OK;
    }
    enum broker_status status = kafka_producer_flush(w, error);
    if (status != BROKER_OK)
        return status;
    rd_kafka_topic_partition_list_t *list = collect(w, false);
    w->uncommitted = false;
    return list && store(w, list, error) == WRONG ? BROKER_FATAL : BROKER_OK;
}

// In a transaction that has nothing else in it: one that the group does not take leaves the consumer as it is.
static enum broker_status prove_in_transaction(struct kafka_worker *w, rd_kafka_topic_partition_list_t *list,
                                               struct broker_error *error)
{
    enum broker_status status = kafka_pipeline_start(w, list, error);
    if (status == BROKER_OK)
        status = kafka_pipeline_settle(w, error);
    return status == BROKER_ABORT ? BROKER_REFUSED : status; // what is called next answers with it
}

enum broker_status kafka_commit_prove(struct kafka_worker *w, struct broker_error *error)
{
    rd_kafka_topic_partition_list_t *list = collect(w, true);
    if (list && w->b->instance)
        return prove_in_transaction(w, list, error);
    enum answer answer = list ? store(w, list, error) : NOT_OURS;
    if (answer == WRONG)
        return BROKER_FATAL;
    if (answer != DONE)
        kafka_fail(error, "the group has given the partition to another instance");
    return answer == DONE ? BROKER_OK : BROKER_REFUSED;
}

// ---- the stores' time ----

static bool is_of_task(const struct broker_kafka *b, const struct kafka_input *input, int store, int source,
                       int32_t partition)
{
    return input->partition == partition && input->subtopology == observer_subtopology(b->program, store, source);
}

// Beside each input's offset, so that whichever is committed carries it.
void kafka_commit_set_time(struct kafka_worker *w, int store, int source, int32_t partition, int64_t time)
{
    int number = observer_number(w->b->program, store, source);
    for (struct kafka_input *input = w->inputs; input; input = input->next) {
        if (is_of_task(w->b, input, store, source, partition)) {
            input->times[number] = time;
            input->timed = true;
        }
    }
}

int64_t kafka_commit_time(const struct kafka_worker *w, int store, int source, int32_t partition)
{
    int number = observer_number(w->b->program, store, source);
    int64_t time = -1;
    for (const struct kafka_input *input = w->inputs; input; input = input->next) {
        if (is_of_task(w->b, input, store, source, partition) && input->times[number] > time)
            time = input->times[number];
    }
    return time;
}

// ---- how far they are behind ----

int64_t kafka_commit_lag(struct broker_kafka *b, broker_lag_fn *each, void *arg)
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
                position = input->start < 0 ? low : input->start;
            int64_t left = high - position;
            left = left > 0 ? left : 0;
            if (lag >= 0)
                lag += left;
            if (each)
                each(arg, input->topic, input->partition, left);
        }
    }
    pthread_mutex_unlock(&b->lock);
    return lag;
}
