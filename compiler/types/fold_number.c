#include <string.h>

#include "ctx.h"
#include "types/fold.h"
#include "weir_ops.h"

// Strings longer than this stay as they are written: the program should not grow by folding.
enum { MAX_TEXT = 4096 };

static bool already_warned(const struct checker *c, struct span span)
{
    for (int i = 0; i < c->bag->items.count; i++) {
        const struct diag *d = c->bag->items.items[i];
        if (d->level == DIAG_WARNING && d->span.file == span.file && d->span.begin == span.begin &&
            d->span.end == span.end)
            return true;
    }
    return false;
}

void warn_failing(struct checker *c, const struct texpr *e, const char *why)
{
    if (already_warned(c, e->span))
        return;
    struct diag *d = diag_warning(c->bag, e->span, "this fails for every record");
    diag_label(c->bag, d, "%s", why);
}

struct weir_dec const_dec(const struct texpr *e)
{
    decimal_digits digits = decimal_from_text(e->constant.text, e->constant.len);
    return (struct weir_dec){(uint64_t)digits, (int64_t)(digits >> 64)};
}

static struct texpr *dec_const(struct checker *c, const struct type *type, struct weir_dec v, struct span span)
{
    return texpr_decimal(c, type, (decimal_digits)v.hi * ((decimal_digits)1 << 64) + (decimal_digits)v.lo, span);
}

static int64_t arith_i64(struct weir_ctx *w, enum ast_op op, int64_t a, int64_t b)
{
    switch (op) {
    case OP_ADD: return weir_add_i64(w, a, b);
    case OP_SUB: return weir_sub_i64(w, a, b);
    case OP_MUL: return weir_mul_i64(w, a, b);
    case OP_DIV: return weir_div_i64(w, a, b);
    default: return weir_mod_i64(w, a, b);
    }
}

static int32_t arith_i32(struct weir_ctx *w, enum ast_op op, int32_t a, int32_t b)
{
    switch (op) {
    case OP_ADD: return weir_add_i32(w, a, b);
    case OP_SUB: return weir_sub_i32(w, a, b);
    case OP_MUL: return weir_mul_i32(w, a, b);
    case OP_DIV: return weir_div_i32(w, a, b);
    default: return weir_mod_i32(w, a, b);
    }
}

static double arith_f64(struct weir_ctx *w, enum ast_op op, double a, double b)
{
    switch (op) {
    case OP_ADD: return weir_add_f64(w, a, b);
    case OP_SUB: return weir_sub_f64(w, a, b);
    case OP_MUL: return weir_mul_f64(w, a, b);
    case OP_DIV: return weir_div_f64(w, a, b);
    default: return weir_mod_f64(w, a, b);
    }
}

static struct weir_dec arith_dec(struct weir_ctx *w, const struct texpr *e)
{
    struct weir_dec a = const_dec(e->left), b = const_dec(e->right);
    int s = e->left->type->scale, t = e->right->type->scale, precision = e->type->precision, scale = e->type->scale;
    switch (e->op) {
    case OP_ADD: return weir_add_dec(w, a, s, b, t, precision, scale);
    case OP_SUB: return weir_sub_dec(w, a, s, b, t, precision, scale);
    case OP_MUL: return weir_mul_dec(w, a, s, b, t, precision, scale);
    case OP_DIV: return weir_div_dec(w, a, s, b, t, precision, scale);
    default: return weir_mod_dec(w, a, s, b, t, precision, scale);
    }
}

static struct texpr *concat(struct checker *c, struct texpr *e)
{
    const struct constant *a = &e->left->constant, *b = &e->right->constant;
    if (a->len + (size_t)b->len > MAX_TEXT)
        return e;
    char *text = arena_alloc(c->arena, (size_t)a->len + b->len + 1);
    if (a->len)
        memcpy(text, a->text, a->len);
    if (b->len)
        memcpy(text + a->len, b->text, b->len);
    return texpr_text(c, e->type, text, a->len + b->len, e->span);
}

static struct texpr *compute(struct checker *c, struct weir_ctx *w, struct texpr *e)
{
    int64_t a = e->left->constant.integer, b = e->right->constant.integer;
    struct texpr *result;
    switch (e->type->kind) {
    case TYPE_INT32: return texpr_int(c, e->type, arith_i32(w, e->op, (int32_t)a, (int32_t)b), e->span);
    case TYPE_INT64:
    case TYPE_TIMESTAMP:
    case TYPE_DURATION: return texpr_int(c, e->type, arith_i64(w, e->op, a, b), e->span);
    case TYPE_FLOAT64:
        result = texpr_new(c, TEXPR_CONST, e->type, e->span);
        result->constant.number = arith_f64(w, e->op, e->left->constant.number, e->right->constant.number);
        return result;
    case TYPE_DECIMAL: return dec_const(c, e->type, arith_dec(w, e), e->span);
    default: return e;
    }
}

static bool is_zero(const struct texpr *e)
{
    if (!is_const(e))
        return false;
    if (e->type->kind == TYPE_DECIMAL)
        return decimal_from_text(e->constant.text, e->constant.len) == 0;
    if (e->type->kind == TYPE_FLOAT32 || e->type->kind == TYPE_FLOAT64)
        return e->constant.number == 0;
    return e->constant.integer == 0;
}

struct texpr *fold_arith(struct checker *c, struct texpr *e)
{
    if ((e->op == OP_DIV || e->op == OP_MOD) && is_zero(e->right)) {
        warn_failing(c, e, "division by zero");
        return e;
    }
    if (!is_const(e->left) || !is_const(e->right))
        return e;
    if (e->type->kind == TYPE_STRING)
        return concat(c, e);
    struct weir_ctx w;
    weir_ctx_init(&w);
    struct texpr *result = compute(c, &w, e);
    if (w.bad) {
        warn_failing(c, e, arena_strdup(c->arena, w.bad));
        result = e;
    }
    weir_ctx_free(&w);
    return result;
}

struct texpr *fold_negative(struct checker *c, struct texpr *e)
{
    struct texpr *v = e->left, *result;
    if (!is_const(v))
        return e;
    switch (e->type->kind) {
    case TYPE_INT32:
    case TYPE_INT64:
    case TYPE_DURATION:
        if (v->constant.integer == INT64_MIN || (e->type->kind == TYPE_INT32 && v->constant.integer == INT32_MIN)) {
            warn_failing(c, e, "the result is out of range");
            return e;
        }
        return texpr_int(c, e->type, -v->constant.integer, e->span);
    case TYPE_DECIMAL: return texpr_decimal(c, e->type, -decimal_from_text(v->constant.text, v->constant.len), e->span);
    case TYPE_FLOAT32:
    case TYPE_FLOAT64:
        result = texpr_new(c, TEXPR_CONST, e->type, e->span);
        result->constant.number = -v->constant.number;
        return result;
    default: return e;
    }
}

// -1, 0 or 1; false where the type has no order to compute here.
static bool compare(const struct texpr *a, const struct texpr *b, int *order)
{
    const struct constant *x = &a->constant, *y = &b->constant;
    struct weir_str s = {x->text, x->len}, t = {y->text, y->len};
    switch (a->type->kind) {
    case TYPE_BOOL:
    case TYPE_INT32:
    case TYPE_INT64:
    case TYPE_TIMESTAMP:
    case TYPE_DATE:
    case TYPE_DURATION:
    case TYPE_ENUM: *order = weir_cmp_i64(x->integer, y->integer); return true;
    case TYPE_FLOAT32:
    case TYPE_FLOAT64: *order = weir_cmp_f64(x->number, y->number); return true;
    case TYPE_STRING:
    case TYPE_BYTES: *order = weir_cmp_str(s, t); return true;
    case TYPE_DECIMAL: *order = weir_cmp_dec(const_dec(a), a->type->scale, const_dec(b), b->type->scale); return true;
    default: return false;
    }
}

struct texpr *fold_compare(struct checker *c, struct texpr *e)
{
    int order;
    if (!is_const(e->left) || !is_const(e->right) || !compare(e->left, e->right, &order))
        return e;
    bool result = false;
    switch (e->op) {
    case OP_EQ: result = order == 0; break;
    case OP_NE: result = order != 0; break;
    case OP_LT: result = order < 0; break;
    case OP_LE: result = order <= 0; break;
    case OP_GT: result = order > 0; break;
    default: result = order >= 0; break;
    }
    return texpr_bool(c, result, e->span);
}
