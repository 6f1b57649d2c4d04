// What is known while an `aggregate` stage is checked: calls of aggregate functions are found anywhere in its expressions.
#ifndef WEIR_TYPES_AGGREGATE_CALL_H
#define WEIR_TYPES_AGGREGATE_CALL_H

#include "types/builtin.h"
#include "types/expr.h"
#include "types/flow_check.h"

struct aggregation {
    const struct group_input *groups; // by input of the stage
    int group_count;
    struct aggregate *into;
    VEC(const struct ast_expr *) made; // what each call of INTO was made of: an expression may be looked at twice
    bool inside;                       // the arguments of a call are being checked
};

// A call of an aggregate function, added to the stage's. NULL: E is none.
struct texpr *infer_aggregate_call(struct checker *c, const struct env *env, const struct ast_expr *e);
// NAME is one of the records', and stands where all of a group's records are meant. False: it is not.
bool report_not_aggregated(struct checker *c, struct diag *d, const char *name);
// Why FUNCTION can't take back a row of a table, and what can.
void report_not_undoable(struct checker *c, const struct ast_expr *e, const struct signature *function);

#endif
