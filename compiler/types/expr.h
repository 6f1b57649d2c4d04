// What the files that check expressions share. Nobody else needs it: the rest of the checker calls check_expr.
#ifndef WEIR_TYPES_EXPR_H
#define WEIR_TYPES_EXPR_H

#include "types/check.h"

// ---- texpr_make.c: typed expressions, one constructor per form ----

struct texpr *texpr_new(struct checker *c, enum texpr_kind kind, const struct type *type, struct span span);
struct texpr *texpr_error(struct checker *c, struct span span);
struct texpr *texpr_var(struct checker *c, struct var *var, struct span span);
struct texpr *texpr_bool(struct checker *c, bool value, struct span span);
struct texpr *texpr_int(struct checker *c, const struct type *type, int64_t value, struct span span);
struct texpr *texpr_text(struct checker *c, const struct type *type, const char *text, uint32_t len, struct span span);
struct texpr *texpr_none(struct checker *c, const struct type *optional, struct span span);
struct texpr *texpr_some(struct checker *c, struct texpr *e); // of an optional: itself
struct texpr *texpr_unary(struct checker *c, enum texpr_kind kind, const struct type *type, struct texpr *left,
                          struct span span);
struct texpr *texpr_binary(struct checker *c, enum texpr_kind kind, enum ast_op op, const struct type *type,
                           struct texpr *left, struct texpr *right, struct span span);
struct texpr *texpr_call1(struct checker *c, enum builtin_id id, const struct type *type, struct texpr *argument);
struct texpr *texpr_field(struct checker *c, struct texpr *record, int index, struct span span);
const struct type *kind_type(struct checker *c, enum type_kind kind);
bool is_error(const struct texpr *e);
bool is_null(const struct texpr *e); // the literal null, not yet of a type
bool is_const(const struct texpr *e);

// ---- check_expr.c ----

// The type E has by itself; HINT (may be NULL) is what literals in it should be. Not converted to HINT.
struct texpr *infer_expr(struct checker *c, const struct env *env, const struct ast_expr *e, const struct type *hint);
// Whether the meaning of E depends on what is expected: literals, names that are nothing but an enum's case.
bool needs_hint(struct checker *c, const struct env *env, const struct ast_expr *e);
struct env env_inside(const struct env *outer);
// The nearest environment with a record in scope, or NULL.
const struct env *env_record(const struct env *env);
// What the user wrote at SPAN, or "x" if that is too long to repeat.
const char *source_text(struct checker *c, struct span span);
// A type that still has a bare null or an empty list in it.
bool is_vague(const struct type *type);
// An expression whose type could not be found (a bare null or []) is reported.
struct texpr *require_type(struct checker *c, struct texpr *e);

// Trying a way to type something: what it reported can be taken back.
struct diag_mark {
    int count, errors, warnings;
};
struct diag_mark diag_mark(const struct checker *c);
void diag_reset(struct checker *c, struct diag_mark mark);

// ---- convert.c: implicit conversions ----

// E as TO where that loses nothing; NULL if it can't be.
struct texpr *convert_to(struct checker *c, struct texpr *e, const struct type *to);
// The same, with a report.
struct texpr *convert_or_report(struct checker *c, struct texpr *e, const struct type *to);
// The type that both convert to, or NULL.
const struct type *common_type(struct checker *c, const struct texpr *a, const struct texpr *b);
// Whether a value of FROM is always a value of TO.
bool type_widens(const struct type *from, const struct type *to);

// ---- convert_report.c ----
void report_mismatch(struct checker *c, const struct texpr *e, const struct type *to);
void report_may_be_null(struct checker *c, const struct texpr *e);
// What to write where E, which is no bool, stands for one.
void help_bool(struct checker *c, struct diag *d, const struct texpr *e);
// "a, b, c": fields or cases, not more than a person reads.
const char *names_list(struct checker *c, const struct type *t);
// Help that names the explicit conversion of WHAT from one type to another, if there is one.
bool help_conversion(struct checker *c, struct diag *d, const char *what, const struct type *from,
                     const struct type *to);

// ---- check_lift.c: operators and functions on values that may be null ----

struct lift {
    VEC(struct var *) vars;
    VEC(struct texpr *) items;
};
// E, or if it may be null the variable that stands for what it is when it is not.
struct texpr *lift_operand(struct checker *c, struct lift *lift, struct texpr *e);
// BODY, null if any operand was.
struct texpr *lift_finish(struct checker *c, struct lift *lift, struct texpr *body);
// BODY (a bool), or WHEN_NULL if any operand was null.
struct texpr *lift_bool(struct checker *c, struct lift *lift, struct texpr *body, bool when_null);

// ---- check_narrow.c: what is known where ----

// E as it is known to be here: not null, if a check has shown it.
struct texpr *narrow_apply(struct checker *c, const struct env *env, struct texpr *e);
// The case that union E is known to be of here, or -1.
int narrow_case(struct checker *c, const struct env *env, const struct texpr *e);
// Adds what COND being TRUTH proves to *KNOWN.
void narrow_when(struct checker *c, const struct texpr *cond, bool truth, struct narrowing **known);
// Adds that VAR is not null.
void narrow_not_null(struct checker *c, struct var *var, struct narrowing **known);
// Adds what is KNOWN of FROM as known of TO, which has the same value.
void narrow_carry(struct checker *c, const struct narrowing *known, const struct var *from, const struct var *to,
                  struct narrowing **into);
// Adds that the union E is of case INDEX.
void narrow_to_case(struct checker *c, const struct texpr *e, int index, struct narrowing **known);

// What is known of rows of STORE is forgotten: it changes. NULL: of the record's headers.
void narrow_forget(struct checker *c, const struct block_store *store, struct narrowing **known);
// Adds that the row at PLACE is there.
void narrow_row(struct checker *c, const struct store_place *place, struct narrowing **known);

// ---- by form ----

struct texpr *infer_number(struct checker *c, const struct ast_expr *e, bool negative, const struct type *hint);
struct texpr *infer_list(struct checker *c, const struct env *env, const struct ast_expr *e, const struct type *hint);
struct texpr *infer_map(struct checker *c, const struct env *env, const struct ast_expr *e, const struct type *hint);
struct texpr *infer_record(struct checker *c, const struct env *env, const struct ast_expr *e, const struct type *hint);
struct texpr *infer_name(struct checker *c, const struct env *env, const struct ast_expr *e, const struct type *hint);
const struct texpr *name_in_scope(struct checker *c, const struct env *env, const char *name);
void report_unknown_name(struct checker *c, const struct env *env, struct name name);
struct texpr *infer_field(struct checker *c, const struct env *env, const struct ast_expr *e);
// join_name.c: NAME.key, NAME.value of a join's side. NULL: E is none.
struct texpr *infer_join_member(struct checker *c, const struct env *env, const struct ast_expr *e);
struct texpr *infer_index(struct checker *c, const struct env *env, const struct ast_expr *e);
// check_process.c: in a timer of a processor block, where there is no record.
bool in_timer(const struct checker *c);
// check_prev.c: prev(EXPR). NULL: E is none.
struct texpr *infer_prev(struct checker *c, const struct env *env, const struct ast_expr *e);
// check_store_place.c: a row of a processor block's store. NULL: E is none.
struct texpr *infer_stored(struct checker *c, const struct env *env, const struct ast_expr *e);
// A store's name alone is reported. NULL: E is none.
struct texpr *report_bare_store(struct checker *c, const struct env *env, const struct ast_expr *e);
struct texpr *field_of(struct checker *c, const struct env *env, struct texpr *left, struct name name,
                       struct span span);
struct texpr *infer_unary(struct checker *c, const struct env *env, const struct ast_expr *e, const struct type *hint);
struct texpr *infer_binary(struct checker *c, const struct env *env, const struct ast_expr *e, const struct type *hint);
struct texpr *infer_arith(struct checker *c, const struct ast_expr *e, struct texpr *left, struct texpr *right,
                          const struct type *hint);
struct texpr *infer_compare(struct checker *c, const struct ast_expr *e, struct texpr *left, struct texpr *right);
struct texpr *infer_if(struct checker *c, const struct env *env, const struct ast_expr *e, const struct type *hint);
struct texpr *infer_in(struct checker *c, const struct env *env, const struct ast_expr *e);
struct texpr *infer_is(struct checker *c, const struct env *env, const struct ast_expr *e);
struct texpr *infer_match(struct checker *c, const struct env *env, const struct ast_expr *e, const struct type *hint);
struct texpr *infer_call(struct checker *c, const struct env *env, const struct ast_expr *e, const struct type *hint);
// A bool that is not null, with a report otherwise.
struct texpr *check_bool(struct checker *c, const struct env *env, const struct ast_expr *e);

// The results as one type, each converted to it in place; NULL if there is none.
const struct type *unify(struct checker *c, struct texpr **items, int count, const struct type *hint);

// ---- fold.c ----
// E with its constant operands (already folded) computed. Warns of what always fails.
struct texpr *fold_node(struct checker *c, struct texpr *e);

#endif
