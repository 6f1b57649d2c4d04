// Functions in C: their prototypes, and around each what its callers call.
#include <string.h>

#include "emit/emitter.h"
#include "types/extern.h"

void extern_take_names(struct emitter *e)
{
    for (int i = 0; i < e->plan->program->fns.count; i++)
        if (e->plan->program->fns.items[i]->file)
            names_add(e->globals, e->plan->program->fns.items[i]->name);
}

static const char *describe(struct emitter *e, const struct fn *fn)
{
    struct writer text = {0};
    const char *name = names_take(e->globals, arena_printf(e->arena, "extern_%s", name_of(e, fn->name)));
    writer_printf(&text, "%s;\n", extern_prototype(e->arena, fn));
    writer_printf(&text, "static const struct weir_extern %s = { %s, %s };\n", name, c_string(e, fn->name),
                  c_string(e, fn->file->name));
    section_add(e, SECTION_FNS, &text);
    return name;
}

static struct value checked_list(struct body *b, struct value v, const struct type *t, const char *of)
{
    const struct type *element = type_plain(t)->element;
    v = value_printf(b, PREC_POSTFIX, "weir_checked_list(%s, &%s, %s, %s, %s)", ctx(b), of, value_arg(b, v),
                     sizeof_element(b, element), type_is_optional(t) ? "true" : "false");
    enum type_kind kind = type_plain(element)->kind;
    if (kind != TYPE_STRING && kind != TYPE_BYTES)
        return v;
    return value_printf(b, PREC_POSTFIX, "weir_checked_strings(%s, &%s, %s, %s, %s)", ctx(b), of, value_arg(b, v),
                        kind == TYPE_STRING ? "true" : "false", type_is_optional(element) ? "true" : "false");
}

// What came from C, as what the rest of the program may rely on.
static struct value checked(struct body *b, struct value v, const struct type *t, const char *of)
{
    const char *optional = type_is_optional(t) ? "true" : "false";
    switch (type_plain(t)->kind) {
    case TYPE_STRING:
        return value_printf(b, PREC_POSTFIX, "weir_checked_text(%s, &%s, %s, %s)", ctx(b), of, value_arg(b, v),
                            optional);
    case TYPE_BYTES:
        return value_printf(b, PREC_POSTFIX, "weir_checked_bytes(%s, &%s, %s, %s)", ctx(b), of, value_arg(b, v),
                            optional);
    case TYPE_DECIMAL:
        return value_printf(b, PREC_POSTFIX, "weir_checked_%sdec(%s, &%s, %s, %d)", type_is_optional(t) ? "opt_" : "",
                            ctx(b), of, value_arg(b, v), type_plain(t)->precision);
    case TYPE_LIST: return checked_list(b, v, t, of);
    default: return v;
    }
}

// Where the record is bad the arguments are zeros that C must not see.
struct value emit_extern_body(struct body *b, const struct fn *fn)
{
    const char *of = describe(b->e, fn), *args = ctx(b);
    for (int i = 0; i < fn->params.count; i++) {
        struct binding *param = &b->bindings.items[i];
        param->read = true;
        args = arena_printf(b->e->arena, "%s, %s", args, value_arg(b, param->value));
    }
    body_line(b, "if (w->bad)\n    return %s;", value_arg(b, value_zero(b, fn->result)));
    body_line(b, "weir_call_begin(w, &%s);", of);
    struct value call = value_printf(b, PREC_POSTFIX, "%s(%s)", fn->name, args);
    struct value result = value_local(b, call, fn->result, "result");
    body_line(b, "weir_call_end(w);");
    return checked(b, result, fn->result, of);
}

// ---- once ----

static bool is_constant(const struct texpr *x)
{
    bool constant = x->kind == TEXPR_CONST || x->kind == TEXPR_NONE || x->kind == TEXPR_LIST ||
                    (x->kind == TEXPR_SOME && is_constant(x->left));
    for (int i = 0; constant && x->kind == TEXPR_LIST && i < x->items.count; i++)
        constant = is_constant(x->items.items[i]);
    return constant;
}

bool extern_is_once(const struct texpr *x)
{
    bool once = x->fn->file && !x->fn->effects;
    for (int i = 0; once && i < x->items.count; i++)
        once = is_constant(x->items.items[i]);
    return once;
}

// The functions that keep a value of type T, declared: they are written further down.
static const char *keepers(struct body *b, const struct type *t)
{
    if (!type_has_parts(t))
        return "NULL, NULL";
    const char *extra = emit_extra(b->e, t), *keep = emit_keep(b->e, t);
    struct writer text = {0};
    writer_printf(&text, "static size_t %s(const void *value);\n", extra);
    writer_printf(&text, "static void %s(void *to, const void *from);\n", keep);
    section_add(b->e, SECTION_FNS, &text);
    return arena_printf(b->e->arena, "%s, %s", extra, keep);
}

const char *extern_once(struct emitter *e, const struct texpr *x)
{
    const struct fn *fn = x->fn;
    struct writer text = {.indent = 1}, whole = {0};
    struct body body = body_new(e, &text, NULL), *b = &body;
    const char *base = name_of(e, fn->name), *keep = keepers(b, fn->result);
    const char *name = names_take(e->globals, arena_printf(e->arena, "once_%s", base));
    const char *kept = names_take(e->globals, arena_printf(e->arena, "kept_%s", base));
    const char *once = body_local(b, "once"), *value = body_local(b, "value");
    const char *call = value_arg(b, emit_fn_call_now(b, x));
    body_line(b, "const %s = weir_once(&%s);", type_declare(e, fn->result, arena_printf(e->arena, "*%s", once)), kept);
    body_line(b, "%s;", type_declare(e, fn->result, value));
    body_line(b, "if (!%s) {\n    %s = %s;", once, value, call);
    body_line(b, "    %s = weir_once_keep(w, &%s, &%s, sizeof %s, %s);\n}", once, kept, value, value, keep);
    body_line(b, "return *%s;", once);
    writer_printf(&whole, "static const void *%s;\n", kept);
    writer_printf(&whole, "static %s(struct weir_ctx *w)\n{\n", type_declare(e, fn->result, name));
    writer_put(&whole, text.text, text.len);
    writer_puts(&whole, "}\n");
    section_add(e, SECTION_FNS, &whole);
    writer_free(&text);
    return name;
}
