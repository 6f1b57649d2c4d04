// Fields and elements: `a.b`, `a?.b`, `a[i]`.
#include <string.h>

#include "types/builtin.h"
#include "types/expr.h"
#include "types/guess.h"

static void report_unknown_field(struct checker *c, const struct type *type, struct name name)
{
    const char *near = guess_field(c, type, name.text);
    struct diag *d =
        diag_error(c->bag, name.span, "%s has no field `%s`", type->name ? type->name : "this record", name.text);
    d->missing = true;
    if (near)
        diag_help(c->bag, d, "did you mean `%s`?", near);
    else
        diag_help(c->bag, d, "its fields are: %s", names_list(c, type));
}

// The name of a union's case, as its tag field has it.
static struct texpr *tag_of(struct checker *c, struct texpr *left, struct span span)
{
    const struct type *type = left->type;
    struct texpr *match = texpr_unary(c, TEXPR_MATCH, kind_type(c, TYPE_STRING), left, span);
    for (int i = 0; i < type->fields.count; i++) {
        const char *name = type->fields.items[i].name;
        struct texpr_arm arm = {i, NULL, texpr_text(c, match->type, name, (uint32_t)strlen(name), span)};
        vec_push(c->arena, &match->arms, arm);
    }
    return match;
}

static struct texpr *union_field(struct checker *c, const struct env *env, struct texpr *left, struct name name,
                                 struct span span)
{
    const struct type *type = left->type;
    int known = narrow_case(c, env, left);
    if (known >= 0 && type_field_index(type->fields.items[known].type, name.text) >= 0) {
        struct texpr *record = texpr_unary(c, TEXPR_CASE, type->fields.items[known].type, left, left->span);
        record->index = known;
        return field_of(c, env, record, name, span);
    }
    if (name.text == type->tag)
        return tag_of(c, left, span);
    if (known >= 0) {
        report_unknown_field(c, type->fields.items[known].type, name);
        return texpr_error(c, span);
    }
    const char *text = source_text(c, left->span);
    struct diag *d = diag_error(c->bag, name.span, "which of its cases this %s is, is not known here", type->name);
    for (int i = 0; i < type->fields.count; i++)
        if (type_field_index(type->fields.items[i].type, name.text) >= 0) {
            const char *of = type->fields.items[i].name;
            diag_label(c->bag, d, "a field of the case `%s`", of);
            diag_help(c->bag, d, "check it first: `filter %s is %s`, or `if %s is %s then ... else ...`", text, of,
                      text, of);
            return texpr_error(c, span);
        }
    diag_help(c->bag, d, "use `match %s { %s x => ..., else => ... }`", text, type->fields.items[0].name);
    return texpr_error(c, span);
}

static bool has_field(const struct type *type, const char *name)
{
    return (type->kind == TYPE_RECORD && type_field_index(type, name) >= 0) ||
           (type->kind == TYPE_UNION && type->tag == name);
}

static struct texpr *report_no_fields(struct checker *c, const struct texpr *left, struct name name, struct span span)
{
    const char *text = source_text(c, left->span);
    struct diag *d = diag_error(c->bag, name.span, "%s has no fields", type_show(c->arena, left->type));
    diag_related(c->bag, d, left->span, "this is %s", type_show(c->arena, left->type));
    const struct type *plain = type_plain(left->type);
    if (plain->kind == TYPE_JSON)
        diag_help(c->bag, d, "write `json_get(%s, \"%s\")`", text, name.text);
    else if (plain->kind == TYPE_MAP)
        diag_help(c->bag, d, "look it up: `%s[\"%s\"]`", text, name.text);
    else if (builtin_find(c->builtins, name.text))
        diag_help(c->bag, d, "call the function: `%s(%s)`", name.text, text);
    else if (plain->kind == TYPE_LIST && has_field(type_plain(plain->element), name.text))
        diag_help(c->bag, d, "take it of each element: `map(%s, x => x.%s)`", text, name.text);
    return texpr_error(c, span);
}

static struct texpr *report_null_field(struct checker *c, const struct texpr *left, struct name name, struct span span)
{
    const char *text = source_text(c, left->span);
    struct diag *d = diag_error(c->bag, left->span, "`%s` may be null, and then has no `%s`", text, name.text);
    diag_label(c->bag, d, "this is %s", type_show(c->arena, left->type));
    diag_help(c->bag, d, "write `%s?.%s`, which is null when `%s` is", text, name.text, text);
    diag_help(c->bag, d, "or check it first: `filter %s != null`, or `if %s != null then ... else ...`", text, text);
    return texpr_error(c, span);
}

struct texpr *field_of(struct checker *c, const struct env *env, struct texpr *left, struct name name, struct span span)
{
    const struct type *type = left->type;
    if (is_error(left))
        return left;
    if (type->kind == TYPE_UNION)
        return union_field(c, env, left, name, span);
    if (type_is_optional(type) && (type->element->kind == TYPE_RECORD || type->element->kind == TYPE_UNION)) {
        // A field written bare is read of the value, whose name the user did not write.
        if (left->span.begin == span.begin && left->span.end == span.end && left->kind == TEXPR_VAR) {
            struct span whole = left->span;
            struct diag *d = diag_error(c->bag, whole, "`%s` is a field of `%s`, which may be null here", name.text,
                                        left->var->name);
            diag_help(c->bag, d, "write `%s?.%s`, or check it first: `filter %s != null`", left->var->name, name.text,
                      left->var->name);
            return texpr_error(c, span);
        }
        return report_null_field(c, left, name, span);
    }
    if (type->kind != TYPE_RECORD)
        return report_no_fields(c, left, name, span);
    int index = type_field_index(type, name.text);
    if (index >= 0)
        return narrow_apply(c, env, texpr_field(c, left, index, span));
    report_unknown_field(c, type, name);
    return texpr_error(c, span);
}

struct texpr *infer_field(struct checker *c, const struct env *env, const struct ast_expr *e)
{
    struct texpr *of_join = infer_join_member(c, env, e);
    if (of_join)
        return of_join;
    struct texpr *left = require_type(c, infer_expr(c, env, e->left, NULL));
    if (is_error(left))
        return texpr_error(c, e->span);
    if (e->kind == AST_FIELD)
        return field_of(c, env, left, e->name, e->span);
    struct lift lift = {0};
    struct texpr *body = field_of(c, env, lift_operand(c, &lift, left), e->name, e->span);
    return narrow_apply(c, env, lift_finish(c, &lift, body));
}

static struct texpr *report_no_elements(struct checker *c, const struct ast_expr *e, const struct texpr *left)
{
    const char *text = source_text(c, e->left->span);
    struct diag *d =
        diag_error(c->bag, e->span, "%s has no elements to take by `[...]`", type_show(c->arena, left->type));
    if (left->type->kind == TYPE_JSON)
        diag_help(c->bag, d,
                  e->right->kind == AST_STRING ? "write `json_get(%s, %s)`" : "write `json_get(%s, \"[%s]\")`", text,
                  source_text(c, e->right->span));
    else if (left->type->kind == TYPE_STRING)
        diag_help(c->bag, d, "write `substr(%s, 0, 1)`; positions count from 0", text);
    else if (left->type->kind == TYPE_RECORD)
        diag_help(c->bag, d, "write `%s.name` for the field `name`", text);
    return texpr_error(c, e->span);
}

// A place in a list or map is one index.
static struct texpr *report_indices(struct checker *c, const struct ast_expr *e)
{
    const char *text = source_text(c, e->left->span);
    struct diag *d =
        diag_error(c->bag, e->span, "only stores have %s between brackets", e->items.count ? "several keys" : "ranges");
    if (e->items.count == 0)
        diag_help(c->bag, d, "a part of a list is `slice(%s, from, to)`, without `to`", text);
    else
        diag_help(c->bag, d, "an element of an element is `%s[a][b]`", text);
    return texpr_error(c, e->span);
}

struct texpr *infer_index(struct checker *c, const struct env *env, const struct ast_expr *e)
{
    struct texpr *stored = infer_stored(c, env, e);
    if (stored)
        return stored;
    if (e->items.count || e->right->kind == AST_RANGE)
        return report_indices(c, e);
    struct texpr *left = require_type(c, infer_expr(c, env, e->left, NULL));
    if (is_error(left)) {
        infer_expr(c, env, e->right, NULL);
        return left;
    }
    struct lift lift = {0};
    left = lift_operand(c, &lift, left);
    if (left->type->kind != TYPE_LIST && left->type->kind != TYPE_MAP)
        return report_no_elements(c, e, left);
    bool map = left->type->kind == TYPE_MAP;
    struct texpr *right = infer_expr(c, env, e->right, kind_type(c, map ? TYPE_STRING : TYPE_INT64));
    if (is_error(right))
        return right;
    right = convert_or_report(c, lift_operand(c, &lift, right), kind_type(c, map ? TYPE_STRING : TYPE_INT64));
    if (is_error(right))
        return right;
    const struct type *type = map ? type_optional(c->types, left->type->element) : left->type->element;
    struct texpr *result =
        texpr_binary(c, map ? TEXPR_LOOKUP : TEXPR_INDEX, OP_ADD, type, left, fold_node(c, right), e->span);
    return narrow_apply(c, env, lift_finish(c, &lift, result));
}
