// What syntax errors leave of a file: the declarations, stages, statements and steps that none of them is in.
#ifndef WEIR_SYNTAX_DAMAGE_H
#define WEIR_SYNTAX_DAMAGE_H

#include "base/diag.h"
#include "syntax/ast.h"

// Takes out of FILE what the errors in BAG have damaged, so that the rest can be checked. A stage stays as AST_STAGE_ERROR, a condition as AST_ERROR; all
// else is gone: messages about names that are not there are not to be shown (diag_drop_missing).
void damage_remove(struct arena *arena, struct ast_file *file, const struct diag_bag *bag);

#endif
