// Names: locals, what is known of the record, the fields of its value.
#include <string.h>

#include "types/aggregate_call.h"
#include "types/builtin.h"
#include "types/expr.h"
#include "types/guess.h"
#include "types/name_map.h"

static const struct {
    const char *name;
    enum var_kind kind;
    bool source; // only where the record is still the source's
} metadata[] = {
    {"timestamp", VAR_TIMESTAMP, false}, {"headers", VAR_HEADERS, false}, {"topic", VAR_TOPIC, true},
    {"partition", VAR_PARTITION, false}, {"offset", VAR_OFFSET, true},
};
enum { METADATA_COUNT = sizeof metadata / sizeof *metadata };

static const struct type *window_type(struct checker *c)
{
    const struct type *timestamp = kind_type(c, TYPE_TIMESTAMP);
    struct type_field fields[] = {{intern_cstr(c->names, "start"), timestamp},
                                  {intern_cstr(c->names, "end"), timestamp}};
    return type_record(c->types, NULL, fields, 2);
}

struct var *window_var(struct checker *c, struct span span)
{
    return var_new(c, VAR_WINDOW, "window", window_type(c), span);
}

static const struct type *metadata_type(struct checker *c, enum var_kind kind)
{
    switch (kind) {
    case VAR_TIMESTAMP: return kind_type(c, TYPE_TIMESTAMP);
    case VAR_HEADERS: return type_map(c->types, kind_type(c, TYPE_STRING));
    case VAR_TOPIC: return kind_type(c, TYPE_STRING);
    case VAR_PARTITION: return kind_type(c, TYPE_INT32);
    default: return kind_type(c, TYPE_INT64);
    }
}

struct var *metadata_of(struct checker *c, enum var_kind kind)
{
    int i = 0;
    while (metadata[i].kind != kind)
        i++;
    if (!c->metadata[kind])
        c->metadata[kind] = var_new(c, kind, metadata[i].name, metadata_type(c, kind), (struct span){.file = -1});
    return c->metadata[kind];
}

static struct texpr *find_metadata(struct checker *c, const struct env *env, const char *name, struct span span)
{
    if (strcmp(name, "window") == 0)
        return env->shape->window ? texpr_var(c, env->shape->window, span) : NULL;
    // Where there is no value, there is no record.
    if (!env->shape->value)
        return NULL;
    for (int i = 0; i < METADATA_COUNT; i++) {
        if (strcmp(metadata[i].name, name) != 0)
            continue;
        if (metadata[i].source && !env->in_source) {
            struct diag *d = diag_error(c->bag, span, "the %s is not known here", name);
            diag_label(c->bag, d, "the record comes from a repartition topic, a table, a block or several flows");
            diag_help(c->bag, d, "put it into the value before that: `map { ...value, %s }`", name);
            return texpr_error(c, span);
        }
        return texpr_var(c, metadata_of(c, metadata[i].kind), span);
    }
    return NULL;
}

static struct texpr *field_if_any(struct checker *c, const struct env *env, struct var *var, const char *name,
                                  struct span span)
{
    struct texpr *value = narrow_apply(c, env, texpr_var(c, var, span));
    const struct type *type = type_plain(value->type);
    bool has = type->kind == TYPE_RECORD && type_field_index(type, name) >= 0;
    if (type->kind == TYPE_UNION) {
        int known = narrow_case(c, env, value);
        has = type->tag == name || (known >= 0 && type_field_index(type->fields.items[known].type, name) >= 0);
    }
    return has ? field_of(c, env, value, (struct name){name, span}, span) : NULL;
}

static struct texpr *find_in_record(struct checker *c, const struct env *env, const char *name, struct span span)
{
    const struct shape *shape = env->shape;
    if (shape->value && env->alias && strcmp(name, env->alias) == 0)
        return texpr_var(c, shape->value, span);
    if (env->only_alias)
        return NULL;
    for (int i = shape->lets.count - 1; i >= 0; i--)
        if (strcmp(shape->lets.items[i]->name, name) == 0)
            return texpr_var(c, shape->lets.items[i], span);
    if (shape->key && strcmp(name, "key") == 0)
        return texpr_var(c, shape->key, span);
    if (shape->value && strcmp(name, "value") == 0)
        return texpr_var(c, shape->value, span);
    struct texpr *found = find_metadata(c, env, name, span);
    if (!found && shape->value)
        found = field_if_any(c, env, shape->value, name, span);
    // The last resort: a field of the key, as `followee` of a table keyed by { follower, followee }.
    if (!found && shape->key)
        found = field_if_any(c, env, shape->key, name, span);
    // Of a value whose type was reported already any name may be a field.
    if (!found && shape->value && shape->value->type->kind == TYPE_ERROR)
        found = texpr_error(c, span);
    return found;
}

static struct texpr *find_name(struct checker *c, const struct env *env, const char *name, struct span span)
{
    for (const struct env *e = env; e; e = e->outer) {
        for (int i = e->vars.count - 1; i >= 0; i--)
            if (strcmp(e->vars.items[i]->name, name) == 0)
                return texpr_var(c, e->vars.items[i], span);
        if (!e->shape)
            continue;
        struct env here = *e;
        here.known = env->known;
        struct texpr *found = find_in_record(c, &here, name, span);
        if (found)
            return found;
    }
    return NULL;
}

const struct texpr *name_in_scope(struct checker *c, const struct env *env, const char *name)
{
    struct diag_mark mark = diag_mark(c);
    const struct texpr *found = find_name(c, env, name, (struct span){.file = -1});
    diag_reset(c, mark);
    return found;
}

// ---- what could have been meant ----

typedef VEC(const char *) name_list;

static void add_fields(struct checker *c, name_list *names, const struct type *type)
{
    type = type_plain(type);
    if (type->kind == TYPE_UNION)
        vec_push(c->arena, names, type->tag);
    if (type->kind == TYPE_RECORD)
        for (int i = 0; i < type->fields.count; i++)
            vec_push(c->arena, names, type->fields.items[i].name);
}

static void add_record_names(struct checker *c, name_list *names, const struct shape *shape)
{
    if (shape->value)
        add_fields(c, names, shape->value->type);
    for (int i = 0; i < shape->lets.count; i++)
        vec_push(c->arena, names, shape->lets.items[i]->name);
    vec_push(c->arena, names, "key");
    vec_push(c->arena, names, "value");
    for (int i = 0; i < METADATA_COUNT; i++)
        vec_push(c->arena, names, metadata[i].name);
    if (shape->key)
        add_fields(c, names, shape->key->type);
}

// The case of value's union that has a field of this name.
static bool help_case_field(struct checker *c, struct diag *d, const struct env *env, const char *name)
{
    const struct env *record = env_record(env);
    const struct type *type = record && record->shape->value ? type_plain(record->shape->value->type) : NULL;
    if (!type || type->kind != TYPE_UNION)
        return false;
    for (int i = 0; i < type->fields.count; i++)
        if (type_field_index(type->fields.items[i].type, name) >= 0) {
            const char *of = type->fields.items[i].name;
            diag_label(c->bag, d, "a field of the case `%s`", of);
            diag_help(c->bag, d, "check the case first: `filter value is %s`, or `if value is %s then %s else ...`", of,
                      of, name);
            return true;
        }
    return false;
}

static bool takes_arguments(struct checker *c, const char *name)
{
    const struct fn *fn = find_fn(c, name);
    return fn ? fn->params.count > 0 : builtin_find(c->builtins, name)->params.count > 0;
}

// A `let` from before a repartition or an aggregate.
static bool help_left_behind(struct checker *c, struct diag *d, const char *name)
{
    for (int i = 0; c->flow_scope && i < c->flow_scope->left_behind.count; i++) {
        const struct var *let = c->flow_scope->left_behind.items[i];
        if (strcmp(let->name, name) != 0)
            continue;
        diag_label(c->bag, d, "only key and value came along here");
        diag_related(c->bag, d, let->span, "it was bound here");
        diag_help(c->bag, d, "put it into the value before that: `map { ...value, %s }`", name);
        return true;
    }
    return false;
}

// On the right side of a join nothing has a name but that side.
static bool help_only_alias(struct checker *c, struct diag *d, const struct env *env, const char *name)
{
    const struct env *record = env_record(env);
    if (!record || !record->only_alias)
        return false;
    const struct type *value = type_plain(record->shape->value->type);
    if (strcmp(name, "key") == 0 || (value->kind == TYPE_RECORD && type_field_index(value, name) >= 0))
        diag_help(c->bag, d, "write `%s.%s`", record->alias, name);
    else
        diag_help(c->bag, d, "this side of `==` is of `%s` alone; what is of the left side goes on the other",
                  record->alias);
    return true;
}

static bool help_special(struct checker *c, struct diag *d, const struct env *env, const char *name)
{
    if (help_only_alias(c, d, env, name))
        return true;
    if (strcmp(name, "window") == 0) {
        diag_help(c->bag, d,
                  "a key has a window behind `window ... | aggregate`, or where it is read as `windowed 30s string`");
        return true;
    }
    if (env_record(env) && help_left_behind(c, d, name))
        return true;
    if (builtin_find(c->builtins, name) || find_fn(c, name)) {
        diag_help(c->bag, d, "`%s` is a function: call it, `%s(%s)`", name, name,
                  takes_arguments(c, name) ? "..." : "");
        return true;
    }
    if (strcmp(name, "record") == 0 || strcmp(name, "this") == 0 || strcmp(name, "it") == 0) {
        diag_help(c->bag, d, "the record's value is `value`, its key is `key`");
        return true;
    }
    return help_case_field(c, d, env, name);
}

static const char *nearest_name(struct checker *c, const struct env *env, const char *name)
{
    const struct env *record = env_record(env);
    const struct type *value = record && record->shape->value ? type_plain(record->shape->value->type) : NULL;
    if (!guess_affordable(c, value ? value->fields.count : 0))
        return NULL;
    name_list names = {0};
    for (const struct env *e = env; e; e = e->outer) {
        for (int i = 0; i < e->vars.count; i++)
            vec_push(c->arena, &names, e->vars.items[i]->name);
        if (e->shape)
            add_record_names(c, &names, e->shape);
    }
    return diag_nearest(name, names.items, names.count);
}

void report_unknown_name(struct checker *c, const struct env *env, struct name name)
{
    struct diag *d = diag_error(c->bag, name.span, "there is no `%s` here", name.text);
    d->missing = true;
    if (report_not_aggregated(c, d, name.text))
        return;
    if (help_special(c, d, env, name.text))
        return;
    const char *near = nearest_name(c, env, name.text);
    if (near)
        diag_help(c->bag, d, "did you mean `%s`?", near);
    else if (!env)
        diag_help(c->bag, d, "this has to be a constant");
    else if (in_timer(c))
        diag_help(c->bag, d, "there is no record here, only the stores and `timestamp`: when the timer fires");
    else if (!env_record(env))
        diag_help(c->bag, d, "a fn sees only its parameters: pass `%s` as one", name.text);
    else if (!env_record(env)->shape->value)
        diag_help(c->bag, d, "there is no record here: of the group, its `key`");
    else if (type_plain(env_record(env)->shape->value->type)->kind == TYPE_RECORD)
        diag_help(c->bag, d, "the fields of value are: %s",
                  names_list(c, type_plain(env_record(env)->shape->value->type)));
    else
        diag_help(c->bag, d, "what is here: key, value, timestamp, headers");
}

// ---- a name as an expression ----

static struct texpr *case_of_hint(struct checker *c, const struct ast_expr *e, const struct type *hint)
{
    const struct type *plain = hint ? type_plain(hint) : NULL;
    if (!plain || plain->kind != TYPE_ENUM)
        return NULL;
    int index = type_field_index(plain, e->name.text);
    return index < 0 ? NULL : texpr_int(c, plain, index, e->span);
}

static void report_unknown_case(struct checker *c, const struct env *env, const struct ast_expr *e,
                                const struct type *type)
{
    const char *near = guess_field(c, type, e->name.text);
    if (!near) {
        report_unknown_name(c, env, e->name);
        return;
    }
    struct diag *d = diag_error(c->bag, e->span, "%s has no case `%s`", type->name, e->name.text);
    diag_help(c->bag, d, "did you mean `%s`?", near);
}

struct texpr *infer_name(struct checker *c, const struct env *env, const struct ast_expr *e, const struct type *hint)
{
    struct texpr *found = report_bare_store(c, env, e);
    if (found)
        return found;
    found = find_name(c, env, e->name.text, e->span);
    if (found)
        return narrow_apply(c, env, found);
    found = case_of_hint(c, e, hint);
    if (found)
        return found;
    const struct type *plain = hint ? type_plain(hint) : NULL;
    if (plain && plain->kind == TYPE_ENUM)
        report_unknown_case(c, env, e, plain);
    else
        report_unknown_name(c, env, e->name);
    return texpr_error(c, e->span);
}
