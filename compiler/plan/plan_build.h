// What the parts of plan_build share.
#ifndef WEIR_PLAN_PLAN_BUILD_H
#define WEIR_PLAN_PLAN_BUILD_H

#include "plan/plan.h"
#include "plan/uses.h"
#include "types/expr.h"
#include "types/flow_check.h"

// Where the bytes of a key can be had as they are.
struct key_origin {
    const struct serde *serde; // of the bytes; NULL: nowhere
    bool ours;                 // we wrote them: there is one text for each key
    bool change;               // in a change; else in the record that came in
};

// The numbers up to N behind the name WANTED are taken.
struct name_count {
    bool (*taken)(const struct plan *, const char *);
    const char *wanted;
    int n;
};

struct planner {
    struct arena *arena;
    struct program *program;
    struct plan *plan;
    struct checker checker; // makes typed expressions and variables, as it did for the program
    struct pruner *pruner;
    VEC(struct name_count) name_counts; // of those that more than one asked for
    int var_count;
    bool *live;                        // by stage id: something below it does something
    bool *tapped;                      // by stage id: a test looks at what comes out of it
    struct key_origin *key_origin;     // by var id
    struct plan_function **root_of;    // by stage id: the function whose root it is
    struct plan_function **changed_of; // by stage id
    struct plan_store **store_of;      // by stage id
    struct plan_fold **fold_of;        // by stage id
    bool *wants_old;                   // by stage id
    bool *viewed;                      // by stage id
    bool *raw_lookup;                  // by stage id
    bool *runs;                        // by stage id: something comes of a record or change that it is handed
};

// live.c: which stages do something, directly or further down.
void plan_find_live(struct planner *p);
// Whether the stage lets nothing pass.
bool plan_is_closed(const struct stage *stage);

// plan_view.c: tables that joins look into, and what comes of changes besides.
void plan_find_views(struct planner *p);

// plan_join.c: joins of a stream.
void plan_add_join(struct planner *p, struct stage *stage);
void plan_use_join(struct planner *p, struct stage *stage);

// lower.c: aggregates as folds.
void plan_lower(struct planner *p);

// plan_stores.c
void plan_find_old(struct planner *p);
// NULL: the stage's table need not be kept.
struct plan_store *plan_add_store(struct planner *p, struct stage *stage);
// A new store of that kind, by that name, for the stage.
struct plan_store *plan_new_store(struct planner *p, struct stage *stage, enum plan_store_kind kind, const char *name);
// The same for a store that has nothing to do with the stage's keys.
struct plan_store *plan_bare_store(struct planner *p, struct stage *stage, enum plan_store_kind kind, const char *name);

// plan_tables.c: joins of tables.
// Whether the join looks at the value before of the rows of FROM, one of its inputs.
bool plan_join_looks_at_old(const struct planner *p, const struct stage *from, const struct stage *join);
// Whether the changes of STAGE's rows come to a join of tables with nothing kept in between. What the other side's row was when they were made must
// be what it is when they come: else what is behind undoes what it never did, or an answer by a foreign key is to what is no longer asked.
bool plan_is_joined(const struct planner *p, const struct stage *stage);
// What is read of VAR is read of OF, which it is where that is there. At least whether it is there is asked.
void plan_read_through(struct planner *p, const struct var *var, const struct var *of);
void plan_use_join_tables(struct planner *p, const struct stage *join);
void plan_use_join_foreign(struct planner *p, const struct stage *join);
void plan_use_subscribe(struct planner *p, const struct stage *subscribe);

// plan_process.c: processor blocks.
void plan_add_process(struct planner *p, struct stage *stage);
void plan_add_emit(struct planner *p, struct stage *stage);
void plan_use_process(struct planner *p, struct stage *stage);
// What sources need the time of their records for.
void plan_find_clocks(struct planner *p);

// plan_prev.c
void plan_add_prev(struct planner *p, struct stage *stage);
void plan_use_prev(struct planner *p, struct stage *stage);

// plan_parts.c: sources, sinks, functions, and the stores of tables.
void plan_add_parts(struct planner *p);
struct plan_function *plan_add_function(struct planner *p, struct stage *root, const char *name);
struct plan_function *plan_add_root(struct planner *p, struct stage *root, const char *name);
// The function that what leaves the stage is in: of a table's root not the one that the stage is in.
struct plan_function *plan_function_behind(const struct planner *p, const struct stage *stage);
bool plan_same_bytes(const struct key_origin *origin, const struct serde *wanted);
const char *plan_unique_name(struct planner *p, const char *wanted, bool (*taken)(const struct plan *, const char *));

// plan_flow.c: what is read, from the sinks up; and what tombstones come to.
void plan_find_uses(struct planner *p);
void plan_find_tombstones(struct planner *p);

// plan_params.c
void plan_find_params(struct planner *p, struct plan_function *f);

// plan_types.c
void plan_find_types(struct planner *p);

#endif
