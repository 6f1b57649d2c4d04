// Expressions whose parts are evaluated only if needed. As C expressions where the parts are; else as statements.
#include <string.h>

#include "emit/emitter.h"

// ---- && || ----

struct value emit_and_or(struct body *b, const struct texpr *x)
{
    bool and = x->kind == TEXPR_AND;
    enum prec prec = and? PREC_AND : PREC_OR;
    struct value left = emit_expr(b, x->left);
    struct sub s;
    sub_begin(b, &s);
    struct value right = emit_expr(b, x->right);
    // In C too, && within || is best read in brackets.
    enum prec least = and? PREC_AND : PREC_NOT, at_left = left.prec == prec ? prec : least;
    if (!sub_end(b, &s)) {
        sub_drop(&s);
        return value_printf(b, prec, "%s %s %s", value_text(b, left, at_left), and? "&&" : "||",
                            value_text(b, right, PREC_NOT));
    }
    const char *both = body_local(b, and? "both" : "either");
    body_line(b, "bool %s = %s;", both, value_arg(b, left));
    body_line(b, "if (%s%s) {", and? "" : "!", both);
    b->out = &s.text;
    body_line(b, "%s = %s;", both, value_arg(b, right));
    b->out = s.outer;
    sub_flush(b, &s);
    body_line(b, "}");
    return value_path(both);
}

// ---- if ----

// COND ? LEFT : RIGHT, of which both are expressions now. Records that have memory are chosen by pointer.
static struct value ternary(struct body *b, const char *cond, struct value left, struct value right,
                            const struct type *t)
{
    if (type_is_struct(t) && (left.pointer || left.path) && (right.pointer || right.path)) {
        struct value v =
            value_printf(b, PREC_COND, "%s ? %s : %s", cond, value_address(b, left, t), value_address(b, right, t));
        v.pointer = true;
        v.lasting = left.lasting && right.lasting;
        return v;
    }
    return value_printf(b, PREC_COND, "%s ? %s : %s", cond, value_text(b, left, PREC_OR),
                        value_text(b, right, PREC_COND));
}

static void finish(struct body *b, struct sub *s, const char *result, struct value v)
{
    b->out = &s->text;
    body_line(b, "%s = %s;", result, value_arg(b, v));
    b->out = s->outer;
    sub_flush(b, s);
}

struct value emit_if(struct body *b, const struct texpr *x, const char *name)
{
    struct value cond = emit_expr(b, x->cond);
    struct sub then, other;
    sub_begin(b, &then);
    struct value left = emit_expr(b, x->left);
    bool left_has = sub_end(b, &then);
    sub_begin(b, &other);
    struct value right = emit_expr(b, x->right);
    bool right_has = sub_end(b, &other);
    if (!left_has && !right_has)
        return ternary(b, value_text(b, cond, PREC_OR), left, right, x->type);
    const char *result = body_local(b, name ? name : "result");
    body_line(b, "%s;", type_declare(b->e, x->type, result));
    body_line(b, "if (%s) {", value_arg(b, cond));
    finish(b, &then, result, left);
    body_line(b, "} else {");
    finish(b, &other, result, right);
    body_line(b, "}");
    return value_path(result);
}

// ---- nulls ----

struct value emit_coalesce(struct body *b, const struct texpr *x, const char *name)
{
    const struct type *optional = x->left->type;
    struct value left = value_keep(b, emit_expr(b, x->left), optional, "value");
    const char *there = value_text(b, value_is_some(b, left, optional, false), PREC_OR);
    struct value present = type_is_optional(x->type) ? left : value_unwrap(b, left, optional);
    struct sub s;
    sub_begin(b, &s);
    struct value right = emit_expr(b, x->right);
    if (!sub_end(b, &s)) {
        if (x->type->kind == TYPE_BOOL && x->right->kind == TEXPR_CONST && !x->right->constant.integer)
            return value_printf(b, PREC_AND, "%s && %s", there, value_text(b, present, PREC_NOT));
        return ternary(b, there, present, right, x->type);
    }
    const char *result = body_local(b, name ? name : "result");
    body_line(b, "%s;", type_declare(b->e, x->type, result));
    body_line(b, "if (%s) {", there);
    body_line(b, "    %s = %s;", result, value_arg(b, present));
    body_line(b, "} else {");
    finish(b, &s, result, right);
    body_line(b, "}");
    return value_path(result);
}

struct value emit_lift(struct body *b, const struct texpr *x, const char *name)
{
    struct emitter *e = b->e;
    int count = x->items.count;
    struct value *items = arena_alloc(e->arena, (size_t)(count + 1) * sizeof *items);
    const char *there = NULL;
    emit_exprs(b, x->items.items, count, items);
    for (int i = 0; i < count; i++) {
        const struct type *t = x->items.items[i]->type;
        items[i] = value_keep(b, items[i], t, name_of(e, x->vars.items[i]->name));
        const char *some = value_text(b, value_is_some(b, items[i], t, false), count > 1 ? PREC_NOT : PREC_OR);
        there = there ? arena_printf(e->arena, "%s && %s", there, some) : some;
    }
    struct sub s;
    sub_begin(b, &s);
    for (int i = 0; i < count; i++)
        body_bind(b, x->vars.items[i], value_unwrap(b, items[i], x->items.items[i]->type));
    struct value left = emit_expr(b, x->left);
    if (!sub_end(b, &s))
        return ternary(b, there, left, value_null(b, x->type), x->type);
    const char *result = body_local(b, name ? name : "result");
    body_line(b, "%s = %s;", type_declare(e, x->type, result), value_arg(b, value_null(b, x->type)));
    body_line(b, "if (%s) {", there);
    finish(b, &s, result, left);
    body_line(b, "}");
    return value_path(result);
}

struct value emit_bound(struct body *b, const struct texpr *x, const char *name)
{
    for (int i = 0; i < x->items.count; i++) {
        const struct var *var = x->vars.items[i];
        body_bind(b, var, value_keep(b, emit_expr(b, x->items.items[i]), var->type, name_of(b->e, var->name)));
    }
    return emit_named_expr(b, x->left, name);
}

// What was tried may be null itself: then that is the result.
static struct value tried_value(struct body *b, const struct texpr *x, struct value v)
{
    return type_is_optional(x->left->type) ? v : value_some(b, v, x->type);
}

struct value emit_try(struct body *b, const struct texpr *x, const char *name)
{
    if (!expr_can_fail(b, x->left))
        return tried_value(b, x, emit_expr(b, x->left));
    const char *saved = body_local(b, "saved"), *result;
    result = value_local(b, value_null(b, x->type), x->type, name ? name : "attempt").text;
    body_line(b, "struct weir_try %s = weir_try_begin(%s);", saved, ctx(b));
    struct sub s;
    sub_begin(b, &s);
    struct value plain = value_keep(b, emit_expr(b, x->left), x->left->type, "tried");
    sub_end(b, &s);
    sub_splice(b, &s);
    body_line(b, "if (!weir_try_end(%s, %s)) {", ctx(b), saved);
    b->out->indent++;
    body_line(b, "%s = %s;", result, value_arg(b, tried_value(b, x, plain)));
    b->out->indent--;
    body_line(b, "}");
    return value_path(result);
}

// ---- match ----

struct arm {
    struct sub sub;
    struct value value;
    bool statements;
};

static void emit_arm(struct body *b, const struct texpr *x, const struct texpr_arm *arm, struct value of,
                     struct arm *done)
{
    sub_begin(b, &done->sub);
    if (arm->binding)
        body_bind(b, arm->binding, value_member(b, of, type_member(b->e, x->left->type, arm->index)));
    done->value = emit_expr(b, arm->value);
    done->statements = sub_end(b, &done->sub);
}

// The last arm needs no test: the arms cover every case.
static struct value match_switch(struct body *b, const struct texpr *x, struct value of, struct arm *arms,
                                 const char *base)
{
    const char *result = body_local(b, base ? base : "result");
    body_line(b, "%s;", type_declare(b->e, x->type, result));
    body_line(b, "switch (%s) {", value_arg(b, value_member(b, of, "tag")));
    for (int i = 0; i < x->arms.count; i++) {
        const struct texpr_arm *arm = &x->arms.items[i];
        const char *name = arm->index < 0 ? NULL : type_case(b->e, x->left->type, arm->index);
        const char *brace = arms[i].statements ? " {" : ""; // C wants no declaration behind a label
        if (i == x->arms.count - 1)
            body_line(b, "default:%s%s%s", brace, name ? " // " : "", name ? name : "");
        else
            body_line(b, "case %s:%s", name, brace);
        finish(b, &arms[i].sub, result, arms[i].value);
        body_line(b, "    break;");
        if (arms[i].statements)
            body_line(b, "}");
    }
    body_line(b, "}");
    return value_path(result);
}

struct value emit_match(struct body *b, const struct texpr *x, const char *name)
{
    struct value of = value_keep(b, emit_expr(b, x->left), x->left->type, "matched");
    struct arm *arms = arena_alloc(b->e->arena, (size_t)(x->arms.count + 1) * sizeof *arms);
    bool statements = x->arms.count > 3;
    size_t length = 0;
    for (int i = 0; i < x->arms.count; i++) {
        emit_arm(b, x, &x->arms.items[i], of, &arms[i]);
        statements = statements || arms[i].statements;
        length += strlen(arms[i].value.text);
    }
    if (statements || length > 50)
        return match_switch(b, x, of, arms, name);
    struct value v = arms[x->arms.count - 1].value;
    for (int i = x->arms.count - 2; i >= 0; i--) {
        const char *tag = value_text(b, value_member(b, of, "tag"), PREC_ADD);
        const char *cond =
            arena_printf(b->e->arena, "%s == %s", tag, type_case(b->e, x->left->type, x->arms.items[i].index));
        v = ternary(b, cond, arms[i].value, v, x->type);
    }
    return v;
}
