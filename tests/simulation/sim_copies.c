// Copies of other instances' tasks, kept by hand: in the place of the thread of standby.c (the linker's --wrap) the schedule takes its steps.
#include <stdlib.h>

#include "instance.h"
#include "memory.h"
#include "sim.h"
#include "standby.h"

static size_t find_held(const struct instance *in, struct broker_task task)
{
    size_t i = 0;
    while (i < in->held_count &&
           !(in->held[i].subtopology == task.subtopology && in->held[i].partition == task.partition))
        i++;
    return i;
}

void __wrap_standby_hand_over(struct standby *s, int subtopology, int32_t partition);
void __wrap_standby_hand_over(struct standby *s, int subtopology, int32_t partition)
{
    struct instance *in = (struct instance *)(void *)s;
    struct broker_task task = {subtopology, partition};
    if (!in)
        return;
    in->handing_over = true;
    size_t at = copies_find(&in->copies, task);
    if (at < in->copies.count)
        copies_close(&in->copies, at);
    in->held = memory_grow(in->held, in->held_count, sizeof *in->held);
    in->held[in->held_count++] = task;
    in->handing_over = false;
}

void __wrap_standby_take_back(struct standby *s, int subtopology, int32_t partition);
void __wrap_standby_take_back(struct standby *s, int subtopology, int32_t partition)
{
    struct instance *in = (struct instance *)(void *)s;
    size_t at = in ? find_held(in, (struct broker_task){subtopology, partition}) : 0;
    if (in && at < in->held_count)
        in->held[at] = in->held[--in->held_count];
}

void sim_copies_start(struct instance *in)
{
    copies_init(&in->copies, in->program, &in->own, &in->broker->base, in->disks);
    in->k.standby = (struct standby *)(void *)in;
    in->handing_over = false;
}

void sim_copies_stop(struct instance *in, bool save)
{
    if (!save)
        in->copies.k.exit = RUNTIME_FAILED;
    copies_close_all(&in->copies);
    copies_free(&in->copies);
    in->copies = (struct copies){0};
    free(in->held);
    in->held = NULL;
    in->held_count = 0;
}

static struct broker_task choose_task(const struct instance *in)
{
    int source = (int)sim_below((uint32_t)in->program->source_count);
    return (struct broker_task){in->program->sources[source].subtopology,
                                (int32_t)sim_below((uint32_t)cluster.partitions)};
}

void sim_copies_step(struct instance *in)
{
    struct copies *c = &in->copies;
    struct broker_task task = choose_task(in);
    size_t at = copies_find(c, task);
    if (in->handing_over)
        return;
    if (at < c->count && sim_chance(20))
        copies_close(c, at);
    else if (at == c->count && find_held(in, task) == in->held_count)
        copies_open(c, task);
    copies_read(c);
    sim_trace("instance %d: keeps %d copies", in->id, (int)c->count);
    if (c->k.exit == RUNTIME_DONE)
        return;
    copies_close_all(c);
    weir_ctx_reset(&c->k.w);
    c->k.exit = RUNTIME_DONE;
}
