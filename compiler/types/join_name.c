// What the sides of a join are called: NAME is a side's value, in `on` NAME.key its key. NAME.value is a value that has no fields.
#include <string.h>

#include "types/expr.h"
#include "types/flow_check.h"

// A field of that name is written in backquotes.
static bool is_quoted(const struct checker *c, struct name name)
{
    return name.span.file >= 0 && c->bag->sources->files.items[name.span.file]->text[name.span.begin] == '`';
}

static const struct env *find_alias(const struct env *env, const char *name)
{
    for (; env; env = env->outer) {
        for (int i = 0; i < env->vars.count; i++)
            if (strcmp(env->vars.items[i]->name, name) == 0)
                return NULL;
        if (env->shape && env->alias && strcmp(env->alias, name) == 0)
            return env;
    }
    return NULL;
}

static bool is_join_name(const struct checker *c, const struct var *var)
{
    for (int i = 0; c->flow_scope && i < c->flow_scope->join_names.count; i++)
        if (c->flow_scope->join_names.items[i] == var)
            return true;
    return false;
}

static bool has_field(const struct type *type, const char *name)
{
    type = type_plain(type);
    return type->kind == TYPE_UNION || (type->kind == TYPE_RECORD && type_field_index(type, name) >= 0);
}

static const struct var *named_var(const struct texpr *e)
{
    while (e->kind == TEXPR_UNWRAP)
        e = e->left;
    return e->kind == TEXPR_VAR ? e->var : NULL;
}

// The side that E's left is the name of, and that has no such field; NULL: none.
static struct texpr *side_without_field(struct checker *c, const struct env *env, const struct ast_expr *e)
{
    struct diag_mark mark = diag_mark(c);
    struct texpr *side = infer_expr(c, env, e->left, NULL);
    diag_reset(c, mark);
    const struct var *var = is_error(side) ? NULL : named_var(side);
    bool is_side = var && (is_join_name(c, var) || find_alias(env, e->left->name.text));
    return is_side && !has_field(var->type, e->name.text) ? side : NULL;
}

static struct texpr *report_key(struct checker *c, const struct ast_expr *e)
{
    struct diag *d =
        diag_error(c->bag, e->span, "behind a join a side is its value: `%s` has no `key`", e->left->name.text);
    diag_help(c->bag, d, "it is what `on` says it is equal to; without `on`, `key`");
    return texpr_error(c, e->span);
}

struct texpr *infer_join_member(struct checker *c, const struct env *env, const struct ast_expr *e)
{
    if (e->left->kind != AST_NAME || is_quoted(c, e->name))
        return NULL;
    if (strcmp(e->name.text, "value") == 0)
        return side_without_field(c, env, e);
    if (strcmp(e->name.text, "key") != 0)
        return NULL;
    const struct env *side = find_alias(env, e->left->name.text);
    if (side)
        return narrow_apply(c, env, texpr_var(c, side->shape->key, e->span));
    return side_without_field(c, env, e) ? report_key(c, e) : NULL;
}
