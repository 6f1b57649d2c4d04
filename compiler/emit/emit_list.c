// Lists and maps: literals, and what calls the runtime.
#include "emit/emit_list.h"

// ---- literals ----

struct value emit_list_literal(struct body *b, const struct texpr *x)
{
    struct value list;
    if (x->items.count == 0)
        return value_make(PREC_POSTFIX, "(struct weir_list){ \"\", 0 }");
    if (emit_static_list(b, x, &list))
        return list;
    const char *items = body_local(b, "items");
    body_line(b, "%s = weir_alloc(%s, %d * sizeof *%s);",
              type_declare(b->e, x->type->element, arena_printf(b->e->arena, "*%s", items)), ctx(b), x->items.count,
              items);
    for (int i = 0; i < x->items.count; i++)
        emit_assign(b, arena_printf(b->e->arena, "%s[%d]", items, i), x->items.items[i]);
    return value_printf(b, PREC_POSTFIX, "(struct weir_list){ %s, %d }", items, x->items.count);
}

struct value emit_map_literal(struct body *b, const struct texpr *x)
{
    struct emitter *e = b->e;
    if (x->items.count == 0)
        return value_printf(b, PREC_POSTFIX, "(struct weir_map){ weir_alloc(%s, 0), NULL, 0 }", ctx(b));
    const char *keys = body_local(b, "keys"), *values = body_local(b, "values");
    body_line(b, "struct weir_str *%s = weir_alloc(%s, %d * sizeof *%s);", keys, ctx(b), x->items.count, keys);
    body_line(b, "%s = weir_alloc(%s, %d * sizeof *%s);",
              type_declare(e, x->type->element, arena_printf(e->arena, "*%s", values)), ctx(b), x->items.count, values);
    for (int i = 0; i < x->items.count; i++) {
        emit_assign(b, arena_printf(e->arena, "%s[%d]", keys, i), x->keys.items[i]);
        emit_assign(b, arena_printf(e->arena, "%s[%d]", values, i), x->items.items[i]);
    }
    return value_printf(b, PREC_POSTFIX, "weir_map_of(%s, %s, %s, %d, sizeof *%s)", ctx(b), keys, values,
                        x->items.count, values);
}

// ---- calls ----

// weir_list_NAME(w, arguments..., how to treat elements).
static struct value runtime_call(struct body *b, const struct texpr *x, const char *function, const char *how)
{
    struct value v[4];
    const char *args = "";
    emit_exprs(b, x->items.items, x->items.count, v);
    for (int i = 0; i < x->items.count; i++)
        args = arena_printf(b->e->arena, "%s%s, ", args, value_arg(b, v[i]));
    return value_printf(b, PREC_POSTFIX, "%s(%s, %s%s)", function, ctx(b), args, how);
}

const char *sizeof_element(struct body *b, const struct type *element)
{
    return arena_printf(b->e->arena, "sizeof(%s)", type_c(b->e, element));
}

static struct value concat(struct body *b, const struct texpr *x, const char *of)
{
    int count = x->items.count;
    struct value *values = arena_alloc(b->e->arena, (size_t)(count + 1) * sizeof *values);
    emit_exprs(b, x->items.items, count, values);
    const char *parts = value_array(b, arena_printf(b->e->arena, "struct weir_%s", of), values, count);
    return value_printf(b, PREC_POSTFIX, "weir_%s_concat(%s, %s, %d, %s)", of, ctx(b), parts, count,
                        sizeof_element(b, x->type->element));
}

static struct value flatten(struct body *b, const struct texpr *x)
{
    struct value list = kept_list(b, x, "list");
    return value_printf(b, PREC_POSTFIX, "weir_list_concat(%s, %s, %s, %s)", ctx(b),
                        value_arg(b, value_member(b, list, "v")), length_of(b, list),
                        sizeof_element(b, x->type->element));
}

const char *element_address(struct body *b, struct value v, const struct type *t, const char *name)
{
    return type_is_struct(t) ? value_address(b, v, t)
                             : arena_printf(b->e->arena, "&%s", value_local(b, v, t, name).text);
}

// weir_list_index_of and the like, which take an element by pointer.
static const char *with_element(struct body *b, const struct texpr *x)
{
    struct value v[2];
    emit_exprs(b, x->items.items, 2, v);
    const char *element = element_address(b, v[1], element_of(x), "wanted");
    return arena_printf(b->e->arena, "%s, %s, %s", value_arg(b, v[0]), element, emit_element(b->e, element_of(x)));
}

static struct value contains_key(struct body *b, const struct texpr *x)
{
    struct value v[2];
    emit_exprs(b, x->items.items, 2, v);
    return value_printf(b, PREC_EQUAL, "weir_map_get(%s, %s, %s) != NULL", value_arg(b, v[0]), value_arg(b, v[1]),
                        sizeof_element(b, element_of(x)));
}

static struct value map_part(struct body *b, const struct texpr *x, const char *member)
{
    struct value map = kept_list(b, x, "map");
    return value_printf(b, PREC_POSTFIX, "(struct weir_list){ %s, %s }", value_arg(b, value_member(b, map, member)),
                        length_of(b, map));
}

struct value emit_list_call(struct body *b, const struct texpr *x, const char *name)
{
    const struct type *element = element_of(x);
    switch (x->builtin) {
    case BUILTIN_SORT: return runtime_call(b, x, "weir_list_sort", emit_element(b->e, element));
    case BUILTIN_DISTINCT: return runtime_call(b, x, "weir_list_distinct", emit_element(b->e, element));
    case BUILTIN_UNION: return runtime_call(b, x, "weir_list_union", emit_element(b->e, element));
    case BUILTIN_INTERSECT: return runtime_call(b, x, "weir_list_intersect", emit_element(b->e, element));
    case BUILTIN_EXCEPT: return runtime_call(b, x, "weir_list_except", emit_element(b->e, element));
    case BUILTIN_REVERSE: return runtime_call(b, x, "weir_list_reverse", sizeof_element(b, element));
    case BUILTIN_SLICE: return runtime_call(b, x, "weir_list_slice", sizeof_element(b, element));
    case BUILTIN_CONCAT_LIST: return concat(b, x, "list");
    case BUILTIN_CONCAT_MAP: return concat(b, x, "map");
    case BUILTIN_FLATTEN: return flatten(b, x);
    case BUILTIN_INDEX_OF_LIST: return value_printf(b, PREC_POSTFIX, "weir_list_index_of(%s)", with_element(b, x));
    case BUILTIN_CONTAINS_LIST: return value_printf(b, PREC_EQUAL, "weir_list_index_of(%s) >= 0", with_element(b, x));
    case BUILTIN_WITHOUT: {
        const char *args = with_element(b, x);
        return value_printf(b, PREC_POSTFIX, "weir_list_without(%s, %s)", ctx(b), args);
    }
    case BUILTIN_CONTAINS_MAP: return contains_key(b, x);
    case BUILTIN_KEYS: return map_part(b, x, "k");
    case BUILTIN_VALUES: return map_part(b, x, "v");
    case BUILTIN_LENGTH_LIST:
    case BUILTIN_LENGTH_MAP:
        return value_printf(b, PREC_UNARY, "(int64_t)%s",
                            value_text(b, value_member(b, emit_expr(b, x->items.items[0]), "n"), PREC_POSTFIX));
    default: return emit_loop(b, x, name);
    }
}
