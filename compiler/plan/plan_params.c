// What is handed to the functions that stages call: those of merges and of tables' streams.
#include "plan/plan_build.h"
#include "types/stmt_walk.h"
#include "types/texpr_walk.h"

bool plan_root_has_params(const struct stage *stage)
{
    return stage->kind == STAGE_MERGE || stage->kind == STAGE_AS_STREAM || stage->kind == STAGE_EMIT;
}

struct let_search {
    const struct planner *p;
    bool *read; // by var id
};

static void note_let(void *arg, const struct texpr *e)
{
    struct let_search *search = arg;
    if (e->kind == TEXPR_VAR)
        search->read[e->var->id] = true;
    texpr_each_part(e, note_let, arg);
}

static void note_fold(struct let_search *search, const struct plan_fold *fold)
{
    for (int i = 0; i < fold->add.count; i++)
        note_let(search, fold->add.items[i]);
    if (fold->first)
        note_let(search, fold->first);
}

static void note_stage_lets(struct let_search *search, const struct stage *stage)
{
    const struct var *result = stage_result(stage);
    if (stage->expr && (!result || search->p->plan->var_used[result->id]))
        note_let(search, stage->expr);
    if (stage->join && stage->join->on)
        note_let(search, stage->join->on);
    if (stage->kind == STAGE_REPARTITION && stage->repartition->by)
        note_let(search, stage->repartition->by);
    if (stage->process)
        process_each_expr(stage->process, note_let, search);
    if (stage->aggregate)
        note_fold(search, search->p->plan->store_of[stage->id]->fold);
    if (stage->kind != STAGE_SINK)
        return;
    if (stage->sink->route)
        note_let(search, stage->sink->route);
    if (stage->sink->time)
        note_let(search, stage->sink->time);
    for (int i = 0; i < stage->sink->headers.count; i++)
        note_let(search, stage->sink->headers.items[i].value);
}

// Whether F hands records to the stage.
static bool is_behind(const struct planner *p, const struct plan_function *f, const struct stage *stage)
{
    for (int i = 0; i < stage->inputs.count; i++)
        if (plan_function_behind(p, stage->inputs.items[i]) == f)
            return p->live[stage->id];
    return false;
}

void plan_find_params(struct planner *p, struct plan_function *f)
{
    const struct shape *shape = &f->root->out;
    struct let_search search = {p, arena_alloc(p->arena, (size_t)p->var_count + 1)};
    if (p->plan->var_used[shape->key->id])
        vec_push(p->arena, &f->params, shape->key);
    if (p->plan->var_used[shape->value->id])
        vec_push(p->arena, &f->params, shape->value);
    if (shape->window && p->plan->var_used[shape->window->id])
        vec_push(p->arena, &f->params, shape->window);
    for (int i = f->root->id; i < p->program->stages.count; i++)
        if (is_behind(p, f, p->program->stages.items[i]))
            note_stage_lets(&search, p->program->stages.items[i]);
    for (int i = 0; i < f->index; i++) {
        const struct plan_function *callee = p->plan->functions.items[i];
        for (int k = 0; is_behind(p, f, callee->root) && k < callee->params.count; k++)
            search.read[callee->params.items[k]->id] = true;
    }
    for (int i = 0; i < shape->lets.count; i++)
        if (search.read[shape->lets.items[i]->id])
            vec_push(p->arena, &f->params, shape->lets.items[i]);
}
