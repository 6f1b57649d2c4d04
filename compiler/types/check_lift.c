// Operators and functions are written for values that are there; given a T? they are lifted: null if an operand is.
#include "types/expr.h"

struct texpr *lift_operand(struct checker *c, struct lift *lift, struct texpr *e)
{
    if (is_error(e) || !type_is_optional(e->type))
        return e;
    if (e->kind == TEXPR_SOME)
        return e->left;
    const char *name = "it";
    if (e->kind == TEXPR_VAR)
        name = e->var->name;
    else if (e->kind == TEXPR_FIELD)
        name = e->left->type->fields.items[e->index].name;
    struct var *var = var_new(c, VAR_LOCAL, name, e->type->element, e->span);
    vec_push(c->arena, &lift->vars, var);
    vec_push(c->arena, &lift->items, e);
    return texpr_var(c, var, e->span);
}

struct texpr *lift_finish(struct checker *c, struct lift *lift, struct texpr *body)
{
    if (lift->vars.count == 0 || is_error(body))
        return body;
    struct texpr *some = texpr_some(c, fold_node(c, body));
    struct texpr *result = texpr_unary(c, TEXPR_LIFT, some->type, some, body->span);
    for (int i = 0; i < lift->vars.count; i++) {
        vec_push(c->arena, &result->vars, lift->vars.items[i]);
        vec_push(c->arena, &result->items, lift->items.items[i]);
    }
    return result;
}

struct texpr *lift_bool(struct checker *c, struct lift *lift, struct texpr *body, bool when_null)
{
    struct texpr *lifted = lift_finish(c, lift, body);
    if (lifted == body)
        return body;
    return texpr_binary(c, TEXPR_COALESCE, OP_COALESCE, kind_type(c, TYPE_BOOL), lifted,
                        texpr_bool(c, when_null, body->span), body->span);
}
