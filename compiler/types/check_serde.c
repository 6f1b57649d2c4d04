// Serdes: how keys and values are bytes.
#include <string.h>

#include "types/dump.h"
#include "types/flow_check.h"

struct format_name {
    const char *name;
    enum serde_format format;
    enum type_kind type; // TYPE_ERROR: said after the name
};

static const struct format_name formats[] = {
    {"string", SERDE_STRING, TYPE_STRING},    {"bytes", SERDE_BYTES, TYPE_BYTES},
    {"bool", SERDE_BOOL, TYPE_BOOL},          {"int32", SERDE_INT32, TYPE_INT32},
    {"int64", SERDE_INT64, TYPE_INT64},       {"float32", SERDE_FLOAT32, TYPE_FLOAT32},
    {"float64", SERDE_FLOAT64, TYPE_FLOAT64}, {"json", SERDE_JSON, TYPE_ERROR},
    {"csv", SERDE_CSV, TYPE_ERROR},           {"avro", SERDE_AVRO, TYPE_ERROR},
    {"protobuf", SERDE_PROTOBUF, TYPE_ERROR},
};
enum { FORMAT_COUNT = sizeof formats / sizeof formats[0] };

// What the serdes are called elsewhere.
static const struct {
    const char *name, *ours;
} synonyms[] = {
    {"long", "int64"},     {"integer", "int32"}, {"int", "int32"},     {"double", "float64"},
    {"float", "float32"},  {"boolean", "bool"},  {"text", "string"},   {"bytearray", "bytes"},
    {"number", "float64"}, {"tsv", "csv"},       {"String", "string"}, {"Long", "int64"},
};

static const struct format_name *find_format(const char *name)
{
    for (int i = 0; i < FORMAT_COUNT; i++)
        if (strcmp(formats[i].name, name) == 0)
            return &formats[i];
    return NULL;
}

static const char *nearest_format(const char *name)
{
    for (size_t i = 0; i < sizeof synonyms / sizeof synonyms[0]; i++)
        if (strcmp(synonyms[i].name, name) == 0)
            return synonyms[i].ours;
    const char *names[FORMAT_COUNT];
    for (int i = 0; i < FORMAT_COUNT; i++)
        names[i] = formats[i].name;
    return diag_nearest(name, names, FORMAT_COUNT);
}

static void report_unknown(struct checker *c, const struct ast_serde *ast)
{
    struct diag *d = diag_error(c->bag, ast->format.span, "there is no serde named `%s`", ast->format.text);
    const char *nearest = nearest_format(ast->format.text);
    if (nearest)
        diag_help(c->bag, d, "did you mean `%s`?", nearest);
    else
        diag_help(c->bag, d, "if `%s` is a type, say how it is written: `json %s` or `csv %s`", ast->format.text,
                  ast->format.text, ast->format.text);
}

static bool is_csv_scalar(const struct type *t)
{
    switch (type_plain(t)->kind) {
    case TYPE_RECORD:
    case TYPE_UNION:
    case TYPE_LIST:
    case TYPE_MAP:
    case TYPE_JSON:
    case TYPE_NULL: return false;
    default: return true;
    }
}

// A line has no place for anything nested.
static bool check_csv_type(struct checker *c, const struct ast_serde *ast, const struct type *type)
{
    const struct type *plain = type_plain(type);
    struct span span = ast->type ? ast->type->span : ast->span;
    if (plain->kind != TYPE_RECORD) {
        if (is_csv_scalar(plain))
            return true;
        struct diag *d = diag_error(c->bag, span, "csv can't hold %s", type_show(c->arena, type));
        diag_help(c->bag, d, "a line is a record of scalars, or one scalar; use `json` for anything nested");
        return false;
    }
    for (int i = 0; i < plain->fields.count; i++) {
        const struct type_field *field = &plain->fields.items[i];
        if (is_csv_scalar(field->type))
            continue;
        struct diag *d = diag_error(c->bag, span, "csv can't hold the field `%s`", field->name);
        diag_label(c->bag, d, "`%s` is %s", field->name, type_show(c->arena, field->type));
        diag_help(c->bag, d, "the fields of a line are scalars; use `json` for anything nested");
        return false;
    }
    return true;
}

static char csv_delimiter(struct checker *c, const struct ast_serde *ast)
{
    if (!ast->delimiter)
        return ',';
    const struct ast_expr *e = ast->delimiter;
    unsigned char byte = e->kind == AST_STRING && e->string_len == 1 ? (unsigned char)e->string[0] : 0;
    if (byte == '\t' || (byte >= ' ' && byte < 0x7F && byte != '"'))
        return (char)byte;
    if (e->kind == AST_ERROR)
        return ',';
    struct diag *d = diag_error(c->bag, e->span, "a csv delimiter is one ASCII character");
    diag_help(c->bag, d, "for example `csv(delimiter \"|\")` or `csv(delimiter \"\\t\")`; not a quote or a line's end");
    return ',';
}

static const struct type *error_type(struct checker *c)
{
    return type_of_kind(c->types, TYPE_ERROR);
}

// The type that is written after `json`, `csv`, ...
static const struct type *said_type(struct checker *c, const struct ast_serde *ast, const struct format_name *format)
{
    if (!ast->type) {
        struct diag *d = diag_error(c->bag, ast->span, "`%s` needs the type that it holds", format->name);
        diag_help(c->bag, d, "for example `%s Order`, with `type Order { ... }` declared", format->name);
        return error_type(c);
    }
    const struct type *type = resolve_type(c, ast->type);
    if (type->kind == TYPE_ERROR)
        return type;
    if (format->format == SERDE_CSV && !check_csv_type(c, ast, type))
        return error_type(c);
    return ast->optional ? type_optional(c->types, type) : type;
}

static const struct type *own_type(struct checker *c, const struct ast_serde *ast, const struct format_name *format)
{
    if (ast->type) {
        struct diag *d =
            diag_error(c->bag, ast->type->span, "`%s` is a serde of its own and takes no type", format->name);
        diag_help(c->bag, d, "leave the type out, or write `json` before it");
    }
    const struct type *type = type_of_kind(c->types, format->type);
    return ast->optional ? type_optional(c->types, type) : type;
}

static bool report_unsupported(struct checker *c, const struct ast_serde *ast)
{
    if (strcmp(ast->format.text, "avro") == 0 || strcmp(ast->format.text, "protobuf") == 0)
        diag_error(c->bag, ast->span, "the serde `%s` is not supported yet", ast->format.text);
    else
        return false;
    return true;
}

static void check_windowed(struct checker *c, const struct ast_serde *ast, const struct serde *serde)
{
    if (ast->window == AST_TIME_WINDOWED && ast->window_size <= 0)
        diag_error(c->bag, ast->span, "a window must be longer than 0");
    else if (ast->window != AST_NOT_WINDOWED && type_is_optional(serde->type)) {
        struct diag *d = diag_error(c->bag, ast->span, "a windowed key is never null");
        diag_help(c->bag, d, "leave out the `?`");
    }
}

const struct serde *serde_resolve(struct checker *c, const struct ast_serde *ast)
{
    struct serde *serde = arena_new_of(c->arena, struct serde);
    serde->span = ast->span;
    serde->type = error_type(c);
    if (!ast->format.text || report_unsupported(c, ast))
        return serde;
    const struct format_name *format = find_format(ast->format.text);
    if (!format) {
        report_unknown(c, ast);
        return serde;
    }
    serde->format = format->format;
    serde->type = format->type == TYPE_ERROR ? said_type(c, ast, format) : own_type(c, ast, format);
    serde->delimiter = format->format == SERDE_CSV ? csv_delimiter(c, ast) : 0;
    serde->window = ast->window;
    serde->window_size = ast->window == AST_TIME_WINDOWED ? ast->window_size : 0;
    check_windowed(c, ast, serde);
    return serde;
}

// ---- windowed keys ----

bool serde_check_window(struct checker *c, const struct ast_serde *ast, const struct serde *serde,
                        const struct serde *key)
{
    enum ast_window_serde window = key ? key->window : AST_NOT_WINDOWED;
    if (serde->type->kind == TYPE_ERROR ||
        (serde->window == window && (window != AST_TIME_WINDOWED || serde->window_size == key->window_size)))
        return true;
    struct diag *d;
    if (window == AST_NOT_WINDOWED) {
        d = diag_error(c->bag, ast->span, "the key has no window here");
        diag_help(c->bag, d, "leave out `windowed`");
    } else if (serde->window == AST_NOT_WINDOWED) {
        d = diag_error(c->bag, ast->span, "the key is windowed, this serde is not");
        diag_help(c->bag, d, "write `%s`, or leave the window before: `as stream | key by key`",
                  serde_show(c->arena, serde_windowed(c, serde, window, key->window_size)));
    } else {
        d = diag_error(c->bag, ast->span, "these are not the windows of the key");
        diag_help(c->bag, d, "the key is `%s`", serde_show(c->arena, key));
    }
    return false;
}

const struct serde *serde_resolve_value(struct checker *c, const struct ast_serde *ast)
{
    const struct serde *serde = serde_resolve(c, ast);
    if (serde->window == AST_NOT_WINDOWED)
        return serde;
    struct diag *d = diag_error(c->bag, ast->span, "only keys are windowed");
    diag_help(c->bag, d, "leave out `windowed`");
    return serde_windowed(c, serde, AST_NOT_WINDOWED, 0);
}

// Scalars that Kafka has serdes for are written by those, points in time and durations as int64 milliseconds; everything else is JSON
// (a value of type `json` is its text as it is).
static enum serde_format format_of_type(const struct type *plain)
{
    switch (plain->kind) {
    case TYPE_STRING: return SERDE_STRING;
    case TYPE_BYTES: return SERDE_BYTES;
    case TYPE_BOOL: return SERDE_BOOL;
    case TYPE_INT32: return SERDE_INT32;
    case TYPE_INT64:
    case TYPE_TIMESTAMP:
    case TYPE_DURATION: return SERDE_INT64;
    case TYPE_FLOAT32: return SERDE_FLOAT32;
    case TYPE_FLOAT64: return SERDE_FLOAT64;
    default: return SERDE_JSON;
    }
}

const struct serde *serde_of_type(struct checker *c, const struct type *type)
{
    struct serde *serde = arena_new_of(c->arena, struct serde);
    serde->format = format_of_type(type_plain(type));
    // How a field of that type is written in JSON is no matter here.
    serde->type = type_plain(type)->kind == TYPE_TIMESTAMP ? type->canonical : type;
    serde->span.file = -1;
    return serde;
}

const struct serde *serde_of_value(struct checker *c, const struct shape *shape)
{
    return shape->value_serde ? shape->value_serde : serde_of_type(c, shape->value->type);
}

const struct serde *serde_plain(struct checker *c, const struct serde *serde)
{
    if (!type_is_optional(serde->type))
        return serde;
    struct serde *plain = arena_new_of(c->arena, struct serde);
    *plain = *serde;
    plain->type = type_plain(serde->type);
    return plain;
}

const struct serde *serde_windowed(struct checker *c, const struct serde *serde, enum ast_window_serde window,
                                   int64_t size)
{
    if (serde->window == window && serde->window_size == size)
        return serde;
    struct serde *windowed = arena_new_of(c->arena, struct serde);
    *windowed = *serde;
    windowed->window = window;
    windowed->window_size = size;
    windowed->span.file = -1;
    return windowed;
}

bool serde_equal(const struct serde *a, const struct serde *b)
{
    return a == b || (a && b && a->format == b->format && type_plain(a->type) == type_plain(b->type) &&
                      a->delimiter == b->delimiter && a->window == b->window && a->window_size == b->window_size);
}

static const char *delimiter_show(struct arena *arena, char delimiter)
{
    if (delimiter == ',')
        return "";
    if (delimiter == '\t')
        return "(delimiter \"\\t\")";
    return arena_printf(arena, "(delimiter \"%s%c\")", delimiter == '\\' ? "\\" : "", delimiter);
}

static const char *plain_show(struct arena *arena, const struct serde *serde)
{
    const char *type = type_show(arena, serde->type);
    switch (serde->format) {
    case SERDE_JSON: return arena_printf(arena, "json %s", type);
    case SERDE_AVRO: return arena_printf(arena, "avro %s", type);
    case SERDE_PROTOBUF: return arena_printf(arena, "protobuf %s", type);
    case SERDE_CSV: return arena_printf(arena, "csv%s %s", delimiter_show(arena, serde->delimiter), type);
    default: break;
    }
    // A point in time that was not said to be one is int64 on the wire.
    const struct type *plain = type_plain(serde->type);
    if (plain->kind != TYPE_TIMESTAMP && plain->kind != TYPE_DURATION)
        return type;
    return arena_printf(arena, "int64%s of %s", type_is_optional(serde->type) ? "?" : "", type_show(arena, plain));
}

const char *serde_show(struct arena *arena, const struct serde *serde)
{
    const char *plain = plain_show(arena, serde);
    switch (serde->window) {
    case AST_TIME_WINDOWED:
        return arena_printf(arena, "windowed %s %s", duration_show(arena, serde->window_size), plain);
    case AST_SESSION_WINDOWED: return arena_printf(arena, "windowed session %s", plain);
    default: return plain;
    }
}
