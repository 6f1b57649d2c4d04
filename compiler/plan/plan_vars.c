// The number of a program's variables: what the plan makes of its own comes behind them.
#include "plan/plan_build.h"
#include "types/texpr_walk.h"

static void count_var(int *count, const struct var *var)
{
    if (var && var->id >= *count)
        *count = var->id + 1;
}

static void count_expr(void *arg, const struct texpr *e)
{
    count_var(arg, e->var);
    for (int i = 0; i < e->vars.count; i++)
        count_var(arg, e->vars.items[i]);
    for (int i = 0; i < e->arms.count; i++)
        count_var(arg, e->arms.items[i].binding);
    texpr_each_part(e, count_expr, arg);
}

static void count_optional(int *count, const struct texpr *e)
{
    if (e)
        count_expr(count, e);
}

static void count_step(int *count, const struct aggregate_step *step)
{
    count_var(count, step->acc);
    count_var(count, step->other);
    count_optional(count, step->result);
}

static void count_aggregate(int *count, const struct aggregate *a)
{
    for (int i = 0; i < a->calls.count; i++) {
        const struct aggregate_call *call = &a->calls.items[i];
        count_var(count, call->result);
        count_optional(count, call->where);
        for (int k = 0; k < call->args.count; k++)
            count_expr(count, call->args.items[k]);
    }
    count_optional(count, a->value);
    count_optional(count, a->init);
    count_step(count, &a->add);
    count_step(count, &a->undo);
    count_step(count, &a->merge);
}

static void count_stage(int *count, const struct stage *stage)
{
    count_optional(count, stage->expr);
    if (stage->source)
        count_optional(count, stage->source->time);
    if (stage->repartition)
        count_optional(count, stage->repartition->by);
    if (stage->aggregate)
        count_aggregate(count, stage->aggregate);
    if (stage->join) {
        count_var(count, stage->join->right);
        count_optional(count, stage->join->on);
    }
    if (stage->sink) {
        count_optional(count, stage->sink->route);
        count_optional(count, stage->sink->time);
    }
    for (int i = 0; stage->sink && i < stage->sink->headers.count; i++)
        count_expr(count, stage->sink->headers.items[i].value);
    for (int i = 0; i < stage->vars.count; i++)
        count_var(count, stage->vars.items[i]);
    count_var(count, stage->var);
    count_var(count, stage->out.key);
    count_var(count, stage->out.value);
    count_var(count, stage->out.window);
}

int plan_count_vars(const struct program *program)
{
    int count = 0;
    for (int i = 0; i < program->stages.count; i++)
        count_stage(&count, program->stages.items[i]);
    for (int i = 0; i < program->fns.count; i++) {
        for (int k = 0; k < program->fns.items[i]->params.count; k++)
            count_var(&count, program->fns.items[i]->params.items[k]);
        count_optional(&count, program->fns.items[i]->body);
    }
    return count;
}
