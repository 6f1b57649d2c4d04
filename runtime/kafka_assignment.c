#include "kafka_assignment.h"

#include <stdlib.h>

#include "kafka_changelog.h"
#include "kafka_order.h"
#include "kafka_record.h"
#include "memory.h"

// ---- inputs ----

static void free_input(struct kafka_input *input)
{
    kafka_order_leave(input);
    free((int *)input->sources);
    free(input->times);
    free(input->topic);
    free(input);
}

static void free_inputs(struct kafka_input *list)
{
    while (list) {
        struct kafka_input *next = list->next;
        free_input(list);
        list = next;
    }
}

void kafka_assignment_free(struct kafka_worker *w)
{
    free_inputs(w->inputs);
    free_inputs(w->incoming);
    kafka_order_free(w);
    kafka_changelog_forget_ends(w);
}

struct kafka_input *kafka_assignment_find(struct kafka_worker *w, const rd_kafka_message_t *m)
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

// ---- changes ----

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

void kafka_assignment_update(struct kafka_worker *w)
{
    int count;
    pthread_mutex_lock(&w->b->lock);
    atomic_store(&w->pending, false);
    bool dealt = w->dealt;
    w->dealt = false;
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
    if (w->listener && dealt)
        w->listener->assigned(w->listener_arg, partitions, count);
    free(partitions);
    pthread_mutex_lock(&w->b->lock);
    w->taking = w->dealt;
    bool revoking = w->revoking;
    pthread_mutex_unlock(&w->b->lock);
    if (revoking)
        let_go(w);
    w->stopped |= w->aborting;
}

bool kafka_assignment_taking(struct broker_kafka *b)
{
    bool taking = false;
    pthread_mutex_lock(&b->lock);
    for (int i = 0; i < b->worker_count; i++)
        taking |= b->workers[i].taking;
    pthread_mutex_unlock(&b->lock);
    return taking;
}

void kafka_assignment_tell(struct kafka_worker *w)
{
    int count;
    pthread_mutex_lock(&w->b->lock);
    struct broker_partition *partitions = describe(w->inputs, false, &count);
    pthread_mutex_unlock(&w->b->lock);
    if (w->listener && count)
        w->listener->assigned(w->listener_arg, partitions, count);
    free(partitions);
}
