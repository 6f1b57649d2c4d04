// Functions of merges, and of the streams that tables become: called by those of their inputs.
#include <string.h>

#include "emit/emitter.h"

// The way of records without a value is written when something first takes it.
static const char *merge_name(struct emitter *e, const struct plan_function *f, bool tombstone)
{
    const char *kind = tombstone ? "merge tombstone" : "merge";
    if (!made_find(e, kind, f, NULL))
        emit_merge(e, f, tombstone);
    return made_find(e, kind, f, NULL)->name;
}

static bool is_table(const struct stage *stage)
{
    return stage->out.kind == FLOW_TABLE;
}

// The record that goes on is not the one that came in.
static bool is_own(const struct stage *stage)
{
    return is_table(stage) || plan_join_is_root(stage) || stage->kind == STAGE_EMIT;
}

static bool has_time_option(const struct stage *stage)
{
    return stage->kind == STAGE_SOURCE && (stage->source->time || stage->source->time_wall);
}

// Whether one of the stages that STAGE's records come through, back to where they come in, is such.
static bool comes_through(const struct stage *stage, bool (*such)(const struct stage *))
{
    if (such(stage))
        return true;
    bool from_here = stage->kind == STAGE_REPARTITION || is_own(stage);
    for (int i = 0; !from_here && i < stage->inputs.count; i++)
        if (plan_hears(stage->inputs.items[i], stage) && comes_through(stage->inputs.items[i], such))
            return true;
    return false;
}

// Where the event time of the records at STAGE, and the bytes of their keys, may not be those of the incoming record.
static bool has_own_time(const struct stage *stage)
{
    return comes_through(stage, has_time_option) || comes_through(stage, is_own);
}

static bool has_own_key(const struct stage *stage)
{
    return comes_through(stage, is_own) || stage->out.window;
}

bool key_may_be_null(const struct stage *stage)
{
    if (type_is_optional(stage->out.key->type) || stage->kind == STAGE_KEY_BY)
        return false;
    if (stage->kind == STAGE_SOURCE || stage->kind == STAGE_REPARTITION)
        return true;
    if (stage->kind == STAGE_JOIN && stage->join->kind == AST_JOIN_INNER && !stage->join->on)
        return false;
    for (int i = 0; !is_table(stage) && i < stage->inputs.count; i++)
        if (plan_hears(stage->inputs.items[i], stage) && key_may_be_null(stage->inputs.items[i]))
            return true;
    return false;
}

bool may_lack_key(const struct stage *stage)
{
    return type_is_optional(stage->out.key->type) || key_may_be_null(stage);
}

// In the tombstone path there is no value to pass. A window is passed as its ends.
static bool passes_param(const struct stage *merge, const struct var *param, bool tombstone)
{
    return (!tombstone || param == merge->out.key) && param->kind != VAR_WINDOW;
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
    if (has_own_key(merge))
        writer_printf(&args, ", %s", b->key_bytes);
    if (merge->out.window)
        writer_printf(&args, ", %s, %s", b->start, b->end);
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
    if (has_own_key(merge)) {
        b->key_bytes = body_local(b, "key_bytes");
        writer_printf(params, ", struct weir_str %s", b->key_bytes);
    }
    if (merge->out.window) {
        b->start = body_local(b, "start");
        b->end = body_local(b, "end");
        writer_printf(params, ", int64_t %s, int64_t %s", b->start, b->end);
    }
}

// Parameters that this way does not need.
static void ignore_unread(struct body *b, const struct plan_function *f, const char *code)
{
    for (int i = 0; i < b->bindings.count; i++) {
        const struct binding *binding = &b->bindings.items[i];
        if (!binding->read && binding->var->kind != VAR_WINDOW)
            body_line(b, "(void)%s;", binding->value.text);
        ignore_unless_in(b, code, binding->null_test);
    }
    ignore_unless_in(b, code, has_own_time(f->root) ? b->timestamp : NULL);
    ignore_unless_in(b, code, has_own_key(f->root) ? b->key_bytes : NULL);
    ignore_unless_in(b, code, b->start);
    ignore_unless_in(b, code, b->end);
}

void emit_merge(struct emitter *e, const struct plan_function *f, bool tombstone)
{
    struct writer code = {.indent = 1}, params = {0}, stages = {0};
    struct body body = body_new(e, &code, "return;"), *b = &body;
    b->tombstone = tombstone;
    b->uses_ctx = true;
    bind_params(b, f, &params);
    bind_window(b, f->root);
    b->out = &stages;
    emit_outputs(b, f->root);
    b->out = &code;
    read_window(b, f->root);
    ignore_unread(b, f, arena_printf(e->arena, "%s%s", code.text ? code.text : "", stages.text ? stages.text : ""));
    writer_put(&code, stages.text, stages.len);
    writer_free(&stages);
    const char *kind = tombstone ? "merge tombstone" : "merge", *what = f->root->kind == STAGE_MERGE  ? "merge"
                                                                        : f->root->kind == STAGE_EMIT ? "emit"
                                                                                                      : "stream";
    const char *base = arena_printf(e->arena, "%s_%s%s", what, name_of(e, f->name), tombstone ? "_tombstone" : "");
    const char *name = made_new(e, kind, f, NULL, base);
    function_add(b, f, name, params.text ? params.text : "");
    writer_free(&params);
}
