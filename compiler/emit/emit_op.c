#include <string.h>

#include "emit/emitter.h"

static bool is_float(const struct type *t)
{
    return t->kind == TYPE_FLOAT32 || t->kind == TYPE_FLOAT64;
}

// ---- arithmetic ----

static const char *op_name(enum ast_op op)
{
    switch (op) {
    case OP_ADD: return "add";
    case OP_SUB: return "sub";
    case OP_MUL: return "mul";
    case OP_DIV: return "div";
    default: return "mod";
    }
}

static struct value float_arith(struct body *b, const struct texpr *x, const struct value *v)
{
    const char sign = x->op == OP_ADD ? '+' : x->op == OP_SUB ? '-' : '*';
    enum prec prec = x->op == OP_MUL ? PREC_MUL : PREC_ADD;
    return value_printf(b, prec, "%s %c %s", value_text(b, v[0], prec), sign, value_text(b, v[1], prec + 1));
}

// a + b + c is made at once.
static void flatten(const struct texpr *x, struct texpr **parts, int *count)
{
    if (x->kind == TEXPR_ARITH && x->type->kind == TYPE_STRING) {
        flatten(x->left, parts, count);
        flatten(x->right, parts, count);
    } else {
        parts[(*count)++] = (struct texpr *)x;
    }
}

static int parts_of(const struct texpr *x)
{
    bool plus = x->kind == TEXPR_ARITH && x->type->kind == TYPE_STRING;
    return plus ? parts_of(x->left) + parts_of(x->right) : 1;
}

static struct value concat(struct body *b, const struct texpr *x)
{
    int count = 0;
    struct texpr **parts = arena_alloc(b->e->arena, (size_t)parts_of(x) * sizeof *parts);
    flatten(x, parts, &count);
    struct value *values = arena_alloc(b->e->arena, (size_t)count * sizeof *values);
    emit_exprs(b, parts, count, values);
    return value_concat(b, values, count);
}

struct value value_concat(struct body *b, const struct value *values, int count)
{
    const char *args = value_arg(b, values[0]);
    for (int i = 1; i < count; i++)
        args = arena_printf(b->e->arena, "%s, %s", args, value_arg(b, values[i]));
    if (count == 2)
        return value_printf(b, PREC_POSTFIX, "weir_concat(%s, %s)", ctx(b), args);
    if (count <= 4)
        return value_printf(b, PREC_POSTFIX, "weir_concat%d(%s, %s)", count, ctx(b), args);
    return value_printf(b, PREC_POSTFIX, "weir_concat_all(%s, %s, %d)", ctx(b),
                        value_array(b, "struct weir_str", values, count), count);
}

// Element by element: tcc can't initialize an array of structs with structs.
const char *value_array(struct body *b, const char *type, const struct value *values, int count)
{
    const char *parts = body_local(b, "parts");
    body_line(b, "%s %s[%d];", type, parts, count);
    for (int i = 0; i < count; i++)
        body_line(b, "%s[%d] = %s;", parts, i, value_arg(b, values[i]));
    return parts;
}

struct value emit_arith(struct body *b, const struct texpr *x)
{
    if (x->type->kind == TYPE_STRING)
        return concat(b, x);
    struct value v[2];
    emit_exprs(b, (struct texpr *[]){x->left, x->right}, 2, v);
    if (is_float(x->type) && x->op != OP_DIV && x->op != OP_MOD)
        return float_arith(b, x, v);
    const char *left = value_arg(b, v[0]), *right = value_arg(b, v[1]);
    if (x->type->kind == TYPE_DECIMAL)
        return value_printf(b, PREC_POSTFIX, "weir_%s_dec(%s, %s, %d, %s, %d, %d, %d)", op_name(x->op), ctx(b), left,
                            x->left->type->scale, right, x->right->type->scale, x->type->precision, x->type->scale);
    return value_printf(b, PREC_POSTFIX, "weir_%s_%s(%s, %s, %s)", op_name(x->op), type_suffix(x->type), ctx(b), left,
                        right);
}

struct value emit_neg(struct body *b, const struct texpr *x)
{
    struct value v = emit_expr(b, x->left);
    if (is_float(x->type))
        return value_printf(b, PREC_UNARY, "-%s", value_text(b, v, PREC_POSTFIX));
    return value_printf(b, PREC_POSTFIX, "weir_neg_%s(%s, %s)", type_suffix(x->type), ctx(b), value_arg(b, v));
}

// ---- comparison ----

static const char *sign_of(enum ast_op op)
{
    switch (op) {
    case OP_EQ: return "==";
    case OP_NE: return "!=";
    case OP_LT: return "<";
    case OP_LE: return "<=";
    case OP_GT: return ">";
    default: return ">=";
    }
}

static bool compares_in_c(const struct type *t)
{
    const char *suffix = type_suffix(t);
    return suffix && strcmp(suffix, "str") != 0 && strcmp(suffix, "dec") != 0 && strcmp(suffix, "bool") != 0;
}

struct value emit_compare(struct body *b, const struct texpr *x)
{
    const struct type *t = x->left->type;
    struct value v[2];
    emit_exprs(b, (struct texpr *[]){x->left, x->right}, 2, v);
    bool equality = x->op == OP_EQ || x->op == OP_NE;
    const char *left = value_text(b, v[0], PREC_ADD), *right = value_text(b, v[1], PREC_ADD);
    bool decimals = t->kind == TYPE_DECIMAL && x->right->type->scale != t->scale;
    // Compilers warn of x == x, which a program may well say.
    if (compares_in_c(t) && strcmp(left, right) != 0)
        return value_printf(b, PREC_EQUAL, "%s %s %s", left, sign_of(x->op), right);
    if (equality && !decimals && !compares_in_c(t)) {
        struct value same = emit_equal(b, v[0], v[1], t);
        return x->op == OP_EQ ? same : value_printf(b, PREC_NOT, "!%s", value_text(b, same, PREC_UNARY));
    }
    if (t->kind == TYPE_DECIMAL)
        return value_printf(b, PREC_EQUAL, "weir_cmp_dec(%s, %d, %s, %d) %s 0", value_arg(b, v[0]), t->scale,
                            value_arg(b, v[1]), x->right->type->scale, sign_of(x->op));
    return value_printf(b, PREC_EQUAL, "weir_cmp_%s(%s, %s) %s 0", type_suffix(t), value_arg(b, v[0]),
                        value_arg(b, v[1]), sign_of(x->op));
}

static struct value in_literal(struct body *b, const struct texpr *x)
{
    const struct texpr *list = x->right;
    struct value of = value_keep(b, emit_expr(b, x->left), x->left->type, "value");
    const char *any = NULL;
    for (int i = 0; i < list->items.count; i++) {
        struct value item = emit_constant(b, list->items.items[i]);
        struct value same = emit_equal(b, of, item, list->type->element);
        any = arena_printf(b->e->arena, "%s%s%s", any ? any : "", any ? " || " : "", value_text(b, same, PREC_NOT));
    }
    enum prec prec = list->items.count > 1 ? PREC_OR : PREC_EQUAL;
    return x->negated ? value_printf(b, PREC_NOT, "!(%s)", any) : value_make(prec, any);
}

struct value emit_in(struct body *b, const struct texpr *x)
{
    const struct type *element = x->right->type->element;
    bool few =
        x->right->kind == TEXPR_LIST && x->right->items.count > 0 && x->right->items.count <= 8 && type_suffix(element);
    for (int i = 0; few && i < x->right->items.count; i++)
        few = x->right->items.items[i]->kind == TEXPR_CONST;
    if (few)
        return in_literal(b, x);
    struct value v[2];
    emit_exprs(b, (struct texpr *[]){x->left, x->right}, 2, v);
    v[0] = value_local(b, v[0], element, "wanted");
    return value_printf(b, PREC_EQUAL, "weir_list_index_of(%s, &%s, %s) %s 0", value_arg(b, v[1]), v[0].text,
                        emit_element(b->e, element), x->negated ? "<" : ">=");
}

// ---- widening ----

struct value emit_widen(struct body *b, const struct texpr *x)
{
    const struct type *from = x->left->type, *to = x->type;
    struct value v = emit_expr(b, x->left);
    if (to->kind == TYPE_DECIMAL && from->kind == TYPE_DECIMAL) {
        if (from->scale == to->scale)
            return v; // the same digits
        return value_printf(b, PREC_POSTFIX, "weir_dec_of_dec(%s, %s, %d, %d, %d)", ctx(b), value_arg(b, v),
                            from->scale, to->precision, to->scale);
    }
    if (to->kind == TYPE_DECIMAL)
        return value_printf(b, PREC_POSTFIX, "weir_dec_of_i64(%s, %s, %d, %d)", ctx(b), value_arg(b, v), to->precision,
                            to->scale);
    if (type_suffix(from) && type_suffix(to) && strcmp(type_suffix(from), type_suffix(to)) != 0)
        return value_printf(b, PREC_UNARY, "(%s)%s", type_c(b->e, to), value_text(b, v, PREC_UNARY));
    return v;
}

// ---- elements ----

struct value emit_index(struct body *b, const struct texpr *x)
{
    struct value v[2];
    emit_exprs(b, (struct texpr *[]){x->left, x->right}, 2, v);
    const struct type *element = x->type;
    struct value list = value_keep(b, v[0], x->left->type, "list"), i = v[1];
    if (x->right->kind != TEXPR_CONST)
        i = value_keep(b, i, x->right->type, "index");
    const char *test = arena_printf(b->e->arena, "weir_index_check(%s, %s, %s.n)", ctx(b), value_arg(b, i),
                                    value_text(b, list, PREC_POSTFIX));
    const char *at = value_arg(b, value_element(b, list, element, value_arg(b, i)));
    if (!type_is_struct(element))
        return value_printf(b, PREC_COND, "%s ? %s : %s", test, at, value_arg(b, value_zero(b, element)));
    const char *name = body_local(b, "element");
    body_line(b, "%s = { 0 };", type_declare(b->e, element, name));
    body_line(b, "if (%s)", test);
    body_line(b, "    %s = %s;", name, at);
    return value_path(name);
}

struct value value_element(struct body *b, struct value list, const struct type *element, const char *index)
{
    const char *v = value_text(b, value_member(b, list, "v"), PREC_POSTFIX);
    const char *c = type_c(b->e, element);
    struct value at = value_printf(b, PREC_POSTFIX, "((%s const *)%s)[%s]", c, v, index);
    if (c[strlen(c) - 1] != '*') // reads better
        at = value_printf(b, PREC_POSTFIX, "((const %s *)%s)[%s]", c, v, index);
    at.lasting = true;
    return at;
}

struct value emit_lookup(struct body *b, const struct texpr *x)
{
    struct value v[2];
    emit_exprs(b, (struct texpr *[]){x->left, x->right}, 2, v);
    const struct type *element = x->left->type->element;
    const char *c = type_c(b->e, element), *found = body_local(b, "found");
    bool pointers = c[strlen(c) - 1] == '*';
    body_line(b,
              pointers ? "%s const *%s = weir_map_get(%s, %s, sizeof *%s);"
                       : "const %s *%s = weir_map_get(%s, %s, sizeof *%s);",
              c, found, value_arg(b, v[0]), value_arg(b, v[1]), found);
    if (type_is_struct(element))
        return value_path(found);
    struct value there = value_make(PREC_UNARY, arena_printf(b->e->arena, "*%s", found));
    struct value some = type_is_optional(element) ? there : value_some(b, there, x->type);
    return value_printf(b, PREC_COND, "%s ? %s : %s", found, value_arg(b, some), value_arg(b, value_null(b, x->type)));
}
