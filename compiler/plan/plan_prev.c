// `prev`: its stores, and what is read for them.
#include "plan/plan_build.h"

void plan_add_prev(struct planner *p, struct stage *stage)
{
    struct plan_store *store = plan_bare_store(p, stage, PLAN_ROWS, stage->materialized->name);
    store->key = stage->materialized->key;
    store->value = stage->materialized->value;
    store->memory = stage->materialized->store == AST_STORE_MEMORY;
    vec_push(p->arena, &store->raw_keys, plan_same_bytes(&p->key_origin[stage->out.key->id], store->key));
    p->store_of[stage->id] = store;
}

void plan_use_prev(struct planner *p, struct stage *stage)
{
    const struct uses *read = p->pruner->of_var[stage->var->id];
    if (!read || !read->used)
        return;
    stage->expr = pruner_prune(p->pruner, stage->expr, &uses_whole);
    if (!p->store_of[stage->id]->raw_keys.items[0])
        pruner_want(p->pruner, stage->out.key, &uses_whole);
}
