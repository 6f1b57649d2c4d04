// What processor blocks emit: onward and to topics.
#include <string.h>

#include "types/process_check.h"

// ---- targets ----

static struct emit_target *find_target(struct block_check *b, const char *topic, struct span span)
{
    for (int i = 1; topic && i < b->targets.count; i++)
        if (strcmp(b->targets.items[i].topic, topic) == 0)
            return &b->targets.items[i];
    if (!topic)
        return &b->targets.items[0];
    struct emit_target target = {.topic = topic, .span = span};
    vec_push(b->c->arena, &b->targets, target);
    return &vec_last(&b->targets);
}

static bool goes_on(struct block_check *b, const struct ast_stmt *ast)
{
    if (ast->topic || b->block->out_value)
        return true;
    const char *name = b->process->name;
    struct diag *d = diag_error(b->c->bag, ast->span, "`%s` emits nothing: it says `-> nothing`", name);
    diag_help(b->c->bag, d,
              "say what goes on, `process %s(...) -> T { ... }`, or which topic it goes to: `emit ... to \"topic\"`",
              name);
    return false;
}

// What is emitted to a topic is what the first emit there says.
static void relate_first(struct block_check *b, const struct emit_target *target, const struct type *type, int errors)
{
    if (b->c->bag->errors > errors && target->topic && target->emits.count > 0)
        diag_related(b->c->bag, vec_last(&b->c->bag->items), target->span, "%s is emitted to \"%s\" here",
                     type_show(b->c->arena, type), target->topic);
}

// ---- keys ----

static struct texpr *report_no_record(struct block_check *b, const struct ast_stmt *ast)
{
    struct diag *d = diag_error(b->c->bag, ast->span, "there is no record here whose key this could have");
    diag_help(b->c->bag, d, "write `emit KEY => VALUE`");
    return texpr_error(b->c, ast->span);
}

// The record's own, as the target has it. NULL: as it is.
static struct texpr *own_key(struct block_check *b, const struct env *env, const struct ast_stmt *ast,
                             struct emit_target *target)
{
    struct checker *c = b->c;
    if (!b->record)
        return report_no_record(b, ast);
    if (!target->key) {
        target->key = b->record->key->type;
        target->key_serde = b->record->key_serde;
    }
    if (target->key == b->record->key->type || target->key->kind == TYPE_ERROR)
        return NULL;
    struct texpr *key = narrow_apply(c, env, texpr_var(c, b->record->key, ast->span));
    struct texpr *converted = convert_to(c, key, target->key);
    if (converted)
        return converted;
    struct diag *d =
        diag_error(c->bag, ast->span, "the record's key is %s, but %s goes %s here", type_show(c->arena, key->type),
                   type_show(c->arena, target->key), target->topic ? "to this topic" : "on");
    diag_help(c->bag, d, "write `emit KEY => VALUE`");
    return texpr_error(c, ast->span);
}

static struct texpr *check_key(struct block_check *b, const struct env *env, const struct ast_stmt *ast,
                               struct emit_target *target)
{
    struct checker *c = b->c;
    int errors = c->bag->errors;
    if (!ast->key)
        return own_key(b, env, ast, target);
    struct texpr *key = check_stmt_expr(b, env, ast->key, target->key);
    target->keyed = true;
    if (!target->key) {
        target->key = key->type;
        target->key_serde = serde_of_type(c, key->type);
    }
    relate_first(b, target, target->key, errors);
    return key;
}

// ---- the statement ----

static struct texpr *check_value(struct block_check *b, const struct env *env, const struct ast_stmt *ast,
                                 struct emit_target *target)
{
    int errors = b->c->bag->errors;
    if (ast->expr->kind == AST_NULL) {
        target->tombstones = true;
        return NULL;
    }
    struct texpr *value = check_stmt_expr(b, env, ast->expr, target->value);
    if (target->value)
        relate_first(b, target, target->value, errors);
    else
        target->value = value->type;
    return value;
}

static void check_headers_of(struct block_check *b, const struct env *env, const struct ast_expr *e, struct tstmt *s)
{
    struct header_write *items;
    int count;
    check_headers(b->c, env, e, &items, &count);
    for (int i = 0; i < count; i++)
        vec_push(b->c->arena, &s->headers, items[i]);
}

void check_emit_stmt(struct block_check *b, const struct env *env, const struct ast_stmt *ast, struct tstmt *s)
{
    if (!goes_on(b, ast))
        return;
    if (ast->topic && !check_topic_name(b->c, ast->topic, ast->topic_span))
        return;
    struct emit_target *target = find_target(b, ast->topic, ast->span);
    s->key = check_key(b, env, ast, target);
    s->value = check_value(b, env, ast, target);
    if (ast->time)
        s->time = check_stmt_expr(b, env, ast->time, kind_type(b->c, TYPE_TIMESTAMP));
    if (ast->headers)
        check_headers_of(b, env, ast->headers, s);
    vec_push(b->c->arena, &target->emits, s);
}

// ---- stages ----

static void shape_emitted(struct block_check *b, const struct emit_target *target, struct shape *out, struct span span)
{
    struct checker *c = b->c;
    const struct type *value =
        target->value ? target->value : type_optional(c->types, kind_type(c, TYPE_BYTES)); // only tombstones
    bool own = type_same(type_plain(target->key), type_plain(out->key_serde->type));
    out->key_serde = target->topic ? target->key_serde : own ? out->key_serde : serde_of_type(c, target->key);
    out->key = var_new(c, VAR_KEY, "key", target->key, span);
    out->value = var_new(c, VAR_VALUE, "value", value, span);
    out->value_serde = NULL;
    out->tombstones = target->tombstones && !type_is_optional(value);
    out->key_changed |= target->keyed || (!target->topic && b->block->out_key);
    out->lets.items = NULL;
    out->lets.count = out->lets.capacity = 0;
    out->known = NULL;
    out->in_source = out->joined = false;
}

static void append_sink(struct block_check *b, struct stage *emit, const struct emit_target *target)
{
    struct checker *c = b->c;
    struct stage *stage = stage_new(c, STAGE_SINK, target->span, emit);
    struct sink *sink = stage->sink = arena_new_of(c->arena, struct sink);
    stage->within = emit->within;
    sink->topic = target->topic;
    sink->key = emit->out.key_serde;
    sink->value = serde_of_type(c, emit->out.value->type);
    check_partitioner(c, &sink->partitioner, (struct name){0}, emit->out.key->type, emit->out.value->type);
    warn_topic_loop(c, emit, target->topic, target->span);
}

struct stage *append_emits(struct block_check *b, struct stage *stage)
{
    struct stage *onward = NULL;
    for (int i = 0; i < b->targets.count; i++) {
        const struct emit_target *target = &b->targets.items[i];
        if (!target->topic && !b->block->out_value)
            continue;
        struct stage *emit = stage_new(b->c, STAGE_EMIT, target->span, stage);
        emit->within = stage->within;
        shape_emitted(b, target, &emit->out, target->span);
        vec_push(b->c->arena, &b->process->emits, emit);
        for (int k = 0; k < target->emits.count; k++)
            target->emits.items[k]->to = emit;
        if (target->topic)
            append_sink(b, emit, target);
        else
            onward = emit;
    }
    return onward;
}
