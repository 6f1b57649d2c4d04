// Shared by the two halves of the AST dumper.
#ifndef WEIR_SYNTAX_AST_DUMP_H
#define WEIR_SYNTAX_AST_DUMP_H

#include "base/writer.h"
#include "syntax/ast.h"

// A name as it is, or in quotes where it is no identifier.
void dump_name(struct writer *out, struct name name);
void dump_string(struct writer *out, const char *text);
// On the line being written.
void dump_type(struct writer *out, const struct ast_type *type);
// Each node on a line of its own, children indented; nothing for NULL.
void dump_expr(struct writer *out, const struct ast_expr *e);
// LABEL on a line, E below it; nothing for NULL.
void dump_labelled(struct writer *out, const char *label, const struct ast_expr *e);

#endif
