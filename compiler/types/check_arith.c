// Arithmetic: numbers, text, time.
#include "types/convert_const.h"
#include "types/expr.h"

static const char *op_text(enum ast_op op)
{
    static const char *const texts[] = {[OP_ADD] = "+", [OP_SUB] = "-", [OP_MUL] = "*", [OP_DIV] = "/", [OP_MOD] = "%"};
    return texts[op];
}

static struct texpr *arith(struct checker *c, const struct ast_expr *e, const struct type *type, struct texpr *left,
                           struct texpr *right)
{
    return texpr_binary(c, TEXPR_ARITH, e->op, type, left, right, e->span);
}

static struct decimal_shape shape_of(const struct type *t)
{
    if (t->kind == TYPE_INT32)
        return (struct decimal_shape){INT32_DIGITS, 0};
    if (t->kind == TYPE_INT64)
        return (struct decimal_shape){INT64_DIGITS, 0};
    return (struct decimal_shape){t->precision, t->scale};
}

// An operand as a decimal. A literal has just the digits that were written, so that `amount * 2` is not decimal(31, 2).
static struct texpr *as_decimal(struct checker *c, struct texpr *e)
{
    struct decimal_value value;
    struct decimal_shape shape = shape_of(e->type);
    if (is_const(e) && e->type->kind != TYPE_DECIMAL && const_decimal(e, &value))
        shape = decimal_shape_of(value);
    return convert_to(c, e, type_decimal(c->types, shape.precision, shape.scale));
}

static bool may_be_decimal(const struct texpr *e)
{
    struct decimal_value value;
    return e->type->kind == TYPE_DECIMAL || type_is_integer(e->type) || (is_const(e) && const_decimal(e, &value));
}

static struct texpr *decimals(struct checker *c, const struct ast_expr *e, struct texpr *left, struct texpr *right)
{
    left = as_decimal(c, left);
    right = as_decimal(c, right);
    struct decimal_shape shape = decimal_result(e->op, shape_of(left->type), shape_of(right->type));
    return arith(c, e, type_decimal(c->types, shape.precision, shape.scale), left, right);
}

static struct texpr *numbers(struct checker *c, const struct ast_expr *e, struct texpr *left, struct texpr *right)
{
    if (left->type->kind == TYPE_DECIMAL || right->type->kind == TYPE_DECIMAL)
        return may_be_decimal(left) && may_be_decimal(right) ? decimals(c, e, left, right) : NULL;
    const struct type *type = common_type(c, left, right);
    if (!type || !type_is_number(type))
        return NULL;
    return arith(c, e, type, convert_to(c, left, type), convert_to(c, right, type));
}

// ---- time ----

static struct texpr *as_float(struct checker *c, struct texpr *duration)
{
    struct texpr *millis = texpr_call1(c, BUILTIN_MILLIS_DURATION, kind_type(c, TYPE_INT64), duration);
    return texpr_call1(c, BUILTIN_FLOAT64_OF_I64, kind_type(c, TYPE_FLOAT64), millis);
}

// A number of times: int64, where a duration is multiplied or divided.
static struct texpr *as_count(struct checker *c, struct texpr *e)
{
    return type_is_integer(e->type) ? convert_to(c, e, kind_type(c, TYPE_INT64)) : NULL;
}

static struct texpr *durations(struct checker *c, const struct ast_expr *e, struct texpr *left, struct texpr *right)
{
    const struct type *duration = kind_type(c, TYPE_DURATION);
    bool a = left->type->kind == TYPE_DURATION, b = right->type->kind == TYPE_DURATION;
    if (a && b) {
        if (e->op == OP_DIV)
            return arith(c, e, kind_type(c, TYPE_FLOAT64), as_float(c, left), as_float(c, right));
        return e->op == OP_MUL ? NULL : arith(c, e, duration, left, right);
    }
    if (e->op != OP_MUL && !(e->op == OP_DIV && a))
        return NULL;
    struct texpr *count = as_count(c, a ? right : left);
    if (!count)
        return NULL;
    return a ? arith(c, e, duration, left, count) : arith(c, e, duration, count, right);
}

// A date is its midnight in UTC.
static struct texpr *as_timestamp(struct checker *c, struct texpr *e)
{
    if (e->type->kind == TYPE_DATE)
        return texpr_call1(c, BUILTIN_TIMESTAMP_OF_DATE, kind_type(c, TYPE_TIMESTAMP), e);
    return e->type->kind == TYPE_TIMESTAMP ? convert_to(c, e, kind_type(c, TYPE_TIMESTAMP)) : NULL;
}

static struct texpr *times(struct checker *c, const struct ast_expr *e, struct texpr *left, struct texpr *right)
{
    const struct type *timestamp = kind_type(c, TYPE_TIMESTAMP);
    struct texpr *a = as_timestamp(c, left), *b = as_timestamp(c, right);
    if (a && b)
        return e->op == OP_SUB && left->type->kind == right->type->kind ? arith(c, e, kind_type(c, TYPE_DURATION), a, b)
                                                                        : NULL;
    if (a && right->type->kind == TYPE_DURATION && (e->op == OP_ADD || e->op == OP_SUB))
        return arith(c, e, timestamp, a, right);
    if (b && left->type->kind == TYPE_DURATION && e->op == OP_ADD)
        return arith(c, e, timestamp, left, b);
    // `0 - t`: the milliseconds from the epoch, the other way round; to sort by descending time.
    if (b && is_const(left) && type_is_integer(left->type) && e->op == OP_SUB)
        return arith(c, e, kind_type(c, TYPE_DURATION), texpr_int(c, timestamp, left->constant.integer, left->span), b);
    return NULL;
}

static bool is_time(const struct texpr *e)
{
    return e->type->kind == TYPE_TIMESTAMP || e->type->kind == TYPE_DATE;
}

static struct texpr *plain_arith(struct checker *c, const struct ast_expr *e, struct texpr *left, struct texpr *right)
{
    if (type_is_number(left->type) && type_is_number(right->type))
        return numbers(c, e, left, right);
    if (is_time(left) || is_time(right))
        return times(c, e, left, right);
    if (left->type->kind == TYPE_DURATION || right->type->kind == TYPE_DURATION)
        return durations(c, e, left, right);
    if (e->op == OP_ADD && left->type->kind == TYPE_STRING && right->type->kind == TYPE_STRING)
        return arith(c, e, left->type, left, right);
    return NULL;
}

// ---- reports ----

static void help_numbers(struct checker *c, struct diag *d, const struct texpr *left, const struct texpr *right)
{
    const struct type *s = left->type, *t = right->type;
    const char *a = source_text(c, left->span), *b = source_text(c, right->span);
    if (t->kind == TYPE_FLOAT32 || t->kind == TYPE_FLOAT64)
        diag_help(c->bag, d, "digits could get lost: convert it yourself, `float64(%s)`", a);
    else if (s->kind == TYPE_FLOAT32 || s->kind == TYPE_FLOAT64)
        diag_help(c->bag, d, "digits could get lost: convert it yourself, `float64(%s)`", b);
    const struct texpr *literal = is_const(left) ? left : right;
    if (is_const(literal) && type_is_integer(literal == left ? t : s) && may_be_decimal(literal)) {
        struct decimal_value value;
        if (!const_decimal(literal, &value))
            return;
        struct decimal_shape shape = decimal_shape_of(value);
        diag_help(c->bag, d, "or compute in decimals: `decimal(%s, %d, %d)`", source_text(c, literal->span),
                  shape.precision, shape.scale);
    }
}

static void help_time(struct checker *c, struct diag *d, const struct texpr *left, const struct texpr *right)
{
    if (type_is_integer(left->type) || type_is_integer(right->type))
        diag_help(c->bag, d, "say what the number counts: `5m`, `1h`, or `duration(%s)` for milliseconds",
                  source_text(c, type_is_integer(left->type) ? left->span : right->span));
    else
        diag_help(c->bag, d, "a timestamp takes `+` and `-` with a duration, and `-` with another timestamp");
}

static struct texpr *report_arith(struct checker *c, const struct ast_expr *e, const struct texpr *left,
                                  const struct texpr *right)
{
    const struct type *s = left->type, *t = right->type;
    struct diag *d = diag_error(c->bag, e->op_span, "`%s` can't take %s and %s", op_text(e->op), type_show(c->arena, s),
                                type_show(c->arena, t));
    const char *a = source_text(c, left->span), *b = source_text(c, right->span);
    if (type_is_number(s) && type_is_number(t))
        help_numbers(c, d, left, right);
    else if (is_time(left) || is_time(right))
        help_time(c, d, left, right);
    else if (e->op == OP_ADD && s->kind == TYPE_STRING)
        help_conversion(c, d, b, t, s);
    else if (e->op == OP_ADD && t->kind == TYPE_STRING)
        help_conversion(c, d, a, s, t);
    else if (e->op == OP_ADD && s->kind == TYPE_LIST)
        diag_help(c->bag, d, "write `concat(%s, %s)`", a, b);
    else if (type_is_number(t) && s->kind != TYPE_DURATION)
        help_conversion(c, d, a, s, t);
    else if (type_is_number(s) && t->kind != TYPE_DURATION)
        help_conversion(c, d, b, t, s);
    else if (s->kind == TYPE_DURATION || t->kind == TYPE_DURATION)
        diag_help(c->bag, d, "a duration is multiplied and divided by an int64");
    return texpr_error(c, e->span);
}

// `1.5 + 2` where a decimal is expected: computed as decimals.
static bool is_decimal_constant(const struct texpr *left, const struct texpr *right, const struct type *hint)
{
    return hint && type_plain(hint)->kind == TYPE_DECIMAL && is_const(left) && is_const(right) &&
           may_be_decimal(left) && may_be_decimal(right);
}

struct texpr *infer_arith(struct checker *c, const struct ast_expr *e, struct texpr *left, struct texpr *right,
                          const struct type *hint)
{
    if (is_null(left) || is_null(right)) {
        diag_error(c->bag, (is_null(left) ? left : right)->span, "`%s` with null is always null", op_text(e->op));
        return texpr_error(c, e->span);
    }
    if (is_decimal_constant(left, right, hint))
        return decimals(c, e, left, right);
    struct lift lift = {0};
    left = lift_operand(c, &lift, left);
    right = lift_operand(c, &lift, right);
    struct texpr *result = plain_arith(c, e, left, right);
    return result ? lift_finish(c, &lift, result) : report_arith(c, e, left, right);
}
