// The functions of a program: of each source, called by the runtime for each record; of each merge, called by those of its inputs; and of
// each the way of records without a value, where that leads anywhere.
#include <string.h>

#include "emit/emitter.h"
#include "types/texpr_walk.h"

// ---- merges ----

static const char *merge_name(struct emitter *e, const struct plan_function *f, bool tombstone)
{
    struct made *made = made_find(e, tombstone ? "merge tombstone" : "merge", f, NULL);
    return made ? made->name : NULL;
}

// Where the event time of the records at STAGE may not be that of the incoming record.
static bool has_own_time(const struct stage *stage)
{
    if (stage->kind == STAGE_SOURCE)
        return stage->source->time || stage->source->time_wall;
    for (int i = 0; stage->kind != STAGE_REPARTITION && i < stage->inputs.count; i++)
        if (has_own_time(stage->inputs.items[i]))
            return true;
    return false;
}

// Where the key at STAGE may be null although its type is not optional.
static bool key_may_be_null(const struct stage *stage)
{
    if (type_is_optional(stage->out.key->type) || stage->kind == STAGE_KEY_BY)
        return false;
    if (stage->kind == STAGE_SOURCE || stage->kind == STAGE_REPARTITION)
        return true;
    for (int i = 0; i < stage->inputs.count; i++)
        if (key_may_be_null(stage->inputs.items[i]))
            return true;
    return false;
}

// In the tombstone path there is no value to pass.
static bool passes_param(const struct stage *merge, const struct var *param, bool tombstone)
{
    return !tombstone || param == merge->out.key;
}

void call_merge(struct body *b, const struct stage *from, const struct stage *merge)
{
    const struct plan_function *f = b->e->plan->function_of[merge->id];
    if (b->tombstone && !f->sees_tombstones)
        return;
    struct writer args = {0};
    for (int i = 0; i < f->params.count; i++) {
        const struct var *param = f->params.items[i];
        if (!passes_param(merge, param, b->tombstone))
            continue;
        const struct var *source = param == merge->out.key     ? from->out.key
                                   : param == merge->out.value ? from->out.value
                                                               : param;
        struct binding *binding = body_binding(b, source);
        binding->read = true;
        writer_printf(&args, ", %s", value_passed(b, binding->value, param->type));
        if (param == merge->out.key && key_may_be_null(merge))
            writer_printf(&args, ", %s", binding->null_test ? binding->null_test : "false");
    }
    if (has_own_time(merge))
        writer_printf(&args, ", %s", b->timestamp);
    body_line(b, "%s(%s%s);", merge_name(b->e, f, b->tombstone), ctx(b), args.len ? args.text : "");
    writer_free(&args);
}

// ---- signatures ----

static void bind_params(struct body *b, const struct plan_function *f, struct writer *params)
{
    const struct stage *merge = f->root;
    for (int i = 0; i < f->params.count; i++) {
        const struct var *param = f->params.items[i];
        if (!passes_param(merge, param, b->tombstone))
            continue;
        const struct type *plain = type_plain(param->type);
        const char *name = param->kind == VAR_VALUE && type_is_struct(plain) ? name_snake(b->e, type_name(b->e, plain))
                                                                             : name_of(b->e, param->name);
        name = body_local(b, name);
        struct value value = value_parameter(param->type, name);
        value.lasting = true;
        body_bind(b, param, value);
        writer_printf(params, ", %s", type_parameter(b->e, param->type, name));
        if (param == merge->out.key && key_may_be_null(merge)) {
            const char *null = body_local(b, "key_is_null");
            vec_last(&b->bindings).null_test = null;
            writer_printf(params, ", bool %s", null);
        }
    }
    if (has_own_time(merge)) {
        b->timestamp = body_local(b, "timestamp");
        writer_printf(params, ", int64_t %s", b->timestamp);
    }
}

// Parameters that this way does not need.
static void ignore_unread(struct body *b, const struct plan_function *f, const char *code)
{
    for (int i = 0; i < b->bindings.count; i++) {
        const struct binding *binding = &b->bindings.items[i];
        if (!binding->read)
            body_line(b, "(void)%s;", binding->value.text);
        if (binding->null_test && !strstr(code, binding->null_test))
            body_line(b, "(void)%s;", binding->null_test);
    }
    if (has_own_time(f->root) && !strstr(code, b->timestamp))
        body_line(b, "(void)%s;", b->timestamp);
}

static void finish(struct emitter *e, struct body *b, const struct plan_function *f, const char *name,
                   const char *params)
{
    struct writer text = {0};
    if (b->tombstone)
        writer_puts(&text, "// Records without a value.\n");
    else if (f->root->kind == STAGE_SOURCE)
        line_comment(e, &text, f->root->span);
    else
        span_comment(e, &text, f->root->span, "| ");
    writer_printf(&text, "static void %s(struct weir_ctx *w%s)\n{\n", name, params);
    writer_put(&text, b->out->text, b->out->len);
    writer_puts(&text, "}\n");
    section_add(e, SECTION_FUNCTIONS, &text);
    writer_free(b->out);
}

static void emit_merge(struct emitter *e, const struct plan_function *f, bool tombstone)
{
    struct writer code = {.indent = 1}, params = {0}, stages = {0};
    struct body body = body_new(e, &code, "return;"), *b = &body;
    b->tombstone = tombstone;
    b->uses_ctx = true;
    bind_params(b, f, &params);
    b->out = &stages;
    emit_outputs(b, f->root);
    b->out = &code;
    ignore_unread(b, f, stages.text ? stages.text : "");
    writer_put(&code, stages.text, stages.len);
    writer_free(&stages);
    const char *kind = tombstone ? "merge tombstone" : "merge";
    const char *name = made_new(
        e, kind, f, NULL, arena_printf(e->arena, tombstone ? "merge_%s_tombstone" : "merge_%s", name_of(e, f->name)));
    finish(e, b, f, name, params.text ? params.text : "");
    writer_free(&params);
}

// ---- sources ----

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
    const struct type *plain = type_plain(value->type);
    if (!source->value_uses || !source->value_uses->used) {
        if (!type_is_optional(value->type))
            check_value(b, source);
        return;
    }
    const char *name = type_is_struct(plain) ? name_snake(b->e, type_name(b->e, plain)) : "value";
    name = body_local(b, name);
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

// The key is decoded only if something below has read it.
static void decode_key(struct body *b, const struct plan_source *source, struct writer *rest)
{
    const struct binding *key = body_binding(b, source->stage->out.key);
    struct serde serde = *source->key; // behind a repartition it may be read as what is never null
    serde.type = key->var->type;
    if (key->read)
        emit_decode(b, &serde, NULL, "key", "w->record->key", key->value.text, true);
    writer_put(b->out, rest->text, rest->len);
    writer_free(rest);
}

static void emit_source(struct emitter *e, const struct plan_function *f, bool tombstone)
{
    const struct plan_source *source = f->source;
    const struct var *key = source->stage->out.key;
    struct writer code = {.indent = 1}, rest = {0};
    struct body body = body_new(e, &code, "return;"), *b = &body;
    b->tombstone = tombstone;
    b->uses_ctx = true;
    mark_line(b, source->stage);
    emit_no_value(b, f);
    if (!tombstone)
        decode_value(b, source);
    struct value key_value = value_path(body_local(b, f->needs_key ? "key" : "incoming_key"));
    key_value.lasting = true;
    body_bind(b, key, key_value);
    if (!type_is_optional(key->type))
        vec_last(&b->bindings).null_test = "!w->record->key.p";
    b->out = &rest;
    if (source->stage->kind == STAGE_SOURCE)
        emit_time(b, source->stage->source);
    emit_outputs(b, source->stage);
    b->out = &code;
    decode_key(b, source, &rest);
    const char *base = arena_printf(e->arena, tombstone ? "process_%s_tombstone" : "process_%s", name_of(e, f->name));
    const char *name = made_new(e, tombstone ? "tombstone" : "process", f, NULL, base);
    finish(e, b, f, name, "");
}

void emit_function(struct emitter *e, const struct plan_function *f)
{
    if (f->root->kind == STAGE_MERGE) {
        emit_merge(e, f, false);
        if (f->sees_tombstones)
            emit_merge(e, f, true);
        return;
    }
    if (f->sees_tombstones)
        emit_source(e, f, true);
    emit_source(e, f, false);
}
