// Typed expressions as JSON. A type is its number in the program's list of types.
#include <inttypes.h>
#include <string.h>

#include "types/builtin.h"
#include "types/json_put.h"

static const char *const kinds[] = {
    [TEXPR_ERROR] = "error",       [TEXPR_CONST] = "const",
    [TEXPR_NONE] = "none",         [TEXPR_VAR] = "var",
    [TEXPR_FIELD] = "field",       [TEXPR_UNION] = "union",
    [TEXPR_CASE] = "case",         [TEXPR_INDEX] = "index",
    [TEXPR_LOOKUP] = "lookup",     [TEXPR_ARITH] = "arith",
    [TEXPR_NEG] = "neg",           [TEXPR_COMPARE] = "compare",
    [TEXPR_AND] = "and",           [TEXPR_OR] = "or",
    [TEXPR_NOT] = "not",           [TEXPR_IF] = "if",
    [TEXPR_COALESCE] = "coalesce", [TEXPR_IS_NULL] = "is_null",
    [TEXPR_IS_CASE] = "is_case",   [TEXPR_IN] = "in",
    [TEXPR_SOME] = "some",         [TEXPR_UNWRAP] = "unwrap",
    [TEXPR_LIFT] = "lift",         [TEXPR_LET] = "let",
    [TEXPR_WIDEN] = "widen",       [TEXPR_CALL] = "call",
    [TEXPR_CALL_FN] = "call_fn",   [TEXPR_LAMBDA] = "lambda",
    [TEXPR_RECORD] = "record",     [TEXPR_LIST] = "list",
    [TEXPR_MAP] = "map",           [TEXPR_MATCH] = "match",
    [TEXPR_TRY] = "try",           [TEXPR_STORED] = "stored",
};

static const char *const ops[] = {
    [OP_ADD] = "+", [OP_SUB] = "-",  [OP_MUL] = "*", [OP_DIV] = "/",       [OP_MOD] = "%",
    [OP_EQ] = "==", [OP_NE] = "!=",  [OP_LT] = "<",  [OP_LE] = "<=",       [OP_GT] = ">",
    [OP_GE] = ">=", [OP_AND] = "&&", [OP_OR] = "||", [OP_COALESCE] = "??",
};

static const char *const builtins[] = {
#define BUILTIN(id, name, signature, function) #id,
#include "types/builtins.def"
#undef BUILTIN
};

static const char *const var_kinds[] = {
    [VAR_KEY] = "key",       [VAR_VALUE] = "value",         [VAR_LET] = "let",
    [VAR_LOCAL] = "local",   [VAR_TIMESTAMP] = "timestamp", [VAR_HEADERS] = "headers",
    [VAR_TOPIC] = "topic",   [VAR_PARTITION] = "partition", [VAR_OFFSET] = "offset",
    [VAR_WINDOW] = "window",
};

void json_name(struct writer *out, const char *name)
{
    char last = out->len ? out->text[out->len - 1] : '{';
    if (last == '\n' && out->len > 1)
        last = out->text[out->len - 2];
    if (last != '{' && last != '[' && last != ',')
        writer_puts(out, ",");
    if (name) {
        writer_json_string(out, name, strlen(name));
        writer_puts(out, ":");
    }
}

void json_text(struct writer *out, const char *name, const char *text)
{
    if (!text)
        return;
    json_name(out, name);
    writer_json_string(out, text, strlen(text));
}

void json_int(struct writer *out, const char *name, int64_t v)
{
    json_name(out, name);
    writer_printf(out, "%" PRId64, v);
}

void json_true(struct writer *out, const char *name, bool v)
{
    if (!v)
        return;
    json_name(out, name);
    writer_puts(out, "true");
}

void json_open(struct writer *out, const char *name, char bracket)
{
    json_name(out, name);
    writer_put(out, &bracket, 1);
}

void json_close(struct writer *out, char bracket)
{
    writer_put(out, &bracket, 1);
}

void json_var(struct writer *out, const char *name, const struct var *var)
{
    if (!var)
        return;
    json_open(out, name, '{');
    json_text(out, "kind", var_kinds[var->kind]);
    json_int(out, "id", var->id);
    json_text(out, "name", var->name);
    json_int(out, "type", var->type->id);
    json_close(out, '}');
}

// Bytes need not be UTF-8, and floats need not be finite: both are text that says exactly what they are.
static void put_constant(struct writer *out, const struct texpr *e)
{
    const struct constant *v = &e->constant;
    json_name(out, "value");
    switch (e->type->kind) {
    case TYPE_FLOAT32:
    case TYPE_FLOAT64: writer_printf(out, "\"%.17g\"", v->number); break;
    case TYPE_DECIMAL: writer_printf(out, "\"%s\"", v->text); break;
    case TYPE_STRING:
    case TYPE_JSON: writer_json_string(out, v->text, v->len); break;
    case TYPE_BYTES:
        writer_puts(out, "\"");
        for (uint32_t i = 0; i < v->len; i++)
            writer_printf(out, "%02x", (unsigned char)v->text[i]);
        writer_puts(out, "\"");
        break;
    default: writer_printf(out, "%" PRId64, v->integer); break;
    }
}

static void put_items(struct writer *out, const char *name, struct texpr *const *items, int count)
{
    if (count == 0)
        return;
    json_open(out, name, '[');
    for (int i = 0; i < count; i++)
        json_texpr(out, NULL, items[i]);
    json_close(out, ']');
}

static void put_arms(struct writer *out, const struct texpr *e)
{
    json_open(out, "arms", '[');
    for (int i = 0; i < e->arms.count; i++) {
        const struct texpr_arm *arm = &e->arms.items[i];
        json_open(out, NULL, '{');
        json_int(out, "index", arm->index);
        json_var(out, "binding", arm->binding);
        json_texpr(out, "value", arm->value);
        json_close(out, '}');
    }
    json_close(out, ']');
}

static bool has_index(enum texpr_kind kind)
{
    return kind == TEXPR_FIELD || kind == TEXPR_UNION || kind == TEXPR_CASE || kind == TEXPR_IS_CASE;
}

void json_texpr(struct writer *out, const char *name, const struct texpr *e)
{
    if (!e)
        return;
    json_open(out, name, '{');
    json_text(out, "is", kinds[e->kind]);
    json_int(out, "type", e->type->id);
    if (e->kind == TEXPR_ARITH || e->kind == TEXPR_COMPARE)
        json_text(out, "op", ops[e->op]);
    if (e->kind == TEXPR_CONST)
        put_constant(out, e);
    if (e->kind == TEXPR_VAR)
        json_var(out, "var", e->var);
    if (has_index(e->kind))
        json_int(out, "index", e->index);
    json_true(out, "negated", e->negated);
    if (e->kind == TEXPR_CALL)
        json_text(out, "builtin", builtins[e->builtin]);
    if (e->kind == TEXPR_CALL_FN)
        json_text(out, "fn", e->fn->name);
    json_texpr(out, "cond", e->cond);
    json_texpr(out, "left", e->left);
    json_texpr(out, "right", e->right);
    put_items(out, "keys", e->keys.items, e->keys.count);
    put_items(out, "items", e->items.items, e->items.count);
    if (e->vars.count) {
        json_open(out, "vars", '[');
        for (int i = 0; i < e->vars.count; i++)
            json_var(out, NULL, e->vars.items[i]);
        json_close(out, ']');
    }
    if (e->kind == TEXPR_MATCH)
        put_arms(out, e);
    json_place(out, e->place);
    json_close(out, '}');
}
