#include <stdlib.h>

#include "memory.h"
#include "standby.h"
#include "store.h"
#include "task_idle.h"
#include "task_restore.h"
#include "task_timer.h"
#include "worker.h"

static int subtopology_count(const struct weir_program *program)
{
    int count = 0;
    for (int i = 0; i < program->source_count; i++) {
        if (program->sources[i].subtopology >= count)
            count = program->sources[i].subtopology + 1;
    }
    return count;
}

static void make_room(struct worker *k, int32_t partition)
{
    struct task_table *t = &k->tasks, grown = {.subtopologies = subtopology_count(k->program), .partitions = 8};
    while (grown.partitions <= partition)
        grown.partitions *= 2;
    grown.tasks = memory_new((size_t)grown.subtopologies * (size_t)grown.partitions * sizeof *grown.tasks);
    for (int s = 0; s < t->subtopologies; s++) {
        for (int32_t p = 0; p < t->partitions; p++)
            grown.tasks[s * grown.partitions + p] = t->tasks[s * t->partitions + p];
    }
    free(t->tasks);
    *t = grown;
}

static struct task **slot(struct worker *k, int source, int32_t partition)
{
    if (WEIR_UNLIKELY(partition >= k->tasks.partitions))
        make_room(k, partition);
    return &k->tasks.tasks[k->program->sources[source].subtopology * k->tasks.partitions + partition];
}

struct task *task_known(const struct worker *k, int source, int32_t partition)
{
    const struct task_table *t = &k->tasks;
    return partition < t->partitions ? t->tasks[k->program->sources[source].subtopology * t->partitions + partition]
                                     : NULL;
}

void task_free(struct task *t)
{
    if (!t)
        return;
    for (int i = 0; i < t->worker->program->store_count; i++)
        store_free(t->stores[i]);
    if (t->disk)
        disk_free(t->disk);
    standby_take_back(t->worker->standby, t->subtopology, t->partition);
    free(t->stores);
    free(t->timers);
    free(t);
}

struct task *task_new(struct worker *k, int subtopology, int32_t partition)
{
    struct task *t = memory_new(sizeof *t);
    int count = k->program->store_count;
    *t = (struct task){.worker = k,
                       .subtopology = subtopology,
                       .partition = partition,
                       .stream_time = -1,
                       .stores = memory_new((size_t)count * sizeof(struct store *))};
    task_idle_init(t);
    for (int i = 0; i < count; i++) {
        if (k->program->stores[i].subtopology == subtopology)
            t->stores[i] = store_new(t, i);
    }
    return t;
}

static void make_all(struct worker *k, const struct broker_partition *partitions, int count)
{
    struct task **made = memory_new((size_t)count * sizeof(struct task *));
    size_t n = 0;
    for (int i = 0; i < count; i++) {
        const struct broker_partition *p = &partitions[i];
        struct task **t = slot(k, p->source, p->partition);
        if (!*t)
            *t = made[n++] = task_new(k, k->program->sources[p->source].subtopology, p->partition);
    }
    if (n)
        task_restore(k, made, n);
    for (size_t i = 0; i < n; i++) {
        if (made[i]->restored)
            task_timer_start(made[i]);
    }
    free(made);
}

void task_make_all(struct worker *k, const struct broker_partition *partitions, int count)
{
    make_all(k, partitions, count);
    for (int i = 0; i < count; i++) {
        struct task **t = slot(k, partitions[i].source, partitions[i].partition);
        if (*t && !(*t)->restored) {
            task_free(*t);
            *t = NULL;
        }
    }
}

struct task *task_find(struct worker *k, int source, int32_t partition)
{
    struct task **t = slot(k, source, partition);
    if (WEIR_UNLIKELY(!*t))
        task_make_all(k, &(struct broker_partition){.source = source, .partition = partition}, 1);
    return *t;
}

struct task *task_next(const struct task_table *t, const struct task *before)
{
    int i = before ? before->subtopology * t->partitions + before->partition + 1 : 0;
    while (i < t->subtopologies * t->partitions && !t->tasks[i])
        i++;
    return i < t->subtopologies * t->partitions ? t->tasks[i] : NULL;
}

void task_swap(struct task *t)
{
    const struct weir_program *program = t->worker->program;
    for (int i = 0; i < program->store_count; i++) {
        if (t->stores[i])
            store_swap(t->stores[i]);
    }
    if (t->disk)
        disk_swap(t->disk, program);
}

void task_swap_all(struct worker *k)
{
    for (struct task *t = NULL; (t = task_next(&k->tasks, t));)
        task_swap(t);
}

void task_remove(struct worker *k, int source, int32_t partition)
{
    struct task **t = slot(k, source, partition);
    if (*t && k->exit == RUNTIME_DONE)
        store_save_task(*t, SAVE_CLOSING);
    task_free(*t);
    *t = NULL;
}

void task_free_all(struct task_table *t)
{
    for (int i = 0; i < t->subtopologies * t->partitions; i++)
        task_free(t->tasks[i]);
    free(t->tasks);
    *t = (struct task_table){0};
}
