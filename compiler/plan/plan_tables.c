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

static bool joins_tables(const struct stage *stage)
{
    return plan_is_join(stage, JOIN_TABLES) || plan_is_join(stage, JOIN_FOREIGN) || stage->kind == STAGE_SUBSCRIBE;
}

bool plan_is_joined(const struct planner *p, const struct stage *stage)
{
    for (int i = 0; i < stage->outputs.count; i++) {
        const struct stage *next = stage->outputs.items[i];
        bool passes = stage_makes_rows_of_input(next);
        if (p->runs[next->id] && (joins_tables(next) || (passes && plan_is_joined(p, next))))
            return true;
    }
    return false;
}

// ---- what is read ----

void plan_read_through(struct planner *p, const struct var *var, const struct var *of)
{
    const struct uses *read = p->pruner->of_var[var->id];
    if (read && type_is_optional(var->type) && !type_is_optional(of->type))
        read = uses_part(read, 0);
    pruner_want(p->pruner, of, read ? read : &uses_only);
}

static void want_if_read(struct planner *p, const struct var *var, const struct var *of)
{
    if (var && p->pruner->of_var[var->id])
        pruner_want(p->pruner, of, p->pruner->of_var[var->id]);
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
    want_if_read(p, join->out.key, answers->out.key);
    want_if_read(p, join->out.window, answers->out.window);
}

void plan_use_subscribe(struct planner *p, const struct stage *subscribe)
{
    pruner_want(p->pruner, subscribe->inputs.items[1]->out.value, &uses_whole);
}
