#include "kafka_consumer.h"

#include <stdlib.h>

#include "kafka_changelog.h"
#include "kafka_growth.h"
#include "kafka_metadata.h"
#include "kafka_order.h"
#include "kafka_prepare.h"
#include "kafka_record.h"
#include "kafka_starts.h"
#include "kafka_topics.h"
#include "kafka_trouble.h"
#include "kafka_txn.h"
#include "kafka_whole.h"
#include "log.h"
#include "memory.h"
#include "observers.h"

// ---- the service thread's side ----

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

static void free_input(struct kafka_input *input)
{
    kafka_order_leave(input);
    free((int *)input->sources);
    free(input->times);
    free(input->topic);
    free(input);
}

// All partitions of one number of one sub-topology are one task, so they have one worker.
static struct kafka_worker *worker_of(struct broker_kafka *b, const struct kafka_input *input)
{
    return &b->workers[(input->subtopology + input->partition) % b->worker_count];
}

static void attach(struct broker_kafka *b, struct kafka_input *input, struct kafka_worker *w)
{
    rd_kafka_queue_t *queue = rd_kafka_queue_get_partition(b->consumer, input->topic, input->partition);
    if (b->ordered[input->subtopology]) {
        kafka_order_enter(w, input, queue);
        return;
    }
    rd_kafka_queue_forward(queue, w->queue);
    rd_kafka_queue_destroy(queue);
}

// What belongs to one task comes to its worker at once: with a part of it, the task would be made, and its state restored as if nothing had been done of
// the rest.
static void hand_out(struct broker_kafka *b, const rd_kafka_topic_partition_list_t *partitions)
{
    struct kafka_input *inputs = NULL;
    for (int i = 0; i < partitions->cnt; i++) {
        struct kafka_input *input = new_input(b, &partitions->elems[i]);
        attach(b, input, worker_of(b, input));
        input->next = inputs;
        inputs = input;
    }
    pthread_mutex_lock(&b->lock);
    for (struct kafka_input *input = inputs, *next; input; input = next) {
        struct kafka_worker *w = worker_of(b, input);
        next = input->next;
        input->next = w->incoming;
        w->incoming = input;
        atomic_store(&w->pending, true);
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

// Returns when the workers have committed what they did of PARTITIONS and take no more of them.
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
    while (still_revoking(b) && !atomic_load(&b->closing))
        pthread_cond_wait(&b->let_go, &b->lock);
    pthread_mutex_unlock(&b->lock);
}

static void assign(struct broker_kafka *b, rd_kafka_topic_partition_list_t *partitions, bool cooperative)
{
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

static void free_inputs(struct kafka_input *list)
{
    while (list) {
        struct kafka_input *next = list->next;
        free_input(list);
        list = next;
    }
}

void kafka_consumer_close(struct broker_kafka *b)
{
    if (!b->consumer)
        return;
    rd_kafka_consumer_close(b->consumer);
    for (int i = 0; i < b->worker_count; i++) {
        struct kafka_worker *w = &b->workers[i];
        free_inputs(w->inputs);
        free_inputs(w->incoming);
        kafka_order_free(w);
        kafka_changelog_forget_ends(w);
        if (w->queue)
            rd_kafka_queue_destroy(w->queue);
    }
    if (b->events)
        rd_kafka_queue_destroy(b->events);
    if (b->subscription)
        rd_kafka_topic_partition_list_destroy(b->subscription);
    kafka_txn_forget_member(b);
    rd_kafka_destroy(b->consumer);
}

// ---- the worker's side ----

// What the listener is told, as its own array; to be freed.
static struct broker_partition *describe(const struct kafka_input *list, bool leaving, int *count)
{
    struct broker_partition *partitions = NULL;
    *count = 0;
    for (const struct kafka_input *input = list; input; input = input->next) {
        for (int s = 0; s < input->source_count && input->leaving == leaving; s++) {
            partitions = memory_grow(partitions, (size_t)*count, sizeof *partitions);
            partitions[(*count)++] = (struct broker_partition){input->sources[s], input->topic, input->partition};
        }
    }
    return partitions;
}

static struct kafka_input *last_of(struct kafka_input *list)
{
    while (list->next)
        list = list->next;
    return list;
}

// With b->lock.
static void remove_leaving(struct kafka_worker *w)
{
    struct kafka_input **link = &w->inputs;
    kafka_record_leave(w);
    while (*link) {
        struct kafka_input *input = *link;
        if (!input->leaving) {
            link = &input->next;
            continue;
        }
        *link = input->next;
        free_input(input);
    }
    w->current = NULL;
    kafka_order_arrange(w);
    kafka_changelog_forget_ends(w);
}

static void let_go(struct kafka_worker *w)
{
    int count;
    struct broker_partition *partitions = describe(w->inputs, true, &count);
    if (w->listener && count)
        w->listener->revoked(w->listener_arg, partitions, count);
    free(partitions);
    pthread_mutex_lock(&w->b->lock);
    remove_leaving(w);
    w->revoking = false;
    pthread_cond_broadcast(&w->b->let_go);
    pthread_mutex_unlock(&w->b->lock);
}

void kafka_consumer_handover(struct kafka_worker *w)
{
    int count;
    pthread_mutex_lock(&w->b->lock);
    atomic_store(&w->pending, false);
    struct broker_partition *partitions = describe(w->incoming, false, &count);
    if (w->incoming) {
        last_of(w->incoming)->next = w->inputs;
        w->inputs = w->incoming;
        w->incoming = NULL;
        atomic_store(&w->at_end, false);
        kafka_order_arrange(w);
        kafka_changelog_forget_ends(w);
    }
    pthread_mutex_unlock(&w->b->lock);
    if (w->listener && count)
        w->listener->assigned(w->listener_arg, partitions, count); // may last, while state is restored
    free(partitions);
    pthread_mutex_lock(&w->b->lock);
    bool revoking = w->revoking;
    pthread_mutex_unlock(&w->b->lock);
    if (revoking)
        let_go(w);
    w->stopped |= w->aborting;
}

void kafka_consumer_tell(struct kafka_worker *w)
{
    int count;
    pthread_mutex_lock(&w->b->lock);
    struct broker_partition *partitions = describe(w->inputs, false, &count);
    pthread_mutex_unlock(&w->b->lock);
    if (w->listener && count)
        w->listener->assigned(w->listener_arg, partitions, count);
    free(partitions);
}

struct kafka_input *kafka_consumer_input(struct kafka_worker *w, const rd_kafka_message_t *m)
{
    struct kafka_input *input = w->current;
    if (WEIR_LIKELY(input && input->handle == m->rkt && input->partition == m->partition))
        return input;
    if (!m->rkt)
        return NULL;
    const char *topic = rd_kafka_topic_name(m->rkt);
    for (input = w->inputs; input; input = input->next) {
        if (input->partition == m->partition && strcmp(input->topic, topic) == 0) {
            input->handle = m->rkt;
            return w->current = input;
        }
    }
    return NULL;
}
