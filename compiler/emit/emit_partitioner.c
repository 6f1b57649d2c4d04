// Partitioners: functions of the program as the runtime calls them, with bytes.
#include "emit/emitter.h"

static bool same_bytes(const struct serde *a, const struct serde *b)
{
    return a->format == b->format && a->type == b->type && a->delimiter == b->delimiter;
}

struct wrapper {
    const struct fn *fn;
    const struct serde *key, *value;
    const char *name;
};

static const struct wrapper *wrapper_find(struct emitter *e, const struct partitioner *p, const struct serde *key,
                                          const struct serde *value)
{
    for (int i = 0; i < e->wrappers.count; i++) {
        const struct wrapper *w = e->wrappers.items[i];
        if (w->fn == p->fn && same_bytes(w->key, key) && (!partitioner_reads_value(p) || same_bytes(w->value, value)))
            return w;
    }
    return NULL;
}

static void write_wrapper(struct emitter *e, const struct wrapper *wrapper)
{
    const struct fn *fn = wrapper->fn;
    const struct made *made = emit_fn(e, fn);
    const char *fn_name = made->name, *fn_ctx = made->uses_ctx ? "w, " : "";
    bool takes_value = fn->params.count == 3;
    struct writer text = {0};
    struct body body = body_new(e, &text, "return -1;"), *b = &body;
    names_add(b->locals, "key");
    names_add(b->locals, "value");
    names_add(b->locals, "partitions");
    body_line(
        b, "static int32_t %s(struct weir_ctx *w, struct weir_str key, struct weir_str value, int32_t partitions)\n{",
        wrapper->name);
    text.indent++;
    if (!type_is_optional(wrapper->key->type))
        body_line(b, "if (!key.p) {\n    weir_null_key(w);\n    return -1;\n}");
    const char *base = type_name(e, type_plain(wrapper->key->type));
    struct value key = emit_decode(b, wrapper->key, NULL, base, "key", body_local(b, "typed_key"), false);
    const char *args = arena_printf(e->arena, "%s%s", fn_ctx, value_passed(b, key, fn->params.items[0]->type));
    if (takes_value) {
        base = type_name(e, type_plain(wrapper->value->type));
        struct value value = emit_decode(b, wrapper->value, NULL, base, "value", body_local(b, "typed_value"), true);
        args = arena_printf(e->arena, "%s, %s", args, value_passed(b, value, fn->params.items[1]->type));
    } else {
        body_line(b, "(void)value;");
    }
    body_line(b, "return %s(%s, partitions);", fn_name, args);
    text.indent--;
    body_line(b, "}");
    section_add(e, SECTION_FNS, &text);
}

const char *partitioner_fn(struct emitter *e, const struct partitioner *p, const struct serde *key,
                           const struct serde *value)
{
    if (!p->fn)
        return NULL;
    const struct wrapper *found = wrapper_find(e, p, key, value);
    if (found)
        return found->name;
    struct wrapper *wrapper = arena_new_of(e->arena, struct wrapper);
    *wrapper = (struct wrapper){p->fn, key, value, NULL};
    wrapper->name = names_take(e->globals, arena_printf(e->arena, "partition_%s", name_of(e, p->fn->name)));
    vec_push(e->arena, &e->wrappers, wrapper);
    write_wrapper(e, wrapper);
    return wrapper->name;
}
