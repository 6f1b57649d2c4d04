// Shared by the parts of the AST dumper.
#ifndef WEIR_SYNTAX_AST_DUMP_H
#define WEIR_SYNTAX_AST_DUMP_H

#include "base/writer.h"
#include "syntax/ast.h"

// ---- ast_dump_word.c: on the line being written ----

// A name as it is, or in quotes where it is no identifier.
void dump_name(struct writer *out, struct name name);
void dump_string(struct writer *out, const char *text);
// `, ` between them.
void dump_names(struct writer *out, const struct name *names, int count);
// Behind LABEL; nothing without a name, without TEXT, or for a negative MS.
void dump_word(struct writer *out, const char *label, struct name name);
void dump_quoted(struct writer *out, const char *label, const char *text);
void dump_ms(struct writer *out, const char *label, int64_t ms);
void dump_store_kind(struct writer *out, const struct ast_store_options *store);

// ---- ast_dump_expr.c ----

// On the line being written.
void dump_type(struct writer *out, const struct ast_type *type);
// Each node on a line of its own, children indented; nothing for NULL.
void dump_expr(struct writer *out, const struct ast_expr *e);
// LABEL on a line, E below it; nothing for NULL.
void dump_labelled(struct writer *out, const char *label, const struct ast_expr *e);

// ---- ast_dump_flow.c, ast_dump_process.c: declarations, behind their first words ----

void dump_source(struct writer *out, const struct ast_source *s); // with them
void dump_flow(struct writer *out, const struct ast_flow *f);
void dump_process(struct writer *out, const struct ast_decl *d);

#endif
