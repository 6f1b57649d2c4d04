// `to`: topics that records are sent to.
#include <string.h>

#include "types/flow_check.h"

// ---- headers ----

struct texpr *check_header_value(struct checker *c, const struct env *env, const struct ast_expr *e)
{
    const struct type *text = type_optional(c->types, type_of_kind(c->types, TYPE_STRING));
    struct texpr *value = fold_expr(c, check_expr(c, env, e, e->kind == AST_NULL ? text : NULL));
    enum type_kind kind = type_plain(value->type)->kind;
    if (kind != TYPE_STRING && kind != TYPE_BYTES && kind != TYPE_ERROR) {
        struct diag *d = diag_error(c->bag, e->span, "a header is text or bytes");
        diag_label(c->bag, d, "this is %s", type_show(c->arena, value->type));
        diag_help(c->bag, d, "write `string(...)` around it");
    }
    return value;
}

void check_headers(struct checker *c, const struct env *env, const struct ast_expr *e, struct header_write **items,
                   int *count)
{
    VEC(struct header_write) headers = {0};
    if (e->kind != AST_RECORD && e->kind != AST_ERROR) {
        struct diag *d = diag_error(c->bag, e->span, "headers are written as a record");
        diag_help(c->bag, d, "for example `headers { trace: id, `content-type`: \"json\" }`");
    }
    for (int i = 0; e->kind == AST_RECORD && i < e->fields.count; i++) {
        const struct ast_record_item *item = &e->fields.items[i];
        if (item->spread) {
            struct diag *d = diag_error(c->bag, item->value->span, "headers can't be spread");
            diag_help(c->bag, d,
                      "the headers of the incoming record are kept anyway; name only those to add, change or remove "
                      "(`name: null`)");
            continue;
        }
        struct header_write header = {.name = item->name.text, .len = (uint32_t)strlen(item->name.text)};
        header.value = check_header_value(c, env, item->value);
        vec_push(c->arena, &headers, header);
    }
    *items = headers.items;
    *count = headers.count;
}

// ---- serdes ----

static const char *conversion_help(struct checker *c, const struct type *want, const struct type *have,
                                   const char *what)
{
    const char *stage = strcmp(what, "key") == 0 ? "key by" : "map";
    if (have->kind == TYPE_BYTES && want->kind == TYPE_STRING)
        return arena_printf(c->arena, "put `%s string(%s)` before it, which fails on what is not UTF-8", stage, what);
    if (have->kind == TYPE_BYTES)
        return arena_printf(c->arena, "bytes hold anything: send them as `bytes`, or read the source as `json %s`",
                            type_show(c->arena, want));
    switch (want->kind) {
    case TYPE_STRING:
    case TYPE_BOOL:
    case TYPE_INT32:
    case TYPE_INT64:
    case TYPE_FLOAT32:
    case TYPE_FLOAT64:
        if (type_is_number(have) || have->kind == TYPE_STRING || have->kind == TYPE_BOOL)
            return arena_printf(c->arena, "put `%s %s(%s)` before it, or leave the serdes out", stage,
                                type_show(c->arena, want), what);
        break;
    default: break;
    }
    return arena_printf(c->arena, "bring it to that type with `%s`, or leave the serdes out", stage);
}

// The record's missing or other field says more than two long types.
void label_difference(struct checker *c, struct diag *d, const struct type *want, const struct type *have)
{
    for (int i = 0; want->kind == TYPE_RECORD && have->kind == TYPE_RECORD && i < want->fields.count; i++) {
        const struct type_field *field = &want->fields.items[i];
        int k = type_field_index(have, field->name);
        if (k >= 0 && type_same(have->fields.items[k].type, field->type))
            continue;
        if (k < 0)
            diag_label(c->bag, d, "`%s` is missing", field->name);
        else
            diag_label(c->bag, d, "`%s` must be %s, but is %s", field->name, type_show(c->arena, field->type),
                       type_show(c->arena, have->fields.items[k].type));
        return;
    }
    diag_label(c->bag, d, "must be %s, but is %s", type_show(c->arena, want), type_show(c->arena, have));
}

static const struct serde *check_sink_serde(struct checker *c, const struct ast_serde *ast, const struct type *have,
                                            const char *what)
{
    const struct serde *serde = strcmp(what, "key") == 0 ? serde_resolve(c, ast) : serde_resolve_value(c, ast);
    const struct type *want = type_plain(serde->type);
    have = type_plain(have);
    if (type_same(want, have) || want->kind == TYPE_ERROR || have->kind == TYPE_ERROR)
        return serde;
    struct diag *d = diag_error(c->bag, ast->span, "this flow's %s does not fit the serde", what);
    label_difference(c, d, want, have);
    diag_help(c->bag, d, "%s", conversion_help(c, want, have, what));
    return serde;
}

// ---- sinks ----

static const struct ast_topic *source_topic(const struct stage *stage, const char *topic)
{
    for (int i = 0; stage->kind == STAGE_SOURCE && i < stage->source->topics.count; i++)
        if (!stage->source->topics.items[i].pattern && strcmp(stage->source->topics.items[i].text, topic) == 0)
            return &stage->source->topics.items[i];
    return NULL;
}

// Where TOPIC is read among what flows into END; inputs have smaller ids than what they flow into.
static const struct ast_topic *upstream_topic(struct checker *c, const struct stage *end, const char *topic)
{
    bool *above = arena_alloc(c->arena, (size_t)end->id + 1);
    above[end->id] = true;
    for (int id = end->id; id >= 0; id--) {
        const struct stage *stage = c->program->stages.items[id];
        const struct ast_topic *found = above[id] ? source_topic(stage, topic) : NULL;
        if (found)
            return found;
        for (int i = 0; above[id] && i < stage->inputs.count; i++)
            above[stage->inputs.items[i]->id] = true;
    }
    return NULL;
}

void warn_topic_loop(struct checker *c, const struct stage *stage, const char *topic, struct span span)
{
    const struct ast_topic *read = upstream_topic(c, stage, topic);
    if (!read)
        return;
    struct diag *d = diag_warning(c->bag, span, "this flow reads what it writes: records may go around for ever");
    diag_related(c->bag, d, read->span, "\"%s\" is read here", topic);
}

// `expand items as item | to ...` writes the record again and again.
static void warn_unread_elements(struct checker *c, const struct stage *in, const struct ast_stage *ast)
{
    const struct stage *s = in;
    while (s->inputs.count &&
           (s->kind == STAGE_FILTER || s->kind == STAGE_PEEK || s->kind == STAGE_LOG || s->kind == STAGE_KEY_BY))
        s = s->inputs.items[0];
    if (s->kind != STAGE_EXPAND)
        return;
    struct diag *d = diag_warning(c->bag, ast->word, "this sends the whole record once for each element");
    diag_related(c->bag, d, s->span, "expanded here");
    diag_help(c->bag, d, "`map %s` after the `expand` sends the elements",
              s->vars.count == 1 ? s->vars.items[0]->name : "{ ... }");
}

static void check_destination(struct flow_cursor *f, const struct ast_stage *ast, struct sink *sink)
{
    struct checker *c = f->c;
    struct env env = shape_env(&f->at->out);
    sink->topic = ast->to.topic;
    if (ast->to.route)
        sink->route = fold_expr(c, check_expr(c, &env, ast->to.route, type_of_kind(c->types, TYPE_STRING)));
    else if (ast->to.topic && check_topic_name(c, ast->to.topic, ast->to.topic_span))
        warn_topic_loop(c, f->at, ast->to.topic, ast->to.topic_span);
    if (ast->to.time)
        sink->time = fold_expr(c, check_expr(c, &env, ast->to.time, type_of_kind(c->types, TYPE_TIMESTAMP)));
    if (ast->to.headers)
        check_headers(c, &env, ast->to.headers, &sink->headers.items, &sink->headers.count);
}

static bool sink_reads_value(const struct checker *c, const struct sink *sink)
{
    bool reads =
        reads_value(c, sink->route) || reads_value(c, sink->time) || partitioner_reads_value(&sink->partitioner);
    for (int i = 0; i < sink->headers.count; i++)
        reads |= reads_value(c, sink->headers.items[i].value);
    return reads;
}

void check_to(struct flow_cursor *f, const struct ast_stage *ast)
{
    struct checker *c = f->c;
    flow_check_shaped(f, ast->word);
    const struct shape *in = &f->at->out;
    struct sink *sink = arena_new_of(c->arena, struct sink);
    check_destination(f, ast, sink);
    sink->key = ast->to.key ? check_sink_serde(c, ast->to.key, in->key->type, "key") : in->key_serde;
    if (ast->to.key)
        serde_check_window(c, ast->to.key, sink->key, in->key_serde);
    sink->value = ast->to.value ? check_sink_serde(c, ast->to.value, in->value->type, "value")
                                : serde_of_type(c, in->value->type);
    check_partitioner(c, &sink->partitioner, ast->to.partitioner, in->key->type, in->value->type);
    warn_unread_elements(c, f->at, ast);
    struct stage *stage = flow_append(f, STAGE_SINK, ast);
    stage->sink = sink;
    stage->drops_tombstones = sink_reads_value(c, sink);
}
