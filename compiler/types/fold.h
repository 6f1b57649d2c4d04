// Computing constants, by the very functions that compute them at run time.
#ifndef WEIR_TYPES_FOLD_H
#define WEIR_TYPES_FOLD_H

#include "types/convert_const.h"
#include "types/expr.h"
#include "weir_value.h"

// Each returns E itself where there is nothing to compute, or where it fails.
struct texpr *fold_arith(struct checker *c, struct texpr *e);
struct texpr *fold_negative(struct checker *c, struct texpr *e);
struct texpr *fold_compare(struct checker *c, struct texpr *e);
struct texpr *fold_call(struct checker *c, struct texpr *e);
// A warning that E fails whatever the record; once for a place.
void warn_failing(struct checker *c, const struct texpr *e, const char *why);
// The digits of a decimal constant as the runtime has them.
struct weir_dec const_dec(const struct texpr *e);

#endif
