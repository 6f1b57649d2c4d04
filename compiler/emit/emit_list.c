// Lists and maps: lambdas become loops; what needs no lambda calls the runtime.
#include <string.h>

#include "emit/emitter.h"

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

// ---- loops ----

// for (size_t i = 0; i < COUNT; i++) { ... VAR, or NULL, is what the program calls the element.
static const char *loop_begin(struct body *b, struct sub *s, const char *count, const struct var *var)
{
    const char *i = body_local(b, var && strcmp(var->name, "i") == 0 ? "at" : "i");
    body_line(b, "for (size_t %s = 0; %s < %s; %s++) {", i, i, count, i);
    block_begin(b, s);
    return i;
}

static void loop_end(struct body *b, struct sub *s)
{
    sub_end(b, s);
    sub_flush(b, s);
    body_line(b, "}");
}

// The element at I, as a variable if LAMBDA (or NULL) reads its parameter for it.
static struct value loop_element(struct body *b, struct value list, const struct type *t, const char *i,
                                 const struct texpr *lambda, int param)
{
    const struct var *var = lambda ? lambda->vars.items[param] : NULL;
    if (var && !expr_reads(lambda->left, var))
        return value_element(b, list, t, i);
    const char *name = var ? name_of(b->e, var->name) : "element";
    struct value v = value_element(b, list, t, i);
    if (type_is_struct(t)) {
        const char *local = body_local(b, name);
        body_line(b, "const %s *%s = &%s;", type_c(b->e, t), local, value_arg(b, v));
        v = value_pointer(local);
    } else {
        v = value_local(b, v, t, name);
    }
    if (var)
        body_bind(b, var, v);
    return v;
}

static const char *length_of(struct body *b, struct value list)
{
    return value_arg(b, value_member(b, list, "n"));
}

// An array for a result of LENGTH elements; its name, and in *COUNT that of its length, which is 0 if it would be too large.
static const char *new_array(struct body *b, const struct type *element, const char *name, const char *length,
                             const char **count)
{
    const char *array = body_local(b, name);
    *count = body_local(b, "count");
    body_line(b, "size_t %s = %s;", *count, length);
    body_line(b, "%s = weir_array(%s, &%s, sizeof *%s);",
              type_declare(b->e, element, arena_printf(b->e->arena, "*%s", array)), ctx(b), *count, array);
    return array;
}

static struct value list_of(struct body *b, const char *array, const char *count)
{
    return value_printf(b, PREC_POSTFIX, "(struct weir_list){ %s, %s }", array, count);
}

static struct value argument(struct body *b, const struct texpr *x, int i)
{
    return emit_expr(b, x->items.items[i]);
}

static struct value kept_list(struct body *b, const struct texpr *x)
{
    return value_keep(b, argument(b, x, 0), x->items.items[0]->type, "list");
}

static const struct type *element_of(const struct texpr *x)
{
    return x->items.items[0]->type->element;
}

// LAMBDA of each element of X's list into the array.
static void map_into(struct body *b, const struct texpr *x, struct value list, const char *array, const char *count)
{
    const struct texpr *lambda = x->items.items[1];
    struct sub s;
    const char *i = loop_begin(b, &s, count, lambda->vars.items[0]);
    loop_element(b, list, element_of(x), i, lambda, 0);
    emit_assign(b, arena_printf(b->e->arena, "%s[%s]", array, i), lambda->left);
    loop_end(b, &s);
}

static struct value emit_map(struct body *b, const struct texpr *x)
{
    struct value list = kept_list(b, x);
    const char *count, *mapped = new_array(b, x->type->element, "mapped", length_of(b, list), &count);
    map_into(b, x, list, mapped, count);
    return list_of(b, mapped, count);
}

static struct value emit_sort_by(struct body *b, const struct texpr *x)
{
    struct value list = kept_list(b, x);
    const struct type *key = x->items.items[1]->left->type;
    const char *count, *keys = new_array(b, key, "sort_keys", length_of(b, list), &count);
    map_into(b, x, list, keys, count);
    return value_printf(b, PREC_POSTFIX, "weir_list_sort_by(%s, (struct weir_list){ %s, %s }, sizeof(%s), %s, %s)",
                        ctx(b), value_arg(b, value_member(b, list, "v")), count, type_c(b->e, element_of(x)), keys,
                        emit_element(b->e, key));
}

static struct value emit_filter(struct body *b, const struct texpr *x)
{
    const struct texpr *lambda = x->items.items[1];
    struct value list = kept_list(b, x);
    const char *count, *kept = new_array(b, element_of(x), "kept", length_of(b, list), &count);
    const char *n = body_local(b, "kept_count");
    body_line(b, "size_t %s = 0;", n);
    struct sub s;
    const char *i = loop_begin(b, &s, count, lambda->vars.items[0]);
    struct value element = loop_element(b, list, element_of(x), i, lambda, 0);
    body_line(b, "if (%s)", value_arg(b, emit_expr(b, lambda->left)));
    body_line(b, "    %s[%s++] = %s;", kept, n, value_arg(b, element));
    loop_end(b, &s);
    return list_of(b, kept, n);
}

static struct value emit_fold(struct body *b, const struct texpr *x)
{
    const struct texpr *lambda = x->items.items[2];
    struct value v[2];
    emit_exprs(b, x->items.items, 2, v);
    struct value list = value_keep(b, v[0], x->items.items[0]->type, "list");
    struct value so_far = value_local(b, v[1], x->type, name_of(b->e, lambda->vars.items[0]->name));
    struct sub s;
    const char *i = loop_begin(b, &s, length_of(b, list), lambda->vars.items[1]);
    body_bind(b, lambda->vars.items[0], so_far);
    loop_element(b, list, element_of(x), i, lambda, 1);
    emit_assign(b, so_far.text, lambda->left);
    loop_end(b, &s);
    return so_far;
}

static struct value emit_any_all(struct body *b, const struct texpr *x, const char *name)
{
    bool any = x->builtin == BUILTIN_ANY;
    const struct texpr *lambda = x->items.items[1];
    struct value list = kept_list(b, x);
    struct value found = value_local(b, value_make(PREC_POSTFIX, any ? "false" : "true"), x->type,
                                     name  ? name
                                     : any ? "any"
                                           : "all");
    struct sub s;
    const char *i = loop_begin(b, &s, length_of(b, list), lambda->vars.items[0]);
    loop_element(b, list, element_of(x), i, lambda, 0);
    struct value cond = emit_expr(b, lambda->left);
    body_line(b, any ? "if (%s) {" : "if (!%s) {", value_text(b, cond, any ? PREC_COND : PREC_UNARY));
    body_line(b, "    %s = %s;", found.text, any ? "true" : "false");
    body_line(b, "    break;");
    body_line(b, "}");
    loop_end(b, &s);
    return found;
}

// ---- sums, least and greatest ----

struct fold {
    const struct texpr *x;
    struct value result;
    void (*step)(struct body *b, const struct fold *f, struct value v, const struct type *t); // V of plain type T
};

// STEP for each element, or the lambda's value for it, that is not null.
static void fold_values(struct body *b, const struct fold *f, struct value list)
{
    const struct texpr *lambda = f->x->items.count > 1 ? f->x->items.items[1] : NULL;
    const struct type *t = lambda ? lambda->left->type : element_of(f->x);
    struct sub s;
    const char *i = loop_begin(b, &s, length_of(b, list), lambda ? lambda->vars.items[0] : NULL);
    struct value v = loop_element(b, list, element_of(f->x), i, lambda, 0);
    if (lambda)
        v = emit_expr(b, lambda->left);
    if (type_is_optional(t)) {
        v = value_keep(b, v, t, "value");
        body_line(b, "if (%s) {", value_arg(b, value_is_some(b, v, t, false)));
        b->out->indent++;
        f->step(b, f, value_unwrap(b, v, t), type_plain(t));
        b->out->indent--;
        body_line(b, "}");
    } else {
        f->step(b, f, v, t);
    }
    loop_end(b, &s);
}

static void add_step(struct body *b, const struct fold *f, struct value v, const struct type *t)
{
    const struct type *sum = f->x->type;
    const char *name = f->result.text, *text = value_arg(b, v);
    if (sum->kind == TYPE_FLOAT32 || sum->kind == TYPE_FLOAT64)
        body_line(b, "%s += %s;", name, text);
    else if (sum->kind == TYPE_DECIMAL)
        body_line(b, "%s = weir_add_dec(%s, %s, %d, %s, %d, %d, %d);", name, ctx(b), name, sum->scale, text, t->scale,
                  sum->precision, sum->scale);
    else
        body_line(b, "%s = weir_add_%s(%s, %s, %s);", name, type_suffix(sum), ctx(b), name, text);
}

static struct value emit_sum(struct body *b, const struct texpr *x, const char *name)
{
    struct value list = kept_list(b, x);
    struct fold f = {x, value_local(b, value_zero(b, x->type), x->type, name ? name : "sum"), add_step};
    fold_values(b, &f, list);
    return f.result;
}

static void least_step(struct body *b, const struct fold *f, struct value v, const struct type *t)
{
    bool least = f->x->builtin == BUILTIN_MIN || f->x->builtin == BUILTIN_MIN_BY;
    v = value_keep(b, v, t, "value");
    const char *there = value_text(b, value_is_some(b, f->result, f->x->type, false), PREC_OR);
    struct value best = value_choose(b, t, least, value_unwrap(b, f->result, f->x->type), v);
    struct value next =
        value_printf(b, PREC_COND, "%s ? %s : %s", there, value_text(b, best, PREC_OR), value_arg(b, v));
    body_line(b, "%s = %s;", f->result.text, value_arg(b, value_some(b, next, f->x->type)));
}

static struct value emit_least(struct body *b, const struct texpr *x, const char *name)
{
    bool least = x->builtin == BUILTIN_MIN || x->builtin == BUILTIN_MIN_BY;
    struct value list = kept_list(b, x);
    struct fold f = {x,
                     value_local(b, value_null(b, x->type), x->type,
                                 name    ? name
                                 : least ? "least"
                                         : "greatest"),
                     least_step};
    fold_values(b, &f, list);
    return f.result;
}

// ---- pairs ----

static void assign_pair(struct body *b, const struct type *pair, const char *to, struct value first,
                        struct value second)
{
    body_line(b, "%s = (%s){ .%s = %s, .%s = %s };", to, type_c(b->e, pair), type_member(b->e, pair, 0),
              value_arg(b, first), type_member(b->e, pair, 1), value_arg(b, second));
}

static struct value emit_zip(struct body *b, const struct texpr *x)
{
    struct emitter *e = b->e;
    const struct type *left = x->items.items[0]->type, *right = x->items.items[1]->type;
    struct value v[2];
    emit_exprs(b, x->items.items, 2, v);
    v[0] = value_keep(b, v[0], left, "list");
    v[1] = value_keep(b, v[1], right, "list");
    const char *n = length_of(b, v[0]), *m = length_of(b, v[1]);
    const char *count, *pairs = new_array(b, x->type->element, "pairs",
                                          arena_printf(e->arena, "%s < %s ? %s : %s", n, m, n, m), &count);
    struct sub s;
    const char *i = loop_begin(b, &s, count, NULL);
    assign_pair(b, x->type->element, arena_printf(e->arena, "%s[%s]", pairs, i),
                value_element(b, v[0], left->element, i), value_element(b, v[1], right->element, i));
    loop_end(b, &s);
    return list_of(b, pairs, count);
}

static struct value emit_entries(struct body *b, const struct texpr *x)
{
    struct emitter *e = b->e;
    const struct type *t = x->items.items[0]->type;
    struct value map = value_keep(b, argument(b, x, 0), t, "map");
    const char *count, *pairs = new_array(b, x->type->element, "pairs", length_of(b, map), &count);
    struct sub s;
    const char *i = loop_begin(b, &s, count, NULL);
    struct value key = value_printf(b, PREC_POSTFIX, "%s[%s]", value_arg(b, value_member(b, map, "k")), i);
    assign_pair(b, x->type->element, arena_printf(e->arena, "%s[%s]", pairs, i), key,
                value_element(b, map, t->element, i));
    loop_end(b, &s);
    return list_of(b, pairs, count);
}

// ---- the runtime's ----

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
    struct value list = kept_list(b, x);
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
    struct value map = value_keep(b, argument(b, x, 0), x->items.items[0]->type, "map");
    return value_printf(b, PREC_POSTFIX, "(struct weir_list){ %s, %s }", value_arg(b, value_member(b, map, member)),
                        length_of(b, map));
}

struct value emit_list_call(struct body *b, const struct texpr *x, const char *name)
{
    const struct type *element = element_of(x);
    switch (x->builtin) {
    case BUILTIN_MAP: return emit_map(b, x);
    case BUILTIN_FILTER: return emit_filter(b, x);
    case BUILTIN_FOLD: return emit_fold(b, x);
    case BUILTIN_ANY:
    case BUILTIN_ALL: return emit_any_all(b, x, name);
    case BUILTIN_SUM:
    case BUILTIN_SUM_BY: return emit_sum(b, x, name);
    case BUILTIN_MIN:
    case BUILTIN_MIN_BY:
    case BUILTIN_MAX:
    case BUILTIN_MAX_BY: return emit_least(b, x, name);
    case BUILTIN_ZIP: return emit_zip(b, x);
    case BUILTIN_ENTRIES: return emit_entries(b, x);
    case BUILTIN_SORT_BY: return emit_sort_by(b, x);
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
    default: // LENGTH_LIST, LENGTH_MAP
        return value_printf(b, PREC_UNARY, "(int64_t)%s",
                            value_text(b, value_member(b, argument(b, x, 0), "n"), PREC_POSTFIX));
    }
}
