// Typed expressions as text: like the language, with every conversion written out.
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "types/builtin.h"
#include "types/decimal_rules.h"
#include "types/dump.h"

static void show(struct writer *out, struct arena *a, const struct texpr *e);

static const char *const ops[] = {
    [OP_ADD] = "+", [OP_SUB] = "-",  [OP_MUL] = "*", [OP_DIV] = "/",       [OP_MOD] = "%",
    [OP_EQ] = "==", [OP_NE] = "!=",  [OP_LT] = "<",  [OP_LE] = "<=",       [OP_GT] = ">",
    [OP_GE] = ">=", [OP_AND] = "&&", [OP_OR] = "||", [OP_COALESCE] = "??",
};

// The shortest text that reads back, as V's own type.
static void show_float(struct writer *out, double v, bool single)
{
    char text[40];
    if (v > -1e15 && v < 1e15 && v == (double)(int64_t)v) {
        writer_printf(out, "%.1f", v);
        return;
    }
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, v);
        double back = strtod(text, NULL);
        if (back == v || (single && (float)back == (float)v))
            break;
    }
    writer_printf(out, strpbrk(text, ".en") ? "%s" : "%s.0", text);
}

static void show_constant(struct writer *out, const struct texpr *e)
{
    const struct constant *v = &e->constant;
    switch (e->type->kind) {
    case TYPE_BOOL: writer_puts(out, v->integer ? "true" : "false"); break;
    case TYPE_ENUM: writer_puts(out, e->type->fields.items[v->integer].name); break;
    case TYPE_FLOAT32:
    case TYPE_FLOAT64: show_float(out, v->number, e->type->kind == TYPE_FLOAT32); break;
    case TYPE_DECIMAL: decimal_put(out, v->text, e->type->scale); break;
    case TYPE_STRING: writer_json_string(out, v->text, v->len); break;
    case TYPE_BYTES:
        writer_puts(out, "bytes ");
        writer_json_string(out, v->text, v->len);
        break;
    case TYPE_JSON:
        writer_puts(out, "json ");
        writer_put(out, v->text, v->len);
        break;
    case TYPE_TIMESTAMP: writer_printf(out, "@%" PRId64, v->integer); break;
    case TYPE_DATE: writer_printf(out, "day %" PRId64, v->integer); break;
    case TYPE_DURATION: writer_printf(out, "%" PRId64 "ms", v->integer); break;
    default: writer_printf(out, "%" PRId64, v->integer); break;
    }
}

static void show_items(struct writer *out, struct arena *a, const char *open, const struct texpr *e, const char *close)
{
    writer_puts(out, open);
    for (int i = 0; i < e->items.count; i++) {
        writer_puts(out, i > 0 ? ", " : "");
        if (e->kind == TEXPR_RECORD)
            writer_printf(out, "%s: ", e->type->fields.items[i].name);
        if (e->kind == TEXPR_MAP) {
            show(out, a, e->keys.items[i]);
            writer_puts(out, ": ");
        }
        if (e->items.items[i])
            show(out, a, e->items.items[i]);
        else
            writer_puts(out, "_"); // nobody reads it (plan/uses.c)
    }
    writer_puts(out, close);
}

static void show_binary(struct writer *out, struct arena *a, const struct texpr *e, const char *op)
{
    writer_puts(out, "(");
    show(out, a, e->left);
    writer_printf(out, " %s ", op);
    show(out, a, e->right);
    writer_puts(out, ")");
}

static void show_wrapped(struct writer *out, struct arena *a, const char *before, const struct texpr *e,
                         const char *after)
{
    writer_puts(out, before);
    show(out, a, e);
    writer_puts(out, after);
}

// `lift (x = note) length(x)`: null if one of the operands is.
static void show_binding(struct writer *out, struct arena *a, const char *what, const struct texpr *e)
{
    writer_printf(out, "%s (", what);
    for (int i = 0; i < e->vars.count; i++) {
        writer_printf(out, "%s%s = ", i > 0 ? ", " : "", e->vars.items[i]->name);
        show(out, a, e->items.items[i]);
    }
    show_wrapped(out, a, ") ", e->left, "");
}

static void show_lambda(struct writer *out, struct arena *a, const struct texpr *e)
{
    if (e->vars.count == 1) {
        writer_puts(out, e->vars.items[0]->name);
    } else {
        for (int i = 0; i < e->vars.count; i++)
            writer_printf(out, "%s%s", i > 0 ? ", " : "(", e->vars.items[i]->name);
        writer_puts(out, ")");
    }
    show_wrapped(out, a, " => ", e->left, "");
}

static void show_match(struct writer *out, struct arena *a, const struct texpr *e)
{
    show_wrapped(out, a, "match ", e->left, " { ");
    for (int i = 0; i < e->arms.count; i++) {
        const struct texpr_arm *arm = &e->arms.items[i];
        writer_puts(out, i > 0 ? ", " : "");
        writer_puts(out, arm->index < 0 ? "else" : e->left->type->fields.items[arm->index].name);
        if (arm->binding)
            writer_printf(out, " %s", arm->binding->name);
        show_wrapped(out, a, " => ", arm->value, "");
    }
    writer_puts(out, " }");
}

static void show_if(struct writer *out, struct arena *a, const struct texpr *e)
{
    show_wrapped(out, a, "(if ", e->cond, " then ");
    show_wrapped(out, a, "", e->left, " else ");
    show_wrapped(out, a, "", e->right, ")");
}

static void show_widen(struct writer *out, struct arena *a, const struct texpr *e)
{
    if (type_same(e->type, e->left->type)) {
        show(out, a, e->left);
        return;
    }
    show_wrapped(out, a, arena_printf(a, "widen %s (", type_show(a, e->type)), e->left, ")");
}

static void show_call(struct writer *out, struct arena *a, const struct texpr *e)
{
    if (e->kind == TEXPR_CALL_FN)
        writer_puts(out, e->fn->name);
    else
        writer_puts(out, builtin_name(e->builtin));
    bool decimal = e->kind == TEXPR_CALL && e->builtin >= BUILTIN_INT32_OF_I64 && e->type->kind == TYPE_DECIMAL;
    show_items(out, a, "(", e, "");
    if (decimal)
        writer_printf(out, ", %d, %d", e->type->precision, e->type->scale);
    writer_puts(out, ")");
}

static void show_case(struct writer *out, struct arena *a, const struct texpr *e, const struct type *type,
                      const char *what)
{
    show_wrapped(out, a, "", e->left, what);
    writer_puts(out, type->fields.items[e->index].name);
}

static void show_indexed(struct writer *out, struct arena *a, const struct texpr *e)
{
    show(out, a, e->left);
    show_wrapped(out, a, "[", e->right, "]");
}

static void show_range(struct writer *out, struct arena *a, const struct store_place *place, const char *before)
{
    writer_puts(out, before);
    if (place->from)
        show(out, a, place->from);
    writer_puts(out, "..");
    if (place->to)
        show(out, a, place->to);
}

// "seen[key, from..to]"
static void show_place(struct writer *out, struct arena *a, const struct store_place *place)
{
    writer_printf(out, "%s[", place->store->name);
    if (place->key)
        show(out, a, place->key);
    if (place->at)
        show_wrapped(out, a, ", ", place->at, "");
    if (place->from || place->to)
        show_range(out, a, place, place->key ? ", " : "");
    writer_puts(out, "]");
}

static void show(struct writer *out, struct arena *a, const struct texpr *e)
{
    switch (e->kind) {
    case TEXPR_ERROR: writer_puts(out, "?"); break;
    case TEXPR_CONST: show_constant(out, e); break;
    case TEXPR_NONE: writer_puts(out, "null"); break;
    case TEXPR_VAR: writer_puts(out, e->var->name); break;
    case TEXPR_FIELD: show_case(out, a, e, e->left->type, "."); break;
    case TEXPR_CASE: show_case(out, a, e, e->left->type, " as "); break;
    case TEXPR_UNION:
        writer_printf(out, "%s.%s ", e->type->name, e->type->fields.items[e->index].name);
        show(out, a, e->left);
        break;
    case TEXPR_INDEX:
    case TEXPR_LOOKUP: show_indexed(out, a, e); break;
    case TEXPR_ARITH:
    case TEXPR_COMPARE: show_binary(out, a, e, ops[e->op]); break;
    case TEXPR_AND: show_binary(out, a, e, "&&"); break;
    case TEXPR_OR: show_binary(out, a, e, "||"); break;
    case TEXPR_COALESCE: show_binary(out, a, e, "??"); break;
    case TEXPR_IN: show_binary(out, a, e, e->negated ? "not in" : "in"); break;
    case TEXPR_NEG: show_wrapped(out, a, "-", e->left, ""); break;
    case TEXPR_NOT: show_wrapped(out, a, "!", e->left, ""); break;
    case TEXPR_IF: show_if(out, a, e); break;
    case TEXPR_IS_NULL: show_wrapped(out, a, "(", e->left, " == null)"); break;
    case TEXPR_IS_CASE:
        writer_puts(out, "(");
        show_case(out, a, e, e->left->type, " is ");
        writer_puts(out, ")");
        break;
    case TEXPR_SOME: show_wrapped(out, a, "some(", e->left, ")"); break;
    case TEXPR_UNWRAP: show_wrapped(out, a, "", e->left, "!"); break;
    case TEXPR_LIFT: show_binding(out, a, "lift", e); break;
    case TEXPR_LET: show_binding(out, a, "let", e); break;
    case TEXPR_WIDEN: show_widen(out, a, e); break;
    case TEXPR_CALL:
    case TEXPR_CALL_FN: show_call(out, a, e); break;
    case TEXPR_LAMBDA: show_lambda(out, a, e); break;
    case TEXPR_RECORD: show_items(out, a, "{ ", e, " }"); break;
    case TEXPR_LIST:
    case TEXPR_MAP: show_items(out, a, "[", e, "]"); break;
    case TEXPR_MATCH: show_match(out, a, e); break;
    case TEXPR_TRY: show_wrapped(out, a, "(try ", e->left, ")"); break;
    case TEXPR_STORED: show_place(out, a, e->place); break;
    }
}

void place_show(struct writer *out, const struct store_place *place)
{
    struct arena *scratch = arena_new();
    show_place(out, scratch, place);
    arena_free(scratch);
}

void texpr_show(struct writer *out, const struct texpr *e)
{
    struct arena *scratch = arena_new();
    show(out, scratch, e);
    arena_free(scratch);
}
