// Calls of built-in functions and of the program's own.
#include "types/check_call.h"

#include <string.h>

#include "types/aggregate_call.h"
#include "types/overload.h"
#include "types/resolve.h"

// ---- arguments ----

// Whether an argument has no type of its own, so that the parameter has to say what it is.
static bool waits(struct checker *c, const struct env *env, const struct ast_expr *e)
{
    switch (e->kind) {
    case AST_LAMBDA:
    case AST_NULL:
    case AST_RECORD:
    case AST_LIST:
    case AST_MAP: return true;
    case AST_NAME: return needs_hint(c, env, e);
    default: return false;
    }
}

struct call infer_arguments(struct checker *c, const struct env *env, const struct ast_expr *e)
{
    struct call call = {.ast = e};
    for (int i = 0; i < e->items.count; i++) {
        struct argument argument = {e->items.items[i], NULL};
        if (!waits(c, env, argument.ast))
            argument.value = require_type(c, infer_expr(c, env, argument.ast, NULL));
        vec_push(c->arena, &call.arguments, argument);
    }
    return call;
}

// Once an overload is chosen, every argument becomes what its parameter says.
struct arguments {
    struct checker *c;
    const struct env *env;
    const struct signature *signature;
    struct binding binding;
    struct lift lift;
    VEC(struct texpr *) values;
    bool wrong;
};

static void report_untyped(struct arguments *a, const struct ast_expr *e, int position)
{
    struct diag *d = diag_error(a->c->bag, e->span, "argument %d of `%s` does not say what type it is", position + 1,
                                a->signature->name);
    diag_help(a->c->bag, d, "its signature is `%s%s`", a->signature->name, a->signature->text);
    a->wrong = true;
}

static void report_no_fit(struct arguments *a, const struct texpr *value, int position)
{
    struct diag *d =
        diag_error(a->c->bag, value->span, "argument %d of `%s` does not fit", position + 1, a->signature->name);
    diag_label(a->c->bag, d, "this is %s", type_show(a->c->arena, value->type));
    diag_help(a->c->bag, d, "its signature is `%s%s`", a->signature->name, a->signature->text);
    a->wrong = true;
}

static struct texpr *typed_argument(struct arguments *a, const struct sig_type *t, const struct argument *argument,
                                    int position)
{
    struct checker *c = a->c;
    const struct type *expected = sig_subst(c, t, &a->binding);
    if (expected)
        return check_expr(c, a->env, argument->ast, expected);
    struct texpr *value = infer_expr(c, a->env, argument->ast, NULL);
    if (is_error(value))
        return value;
    if (is_null(value)) {
        report_untyped(a, argument->ast, position);
        return texpr_error(c, value->span);
    }
    if (!sig_fits(c, t, value, &a->binding, true)) {
        report_no_fit(a, value, position);
        return texpr_error(c, value->span);
    }
    return value;
}

static struct texpr *final_argument(struct arguments *a, const struct sig_type *t, struct texpr *value)
{
    struct checker *c = a->c;
    if (sig_lifts(a->signature, t, value->type, &a->binding))
        value = lift_operand(c, &a->lift, value);
    const struct type *expected = sig_subst(c, t, &a->binding);
    if (!expected || (t->kind == SIG_LIST && t->element->kind == SIG_OPTIONAL))
        return require_type(c, value);
    struct texpr *converted = convert_to(c, value, expected);
    return converted ? fold_node(c, converted) : value;
}

// ---- lambdas ----

static void report_lambda_result(struct arguments *a, const struct sig_type *t, const struct texpr *body)
{
    const struct sig_type *plain = t->kind == SIG_OPTIONAL ? t->element : t;
    struct diag *d = diag_error(a->c->bag, body->span, "`%s` needs %s from this lambda", a->signature->name,
                                plain->var == 'N' ? "a number" : "a value that has an order");
    diag_label(a->c->bag, d, "this is %s", type_show(a->c->arena, body->type));
    if (type_is_optional(body->type))
        diag_help(a->c->bag, d, "say what a null counts as: `... ?? default`");
}

static struct texpr *check_lambda(struct arguments *a, const struct sig_type *t, const struct ast_expr *e, int position)
{
    struct checker *c = a->c;
    struct texpr *lambda = texpr_new(c, TEXPR_LAMBDA, NULL, e->span);
    struct env inside = env_inside(a->env);
    for (int i = 0; i < t->params.count; i++) {
        const struct type *type = sig_subst(c, t->params.items[i], &a->binding);
        if (!type) {
            report_untyped(a, e, position);
            return texpr_error(c, e->span);
        }
        struct var *var = var_new(c, VAR_LOCAL, e->params.items[i].text, type, e->params.items[i].span);
        vec_push(c->arena, &inside.vars, var);
        vec_push(c->arena, &lambda->vars, var);
    }
    const struct type *expected = sig_subst(c, t->element, &a->binding);
    struct texpr *body = check_expr(c, &inside, e->left, expected);
    if (is_error(body))
        return body;
    if (!expected && !sig_fits(c, t->element, body, &a->binding, false)) {
        report_lambda_result(a, t->element, body);
        return texpr_error(c, e->span);
    }
    lambda->left = body;
    lambda->type = body->type;
    return lambda;
}

// What the lambda of a fold makes of a B; NULL if it makes nothing of it.
static const struct type *try_fold(struct arguments *a, const struct ast_expr *lambda, const struct type *b)
{
    struct checker *c = a->c;
    const struct sig_type *t = a->signature->params.items[2].type;
    struct diag_mark mark = diag_mark(c);
    struct env inside = env_inside(a->env);
    a->binding.types[sig_var_index('B')] = b;
    for (int i = 0; i < t->params.count; i++)
        vec_push(c->arena, &inside.vars,
                 var_new(c, VAR_LOCAL, lambda->params.items[i].text, sig_subst(c, t->params.items[i], &a->binding),
                         lambda->params.items[i].span));
    c->trying = true;
    struct texpr *body = infer_expr(c, &inside, lambda->left, NULL);
    c->trying = false;
    diag_reset(c, mark);
    return is_error(body) ? NULL : body->type;
}

// `fold(items, 0, (a, i) => a + i.price)`: the 0 is what the lambda makes of it.
static void widen_start(struct arguments *a, const struct call *call)
{
    struct checker *c = a->c;
    struct texpr *start = a->values.items[1];
    const struct ast_expr *lambda = call->arguments.items[2].ast;
    const struct type **bound = &a->binding.types[sig_var_index('B')];
    const struct type *first = *bound;
    // Not while trying: folds in folds would be tried again and again.
    if (c->trying || !is_const(start) || !first || lambda->kind != AST_LAMBDA)
        return;
    const struct type *result = try_fold(a, lambda, first);
    if (!result && type_is_number(first))
        result = try_fold(a, lambda, kind_type(c, TYPE_FLOAT64));
    struct texpr *widened = result ? convert_to(c, start, result) : NULL;
    *bound = widened ? result : first;
    if (widened)
        a->values.items[1] = widened;
}

static void check_arguments(struct arguments *a, const struct call *call)
{
    struct checker *c = a->c;
    for (int i = 0; i < call->arguments.count; i++) {
        const struct argument *argument = &call->arguments.items[i];
        const struct sig_type *t = signature_param(a->signature, i)->type;
        struct texpr *value = argument->value;
        if (!value && t->kind != SIG_LAMBDA)
            value = typed_argument(a, t, argument, i);
        vec_push(c->arena, &a->values, value);
        a->wrong = a->wrong || (value && is_error(value));
    }
    if (!a->wrong && a->signature->id == BUILTIN_FOLD)
        widen_start(a, call);
    for (int i = 0; i < call->arguments.count && !a->wrong; i++) {
        const struct sig_type *t = signature_param(a->signature, i)->type;
        a->values.items[i] = t->kind == SIG_LAMBDA ? check_lambda(a, t, call->arguments.items[i].ast, i)
                                                   : final_argument(a, t, a->values.items[i]);
        a->wrong = a->wrong || is_error(a->values.items[i]);
    }
}

static void add_defaults(struct arguments *a)
{
    for (int i = a->values.count; i < a->signature->params.count; i++) {
        const struct sig_param *param = &a->signature->params.items[i];
        struct texpr *value = texpr_new(a->c, TEXPR_CONST, param->type->type, (struct span){.file = -1});
        value->constant = param->otherwise;
        vec_push(a->c->arena, &a->values, value);
    }
}

// ---- the result ----

static const struct type *first_decimal(const struct arguments *a)
{
    for (int i = 0; i < a->values.count; i++)
        if (a->values.items[i]->type->kind == TYPE_DECIMAL)
            return a->values.items[i]->type;
    return NULL;
}

static const struct type *result_type(struct arguments *a)
{
    struct checker *c = a->c;
    const struct sig_type *t = a->signature->result;
    if (t->kind == SIG_DECIMAL)
        return first_decimal(a);
    const struct type *type = sig_subst(c, t, &a->binding);
    if (!type || (a->signature->id != BUILTIN_SUM && a->signature->id != BUILTIN_SUM_BY))
        return type;
    if (type->kind == TYPE_DECIMAL)
        return type_decimal(c->types, DECIMAL_MAX_DIGITS, type->scale);
    return type_is_integer(type) ? kind_type(c, TYPE_INT64) : type;
}

static struct texpr *call_builtin(struct checker *c, const struct env *env, struct overload overload,
                                  const struct call *call, const struct type *result)
{
    struct arguments a = {.c = c, .env = env, .signature = overload.signature, .binding = overload.binding};
    check_arguments(&a, call);
    if (a.wrong)
        return texpr_error(c, call->ast->span);
    add_defaults(&a);
    const struct type *type = result ? result : result_type(&a);
    if (!type) {
        report_untyped(&a, call->ast->items.items[0], 0);
        return texpr_error(c, call->ast->span);
    }
    struct texpr *e = texpr_new(c, TEXPR_CALL, type, call->ast->span);
    e->builtin = a.signature->id;
    for (int i = 0; i < a.values.count; i++)
        vec_push(c->arena, &e->items, a.values.items[i]);
    if (!check_call_constants(c, e))
        return texpr_error(c, call->ast->span);
    return lift_finish(c, &a.lift, e);
}

struct texpr *call_overloaded(struct checker *c, const struct env *env, const struct call *call,
                              const struct signature *first, const struct type *result)
{
    for (int i = 0; i < call->arguments.count; i++)
        if (call->arguments.items[i].value && is_error(call->arguments.items[i].value))
            return texpr_error(c, call->ast->span);
    struct overload overload = overload_choose(c, first, call);
    if (overload.signature)
        return call_builtin(c, env, overload, call, result);
    report_call(c, call, first);
    return texpr_error(c, call->ast->span);
}

// ---- the program's own functions ----

static struct texpr *infer_fn_call(struct checker *c, const struct env *env, const struct ast_expr *e,
                                   const struct fn *fn)
{
    if (e->items.count != fn->params.count) {
        struct diag *d =
            diag_error(c->bag, e->span, "`%s` takes %d argument%s, here %s %d", fn->name, fn->params.count,
                       fn->params.count == 1 ? "" : "s", e->items.count == 1 ? "is" : "are", e->items.count);
        diag_related(c->bag, d, fn->span, "declared here");
        return texpr_error(c, e->span);
    }
    fn_note_call(c, fn, e->span);
    struct texpr *call = texpr_new(c, TEXPR_CALL_FN, fn->result, e->span);
    struct lift lift = {0};
    bool wrong = fn->result->kind == TYPE_ERROR;
    call->fn = fn;
    for (int i = 0; i < e->items.count; i++) {
        const struct type *type = fn->params.items[i]->type;
        struct texpr *value = infer_expr(c, env, e->items.items[i], type);
        if (!is_error(value) && !type_is_optional(type))
            value = lift_operand(c, &lift, value);
        if (!is_error(value) && type->kind != TYPE_ERROR) {
            struct texpr *converted = convert_to(c, value, type);
            if (!converted) {
                report_mismatch(c, value, type);
                diag_related(c->bag, vec_last(&c->bag->items), fn->params.items[i]->span, "the parameter `%s` of `%s`",
                             fn->params.items[i]->name, fn->name);
            }
            value = converted ? fold_node(c, converted) : texpr_error(c, value->span);
        }
        wrong = wrong || is_error(value);
        vec_push(c->arena, &call->items, value);
    }
    return wrong ? texpr_error(c, e->span) : lift_finish(c, &lift, call);
}

struct texpr *infer_call(struct checker *c, const struct env *env, const struct ast_expr *e, const struct type *hint)
{
    (void)hint;
    struct texpr *before = infer_prev(c, env, e);
    if (before)
        return before;
    struct texpr *aggregate = c->aggregation ? infer_aggregate_call(c, env, e) : NULL;
    if (aggregate)
        return aggregate;
    if (e->where)
        report_where(c, e);
    const struct fn *fn = find_fn(c, e->name.text);
    if (fn)
        return infer_fn_call(c, env, e, fn);
    if (is_aggregate_call(c, env, e))
        return report_aggregate(c, e);
    struct texpr *conversion = infer_conversion(c, env, e);
    if (conversion)
        return conversion;
    const struct signature *first = builtin_find(c->builtins, e->name.text);
    if (first) {
        struct call call = infer_arguments(c, env, e);
        return call_overloaded(c, env, &call, first, NULL);
    }
    return report_unknown_call(c, env, e);
}
