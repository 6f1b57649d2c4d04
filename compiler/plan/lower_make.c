#include <string.h>

#include "plan/lower.h"

// ---- types ----

const struct type *make_type(struct lowering *l, enum type_kind kind)
{
    return type_of_kind(l->c->types, kind);
}

const struct type *make_optional(struct lowering *l, const struct type *type)
{
    return type_optional(l->c->types, type);
}

const struct type *make_record_type(struct lowering *l, const char *const *names, const struct type *const *types,
                                    int count)
{
    struct type_field *fields = arena_alloc(l->c->arena, sizeof *fields * ((size_t)count + 1));
    for (int i = 0; i < count; i++)
        fields[i] = (struct type_field){names[i], types[i]};
    return type_record(l->c->types, NULL, fields, count);
}

const struct type *make_list_type(struct lowering *l, const struct type *element)
{
    return type_list(l->c->types, element);
}

const struct type *make_pair_type(struct lowering *l, const char *a, const struct type *a_type, const char *b,
                                  const struct type *b_type)
{
    return make_record_type(l, (const char *[]){a, b}, (const struct type *[]){a_type, b_type}, 2);
}

// ---- values ----

struct texpr *make_int(struct lowering *l, int64_t value)
{
    return texpr_int(l->c, make_type(l, TYPE_INT64), value, l->span);
}

struct texpr *make_zero(struct lowering *l, const struct type *type)
{
    if (type->kind == TYPE_DECIMAL)
        return texpr_text(l->c, type, "0", 1, l->span);
    return texpr_int(l->c, type, 0, l->span); // of floats the number, which is 0 too
}

struct texpr *make_empty(struct lowering *l, const struct type *type)
{
    enum texpr_kind kind = type->kind == TYPE_LIST ? TEXPR_LIST : type->kind == TYPE_MAP ? TEXPR_MAP : TEXPR_NONE;
    return texpr_new(l->c, kind, type, l->span);
}

struct texpr *make_var(struct lowering *l, struct var *var)
{
    return texpr_var(l->c, var, l->span);
}

struct texpr *make_record(struct lowering *l, const struct type *type, struct texpr *const *items)
{
    struct texpr *e = texpr_new(l->c, TEXPR_RECORD, type, l->span);
    for (int i = 0; i < type->fields.count; i++)
        vec_push(l->c->arena, &e->items, items[i]);
    return e;
}

struct texpr *make_field(struct lowering *l, struct texpr *record, int index)
{
    if (record->kind == TEXPR_RECORD)
        return record->items.items[index];
    return texpr_field(l->c, record, index, l->span);
}

struct texpr *make_as(struct lowering *l, struct texpr *e, const struct type *type)
{
    if (e->type == type)
        return e;
    if (type_is_optional(type) && !type_is_optional(e->type))
        return texpr_some(l->c, make_as(l, e, type->element));
    return fold_node(l->c, texpr_unary(l->c, TEXPR_WIDEN, type, e, l->span));
}

// ---- operators ----

struct texpr *make_arith(struct lowering *l, enum ast_op op, const struct type *type, struct texpr *a, struct texpr *b)
{
    return fold_node(l->c, texpr_binary(l->c, TEXPR_ARITH, op, type, a, b, l->span));
}

static struct texpr *make_test(struct lowering *l, enum texpr_kind kind, enum ast_op op, struct texpr *a,
                               struct texpr *b)
{
    return fold_node(l->c, texpr_binary(l->c, kind, op, make_type(l, TYPE_BOOL), a, b, l->span));
}

struct texpr *make_compare(struct lowering *l, enum ast_op op, struct texpr *a, struct texpr *b)
{
    return make_test(l, TEXPR_COMPARE, op, a, b);
}

struct texpr *make_or(struct lowering *l, struct texpr *a, struct texpr *b)
{
    return make_test(l, TEXPR_OR, OP_OR, a, b);
}

struct texpr *make_is_null(struct lowering *l, struct texpr *e)
{
    return fold_node(l->c, texpr_unary(l->c, TEXPR_IS_NULL, make_type(l, TYPE_BOOL), e, l->span));
}

struct texpr *make_unwrap(struct lowering *l, struct texpr *e)
{
    return fold_node(l->c, texpr_unary(l->c, TEXPR_UNWRAP, e->type->element, e, l->span));
}

struct texpr *make_if(struct lowering *l, struct texpr *cond, struct texpr *yes, struct texpr *no)
{
    if (yes == no)
        return yes;
    struct texpr *e = texpr_new(l->c, TEXPR_IF, yes->type, l->span);
    e->cond = cond;
    e->left = yes;
    e->right = no;
    return fold_node(l->c, e);
}

struct texpr *make_call(struct lowering *l, enum builtin_id id, const struct type *type, struct texpr *const *args,
                        int count)
{
    struct texpr *e = texpr_new(l->c, TEXPR_CALL, type, l->span);
    e->builtin = id;
    for (int i = 0; i < count; i++)
        vec_push(l->c->arena, &e->items, args[i]);
    return e;
}

struct texpr *make_length(struct lowering *l, struct texpr *list)
{
    return make_call(l, BUILTIN_LENGTH_LIST, make_type(l, TYPE_INT64), &list, 1);
}

struct texpr *make_of_some(struct lowering *l, const struct type *result, struct texpr *count, struct texpr *value)
{
    if (!type_is_optional(result))
        return value;
    return make_if(l, make_compare(l, OP_EQ, count, make_int(l, 0)), make_empty(l, result), make_as(l, value, result));
}

// ---- names ----

static bool is_path(const struct texpr *e)
{
    while (e->kind == TEXPR_FIELD || e->kind == TEXPR_UNWRAP)
        e = e->left;
    return e->kind == TEXPR_VAR || e->kind == TEXPR_CONST || e->kind == TEXPR_NONE;
}

struct let_binding make_let(struct lowering *l, const char *name, struct texpr *e)
{
    struct let_binding let = {.value = e, .named = e};
    if (is_path(e))
        return let;
    let.var = var_new(l->c, VAR_LOCAL, name, e->type, l->span);
    let.named = make_var(l, let.var);
    return let;
}

struct texpr *let_around(struct lowering *l, const struct let_binding *let, struct texpr *body)
{
    if (!let->var)
        return body;
    struct texpr *e = texpr_unary(l->c, TEXPR_LET, body->type, body, l->span);
    vec_push(l->c->arena, &e->vars, let->var);
    vec_push(l->c->arena, &e->items, let->value);
    return e;
}

// ---- replacing ----

struct replacing {
    struct arena *arena;
    struct var *const *from;
    struct texpr *const *to;
    int count;
};

static struct texpr *replace(const struct replacing *r, struct texpr *e)
{
    if (!e)
        return NULL;
    for (int i = 0; e->kind == TEXPR_VAR && i < r->count; i++)
        if (e->var == r->from[i])
            return r->to[i];
    struct texpr *copy = arena_new_of(r->arena, struct texpr);
    *copy = *e;
    copy->cond = replace(r, e->cond);
    copy->left = replace(r, e->left);
    copy->right = replace(r, e->right);
    memset(&copy->items, 0, sizeof copy->items);
    memset(&copy->keys, 0, sizeof copy->keys);
    memset(&copy->arms, 0, sizeof copy->arms);
    for (int i = 0; i < e->items.count; i++)
        vec_push(r->arena, &copy->items, replace(r, e->items.items[i]));
    for (int i = 0; i < e->keys.count; i++)
        vec_push(r->arena, &copy->keys, replace(r, e->keys.items[i]));
    for (int i = 0; i < e->arms.count; i++) {
        struct texpr_arm arm = e->arms.items[i];
        arm.value = replace(r, arm.value);
        vec_push(r->arena, &copy->arms, arm);
    }
    return copy;
}

struct texpr *make_replaced(struct lowering *l, struct texpr *e, struct var *const *from, struct texpr *const *to,
                            int count)
{
    struct replacing r = {l->c->arena, from, to, count};
    return replace(&r, e);
}
