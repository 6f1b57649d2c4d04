#include "plan/plan_build.h"
#include "types/texpr_walk.h"

static bool is_constant(const struct texpr *e, bool value)
{
    return e && e->kind == TEXPR_CONST && (e->constant.integer != 0) == value;
}

// A branch behind one that always matches, or a condition that never does.
static bool is_unreachable_branch(const struct stage *stage)
{
    const struct stage *in = stage->inputs.items[0];
    for (int i = 0; i < in->outputs.count; i++) {
        const struct stage *other = in->outputs.items[i];
        if (other == stage)
            break;
        if (other->kind == STAGE_BRANCH && other->group == stage->group && is_constant(other->expr, true))
            return true;
    }
    return false;
}

bool plan_is_closed(const struct stage *stage)
{
    if (stage->kind == STAGE_FILTER)
        return is_constant(stage->expr, false);
    if (stage->kind == STAGE_BRANCH)
        return is_constant(stage->expr, false) || is_unreachable_branch(stage);
    return false;
}

// What a branch takes, the branches behind it don't get.
static bool guards_live_branch(const struct planner *p, const struct stage *stage)
{
    const struct stage *in = stage->inputs.items[0];
    for (int i = 0; i < in->outputs.count; i++) {
        const struct stage *other = in->outputs.items[i];
        if (other->kind == STAGE_BRANCH && other->group == stage->group && other->id > stage->id && p->live[other->id])
            return true;
    }
    return false;
}

// It has a store and a changelog by its name, for others to read.
static bool keeps_named_table(const struct stage *stage)
{
    return (stage->kind == STAGE_AGGREGATE || stage->kind == STAGE_AS_TABLE) && topology_named_table(stage);
}

static bool does_something(const struct planner *p, const struct stage *stage)
{
    bool acts = stage->kind == STAGE_SINK || stage->kind == STAGE_PEEK || stage->kind == STAGE_LOG ||
                keeps_named_table(stage) || stage->kind == STAGE_PROCESS || p->tapped[stage->id] ||
                (stage->kind == STAGE_BRANCH && guards_live_branch(p, stage)) ||
                (stage->expr && texpr_has_effects(stage->expr));
    for (int i = 0; i < stage->outputs.count; i++)
        acts |= p->live[stage->outputs.items[i]->id];
    return acts && !plan_is_closed(stage);
}

// A result of a join has a left side, or in an outer one a right side, and in an inner one both.
static bool is_join_reached(const struct planner *p, const struct stage *stage)
{
    bool left = p->live[stage->inputs.items[0]->id], right = p->live[stage->inputs.items[1]->id];
    return stage->join->kind == AST_JOIN_OUTER ? left || right : left && (right || stage->join->kind == AST_JOIN_LEFT);
}

// A stage behind one that lets nothing pass is as dead as that one.
static bool is_reached(const struct planner *p, const struct stage *stage)
{
    if (stage->kind == STAGE_SUBSCRIBE || plan_is_join(stage, JOIN_FOREIGN)) // by what comes in
        return p->live[stage->inputs.items[0]->id];
    if (stage->kind == STAGE_JOIN)
        return is_join_reached(p, stage);
    for (int i = 0; i < stage->inputs.count; i++)
        if (p->live[stage->inputs.items[i]->id])
            return true;
    return stage->inputs.count == 0;
}

// A test may feed a source that nothing comes of.
static void keep_fed_sources(struct planner *p)
{
    for (int i = 0; p->plan->tests && i < p->program->tests.count; i++) {
        const struct test *test = p->program->tests.items[i];
        for (int k = 0; k < test->steps.count; k++) {
            const struct test_step *step = &test->steps.items[k];
            if (step->stage && (step->kind == AST_TEST_FEED || step->kind == AST_TEST_BAD))
                p->live[step->stage->id] = true;
        }
    }
}

void plan_find_live(struct planner *p)
{
    for (int i = p->program->stages.count - 1; i >= 0; i--)
        p->live[i] = does_something(p, p->program->stages.items[i]);
    for (int i = 0; i < p->program->stages.count; i++)
        p->live[i] &= is_reached(p, p->program->stages.items[i]);
    keep_fed_sources(p);
}
