// Text to AST: flex scans, newlines.c decides which newlines end something, bison parses.
#ifndef WEIR_SYNTAX_PARSE_H
#define WEIR_SYNTAX_PARSE_H

#include "base/diag.h"
#include "base/intern.h"
#include "syntax/ast.h"

struct writer;

// Parses one file. Errors go to BAG; parsing goes on at the next declaration, stage or statement, so that one run
// reports them all. The result is never NULL; what could not be read is missing from it or AST_ERROR.
struct ast_file *parse_file(struct arena *arena, struct intern *names, struct diag_bag *bag, struct source *source);

// `weir emit --stage ast`: one node a line, indented.
void ast_dump(struct writer *out, const struct ast_file *file);

// `weir fmt`: the one formatting of a file that parses without errors, comments kept.
// Returns false if the file has errors (reported to BAG).
bool format_source(struct arena *arena, struct intern *names, struct diag_bag *bag, struct source *source,
                   struct writer *out);

#endif
