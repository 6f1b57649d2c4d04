// Constant folding. What fails when it is computed stays as it is, with a warning: it fails for every record.
#include "types/fold.h"

#include <string.h>

static bool is_true(const struct texpr *e)
{
    return is_const(e) && e->constant.integer != 0;
}

static bool is_false(const struct texpr *e)
{
    return is_const(e) && e->constant.integer == 0;
}

static struct texpr *fold_and_or(struct texpr *e)
{
    bool and = e->kind == TEXPR_AND;
    if (is_const(e->left))
        return is_true(e->left) == and? e->right : e->left;
    // The other way round the left side would no longer be computed, which may fail.
    if (is_const(e->right) && is_true(e->right) == and)
        return e->left;
    return e;
}

static struct texpr *fold_not(struct checker *c, struct texpr *e)
{
    if (is_const(e->left))
        return texpr_bool(c, !e->left->constant.integer, e->span);
    return e->left->kind == TEXPR_NOT ? e->left->left : e;
}

static struct texpr *fold_coalesce(struct texpr *e)
{
    if (e->left->kind == TEXPR_NONE)
        return e->right;
    if (e->left->kind == TEXPR_SOME)
        return type_is_optional(e->type) ? e->left : e->left->left;
    return e;
}

static struct texpr *fold_lift(struct checker *c, struct texpr *e)
{
    for (int i = 0; i < e->items.count; i++)
        if (e->items.items[i]->kind == TEXPR_NONE)
            return texpr_none(c, e->type, e->span);
    return e;
}

static struct texpr *fold_is_null(struct checker *c, struct texpr *e)
{
    if (e->left->kind == TEXPR_NONE)
        return texpr_bool(c, true, e->span);
    if (e->left->kind == TEXPR_SOME && is_const(e->left->left))
        return texpr_bool(c, false, e->span);
    return e;
}

static struct texpr *fold_widen(struct checker *c, struct texpr *e)
{
    struct texpr *constant = is_const(e->left) ? convert_const(c, e->left, e->type) : NULL;
    return constant ? constant : e;
}

struct texpr *fold_node(struct checker *c, struct texpr *e)
{
    switch (e->kind) {
    case TEXPR_ARITH: return fold_arith(c, e);
    case TEXPR_NEG: return fold_negative(c, e);
    case TEXPR_COMPARE: return fold_compare(c, e);
    case TEXPR_AND:
    case TEXPR_OR: return fold_and_or(e);
    case TEXPR_NOT: return fold_not(c, e);
    case TEXPR_IF: return is_true(e->cond) ? e->left : is_false(e->cond) ? e->right : e;
    case TEXPR_COALESCE: return fold_coalesce(e);
    case TEXPR_IS_NULL: return fold_is_null(c, e);
    case TEXPR_UNWRAP: return e->left->kind == TEXPR_SOME ? e->left->left : e;
    case TEXPR_LIFT: return fold_lift(c, e);
    case TEXPR_WIDEN: return fold_widen(c, e);
    case TEXPR_TRY: return is_const(e->left) ? texpr_some(c, e->left) : e;
    case TEXPR_CALL: return fold_call(c, e);
    default: return e;
    }
}

struct texpr *fold_expr(struct checker *c, struct texpr *e)
{
    struct texpr **sides[] = {&e->cond, &e->left, &e->right};
    if (is_error(e))
        return e;
    for (int i = 0; i < 3; i++)
        if (*sides[i])
            *sides[i] = fold_expr(c, *sides[i]);
    for (int i = 0; i < e->items.count; i++)
        e->items.items[i] = fold_expr(c, e->items.items[i]);
    for (int i = 0; i < e->keys.count; i++)
        e->keys.items[i] = fold_expr(c, e->keys.items[i]);
    for (int i = 0; i < e->arms.count; i++)
        e->arms.items[i].value = fold_expr(c, e->arms.items[i].value);
    return fold_node(c, e);
}
