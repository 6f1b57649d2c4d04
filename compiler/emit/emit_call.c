#include <string.h>

#include "emit/emitter.h"

static const char *function_of(enum builtin_id id)
{
    static const char *const functions[] = {
#define BUILTIN(id, name, signature, function) #function,
#include "types/builtins.def"
#undef BUILTIN
    };
    return strcmp(functions[id], "NULL") == 0 ? NULL : functions[id];
}

// Those that are their argument: the checker has them for their types.
static bool is_identity(const char *function)
{
    return strncmp(function, "weir_same_", strlen("weir_same_")) == 0;
}

// FUNCTION(w, arguments..., decimals with their scale, precision and scale of a decimal result).
static struct value call_runtime(struct body *b, const struct texpr *x, const char *function)
{
    int count = x->items.count;
    struct value *values = arena_alloc(b->e->arena, (size_t)(count + 1) * sizeof *values);
    emit_exprs(b, x->items.items, count, values);
    if (is_identity(function) && count == 1)
        return values[0];
    struct writer text = {0};
    writer_printf(&text, "%s(%s", function, ctx(b));
    for (int i = 0; i < count; i++) {
        const struct type *t = x->items.items[i]->type;
        writer_printf(&text, ", %s", value_arg(b, values[i]));
        if (t->kind == TYPE_DECIMAL)
            writer_printf(&text, ", %d", t->scale);
    }
    const struct type *result = x->type;
    if (result->kind == TYPE_DECIMAL)
        writer_printf(&text, ", %d, %d", result->precision, result->scale);
    struct value v = value_printf(b, PREC_POSTFIX, "%s)", text.text);
    writer_free(&text);
    return v;
}

// ---- of any type ----

struct value value_choose(struct body *b, const struct type *t, bool least, struct value left, struct value right)
{
    if (t->kind == TYPE_BOOL)
        return value_printf(b, least ? PREC_AND : PREC_OR, "%s %s %s", value_text(b, left, PREC_NOT),
                            least ? "&&" : "||", value_text(b, right, PREC_NOT));
    return value_printf(b, PREC_POSTFIX, "weir_%s_%s(%s, %s)", least ? "min" : "max", type_suffix(t),
                        value_arg(b, left), value_arg(b, right));
}

static struct value least_greatest(struct body *b, const struct texpr *x)
{
    struct value *values = arena_alloc(b->e->arena, (size_t)(x->items.count + 1) * sizeof *values);
    emit_exprs(b, x->items.items, x->items.count, values);
    struct value v = values[0];
    for (int i = 1; i < x->items.count; i++)
        v = value_choose(b, x->type, x->builtin == BUILTIN_LEAST, v, values[i]);
    return v;
}

static struct value nullif(struct body *b, const struct texpr *x)
{
    struct value v[2];
    const struct type *t = x->items.items[0]->type;
    emit_exprs(b, x->items.items, 2, v);
    v[0] = value_keep(b, v[0], t, "value");
    const char *same = value_text(b, emit_equal(b, v[0], v[1], x->items.items[1]->type), PREC_OR);
    struct value some = type_is_optional(t) ? v[0] : value_some(b, v[0], x->type);
    return value_printf(b, PREC_COND, "%s ? %s : %s", same, value_arg(b, value_null(b, x->type)), value_arg(b, some));
}

// The names of an enum's cases, as a table of strings.
const char *enum_names(struct emitter *e, const struct type *t)
{
    t = t->canonical;
    struct made *made = made_find(e, "names", t, NULL);
    if (made)
        return made->name;
    struct writer text = {0};
    const char *name = made_new(e, "names", t, NULL, arena_printf(e->arena, "%s_names", type_name(e, t)));
    writer_printf(&text, "static const struct weir_str %s[] = {\n", name);
    for (int i = 0; i < t->fields.count; i++) {
        const char *text_of = t->fields.items[i].name;
        writer_printf(&text, "    { %s, %zu },\n", text_c_string(e, text_of, strlen(text_of)), strlen(text_of));
    }
    writer_puts(&text, "};\n");
    section_add(e, SECTION_CONSTANTS, &text);
    return name;
}

static struct value string_of_enum(struct body *b, const struct texpr *x)
{
    struct value v = emit_expr(b, x->items.items[0]);
    return value_printf(b, PREC_POSTFIX, "%s[%s]", enum_names(b->e, x->items.items[0]->type), value_arg(b, v));
}

static struct value to_json(struct body *b, const struct texpr *x)
{
    const struct type *t = x->items.items[0]->type;
    return emit_json_text(b, emit_expr(b, x->items.items[0]), t, "json");
}

static struct value concat_strings(struct body *b, const struct texpr *x)
{
    struct value *values = arena_alloc(b->e->arena, (size_t)(x->items.count + 1) * sizeof *values);
    emit_exprs(b, x->items.items, x->items.count, values);
    return x->items.count == 1 ? values[0] : value_concat(b, values, x->items.count);
}

struct value emit_call(struct body *b, const struct texpr *x, const char *name)
{
    const char *function = function_of(x->builtin);
    if (function)
        return call_runtime(b, x, function);
    switch (x->builtin) {
    case BUILTIN_LEAST:
    case BUILTIN_GREATEST: return least_greatest(b, x);
    case BUILTIN_NULLIF: return nullif(b, x);
    case BUILTIN_STRING_OF_ENUM: return string_of_enum(b, x);
    case BUILTIN_TO_JSON: return to_json(b, x);
    case BUILTIN_CONCAT_STRING: return concat_strings(b, x);
    case BUILTIN_AGGREGATE_APPEND:
    case BUILTIN_AGGREGATE_REMOVE:
    case BUILTIN_AGGREGATE_PLACE:
    case BUILTIN_AGGREGATE_INSERT: return emit_aggregate_call(b, x);
    default: return emit_list_call(b, x, name);
    }
}
