// Functions of sources: called by the runtime for each record.
#include <inttypes.h>

#include "emit/emitter.h"
#include "types/texpr_walk.h"

static void look_for_value(void *found, const struct texpr *e)
{
    if (e->kind == TEXPR_VAR && e->var->kind == VAR_VALUE)
        *(bool *)found = true;
    texpr_each_part(e, look_for_value, found);
}

static bool reads_value(const struct texpr *e)
{
    bool found = false;
    if (e)
        look_for_value(&found, e);
    return found;
}

// A record without a value keeps Kafka's time if the program's is read from the value.
static void emit_time(struct body *b, const struct flow_source *source)
{
    if (!(source->time || source->time_wall) || (b->tombstone && reads_value(source->time)))
        return;
    bool fails = source->time && expr_can_fail(b, source->time);
    struct value v = source->time ? emit_expr(b, source->time) : value_printf(b, PREC_POSTFIX, "weir_now(%s)", ctx(b));
    const char *name = body_local(b, "timestamp");
    body_line(b, "int64_t %s = %s;", name, value_arg(b, v));
    if (fails)
        body_check(b);
    body_line(b, "if (%s < 0) {", name);
    body_line(b, "    weir_drop_negative_time(%s, %s);", ctx(b), name);
    body_line(b, "    return;");
    body_line(b, "}");
    b->timestamp = name;
}

// Nothing of the value is read: it must be one all the same.
static void check_value(struct body *b, const struct plan_source *source)
{
    if (source->value->format != SERDE_JSON) {
        static const struct uses nothing = {.used = true};
        emit_decode(b, source->value, &nothing, source->name, "w->record->value", body_local(b, "value"), false);
        return;
    }
    const char *j = body_local(b, "j");
    body_line(b, "struct weir_json %s;", j);
    body_line(b, "weir_json_start(&%s, w->record->value);", j);
    body_line(b, "if (!weir_json_skip(w, &%s) || !weir_json_finish(w, &%s))", j, j);
    body_line(b, "    return;");
}

static void decode_value(struct body *b, const struct plan_source *source)
{
    const struct var *value = source->stage->out.value;
    if (!source->value_uses || !source->value_uses->used) {
        if (!type_is_optional(value->type))
            check_value(b, source);
        return;
    }
    const char *name = body_local(b, value_name(b, value));
    struct value v =
        emit_decode(b, source->value, source->value_uses, name_of(b->e, source->name), "w->record->value", name, false);
    v.lasting = true;
    body_bind(b, value, v);
}

// A function for records without a value, or how those leave the function for the others.
static void emit_no_value(struct body *b, const struct plan_function *f)
{
    const struct var *value = f->source->stage->out.value;
    if (b->tombstone || type_is_optional(value->type))
        return;
    const struct made *way = made_find(b->e, "tombstone", f, NULL);
    if (!way) {
        body_line(b, "if (!w->record->value.p)");
        body_line(b, "    return;");
        return;
    }
    body_line(b, "if (!w->record->value.p) {");
    body_line(b, "    %s(w);", way->name);
    body_line(b, "    return;");
    body_line(b, "}");
}

// The inner key and the window of a windowed one.
static void split_key(struct body *b, const struct serde *key)
{
    const char *inner = body_local(b, "inner_key");
    b->start = body_local(b, "start");
    b->end = body_local(b, "end");
    b->key_bytes = inner;
    body_line(b, "struct weir_str %s = WEIR_NULL_STR;", inner);
    body_line(b, "int64_t %s = 0, %s = 0;", b->start, b->end);
    body_line(b, "if (w->record->key.p && !weir_windowed_split(w, %s, %" PRId64 ", w->record->key, &%s, &%s, &%s))",
              serde_window(key), key->window_size, inner, b->start, b->end);
    body_line(b, "    return;");
}

// A change of a table that was repartitioned: the row's value now, and before.
static void split_change(struct body *b, const struct plan_source *source, struct row *row)
{
    const struct var *value = source->stage->out.value;
    const char *bytes[2] = {body_local(b, "value_bytes"), body_local(b, "old_value_bytes")};
    struct value sides[2] = {{0}};
    body_line(b, "struct weir_str %s, %s;", bytes[NOW], bytes[BEFORE]);
    body_line(b, "if (!weir_change_split(w, w->record->value, &%s, &%s))", bytes[BEFORE], bytes[NOW]);
    body_line(b, "    return;");
    for (int i = NOW; i <= BEFORE; i++) {
        row->there[i] = arena_printf(b->e->arena, "%s.p", bytes[i]);
        const char *name = arena_printf(b->e->arena, i == NOW ? "%s" : "old_%s", value_name(b, value));
        if (source->value_uses && source->value_uses->used)
            sides[i] = emit_decode(b, source->value, source->value_uses, name_of(b->e, source->name), bytes[i],
                                   body_local(b, name), true);
        sides[i].lasting = true;
    }
    b->row = row;
    row->knows_old = true;
    row_bind(b, value, sides[NOW], sides[BEFORE]);
}

static void emit_root(struct body *b, const struct stage *root)
{
    if (root->kind == STAGE_SOURCE && root->source->table)
        emit_put(b, root);
    else
        emit_outputs(b, root);
}

void emit_source(struct emitter *e, const struct plan_function *f, bool tombstone)
{
    const struct plan_source *source = f->source;
    const struct stage *root = source->stage;
    struct writer code = {.indent = 1}, rest = {0};
    struct body body = body_new(e, &code, "return;"), *b = &body;
    struct row row = {0};
    b->tombstone = tombstone;
    b->uses_ctx = true;
    mark_line(b, root);
    b->commented = root->span;
    emit_no_value(b, f);
    if (source->key->window != AST_NOT_WINDOWED)
        split_key(b, source->key);
    enum repartition_form form = root->repartition ? root->repartition->form : REPARTITION_RECORDS;
    if (form == REPARTITION_CHANGES)
        split_change(b, source, &row);
    else if (!tombstone && form == REPARTITION_RECORDS) // the others have bytes of the runtime's own
        decode_value(b, source);
    bind_key(b, root, f->needs_key);
    if (!type_is_optional(root->out.key->type))
        vec_last(&b->bindings).null_test = arena_printf(e->arena, "!%s.p", b->key_bytes);
    bind_window(b, root);
    if (root->out.window) // a null key has none
        vec_last(&b->bindings).null_test = arena_printf(e->arena, "!%s.p", b->key_bytes);
    b->out = &rest;
    if (root->kind == STAGE_SOURCE)
        emit_time(b, root->source);
    if (source->tells_time)
        body_line(b, "weir_stream_time(w, %s);", b->timestamp);
    emit_root(b, root);
    b->out = &code;
    read_in_front(b, root, source->key, &rest);
    const char *base = arena_printf(e->arena, tombstone ? "process_%s_tombstone" : "process_%s", name_of(e, f->name));
    function_add(b, f, made_new(e, tombstone ? "tombstone" : "process", f, NULL, base), "");
}
