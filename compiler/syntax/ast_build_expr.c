#include <string.h>

#include "syntax/ast_build.h"

enum { MAX_HEIGHT = 4000 };

static struct ast_expr *new_expr(struct parser *p, enum ast_expr_kind kind, struct span span)
{
    struct ast_expr *e = arena_new_of(p->arena, struct ast_expr);
    e->kind = kind;
    e->span = span;
    e->height = 1;
    return e;
}

struct ast_expr *build_error_expr(struct parser *p, struct span span)
{
    return new_expr(p, AST_ERROR, span);
}

// E stands above CHILD now. What grows too high is cut off, so that nothing that walks the tree can run out of stack.
static void stand_on(struct parser *p, struct ast_expr *e, const struct ast_expr *child)
{
    if (!child || child->height < e->height)
        return;
    e->height = child->height + 1;
    if (e->height > MAX_HEIGHT) {
        report_too_deep(p, e->span);
        *e = (struct ast_expr){.kind = AST_ERROR, .span = e->span, .height = 1};
    }
}

struct ast_expr *build_literal(struct parser *p, enum ast_expr_kind kind, const struct token *t)
{
    struct ast_expr *e = new_expr(p, kind, t->span);
    e->string = t->text ? t->text : "";
    e->string_len = t->len;
    e->integer = t->integer;
    return e;
}

struct ast_expr *build_constant(struct parser *p, enum ast_expr_kind kind, bool value, struct span span)
{
    struct ast_expr *e = new_expr(p, kind, span);
    e->boolean = value;
    return e;
}

struct ast_expr *build_name_expr(struct parser *p, struct name name)
{
    struct ast_expr *e = new_expr(p, AST_NAME, name.span);
    e->name = name;
    return e;
}

struct ast_expr *build_field(struct parser *p, enum ast_expr_kind kind, struct ast_expr *left, struct name name,
                             struct span span)
{
    struct ast_expr *e = new_expr(p, kind, span);
    e->left = left;
    e->name = name;
    stand_on(p, e, left);
    return e;
}

struct ast_expr *build_index(struct parser *p, struct ast_expr *left, struct expr_list indices, struct span span)
{
    struct ast_expr *e = new_expr(p, AST_INDEX, span);
    e->left = left;
    e->right = indices.items[0];
    stand_on(p, e, left);
    for (int i = 0; i < indices.count; i++)
        stand_on(p, e, indices.items[i]);
    for (int i = 1; i < indices.count && e->kind == AST_INDEX; i++)
        vec_push(p->arena, &e->items, indices.items[i]);
    return e;
}

struct ast_expr *build_range(struct parser *p, struct ast_expr *from, struct ast_expr *to, struct span span)
{
    struct ast_expr *e = new_expr(p, AST_RANGE, span);
    e->left = from;
    e->right = to;
    stand_on(p, e, from);
    stand_on(p, e, to);
    return e;
}

struct ast_expr *build_call(struct parser *p, struct name name, struct expr_list args, struct span span)
{
    struct ast_expr *e = new_expr(p, AST_CALL, span);
    e->name = name;
    take_list(e->items, args);
    for (int i = 0; i < args.count; i++)
        stand_on(p, e, args.items[i]);
    return e;
}

struct ast_expr *build_where(struct parser *p, struct ast_expr *call, struct ast_expr *where, struct span span)
{
    call->where = where;
    call->span = span;
    stand_on(p, call, where);
    return call;
}

struct ast_expr *build_unary(struct parser *p, enum ast_op op, struct span op_span, struct ast_expr *operand,
                             struct span span)
{
    struct ast_expr *e = new_expr(p, AST_UNARY, span);
    e->op = op;
    e->op_span = op_span;
    e->left = operand;
    stand_on(p, e, operand);
    return e;
}

static struct ast_expr *new_infix(struct parser *p, enum ast_expr_kind kind, struct span op_span, struct ast_expr *left,
                                  struct ast_expr *right, struct span span)
{
    struct ast_expr *e = new_expr(p, kind, span);
    e->op_span = op_span;
    e->left = left;
    e->right = right;
    stand_on(p, e, left);
    stand_on(p, e, right);
    return e;
}

struct ast_expr *build_binary(struct parser *p, enum ast_op op, struct span op_span, struct ast_expr *left,
                              struct ast_expr *right, struct span span)
{
    struct ast_expr *e = new_infix(p, AST_BINARY, op_span, left, right, span);
    e->op = op;
    return e;
}

struct ast_expr *build_in(struct parser *p, bool negated, struct span op_span, struct ast_expr *left,
                          struct ast_expr *right, struct span span)
{
    struct ast_expr *e = new_infix(p, AST_IN, op_span, left, right, span);
    e->boolean = negated;
    return e;
}

struct ast_expr *build_is(struct parser *p, struct span op_span, struct ast_expr *left, struct name name,
                          struct span span)
{
    struct ast_expr *e = new_expr(p, AST_IS, span);
    e->op_span = op_span;
    e->left = left;
    e->name = name;
    stand_on(p, e, left);
    return e;
}

struct ast_expr *build_if(struct parser *p, struct ast_expr *cond, struct ast_expr *yes, struct ast_expr *no,
                          struct span span)
{
    struct ast_expr *e = new_expr(p, AST_IF, span);
    e->cond = cond;
    e->left = yes;
    e->right = no;
    stand_on(p, e, cond);
    stand_on(p, e, yes);
    stand_on(p, e, no);
    return e;
}

struct ast_expr *build_try(struct parser *p, struct ast_expr *tried, struct span span)
{
    struct ast_expr *e = new_expr(p, AST_TRY, span);
    e->left = tried;
    stand_on(p, e, tried);
    return e;
}

struct ast_match_arm build_arm(struct name tag, struct name binding, struct ast_expr *value, struct span span)
{
    return (struct ast_match_arm){.is_else = !tag.text, .tag = tag, .binding = binding, .value = value, .span = span};
}

struct ast_expr *build_match(struct parser *p, struct ast_expr *of, struct arm_list arms, struct span span)
{
    struct ast_expr *e = new_expr(p, AST_MATCH, span);
    e->left = of;
    take_list(e->arms, arms);
    stand_on(p, e, of);
    for (int i = 0; i < arms.count; i++)
        stand_on(p, e, arms.items[i].value);
    return e;
}

struct ast_expr *build_lambda(struct parser *p, struct name_list params, struct ast_expr *body, struct span span)
{
    struct ast_expr *e = new_expr(p, AST_LAMBDA, span);
    take_list(e->params, params);
    e->left = body;
    stand_on(p, e, body);
    return e;
}

// ---- records, lists, maps ----

struct ast_expr *build_record(struct parser *p, struct item_list items, struct span span)
{
    struct ast_expr *e = new_expr(p, AST_RECORD, span);
    for (int i = 0; i < items.count; i++) {
        if (!items.items[i].value)
            continue; // already reported
        vec_push(p->arena, &e->fields, items.items[i]);
        stand_on(p, e, items.items[i].value);
    }
    return e;
}

struct ast_record_item build_item(struct name name, struct ast_expr *value)
{
    return (struct ast_record_item){.name = name, .value = value};
}

struct ast_record_item build_shorthand(struct parser *p, struct name name)
{
    return (struct ast_record_item){.shorthand = true, .name = name, .value = build_name_expr(p, name)};
}

struct ast_record_item build_spread(struct ast_expr *value, struct span span)
{
    return (struct ast_record_item){.spread = true, .name = {.span = span}, .value = value};
}

struct name build_string_name(struct parser *p, const struct token *t)
{
    return (struct name){intern_name(p->names, t->text, strlen(build_text(p, t))), t->span};
}

struct ast_expr *build_list(struct parser *p, struct expr_list items, struct span span)
{
    struct ast_expr *e = new_expr(p, AST_LIST, span);
    take_list(e->items, items);
    for (int i = 0; i < items.count; i++)
        stand_on(p, e, items.items[i]);
    return e;
}

struct ast_expr *build_map(struct parser *p, struct entry_list entries, struct span span)
{
    struct ast_expr *e = new_expr(p, AST_MAP, span);
    take_list(e->entries, entries);
    for (int i = 0; i < entries.count; i++) {
        stand_on(p, e, entries.items[i].key);
        stand_on(p, e, entries.items[i].value);
    }
    return e;
}
