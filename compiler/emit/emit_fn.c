// The program's own functions, as C functions.
#include "emit/emitter.h"

// NAME's head, without what ends it.
static void put_head(struct emitter *e, struct writer *out, const struct fn *fn, const struct made *made,
                     const char *params)
{
    writer_printf(out, "static %s(%s%s%s)", type_declare(e, fn->result, made->name),
                  made->uses_ctx ? "struct weir_ctx *w" : "", made->uses_ctx && *params ? ", " : "",
                  *params || made->uses_ctx ? params : "void");
}

static const char *bind_params(struct body *b, const struct fn *fn)
{
    struct emitter *e = b->e;
    const char *params = "";
    for (int i = 0; i < fn->params.count; i++) {
        const struct var *p = fn->params.items[i];
        const char *name = body_local(b, name_of(e, p->name));
        struct value value = value_parameter(p->type, name);
        value.lasting = false; // it may be the caller's temporary
        body_bind(b, p, value);
        params = arena_printf(e->arena, "%s%s%s", params, *params ? ", " : "", type_parameter(e, p->type, name));
    }
    return params;
}

static void put_end(struct body *b, const struct fn *fn, struct value result)
{
    if (fn->recursive) {
        result = value_keep(b, result, fn->result, "result");
        body_line(b, "weir_leave(%s);", ctx(b));
    }
    body_line(b, "return %s;", value_arg(b, result));
    for (int i = 0; i < fn->params.count; i++)
        if (!b->bindings.items[i].read)
            body_line(b, "(void)%s;", b->bindings.items[i].value.text);
}

// It is called in its own body, or in those of functions that it calls: these are written before it.
static void declare_recursive(struct body *b, const struct fn *fn, struct made *made, const char *params)
{
    struct writer text = {0};
    made->uses_ctx = made->can_fail = true;
    put_head(b->e, &text, fn, made, params);
    writer_puts(&text, ";\n");
    section_add(b->e, SECTION_FNS, &text);
    body_line(b, "if (!weir_enter(%s, %s))", ctx(b), c_string(b->e, fn->name));
    body_line(b, "    return %s;", value_arg(b, value_zero(b, fn->result)));
}

static void put_fn(struct body *b, const struct fn *fn, const struct made *made, const char *params)
{
    struct writer text = {0};
    line_comment(b->e, &text, fn->span);
    put_head(b->e, &text, fn, made, params);
    writer_puts(&text, "\n{\n");
    writer_put(&text, b->out->text, b->out->len);
    writer_puts(&text, "}\n");
    section_add(b->e, SECTION_FNS, &text);
    writer_free(b->out);
}

struct made *emit_fn(struct emitter *e, const struct fn *fn)
{
    struct made *made = made_find(e, "fn", fn, NULL);
    if (made)
        return made;
    made_new(e, "fn", fn, NULL, arena_printf(e->arena, "fn_%s", name_of(e, fn->name)));
    struct writer code = {.indent = 1};
    struct body body = body_new(e, &code, NULL), *b = &body;
    const char *params = bind_params(b, fn);
    if (fn->recursive)
        declare_recursive(b, fn, made_find(e, "fn", fn, NULL), params);
    bool can_fail = fn->recursive || fn->file || expr_can_fail(b, fn->body);
    put_end(b, fn, fn->file ? emit_extern_body(b, fn) : emit_expr(b, fn->body));
    made = made_find(e, "fn", fn, NULL); // others may have been made
    made->uses_ctx = b->uses_ctx;
    made->can_fail = can_fail;
    put_fn(b, fn, made, params);
    return made;
}

struct value emit_fn_call_now(struct body *b, const struct texpr *x)
{
    struct emitter *e = b->e;
    const struct made *made = emit_fn(e, x->fn);
    const char *name = made->name, *args = made->uses_ctx ? ctx(b) : "";
    struct value *values = arena_alloc(e->arena, (size_t)(x->items.count + 1) * sizeof *values);
    emit_exprs(b, x->items.items, x->items.count, values);
    for (int i = 0; i < x->items.count; i++)
        args = arena_printf(e->arena, "%s%s%s", args, *args ? ", " : "",
                            value_passed(b, values[i], x->items.items[i]->type));
    return value_printf(b, PREC_POSTFIX, "%s(%s)", name, args);
}

struct value emit_fn_call(struct body *b, const struct texpr *x)
{
    if (!extern_is_once(x))
        return emit_fn_call_now(b, x);
    const char *once = extern_once(b->e, x);
    return value_printf(b, PREC_POSTFIX, "%s(%s)", once, ctx(b));
}
