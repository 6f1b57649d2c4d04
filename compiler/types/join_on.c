// `on L == R`: which side each is of, and what both are as one type.
#include <string.h>

#include "types/join_check.h"

bool join_is_key(const struct join_side *side)
{
    const struct texpr *e = side->on;
    while (e->kind == TEXPR_UNWRAP || e->kind == TEXPR_SOME)
        e = e->left;
    return e->kind == TEXPR_VAR && e->var == side->at->out.key;
}

// ---- which side is which ----

static bool report_no_equation(const struct join_check *j, const struct ast_expr *on)
{
    struct checker *c = j->c;
    if (on->kind == AST_ERROR)
        return false;
    struct diag *d = diag_error(c->bag, on->span, "`on` says what of the two sides is equal");
    if (on->kind == AST_BINARY && on->op == OP_AND)
        diag_help(c->bag, d, "several at once are a record: `on { a, b } == { a: %s.a, b: %s.b }`", j->right.name,
                  j->right.name);
    else
        diag_help(c->bag, d, "for example `on id == %s.key`", j->right.name);
    return false;
}

static bool is_field(const struct shape *shape, const struct ast_expr *e)
{
    const struct type *type = type_plain(shape->value->type);
    return e->kind == AST_NAME && type->kind == TYPE_RECORD && type_field_index(type, e->name.text) >= 0;
}

static bool report_neither(const struct join_check *j, const struct ast_expr *on)
{
    struct checker *c = j->c;
    struct diag *d = diag_error(c->bag, on->span, "neither side of `==` names `%s`", j->right.name);
    const struct ast_expr *sides[] = {on->right, on->left};
    for (int i = 0; i < 2; i++)
        if (is_field(&j->right.at->out, sides[i])) {
            diag_help(c->bag, d, "write `%s.%s`", j->right.name, sides[i]->name.text);
            return false;
        }
    diag_help(c->bag, d, "its key is `%s.key`, a field of its value `%s.NAME`", j->right.name, j->right.name);
    return false;
}

static bool report_both(const struct join_check *j, const struct ast_expr *on)
{
    struct diag *d = diag_error(j->c->bag, on->span, "both sides of `==` name `%s`", j->right.name);
    diag_help(j->c->bag, d, "one of them is of `%s`: `on id == %s.key`", j->left.name, j->right.name);
    return false;
}

// Either order will do: the right side is the one that is named.
static bool find_sides(const struct join_check *j, const struct ast_expr **left, const struct ast_expr **right)
{
    const struct ast_expr *on = j->ast->join.on;
    if (on->kind != AST_BINARY || on->op != OP_EQ)
        return report_no_equation(j, on);
    bool first = expr_mentions(on->left, j->right.name), second = expr_mentions(on->right, j->right.name);
    if (first && second)
        return report_both(j, on);
    if (!first && !second)
        return report_neither(j, on);
    *left = first ? on->right : on->left;
    *right = first ? on->left : on->right;
    return true;
}

// ---- as one type ----

static const struct type *like(struct checker *c, const struct type *type, const struct texpr *e)
{
    type = type_plain(type);
    return type_is_optional(e->type) ? type_optional(c->types, type) : type;
}

static struct texpr *as_type(struct checker *c, struct texpr *e, const struct type *type)
{
    if (type_same(type_plain(e->type), type_plain(type)))
        return e;
    struct texpr *converted = convert_to(c, e, like(c, type, e));
    return converted ? fold_expr(c, converted) : NULL;
}

static bool report_types(const struct join_check *j)
{
    struct checker *c = j->c;
    const struct ast_expr *on = j->ast->join.on;
    struct span span = on ? on->span : j->ast->join.source.span;
    const struct type *left = j->left.on->type, *right = j->right.on->type;
    struct diag *d = diag_error(c->bag, span,
                                on ? "the sides of `on` are of different types" //
                                   : "the keys of the two sides are of different types");
    diag_label(c->bag, d, "%s of `%s`, %s of `%s`", type_show(c->arena, left), j->left.name, type_show(c->arena, right),
               j->right.name);
    if (!on)
        diag_help(c->bag, d, "say what of them is equal: `on ... == %s.key`", j->right.name);
    else if (!help_conversion(c, d, source_text(c, j->left.on->span), left, right))
        diag_help(c->bag, d, "convert one to the type of the other");
    return false;
}

static bool is_table(const struct join_side *side)
{
    return side->at->out.kind == FLOW_TABLE;
}

// A side stays where it is if it is matched by its key; the other one is brought to it.
static bool bring_types(struct join_check *j)
{
    struct checker *c = j->c;
    struct texpr *left = j->left.on, *right = j->right.on, *made;
    if (type_same(type_plain(left->type), type_plain(right->type)))
        return true;
    // Without `on` keys are matched as they are.
    if (!j->ast->join.on)
        return report_types(j);
    if ((is_table(&j->right) || join_is_key(&j->right)) && (made = as_type(c, left, right->type))) {
        j->left.on = made;
        return true;
    }
    if (is_table(&j->right))
        return report_types(j);
    if (join_is_key(&j->left) && (made = as_type(c, right, left->type))) {
        j->right.on = made;
        return true;
    }
    const struct type *common = common_type(c, left, right);
    if (!common)
        return report_types(j);
    j->left.on = as_type(c, left, common);
    j->right.on = as_type(c, right, common);
    return (j->left.on && j->right.on) || report_types(j);
}

// ---- what is joined by what ----

static bool report_not_key(const struct join_check *j)
{
    struct checker *c = j->c;
    struct diag *d = diag_error(c->bag, j->right.on->span, "a table is found by its key: `%s.key`", j->right.name);
    diag_label(c->bag, d, "this is something else");
    if (j->left.at->out.kind == FLOW_TABLE && join_is_key(&j->left))
        diag_help(c->bag, d, "turn the join around: `%s | join %s on ... == %s.key`", j->right.flow, j->left.name,
                  j->left.name);
    else
        diag_help(c->bag, d, "make a table with that key first: `table NAME = %s | as stream | key by ... | as table`",
                  j->right.flow);
    return false;
}

// A let of the left side's name is what it was at an earlier join.
static const char *left_alias(const struct join_check *j)
{
    const struct shape *shape = &j->left.at->out;
    for (int i = 0; i < shape->lets.count; i++)
        if (strcmp(shape->lets.items[i]->name, j->left.name) == 0)
            return NULL;
    return j->left.name;
}

static struct texpr *check_left(struct join_check *j, const struct ast_expr *e, const struct type *hint)
{
    struct env env = shape_env(&j->left.at->out);
    env.alias = left_alias(j);
    return fold_expr(j->c, require_type(j->c, infer_expr(j->c, &env, e, hint)));
}

static struct texpr *check_right(struct join_check *j, const struct ast_expr *e)
{
    struct env env = shape_env(&j->right.at->out);
    env.alias = j->right.name;
    env.only_alias = true;
    return fold_expr(j->c, require_type(j->c, infer_expr(j->c, &env, e, NULL)));
}

bool join_check_on(struct join_check *j)
{
    struct checker *c = j->c;
    const struct ast_expr *left, *right;
    j->left.on = texpr_var(c, j->left.at->out.key, j->left.span);
    j->right.on = texpr_var(c, j->right.at->out.key, j->right.span);
    if (j->ast->join.on) {
        if (!find_sides(j, &left, &right))
            return false;
        j->right.on = check_right(j, right);
        j->left.on = check_left(j, left, is_error(j->right.on) ? NULL : j->right.on->type);
    }
    if (is_error(j->left.on) || is_error(j->right.on))
        return false;
    if (is_table(&j->right) && !join_is_key(&j->right))
        return report_not_key(j);
    return bring_types(j);
}
