// Joins of tables, by their keys and by foreign keys: what their sides must bring along, and what is read of them.
#include "plan/plan_build.h"

bool plan_is_join(const struct stage *stage, enum join_form form)
{
    return stage->kind == STAGE_JOIN && stage->join->form == form;
}

// As Kafka Streams has it: of a side that a result may be without, it is told apart whether there was a row at all.
bool plan_join_looks_at_old(const struct planner *p, const struct stage *from, const struct stage *join)
{
    if (!plan_is_join(join, JOIN_TABLES))
        return false;
    bool left = from == join->inputs.items[0];
    return p->wants_old[join->id] || join->join->kind == AST_JOIN_OUTER || (left && join->join->kind == AST_JOIN_LEFT);
}

// A foreign-key join has no values before, what is held back has.
static bool has_old(const struct stage *stage)
{
    while (stage->kind == STAGE_FILTER || stage->kind == STAGE_MAP || stage->kind == STAGE_LET)
        stage = stage->inputs.items[0];
    return stage->kind != STAGE_JOIN;
}

bool plan_keeps(const struct planner *p, const struct stage *keep)
{
    return p->viewed[keep->id] || (p->wants_old[keep->id] && !has_old(keep->inputs.items[0]));
}

// ---- what is read ----

void plan_read_through(struct planner *p, const struct var *var, const struct var *of)
{
    const struct uses *read = p->pruner->of_var[var->id];
    if (read && type_is_optional(var->type) && !type_is_optional(of->type))
        read = uses_part(read, 0);
    pruner_want(p->pruner, of, read ? read : &uses_only);
}

static void want_key_through(struct planner *p, const struct shape *out, const struct shape *in)
{
    if (p->pruner->of_var[out->key->id])
        pruner_want(p->pruner, in->key, &uses_whole);
}

void plan_use_join_tables(struct planner *p, const struct stage *join)
{
    plan_read_through(p, join->out.value, join->inputs.items[0]->out.value);
    plan_read_through(p, join->join->right, join->inputs.items[1]->out.value);
}

// The left side is written as a whole: it says whether an answer is to what it is still.
void plan_use_join_foreign(struct planner *p, const struct stage *join)
{
    const struct stage *answers = join->inputs.items[0], *left = join->inputs.items[1];
    pruner_want(p->pruner, left->out.value, &uses_whole);
    plan_read_through(p, join->join->right, answers->out.value);
    want_key_through(p, &join->out, &answers->out);
}

void plan_use_subscribe(struct planner *p, const struct stage *subscribe)
{
    pruner_want(p->pruner, subscribe->inputs.items[1]->out.value, &uses_whole);
}

// Of one that keeps nothing.
void plan_use_keep(struct planner *p, const struct stage *keep)
{
    const struct shape *in = &keep->inputs.items[0]->out;
    if (keep->out.value != in->value && p->pruner->of_var[keep->out.value->id])
        plan_read_through(p, keep->out.value, in->value);
    if (keep->out.key != in->key)
        want_key_through(p, &keep->out, in);
}
