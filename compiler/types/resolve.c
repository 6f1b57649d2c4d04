// Type names and type expressions. Declarations may be in any order; a type that contains itself is an error.
#include "types/resolve.h"

#include <string.h>

#include "types/guess.h"

// Types declared deeper in one another than this would make records that no one can mean.
enum { MAX_DEPTH = 200 };

enum declared_state { DECLARED_NEW, DECLARED_ACTIVE, DECLARED_DONE };

struct declared_type {
    const struct ast_decl *decl;
    enum declared_state state;
    const struct type *type;
    struct span used_at; // while active: where the type inside it that is being resolved is named
};

struct type_scope {
    struct name_map declared;
    VEC(struct declared_type *) active; // being resolved, outermost first
};

static const struct {
    const char *name, *meant;
} foreign_names[] = {
    {"int", "int64"},          {"integer", "int64"},  {"long", "int64"},        {"short", "int32"},
    {"float", "float64"},      {"double", "float64"}, {"text", "string"},       {"varchar", "string"},
    {"str", "string"},         {"boolean", "bool"},   {"binary", "bytes"},      {"blob", "bytes"},
    {"datetime", "timestamp"}, {"time", "timestamp"}, {"interval", "duration"}, {"numeric", "decimal(38, 9)"},
    {"number", "float64"},
};

static const struct type *error_type(struct checker *c)
{
    return type_of_kind(c->types, TYPE_ERROR);
}

const struct type *scalar_by_name(struct checker *c, const char *name)
{
    enum type_kind kind = type_scalar_kind(name);
    return kind == TYPE_ERROR ? NULL : type_of_kind(c->types, kind);
}

static bool is_builtin_type(struct checker *c, const char *name)
{
    return scalar_by_name(c, name) || strcmp(name, "decimal") == 0;
}

static const char *nearest_type(struct checker *c, const char *name)
{
    const struct name_map *declared = &c->type_scope->declared;
    if (!guess_affordable(c, declared->entries.count))
        return NULL;
    const char **names = arena_alloc(c->arena, (size_t)(declared->entries.count + TYPE_SCALAR_COUNT) * sizeof *names);
    int count = 0;
    for (int i = 0; i < declared->entries.count; i++)
        names[count++] = declared->entries.items[i].name;
    for (int i = 0; i < TYPE_SCALAR_COUNT; i++)
        names[count++] = type_scalars[i].name;
    return diag_nearest(name, names, count);
}

static void report_unknown(struct checker *c, struct name name)
{
    struct diag *d = diag_error(c->bag, name.span, "there is no type `%s`", name.text);
    d->missing = true;
    for (size_t i = 0; i < sizeof foreign_names / sizeof *foreign_names; i++)
        if (strcmp(foreign_names[i].name, name.text) == 0) {
            diag_help(c->bag, d, "write `%s`", foreign_names[i].meant);
            return;
        }
    const char *near = nearest_type(c, name.text);
    if (near)
        diag_help(c->bag, d, "did you mean `%s`?", near);
    else
        diag_help(c->bag, d, "declare it: `type %s { ... }`", name.text);
}

// ---- recursion ----

static void report_cycle(struct checker *c, const struct declared_type *again, struct span span)
{
    struct type_scope *scope = c->type_scope;
    struct diag *d = diag_error(c->bag, span, "the type `%s` contains itself", again->decl->name.text);
    int first = 0;
    while (scope->active.items[first] != again)
        first++;
    if (first + 1 < scope->active.count)
        for (int i = first; i < scope->active.count - 1; i++)
            diag_related(c->bag, d, scope->active.items[i]->used_at, "`%s` contains `%s` here",
                         scope->active.items[i]->decl->name.text, scope->active.items[i + 1]->decl->name.text);
    diag_help(c->bag, d, "a record has a fixed shape; keep the inner values as `json`, or refer to them by an id");
}

// ---- declarations ----

static const struct type *resolve_enum(struct checker *c, const struct ast_decl *decl)
{
    struct name_map seen;
    name_map_init(&seen, c->arena);
    VEC(struct type_field) cases = {0};
    for (int i = 0; i < decl->cases.count; i++) {
        const struct name *name = &decl->cases.items[i];
        const struct name *first = name_map_add(&seen, name->text, (void *)name);
        if (first) {
            struct diag *d = diag_error(c->bag, name->span, "the case `%s` is there twice", name->text);
            diag_related(c->bag, d, first->span, "first here");
            continue;
        }
        struct type_field field = {name->text, NULL};
        vec_push(c->arena, &cases, field);
    }
    if (cases.count == 0) {
        diag_error(c->bag, decl->name.span, "the enum `%s` has no cases", decl->name.text);
        return error_type(c);
    }
    return type_enum(c->types, decl->name.text, cases.items, cases.count);
}

// A case's record may name the tag itself; it then has to be able to hold it.
static void check_tag_field(struct checker *c, const struct ast_decl *decl, const struct ast_field *member,
                            const struct type *record)
{
    int index = type_field_index(record, decl->tag.text);
    if (index < 0)
        return;
    const struct type *type = type_plain(record->fields.items[index].type);
    if (type->kind == TYPE_STRING || type->kind == TYPE_ERROR ||
        (type->kind == TYPE_ENUM && type_field_index(type, member->name.text) >= 0))
        return;
    struct diag *d = diag_error(c->bag, member->type->span, "`%s` has a field `%s` that can't hold the case's name",
                                type_show(c->arena, record), decl->tag.text);
    diag_label(c->bag, d, "its `%s` is %s", decl->tag.text, type_show(c->arena, type));
    diag_related(c->bag, d, decl->tag.span, "`%s` tells the cases apart", decl->tag.text);
    diag_help(c->bag, d, "make that field a string, or leave it out: the union reads it");
}

const struct type *check_places(struct checker *c, struct span span, const struct type *type)
{
    if (type->places < TYPE_TOO_LARGE)
        return type;
    struct diag *d = diag_error(c->bag, span, "this type has more than %d fields, with those of the types in it",
                                TYPE_TOO_LARGE - 1);
    diag_help(c->bag, d, "types that hold others twice double at each step; `json` holds anything, as it is");
    return error_type(c);
}

static const struct type *resolve_case(struct checker *c, const struct ast_decl *decl, const struct ast_field *member)
{
    const struct type *type = resolve_type(c, member->type);
    if (type->kind == TYPE_ERROR)
        return type;
    if (type->kind != TYPE_RECORD) {
        struct diag *d = diag_error(c->bag, member->type->span, "the case `%s` is not a record", member->name.text);
        diag_label(c->bag, d, "this is %s", type_show(c->arena, type));
        diag_help(c->bag, d, "a union's cases are records: `%s: { value: %s }`", member->name.text,
                  type_show(c->arena, type));
        return error_type(c);
    }
    check_tag_field(c, decl, member, type);
    return type;
}

static const struct type *resolve_union(struct checker *c, const struct ast_decl *decl)
{
    struct name_map seen;
    name_map_init(&seen, c->arena);
    VEC(struct type_field) cases = {0};
    bool wrong = false;
    for (int i = 0; i < decl->members.count; i++) {
        const struct ast_field *member = &decl->members.items[i];
        const struct ast_field *first = name_map_add(&seen, member->name.text, (void *)member);
        if (first) {
            struct diag *d = diag_error(c->bag, member->name.span, "the case `%s` is there twice", member->name.text);
            diag_related(c->bag, d, first->name.span, "first here");
            continue;
        }
        struct type_field field = {member->name.text, resolve_case(c, decl, member)};
        wrong = wrong || field.type->kind == TYPE_ERROR;
        vec_push(c->arena, &cases, field);
    }
    if (cases.count == 0)
        diag_error(c->bag, decl->name.span, "the union `%s` has no cases", decl->name.text);
    if (wrong || cases.count == 0)
        return error_type(c);
    return check_places(c, decl->name.span,
                        type_union(c->types, decl->name.text, decl->tag.text, cases.items, cases.count));
}

static const struct type *resolve_record(struct checker *c, const char *name, const struct ast_type *t);

static const struct type *resolve_alias(struct checker *c, const struct ast_decl *decl)
{
    if (decl->file) {
        struct diag *d = diag_error(c->bag, decl->file_span, "types from schema files are not supported yet");
        diag_help(c->bag, d, "write the fields: `type %s { ... }`", decl->name.text);
        return error_type(c);
    }
    if (!decl->type)
        return error_type(c);
    if (decl->type->kind == AST_TYPE_RECORD)
        return resolve_record(c, decl->name.text, decl->type);
    return resolve_type(c, decl->type);
}

static const struct type *resolve_declared(struct checker *c, struct declared_type *declared)
{
    struct type_scope *scope = c->type_scope;
    declared->state = DECLARED_ACTIVE;
    vec_push(c->arena, &scope->active, declared);
    switch (declared->decl->kind) {
    case AST_DECL_ENUM: declared->type = resolve_enum(c, declared->decl); break;
    case AST_DECL_UNION: declared->type = resolve_union(c, declared->decl); break;
    default: declared->type = resolve_alias(c, declared->decl); break;
    }
    scope->active.count--;
    declared->state = DECLARED_DONE;
    return declared->type;
}

static const struct type *resolve_use(struct checker *c, struct declared_type *declared, struct span span)
{
    struct type_scope *scope = c->type_scope;
    if (declared->state == DECLARED_DONE)
        return declared->type;
    if (scope->active.count > 0)
        vec_last(&scope->active)->used_at = span;
    if (declared->state == DECLARED_ACTIVE) {
        report_cycle(c, declared, span);
        return error_type(c);
    }
    if (scope->active.count >= MAX_DEPTH) {
        diag_error(c->bag, span, "types are nested more than %d deep here", MAX_DEPTH);
        return error_type(c);
    }
    return resolve_declared(c, declared);
}

// ---- type expressions ----

static const struct type *resolve_name(struct checker *c, const struct ast_type *t)
{
    const struct type *scalar = scalar_by_name(c, t->name.text);
    if (scalar)
        return scalar;
    if (strcmp(t->name.text, "decimal") == 0) {
        struct diag *d = diag_error(c->bag, t->span, "a decimal needs its number of digits");
        diag_help(c->bag, d, "write `decimal(12, 2)`: 12 digits, 2 of them after the point");
        return error_type(c);
    }
    struct declared_type *declared = name_map_get(&c->type_scope->declared, t->name.text);
    if (declared)
        return resolve_use(c, declared, t->span);
    report_unknown(c, t->name);
    return error_type(c);
}

const struct type *decimal_checked(struct checker *c, struct span span, int64_t precision, int64_t scale)
{
    if (precision < 1 || precision > 38) {
        struct diag *d = diag_error(c->bag, span, "a decimal has 1 to 38 digits, not %lld", (long long)precision);
        diag_help(c->bag, d, "decimal(p, s): p digits in all, s of them after the point");
        return error_type(c);
    }
    if (scale < 0 || scale > precision) {
        struct diag *d = diag_error(c->bag, span, "of %lld digits, %lld can't be after the point", (long long)precision,
                                    (long long)scale);
        diag_help(c->bag, d, "decimal(p, s): p digits in all, s of them after the point");
        return error_type(c);
    }
    return type_decimal(c->types, (int)precision, (int)scale);
}

// `{int64: string}` is a record of one field, and hardly meant to be.
static void warn_like_map(struct checker *c, const struct ast_type *t)
{
    if (t->fields.count != 1)
        return;
    const struct ast_field *only = &t->fields.items[0];
    const struct type *type = scalar_by_name(c, only->name.text);
    if (!type || (!type_is_number(type) && type->kind != TYPE_BOOL))
        return;
    struct diag *d =
        diag_warning(c->bag, t->span, "this is a record with a field named `%s`, not a map", only->name.text);
    diag_help(c->bag, d, "the keys of a map are strings: `{string: ...}`");
}

static const struct type *resolve_record(struct checker *c, const char *name, const struct ast_type *t)
{
    struct name_map seen;
    name_map_init(&seen, c->arena);
    VEC(struct type_field) fields = {0};
    for (int i = 0; i < t->fields.count; i++) {
        const struct ast_field *f = &t->fields.items[i];
        const struct ast_field *first = name_map_add(&seen, f->name.text, (void *)f);
        if (first) {
            struct diag *d = diag_error(c->bag, f->name.span, "the field `%s` is there twice", f->name.text);
            diag_related(c->bag, d, first->name.span, "first here");
            continue;
        }
        struct type_field field = {f->name.text, resolve_type(c, f->type)};
        vec_push(c->arena, &fields, field);
    }
    if (!name)
        warn_like_map(c, t);
    return check_places(c, t->span, type_record(c->types, name, fields.items, fields.count));
}

const struct type *resolve_type(struct checker *c, const struct ast_type *t)
{
    const struct type *element;
    switch (t->kind) {
    case AST_TYPE_NAME: return resolve_name(c, t);
    case AST_TYPE_DECIMAL: return decimal_checked(c, t->span, t->precision, t->scale);
    case AST_TYPE_TIMESTAMP_ISO: return type_timestamp(c->types, true);
    case AST_TYPE_MAP:
        element = resolve_type(c, t->element);
        return element->kind == TYPE_ERROR ? element : type_map(c->types, element);
    case AST_TYPE_RECORD: return resolve_record(c, NULL, t);
    case AST_TYPE_LIST:
        element = resolve_type(c, t->element);
        return element->kind == TYPE_ERROR ? element : type_list(c->types, element);
    case AST_TYPE_OPTIONAL: return type_optional(c->types, resolve_type(c, t->element));
    }
    return error_type(c);
}

static bool declares_type(const struct ast_decl *decl)
{
    return decl->kind == AST_DECL_TYPE || decl->kind == AST_DECL_ENUM || decl->kind == AST_DECL_UNION;
}

static void declare(struct checker *c, const struct ast_decl *decl)
{
    if (is_builtin_type(c, decl->name.text)) {
        struct diag *d = diag_error(c->bag, decl->name.span, "`%s` is a built-in type", decl->name.text);
        diag_help(c->bag, d, "give this type another name");
        return;
    }
    struct declared_type *declared = arena_new_of(c->arena, struct declared_type);
    declared->decl = decl;
    const struct declared_type *first = name_map_add(&c->type_scope->declared, decl->name.text, declared);
    if (first) {
        struct diag *d = diag_error(c->bag, decl->name.span, "the type `%s` is declared twice", decl->name.text);
        diag_related(c->bag, d, first->decl->name.span, "first here");
    }
}

void resolve_declared_types(struct checker *c, struct ast_file *const *files, int count)
{
    c->type_scope = arena_new_of(c->arena, struct type_scope);
    name_map_init(&c->type_scope->declared, c->arena);
    for (int i = 0; i < count; i++)
        for (int j = 0; j < files[i]->decls.count; j++)
            if (declares_type(files[i]->decls.items[j]) && files[i]->decls.items[j]->name.text)
                declare(c, files[i]->decls.items[j]);
    const struct name_map *declared = &c->type_scope->declared;
    for (int i = 0; i < declared->entries.count; i++) {
        struct declared_type *type = declared->entries.items[i].value;
        if (type->state == DECLARED_NEW)
            resolve_declared(c, type);
    }
}

const struct type *find_type(struct checker *c, const char *name)
{
    if (!c->type_scope)
        return NULL;
    const struct declared_type *declared = name_map_get(&c->type_scope->declared, name);
    return declared ? declared->type : NULL;
}
