// Which parts of every value are read: from what leaves the program back to what comes in.
#ifndef WEIR_PLAN_USES_H
#define WEIR_PLAN_USES_H

#include "plan/plan.h"

extern const struct uses uses_whole; // all of a value
extern const struct uses uses_only;  // that it is there, and nothing in it

struct pruner {
    struct arena *arena;
    const struct program *program;
    struct uses **of_var; // by var id; NULL: not read (so far)
    char *fn_state;       // by index of fn: 0 not looked at, 1 being looked at, 2 done
};

struct pruner *pruner_new(struct arena *arena, const struct program *program, int var_count);

// WANT of VAR is read.
void pruner_want(struct pruner *p, const struct var *var, const struct uses *want);

// E as far as WANT is read of its result: record items that nobody reads are NULL. What that reads of variables is added to theirs, so
// an expression comes after all that read its result.
struct texpr *pruner_prune(struct pruner *p, struct texpr *e, const struct uses *want);

// Of the expressions that find it.
void pruner_prune_place(struct pruner *p, struct store_place *place);

// What of part INDEX is read where U is; NULL: nothing.
const struct uses *uses_part(const struct uses *u, int index);
// How many parts a value of the type has: fields, cases, or 1 for what it holds.
int uses_part_count(const struct type *type);

#endif
