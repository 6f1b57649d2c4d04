// What the files that lower aggregates share: lower.c (the three forms), lower_call.c (each function), lower_merge.c,
// lower_moments.c, lower_make.c (expressions).
#ifndef WEIR_PLAN_LOWER_H
#define WEIR_PLAN_LOWER_H

#include "types/expr.h"
#include "types/program.h"
#include "types/texpr_walk.h"

struct lowering {
    struct checker *c; // makes expressions
    struct span span;  // of what is made: the aggregate stage's
};

// ---- lower_make.c: short names for expressions ----

const struct type *make_type(struct lowering *l, enum type_kind kind);
const struct type *make_optional(struct lowering *l, const struct type *type);
// A record type in place of COUNT fields.
const struct type *make_record_type(struct lowering *l, const char *const *names, const struct type *const *types,
                                    int count);
const struct type *make_pair_type(struct lowering *l, const char *a, const struct type *a_type, const char *b,
                                  const struct type *b_type);
const struct type *make_list_type(struct lowering *l, const struct type *element);
struct texpr *make_length(struct lowering *l, struct texpr *list);
struct texpr *make_int(struct lowering *l, int64_t value);
struct texpr *make_zero(struct lowering *l, const struct type *type);  // of a number
struct texpr *make_empty(struct lowering *l, const struct type *type); // list, map, or null of an optional
struct texpr *make_var(struct lowering *l, struct var *var);
struct texpr *make_record(struct lowering *l, const struct type *type, struct texpr *const *items);
struct texpr *make_field(struct lowering *l, struct texpr *record, int index);
// E as the wider TYPE.
struct texpr *make_as(struct lowering *l, struct texpr *e, const struct type *type);
struct texpr *make_arith(struct lowering *l, enum ast_op op, const struct type *type, struct texpr *a, struct texpr *b);
struct texpr *make_compare(struct lowering *l, enum ast_op op, struct texpr *a, struct texpr *b);
struct texpr *make_or(struct lowering *l, struct texpr *a, struct texpr *b);
struct texpr *make_is_null(struct lowering *l, struct texpr *e);
struct texpr *make_unwrap(struct lowering *l, struct texpr *e);
struct texpr *make_if(struct lowering *l, struct texpr *cond, struct texpr *yes, struct texpr *no);
struct texpr *make_call(struct lowering *l, enum builtin_id id, const struct type *type, struct texpr *const *args,
                        int count);
// VALUE as the RESULT of COUNT records; of none, where that may be, null.
struct texpr *make_of_some(struct lowering *l, const struct type *result, struct texpr *count, struct texpr *value);
// A name for E in BODY; a path or constant needs none. BODY is made of *NAMED.
struct let_binding {
    struct var *var; // NULL: E goes by itself
    struct texpr *value, *named;
};
struct let_binding make_let(struct lowering *l, const char *name, struct texpr *e);
struct texpr *let_around(struct lowering *l, const struct let_binding *let, struct texpr *body);
// E with each variable that is FROM[i] replaced by TO[i].
struct texpr *make_replaced(struct lowering *l, struct texpr *e, struct var *const *from, struct texpr *const *to,
                            int count);

// ---- lower_call.c: what each aggregate function keeps, and does with it ----

const struct type *lower_state(struct lowering *l, const struct aggregate_call *call);
// NULL: there is no state without a record; then it is the first record's lower_first.
struct texpr *lower_init(struct lowering *l, const struct aggregate_call *call);
struct texpr *lower_first(struct lowering *l, const struct aggregate_call *call);
struct texpr *lower_add(struct lowering *l, const struct aggregate_call *call, struct texpr *acc);
struct texpr *lower_undo(struct lowering *l, const struct aggregate_call *call, struct texpr *acc);
struct texpr *lower_merge(struct lowering *l, const struct aggregate_call *call, struct texpr *a,
                          struct texpr *b); // lower_merge.c
struct texpr *lower_result(struct lowering *l, const struct aggregate_call *call, struct texpr *acc);

// What is done with one record's arguments: X, and BY or Y. Nulls that are skipped are gone.
struct step {
    struct lowering *l;
    const struct aggregate_call *call;
    const struct type *state;
    struct texpr *acc, *x, *by;
    enum ast_op op; // ADD, or SUB: the record is taken back
};

// The state with that record.
struct texpr *lower_one(const struct step *s);
// The last of a list of SIZE elements, as many as the call keeps.
struct texpr *lower_last_of(struct lowering *l, const struct aggregate_call *call, struct texpr *list,
                            struct texpr *size);

// ---- lower_moments.c: of stddev and correlation ----

const struct type *moments_state(struct lowering *l, enum aggregate_id id);
struct texpr *moments_init(struct lowering *l, enum aggregate_id id);
// OP: ADD or SUB. Y: of correlation.
struct texpr *moments_step(struct lowering *l, enum aggregate_id id, enum ast_op op, struct texpr *acc, struct texpr *x,
                           struct texpr *y);
struct texpr *moments_merge(struct lowering *l, enum aggregate_id id, struct texpr *a, struct texpr *b);
struct texpr *moments_result(struct lowering *l, const struct aggregate_call *call, struct texpr *acc);

#endif
