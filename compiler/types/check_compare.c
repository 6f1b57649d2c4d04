// Comparisons. `==` and `!=` take any one type and null as a value; `<` and its like ordered types, and null makes them
// false.
#include "types/convert_const.h"
#include "types/expr.h"

static bool is_equality(const struct ast_expr *e)
{
    return e->op == OP_EQ || e->op == OP_NE;
}

static struct texpr *with_null(struct checker *c, const struct ast_expr *e, struct texpr *other)
{
    struct texpr *what = other;
    if (other->kind == TEXPR_UNWRAP || (!type_is_optional(other->type) && !is_null(other))) {
        struct diag *d = diag_warning(c->bag, e->span, "this is always %s: `%s` is never null here",
                                      e->op == OP_EQ ? "false" : "true", source_text(c, other->span));
        diag_label(c->bag, d, "%s is %s", source_text(c, other->span), type_show(c->arena, other->type));
        return texpr_bool(c, e->op == OP_NE, e->span);
    }
    if (is_null(other))
        return texpr_bool(c, e->op == OP_EQ, e->span);
    struct texpr *test = texpr_unary(c, TEXPR_IS_NULL, kind_type(c, TYPE_BOOL), what, e->span);
    return e->op == OP_EQ ? test : texpr_unary(c, TEXPR_NOT, test->type, test, e->span);
}

static const char *op_text(enum ast_op op)
{
    static const char *const texts[] = {
        [OP_EQ] = "==", [OP_NE] = "!=", [OP_LT] = "<", [OP_LE] = "<=", [OP_GT] = ">", [OP_GE] = ">=",
    };
    return texts[op];
}

// A name that is something else here, and would be a case of the enum.
static bool names_case(const struct ast_expr *e, const struct type *type)
{
    return e->kind == AST_NAME && type->kind == TYPE_ENUM && type_field_index(type, e->name.text) >= 0;
}

static struct texpr *report_different(struct checker *c, const struct ast_expr *e, const struct texpr *left,
                                      const struct texpr *right)
{
    const struct type *s = type_plain(left->type), *t = type_plain(right->type);
    if ((is_const(right) && s->kind == TYPE_ENUM && t->kind == TYPE_STRING) ||
        (is_const(right) && type_is_number(s) && type_is_number(t))) {
        report_mismatch(c, right, s);
        return texpr_error(c, e->span);
    }
    if ((is_const(left) && t->kind == TYPE_ENUM && s->kind == TYPE_STRING) ||
        (is_const(left) && type_is_number(s) && type_is_number(t))) {
        report_mismatch(c, left, t);
        return texpr_error(c, e->span);
    }
    struct diag *d = diag_error(c->bag, e->op_span, "can't compare %s with %s", type_show(c->arena, left->type),
                                type_show(c->arena, right->type));
    const char *a = source_text(c, left->span), *b = source_text(c, right->span);
    if (names_case(e->right, s) || names_case(e->left, t))
        diag_help(c->bag, d, "to mean the case, write it as text: `\"%s\"`",
                  (names_case(e->right, s) ? e->right : e->left)->name.text);
    else if (s->kind == TYPE_UNION && t->kind == TYPE_STRING)
        diag_help(c->bag, d, "to know the case, write `%s is %s`", a, s->fields.items[0].name);
    else if (t->kind == TYPE_STRING && type_is_number(s))
        help_conversion(c, d, b, t, s);
    else if (!help_conversion(c, d, a, s, t))
        help_conversion(c, d, b, t, s);
    return texpr_error(c, e->span);
}

// A number written with a point beside an integer: both as decimals, exactly.
static const struct type *literal_type(struct checker *c, const struct texpr *a, const struct texpr *b)
{
    struct decimal_value value;
    const struct type *t = type_plain(b->type);
    if (!is_const(a) || !type_is_number(a->type) || (t->kind != TYPE_DECIMAL && !type_is_integer(t)) ||
        !const_decimal(a, &value))
        return NULL;
    struct decimal_shape own = decimal_shape_of(value);
    struct decimal_shape other = {t->precision, t->scale};
    if (t->kind == TYPE_INT32)
        other = (struct decimal_shape){INT32_DIGITS, 0};
    if (t->kind == TYPE_INT64)
        other = (struct decimal_shape){INT64_DIGITS, 0};
    if (type_is_integer(t) && own.scale == 0)
        return NULL; // an integer out of range: to be reported
    struct decimal_shape both = decimal_common(own, other);
    const struct type *type = type_decimal(c->types, both.precision, both.scale);
    return type_widens(t, type) && convert_const(c, (struct texpr *)a, type) ? type : NULL;
}

// An integer that the other side, an int32, can never be.
static bool out_of_range(const struct texpr *a, const struct texpr *b)
{
    int64_t v = a->constant.integer;
    return is_const(a) && a->type->kind == TYPE_INT64 && !is_const(b) && type_plain(b->type)->kind == TYPE_INT32 &&
           (v < INT32_MIN || v > INT32_MAX);
}

static const struct type *compared_type(struct checker *c, const struct texpr *left, const struct texpr *right)
{
    if (out_of_range(left, right) || out_of_range(right, left))
        return NULL;
    const struct type *type = common_type(c, left, right);
    if (type)
        return type;
    type = literal_type(c, left, right);
    if (!type)
        type = literal_type(c, right, left);
    bool optional = type_is_optional(left->type) || type_is_optional(right->type);
    return type && optional ? type_optional(c->types, type) : type;
}

static struct texpr *report_unordered(struct checker *c, const struct ast_expr *e, const struct texpr *operand)
{
    const struct type *plain = type_plain(operand->type);
    struct diag *d = diag_error(c->bag, e->op_span, "`%s` has no meaning for %s: it has no order", op_text(e->op),
                                type_show(c->arena, plain));
    if (plain->kind == TYPE_RECORD && plain->fields.count > 0)
        diag_help(c->bag, d, "compare a field: `%s.%s`", source_text(c, operand->span), plain->fields.items[0].name);
    else if (plain->kind == TYPE_JSON)
        diag_help(c->bag, d, "convert it first: `int64(%s)`, `string(%s)`", source_text(c, operand->span),
                  source_text(c, operand->span));
    return texpr_error(c, e->span);
}

static struct texpr *ordered(struct checker *c, const struct ast_expr *e, struct texpr *left, struct texpr *right)
{
    if (!type_is_ordered(type_plain(left->type)))
        return report_unordered(c, e, left);
    struct lift lift = {0};
    left = lift_operand(c, &lift, left);
    right = lift_operand(c, &lift, right);
    struct texpr *compare = texpr_binary(c, TEXPR_COMPARE, e->op, kind_type(c, TYPE_BOOL), left, right, e->span);
    return lift_bool(c, &lift, compare, false);
}

struct texpr *infer_compare(struct checker *c, const struct ast_expr *e, struct texpr *left, struct texpr *right)
{
    if (is_null(left) || is_null(right)) {
        if (is_equality(e))
            return with_null(c, e, is_null(left) ? right : left);
        struct diag *d = diag_error(c->bag, e->span, "a comparison with null by `%s` is always false", op_text(e->op));
        diag_help(c->bag, d, "write `== null` or `!= null`");
        return texpr_error(c, e->span);
    }
    const struct type *type = compared_type(c, left, right);
    if (!type)
        return report_different(c, e, left, right);
    left = fold_node(c, convert_to(c, left, type));
    right = fold_node(c, convert_to(c, right, type));
    if (!is_equality(e))
        return ordered(c, e, left, right);
    return texpr_binary(c, TEXPR_COMPARE, e->op, kind_type(c, TYPE_BOOL), left, right, e->span);
}
