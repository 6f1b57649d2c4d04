// Joins of a stream: with another, and with a table.
#include "plan/plan_build.h"

bool plan_join_is_root(const struct stage *stage)
{
    return stage->kind == STAGE_JOIN && (stage->join->form == JOIN_STREAMS || stage->join->wait > 0);
}

bool plan_join_keeps_time(const struct stage *stage)
{
    return plan_is_join(stage, JOIN_STREAMS) && stage->join->kind != AST_JOIN_INNER;
}

struct plan_store *plan_join_store(const struct plan *plan, const struct stage *join, enum plan_store_kind kind,
                                   bool left)
{
    for (int i = 0; i < plan->stores.count; i++) {
        struct plan_store *s = plan->stores.items[i];
        if (s->stage == join && s->kind == kind && s->left == left)
            return s;
    }
    return NULL;
}

// ---- stores and functions ----

static void add_store(struct planner *p, struct stage *stage, enum plan_store_kind kind, bool left, const char *name)
{
    if (!name)
        return;
    struct plan_store *store = plan_new_store(p, stage, kind, name);
    store->left = left;
    store->value = serde_plain(&p->checker, left ? stage->join->left_value : stage->join->right_value);
}

static void add_root(struct planner *p, struct stage *stage)
{
    struct join_stores names = topology_join_stores(p->arena, stage->join);
    add_store(p, stage, PLAN_SIDE, true, names.left);
    add_store(p, stage, PLAN_SIDE, false, names.right);
    add_store(p, stage, PLAN_PARKED, true, names.parked);
    add_store(p, stage, PLAN_WAITING, true, names.waiting);
    if (stage->join->form == JOIN_STREAMS)
        p->key_origin[stage->out.key->id].change = true;
    plan_add_root(p, stage, stage->join->name);
}

void plan_add_join(struct planner *p, struct stage *stage)
{
    if (plan_join_is_root(stage)) {
        add_root(p, stage);
    } else if (stage->join->form == JOIN_LOOKUP && !stage->join->on) {
        const struct shape *left = &stage->inputs.items[0]->out, *right = &stage->inputs.items[1]->out;
        p->raw_lookup[stage->id] = plan_same_bytes(&p->key_origin[left->key->id], right->key_serde);
    }
}

// ---- what is read ----

static bool is_read(const struct planner *p, const struct var *var)
{
    return p->pruner->of_var[var->id] && p->pruner->of_var[var->id]->used;
}

static void read_kept(struct planner *p, const struct stage *stage, int i)
{
    const struct plan_store *store =
        plan_join_store(p->plan, stage, stage->join->form == JOIN_STREAMS ? PLAN_SIDE : PLAN_WAITING, i == 0);
    const struct shape *in = &stage->inputs.items[i]->out;
    if (!p->live[stage->inputs.items[i]->id])
        return;
    pruner_want(p->pruner, in->value, &uses_whole);
    if (!store->raw_keys.items[i])
        pruner_want(p->pruner, in->key, &uses_whole);
}

static void use_lookup(struct planner *p, struct stage *stage)
{
    struct join *join = stage->join;
    const struct stage *left = stage->inputs.items[0], *right = stage->inputs.items[1];
    if (join->on)
        join->on = pruner_prune(p->pruner, join->on, &uses_whole);
    else if (join->wait == 0 && !p->raw_lookup[stage->id])
        pruner_want(p->pruner, left->out.key, &uses_whole);
    if (p->live[right->id])
        plan_read_through(p, join->right, right->out.value);
    if (type_is_optional(left->out.value->type)) // a null is dropped
        pruner_want(p->pruner, left->out.value, &uses_only);
}

// What the function of the join is handed: what is read behind it.
static void find_params(struct planner *p, struct stage *stage)
{
    struct plan_function *f = p->root_of[stage->id];
    if (is_read(p, stage->out.value))
        vec_push(p->arena, &f->params, stage->out.value);
    if (stage->join->form == JOIN_STREAMS && is_read(p, stage->join->right))
        vec_push(p->arena, &f->params, stage->join->right);
}

void plan_use_join(struct planner *p, struct stage *stage)
{
    if (plan_join_is_root(stage))
        find_params(p, stage);
    if (stage->join->form == JOIN_LOOKUP)
        use_lookup(p, stage);
    if (plan_join_is_root(stage))
        read_kept(p, stage, 0);
    if (stage->join->form == JOIN_STREAMS)
        read_kept(p, stage, 1);
}
