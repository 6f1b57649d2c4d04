// `weir emit --stage types`: the program as the checker understood it.
#include <inttypes.h>

#include "types/check.h"
#include "types/dump.h"

struct dump {
    struct writer *out;
    struct arena *arena; // for type_show and serde_show
};

const char *window_word(enum window_kind kind)
{
    static const char *const words[] = {
        [WINDOW_TIME] = "time", [WINDOW_SLIDING] = "sliding", [WINDOW_SESSION] = "session"};
    return words[kind];
}

const char *join_form_word(enum join_form form)
{
    static const char *const words[] = {
        [JOIN_STREAMS] = "streams", [JOIN_LOOKUP] = "lookup", [JOIN_TABLES] = "tables", [JOIN_FOREIGN] = "foreign"};
    return words[form];
}

static const char *stage_word(enum stage_kind kind)
{
    static const char *const words[] = {
        [STAGE_SOURCE] = "source",
        [STAGE_FILTER] = "filter",
        [STAGE_MAP] = "map",
        [STAGE_LET] = "let",
        [STAGE_KEY_BY] = "key by",
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
        [STAGE_AS_TABLE] = "as table",
        [STAGE_AS_STREAM] = "as stream",
        [STAGE_SUPPRESS] = "emit",
        [STAGE_JOIN] = "join",
        [STAGE_SUBSCRIBE] = "subscribe",
        [STAGE_KEEP] = "keep",
        [STAGE_PROCESS] = "process",
        [STAGE_EMIT] = "emit",
        [STAGE_PREV] = "prev",
    };
    return words[kind];
}

static void put_expr(struct dump *d, const char *what, const struct texpr *e)
{
    if (!e)
        return;
    writer_printf(d->out, "%s ", what);
    texpr_show(d->out, e);
    writer_puts(d->out, "\n");
}

static void put_serdes(struct dump *d, const struct serde *key, const struct serde *value)
{
    writer_printf(d->out, "serdes %s => %s\n", serde_show(d->arena, key), serde_show(d->arena, value));
}

static void put_partitioner(struct dump *d, const struct partitioner *partitioner)
{
    if (partitioner->fn)
        writer_printf(d->out, "partitioner %s\n", partitioner->name);
}

// ---- stages ----

static void put_source(struct dump *d, const struct flow_source *source)
{
    writer_puts(d->out, "topics");
    for (int i = 0; i < source->topics.count; i++)
        writer_printf(d->out, source->topics.items[i].pattern ? " /%s/" : " \"%s\"", source->topics.items[i].text);
    writer_puts(d->out, "\n");
    put_serdes(d, source->key, source->value);
    put_expr(d, "time", source->time);
    if (source->time_wall)
        writer_puts(d->out, "time wall\n");
    if (source->partitions)
        writer_printf(d->out, "partitions %d\n", source->partitions);
    put_partitioner(d, &source->partitioner);
    if (source->idle)
        writer_printf(d->out, "idle %s\n", duration_show(d->arena, source->idle));
    if (source->versioned)
        writer_printf(d->out, "versioned %s\n", duration_show(d->arena, source->versioned));
    if (source->start != AST_START_DEFAULT)
        writer_printf(d->out, "start %s\n", source->start == AST_START_LATEST ? "latest" : "earliest");
}

static void put_sink(struct dump *d, const struct sink *sink)
{
    if (sink->topic)
        writer_printf(d->out, "topic \"%s\"\n", sink->topic);
    put_expr(d, "topic", sink->route);
    put_serdes(d, sink->key, sink->value);
    put_expr(d, "time", sink->time);
    for (int i = 0; i < sink->headers.count; i++)
        put_expr(d, arena_printf(d->arena, "header \"%s\"", sink->headers.items[i].name), sink->headers.items[i].value);
    put_partitioner(d, &sink->partitioner);
}

static void put_repartition(struct dump *d, const struct repartition *repartition)
{
    put_expr(d, "by", repartition->by);
    put_serdes(d, repartition->key, repartition->value);
    static const char *const forms[] = {[REPARTITION_CHANGES] = "changes\n",
                                        [REPARTITION_SUBSCRIPTIONS] = "subscriptions\n",
                                        [REPARTITION_ANSWERS] = "answers\n"};
    if (forms[repartition->form])
        writer_puts(d->out, forms[repartition->form]);
    if (repartition->null_keys)
        writer_puts(d->out, "null keys\n");
    if (repartition->partitions)
        writer_printf(d->out, "partitions %d\n", repartition->partitions);
    put_partitioner(d, &repartition->partitioner);
}

static void put_store(struct dump *d, enum ast_store store)
{
    if (store != AST_STORE_DEFAULT)
        writer_printf(d->out, "store %s\n", store == AST_STORE_MEMORY ? "memory" : "rocksdb");
}

static void put_window(struct dump *d, const struct window *w)
{
    if (!w)
        return;
    writer_printf(d->out, "window %s %s", window_word(w->kind), duration_show(d->arena, w->size));
    if (w->every != w->size)
        writer_printf(d->out, " every %s", duration_show(d->arena, w->every));
    writer_printf(d->out, " grace %s", duration_show(d->arena, w->grace));
    writer_printf(d->out, " retain %s\n", duration_show(d->arena, w->retention));
}

static void put_call(struct dump *d, const struct stage *stage, const struct aggregate_call *call)
{
    static const char *const ids[] = {
#define AGGREGATE(id, name, signature, undo) #id,
#include "types/aggregates.def"
#undef AGGREGATE
    };
    writer_printf(d->out, "%s: %s = %s(", call->result->name, type_show(d->arena, call->result->type), ids[call->id]);
    if (call->n)
        writer_printf(d->out, "%" PRId64 ", ", call->n);
    for (int i = 0; i < call->args.count; i++) {
        writer_puts(d->out, i ? ", " : "");
        texpr_show(d->out, call->args.items[i]);
    }
    writer_puts(d->out, ")");
    if (call->where) {
        writer_puts(d->out, " where ");
        texpr_show(d->out, call->where);
    }
    if (stage->inputs.count > 1)
        writer_printf(d->out, " of #%d", stage->inputs.items[call->input]->id);
    writer_puts(d->out, "\n");
}

static void put_step(struct dump *d, const char *name, const struct aggregate_step *step)
{
    if (!step->result)
        return;
    writer_printf(d->out, "%s (%s%s%s) =>", name, step->acc->name, step->other ? ", " : "",
                  step->other ? step->other->name : "");
    put_expr(d, "", step->result);
}

static void put_aggregate(struct dump *d, const struct stage *stage)
{
    const struct aggregate *aggregate = stage->aggregate;
    put_window(d, aggregate->window);
    for (int i = 0; i < aggregate->calls.count; i++)
        put_call(d, stage, &aggregate->calls.items[i]);
    put_expr(d, "init", aggregate->init);
    put_step(d, "add", &aggregate->add);
    put_step(d, "undo", &aggregate->undo);
    put_step(d, "merge", &aggregate->merge);
    put_expr(d, "value", aggregate->value);
    put_store(d, aggregate->store);
}

static void put_suppress(struct dump *d, const struct suppress *suppress)
{
    if (suppress->final)
        writer_puts(d->out, "final\n");
    else
        writer_printf(d->out, "every %s\n", duration_show(d->arena, suppress->every));
}

static void put_join(struct dump *d, const struct join *join)
{
    static const char *const kinds[] = {[AST_JOIN_INNER] = "", [AST_JOIN_LEFT] = "left ", [AST_JOIN_OUTER] = "outer "};
    writer_printf(d->out, "%s%s, %s: %s\n", kinds[join->kind], join_form_word(join->form), join->right->name,
                  type_show(d->arena, join->right->type));
    put_expr(d, "on", join->on);
    if (join->form == JOIN_STREAMS) {
        writer_printf(d->out, "before %s", duration_show(d->arena, join->before));
        writer_printf(d->out, " after %s", duration_show(d->arena, join->after));
        writer_printf(d->out, " grace %s", duration_show(d->arena, join->grace));
        writer_printf(d->out, " retain %s\n", duration_show(d->arena, join->retention));
    }
    if (join->wait)
        writer_printf(d->out, "wait %s\n", duration_show(d->arena, join->wait));
    writer_printf(d->out, "values %s, %s\n", serde_show(d->arena, join->left_value),
                  serde_show(d->arena, join->right_value));
}

static void put_shape(struct dump *d, const struct stage *stage)
{
    const struct shape *out = &stage->out;
    const char *kinds[] = {"stream", "table", "grouped stream", "grouped table"};
    writer_printf(d->out, "%s %s %s => %s", stage->kind == STAGE_SINK ? "takes" : "gives", kinds[out->kind],
                  type_show(d->arena, out->key->type), type_show(d->arena, out->value->type));
    if (out->window)
        writer_printf(d->out, ", %s", out->key_serde->window == AST_SESSION_WINDOWED ? "sessions" : "windows");
    if (out->tombstones)
        writer_puts(d->out, ", tombstones");
    if (stage->drops_tombstones && stage->inputs.count && stage->inputs.items[0]->out.tombstones)
        writer_puts(d->out, ", drops tombstones");
    if (out->key_changed)
        writer_puts(d->out, ", new key");
    writer_puts(d->out, "\n");
    for (int i = 0; i < out->lets.count; i++)
        writer_printf(d->out, "%s%s: %s%s", i ? ", " : "with ", out->lets.items[i]->name,
                      type_show(d->arena, out->lets.items[i]->type), i + 1 == out->lets.count ? "\n" : "");
}

static void put_stage(struct dump *d, const struct stage *stage)
{
    writer_printf(d->out, "#%d %s", stage->id, stage_word(stage->kind));
    if (stage->source)
        writer_printf(d->out, " %s", stage->source->name);
    else if (stage->flow)
        writer_printf(d->out, " = %s", stage->flow);
    for (int i = 0; i < stage->inputs.count; i++)
        writer_printf(d->out, "%s#%d", i ? ", " : " <- ", stage->inputs.items[i]->id);
    writer_puts(d->out, "\n");
    d->out->indent++;
    if (stage->source)
        put_source(d, stage->source);
    if (stage->sink)
        put_sink(d, stage->sink);
    if (stage->repartition)
        put_repartition(d, stage->repartition);
    if (stage->aggregate)
        put_aggregate(d, stage);
    if (stage->materialized)
        put_store(d, stage->materialized->store);
    if (stage->suppress)
        put_suppress(d, stage->suppress);
    if (stage->join)
        put_join(d, stage->join);
    if (stage->process)
        process_dump(d->out, d->arena, stage);
    if (stage->kind == STAGE_BRANCH && !stage->expr)
        writer_puts(d->out, "else\n");
    for (int i = 0; i < stage->vars.count; i++)
        writer_printf(d->out, "%s%s%s", i ? ", " : "as ", stage->vars.items[i]->name,
                      i + 1 == stage->vars.count ? "\n" : "");
    put_expr(d, stage->var ? arena_printf(d->arena, "%s =", stage->var->name) : "expr", stage->expr);
    if (!stage->process)
        put_shape(d, stage);
    d->out->indent--;
}

// ---- the rest of the program ----

// A record is there twice if it says how timestamps are written: as declared, and as expressions see it.
static bool is_shown_later(const struct program *program, const struct type *t)
{
    for (int i = t->id + 1; i < type_count(program->types); i++) {
        const struct type *other = type_at(program->types, i);
        if (other->name == t->name && other->kind == t->kind && type_same(other, t))
            return true;
    }
    return false;
}

static void put_type(struct dump *d, const struct type *t)
{
    const char *words[] = {[TYPE_ENUM] = "enum", [TYPE_RECORD] = "type", [TYPE_UNION] = "union"};
    if (!t->name || (t->kind != TYPE_ENUM && t->kind != TYPE_RECORD && t->kind != TYPE_UNION))
        return;
    writer_printf(d->out, "%s %s", words[t->kind], t->name);
    if (t->tag)
        writer_printf(d->out, " by %s", t->tag);
    writer_puts(d->out, "\n");
    d->out->indent++;
    for (int i = 0; i < t->fields.count; i++) {
        const struct type_field *field = &t->fields.items[i];
        if (field->type)
            writer_printf(d->out, "%s: %s\n", field->name, type_show(d->arena, field->type));
        else
            writer_printf(d->out, "%s\n", field->name);
    }
    d->out->indent--;
}

static void put_fn(struct dump *d, const struct fn *fn)
{
    writer_printf(d->out, "%sfn %s(", fn->file ? "extern " : "", fn->name);
    for (int i = 0; i < fn->params.count; i++)
        writer_printf(d->out, "%s%s: %s", i ? ", " : "", fn->params.items[i]->name,
                      type_show(d->arena, fn->params.items[i]->type));
    writer_printf(d->out, ") -> %s", type_show(d->arena, fn->result));
    if (fn->file)
        writer_printf(d->out, " from \"%s\"%s", fn->file->name, fn->effects ? "" : " pure");
    writer_puts(d->out, "\n");
    d->out->indent++;
    if (fn->body) {
        texpr_show(d->out, fn->body);
        writer_puts(d->out, "\n");
    }
    d->out->indent--;
}

static void put_test(struct dump *d, const struct test *test)
{
    const char *words[] = {[AST_TEST_FEED] = "feed",
                           [AST_TEST_ADVANCE] = "advance",
                           [AST_TEST_EXPECT] = "expect",
                           [AST_TEST_NOTHING] = "nothing",
                           [AST_TEST_BAD] = "bad"};
    writer_printf(d->out, "test \"%s\"\n", test->title ? test->title : "");
    d->out->indent++;
    for (int i = 0; i < test->steps.count; i++) {
        const struct test_step *step = &test->steps.items[i];
        writer_puts(d->out, words[step->kind]);
        if (step->stage)
            writer_printf(d->out, " #%d", step->stage->id);
        if (step->topic)
            writer_printf(d->out, " \"%s\"", step->topic);
        if (step->kind == AST_TEST_ADVANCE)
            writer_printf(d->out, " %" PRId64 "ms", step->duration);
        if (step->kind == AST_TEST_FEED || step->kind == AST_TEST_EXPECT) {
            writer_puts(d->out, " ");
            step->key ? texpr_show(d->out, step->key) : writer_puts(d->out, "null");
            if (step->has_time)
                writer_printf(d->out, " @%" PRId64, step->time);
            if (step->has_window_end)
                writer_printf(d->out, "..%" PRId64, step->window_end);
            writer_puts(d->out, " => ");
            step->value ? texpr_show(d->out, step->value) : writer_puts(d->out, "null");
        }
        writer_puts(d->out, "\n");
    }
    d->out->indent--;
}

static void put_copartition(struct dump *d, const struct copartition *together)
{
    writer_printf(d->out, "copartition for #%d:", together->join->id);
    for (int i = 0; i < together->members.count; i++)
        writer_printf(d->out, " #%d", together->members.items[i]->id);
    writer_puts(d->out, "\n");
}

void types_dump(struct writer *out, const struct program *program)
{
    struct dump d = {.out = out, .arena = arena_new()};
    writer_printf(out, "app %s\n", program->app);
    for (int i = 0; i < program->settings.count; i++)
        writer_printf(out, "    %s = %s\n", program->settings.items[i].name, program->settings.items[i].value);
    for (int i = 0; i < type_count(program->types); i++)
        if (!is_shown_later(program, type_at(program->types, i)))
            put_type(&d, type_at(program->types, i));
    for (int i = 0; i < program->fns.count; i++)
        put_fn(&d, program->fns.items[i]);
    for (int i = 0; i < program->stages.count; i++)
        put_stage(&d, program->stages.items[i]);
    for (int i = 0; i < program->copartitions.count; i++)
        put_copartition(&d, &program->copartitions.items[i]);
    for (int i = 0; i < program->tests.count; i++)
        put_test(&d, program->tests.items[i]);
    arena_free(d.arena);
}
