#include "figures.h"

#include "store.h"

static void add_store(const struct store *s, int64_t *rows, int64_t *memory)
{
    for (size_t i = 0; i < s->segments.count; i++) {
        const struct segment *g = s->segments.all[i];
        *rows += (int64_t)g->table.count;
        *memory += (int64_t)g->slab.own;
    }
}

static void take_store(struct worker *k, int store)
{
    struct store_counters *c = &k->counters->stores[store];
    int64_t rows = 0, memory = 0;
    for (struct task *t = NULL; (t = task_next(&k->tasks, t));) {
        if (t->stores[store])
            add_store(t->stores[store], &rows, &memory);
    }
    stats_set(&c->rows, rows);
    stats_set(&c->memory, memory);
}

void figures_take(struct worker *k)
{
    enum { EVERY_MS = 1000 };
    int64_t now = commit_clock(), tasks = 0;
    if (now - k->figures_at < EVERY_MS)
        return;
    k->figures_at = now;
    for (int i = 0; i < k->program->store_count; i++)
        take_store(k, i);
    for (struct task *t = NULL; (t = task_next(&k->tasks, t));)
        tasks++;
    stats_set(&k->counters->tasks, tasks);
    stats_set(&k->counters->memory, (int64_t)k->memory);
    stats_set(&k->counters->cached, (int64_t)k->cached);
}
