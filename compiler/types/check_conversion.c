// Conversions by the type's name, and the ends of number types.
#include <float.h>
#include <string.h>

#include "types/check_call.h"
#include "types/resolve.h"

// ---- decimal(x, p, s) ----

static bool literal_digits(struct checker *c, const struct ast_expr *e, int64_t *value)
{
    struct texpr *number = e->kind == AST_INT ? infer_number(c, e, false, NULL) : NULL;
    if (number && !is_error(number)) {
        *value = number->constant.integer;
        return true;
    }
    struct diag *d = diag_error(c->bag, e->span, "the digits of a decimal are written as numbers");
    diag_help(c->bag, d, "as in `decimal(x, 12, 2)`: 12 digits, 2 of them after the point");
    return false;
}

static const struct type *decimal_type(struct checker *c, const struct ast_expr *p, const struct ast_expr *s)
{
    int64_t precision, scale;
    if (!literal_digits(c, p, &precision) || !literal_digits(c, s, &scale))
        return kind_type(c, TYPE_ERROR);
    return decimal_checked(c, span_join(p->span, s->span), precision, scale);
}

static struct texpr *infer_decimal(struct checker *c, const struct env *env, const struct ast_expr *e)
{
    if (e->items.count != 3) {
        struct diag *d = diag_error(c->bag, e->span, "decimal(x, p, s) takes a value and the number of digits");
        diag_help(c->bag, d, "as in `decimal(%s, 12, 2)`: 12 digits, 2 of them after the point",
                  e->items.count > 0 ? source_text(c, e->items.items[0]->span) : "x");
        return texpr_error(c, e->span);
    }
    const struct type *type = decimal_type(c, e->items.items[1], e->items.items[2]);
    struct call call = {.ast = e};
    struct argument argument = {e->items.items[0], require_type(c, infer_expr(c, env, e->items.items[0], type))};
    vec_push(c->arena, &call.arguments, argument);
    if (is_error(argument.value) || type->kind == TYPE_ERROR)
        return texpr_error(c, e->span);
    struct texpr *constant = is_const(argument.value) ? convert_to(c, argument.value, type) : NULL;
    if (constant)
        return constant;
    if (type_plain(argument.value->type) == type)
        return argument.value;
    return call_overloaded(c, env, &call, builtin_find(c->builtins, "decimal"), type);
}

// ---- min_value(T), max_value(T) ----

static struct texpr *decimal_end(struct checker *c, const struct type *type, bool max, struct span span)
{
    decimal_digits digits = 1;
    for (int i = 0; i < type->precision; i++)
        digits *= 10;
    digits -= 1;
    return texpr_decimal(c, type, max ? digits : -digits, span);
}

static struct texpr *float_end(struct checker *c, const struct type *type, double end, bool max, struct span span)
{
    struct texpr *e = texpr_new(c, TEXPR_CONST, type, span);
    e->constant.number = max ? end : -end;
    return e;
}

static struct texpr *infer_end(struct checker *c, const struct ast_expr *e, bool max)
{
    const struct ast_expr *t = e->items.count == 1 ? e->items.items[0] : NULL;
    const struct type *type = NULL;
    if (t && t->kind == AST_NAME)
        type = scalar_by_name(c, t->name.text);
    if (t && t->kind == AST_CALL && strcmp(t->name.text, "decimal") == 0 && t->items.count == 2)
        type = decimal_type(c, t->items.items[0], t->items.items[1]);
    switch (type ? type->kind : TYPE_NULL) {
    case TYPE_ERROR: return texpr_error(c, e->span);
    case TYPE_INT32: return texpr_int(c, type, max ? INT32_MAX : INT32_MIN, e->span);
    case TYPE_INT64: return texpr_int(c, type, max ? INT64_MAX : INT64_MIN, e->span);
    case TYPE_FLOAT32: return float_end(c, type, (double)FLT_MAX, max, e->span);
    case TYPE_FLOAT64: return float_end(c, type, DBL_MAX, max, e->span);
    case TYPE_DECIMAL: return decimal_end(c, type, max, e->span);
    default: break;
    }
    struct diag *d = diag_error(c->bag, t ? t->span : e->span, "`%s` takes a number type", e->name.text);
    diag_help(c->bag, d, "as in `%s(int64)` or `%s(decimal(12, 2))`", e->name.text, e->name.text);
    return texpr_error(c, e->span);
}

// ---- the others ----

// `[start/end]` in milliseconds, as Kafka Streams shows a window.
static struct texpr *window_text(struct checker *c, struct texpr *window)
{
    const struct type *string = kind_type(c, TYPE_STRING), *int64 = kind_type(c, TYPE_INT64);
    struct texpr *ends[2];
    for (int i = 0; i < 2; i++)
        ends[i] = texpr_call1(c, BUILTIN_STRING_OF_I64, string,
                              texpr_call1(c, BUILTIN_MILLIS, int64, texpr_field(c, window, i, window->span)));
    struct texpr *parts[] = {texpr_text(c, string, "[", 1, window->span), ends[0],
                             texpr_text(c, string, "/", 1, window->span), ends[1],
                             texpr_text(c, string, "]", 1, window->span)};
    struct texpr *text = texpr_new(c, TEXPR_CALL, string, window->span);
    text->builtin = BUILTIN_CONCAT_STRING;
    for (int i = 0; i < 5; i++)
        vec_push(c->arena, &text->items, parts[i]);
    return text;
}

static struct texpr *infer_to(struct checker *c, const struct env *env, const struct ast_expr *e,
                              const struct type *type)
{
    struct call call = infer_arguments(c, env, e);
    if (call.arguments.count == 1) {
        const struct argument *argument = &call.arguments.items[0];
        if (!argument->value && argument->ast->kind != AST_LAMBDA) {
            struct texpr *typed = infer_expr(c, env, argument->ast, NULL);
            call.arguments.items[0].value = is_error(typed) ? typed : require_type(c, typed);
        }
        struct texpr *value = argument->value;
        if (value && !is_error(value) && type_same(type_plain(value->type), type))
            return value;
        if (value && value->kind == TEXPR_VAR && value->var->kind == VAR_WINDOW && type->kind == TYPE_STRING)
            return window_text(c, value);
    }
    return call_overloaded(c, env, &call, builtin_find(c->builtins, e->name.text), NULL);
}

static struct texpr *json_misused(struct checker *c, const struct ast_expr *e)
{
    const char *text = e->items.count == 1 ? source_text(c, e->items.items[0]->span) : "x";
    struct diag *d = diag_error(c->bag, e->span, "there is no conversion `json`");
    diag_help(c->bag, d, "write `to_json(%s)` for a value as JSON, `parse_json(%s)` for a JSON text", text, text);
    return texpr_error(c, e->span);
}

struct texpr *infer_conversion(struct checker *c, const struct env *env, const struct ast_expr *e)
{
    const char *name = e->name.text;
    if (strcmp(name, "decimal") == 0)
        return infer_decimal(c, env, e);
    if (strcmp(name, "min_value") == 0 || strcmp(name, "max_value") == 0)
        return infer_end(c, e, name[1] == 'a');
    if (strcmp(name, "json") == 0)
        return json_misused(c, e);
    const struct type *type = scalar_by_name(c, name);
    return type ? infer_to(c, env, e, type) : NULL;
}
