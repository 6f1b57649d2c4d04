// `if ... then ... else`, and `in`.
#include "types/expr.h"

static struct texpr *report_branches(struct checker *c, const struct ast_expr *e, const struct texpr *left,
                                     const struct texpr *right)
{
    struct diag *d = diag_error(c->bag, right->span, "`then` and `else` give different types");
    diag_label(c->bag, d, "this is %s", type_show(c->arena, right->type));
    diag_related(c->bag, d, left->span, "this is %s", type_show(c->arena, left->type));
    const struct type *s = type_plain(left->type), *t = type_plain(right->type);
    if (!help_conversion(c, d, source_text(c, right->span), t, s))
        help_conversion(c, d, source_text(c, left->span), s, t);
    return texpr_error(c, e->span);
}

struct texpr *infer_if(struct checker *c, const struct env *env, const struct ast_expr *e, const struct type *hint)
{
    struct texpr *cond = check_bool(c, env, e->cond);
    struct env yes = env_inside(env), no = env_inside(env);
    if (!is_error(cond)) {
        narrow_when(c, cond, true, &yes.known);
        narrow_when(c, cond, false, &no.known);
    }
    struct texpr *branches[2];
    bool right_first = !hint && needs_hint(c, env, e->left) && !needs_hint(c, env, e->right);
    for (int i = 0; i < 2; i++) {
        bool right = (i == 1) != right_first;
        const struct texpr *other = i == 1 ? branches[!right] : NULL;
        const struct type *expected = hint ? hint : other && !is_error(other) ? type_plain(other->type) : NULL;
        branches[right] = infer_expr(c, right ? &no : &yes, right ? e->right : e->left, expected);
    }
    if (is_error(cond) || is_error(branches[0]) || is_error(branches[1]))
        return texpr_error(c, e->span);
    const struct type *type = unify(c, branches, 2, hint);
    if (!type)
        return report_branches(c, e, branches[0], branches[1]);
    struct texpr *result = texpr_binary(c, TEXPR_IF, e->op, type, branches[0], branches[1], e->span);
    result->cond = cond;
    return result;
}

// ---- in ----

static struct texpr *report_not_list(struct checker *c, const struct ast_expr *e, const struct texpr *right)
{
    const struct type *type = type_plain(right->type);
    const char *a = source_text(c, e->left->span), *b = source_text(c, e->right->span);
    struct diag *d = diag_error(c->bag, right->span, "`in` looks into a list");
    diag_label(c->bag, d, "this is %s", type_show(c->arena, right->type));
    if (type->kind == TYPE_STRING || type->kind == TYPE_MAP)
        diag_help(c->bag, d, "write `contains(%s, %s)`", b, a);
    else
        diag_help(c->bag, d, "a list is written `[a, b]`");
    return texpr_error(c, e->span);
}

static struct texpr *report_element(struct checker *c, const struct ast_expr *e, const struct texpr *left,
                                    const struct texpr *right)
{
    struct diag *d = diag_error(c->bag, left->span, "a list of %s can't have %s in it",
                                type_show(c->arena, right->type->element), type_show(c->arena, left->type));
    diag_related(c->bag, d, right->span, "this is %s", type_show(c->arena, right->type));
    help_conversion(c, d, source_text(c, left->span), type_plain(left->type), right->type->element);
    return texpr_error(c, e->span);
}

// A null is in no list of plain values.
static struct texpr *search(struct checker *c, const struct ast_expr *e, struct texpr *left, struct texpr *right)
{
    struct lift lift = {0};
    if (type_is_optional(left->type) && !type_is_optional(right->type->element))
        left = lift_operand(c, &lift, left);
    struct texpr *item = convert_to(c, left, right->type->element);
    if (!item)
        return report_element(c, e, left, right);
    struct texpr *test = texpr_binary(c, TEXPR_IN, OP_EQ, kind_type(c, TYPE_BOOL), item, right, e->span);
    test->negated = e->boolean;
    return lift_bool(c, &lift, test, e->boolean);
}

struct texpr *infer_in(struct checker *c, const struct env *env, const struct ast_expr *e)
{
    struct texpr *left = NULL, *right;
    bool from_list = needs_hint(c, env, e->left) && !needs_hint(c, env, e->right);
    if (!from_list)
        left = infer_expr(c, env, e->left, NULL);
    const struct type *element = left && !is_error(left) ? type_plain(left->type) : NULL;
    bool listed = element && e->right->kind == AST_LIST && element->kind == TYPE_ENUM;
    right = infer_expr(c, env, e->right, listed ? type_list(c->types, element) : NULL);
    if (from_list) {
        const struct type *type = is_error(right) ? right->type : type_plain(right->type);
        left = infer_expr(c, env, e->left, type->kind == TYPE_LIST ? type_plain(type->element) : NULL);
    }
    if (is_error(left) || is_error(right))
        return texpr_error(c, e->span);
    if (type_plain(right->type)->kind != TYPE_LIST)
        return report_not_list(c, e, right);
    if (type_is_optional(right->type)) {
        report_may_be_null(c, right);
        return texpr_error(c, e->span);
    }
    if (element && right->kind == TEXPR_LIST) {
        // The elements become what they are compared with, if they can.
        struct texpr *converted = convert_to(c, right, type_list(c->types, element));
        right = converted ? fold_node(c, converted) : right;
    }
    return search(c, e, left, right);
}
