// Operators: which rule a pair of operands falls under.
#include "types/expr.h"

static bool is_boolean(const struct texpr *e)
{
    return type_plain(e->type)->kind == TYPE_BOOL;
}

static struct texpr *operand_bool(struct checker *c, const struct env *env, const struct ast_expr *e, const char *op)
{
    struct texpr *operand = infer_expr(c, env, e, NULL);
    if (is_error(operand) || is_boolean(operand))
        return operand;
    struct diag *d = diag_error(c->bag, operand->span, "`%s` is for bool values", op);
    diag_label(c->bag, d, "this is %s", type_show(c->arena, operand->type));
    help_bool(c, d, operand);
    return texpr_error(c, operand->span);
}

// `a && b` of bools that may be null: the left decides if it can, else the result is null if an operand is.
static struct texpr *lifted_and_or(struct checker *c, const struct ast_expr *e, struct texpr *left, struct texpr *right)
{
    struct lift outer = {0};
    struct texpr *a = lift_operand(c, &outer, left);
    struct texpr *b = texpr_some(c, right);
    struct texpr *decided = texpr_some(c, texpr_bool(c, e->op == OP_OR, e->span));
    struct texpr *choice = texpr_new(c, TEXPR_IF, b->type, e->span);
    choice->cond = a;
    choice->left = e->op == OP_OR ? decided : b;
    choice->right = e->op == OP_OR ? b : decided;
    return lift_finish(c, &outer, choice);
}

static struct texpr *infer_and_or(struct checker *c, const struct env *env, const struct ast_expr *e)
{
    const char *op = e->op == OP_AND ? "&&" : "||";
    struct texpr *left = operand_bool(c, env, e->left, op);
    struct env inside = env_inside(env);
    if (!is_error(left))
        narrow_when(c, left, e->op == OP_AND, &inside.known);
    struct texpr *right = operand_bool(c, &inside, e->right, op);
    if (is_error(left) || is_error(right))
        return texpr_error(c, e->span);
    if (type_is_optional(left->type) || type_is_optional(right->type))
        return lifted_and_or(c, e, left, right);
    return texpr_binary(c, e->op == OP_AND ? TEXPR_AND : TEXPR_OR, e->op, left->type, left, right, e->span);
}

static struct texpr *never_null(struct checker *c, const struct ast_expr *e, struct texpr *left)
{
    struct diag *d = diag_warning(c->bag, e->op_span, "the right side of `?\?` is never used");
    diag_related(c->bag, d, left->span, "this is %s and never null", type_show(c->arena, left->type));
    return left;
}

static struct texpr *infer_coalesce(struct checker *c, const struct env *env, const struct ast_expr *e,
                                    const struct type *hint)
{
    struct texpr *left = infer_expr(c, env, e->left, hint ? type_optional(c->types, hint) : NULL);
    struct texpr *right = infer_expr(c, env, e->right, is_error(left) || is_null(left) ? hint : type_plain(left->type));
    if (is_error(left) || is_error(right))
        return texpr_error(c, e->span);
    if (is_null(left))
        return right;
    if (!type_is_optional(left->type))
        return never_null(c, e, left);
    struct texpr plain = {.kind = TEXPR_VAR, .type = left->type->element};
    const struct type *type = common_type(c, &plain, right);
    if (!type) {
        report_mismatch(c, right, left->type->element);
        return texpr_error(c, e->span);
    }
    left = convert_to(c, left, type_optional(c->types, type));
    right = convert_to(c, right, type);
    return texpr_binary(c, TEXPR_COALESCE, OP_COALESCE, type, left, right, e->span);
}

// ---- one operand ----

static struct texpr *infer_negative(struct checker *c, const struct env *env, const struct ast_expr *e,
                                    const struct type *hint)
{
    if (e->left->kind == AST_INT || e->left->kind == AST_NUMBER) {
        struct texpr *number = infer_number(c, e->left, true, hint);
        number->span = e->span;
        return number;
    }
    struct texpr *operand = require_type(c, infer_expr(c, env, e->left, hint));
    if (is_error(operand))
        return operand;
    struct lift lift = {0};
    struct texpr *left = lift_operand(c, &lift, operand);
    if (type_is_number(left->type) || left->type->kind == TYPE_DURATION)
        return lift_finish(c, &lift, texpr_unary(c, TEXPR_NEG, left->type, left, e->span));
    struct diag *d = diag_error(c->bag, e->span, "`-` is for numbers and durations");
    diag_label(c->bag, d, "this is %s", type_show(c->arena, operand->type));
    return texpr_error(c, e->span);
}

struct texpr *infer_unary(struct checker *c, const struct env *env, const struct ast_expr *e, const struct type *hint)
{
    if (e->op == OP_NEG)
        return infer_negative(c, env, e, hint);
    struct texpr *operand = operand_bool(c, env, e->left, "!");
    if (is_error(operand))
        return operand;
    struct lift lift = {0};
    struct texpr *left = lift_operand(c, &lift, operand);
    return lift_finish(c, &lift, texpr_unary(c, TEXPR_NOT, left->type, left, e->span));
}

// ---- two operands ----

// The side that knows its type tells the other what to be.
static void infer_operands(struct checker *c, const struct env *env, const struct ast_expr *e, struct texpr **left,
                           struct texpr **right)
{
    if (needs_hint(c, env, e->left) && !needs_hint(c, env, e->right)) {
        *right = infer_expr(c, env, e->right, NULL);
        *left = infer_expr(c, env, e->left, is_error(*right) ? NULL : type_plain((*right)->type));
    } else {
        *left = infer_expr(c, env, e->left, NULL);
        *right = infer_expr(c, env, e->right, is_error(*left) ? NULL : type_plain((*left)->type));
    }
}

struct texpr *infer_binary(struct checker *c, const struct env *env, const struct ast_expr *e, const struct type *hint)
{
    if (e->op == OP_AND || e->op == OP_OR)
        return infer_and_or(c, env, e);
    if (e->op == OP_COALESCE)
        return infer_coalesce(c, env, e, hint);
    struct texpr *left, *right;
    infer_operands(c, env, e, &left, &right);
    if (is_error(left) || is_error(right))
        return texpr_error(c, e->span);
    return e->op >= OP_EQ && e->op <= OP_GE ? infer_compare(c, e, left, right) : infer_arith(c, e, left, right, hint);
}
