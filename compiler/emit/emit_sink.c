// Where records leave: sinks, repartition topics, and what tests look at.
#include <string.h>

#include "emit/emitter.h"

const struct plan_sink *sink_of(const struct emitter *e, const struct stage *stage)
{
    for (int i = 0; i < e->plan->sinks.count; i++)
        if (e->plan->sinks.items[i]->stage == stage)
            return e->plan->sinks.items[i];
    return NULL;
}

static struct value read_var(struct body *b, const struct var *var, const char **null_test)
{
    struct binding *binding = body_binding(b, var);
    binding->read = true;
    if (null_test)
        *null_test = binding->null_test;
    return binding->value;
}

// ---- the record that is sent ----

struct sending {
    const struct plan_sink *sink;
    const char *key, *value, *timestamp, *topic;
    const char *headers; // the array of those that the sink writes; NULL: the record's go on
    int header_count;
};

static void send(struct body *b, const struct sending *s)
{
    const char *out = body_local(b, "out");
    body_line(b, "struct weir_out %s = {", out);
    b->out->indent++;
    body_line(b, ".sink = %s,", b->e->sink_names[s->sink->index]);
    body_line(b, ".key = %s,", s->key);
    body_line(b, ".value = %s,", s->value);
    body_line(b, ".timestamp = %s,", s->timestamp);
    if (s->topic)
        body_line(b, ".topic = %s,", s->topic);
    if (!s->headers) {
        body_line(b, ".headers = %s->record->headers,", ctx(b));
        body_line(b, ".header_count = w->record->header_count,");
    }
    b->out->indent--;
    body_line(b, "};");
    if (s->headers)
        body_line(b, "weir_headers_with(%s, %s, %d, &%s);", ctx(b), s->headers, s->header_count, out);
    body_line(b, "weir_send(%s, &%s);", ctx(b), out);
}

const char *with_window(struct body *b, const struct serde *serde, const char *key)
{
    if (serde->window == AST_NOT_WINDOWED)
        return key;
    return arena_printf(b->e->arena, "weir_windowed_key(%s, %s, %s, %s, %s)", ctx(b), serde_window(serde), key,
                        b->start, b->end);
}

const char *sent_key(struct body *b, const struct plan_sink *sink, const struct var *key)
{
    const char *null_test;
    if (sink->raw_key)
        return with_window(b, sink->key, b->key_bytes);
    struct value v = read_var(b, key, &null_test);
    return with_window(b, sink->key, value_arg(b, emit_encode(b, sink->key, v, key->type, null_test, "key_json")));
}

static const char *sent_value(struct body *b, const struct plan_sink *sink, const struct var *value)
{
    if (b->tombstone)
        return "WEIR_NULL_STR";
    return value_arg(b, emit_encode(b, sink->value, read_var(b, value, NULL), value->type, NULL, "json"));
}

// ---- to ----

static const char *emit_headers(struct body *b, const struct sink *sink)
{
    struct texpr **values = arena_alloc(b->e->arena, (size_t)(sink->headers.count + 1) * sizeof *values);
    struct value *v = arena_alloc(b->e->arena, (size_t)(sink->headers.count + 1) * sizeof *v);
    bool fails = false;
    for (int i = 0; i < sink->headers.count; i++) {
        values[i] = sink->headers.items[i].value;
        fails = fails || expr_can_fail(b, values[i]);
    }
    emit_exprs(b, values, sink->headers.count, v);
    const char *headers = body_local(b, "headers");
    body_line(b, "const struct weir_header %s[] = {", headers);
    for (int i = 0; i < sink->headers.count; i++) {
        const struct header_write *h = &sink->headers.items[i];
        body_line(b, "    { WEIR_STR(%s), %s },", text_c_string(b->e, h->name, h->len), value_arg(b, v[i]));
    }
    body_line(b, "};");
    if (fails)
        body_check(b);
    return headers;
}

// The sink's own time for its records; what is sent depends on it not being negative.
static const char *sink_time(struct body *b, const struct texpr *time)
{
    bool fails = expr_can_fail(b, time);
    struct value v = value_local(b, emit_expr(b, time), time->type, "time");
    if (fails)
        body_check(b);
    body_line(b, "if (%s < 0) {", v.text);
    body_line(b, "    weir_drop_negative_time(%s, %s);", ctx(b), v.text);
    body_line(b, "} else {");
    return v.text;
}

static void emit_send(struct body *b, const struct stage *stage, const char *timestamp)
{
    const struct sink *sink = stage->sink;
    struct sending s = {.sink = sink_of(b->e, stage), .timestamp = timestamp};
    if (sink->route) {
        bool fails = expr_can_fail(b, sink->route);
        s.topic = value_local(b, emit_expr(b, sink->route), sink->route->type, "topic").text;
        if (fails)
            body_check(b);
    }
    if (sink->headers.count > 0)
        s.headers = emit_headers(b, sink);
    s.header_count = sink->headers.count;
    s.key = sent_key(b, s.sink, stage->out.key);
    s.value = sent_value(b, s.sink, stage->out.value);
    send(b, &s);
}

void emit_sink(struct body *b, const struct stage *stage)
{
    ctx(b);
    if (!stage->sink->time) {
        emit_send(b, stage, b->timestamp);
        return;
    }
    const char *timestamp = sink_time(b, stage->sink->time);
    struct sub s;
    block_begin(b, &s);
    emit_send(b, stage, timestamp);
    block_end(b, &s);
}

// ---- repartition ----

// A key to repartition by.
struct new_key {
    struct value value;
    const struct type *type;
    const char *null_test; // C condition that there is none; NULL: the type says so
    bool raw;              // its bytes are those that came in
};

static struct new_key new_key(struct body *b, const struct stage *stage, bool raw)
{
    const struct repartition *r = stage->repartition;
    const struct var *in = stage->inputs.items[0]->out.key;
    struct new_key key = {.type = r->by ? r->by->type : in->type, .raw = raw};
    if (r->by) {
        bool fails = expr_can_fail(b, r->by);
        key.value = value_keep(b, emit_expr(b, r->by), key.type, "key");
        if (fails)
            body_check(b);
    } else if (!raw) {
        key.value = read_var(b, in, &key.null_test);
    }
    return key;
}

// C condition that there is a key; NULL: there is.
static const char *key_is_there(struct body *b, const struct stage *stage, const struct new_key *key)
{
    const char *null = key->null_test;
    if (key->raw)
        return may_lack_key(stage->inputs.items[0]) ? arena_printf(b->e->arena, "%s.p", b->key_bytes) : NULL;
    if (null)
        return arena_printf(b->e->arena, null[0] == '!' ? "%s" : "!%s", null + (null[0] == '!'));
    return type_is_optional(key->type) ? value_arg(b, value_is_some(b, key->value, key->type, false)) : NULL;
}

// Records without a key are not sent, where none could ever be found by it.
void emit_repartition(struct body *b, const struct stage *stage)
{
    const struct repartition *r = stage->repartition;
    struct sending s = {.sink = sink_of(b->e, stage), .timestamp = b->timestamp};
    ctx(b);
    struct new_key key = new_key(b, stage, s.sink->raw_key);
    const char *there = r->null_keys ? NULL : key_is_there(b, stage, &key);
    if (there)
        body_line(b, "if (%s) {", there);
    struct sub sub;
    sub_begin(b, &sub);
    if (!key.raw && !r->null_keys && type_is_optional(key.type)) {
        key.value = value_unwrap(b, key.value, key.type);
        key.type = type_plain(key.type);
    }
    const char *null_test = r->null_keys ? key.null_test : NULL;
    s.key =
        key.raw ? b->key_bytes : value_arg(b, emit_encode(b, s.sink->key, key.value, key.type, null_test, "key_json"));
    s.key = with_window(b, s.sink->key, s.key);
    s.value = sent_value(b, s.sink, stage->inputs.items[0]->out.value);
    send(b, &s);
    sub_end(b, &sub);
    if (!there) {
        sub_splice(b, &sub);
        return;
    }
    sub_flush(b, &sub);
    body_line(b, "}");
}

// ---- taps ----

const char *source_name(const struct emitter *e, const struct stage *stage)
{
    for (int i = 0; i < e->plan->sources.count; i++)
        if (e->plan->sources.items[i]->stage == stage)
            return e->source_names[i];
    return NULL;
}

const char *tap_name(const struct emitter *e, const struct stage *stage)
{
    for (int i = 0; i < e->plan->taps.count; i++)
        if (e->plan->taps.items[i].stage == stage)
            return e->tap_names[i];
    return NULL;
}

static const char *tap_json(struct body *b, const struct var *var, const char *name)
{
    const char *null_test;
    const struct serde json = {.format = SERDE_JSON, .type = var->type};
    struct value v = read_var(b, var, &null_test);
    if (type_plain(var->type)->kind == TYPE_JSON)
        return value_arg(b, v);
    return value_arg(b, emit_encode(b, &json, v, var->type, null_test, name));
}

static void emit_tap_of(struct body *b, const struct stage *stage)
{
    const char *key = tap_json(b, stage->out.key, "tap_key");
    const char *value = b->tombstone ? "WEIR_NULL_STR" : tap_json(b, stage->out.value, "tap_value");
    const char *tap = tap_name(b->e, stage);
    if (stage->out.window)
        body_line(b, "weir_tap_windowed(%s, %s, %s, %s, %s, %s);", ctx(b), tap, key, b->start, b->end, value);
    else
        body_line(b, "weir_tap(%s, %s, %s, %s);", ctx(b), tap, key, value);
}

void emit_tap(struct body *b, const struct stage *stage)
{
    if (!tap_name(b->e, stage))
        return;
    if (b->row)
        emit_both_ways(b, stage, emit_tap_of);
    else
        emit_tap_of(b, stage);
}
