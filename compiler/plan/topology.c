#include "plan/topology.h"

#include <string.h>

struct builder {
    struct arena *arena;
    struct program *program;
    struct topology *topology;
    int *group; // by stage id: another stage of the same sub-topology with a smaller id, or itself
};

// ---- sub-topologies: what is connected without passing through a topic ----

static int find(struct builder *b, int id)
{
    while (b->group[id] != id)
        id = b->group[id] = b->group[b->group[id]];
    return id;
}

static void connect(struct builder *b, int one, int other)
{
    int a = find(b, one), c = find(b, other);
    b->group[a < c ? c : a] = a < c ? a : c;
}

static bool share_topic(const struct flow_source *a, const struct flow_source *b)
{
    for (int i = 0; i < a->topics.count; i++)
        for (int k = 0; k < b->topics.count; k++)
            if (a->topics.items[i].pattern == b->topics.items[k].pattern &&
                strcmp(a->topics.items[i].text, b->topics.items[k].text) == 0)
                return true;
    return false;
}

// A partition is read by one task, whichever sources take its records.
static void connect_readers(struct builder *b)
{
    VEC(const struct stage *) sources = {0};
    for (int i = 0; i < b->program->stages.count; i++)
        if (b->program->stages.items[i]->kind == STAGE_SOURCE)
            vec_push(b->arena, &sources, b->program->stages.items[i]);
    for (int i = 0; i < sources.count; i++)
        for (int k = 0; k < i; k++)
            if (share_topic(sources.items[i]->source, sources.items[k]->source))
                connect(b, sources.items[i]->id, sources.items[k]->id);
}

// A repartition's stage stands for the place where its records come in again. A global table is in every task.
static void connect_stages(struct builder *b)
{
    for (int i = 0; i < b->program->stages.count; i++) {
        const struct stage *stage = b->program->stages.items[i];
        for (int k = 0; stage->kind != STAGE_REPARTITION && k < stage->inputs.count; k++)
            if (!stage_is_global(stage->inputs.items[k]))
                connect(b, i, stage->inputs.items[k]->id);
    }
}

static bool has_store(const struct process *process, const struct block_store *store)
{
    for (int i = 0; i < process->stores.count; i++)
        if (process->stores.items[i] == store)
            return true;
    return false;
}

// A shared store is in the task of all blocks that have it.
static void connect_sharing(struct builder *b)
{
    VEC(const struct stage *) blocks = {0};
    for (int i = 0; i < b->program->stages.count; i++) {
        const struct stage *stage = b->program->stages.items[i];
        for (int k = 0; stage->process && k < stage->process->stores.count; k++)
            for (int m = 0; stage->process->stores.items[k]->shared && m < blocks.count; m++)
                if (has_store(blocks.items[m]->process, stage->process->stores.items[k]))
                    connect(b, i, blocks.items[m]->id);
        if (stage->process)
            vec_push(b->arena, &blocks, stage);
    }
}

static void number_subtopologies(struct builder *b)
{
    int count = b->program->stages.count;
    int *number = arena_alloc(b->arena, sizeof *number * ((size_t)count + 1));
    int *of = arena_alloc(b->arena, sizeof *of * ((size_t)count + 1));
    for (int i = 0; i < count; i++) {
        int root = find(b, i);
        if (root == i) {
            struct subtopology sub = {.id = b->topology->subtopologies.count};
            number[i] = sub.id;
            vec_push(b->arena, &b->topology->subtopologies, sub);
        }
        of[i] = number[root];
        vec_push(b->arena, &b->topology->subtopologies.items[of[i]].stages, b->program->stages.items[i]);
    }
    b->topology->subtopology_of = of;
}

struct topology *topology_build(struct arena *arena, struct program *program, struct diag_bag *bag)
{
    struct builder b = {.arena = arena, .program = program, .topology = arena_new_of(arena, struct topology)};
    b.topology->program = program;
    b.topology->sources = bag->sources;
    b.group = arena_alloc(arena, sizeof *b.group * ((size_t)program->stages.count + 1));
    for (int i = 0; i < program->stages.count; i++)
        b.group[i] = i;
    topology_name(arena, program);
    connect_readers(&b);
    connect_stages(&b);
    connect_sharing(&b);
    number_subtopologies(&b);
    return b.topology;
}
