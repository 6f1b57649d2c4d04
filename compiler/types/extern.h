// Functions in C: `extern fn`.
#ifndef WEIR_TYPES_EXTERN_H
#define WEIR_TYPES_EXTERN_H

#include "types/check.h"

// FN, whose parameters and result are known, and the file it is in, which it enters into the program.
void check_extern(struct checker *c, const struct ast_decl *decl, struct fn *fn);

// "double scale(struct weir_ctx *w, double x)"
const char *extern_prototype(struct arena *arena, const struct fn *fn);

#endif
