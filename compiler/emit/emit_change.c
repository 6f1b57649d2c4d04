// The function of a table: what comes of a change of it.
#include "emit/emitter.h"

void put_change(struct body *b, const char *key, const char *value, const char *old, const char *timestamp,
                const char *behind)
{
    body_line(b, "    .key = %s,", key);
    if (b->start)
        body_line(b, "    .start = %s,\n    .end = %s,", b->start, b->end);
    body_line(b, "    .value = %s,", value);
    if (old)
        body_line(b, "    .old = %s,", old);
    body_line(b, "    .timestamp = %s,", timestamp);
    body_line(b, "}%s);", behind);
}

// The root's value on SIDE: where the change has it, or computed from the state.
static const char *state_name(struct body *b, const struct plan_function *f, enum side side)
{
    bool is_state = f->store && f->store->fold && f->store->fold->value;
    const char *name = is_state ? "acc" : value_name(b, f->root->out.value);
    return body_local(b, side == NOW ? name : arena_printf(b->e->arena, "old_%s", name));
}

// A row of an aggregate of a stream stays, unless its sessions are merged or its function says null.
static bool always_there(const struct plan_function *f)
{
    const struct plan_fold *fold = f->store ? f->store->fold : NULL;
    if (!fold || f->root->out.kind != FLOW_TABLE || (f->store->window && f->store->window->kind == WINDOW_SESSION))
        return false;
    for (int i = 0; i < fold->add.count; i++)
        if (type_is_optional(fold->add.items[i]->type))
            return false;
    return fold->undo.count == 0;
}

struct body change_begin(struct emitter *e, struct writer *code, const struct stage *root, struct row *row)
{
    struct body body = body_new(e, code, "return;");
    names_add(body.locals, "c");
    body.uses_ctx = true;
    body.changes = true;
    body.timestamp = "c->timestamp";
    body.key_bytes = "c->key";
    if (root->out.window) {
        body.start = "c->start";
        body.end = "c->end";
    }
    body.row = row;
    mark_line(&body, root);
    body.commented = root->span;
    return body;
}

void change_end(struct body *b, const struct plan_function *f, struct writer *rest, const char *params)
{
    const struct stage *root = f->root;
    struct writer *code = b->out;
    read_in_front(b, root, root->out.key_serde, rest);
    if (!code_mentions(code->text ? code->text : "", "c"))
        body_line(b, "(void)c;");
    const char *name = made_new(b->e, "changed", f, NULL, name_of(b->e, f->name));
    function_add(b, f, name, arena_printf(b->e->arena, ", const struct weir_change *c%s", params));
}

void emit_changed(struct emitter *e, const struct plan_function *f)
{
    const struct stage *root = f->root;
    const struct plan_fold *fold = f->store ? f->store->fold : NULL;
    const struct var *state = fold && fold->value ? fold->acc : root->out.value;
    struct writer code = {.indent = 1}, rest = {0};
    struct row row = {.knows_old = f->store && f->store->wants_old};
    struct body body = change_begin(e, &code, root, &row), *b = &body;
    const char *now = state_name(b, f, NOW), *before = row.knows_old ? state_name(b, f, BEFORE) : NULL;
    row_bind(b, state, value_pointer(now), value_pointer(before));
    if (!always_there(f))
        row.there[NOW] = now;
    row.there[BEFORE] = before;
    bind_key(b, root, f->needs_key);
    bind_window(b, root);
    b->out = &rest;
    if (fold && fold->value)
        emit_row_value(b, root, fold->value);
    else
        emit_outputs(b, root);
    b->out = &code;
    const char *text = rest.text ? rest.text : "", *c = type_c(e, type_plain(state->type));
    if (code_mentions(text, now))
        body_line(b, "const %s *%s = c->value;", c, now);
    if (before && code_mentions(text, before))
        body_line(b, "const %s *%s = c->old;", c, before);
    change_end(b, f, &rest, "");
}
