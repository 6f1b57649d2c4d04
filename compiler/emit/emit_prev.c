// `prev`: what an expression was at the record before with the same key, and what it is now.
#include "emit/emitter.h"

void emit_prev(struct body *b, const struct stage *stage)
{
    const struct stage *from = stage->inputs.items[0];
    const struct plan_store *store = b->e->plan->store_of[stage->id];
    if (b->tombstone || !var_used(b, stage->var)) {
        emit_outputs(b, stage);
        return;
    }
    const struct type *t = stage->var->type;
    bool raw = store->raw_keys.items[0];
    const char *missing = key_is_missing(b, raw, from), *name = body_local(b, "prev");
    struct value next = value_keep(b, emit_named_expr(b, stage->expr, "next"), stage->expr->type, "next");
    body_check(b);
    body_line(b, "%s = %s;", type_declare(b->e, t, name), value_arg(b, value_null(b, t)));
    body_line(b, missing ? "if (!(%s)) {" : "{", missing);
    struct sub sub;
    sub_begin(b, &sub);
    const char *key = emit_row_key(b, raw, stage->out.key, store->key), *row = body_local(b, "row");
    const char *kept = body_local(b, "kept"), *index = b->e->store_names[store->index];
    body_line(b, "struct weir_row *%s = weir_row(%s, %s, %s, 0);", row, ctx(b), index, key);
    body_line(b, "const %s *%s = %s->value;", type_c(b->e, type_plain(t)), kept, row);
    body_line(b, "%s = %s;", name, value_arg(b, stored_value(b, kept, t)));
    const char *value = value_or_null(b, next, stage->expr->type, "next");
    body_line(b, "weir_row_put(%s, %s, %s, %s, %s);", ctx(b), index, row, value, b->timestamp);
    block_end(b, &sub);
    struct value v = value_path(name);
    v.lasting = true;
    body_bind(b, stage->var, v);
    emit_outputs(b, stage);
}
