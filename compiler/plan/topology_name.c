// Names of internal topics and stores: those of the program's flows, and the key, so that stages added elsewhere change none.
#include <string.h>

#include "plan/name_slug.h"
#include "plan/topology.h"

struct naming {
    struct arena *arena;
    VEC(const char *) taken;
};

static bool is_taken(const struct naming *n, const char *name)
{
    for (int i = 0; i < n->taken.count; i++)
        if (strcmp(n->taken.items[i], name) == 0)
            return true;
    return false;
}

static const char *take(struct naming *n, const char *base, const char *ending)
{
    const char *name = arena_printf(n->arena, "%s%s", base, ending);
    for (int i = 2; is_taken(n, name); i++)
        name = arena_printf(n->arena, "%s-%d%s", base, i, ending);
    vec_push(n->arena, &n->taken, name);
    return name;
}

// What the key of the records behind S is made of, where the stages up to S say so.
static const struct texpr *key_behind(const struct stage *s)
{
    const struct var *key = s->out.key;
    for (; s->out.key == key; s = s->inputs.items[0]) {
        if (s->kind == STAGE_KEY_BY)
            return s->expr;
        if (s->kind == STAGE_REPARTITION)
            return s->repartition->by ? s->repartition->by : key_behind(s->inputs.items[0]);
        if (s->kind == STAGE_MERGE || s->inputs.count == 0)
            break;
    }
    return NULL;
}

static const char *by_key(struct naming *n, const struct stage *stage, const struct texpr *key, const char *otherwise)
{
    const char *slug = key ? name_slug(n->arena, key) : otherwise;
    return *slug ? arena_printf(n->arena, "%s-by-%s", stage->within, slug) : stage->within;
}

// The join that takes the answers to what STAGE sends.
static const struct stage *join_behind(const struct stage *stage)
{
    while (stage->kind != STAGE_JOIN)
        stage = stage->outputs.items[0];
    return stage;
}

static const char *topic_name(struct naming *n, const struct stage *stage)
{
    switch (stage->repartition->form) {
    case REPARTITION_SUBSCRIPTIONS: return take(n, join_behind(stage)->join->name, "-subscriptions-repartition");
    case REPARTITION_ANSWERS: return take(n, join_behind(stage)->join->name, "-answers-repartition");
    default: break;
    }
    if (stage->repartition->null_keys)
        return take(n, by_key(n, stage, key_behind(stage), ""), "-nullable-repartition");
    return take(n, stage->flow ? stage->flow : by_key(n, stage, key_behind(stage), ""), "-repartition");
}

// ---- stores ----

// The flow that STAGE leads to the end of with nothing kept in between; END: that end.
static const char *named_flow(const struct stage *stage, const struct stage **end)
{
    while (!stage->flow && stage->outputs.count == 1 && strcmp(stage->within, stage->outputs.items[0]->within) == 0) {
        stage = stage->outputs.items[0];
        if (stage->aggregate || stage->repartition || stage->materialized || stage->inputs.count > 1)
            return NULL;
    }
    *end = stage;
    return stage->flow;
}

const char *topology_named_table(const struct stage *stage)
{
    const struct stage *end;
    const char *flow = named_flow(stage, &end);
    return flow && end->out.kind == FLOW_TABLE ? flow : NULL;
}

const char *topology_store_name(const struct stage *stage)
{
    if (stage->kind == STAGE_SUBSCRIBE)
        return join_behind(stage)->join->name;
    return stage->aggregate      ? stage->aggregate->name
           : stage->materialized ? stage->materialized->name
           : stage->suppress     ? stage->suppress->name
                                 : NULL;
}

static const char *held_back(const struct stage *suppress)
{
    const struct stage *stage = suppress->inputs.items[0];
    while (!topology_store_name(stage) && !stage->join)
        stage = stage->inputs.items[0];
    return stage->join ? stage->join->name : topology_store_name(stage);
}

// Of a block: what it is written in, the block and the store; a shared one has its own name.
static void name_block_stores(struct naming *n, const struct stage *stage)
{
    for (int i = 0; i < stage->process->stores.count; i++) {
        struct block_store *store = stage->process->stores.items[i];
        const char *name = store->shared
                               ? store->name
                               : arena_printf(n->arena, "%s-%s-%s", stage->within, stage->process->name, store->name);
        if (!store->topic_name)
            store->topic_name = take(n, name, "");
    }
}

// "readings-prev-level"
static const char *prev_name(struct naming *n, const struct stage *stage)
{
    const char *slug = name_slug(n->arena, stage->expr);
    return arena_printf(n->arena, "%s-prev%s%s", stage->within, *slug ? "-" : "", slug);
}

static void name_store(struct naming *n, struct stage *stage)
{
    const struct stage *end;
    const char *flow = named_flow(stage, &end);
    if (stage->aggregate)
        stage->aggregate->name = take(n, flow ? flow : by_key(n, stage, key_behind(stage->inputs.items[0]), "key"), "");
    else if (stage->process)
        name_block_stores(n, stage);
    else if (stage->kind == STAGE_PREV)
        stage->materialized->name = take(n, prev_name(n, stage), "");
    else if (stage->kind == STAGE_KEEP)
        stage->materialized->name = take(n, stage->within, "-kept");
    else if (stage->materialized)
        stage->materialized->name = flow ? take(n, flow, "") : take(n, stage->within, "-table");
    else if (stage->suppress)
        stage->suppress->name = take(n, held_back(stage), "-suppress");
}

// By what it is in, and what it joins with: "paid-join-payments".
static void name_joins(struct naming *n, struct program *program)
{
    for (int i = 0; i < program->stages.count; i++) {
        const struct stage *stage = program->stages.items[i];
        if (stage->join)
            stage->join->name = take(n, arena_printf(n->arena, "%s-join-%s", stage->within, stage->join->flow), "");
    }
}

void topology_name(struct arena *arena, struct program *program)
{
    struct naming n = {.arena = arena};
    name_joins(&n, program);
    for (int i = 0; i < program->stages.count; i++) {
        struct stage *stage = program->stages.items[i];
        if (stage->kind == STAGE_REPARTITION)
            stage->repartition->topic = topic_name(&n, stage);
        else
            name_store(&n, stage);
    }
}
