#include <stdlib.h>

#include "memory.h"
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

struct task *task_find(struct worker *k, int source, int32_t partition)
{
    struct task **t = slot(k, source, partition);
    if (WEIR_UNLIKELY(!*t)) {
        *t = memory_new(sizeof **t);
        **t = (struct task){k, k->program->sources[source].subtopology, partition, -1};
    }
    return *t;
}

void task_remove(struct worker *k, int source, int32_t partition)
{
    struct task **t = slot(k, source, partition);
    free(*t);
    *t = NULL;
}

void task_free_all(struct task_table *t)
{
    for (int i = 0; i < t->subtopologies * t->partitions; i++)
        free(t->tasks[i]);
    free(t->tasks);
    *t = (struct task_table){0};
}
