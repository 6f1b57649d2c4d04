#include "kafka_order.h"

#include <stdlib.h>

#include "kafka_assignment.h"
#include "kafka_poll.h"
#include "kafka_service.h"
#include "memory.h"
#include "partition_counts.h"

// ---- which tasks ----

static bool same_topic(const struct weir_source *x, const struct weir_source *y)
{
    return !x->pattern && !y->pattern && x->topic_count == 1 && y->topic_count == 1 && x->internal == y->internal &&
           strcmp(x->topics[0], y->topics[0]) == 0;
}

bool kafka_order_plan(struct broker_kafka *b)
{
    const struct weir_program *p = b->program;
    bool any = false;
    b->ordered = memory_new((size_t)partition_subtopologies(p) * sizeof *b->ordered);
    for (int s = 0; s < p->source_count; s++) {
        const struct weir_source *source = &p->sources[s];
        bool several = source->pattern || source->topic_count > 1;
        for (int t = 0; t < s; t++)
            several |= p->sources[t].subtopology == source->subtopology && !same_topic(&p->sources[t], source);
        b->ordered[source->subtopology] |= several;
        any |= several;
    }
    return any;
}

// ---- lanes come and go ----

// From a thread of librdkafka's, which holds the lane's queue.
static void on_arrival(rd_kafka_t *rk, void *opaque)
{
    struct kafka_worker *w = opaque;
    (void)rk;
    atomic_store(&w->arrived, true);
    rd_kafka_queue_yield(w->queue);
}

void kafka_order_enter(struct kafka_worker *w, struct kafka_input *input)
{
    input->lane = memory_new(sizeof *input->lane);
    input->lane->queue = rd_kafka_queue_get_partition(w->b->consumer, input->topic, input->partition);
    input->lane->state = KAFKA_LANE_UNKNOWN;
    rd_kafka_queue_cb_event_enable(input->lane->queue, on_arrival, w);
}

void kafka_order_drop(struct kafka_input *input)
{
    struct kafka_lane *lane = input->lane;
    if (!lane)
        return;
    for (int i = lane->at; i < lane->count; i++)
        rd_kafka_message_destroy(lane->batch[i]);
    lane->at = lane->count = lane->source = 0;
    lane->state = KAFKA_LANE_UNKNOWN;
}

void kafka_order_leave(struct kafka_input *input)
{
    struct kafka_lane *lane = input->lane;
    if (!lane)
        return;
    rd_kafka_queue_cb_event_enable(lane->queue, NULL, NULL);
    kafka_order_drop(input);
    rd_kafka_queue_destroy(lane->queue);
    free(lane);
}

void kafka_order_free(struct kafka_worker *w)
{
    for (size_t i = 0; i < w->task_count; i++)
        free(w->tasks[i].inputs);
    free(w->tasks);
    w->tasks = NULL;
    w->task_count = 0;
}

static struct kafka_task *task_of(struct kafka_worker *w, const struct kafka_input *input)
{
    for (size_t i = 0; i < w->task_count; i++) {
        if (w->tasks[i].subtopology == input->subtopology && w->tasks[i].partition == input->partition)
            return &w->tasks[i];
    }
    w->tasks = memory_grow(w->tasks, w->task_count, sizeof *w->tasks);
    w->tasks[w->task_count] = (struct kafka_task){input->subtopology, input->partition, NULL, 0};
    return &w->tasks[w->task_count++];
}

static int compare(const void *x, const void *y)
{
    const struct kafka_input *a = *(struct kafka_input *const *)x, *b = *(struct kafka_input *const *)y;
    if (a->source_count && b->source_count && a->sources[0] != b->sources[0])
        return a->sources[0] - b->sources[0];
    return strcmp(a->topic, b->topic);
}

void kafka_order_arrange(struct kafka_worker *w)
{
    kafka_order_free(w);
    for (struct kafka_input *input = w->inputs; input; input = input->next) {
        if (!input->lane || input->held)
            continue;
        struct kafka_task *t = task_of(w, input);
        t->inputs = memory_grow(t->inputs, t->count, sizeof(struct kafka_input *));
        t->inputs[t->count++] = input;
    }
    for (size_t i = 0; i < w->task_count; i++)
        qsort(w->tasks[i].inputs, w->tasks[i].count, sizeof(struct kafka_input *), compare);
    atomic_store(&w->arrived, true);
}

// ---- the next record ----

// Everything that the broker said it has was taken.
static bool is_read(const struct kafka_worker *w, const struct kafka_input *input)
{
    int64_t low, high, position = atomic_load_explicit(&input->position, memory_order_relaxed);
    if (atomic_load_explicit(&input->end, memory_order_relaxed) >= 0)
        return true;
    // As of the last fetch: costs no request. Transactions leave markers at the end, so that only an event tells of it.
    return position >= 0 &&
           !rd_kafka_get_watermark_offsets(w->b->consumer, input->topic, input->partition, &low, &high) &&
           position >= high;
}

static void run_empty(const struct kafka_worker *w, struct kafka_input *input)
{
    struct kafka_lane *lane = input->lane;
    int64_t idle = w->b->task_idle_ms;
    if (lane->state == KAFKA_LANE_IDLE || lane->state == KAFKA_LANE_FREE)
        return;
    bool read = is_read(w, input);
    if (!read && lane->state == KAFKA_LANE_HEAD)
        kafka_service_nudge(w->b);
    if (idle >= 0 && !read) {
        lane->state = KAFKA_LANE_UNKNOWN;
    } else if (idle > 0) {
        lane->state = KAFKA_LANE_IDLE;
        lane->deadline = kafka_now() + idle;
    } else {
        lane->state = KAFKA_LANE_FREE;
    }
}

// Looks for a first record in an input that has none.
static void advance(struct kafka_worker *w, struct kafka_input *input)
{
    struct kafka_lane *lane = input->lane;
    for (;;) {
        if (lane->at == lane->count) {
            ssize_t n = rd_kafka_consume_batch_queue(lane->queue, 0, lane->batch, KAFKA_LANE_BATCH);
            lane->at = lane->told = 0;
            lane->count = n > 0 ? (int)n : 0;
            if (lane->count == 0) {
                run_empty(w, input);
                return;
            }
        }
        rd_kafka_message_t *m = lane->batch[lane->at];
        if (WEIR_LIKELY(!m->err)) {
            lane->state = KAFKA_LANE_HEAD;
            lane->head = rd_kafka_message_timestamp(m, NULL);
            lane->source = 0;
            kafka_poll_not_at_end(w, input);
            return;
        }
        kafka_poll_event(w, m);
        rd_kafka_message_destroy(m);
        lane->at++;
    }
}

static void fill(struct kafka_worker *w)
{
    for (size_t t = 0; t < w->task_count; t++) {
        for (size_t i = 0; i < w->tasks[t].count; i++) {
            if (w->tasks[t].inputs[i]->lane->state != KAFKA_LANE_HEAD)
                advance(w, w->tasks[t].inputs[i]);
        }
    }
}

static bool keeps_waiting(struct kafka_lane *lane)
{
    if (lane->state == KAFKA_LANE_IDLE && kafka_now() >= lane->deadline)
        lane->state = KAFKA_LANE_FREE;
    return lane->state != KAFKA_LANE_FREE;
}

// The input whose record is next; of equal ones the first. NULL: there is none, or the task waits.
static struct kafka_input *choose(const struct kafka_task *t)
{
    struct kafka_input *next = NULL;
    for (size_t i = 0; i < t->count; i++) {
        struct kafka_lane *lane = t->inputs[i]->lane;
        if (lane->state != KAFKA_LANE_HEAD) {
            if (keeps_waiting(lane))
                return NULL;
        } else if (!next || lane->head < next->lane->head) {
            next = t->inputs[i];
        }
    }
    return next;
}

// ---- serving ----

enum served { NOTHING, SOME, CHANGED }; // CHANGED: the tasks are others now

// The worker is told of the lane's next records, all before the first of them is given.
static void tell(const struct kafka_worker *w, const struct kafka_input *input)
{
    enum { NEXT = 16 };
    struct kafka_lane *lane = input->lane;
    struct broker_delivery next[NEXT];
    int n = 0;
    for (lane->told = lane->at; n < NEXT && lane->told < lane->count; lane->told++) {
        const rd_kafka_message_t *m = lane->batch[lane->told];
        if (m->err)
            continue;
        struct broker_delivery *d = &next[n++];
        d->source = input->sources[0];
        d->record.key = (struct weir_str){m->key, m->key_len};
        d->record.timestamp = rd_kafka_message_timestamp(m, NULL);
        d->record.partition = m->partition;
    }
    w->listener->coming(w->listener_arg, next, n);
}

// Takes so many records of a task before the next one has its turn.
enum { TURN = 1000 };

static enum served serve(struct kafka_worker *w, const struct kafka_task *t)
{
    int taken = 0;
    for (; taken < TURN && !w->stopped && w->taken < w->wanted; taken++) {
        if (WEIR_UNLIKELY(atomic_load_explicit(&w->pending, memory_order_relaxed))) {
            kafka_assignment_update(w);
            return CHANGED;
        }
        if (WEIR_UNLIKELY(atomic_load_explicit(&w->arrived, memory_order_relaxed))) {
            atomic_store(&w->arrived, false);
            fill(w);
        }
        struct kafka_input *input = choose(t);
        if (!input)
            return taken ? SOME : NOTHING;
        struct kafka_lane *lane = input->lane;
        rd_kafka_message_t *m = lane->batch[lane->at];
        if (lane->at >= lane->told && w->listener->coming)
            tell(w, input);
        if (!kafka_poll_give(w, input, &lane->source, m)) {
            w->stopped = true;
            return SOME;
        }
        lane->at++;
        rd_kafka_message_destroy(m);
        advance(w, input);
    }
    return SOME;
}

bool kafka_order_serve(struct kafka_worker *w)
{
    bool some = false;
    for (size_t i = 0; i < w->task_count; i++) {
        enum served served = serve(w, &w->tasks[i]);
        if (served == CHANGED)
            return true;
        some |= served == SOME;
    }
    return some;
}

int kafka_order_timeout(const struct kafka_worker *w, int timeout_ms)
{
    int64_t now = w->b->task_idle_ms > 0 ? kafka_now() : 0;
    for (size_t t = 0; now && t < w->task_count; t++) {
        for (size_t i = 0; i < w->tasks[t].count; i++) {
            const struct kafka_lane *lane = w->tasks[t].inputs[i]->lane;
            int64_t left = lane->deadline - now;
            if (lane->state == KAFKA_LANE_IDLE && left < timeout_ms)
                timeout_ms = left > 0 ? (int)left : 0;
        }
    }
    return timeout_ms;
}
