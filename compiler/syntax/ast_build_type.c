#include <string.h>

#include "syntax/ast_build.h"

static struct ast_type *new_type(struct parser *p, enum ast_type_kind kind, struct span span)
{
    struct ast_type *t = arena_new_of(p->arena, struct ast_type);
    t->kind = kind;
    t->span = span;
    return t;
}

struct ast_type *build_broken_type(struct parser *p, struct span span)
{
    return build_named_type(p, (struct name){intern_cstr(p->names, "?"), span});
}

struct ast_type *build_named_type(struct parser *p, struct name name)
{
    struct ast_type *t = new_type(p, AST_TYPE_NAME, name.span);
    t->name = name;
    return t;
}

// A number of at most two digits; more are out of range anyway.
static int small_number(const struct ast_expr *e)
{
    int value = 0;
    for (const char *c = e->string; *c && value < 100; c++)
        value = value * 10 + (*c - '0');
    return value;
}

struct ast_type *build_type_with_args(struct parser *p, struct name name, struct expr_list args, struct span span)
{
    struct ast_type *t = new_type(p, AST_TYPE_NAME, span);
    struct ast_expr *const *arg = args.items;
    t->name = name;
    if (strcmp(name.text, "decimal") == 0 && args.count == 2 && arg[0]->kind == AST_INT && arg[1]->kind == AST_INT) {
        t->kind = AST_TYPE_DECIMAL;
        t->precision = small_number(arg[0]);
        t->scale = small_number(arg[1]);
    } else if (strcmp(name.text, "timestamp") == 0 && args.count == 1 && arg[0]->kind == AST_NAME &&
               strcmp(arg[0]->name.text, "iso") == 0) {
        t->kind = AST_TYPE_TIMESTAMP_ISO;
    } else if (strcmp(name.text, "decimal") == 0) {
        struct diag *d = diag_error(p->bag, span, "a decimal type needs two numbers");
        diag_help(p->bag, d, "write decimal(12, 2): 12 digits, 2 of them after the point");
    } else if (strcmp(name.text, "timestamp") == 0) {
        struct diag *d = diag_error(p->bag, span, "a timestamp type has no such form");
        diag_help(p->bag, d, "write `timestamp` for milliseconds, `timestamp(iso)` for text");
    } else {
        diag_error(p->bag, span, "type `%s` takes nothing in brackets", name.text);
    }
    return t;
}

struct ast_type *build_list_type(struct parser *p, struct ast_type *element, struct span span)
{
    struct ast_type *t = new_type(p, AST_TYPE_LIST, span);
    t->element = element;
    return t;
}

struct ast_type *build_optional_type(struct parser *p, struct ast_type *element, struct span span)
{
    struct ast_type *t = new_type(p, AST_TYPE_OPTIONAL, span);
    t->element = element;
    return t;
}

struct ast_type *build_record_type(struct parser *p, struct field_list fields, struct span span)
{
    struct ast_type *t = new_type(p, AST_TYPE_RECORD, span);
    for (int i = 0; i < fields.count; i++)
        if (fields.items[i].type) // else already reported
            vec_push(p->arena, &t->fields, fields.items[i]);
    return t;
}

// `{string: T}` is a map; a record with one field of that name writes it in backquotes.
struct ast_type *build_braced_type(struct parser *p, struct field_list fields, struct span span)
{
    const struct ast_field *only = fields.items;
    if (fields.count != 1 || !only->type || strcmp(only->name.text, "string") != 0 ||
        p->source->text[only->name.span.begin] == '`')
        return build_record_type(p, fields, span);
    struct ast_type *t = new_type(p, AST_TYPE_MAP, span);
    t->key = build_named_type(p, only->name);
    t->element = only->type;
    return t;
}

// ---- serdes ----

struct ast_serde *build_serde(struct parser *p, struct name format, struct ast_type *type, struct span span)
{
    struct ast_serde *s = arena_new_of(p->arena, struct ast_serde);
    s->span = span;
    s->format = format;
    s->type = type;
    return s;
}

struct ast_serde *build_optional_serde(struct ast_serde *serde, struct span span)
{
    serde->optional = true;
    serde->span = span;
    return serde;
}

struct ast_serde *build_csv_serde(struct parser *p, struct name format, const struct token *delimiter,
                                  struct ast_type *type, struct span span)
{
    struct ast_serde *s = build_serde(p, format, type, span);
    s->delimiter = build_literal(p, AST_STRING, delimiter);
    return s;
}

struct ast_serde *build_windowed_serde(struct ast_serde *serde, enum ast_window_serde window, int64_t size,
                                       struct span span)
{
    serde->window = window;
    serde->window_size = size;
    serde->span = span;
    return serde;
}
