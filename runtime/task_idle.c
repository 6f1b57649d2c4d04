#include "task_idle.h"

#include <stdlib.h>

#include "memory.h"
#include "partition_counts.h"
#include "store_held.h"
#include "store.h"
#include "task_timer.h"

// ---- how long ----

static bool writes(const struct weir_program *p, int subtopology, const char *topic)
{
    for (int i = 0; i < p->sink_count; i++) {
        if (p->sinks[i].internal && p->sinks[i].subtopology == subtopology && strcmp(p->sinks[i].topic, topic) == 0)
            return true;
    }
    return false;
}

// Marks the sub-topologies that send to SOURCE, a repartition topic's far side. True: one that was not marked.
static bool mark_writers(const struct weir_program *p, const struct weir_source *source, bool *marked)
{
    bool any = false;
    for (int i = 0; i < p->source_count; i++) {
        int writer = p->sources[i].subtopology;
        if (!marked[writer] && writes(p, writer, source->topics[0]))
            any = marked[writer] = true;
    }
    return any;
}

// The longest of all sources that SUBTOPOLOGY's records may come from, through repartition topics too; 0: none says anything of it.
static int64_t idle_of(const struct weir_program *p, int subtopology)
{
    int64_t longest = 0;
    bool *marked = memory_new((size_t)partition_subtopologies(p) * sizeof *marked), more = true;
    marked[subtopology] = true;
    while (more) {
        more = false;
        for (int i = 0; i < p->source_count; i++)
            more |=
                p->sources[i].internal && marked[p->sources[i].subtopology] && mark_writers(p, &p->sources[i], marked);
    }
    for (int i = 0; i < p->source_count; i++) {
        const struct weir_source *source = &p->sources[i];
        if (marked[source->subtopology] && source->idle > longest)
            longest = source->idle;
    }
    free(marked);
    return longest;
}

void task_idle_init(struct task *t)
{
    t->idle = idle_of(t->worker->program, t->subtopology);
    t->heard = t->idle == 0;
}

// ---- stream time goes on ----

static void move(struct task *t, int64_t now)
{
    int64_t ms = now - t->moved;
    for (int i = 0; i < t->worker->program->store_count; i++) {
        if (t->stores[i])
            store_move_time(t->stores[i], ms);
    }
    if (t->stream_time >= 0)
        t->stream_time = weir_time_after(t->stream_time, ms);
    t->moved = now;
    t->worker->dirty = true;
}

void task_idle_end(struct task *t)
{
    t->heard = true;
    if (t->silent && t->looked > t->moved)
        move(t, t->looked);
    t->silent = false;
}

static bool is_due(const struct task *t, int64_t ms)
{
    for (int i = 0; i < t->worker->program->store_count; i++) {
        const struct store *s = t->stores[i];
        if (s && s->due && held_is_due(s, ms))
            return true;
    }
    return task_timer_is_due(t, ms);
}

static bool release(struct task *t)
{
    for (int i = 0; i < t->worker->program->store_count; i++) {
        struct store *s = t->stores[i];
        if (s && s->due && !held_release(s))
            return false;
    }
    return task_timer_fire(t);
}

// What waits somewhere, or may wait at a broker that is away, is no silence.
static bool is_quiet(const struct task *t)
{
    const struct worker *k = t->worker;
    const struct broker_ops *ops = k->broker->ops;
    return !t->heard && t->moved && (!ops->at_end || ops->at_end(k->broker, k->id, t->subtopology, t->partition));
}

static bool look(struct task *t, int64_t now)
{
    bool quiet = is_quiet(t);
    t->heard = false;
    t->looked = now;
    if (!quiet) {
        t->last = t->moved = now;
        t->silent = false;
        return true;
    }
    t->silent = now - t->last >= t->idle;
    if (!t->silent || !is_due(t, now - t->moved))
        return true;
    move(t, now);
    return release(t);
}

bool task_idle_look(struct worker *k)
{
    bool good = true;
    for (struct task *t = NULL; good && (t = task_next(&k->tasks, t));)
        good = t->idle == 0 || look(t, worker_now(k));
    return good;
}
