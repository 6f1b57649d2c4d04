#include <stdlib.h>

#include "memory.h"
#include "partition_counts.h"
#include "standby.h"
#include "store.h"
#include "task_failure.h"
#include "task_idle.h"
#include "task_kept.h"
#include "task_restore.h"
#include "task_timer.h"
#include "worker.h"

static void make_room(struct worker *k, int32_t partition)
{
    struct task_table *t = &k->tasks, grown = {.subtopologies = partition_subtopologies(k->program), .partitions = 8};
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

static struct task **slot(struct worker *k, int subtopology, int32_t partition)
{
    if (WEIR_UNLIKELY(partition >= k->tasks.partitions))
        make_room(k, partition);
    return &k->tasks.tasks[subtopology * k->tasks.partitions + partition];
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
    free(t->ends);
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

void task_take_up(struct task *t)
{
    struct worker *k = t->worker;
    struct broker *b = k->broker;
    free(t->ends);
    t->ends = NULL;
    *slot(k, t->subtopology, t->partition) = t;
    task_timer_start(t);
    if (b->ops->ready)
        b->ops->ready(b, k->id, task_id(t));
}

static bool is_among(struct task **tasks, size_t count, struct broker_task task)
{
    size_t i = 0;
    while (i < count && !broker_same_task(task_id(tasks[i]), task))
        i++;
    return i < count;
}

static void restore(struct worker *k, struct task **tasks, size_t count)
{
    if (count)
        task_restore_begin(k, tasks, count);
    if (!k->broker->ops->ready) // nobody waits for it
        task_restore_all(k);
}

void task_make(struct worker *k, struct broker_task task)
{
    struct task *made = task_new(k, task.subtopology, task.partition);
    restore(k, &made, 1);
}

struct coming {
    struct task **made, **kept;
    size_t made_count, kept_count;
};

static void come(struct worker *k, struct coming *c, struct broker_task task)
{
    if (is_among(c->made, c->made_count, task) || is_among(c->kept, c->kept_count, task) || task_restore_has(k, task) ||
        task_failure_holds(k, task))
        return;
    struct task *kept = task_kept_take(k, task);
    if (kept)
        c->kept[c->kept_count++] = kept;
    else
        c->made[c->made_count++] = task_new(k, task.subtopology, task.partition);
}

void task_make_all(struct worker *k, const struct broker_partition *partitions, int count)
{
    const struct broker_ops *ops = k->broker->ops;
    size_t room = (size_t)count * sizeof(struct task *) + 1;
    struct coming coming = {.made = memory_new(room), .kept = memory_new(room)};
    for (int i = 0; i < count; i++) {
        const struct broker_partition *p = &partitions[i];
        struct broker_task task = {k->program->sources[p->source].subtopology, p->partition};
        if (!*slot(k, task.subtopology, task.partition))
            come(k, &coming, task);
        else if (ops->ready)
            ops->ready(k->broker, k->id, task);
    }
    restore(k, coming.kept, coming.kept_count); // first, and not waiting for the disks of the others
    restore(k, coming.made, coming.made_count);
    task_kept_drop_all(k, true);
    free(coming.made);
    free(coming.kept);
}

struct task *task_find(struct worker *k, int source, int32_t partition)
{
    struct task *t = task_known(k, source, partition);
    if (WEIR_LIKELY(t != NULL))
        return t;
    task_make_all(k, &(struct broker_partition){.source = source, .partition = partition}, 1);
    return task_known(k, source, partition);
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
    task_restore_swap(k);
    task_kept_swap(k);
}

void task_remove(struct worker *k, int source, int32_t partition)
{
    int subtopology = k->program->sources[source].subtopology;
    struct task **at = slot(k, subtopology, partition), *t = *at;
    task_restore_drop(k, (struct broker_task){subtopology, partition});
    task_failure_drop(k, (struct broker_task){subtopology, partition});
    if (!t)
        return;
    if (k->exit == RUNTIME_DONE)
        store_note_ends(t);
    *at = NULL;
    task_kept_add(k, t);
}

void task_free_all(struct task_table *t)
{
    for (int i = 0; i < t->subtopologies * t->partitions; i++)
        task_free(t->tasks[i]);
    free(t->tasks);
    *t = (struct task_table){0};
}
