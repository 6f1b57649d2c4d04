// Statements and their expressions, for whoever looks at all of them.
#ifndef WEIR_TYPES_STMT_WALK_H
#define WEIR_TYPES_STMT_WALK_H

#include "types/process.h"

// Calls VISIT for each expression of S and of the statements in it, in the order they are written; those of its place in a store, too.
void stmt_each_expr(const struct tstmt *s, void (*visit)(void *arg, const struct texpr *e), void *arg);
// Of all handlers.
void process_each_expr(const struct process *process, void (*visit)(void *arg, const struct texpr *e), void *arg);
// Calls VISIT for each of the statements and of those in them.
void stmts_each(struct tstmt *const *items, int count, void (*visit)(void *arg, const struct tstmt *s), void *arg);
// Of all handlers.
void process_each_stmt(const struct process *process, void (*visit)(void *arg, const struct tstmt *s), void *arg);
#endif
