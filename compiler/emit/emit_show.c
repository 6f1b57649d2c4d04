// What people see of an aggregate's row: the table's value, where that is not what is kept (an average is kept as sum and count).
#include "emit/emitter.h"

static void show_value(struct body *b, const struct plan_store *store)
{
    const struct texpr *x = store->fold->shown;
    const char *name = value_name(b, store->stage->out.value);
    bool fails = expr_can_fail(b, x);
    struct value v = value_keep(b, emit_named_expr(b, x, name), x->type, name);
    if (fails)
        body_check(b);
    body_line(b, "return %s;", value_arg(b, emit_json_text(b, v, x->type, "json")));
}

const char *emit_show(struct emitter *e, const struct plan_store *store)
{
    const struct stage *stage = store->stage;
    const struct var *acc = store->fold->acc;
    struct writer code = {.indent = 1}, rest = {0}, text = {0};
    struct body body = body_new(e, &code, "return WEIR_NULL_STR;"), *b = &body;
    names_add(b->locals, "c");
    b->uses_ctx = true;
    b->changes = true; // its key is never null
    b->key_bytes = "c->key";
    if (stage->out.window) {
        b->start = "c->start";
        b->end = "c->end";
    }
    const char *name = body_local(b, "acc");
    body_line(b, "const %s *%s = c->value;", type_c(e, type_plain(acc->type)), name);
    bind_pointed(b, acc, name);
    bind_key(b, stage, true);
    bind_window(b, stage);
    b->out = &rest;
    show_value(b, store);
    b->out = &code;
    read_in_front(b, stage, stage->out.key_serde, &rest);
    code_drop_unread(&code);
    const char *function = made_new(e, "show", store, NULL, arena_printf(e->arena, "show_%s", store->c_name));
    writer_printf(&text, "static struct weir_str %s(struct weir_ctx *w, const struct weir_change *c)\n{\n%s}\n",
                  function, code.text);
    section_add(e, SECTION_FUNCTIONS, &text);
    writer_free(&code);
    return function;
}
