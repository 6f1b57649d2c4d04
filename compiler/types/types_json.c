// `weir emit --stage program`: the whole typed program as JSON, for tools. Types, variables and stages are numbered; one line each.
#include "types/check.h"
#include "types/dump.h"
#include "types/json_put.h"

static const char *const type_words[] = {
    [TYPE_ERROR] = "error",       [TYPE_NULL] = "null",           [TYPE_BOOL] = "bool",
    [TYPE_INT32] = "int32",       [TYPE_INT64] = "int64",         [TYPE_FLOAT32] = "float32",
    [TYPE_FLOAT64] = "float64",   [TYPE_DECIMAL] = "decimal",     [TYPE_STRING] = "string",
    [TYPE_BYTES] = "bytes",       [TYPE_TIMESTAMP] = "timestamp", [TYPE_DATE] = "date",
    [TYPE_DURATION] = "duration", [TYPE_JSON] = "json",           [TYPE_ENUM] = "enum",
    [TYPE_RECORD] = "record",     [TYPE_UNION] = "union",         [TYPE_LIST] = "list",
    [TYPE_MAP] = "map",           [TYPE_OPTIONAL] = "optional",
};

static const char *const stage_words[] = {
    [STAGE_SOURCE] = "source",
    [STAGE_FILTER] = "filter",
    [STAGE_MAP] = "map",
    [STAGE_LET] = "let",
    [STAGE_KEY_BY] = "key_by",
    [STAGE_EXPAND] = "expand",
    [STAGE_MERGE] = "merge",
    [STAGE_BRANCH] = "branch",
    [STAGE_PEEK] = "peek",
    [STAGE_LOG] = "log",
    [STAGE_REPARTITION] = "repartition",
    [STAGE_SINK] = "to",
    [STAGE_GROUP] = "group",
    [STAGE_WINDOW] = "window",
    [STAGE_AGGREGATE] = "aggregate",
    [STAGE_AS_TABLE] = "as_table",
    [STAGE_AS_STREAM] = "as_stream",
    [STAGE_SUPPRESS] = "suppress",
    [STAGE_JOIN] = "join",
    [STAGE_SUBSCRIBE] = "subscribe",
    [STAGE_KEEP] = "keep",
    [STAGE_PROCESS] = "process",
    [STAGE_EMIT] = "emit",
    [STAGE_PREV] = "prev",
};

static const char *const flow_words[] = {
    [FLOW_STREAM] = "stream",
    [FLOW_TABLE] = "table",
    [FLOW_GROUPED_STREAM] = "grouped_stream",
    [FLOW_GROUPED_TABLE] = "grouped_table",
};

static const char *const serde_words[] = {
    [SERDE_STRING] = "string", [SERDE_BYTES] = "bytes",     [SERDE_BOOL] = "bool",         [SERDE_INT32] = "int32",
    [SERDE_INT64] = "int64",   [SERDE_FLOAT32] = "float32", [SERDE_FLOAT64] = "float64",   [SERDE_JSON] = "json",
    [SERDE_CSV] = "csv",       [SERDE_AVRO] = "avro",       [SERDE_PROTOBUF] = "protobuf",
};

static void put_type(struct writer *out, const struct type *t)
{
    json_open(out, NULL, '{');
    json_int(out, "id", t->id);
    json_text(out, "kind", type_words[t->kind]);
    json_text(out, "name", t->name);
    if (t->kind == TYPE_DECIMAL) {
        json_int(out, "precision", t->precision);
        json_int(out, "scale", t->scale);
    }
    json_true(out, "iso", t->iso);
    if (t->element)
        json_int(out, "element", t->element->id);
    json_text(out, "tag", t->tag);
    if (t->kind == TYPE_RECORD || t->kind == TYPE_UNION || t->kind == TYPE_ENUM) {
        json_open(out, "fields", '[');
        for (int i = 0; i < t->fields.count; i++) {
            json_open(out, NULL, '{');
            json_text(out, "name", t->fields.items[i].name);
            if (t->fields.items[i].type)
                json_int(out, "type", t->fields.items[i].type->id);
            json_close(out, '}');
        }
        json_close(out, ']');
    }
    json_close(out, '}');
    writer_puts(out, "\n");
}

static void put_fn(struct writer *out, const struct fn *fn)
{
    json_open(out, NULL, '{');
    json_text(out, "name", fn->name);
    json_open(out, "params", '[');
    for (int i = 0; i < fn->params.count; i++)
        json_var(out, NULL, fn->params.items[i]);
    json_close(out, ']');
    json_int(out, "result", fn->result->id);
    if (fn->body)
        json_texpr(out, "body", fn->body);
    json_close(out, '}');
    writer_puts(out, "\n");
}

void json_serde(struct writer *out, const char *name, const struct serde *serde)
{
    static const char *const windows[] = {[AST_TIME_WINDOWED] = "time", [AST_SESSION_WINDOWED] = "session"};
    if (!serde)
        return;
    json_open(out, name, '{');
    json_text(out, "format", serde_words[serde->format]);
    json_int(out, "type", serde->type->id);
    if (serde->format == SERDE_CSV)
        json_text(out, "delimiter", (char[]){serde->delimiter, 0});
    if (serde->window != AST_NOT_WINDOWED)
        json_text(out, "window", windows[serde->window]);
    if (serde->window == AST_TIME_WINDOWED)
        json_int(out, "window_size", serde->window_size);
    json_close(out, '}');
}

static void put_partitioner(struct writer *out, const struct partitioner *partitioner)
{
    if (partitioner->fn)
        json_text(out, "partitioner", partitioner->fn->name);
}

static void put_source(struct writer *out, const struct flow_source *source)
{
    json_open(out, "source", '{');
    json_text(out, "name", source->name);
    json_true(out, "table", source->table);
    json_true(out, "global", source->global);
    json_open(out, "topics", '[');
    for (int i = 0; i < source->topics.count; i++) {
        json_open(out, NULL, '{');
        json_text(out, source->topics.items[i].pattern ? "pattern" : "name", source->topics.items[i].text);
        json_close(out, '}');
    }
    json_close(out, ']');
    json_serde(out, "key", source->key);
    json_serde(out, "value", source->value);
    json_texpr(out, "time", source->time);
    json_true(out, "time_wall", source->time_wall);
    if (source->partitions)
        json_int(out, "partitions", source->partitions);
    put_partitioner(out, &source->partitioner);
    json_true(out, "latest", source->start == AST_START_LATEST);
    if (source->idle)
        json_int(out, "idle", source->idle);
    if (source->versioned)
        json_int(out, "versioned", source->versioned);
    json_close(out, '}');
}

void json_headers(struct writer *out, const struct header_write *headers, int count)
{
    json_open(out, "headers", '[');
    for (int i = 0; i < count; i++) {
        json_open(out, NULL, '{');
        json_text(out, "name", headers[i].name);
        json_texpr(out, "value", headers[i].value);
        json_close(out, '}');
    }
    json_close(out, ']');
}

static void put_sink(struct writer *out, const struct sink *sink)
{
    json_open(out, "sink", '{');
    json_text(out, "topic", sink->topic);
    json_texpr(out, "route", sink->route);
    json_serde(out, "key", sink->key);
    json_serde(out, "value", sink->value);
    put_partitioner(out, &sink->partitioner);
    json_texpr(out, "time", sink->time);
    json_headers(out, sink->headers.items, sink->headers.count);
    json_close(out, '}');
}

static void put_repartition(struct writer *out, const struct repartition *repartition)
{
    json_open(out, "repartition", '{');
    if (repartition->partitions)
        json_int(out, "partitions", repartition->partitions);
    json_texpr(out, "by", repartition->by);
    json_serde(out, "key", repartition->key);
    json_serde(out, "value", repartition->value);
    json_true(out, "changes", repartition->form == REPARTITION_CHANGES);
    json_true(out, "subscriptions", repartition->form == REPARTITION_SUBSCRIPTIONS);
    json_true(out, "answers", repartition->form == REPARTITION_ANSWERS);
    json_true(out, "null_keys", repartition->null_keys);
    put_partitioner(out, &repartition->partitioner);
    json_close(out, '}');
}

static void put_window(struct writer *out, const struct window *window)
{
    if (!window)
        return;
    json_open(out, "window", '{');
    json_text(out, "kind", window_word(window->kind));
    json_int(out, "size", window->size);
    json_int(out, "every", window->every);
    json_int(out, "grace", window->grace);
    json_int(out, "retention", window->retention);
    json_close(out, '}');
}

static void put_store(struct writer *out, enum ast_store store)
{
    json_true(out, "memory", store == AST_STORE_MEMORY);
}

static void put_aggregate_call(struct writer *out, const struct aggregate_call *call)
{
    static const struct {
        const char *id, *name;
    } words[] = {
#define AGGREGATE(id, name, signature, undo) {#id, name},
#include "types/aggregates.def"
#undef AGGREGATE
    };
    json_open(out, NULL, '{');
    json_text(out, "function", words[call->id].name);
    json_text(out, "id", words[call->id].id);
    json_int(out, "input", call->input);
    if (call->n)
        json_int(out, "n", call->n);
    json_open(out, "args", '[');
    for (int i = 0; i < call->args.count; i++)
        json_texpr(out, NULL, call->args.items[i]);
    json_close(out, ']');
    json_texpr(out, "where", call->where);
    json_var(out, "result", call->result);
    json_close(out, '}');
}

static void put_step(struct writer *out, const char *name, const struct aggregate_step *step)
{
    if (!step->result)
        return;
    json_open(out, name, '{');
    json_var(out, "acc", step->acc);
    json_var(out, "other", step->other);
    json_texpr(out, "result", step->result);
    json_close(out, '}');
}

static void put_aggregate(struct writer *out, const struct aggregate *aggregate)
{
    static const char *const forms[] = {[FORM_CALLS] = "calls", [FORM_REDUCE] = "reduce", [FORM_FOLD] = "fold"};
    json_open(out, "aggregate", '{');
    json_text(out, "form", forms[aggregate->form]);
    json_open(out, "calls", '[');
    for (int i = 0; i < aggregate->calls.count; i++)
        put_aggregate_call(out, &aggregate->calls.items[i]);
    json_close(out, ']');
    json_texpr(out, "value", aggregate->value);
    json_texpr(out, "init", aggregate->init);
    put_step(out, "add", &aggregate->add);
    put_step(out, "undo", &aggregate->undo);
    put_step(out, "merge", &aggregate->merge);
    put_window(out, aggregate->window);
    put_store(out, aggregate->store);
    json_close(out, '}');
}

static void put_materialized(struct writer *out, const struct materialized *materialized)
{
    json_open(out, "materialized", '{');
    put_store(out, materialized->store);
    json_serde(out, "key", materialized->key);
    json_serde(out, "value", materialized->value);
    json_close(out, '}');
}

static void put_suppress(struct writer *out, const struct suppress *suppress)
{
    json_open(out, "suppress", '{');
    json_true(out, "final", suppress->final);
    if (suppress->every)
        json_int(out, "every", suppress->every);
    json_close(out, '}');
}

// Inputs are the left side and the right one. Of form foreign: the answers, and the left side; the right one is the second input of the
// subscribe stage that the answers come from. ON is over the left side's record; without it keys are matched. RIGHT is the right side's
// value behind the join, null if the join is left or outer and nothing was found.
static void put_join(struct writer *out, const struct join *join)
{
    static const char *const kinds[] = {
        [AST_JOIN_INNER] = "inner", [AST_JOIN_LEFT] = "left", [AST_JOIN_OUTER] = "outer"};
    json_open(out, "join", '{');
    json_text(out, "form", join_form_word(join->form));
    json_text(out, "kind", kinds[join->kind]);
    json_var(out, "right", join->right);
    json_texpr(out, "on", join->on);
    if (join->form == JOIN_STREAMS) {
        json_int(out, "before", join->before);
        json_int(out, "after", join->after);
        json_int(out, "grace", join->grace);
    }
    if (join->wait)
        json_int(out, "wait", join->wait);
    json_serde(out, "left_value", join->left_value);
    json_serde(out, "right_value", join->right_value);
    json_close(out, '}');
}

// What flows out of the stage; of a sink, what goes in.
static void put_shape(struct writer *out, const struct shape *shape)
{
    json_open(out, "out", '{');
    json_text(out, "kind", flow_words[shape->kind]);
    json_var(out, "key", shape->key);
    json_var(out, "value", shape->value);
    json_var(out, "window", shape->window);
    json_serde(out, "key_serde", shape->key_serde);
    json_serde(out, "value_serde", shape->value_serde);
    json_true(out, "tombstones", shape->tombstones);
    json_true(out, "key_changed", shape->key_changed);
    json_open(out, "lets", '[');
    for (int i = 0; i < shape->lets.count; i++)
        json_var(out, NULL, shape->lets.items[i]);
    json_close(out, ']');
    json_close(out, '}');
}

static void put_stage(struct writer *out, const struct stage *stage)
{
    json_open(out, NULL, '{');
    json_int(out, "id", stage->id);
    json_text(out, "kind", stage_words[stage->kind]);
    json_text(out, "flow", stage->flow);
    json_open(out, "inputs", '[');
    for (int i = 0; i < stage->inputs.count; i++)
        json_int(out, NULL, stage->inputs.items[i]->id);
    json_close(out, ']');
    json_texpr(out, "expr", stage->expr);
    json_var(out, "var", stage->var);
    if (stage->vars.count) {
        json_open(out, "vars", '[');
        for (int i = 0; i < stage->vars.count; i++)
            json_var(out, NULL, stage->vars.items[i]);
        json_close(out, ']');
    }
    if (stage->kind == STAGE_BRANCH)
        json_int(out, "group", stage->group);
    json_true(out, "drops_tombstones", stage->drops_tombstones);
    if (stage->source)
        put_source(out, stage->source);
    if (stage->sink)
        put_sink(out, stage->sink);
    if (stage->repartition)
        put_repartition(out, stage->repartition);
    if (stage->aggregate)
        put_aggregate(out, stage->aggregate);
    if (stage->materialized)
        put_materialized(out, stage->materialized);
    if (stage->suppress)
        put_suppress(out, stage->suppress);
    if (stage->join)
        put_join(out, stage->join);
    if (stage->process)
        json_process(out, stage->process);
    put_shape(out, &stage->out);
    json_close(out, '}');
    writer_puts(out, "\n");
}

static void put_settings(struct writer *out, const struct program *program)
{
    json_open(out, "settings", '{');
    for (int i = 0; i < program->settings.count; i++)
        json_text(out, program->settings.items[i].name, program->settings.items[i].value);
    json_close(out, '}');
}

void types_json(struct writer *out, const struct program *program)
{
    writer_puts(out, "{");
    json_text(out, "app", program->app);
    put_settings(out, program);
    json_open(out, "types", '[');
    writer_puts(out, "\n");
    for (int i = 0; i < type_count(program->types); i++)
        put_type(out, type_at(program->types, i));
    json_close(out, ']');
    json_open(out, "fns", '[');
    writer_puts(out, "\n");
    for (int i = 0; i < program->fns.count; i++)
        put_fn(out, program->fns.items[i]);
    json_close(out, ']');
    json_open(out, "stages", '[');
    writer_puts(out, "\n");
    for (int i = 0; i < program->stages.count; i++)
        put_stage(out, program->stages.items[i]);
    json_close(out, ']');
    writer_puts(out, "}\n");
}
