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
