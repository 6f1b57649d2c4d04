// What the files that check calls share.
#ifndef WEIR_TYPES_CHECK_CALL_H
#define WEIR_TYPES_CHECK_CALL_H

#include "types/convert_const.h"
#include "types/overload.h"

// ---- check_call.c ----
// Types every argument that has a type by itself.
struct call infer_arguments(struct checker *c, const struct env *env, const struct ast_expr *e);
// RESULT: the type it has, or NULL for what the signature says.
struct texpr *call_overloaded(struct checker *c, const struct env *env, const struct call *call,
                              const struct signature *first, const struct type *result);

// ---- check_conversion.c: int32(x), decimal(x, 12, 2), min_value(T), ...; NULL: E is no conversion ----
struct texpr *infer_conversion(struct checker *c, const struct env *env, const struct ast_expr *e);

// ---- call_constants.c: arguments that can be checked now; false after a report ----
bool check_call_constants(struct checker *c, const struct texpr *call);

// ---- call_report.c ----
// No overload of FIRST fits.
void report_call(struct checker *c, const struct call *call, const struct signature *first);
struct texpr *report_unknown_call(struct checker *c, const struct env *env, const struct ast_expr *e);
// Functions that only exist in `aggregate`, or mean something else there.
bool is_aggregate_call(struct checker *c, const struct env *env, const struct ast_expr *e);
struct texpr *report_aggregate(struct checker *c, const struct ast_expr *e);
void report_where(struct checker *c, const struct ast_expr *e);

// ---- check_fn.c ----
// The function being checked calls FN.
void fn_note_call(struct checker *c, const struct fn *fn, struct span span);
const char *fn_nearest(struct checker *c, const char *name);

#endif
