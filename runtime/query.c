#include "query.h"

#include <stdlib.h>
#include <unistd.h>

#include "memory.h"

struct query_desk {
    pthread_mutex_t lock;
    int event_fd;
    struct query *answered;
    struct query_queue *queues;
    int count;
};

struct query_desk *query_desk_new(struct worker *workers, int count, int event_fd)
{
    struct query_desk *desk = memory_new(sizeof *desk);
    *desk = (struct query_desk){
        .event_fd = event_fd, .queues = memory_new((size_t)count * sizeof *desk->queues), .count = count};
    pthread_mutex_init(&desk->lock, NULL);
    for (int i = 0; i < count; i++) {
        desk->queues[i].desk = desk;
        workers[i].queries = &desk->queues[i];
    }
    return desk;
}

void query_desk_free(struct query_desk *desk)
{
    pthread_mutex_destroy(&desk->lock);
    free(desk->queues);
    free(desk);
}

static struct weir_str keep(struct weir_str s)
{
    return s.p ? (struct weir_str){memory_text(s.p, s.n), s.n} : s;
}

static void query_free(struct query *q)
{
    for (int i = 0; i < q->count; i++) {
        free(q->parts[i].why);
        free(q->parts[i].partitions);
        free(q->parts[i].text);
        free(q->parts[i].rows);
    }
    free((char *)q->question.key.p);
    free((char *)q->question.from.p);
    free((char *)q->question.to.p);
    free(q->parts);
    free(q);
}

// ---- the asker ----

struct query *query_ask(struct query_desk *desk, const struct question *question, void *asker, bool *done)
{
    struct query *q = memory_new(sizeof *q);
    *q = (struct query){.question = *question,
                        .parts = memory_new((size_t)desk->count * sizeof *q->parts),
                        .count = desk->count,
                        .asker = asker};
    q->question.key = keep(question->key);
    q->question.from = keep(question->from);
    q->question.to = keep(question->to);
    pthread_mutex_lock(&desk->lock);
    for (int i = 0; i < desk->count; i++) {
        struct query_queue *queue = &desk->queues[i];
        q->parts[i].query = q;
        if (!queue->open)
            continue;
        q->waiting++;
        q->parts[i].next = queue->first;
        queue->first = &q->parts[i];
        atomic_store(&queue->waits, true);
    }
    *done = q->waiting == 0;
    pthread_mutex_unlock(&desk->lock);
    return q;
}

struct query *query_next(struct query_desk *desk)
{
    pthread_mutex_lock(&desk->lock);
    struct query *q = desk->answered;
    if (q)
        desk->answered = q->next;
    pthread_mutex_unlock(&desk->lock);
    return q;
}

void query_release(struct query_desk *desk, struct query *q)
{
    pthread_mutex_lock(&desk->lock);
    bool is_answered = q->waiting == 0;
    struct query **link = &desk->answered;
    while (*link && *link != q)
        link = &(*link)->next;
    if (*link)
        *link = q->next;
    q->forgotten = true;
    pthread_mutex_unlock(&desk->lock);
    if (is_answered)
        query_free(q);
}

// ---- the worker ----

// With the lock.
static struct query_part *take_all(struct query_queue *queue)
{
    struct query_part *first = queue->first;
    queue->first = NULL;
    atomic_store(&queue->waits, false);
    return first;
}

static void answered(struct query_desk *desk, struct query *q)
{
    uint64_t one = 1;
    pthread_mutex_lock(&desk->lock);
    bool last = --q->waiting == 0, forgotten = q->forgotten;
    if (last && !forgotten) {
        q->next = desk->answered;
        desk->answered = q;
    }
    pthread_mutex_unlock(&desk->lock);
    if (last && forgotten)
        query_free(q);
    else if (last && write(desk->event_fd, &one, sizeof one) < 0)
        return; // it is as full as can be: the server will look
}

void query_open(struct query_queue *queue)
{
    pthread_mutex_lock(&queue->desk->lock);
    queue->open = true;
    pthread_mutex_unlock(&queue->desk->lock);
}

void query_close(struct query_queue *queue)
{
    pthread_mutex_lock(&queue->desk->lock);
    queue->open = false;
    struct query_part *part = take_all(queue), *next;
    pthread_mutex_unlock(&queue->desk->lock);
    for (; part; part = next) {
        next = part->next;
        answered(queue->desk, part->query);
    }
}

void query_serve(struct worker *k)
{
    struct query_queue *queue = k->queries;
    if (!query_waits(queue))
        return;
    pthread_mutex_lock(&queue->desk->lock);
    struct query_part *part = take_all(queue), *next;
    pthread_mutex_unlock(&queue->desk->lock);
    for (; part; part = next) {
        next = part->next;
        query_answer(k, &part->query->question, part);
        answered(queue->desk, part->query);
    }
}
