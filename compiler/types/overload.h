// Which overload of a built-in function a call means, and the types its variables stand for there.
#ifndef WEIR_TYPES_OVERLOAD_H
#define WEIR_TYPES_OVERLOAD_H

#include "types/builtin.h"
#include "types/expr.h"

enum { SIG_VARS = 4 }; // A B N O

// NULL: not known yet.
struct binding {
    const struct type *types[SIG_VARS];
};

// An argument: typed, or waiting for what is expected of it (a lambda, a literal without a type of its own).
struct argument {
    const struct ast_expr *ast;
    struct texpr *value; // NULL: waiting
};

struct call {
    const struct ast_expr *ast;
    VEC(struct argument) arguments;
};

struct overload {
    const struct signature *signature; // NULL: none fits
    struct binding binding;
};

// The first that fits without conversions, else the first that fits with widening.
struct overload overload_choose(struct checker *c, const struct signature *first, const struct call *call);
// The first argument that does not fit SIGNATURE, or -1 if all do.
int overload_misfit(struct checker *c, const struct signature *signature, const struct call *call);
bool overload_takes(const struct signature *signature, int count);
const struct sig_param *signature_param(const struct signature *signature, int index);
// The type that T is with BINDING; NULL if a variable in it is not known.
const struct type *sig_subst(struct checker *c, const struct sig_type *t, const struct binding *binding);
// Whether T fits ARGUMENT (of TYPE), binding variables; widening only if it is allowed.
bool sig_fits(struct checker *c, const struct sig_type *t, const struct texpr *value, struct binding *binding,
              bool widen);
int sig_var_index(char var);
// A null argument for this parameter makes the result null: the function itself does not see it.
bool sig_lifts(const struct signature *signature, const struct sig_type *t, const struct type *argument,
               const struct binding *binding);

#endif
