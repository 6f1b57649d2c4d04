// Calls on lists and maps that become loops: lambdas, sums, pairs.
#include <string.h>

#include "emit/emit_list.h"

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
    struct value list = kept_list(b, x, "list");
    const char *count, *mapped = new_array(b, x->type->element, "mapped", length_of(b, list), &count);
    map_into(b, x, list, mapped, count);
    return list_of(b, mapped, count);
}

static struct value emit_sort_by(struct body *b, const struct texpr *x)
{
    struct value list = kept_list(b, x, "list");
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
    struct value list = kept_list(b, x, "list");
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
    struct value list = kept_list(b, x, "list");
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
    struct value list = kept_list(b, x, "list");
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
    struct value list = kept_list(b, x, "list");
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
    struct value map = kept_list(b, x, "map");
    const char *count, *pairs = new_array(b, x->type->element, "pairs", length_of(b, map), &count);
    struct sub s;
    const char *i = loop_begin(b, &s, count, NULL);
    struct value key = value_printf(b, PREC_POSTFIX, "%s[%s]", value_arg(b, value_member(b, map, "k")), i);
    assign_pair(b, x->type->element, arena_printf(e->arena, "%s[%s]", pairs, i), key,
                value_element(b, map, t->element, i));
    loop_end(b, &s);
    return list_of(b, pairs, count);
}

// ---- all ----

struct value emit_loop(struct body *b, const struct texpr *x, const char *name)
{
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
    default: return emit_sort_by(b, x); // SORT_BY
    }
}
