#include <inttypes.h>
#include <string.h>

#include "syntax/ast_dump.h"

// ---- types ----

static void dump_fields(struct writer *out, const struct ast_type *type)
{
    writer_puts(out, "{");
    for (int i = 0; i < type->fields.count; i++) {
        writer_puts(out, i ? ", " : " ");
        dump_name(out, type->fields.items[i].name);
        writer_puts(out, ": ");
        dump_type(out, type->fields.items[i].type);
    }
    writer_puts(out, " }");
}

void dump_type(struct writer *out, const struct ast_type *type)
{
    switch (type->kind) {
    case AST_TYPE_NAME: dump_name(out, type->name); break;
    case AST_TYPE_DECIMAL: writer_printf(out, "decimal(%d, %d)", type->precision, type->scale); break;
    case AST_TYPE_TIMESTAMP_ISO: writer_puts(out, "timestamp(iso)"); break;
    case AST_TYPE_LIST:
        writer_puts(out, "[");
        dump_type(out, type->element);
        writer_puts(out, "]");
        break;
    case AST_TYPE_MAP:
        writer_puts(out, "{map ");
        dump_type(out, type->key);
        writer_puts(out, ": ");
        dump_type(out, type->element);
        writer_puts(out, "}");
        break;
    case AST_TYPE_RECORD: dump_fields(out, type); break;
    case AST_TYPE_OPTIONAL:
        dump_type(out, type->element);
        writer_puts(out, "?");
        break;
    }
}

// ---- expressions ----

static const char *const op_names[] = {
    [OP_ADD] = "+", [OP_SUB] = "-",       [OP_MUL] = "*", [OP_DIV] = "/", [OP_MOD] = "%", [OP_EQ] = "==",
    [OP_NE] = "!=", [OP_LT] = "<",        [OP_LE] = "<=", [OP_GT] = ">",  [OP_GE] = ">=", [OP_AND] = "&&",
    [OP_OR] = "||", [OP_COALESCE] = "??", [OP_NOT] = "!", [OP_NEG] = "-",
};

static const char *const kind_names[] = {
    [AST_NULL] = "null",
    [AST_BOOL] = "bool",
    [AST_INT] = "int",
    [AST_NUMBER] = "number",
    [AST_STRING] = "string",
    [AST_DURATION] = "duration",
    [AST_SIZE] = "size",
    [AST_TIMESTAMP] = "timestamp",
    [AST_NAME] = "name",
    [AST_FIELD] = "field",
    [AST_SAFE_FIELD] = "safe field",
    [AST_INDEX] = "index",
    [AST_RANGE] = "range",
    [AST_CALL] = "call",
    [AST_UNARY] = "unary",
    [AST_BINARY] = "binary",
    [AST_IF] = "if",
    [AST_IN] = "in",
    [AST_IS] = "is",
    [AST_MATCH] = "match",
    [AST_TRY] = "try",
    [AST_LAMBDA] = "lambda",
    [AST_RECORD] = "record",
    [AST_LIST] = "list",
    [AST_MAP] = "map",
    [AST_ERROR] = "error",
};

static void put_named(struct writer *out, const char *before, struct name name)
{
    writer_puts(out, before);
    dump_name(out, name);
}

// What stands beside the kind.
static void dump_details(struct writer *out, const struct ast_expr *e)
{
    switch (e->kind) {
    case AST_BOOL: writer_puts(out, e->boolean ? " true" : " false"); break;
    case AST_INT:
    case AST_NUMBER: writer_printf(out, " %s", e->string); break;
    case AST_STRING:
        writer_puts(out, " ");
        writer_json_string(out, e->string, e->string_len);
        break;
    case AST_DURATION:
    case AST_TIMESTAMP: writer_printf(out, " %" PRId64 "ms", e->integer); break;
    case AST_SIZE: writer_printf(out, " %" PRId64, e->integer); break;
    case AST_NAME:
    case AST_FIELD:
    case AST_SAFE_FIELD:
    case AST_CALL:
    case AST_IS: put_named(out, " ", e->name); break;
    case AST_UNARY:
    case AST_BINARY: writer_printf(out, " %s", op_names[e->op]); break;
    case AST_IN: writer_puts(out, e->boolean ? " negated" : ""); break;
    case AST_LAMBDA:
        for (int i = 0; i < e->params.count; i++)
            put_named(out, " ", e->params.items[i]);
        break;
    default: break;
    }
}

static void dump_record_items(struct writer *out, const struct ast_expr *e)
{
    for (int i = 0; i < e->fields.count; i++) {
        const struct ast_record_item *item = &e->fields.items[i];
        if (item->spread)
            writer_puts(out, "...");
        else
            put_named(out, item->shorthand ? "shorthand " : "", item->name);
        writer_puts(out, "\n");
        out->indent++;
        if (!item->shorthand)
            dump_expr(out, item->value);
        out->indent--;
    }
}

static void dump_arms(struct writer *out, const struct ast_expr *e)
{
    for (int i = 0; i < e->arms.count; i++) {
        const struct ast_match_arm *arm = &e->arms.items[i];
        if (arm->is_else)
            writer_puts(out, "else");
        else
            put_named(out, "case ", arm->tag);
        if (arm->binding.text)
            put_named(out, " ", arm->binding);
        writer_puts(out, "\n");
        out->indent++;
        dump_expr(out, arm->value);
        out->indent--;
    }
}

static void dump_children(struct writer *out, const struct ast_expr *e)
{
    dump_expr(out, e->cond);
    dump_expr(out, e->left);
    dump_expr(out, e->right);
    for (int i = 0; i < e->items.count; i++)
        dump_expr(out, e->items.items[i]);
    for (int i = 0; i < e->entries.count; i++) {
        dump_labelled(out, "key", e->entries.items[i].key);
        dump_labelled(out, "value", e->entries.items[i].value);
    }
    dump_record_items(out, e);
    dump_arms(out, e);
    dump_labelled(out, "where", e->where);
}

void dump_expr(struct writer *out, const struct ast_expr *e)
{
    if (!e)
        return;
    writer_puts(out, kind_names[e->kind]);
    dump_details(out, e);
    writer_puts(out, "\n");
    out->indent++;
    if (e->kind == AST_RANGE) {
        dump_labelled(out, "from", e->left);
        dump_labelled(out, "to", e->right);
    } else {
        dump_children(out, e);
    }
    out->indent--;
}

void dump_labelled(struct writer *out, const char *label, const struct ast_expr *e)
{
    if (!e)
        return;
    writer_printf(out, "%s\n", label);
    out->indent++;
    dump_expr(out, e);
    out->indent--;
}
