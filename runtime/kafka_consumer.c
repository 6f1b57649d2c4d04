#include "kafka_consumer.h"

#include <stdlib.h>

#include "kafka_assignment.h"
#include "kafka_group.h"
#include "kafka_growth.h"
#include "kafka_hold.h"
#include "kafka_metadata.h"
#include "kafka_prepare.h"
#include "kafka_starts.h"
#include "kafka_topics.h"
#include "kafka_trouble.h"
#include "kafka_txn.h"
#include "kafka_whole.h"
#include "log.h"
#include "memory.h"
#include "observers.h"

static struct kafka_input *new_input(struct broker_kafka *b, const rd_kafka_topic_partition_t *tp)
{
    struct kafka_input *input = memory_new(sizeof *input);
    input->topic = memory_format("%s", tp->topic);
    input->topic_size = strlen(tp->topic);
    input->partition = tp->partition;
    input->sources = kafka_topics_sources(b, tp->topic, &input->source_count);
    pthread_mutex_lock(&b->lock);
    for (int s = 0; s < input->source_count; s++) {
        const struct weir_source *source = &b->program->sources[input->sources[s]];
        input->internal |= source->internal;
        input->subtopology = source->subtopology; // the same of all that read one topic
    }
    int observers = observer_count(b->program);
    input->times = memory_new(((size_t)observers + 1) * sizeof *input->times);
    for (int i = 0; i < observers; i++)
        input->times[i] = -1;
    input->time = kafka_metadata_read(b->program, tp->metadata, tp->metadata_size, input->times);
    pthread_mutex_unlock(&b->lock);
    input->start = tp->offset >= 0 ? tp->offset : -1;
    input->purged = -1;
    atomic_init(&input->position, -1);
    atomic_init(&input->end, -1);
    atomic_init(&input->committed, input->start);
    return input;
}

// All partitions of one number of one sub-topology are one task, so they have one worker.
static struct kafka_worker *worker_of(struct broker_kafka *b, const struct kafka_input *input)
{
    return &b->workers[(input->subtopology + input->partition) % b->worker_count];
}

// What belongs to one task comes to its worker at once: with a part of it, the task would be made, and its state restored as if nothing had been done of
// the rest.
static void hand_out(struct broker_kafka *b, const rd_kafka_topic_partition_list_t *partitions)
{
    struct kafka_input *inputs = NULL;
    for (int i = 0; i < partitions->cnt; i++) {
        struct kafka_input *input = new_input(b, &partitions->elems[i]);
        kafka_hold_input(b, input);
        input->next = inputs;
        inputs = input;
    }
    pthread_mutex_lock(&b->lock);
    for (struct kafka_input *input = inputs, *next; input; input = next) {
        struct kafka_worker *w = worker_of(b, input);
        next = input->next;
        input->next = w->incoming;
        w->incoming = input;
    }
    for (int i = 0; i < b->worker_count; i++) {
        b->workers[i].dealt = b->workers[i].taking = true;
        atomic_store(&b->workers[i].pending, true);
    }
    pthread_mutex_unlock(&b->lock);
}

static bool same_partition(const struct kafka_input *input, const rd_kafka_topic_partition_t *tp)
{
    return input->partition == tp->partition && strcmp(input->topic, tp->topic) == 0;
}

// With b->lock. True: one of LIST is leaving.
static bool mark(struct kafka_input *list, const rd_kafka_topic_partition_list_t *partitions, bool lost)
{
    bool any = false;
    for (struct kafka_input *input = list; input; input = input->next) {
        for (int i = 0; i < partitions->cnt; i++) {
            if (same_partition(input, &partitions->elems[i])) {
                any = input->leaving = true;
                input->lost = lost;
            }
        }
    }
    return any;
}

static bool still_revoking(const struct broker_kafka *b)
{
    for (int i = 0; i < b->worker_count; i++) {
        if (b->workers[i].revoking)
            return true;
    }
    return false;
}

// Returns when the workers have committed what they did of what was revoked, and take no more of it.
static void wait_let_go(struct broker_kafka *b)
{
    pthread_mutex_lock(&b->lock);
    while (still_revoking(b) && !atomic_load(&b->closing))
        pthread_cond_wait(&b->let_go, &b->lock);
    pthread_mutex_unlock(&b->lock);
}

static void take_back(struct broker_kafka *b, const rd_kafka_topic_partition_list_t *partitions, bool lost)
{
    pthread_mutex_lock(&b->lock);
    for (int i = 0; i < b->worker_count; i++) {
        struct kafka_worker *w = &b->workers[i];
        bool inputs = mark(w->inputs, partitions, lost), incoming = mark(w->incoming, partitions, lost);
        if (inputs || incoming) {
            w->revoking = true;
            atomic_store(&w->pending, true);
            rd_kafka_queue_yield(w->queue);
        }
    }
    pthread_mutex_unlock(&b->lock);
}

static void assign(struct broker_kafka *b, rd_kafka_topic_partition_list_t *partitions, bool cooperative)
{
    wait_let_go(b);
    kafka_leave_whole(b, partitions);
    rd_kafka_topic_partition_list_t *started = kafka_starts_find(b, partitions);
    if (b->instance)
        kafka_txn_set_member(b);
    hand_out(b, partitions);
    if (cooperative) {
        rd_kafka_error_t *error = rd_kafka_incremental_assign(b->consumer, partitions);
        rd_kafka_error_destroy(error);
    } else {
        rd_kafka_assign(b->consumer, partitions);
    }
    if (started->cnt)
        rd_kafka_commit(b->consumer, started, 1);
    rd_kafka_topic_partition_list_destroy(started);
    atomic_store(&b->assigned, true);
    for (int i = 0; i < b->worker_count; i++)
        rd_kafka_queue_yield(b->workers[i].queue);
}

static void unassign(struct broker_kafka *b, rd_kafka_topic_partition_list_t *partitions, bool cooperative)
{
    bool lost = rd_kafka_assignment_lost(b->consumer);
    if (!atomic_load(&b->closing)) {
        if (lost && partitions->cnt)
            log_warning(b->app,
                        "the group has given this instance's partitions to others; what was not committed will be "
                        "done again");
        take_back(b, partitions, lost);
        // A worker may be waiting for a broker. librdkafka has left the group, and waits for nothing but this to join again: if the broker comes back
        // before, it makes itself known without its member id, and a static member is fenced for that.
        if (!lost)
            wait_let_go(b);
    }
    if (cooperative) {
        rd_kafka_error_t *error = rd_kafka_incremental_unassign(b->consumer, partitions);
        rd_kafka_error_destroy(error);
    } else {
        rd_kafka_assign(b->consumer, NULL);
    }
}

static void on_rebalance(rd_kafka_t *rk, rd_kafka_resp_err_t err, rd_kafka_topic_partition_list_t *partitions,
                         void *opaque)
{
    struct broker_kafka *b = opaque;
    const char *protocol = rd_kafka_rebalance_protocol(rk);
    bool cooperative = protocol && strcmp(protocol, "COOPERATIVE") == 0;
    struct broker_error error;
    kafka_group_forget(b);
    if (err == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS && !kafka_growth_meet(b, partitions, &error)) {
        kafka_trouble_fatal(b, &error);
        rd_kafka_assign(rk, NULL);
    } else if (err == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS && !atomic_load(&b->closing)) {
        assign(b, partitions, cooperative);
    } else if (err == RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS) {
        unassign(b, partitions, cooperative);
    } else {
        rd_kafka_assign(rk, NULL);
    }
}

bool kafka_consumer_start(struct broker_kafka *b, rd_kafka_conf_t *conf, struct broker_error *error)
{
    char why[256];
    kafka_trouble_of_broker(conf, b);
    rd_kafka_conf_set_rebalance_cb(conf, on_rebalance);
    b->consumer = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof why);
    if (!b->consumer) {
        rd_kafka_conf_destroy(conf);
        kafka_fail(error, "kafka consumer: %s", why);
        return false;
    }
    rd_kafka_poll_set_consumer(b->consumer);
    b->events = rd_kafka_queue_get_consumer(b->consumer);
    for (int i = 0; i < b->worker_count; i++)
        b->workers[i].queue = rd_kafka_queue_new(b->consumer);
    return true;
}

static bool same_topics(const rd_kafka_topic_partition_list_t *x, const rd_kafka_topic_partition_list_t *y)
{
    if (!x || x->cnt != y->cnt)
        return false;
    for (int i = 0; i < x->cnt; i++) {
        if (strcmp(x->elems[i].topic, y->elems[i].topic) != 0)
            return false;
    }
    return true;
}

bool kafka_consumer_subscribe(struct broker_kafka *b, const rd_kafka_metadata_t *md, struct broker_error *error)
{
    rd_kafka_topic_partition_list_t *wanted = kafka_topics_wanted(b, md);
    if (same_topics(b->subscription, wanted)) {
        rd_kafka_topic_partition_list_destroy(wanted);
        return true;
    }
    if (b->subscription)
        rd_kafka_topic_partition_list_destroy(b->subscription);
    b->subscription = wanted;
    if (!kafka_prepare_copartitions(b, md, error))
        return false;
    rd_kafka_resp_err_t err = wanted->cnt ? rd_kafka_subscribe(b->consumer, wanted) : RD_KAFKA_RESP_ERR_NO_ERROR;
    if (err)
        kafka_fail(error, "cannot subscribe: %s", rd_kafka_err2str(err));
    if (!wanted->cnt) // a pattern that matches nothing yet
        atomic_store(&b->assigned, true);
    return !err;
}

// Out of the group. False: Kafka is gone, and librdkafka would wait for it as long as the session, and as long again for a commit under way.
static bool leave_group(struct broker_kafka *b)
{
    enum { STEP_MS = 100, PATIENCE_MS = 5000 };
    rd_kafka_queue_t *calls = rd_kafka_queue_new(b->consumer);
    int64_t begun = kafka_now();
    rd_kafka_error_t *fatal = rd_kafka_consumer_close_queue(b->consumer, calls); // then there is no group to leave
    bool left = fatal || rd_kafka_consumer_closed(b->consumer);
    while (!left && !(atomic_load(&b->suspect) && kafka_now() - begun >= PATIENCE_MS)) {
        rd_kafka_queue_poll_callback(calls, STEP_MS);
        left = rd_kafka_consumer_closed(b->consumer);
    }
    if (fatal)
        rd_kafka_error_destroy(fatal);
    rd_kafka_queue_destroy(calls);
    return left;
}

bool kafka_consumer_close(struct broker_kafka *b)
{
    if (!b->consumer)
        return true;
    if (!leave_group(b))
        return false;
    for (int i = 0; i < b->worker_count; i++) {
        struct kafka_worker *w = &b->workers[i];
        kafka_assignment_free(w);
        if (w->queue)
            rd_kafka_queue_destroy(w->queue);
    }
    if (b->events)
        rd_kafka_queue_destroy(b->events);
    if (b->subscription)
        rd_kafka_topic_partition_list_destroy(b->subscription);
    kafka_txn_forget_member(b);
    rd_kafka_destroy(b->consumer);
    return true;
}
