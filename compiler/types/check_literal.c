// Numbers, lists and maps as written.
#include <math.h>
#include <stdlib.h>

#include "types/convert_const.h"
#include "types/expr.h"
#include "types/name_map.h"

// The digits as one text, with the sign that stood before them.
static const char *signed_text(struct checker *c, const struct ast_expr *e, bool negative)
{
    return negative ? arena_printf(c->arena, "-%s", e->string) : e->string;
}

// More digits than int64 has: a decimal where one is expected.
static struct texpr *big_integer(struct checker *c, const struct ast_expr *e, const char *text, const struct type *hint)
{
    struct decimal_value value;
    decimal_digits digits;
    const struct type *type = hint ? type_plain(hint) : NULL;
    uint32_t len = e->string_len + (text[0] == '-');
    if (type && type->kind == TYPE_DECIMAL && decimal_parse(text, len, &value) &&
        decimal_fit(value, (struct decimal_shape){type->precision, type->scale}, &digits))
        return texpr_decimal(c, type, digits, e->span);
    struct diag *d = diag_error(c->bag, e->span, "this number is too large for %s",
                                type && type_is_number(type) ? type_show(c->arena, type) : "int64");
    diag_help(c->bag, d, "int64 ends at 9223372036854775807; a decimal(38, 0) has 38 digits");
    return texpr_error(c, e->span);
}

static struct texpr *infer_integer(struct checker *c, const struct ast_expr *e, const char *text,
                                   const struct type *hint)
{
    struct decimal_value value;
    if (!decimal_parse(text, e->string_len + (text[0] == '-'), &value) || value.digits < INT64_MIN ||
        value.digits > INT64_MAX)
        return big_integer(c, e, text, hint);
    return texpr_int(c, kind_type(c, TYPE_INT64), (int64_t)value.digits, e->span);
}

static struct texpr *infer_float(struct checker *c, const struct ast_expr *e, const char *text)
{
    struct texpr *result = texpr_new(c, TEXPR_CONST, kind_type(c, TYPE_FLOAT64), e->span);
    result->constant.number = strtod(text, NULL);
    result->constant.text = text;
    result->constant.len = e->string_len + (text[0] == '-');
    if (!isinf(result->constant.number))
        return result;
    struct diag *d = diag_error(c->bag, e->span, "this number is too large for float64");
    diag_help(c->bag, d, "float64 ends at about 1.8e308");
    return texpr_error(c, e->span);
}

struct texpr *infer_number(struct checker *c, const struct ast_expr *e, bool negative, const struct type *hint)
{
    const char *text = signed_text(c, e, negative);
    return e->kind == AST_INT ? infer_integer(c, e, text, hint) : infer_float(c, e, text);
}

static void report_items(struct checker *c, const struct texpr *list, const char *what)
{
    const struct texpr *first = list->items.items[0];
    for (int i = 1; i < list->items.count; i++) {
        const struct texpr *item = list->items.items[i];
        if (is_error(item) || common_type(c, first, item))
            continue;
        struct diag *d = diag_error(c->bag, item->span, "the %s are of different types", what);
        diag_label(c->bag, d, "this is %s", type_show(c->arena, item->type));
        diag_related(c->bag, d, first->span, "this is %s", type_show(c->arena, first->type));
        help_conversion(c, d, source_text(c, item->span), item->type, first->type);
        return;
    }
    struct diag *d = diag_error(c->bag, list->span, "the %s have no type in common", what);
    diag_help(c->bag, d, "convert them to one type, as in `float64(x)`");
}

// The items of LIST (kind LIST or MAP) as the type expected of them, or as the one they share.
static struct texpr *finish_items(struct checker *c, struct texpr *list, const struct type *element, const char *what)
{
    for (int i = 0; i < list->items.count; i++)
        if (is_error(list->items.items[i]))
            return texpr_error(c, list->span);
    if (element) {
        for (int i = 0; i < list->items.count; i++) {
            list->items.items[i] = convert_or_report(c, list->items.items[i], element);
            if (is_error(list->items.items[i]))
                return texpr_error(c, list->span);
        }
    } else {
        element = unify(c, list->items.items, list->items.count, NULL);
        if (!element) {
            report_items(c, list, what);
            return texpr_error(c, list->span);
        }
        if (list->items.count == 0)
            element = kind_type(c, TYPE_NULL);
    }
    list->type = list->kind == TEXPR_LIST ? type_list(c->types, element) : type_map(c->types, element);
    return list;
}

// What is expected of the items: as json is any value, each item is json.
static const struct type *element_hint(const struct type *hint, enum type_kind kind)
{
    const struct type *plain = hint ? type_plain(hint) : NULL;
    if (!plain || is_vague(plain))
        return NULL;
    return plain->kind == kind ? plain->element : plain->kind == TYPE_JSON ? plain : NULL;
}

struct texpr *infer_list(struct checker *c, const struct env *env, const struct ast_expr *e, const struct type *hint)
{
    const struct type *element = element_hint(hint, TYPE_LIST);
    struct texpr *list = texpr_new(c, TEXPR_LIST, NULL, e->span);
    for (int i = 0; i < e->items.count; i++)
        vec_push(c->arena, &list->items, infer_expr(c, env, e->items.items[i], element));
    return finish_items(c, list, element, "elements of the list");
}

static void report_same_keys(struct checker *c, const struct texpr *map)
{
    struct name_map seen;
    name_map_init(&seen, c->arena);
    for (int i = 0; i < map->keys.count; i++) {
        struct texpr *key = map->keys.items[i];
        if (!is_const(key))
            continue;
        const struct texpr *first =
            name_map_add(&seen, intern_name(c->names, key->constant.text, key->constant.len), key);
        if (!first)
            continue;
        struct diag *d = diag_error(c->bag, key->span, "the key \"%s\" is there twice", key->constant.text);
        diag_related(c->bag, d, first->span, "first here");
    }
}

struct texpr *infer_map(struct checker *c, const struct env *env, const struct ast_expr *e, const struct type *hint)
{
    const struct type *element = element_hint(hint, TYPE_MAP);
    struct texpr *map = texpr_new(c, TEXPR_MAP, NULL, e->span);
    bool wrong = false;
    for (int i = 0; i < e->entries.count; i++) {
        struct texpr *key = check_expr(c, env, e->entries.items[i].key, kind_type(c, TYPE_STRING));
        wrong = wrong || is_error(key);
        vec_push(c->arena, &map->keys, key);
        vec_push(c->arena, &map->items, infer_expr(c, env, e->entries.items[i].value, element));
    }
    if (wrong)
        return texpr_error(c, e->span);
    report_same_keys(c, map);
    return finish_items(c, map, element, "values of the map");
}
