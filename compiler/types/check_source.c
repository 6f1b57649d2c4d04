// Sources: topics, serdes, options.
#include <string.h>

#include "types/flow_check.h"

enum { MAX_TOPIC_NAME = 249, MAX_PARTITIONS = 100000 };

static bool is_topic_char(char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') || ch == '.' || ch == '_' ||
           ch == '-';
}

bool check_topic_name(struct checker *c, const char *topic, struct span span)
{
    size_t len = strlen(topic);
    size_t good = 0;
    while (is_topic_char(topic[good]))
        good++;
    bool reserved = strcmp(topic, ".") == 0 || strcmp(topic, "..") == 0;
    if (len > 0 && good == len && len <= MAX_TOPIC_NAME && !reserved)
        return true;
    struct diag *d;
    if (len == 0)
        d = diag_error(c->bag, span, "a topic needs a name");
    else if (len > MAX_TOPIC_NAME)
        d = diag_error(c->bag, span, "this topic's name has %zu characters; Kafka allows %d", len, MAX_TOPIC_NAME);
    else
        d = diag_error(c->bag, span, "\"%s\" can't be a topic's name", topic);
    diag_help(c->bag, d, "names of topics are made of letters, digits, `.`, `_` and `-`");
    return false;
}

int check_partitions(struct checker *c, int64_t partitions, struct span span)
{
    if (partitions >= 1 && partitions <= MAX_PARTITIONS)
        return (int)partitions;
    diag_error(c->bag, span, "a topic has between 1 and %d partitions", MAX_PARTITIONS);
    return 0;
}

// ---- partitioners ----

static bool param_fits(const struct var *param, const struct type *type)
{
    return type->kind == TYPE_ERROR || param->type->kind == TYPE_ERROR ||
           type_same(type_plain(param->type), type_plain(type));
}

static void report_partitioner(struct checker *c, struct name name, const struct fn *fn, const struct type *key,
                               const struct type *value)
{
    const char *k = type_show(c->arena, key);
    struct diag *d = diag_error(c->bag, name.span, "`%s` does not fit as a partitioner here", name.text);
    diag_related(c->bag, d, fn->span, "declared here");
    diag_help(c->bag, d, "it must be `fn %s(key: %s, partitions: int32) -> int32`, or with `value: %s` in between",
              name.text, k, type_show(c->arena, value));
}

static void check_partitioner_fn(struct checker *c, struct name name, const struct fn *fn, const struct type *key,
                                 const struct type *value)
{
    int n = fn->params.count;
    bool fits = (n == 2 || n == 3) && fn->result &&
                (fn->result->kind == TYPE_INT32 || fn->result->kind == TYPE_ERROR) &&
                param_fits(fn->params.items[n - 1], type_of_kind(c->types, TYPE_INT32)) &&
                !type_is_optional(fn->params.items[n - 1]->type) && param_fits(fn->params.items[0], key) &&
                (n == 2 || param_fits(fn->params.items[1], value));
    if (!fits)
        report_partitioner(c, name, fn, key, value);
}

void check_partitioner(struct checker *c, struct partitioner *out, struct name name, const struct type *key,
                       const struct type *value)
{
    out->name = name.text ? name.text : "murmur2";
    out->span = name.span;
    out->fn = NULL;
    if (!name.text || strcmp(name.text, "murmur2") == 0)
        return;
    out->fn = find_fn(c, name.text);
    if (out->fn) {
        check_partitioner_fn(c, name, out->fn, key, value);
        return;
    }
    struct diag *d = diag_error(c->bag, name.span, "there is no partitioner named `%s`", name.text);
    d->missing = true;
    const char *known[] = {"murmur2"};
    if (diag_nearest(name.text, known, 1))
        diag_help(c->bag, d, "did you mean `murmur2`?");
    else
        diag_help(c->bag, d,
                  "declare `fn %s(key: %s, partitions: int32) -> int32 = ...`, or use `murmur2`, Kafka's own",
                  name.text, type_show(c->arena, key));
}

// ---- sources ----

static void report_stateless(struct checker *c, struct span span, const char *option)
{
    struct diag *d = diag_error(c->bag, span, "`%s` is for tables: a stream keeps nothing", option);
    diag_help(c->bag, d, "declare it as `table`, if each record replaces the one before of its key");
}

static void check_stream_options(struct checker *c, const struct ast_source *ast)
{
    if (ast->versioned)
        report_stateless(c, ast->versioned_span, "versioned");
    if (ast->store.kind != AST_STORE_DEFAULT)
        report_stateless(c, ast->store.span, "store");
}

static void check_global_options(struct checker *c, const struct ast_source *ast)
{
    if (ast->versioned) {
        struct diag *d = diag_error(c->bag, ast->versioned_span, "a global table keeps no history");
        diag_help(c->bag, d, "leave out `global`, or `versioned`");
    }
    if (ast->idle)
        diag_error(c->bag, ast->idle_span, "a global table has no time: `idle` says nothing here");
}

static void check_table_options(struct checker *c, const struct ast_source *ast)
{
    if (ast->topics.count > 1 || (ast->topics.count && ast->topics.items[0].pattern)) {
        struct diag *d =
            diag_error(c->bag, ast->topics.items[ast->topics.count > 1].span, "a table is read from one topic");
        diag_help(c->bag, d, "read them as a stream: `stream NAME from ...`, then `NAME | as table`");
    }
    if (ast->key->window != AST_NOT_WINDOWED) {
        struct diag *d = diag_error(c->bag, ast->key->span, "a table can't have windowed keys of its own");
        diag_help(c->bag, d,
                  "read it as a stream, and make the window a part of the key: "
                  "`key by { key, start: window.start } | as table`");
    }
}

static void check_options(struct checker *c, const struct ast_source *ast)
{
    if (!ast->table) {
        check_stream_options(c, ast);
        return;
    }
    check_table_options(c, ast);
    if (ast->global)
        check_global_options(c, ast);
}

static void check_topics(struct checker *c, struct flow_source *source, const struct ast_source *ast)
{
    for (int i = 0; i < ast->topics.count; i++) {
        const struct ast_topic *topic = &ast->topics.items[i];
        if (!topic->pattern)
            check_topic_name(c, topic->text, topic->span);
        else if (ast->topics.count > 1)
            diag_error(c->bag, topic->span, "a pattern stands alone: it can't be listed with other topics");
        else if (*topic->text == '\0')
            diag_error(c->bag, topic->span, "this pattern is empty: it matches no topic");
        for (int k = 0; k < i; k++)
            if (strcmp(ast->topics.items[k].text, topic->text) == 0)
                diag_error(c->bag, topic->span, "\"%s\" is listed twice", topic->text);
        vec_push(c->arena, &source->topics, *topic);
    }
}

// A table's rows have keys and values: null is no row.
static void resolve_serdes(struct checker *c, struct flow_source *source, const struct ast_source *ast)
{
    source->key = serde_resolve(c, ast->key);
    source->value = serde_resolve_value(c, ast->value);
    if (source->table) {
        source->key = serde_plain(c, source->key);
        source->value = serde_plain(c, source->value);
    }
}

static struct materialized *materialize(struct checker *c, const struct ast_source *ast,
                                        const struct flow_source *source)
{
    struct materialized *m = arena_new_of(c->arena, struct materialized);
    m->store = ast->store.kind;
    m->key = source->key;
    m->value = source->value;
    return m;
}

static struct stage *source_stage(struct checker *c, const struct ast_source *ast, struct flow_source *source)
{
    struct stage *stage = stage_new(c, STAGE_SOURCE, ast->name.span, NULL);
    struct shape *out = &stage->out;
    stage->source = source;
    stage->flow = stage->within = ast->name.text;
    out->kind = source->table ? FLOW_TABLE : FLOW_STREAM;
    if (source->table)
        stage->materialized = materialize(c, ast, source);
    out->key_serde = source->key;
    out->value_serde = source->value;
    out->key = var_new(c, VAR_KEY, "key", source->key->type, source->key->span);
    out->value = var_new(c, VAR_VALUE, "value", source->value->type, source->value->span);
    out->window = source->key->window == AST_NOT_WINDOWED ? NULL : window_var(c, source->key->span);
    out->tombstones = !type_is_optional(source->value->type) && out->kind == FLOW_STREAM;
    out->in_source = true;
    out->versioned = source->versioned > 0;
    return stage;
}

// Reading one topic twice with different types is allowed, but more often a slip.
static void warn_types_differ(struct checker *c, const struct flow_source *source)
{
    for (int i = 0; i < c->program->sources.count; i++) {
        const struct flow_source *other = c->program->sources.items[i];
        for (int a = 0; a < other->topics.count; a++)
            for (int b = 0; b < source->topics.count; b++) {
                const struct ast_topic *mine = &source->topics.items[b];
                if (mine->pattern || other->topics.items[a].pattern ||
                    strcmp(mine->text, other->topics.items[a].text) != 0 ||
                    (serde_equal(source->key, other->key) && serde_equal(source->value, other->value)))
                    continue;
                struct diag *d =
                    diag_warning(c->bag, mine->span, "\"%s\" is read with two different types", mine->text);
                diag_related(c->bag, d, other->topics.items[a].span, "also read here, by `%s`", other->name);
            }
    }
}

void check_source(struct checker *c, const struct ast_source *ast, struct named_flow *named)
{
    struct flow_source *source = arena_new_of(c->arena, struct flow_source);
    check_options(c, ast);
    source->name = ast->name.text;
    source->span = ast->name.span;
    source->table = ast->table;
    source->global = ast->global;
    source->start = ast->start;
    source->time_wall = ast->time_wall;
    source->idle = ast->idle;
    source->versioned = ast->versioned;
    check_topics(c, source, ast);
    resolve_serdes(c, source, ast);
    if (ast->partitions)
        source->partitions = check_partitions(c, ast->partitions, ast->partitions_span);
    check_partitioner(c, &source->partitioner, ast->partitioner, source->key->type, source->value->type);
    struct stage *stage = source_stage(c, ast, source);
    if (ast->time) {
        struct env env = shape_env(&stage->out);
        source->time = fold_expr(c, check_expr(c, &env, ast->time, type_of_kind(c->types, TYPE_TIMESTAMP)));
    }
    // A row of a table is of no topic or offset.
    stage->out.in_source = !source->table;
    warn_types_differ(c, source);
    vec_push(c->arena, &c->program->sources, source);
    if (named) {
        named->source = named->declared = true;
        named->end = stage;
    }
}
