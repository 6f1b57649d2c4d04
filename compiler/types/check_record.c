// Record literals: `{ a: 1, b }`, `{ ...value, c: 2 }`. They take the type that is expected, else one made of their fields.
#include <string.h>

#include "types/expr.h"
#include "types/guess.h"
#include "types/name_map.h"
#include "types/resolve.h"

// A field on its way into the record.
struct part {
    const char *name;
    struct texpr *value;
    struct span span;
    bool spread;
};

struct record {
    struct checker *c;
    const struct env *env;
    const struct ast_expr *e;
    const struct type *expected; // a record, or NULL
    struct name_map by_name;     // of struct part, in order
    struct var *spread;          // bound to what is spread, where that is not simply a path
    struct texpr *spread_value;
    bool wrong;
};

static bool is_path(const struct texpr *e)
{
    while (e->kind == TEXPR_FIELD || e->kind == TEXPR_UNWRAP || e->kind == TEXPR_CASE)
        e = e->left;
    return e->kind == TEXPR_VAR;
}

static void put(struct record *r, const char *name, struct texpr *value, struct span span, bool spread)
{
    struct part *part = arena_new_of(r->c->arena, struct part);
    *part = (struct part){name, value, span, spread};
    struct part *before = name_map_add(&r->by_name, name, part);
    if (!before)
        return;
    if (!before->spread && !spread) {
        struct diag *d = diag_error(r->c->bag, span, "the field `%s` is there twice", name);
        diag_related(r->c->bag, d, before->span, "first here");
        r->wrong = true;
    } else if (!before->spread) {
        struct diag *d =
            diag_warning(r->c->bag, before->span, "`%s` is overridden by the fields that are copied after it", name);
        diag_help(r->c->bag, d, "write `...` first");
    }
    *before = *part;
}

// What is copied from is computed once.
static struct texpr *spread_once(struct record *r, struct texpr *value)
{
    if (is_path(value))
        return value;
    if (r->spread) {
        struct diag *d = diag_error(r->c->bag, value->span, "only one computed record can be copied into a record");
        diag_help(r->c->bag, d, "name it first: `| let other = %s`", source_text(r->c, value->span));
        r->wrong = true;
        return value;
    }
    r->spread = var_new(r->c, VAR_LOCAL, "copied", value->type, value->span);
    r->spread_value = value;
    return texpr_var(r->c, r->spread, value->span);
}

static void put_spread(struct record *r, const struct ast_record_item *item)
{
    struct checker *c = r->c;
    struct texpr *value = infer_expr(c, r->env, item->value, NULL);
    int known = !is_error(value) && value->type->kind == TYPE_UNION ? narrow_case(c, r->env, value) : -1;
    if (known >= 0) {
        value = texpr_unary(c, TEXPR_CASE, value->type->fields.items[known].type, value, value->span);
        value->index = known;
    }
    if (is_error(value) || value->type->kind != TYPE_RECORD) {
        r->wrong = true;
        if (is_error(value))
            return;
        if (type_is_optional(value->type) && value->type->element->kind == TYPE_RECORD) {
            report_may_be_null(c, value);
            return;
        }
        struct diag *d = diag_error(c->bag, value->span, "`...` copies the fields of a record");
        diag_label(c->bag, d, "this is %s", type_show(c->arena, value->type));
        return;
    }
    struct texpr *from = spread_once(r, value);
    for (int i = 0; i < value->type->fields.count; i++)
        put(r, value->type->fields.items[i].name, narrow_apply(c, r->env, texpr_field(c, from, i, value->span)),
            item->value->span, true);
}

static void put_field(struct record *r, const struct ast_record_item *item)
{
    struct checker *c = r->c;
    int index = r->expected ? type_field_index(r->expected, item->name.text) : -1;
    const struct type *type = index >= 0 ? r->expected->fields.items[index].type : NULL;
    struct texpr *value = check_expr(c, r->env, item->value, type);
    r->wrong = r->wrong || is_error(value);
    put(r, item->name.text, value, item->name.span, false);
}

static struct texpr *with_spread(struct record *r, struct texpr *record)
{
    if (!r->spread)
        return record;
    struct checker *c = r->c;
    struct texpr *bound =
        texpr_unary(c, TEXPR_LIFT, type_optional(c->types, record->type), texpr_some(c, record), record->span);
    vec_push(c->arena, &bound->vars, r->spread);
    vec_push(c->arena, &bound->items, texpr_some(c, r->spread_value));
    return texpr_unary(c, TEXPR_UNWRAP, record->type, bound, record->span);
}

// ---- of the type that its fields make ----

static struct texpr *own_record(struct record *r)
{
    struct checker *c = r->c;
    VEC(struct type_field) fields = {0};
    struct texpr *record = texpr_new(c, TEXPR_RECORD, NULL, r->e->span);
    for (int i = 0; i < r->by_name.entries.count; i++) {
        const struct part *part = r->by_name.entries.items[i].value;
        struct type_field field = {part->name, part->value->type};
        vec_push(c->arena, &fields, field);
        vec_push(c->arena, &record->items, part->value);
    }
    if (fields.count == 0) {
        diag_error(c->bag, r->e->span, "a record needs at least one field");
        return texpr_error(c, r->e->span);
    }
    record->type = check_places(c, r->e->span, type_record(c->types, NULL, fields.items, fields.count));
    return is_error(record) ? texpr_error(c, r->e->span) : with_spread(r, record);
}

// ---- of the expected type ----

// The nearest field that is not there yet.
static const char *missing_field(struct record *r, const char *name)
{
    const struct type *type = r->expected;
    if (!guess_affordable(r->c, type->fields.count))
        return NULL;
    const char **names = arena_alloc(r->c->arena, (size_t)type->fields.count * sizeof *names);
    int count = 0;
    for (int i = 0; i < type->fields.count; i++)
        if (!name_map_get(&r->by_name, type->fields.items[i].name))
            names[count++] = type->fields.items[i].name;
    return diag_nearest(name, names, count);
}

static void report_unexpected(struct record *r, const struct part *part)
{
    const struct type *type = r->expected;
    const char *name = type->name ? type->name : "the record expected here";
    struct diag *d = diag_error(r->c->bag, part->span, "%s has no field `%s`", name, part->name);
    d->missing = true;
    r->wrong = true;
    const char *near = missing_field(r, part->name);
    if (part->spread)
        diag_help(r->c->bag, d, "`...` copies every field; write the fields one by one");
    else if (near)
        diag_help(r->c->bag, d, "did you mean `%s`?", near);
    else
        diag_help(r->c->bag, d, "its fields are: %s", names_list(r->c, type));
}

static void report_missing(struct record *r)
{
    enum { MOST = 8 };
    struct checker *c = r->c;
    const char *missing = "";
    int count = 0;
    for (int i = 0; i < r->expected->fields.count; i++) {
        const struct type_field *f = &r->expected->fields.items[i];
        if (name_map_get(&r->by_name, f->name) || type_is_optional(f->type))
            continue;
        if (count++ < MOST)
            missing = arena_printf(c->arena, "%s%s`%s: %s`", missing, count > 1 ? ", " : "", f->name,
                                   type_show(c->arena, f->type));
    }
    if (count == 0 || r->wrong)
        return;
    const char *name = r->expected->name ? r->expected->name : "the record expected here";
    struct diag *d = diag_error(c->bag, r->e->span, "%s of %s %s missing",
                                count == 1 ? "a field" : arena_printf(c->arena, "%d fields", count), name,
                                count == 1 ? "is" : "are");
    diag_label(c->bag, d, "missing: %s%s", missing, count > MOST ? ", ..." : "");
    diag_help(c->bag, d, "only fields that may be null can be left out");
    r->wrong = true;
}

static void convert_part(struct record *r, struct part *part, const struct type *type)
{
    struct checker *c = r->c;
    struct texpr *converted = convert_to(c, part->value, type);
    if (!converted && part->spread) {
        const char *from = source_text(c, part->span);
        struct diag *d = diag_error(c->bag, part->span, "the field `%s` that is copied here is %s, expected %s",
                                    part->name, type_show(c->arena, part->value->type), type_show(c->arena, type));
        diag_help(c->bag, d, "write it behind the copy: `{ ...%s, %s: ... }`", from, part->name);
    } else if (!converted) {
        report_mismatch(c, part->value, type);
    }
    r->wrong = r->wrong || !converted;
    part->value = converted ? converted : texpr_error(c, part->span);
}

static struct texpr *expected_record(struct record *r)
{
    struct checker *c = r->c;
    for (int i = 0; i < r->by_name.entries.count; i++) {
        struct part *part = r->by_name.entries.items[i].value;
        int index = type_field_index(r->expected, part->name);
        if (index < 0) {
            report_unexpected(r, part);
        } else if (!is_error(part->value)) {
            convert_part(r, part, r->expected->fields.items[index].type);
        }
    }
    report_missing(r);
    if (r->wrong)
        return texpr_error(c, r->e->span);
    struct texpr *record = texpr_new(c, TEXPR_RECORD, r->expected, r->e->span);
    for (int i = 0; i < r->expected->fields.count; i++) {
        const struct type_field *f = &r->expected->fields.items[i];
        const struct part *part = name_map_get(&r->by_name, f->name);
        vec_push(c->arena, &record->items, part ? part->value : texpr_none(c, f->type, r->e->span));
    }
    return with_spread(r, record);
}

static struct texpr *make_record(struct checker *c, const struct env *env, const struct ast_expr *e,
                                 const struct type *expected)
{
    struct record r = {.c = c, .env = env, .e = e, .expected = expected};
    name_map_init(&r.by_name, c->arena);
    for (int i = 0; i < e->fields.count; i++) {
        if (e->fields.items[i].spread)
            put_spread(&r, &e->fields.items[i]);
        else
            put_field(&r, &e->fields.items[i]);
    }
    if (expected)
        return expected_record(&r);
    return r.wrong ? texpr_error(c, e->span) : own_record(&r);
}

// ---- where a union, a map or json is expected ----

static bool has_spread(const struct ast_expr *e)
{
    for (int i = 0; i < e->fields.count; i++)
        if (e->fields.items[i].spread)
            return true;
    return false;
}

static struct texpr *report_no_tag(struct checker *c, const struct ast_expr *e, const struct type *type)
{
    struct diag *d = diag_error(c->bag, e->span, "which case of %s is this?", type->name);
    diag_label(c->bag, d, "it has no `%s`", type->tag);
    diag_help(c->bag, d, "add `%s: \"%s\"`, or another of its cases: %s", type->tag, type->fields.items[0].name,
              names_list(c, type));
    return texpr_error(c, e->span);
}

// `{ kind: "paid", id: 1 }`: the tag says the case, the other fields are its record.
static struct texpr *union_value(struct checker *c, const struct env *env, const struct ast_expr *e,
                                 const struct type *type)
{
    struct ast_expr rest = *e;
    const struct ast_record_item *tag = NULL;
    rest.fields.items = arena_alloc(c->arena, (size_t)e->fields.count * sizeof *rest.fields.items);
    rest.fields.count = 0;
    for (int i = 0; i < e->fields.count; i++) {
        if (!e->fields.items[i].spread && e->fields.items[i].name.text == type->tag)
            tag = &e->fields.items[i];
        else
            rest.fields.items[rest.fields.count++] = e->fields.items[i];
    }
    if (!tag || (tag->value->kind != AST_STRING && tag->value->kind != AST_NAME))
        return report_no_tag(c, e, type);
    const char *name = tag->value->kind == AST_NAME ? tag->value->name.text
                                                    : intern_name(c->names, tag->value->string, tag->value->string_len);
    int index = type_field_index(type, name);
    if (index < 0) {
        struct diag *d = diag_error(c->bag, tag->value->span, "%s has no case `%s`", type->name, name);
        diag_help(c->bag, d, "its cases are: %s", names_list(c, type));
        return texpr_error(c, e->span);
    }
    const struct type *record_type = type->fields.items[index].type;
    if (type_field_index(record_type, type->tag) >= 0)
        rest.fields.items[rest.fields.count++] = *tag;
    struct texpr *record = make_record(c, env, &rest, record_type);
    if (is_error(record))
        return record;
    struct texpr *value = texpr_unary(c, TEXPR_UNION, type, record, e->span);
    value->index = index;
    return value;
}

static struct texpr *map_value(struct checker *c, const struct env *env, const struct ast_expr *e,
                               const struct type *type)
{
    struct texpr *map = texpr_new(c, TEXPR_MAP, type, e->span);
    for (int i = 0; i < e->fields.count; i++) {
        struct name name = e->fields.items[i].name;
        struct texpr *value = check_expr(c, env, e->fields.items[i].value, type->element);
        if (is_error(value))
            return value;
        vec_push(c->arena, &map->keys,
                 texpr_text(c, kind_type(c, TYPE_STRING), name.text, (uint32_t)strlen(name.text), name.span));
        vec_push(c->arena, &map->items, value);
    }
    return map;
}

static struct texpr *json_value(struct checker *c, const struct env *env, const struct ast_expr *e,
                                const struct type *json)
{
    if (e->fields.count == 0)
        return texpr_text(c, json, "{}", 2, e->span);
    VEC(struct type_field) fields = {0};
    for (int i = 0; i < e->fields.count; i++) {
        struct type_field field = {e->fields.items[i].name.text, json};
        vec_push(c->arena, &fields, field);
    }
    struct texpr *record = make_record(c, env, e, type_record(c->types, NULL, fields.items, fields.count));
    return is_error(record) ? record : convert_to(c, fold_node(c, record), json);
}

struct texpr *infer_record(struct checker *c, const struct env *env, const struct ast_expr *e, const struct type *hint)
{
    const struct type *plain = hint ? type_plain(hint) : NULL;
    enum type_kind kind = plain ? plain->kind : TYPE_ERROR;
    if (kind == TYPE_UNION)
        return union_value(c, env, e, plain);
    if (kind == TYPE_MAP && !has_spread(e))
        return map_value(c, env, e, plain);
    if (kind == TYPE_JSON && !has_spread(e))
        return json_value(c, env, e, plain);
    return make_record(c, env, e, kind == TYPE_RECORD ? plain : NULL);
}
