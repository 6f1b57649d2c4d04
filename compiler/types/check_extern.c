// Functions in C: what can be handed over, under which name, and the file they are in.
#include <string.h>

#include "base/c_name.h"
#include "types/extern.h"

// ---- types ----

static bool is_scalar(const struct type *t)
{
    switch (t->kind) {
    case TYPE_BOOL:
    case TYPE_INT32:
    case TYPE_INT64:
    case TYPE_FLOAT32:
    case TYPE_FLOAT64:
    case TYPE_STRING:
    case TYPE_BYTES:
    case TYPE_TIMESTAMP:
    case TYPE_DATE:
    case TYPE_DURATION: return true;
    default: return false;
    }
}

static bool fits_c(const struct type *t)
{
    t = type_plain(t);
    if (t->kind == TYPE_LIST)
        return is_scalar(type_plain(t->element));
    return is_scalar(t) || t->kind == TYPE_DECIMAL || t->kind == TYPE_ERROR;
}

static const char *instead(const struct type *t)
{
    switch (type_plain(t)->kind) {
    case TYPE_RECORD: return "its fields one by one, or `string(to_json(x))`";
    case TYPE_ENUM:
    case TYPE_JSON: return "`string(x)`";
    case TYPE_LIST: return "a list of strings, or `string(to_json(x))`";
    default: return "`string(to_json(x))`";
    }
}

static void check_param(struct checker *c, const struct var *param)
{
    if (fits_c(param->type))
        return;
    struct diag *d = diag_error(c->bag, param->span, "C can't take a `%s`", type_show(c->arena, param->type));
    diag_help(c->bag, d, "pass %s", instead(param->type));
}

static void check_result(struct checker *c, const struct ast_decl *decl, const struct type *t)
{
    if (fits_c(t))
        return;
    struct diag *d = diag_error(c->bag, decl->result->span, "C can't give a `%s`", type_show(c->arena, t));
    bool parsed = type_plain(t)->kind == TYPE_JSON;
    diag_help(c->bag, d, parsed ? "give a `string`, for `parse_json(...)`" : "give a `string`, or a list of them");
}

// ---- the file ----

static bool ends_in(const char *name, const char *suffix)
{
    size_t n = strlen(name), m = strlen(suffix);
    return n > m && strcmp(name + n - m, suffix) == 0;
}

static bool is_library(const char *name)
{
    return ends_in(name, ".so") || strstr(name, ".so.");
}

static struct c_file *find_file(struct checker *c, const struct ast_decl *decl)
{
    const struct source *in = c->bag->sources->files.items[decl->file_span.file];
    const char *path = source_beside(c->arena, in, decl->file);
    for (int i = 0; i < c->program->c_files.count; i++)
        if (strcmp(c->program->c_files.items[i]->path, path) == 0)
            return c->program->c_files.items[i];
    struct c_file *file = arena_new_of(c->arena, struct c_file);
    *file = (struct c_file){.name = decl->file, .path = path, .span = decl->file_span};
    file->library = is_library(decl->file);
    vec_push(c->arena, &c->program->c_files, file);
    return file;
}

void check_extern(struct checker *c, const struct ast_decl *decl, struct fn *fn)
{
    if (c_name_reserved(fn->name) || c_name_begins_reserved(fn->name) || strcmp(fn->name, "main") == 0) {
        struct diag *d = diag_error(c->bag, decl->name.span, "`%s` can't be the name of a function in C", fn->name);
        diag_help(c->bag, d, "give it another name, there and here");
    }
    for (int i = 0; i < fn->params.count; i++)
        check_param(c, fn->params.items[i]);
    check_result(c, decl, fn->result);
    if (!is_library(decl->file) && !ends_in(decl->file, ".c")) {
        struct diag *d = diag_error(c->bag, decl->file_span, "\"%s\" is neither C nor a shared library", decl->file);
        diag_help(c->bag, d, "write `from \"file.c\"` or `from \"libname.so\"`");
        return;
    }
    struct c_file *file = find_file(c, decl);
    vec_push(c->arena, &file->fns, fn);
    fn->file = file;
    fn->effects = !decl->pure;
}

// ---- as C ----

static const char *scalar_c(const struct type *t)
{
    switch (t->kind) {
    case TYPE_BOOL: return "bool";
    case TYPE_INT32:
    case TYPE_DATE: return "int32_t";
    case TYPE_INT64:
    case TYPE_TIMESTAMP:
    case TYPE_DURATION: return "int64_t";
    case TYPE_FLOAT32: return "float";
    case TYPE_FLOAT64: return "double";
    case TYPE_DECIMAL: return "struct weir_dec";
    case TYPE_LIST: return "struct weir_list";
    default: return "struct weir_str";
    }
}

static const char *optional_c(const struct type *t)
{
    switch (t->kind) {
    case TYPE_BOOL: return "struct weir_opt_bool";
    case TYPE_INT32:
    case TYPE_DATE: return "struct weir_opt_i32";
    case TYPE_INT64:
    case TYPE_TIMESTAMP:
    case TYPE_DURATION: return "struct weir_opt_i64";
    case TYPE_FLOAT32: return "struct weir_opt_f32";
    case TYPE_FLOAT64: return "struct weir_opt_f64";
    case TYPE_DECIMAL: return "struct weir_opt_dec";
    default: return scalar_c(t);
    }
}

static const char *type_in_c(const struct type *t)
{
    return type_is_optional(t) ? optional_c(t->element) : scalar_c(t);
}

const char *extern_prototype(struct arena *arena, const struct fn *fn)
{
    const char *text = arena_printf(arena, "%s %s(struct weir_ctx *w", type_in_c(fn->result), fn->name);
    for (int i = 0; i < fn->params.count; i++) {
        const struct var *p = fn->params.items[i];
        bool named = !c_name_reserved(p->name) && !c_name_begins_reserved(p->name) && strcmp(p->name, "w") != 0;
        text = arena_printf(arena, named ? "%s, %s %s" : "%s, %s", text, type_in_c(p->type), p->name);
    }
    return arena_printf(arena, "%s)", text);
}
