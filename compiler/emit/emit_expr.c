#include <stdlib.h>
#include <string.h>

#include "emit/emitter.h"
#include "types/texpr_walk.h"

// ---- can it fail? ----

struct failing {
    struct body *body;
    bool found;
};

static void look(void *arg, const struct texpr *part)
{
    struct failing *f = arg;
    f->found = f->found || expr_can_fail(f->body, part);
}

static bool call_never_fails(enum builtin_id id)
{
    switch (id) {
    case BUILTIN_LENGTH_STRING:
    case BUILTIN_LENGTH_BYTES:
    case BUILTIN_LENGTH_LIST:
    case BUILTIN_LENGTH_MAP:
    case BUILTIN_TRIM:
    case BUILTIN_TRIM_CHARS:
    case BUILTIN_SUBSTR:
    case BUILTIN_INDEX_OF:
    case BUILTIN_CONTAINS:
    case BUILTIN_STARTS_WITH:
    case BUILTIN_ENDS_WITH:
    case BUILTIN_ABS_F32:
    case BUILTIN_ABS_F64:
    case BUILTIN_SIGN_I64:
    case BUILTIN_SIGN_F64:
    case BUILTIN_SIGN_DEC:
    case BUILTIN_ROUND_I64:
    case BUILTIN_ROUND_F64:
    case BUILTIN_FLOOR_I64:
    case BUILTIN_FLOOR_F64:
    case BUILTIN_CEIL_I64:
    case BUILTIN_CEIL_F64:
    case BUILTIN_TRUNC_I64:
    case BUILTIN_TRUNC_F64:
    case BUILTIN_SQRT:
    case BUILTIN_POW:
    case BUILTIN_EXP:
    case BUILTIN_LN:
    case BUILTIN_LOG:
    case BUILTIN_LOG_BASE:
    case BUILTIN_SIN:
    case BUILTIN_COS:
    case BUILTIN_TAN:
    case BUILTIN_ASIN:
    case BUILTIN_ACOS:
    case BUILTIN_ATAN:
    case BUILTIN_ATAN2:
    case BUILTIN_LEAST:
    case BUILTIN_GREATEST:
    case BUILTIN_NULLIF:
    case BUILTIN_CONTAINS_LIST:
    case BUILTIN_INDEX_OF_LIST:
    case BUILTIN_SLICE:
    case BUILTIN_MIN:
    case BUILTIN_MAX:
    case BUILTIN_ANY:
    case BUILTIN_ALL:
    case BUILTIN_MIN_BY:
    case BUILTIN_MAX_BY:
    case BUILTIN_CONTAINS_MAP:
    case BUILTIN_KEYS:
    case BUILTIN_VALUES:
    case BUILTIN_NOW:
    case BUILTIN_MILLIS:
    case BUILTIN_MILLIS_DURATION:
    case BUILTIN_FROM_MILLIS:
    case BUILTIN_MD5:
    case BUILTIN_MD5_BYTES:
    case BUILTIN_SHA256:
    case BUILTIN_SHA256_BYTES:
    case BUILTIN_MURMUR2:
    case BUILTIN_MURMUR2_BYTES:
    case BUILTIN_XXHASH:
    case BUILTIN_XXHASH_BYTES:
    case BUILTIN_UUID:
    case BUILTIN_UUID_OF:
    case BUILTIN_GEO_DISTANCE:
    case BUILTIN_INT64_OF_I64:
    case BUILTIN_INT64_OF_BOOL:
    case BUILTIN_INT64_OF_TIMESTAMP:
    case BUILTIN_INT64_OF_DURATION:
    case BUILTIN_FLOAT64_OF_I64:
    case BUILTIN_FLOAT64_OF_F64:
    case BUILTIN_FLOAT64_OF_DEC:
    case BUILTIN_STRING_OF_STRING:
    case BUILTIN_STRING_OF_BOOL:
    case BUILTIN_STRING_OF_I64:
    case BUILTIN_STRING_OF_DEC:
    case BUILTIN_STRING_OF_DURATION:
    case BUILTIN_STRING_OF_ENUM:
    case BUILTIN_BOOL_OF_BOOL:
    case BUILTIN_BOOL_OF_I64:
    case BUILTIN_BYTES_OF_STRING:
    case BUILTIN_BYTES_OF_BYTES:
    case BUILTIN_TIMESTAMP_OF_I64:
    case BUILTIN_TIMESTAMP_OF_TIMESTAMP:
    case BUILTIN_DURATION_OF_I64: return true;
    default: return false;
    }
}

bool expr_can_fail(struct body *b, const struct texpr *x)
{
    bool is_float = x->type->kind == TYPE_FLOAT32 || x->type->kind == TYPE_FLOAT64;
    struct failing f = {b, false};
    switch (x->kind) {
    case TEXPR_VAR: {
        const struct binding *binding = body_binding(b, x->var);
        return x->var->kind == VAR_HEADERS || (binding && binding->null_test && !binding->checked);
    }
    case TEXPR_ARITH:
        if (!is_float || x->op == OP_DIV || x->op == OP_MOD)
            return true;
        break;
    case TEXPR_NEG:
        if (!is_float && x->type->kind != TYPE_DECIMAL)
            return true;
        break;
    case TEXPR_TRY: return false;
    case TEXPR_INDEX: return true;
    case TEXPR_CALL:
        if (!call_never_fails(x->builtin))
            return true;
        break;
    case TEXPR_CALL_FN: f.found = emit_fn(b->e, x->fn)->can_fail; break;
    default: break;
    }
    texpr_each_part(x, look, &f);
    return f.found;
}

struct reading {
    const struct var *var;
    bool found;
};

static void look_for(void *arg, const struct texpr *part)
{
    struct reading *r = arg;
    r->found = r->found || expr_reads(part, r->var);
}

bool expr_reads(const struct texpr *x, const struct var *var)
{
    struct reading r = {var, x->kind == TEXPR_VAR && x->var == var};
    texpr_each_part(x, look_for, &r);
    return r.found;
}

// ---- sequences ----

static void emit_named(struct body *b, struct texpr *const *xs, int count, const char *const *names,
                       struct value *values)
{
    int last_failing = -1;
    for (int i = 0; i < count; i++)
        if (xs[i] && expr_can_fail(b, xs[i]))
            last_failing = i;
    for (int i = 0; i < count; i++) {
        if (!xs[i])
            continue;
        bool keep = i < last_failing && expr_can_fail(b, xs[i]);
        values[i] = emit_named_expr(b, xs[i], names ? names[i] : NULL);
        if (keep) // C leaves the order of arguments open; which failure is reported is not
            values[i] = value_keep(b, values[i], xs[i]->type, names ? names[i] : "value");
    }
}

void emit_exprs(struct body *b, struct texpr *const *xs, int count, struct value *values)
{
    emit_named(b, xs, count, NULL, values);
}

void emit_assign(struct body *b, const char *to, const struct texpr *x)
{
    const char *text = value_arg(b, emit_expr(b, x));
    if (strcmp(to, text) != 0) // a fold may give back what it got
        body_line(b, "%s = %s;", to, text);
}

// ---- variables ----

static struct value emit_key(struct body *b, struct binding *binding)
{
    if (binding->null_test && !binding->checked) {
        body_line(b, "if (%s)", binding->null_test);
        body_line(b, "    weir_null_key(%s);", ctx(b));
        binding->checked = true;
    }
    return binding->value;
}

static struct value emit_var(struct body *b, const struct var *var)
{
    struct binding *binding = body_binding(b, var);
    if (binding) {
        binding->read = true;
        return emit_key(b, binding);
    }
    switch (var->kind) {
    case VAR_TIMESTAMP: ctx(b); return value_path(b->timestamp);
    case VAR_TOPIC: return value_path(arena_printf(b->e->arena, "%s->record->topic", ctx(b)));
    case VAR_PARTITION: return value_path(arena_printf(b->e->arena, "%s->record->partition", ctx(b)));
    case VAR_OFFSET: return value_path(arena_printf(b->e->arena, "%s->record->offset", ctx(b)));
    case VAR_HEADERS: return value_printf(b, PREC_POSTFIX, "weir_headers_map(%s)", ctx(b));
    default: fprintf(stderr, "weir: internal error: `%s` has no value where it is used\n", var->name); abort();
    }
}

// ---- records ----

// The text of an initializer, on one line if that is short.
static const char *braces(struct body *b, const char *const *parts, int count)
{
    struct writer text = {0};
    size_t length = 0;
    for (int i = 0; i < count; i++)
        length += strlen(parts[i]) + 2;
    bool lines = length > 80 || count > 4;
    for (int i = 0; i < count; i++)
        writer_printf(&text, lines ? "    %s,\n" : i ? ", %s" : " %s", parts[i]);
    const char *all = arena_printf(b->e->arena, lines ? "{\n%s}" : "{%s }", count ? text.text : " 0");
    writer_free(&text);
    return all;
}

static struct value emit_record(struct body *b, const struct texpr *x)
{
    struct emitter *e = b->e;
    int count = x->items.count, given = 0;
    struct value *values = arena_alloc(e->arena, (size_t)(count + 1) * sizeof *values);
    const char **names = arena_alloc(e->arena, (size_t)(count + 1) * sizeof *names);
    const char **parts = arena_alloc(e->arena, (size_t)(count + 1) * sizeof *parts);
    for (int i = 0; i < count; i++)
        names[i] = name_of(e, x->type->fields.items[i].name);
    emit_named(b, x->items.items, count, names, values);
    for (int i = 0; i < count; i++)
        if (x->items.items[i]) // else nobody reads it
            parts[given++] = arena_printf(e->arena, ".%s = %s", type_member(e, x->type, i), value_arg(b, values[i]));
    return value_printf(b, PREC_POSTFIX, "(%s)%s", type_c(e, x->type), braces(b, parts, given));
}

static struct value emit_union(struct body *b, const struct texpr *x)
{
    const char *inner = value_arg(b, emit_expr(b, x->left));
    return value_printf(b, PREC_POSTFIX, "(%s){ .tag = %s, .%s = %s }", type_c(b->e, x->type),
                        type_case(b->e, x->type, x->index), type_member(b->e, x->type, x->index), inner);
}

static struct value emit_not(struct body *b, const struct texpr *of)
{
    if (of->kind == TEXPR_IS_NULL)
        return value_is_some(b, emit_expr(b, of->left), of->left->type, false);
    return value_printf(b, PREC_NOT, "!%s", value_text(b, emit_expr(b, of), PREC_UNARY));
}

static struct value emit_member(struct body *b, const struct texpr *x)
{
    struct value left = emit_expr(b, x->left);
    return value_member(b, left, type_member(b->e, x->left->type, x->index));
}

// ---- all ----

struct value emit_expr(struct body *b, const struct texpr *x)
{
    return emit_named_expr(b, x, NULL);
}

struct value emit_named_expr(struct body *b, const struct texpr *x, const char *name)
{
    switch (x->kind) {
    case TEXPR_CONST: return emit_constant(b, x);
    case TEXPR_NONE: return value_null(b, x->type);
    case TEXPR_VAR: return emit_var(b, x->var);
    case TEXPR_FIELD:
    case TEXPR_CASE: return emit_member(b, x);
    case TEXPR_UNION: return emit_union(b, x);
    case TEXPR_INDEX: return emit_index(b, x);
    case TEXPR_LOOKUP: return emit_lookup(b, x);
    case TEXPR_ARITH: return emit_arith(b, x);
    case TEXPR_NEG: return emit_neg(b, x);
    case TEXPR_COMPARE: return emit_compare(b, x);
    case TEXPR_AND:
    case TEXPR_OR: return emit_and_or(b, x);
    case TEXPR_NOT: return emit_not(b, x->left);
    case TEXPR_IF: return emit_if(b, x, name);
    case TEXPR_COALESCE: return emit_coalesce(b, x, name);
    case TEXPR_IS_NULL: return value_is_some(b, emit_expr(b, x->left), x->left->type, true);
    case TEXPR_IS_CASE:
        return value_printf(b, PREC_EQUAL, "%s == %s",
                            value_text(b, value_member(b, emit_expr(b, x->left), "tag"), PREC_ADD),
                            type_case(b->e, x->left->type, x->index));
    case TEXPR_IN: return emit_in(b, x);
    case TEXPR_SOME: return value_some(b, emit_expr(b, x->left), x->type);
    case TEXPR_UNWRAP: return value_unwrap(b, emit_expr(b, x->left), x->left->type);
    case TEXPR_LIFT: return emit_lift(b, x, name);
    case TEXPR_LET: return emit_bound(b, x, name);
    case TEXPR_WIDEN: return emit_widen(b, x);
    case TEXPR_CALL: return emit_call(b, x, name);
    case TEXPR_CALL_FN: return emit_fn_call(b, x);
    case TEXPR_RECORD: return emit_record(b, x);
    case TEXPR_LIST: return emit_list_literal(b, x);
    case TEXPR_MAP: return emit_map_literal(b, x);
    case TEXPR_MATCH: return emit_match(b, x, name);
    case TEXPR_TRY: return emit_try(b, x, name);
    case TEXPR_STORED: return emit_stored(b, x);
    case TEXPR_LAMBDA:
    case TEXPR_ERROR: break;
    }
    fprintf(stderr, "weir: internal error: an expression that has no C\n");
    abort();
}
