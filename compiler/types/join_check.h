// What the files that check joins share: check_join.c (forms, names), join_times.c, join_on.c, join_sides.c.
#ifndef WEIR_TYPES_JOIN_CHECK_H
#define WEIR_TYPES_JOIN_CHECK_H

#include "types/expr.h"
#include "types/flow_check.h"

struct join_side {
    struct stage *at; // whose records are joined
    const char *name; // "orders"; what `as` says
    struct span span; // where the program names it
    struct texpr *on; // what `on` says of it; without `on` its key
    const char *flow; // "payments", as the program names it
};

struct join_check {
    struct checker *c;
    struct flow_cursor *f; // of the left side
    const struct ast_stage *ast;
    enum join_form form;
    struct join_side left, right;
};

// The side's key as it is, not one that is computed from it.
bool join_is_key(const struct join_side *side);

// ---- join_times.c ----

// False after a report.
bool join_check_times(struct join_check *j);
void join_set_times(const struct join_check *j, struct join *join);

// ---- join_on.c ----

// Finds what each side of the join is matched by. False after a report.
bool join_check_on(struct join_check *j);

// ---- join_sides.c ----

// Repartitions the streams whose key is not what they are matched by.
void join_bring_together(struct join_check *j);

#endif
