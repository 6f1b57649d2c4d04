#include "types/expr.h"

struct texpr *texpr_new(struct checker *c, enum texpr_kind kind, const struct type *type, struct span span)
{
    struct texpr *e = arena_new_of(c->arena, struct texpr);
    e->kind = kind;
    e->type = type;
    e->span = span;
    return e;
}

const struct type *kind_type(struct checker *c, enum type_kind kind)
{
    return type_of_kind(c->types, kind);
}

struct texpr *texpr_error(struct checker *c, struct span span)
{
    return texpr_new(c, TEXPR_ERROR, kind_type(c, TYPE_ERROR), span);
}

struct texpr *texpr_var(struct checker *c, struct var *var, struct span span)
{
    struct texpr *e = texpr_new(c, var->type->kind == TYPE_ERROR ? TEXPR_ERROR : TEXPR_VAR, var->type, span);
    e->var = var;
    return e;
}

struct texpr *texpr_bool(struct checker *c, bool value, struct span span)
{
    return texpr_int(c, kind_type(c, TYPE_BOOL), value, span);
}

struct texpr *texpr_int(struct checker *c, const struct type *type, int64_t value, struct span span)
{
    struct texpr *e = texpr_new(c, TEXPR_CONST, type, span);
    e->constant.integer = value;
    return e;
}

struct texpr *texpr_text(struct checker *c, const struct type *type, const char *text, uint32_t len, struct span span)
{
    struct texpr *e = texpr_new(c, TEXPR_CONST, type, span);
    e->constant.text = text;
    e->constant.len = len;
    return e;
}

struct texpr *texpr_none(struct checker *c, const struct type *optional, struct span span)
{
    return texpr_new(c, TEXPR_NONE, optional, span);
}

struct texpr *texpr_some(struct checker *c, struct texpr *e)
{
    if (is_error(e) || type_is_optional(e->type))
        return e;
    return texpr_unary(c, TEXPR_SOME, type_optional(c->types, e->type), e, e->span);
}

struct texpr *texpr_unary(struct checker *c, enum texpr_kind kind, const struct type *type, struct texpr *left,
                          struct span span)
{
    struct texpr *e = texpr_new(c, kind, type, span);
    e->left = left;
    return e;
}

struct texpr *texpr_binary(struct checker *c, enum texpr_kind kind, enum ast_op op, const struct type *type,
                           struct texpr *left, struct texpr *right, struct span span)
{
    struct texpr *e = texpr_new(c, kind, type, span);
    e->op = op;
    e->left = left;
    e->right = right;
    return e;
}

struct texpr *texpr_call1(struct checker *c, enum builtin_id id, const struct type *type, struct texpr *argument)
{
    struct texpr *e = texpr_new(c, TEXPR_CALL, type, argument->span);
    e->builtin = id;
    vec_push(c->arena, &e->items, argument);
    return e;
}

struct texpr *texpr_field(struct checker *c, struct texpr *record, int index, struct span span)
{
    const struct type *type = record->type->fields.items[index].type;
    if (type->kind == TYPE_ERROR)
        return texpr_error(c, span);
    struct texpr *e = texpr_unary(c, TEXPR_FIELD, type, record, span);
    e->index = index;
    return e;
}

bool is_error(const struct texpr *e)
{
    return e->kind == TEXPR_ERROR || e->type->kind == TYPE_ERROR;
}

bool is_null(const struct texpr *e)
{
    return e->type->kind == TYPE_NULL;
}

bool is_const(const struct texpr *e)
{
    return e->kind == TEXPR_CONST;
}
