// Tables that joins look into. What a join finds in a table that is only filtered and mapped is computed from the store in front of it, so that no
// table is kept twice; where nobody hears of the changes themselves, they end in that store.
#include "plan/plan_build.h"

bool plan_hears(const struct stage *from, const struct stage *stage)
{
    bool looks_up = plan_is_join(stage, JOIN_LOOKUP) || plan_is_join(stage, JOIN_FOREIGN);
    return !looks_up || stage->inputs.items[0] == from;
}

static bool is_looked_into(const struct stage *stage, const struct stage *by)
{
    if (by->kind == STAGE_SUBSCRIBE || plan_is_join(by, JOIN_LOOKUP) || plan_is_join(by, JOIN_FOREIGN))
        return by->inputs.items[1] == stage;
    return plan_is_join(by, JOIN_TABLES);
}

static bool is_viewed(const struct planner *p, const struct stage *stage)
{
    for (int i = 0; i < stage->outputs.count; i++) {
        const struct stage *next = stage->outputs.items[i];
        if (p->live[next->id] &&
            (is_looked_into(stage, next) || (stage_makes_rows_of_input(next) && p->viewed[next->id])))
            return true;
    }
    return false;
}

static bool runs(const struct planner *p, const struct stage *stage)
{
    bool makes_rows = stage_makes_rows_of_input(stage) || plan_is_join(stage, JOIN_TABLES);
    if (p->tapped[stage->id] || stage->out.kind != FLOW_TABLE || !makes_rows)
        return true;
    for (int i = 0; i < stage->outputs.count; i++)
        if (p->runs[stage->outputs.items[i]->id] && plan_hears(stage, stage->outputs.items[i]))
            return true;
    return false;
}

void plan_find_views(struct planner *p)
{
    for (int i = p->program->stages.count - 1; i >= 0; i--) {
        const struct stage *stage = p->program->stages.items[i];
        p->viewed[i] = stage->out.kind == FLOW_TABLE && p->live[i] && is_viewed(p, stage);
        p->runs[i] = p->live[i] && runs(p, stage);
    }
    p->plan->viewed = p->viewed;
}
