// What the parts of plan_build share.
#ifndef WEIR_PLAN_PLAN_BUILD_H
#define WEIR_PLAN_PLAN_BUILD_H

#include "plan/plan.h"
#include "plan/uses.h"

struct planner {
    struct arena *arena;
    struct program *program;
    struct plan *plan;
    struct pruner *pruner;
    int var_count;
    bool *live;                      // by stage id: something below it does something
    bool *tapped;                    // by stage id: a test looks at what comes out of it
    struct plan_source **key_origin; // by var id: where this key's bytes came in as they are
    struct plan_function **root_of;  // by stage id: the function whose root it is
};

// live.c: which stages do something, directly or further down.
void plan_find_live(struct planner *p);
// Whether the stage lets nothing pass.
bool plan_is_closed(const struct stage *stage);

// plan_flow.c: what is read, from the sinks up; and what tombstones come to.
void plan_find_uses(struct planner *p);
void plan_find_tombstones(struct planner *p);

// plan_types.c
void plan_find_types(struct planner *p);

#endif
