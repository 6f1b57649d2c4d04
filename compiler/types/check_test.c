// `test` blocks: what is fed, and what is expected of flows and topics.
#include <string.h>

#include "types/flow_check.h"

struct test_check {
    struct checker *c;
    struct test *test;
    struct test_step *step;
    const struct ast_test_step *ast;
};

// ---- keys, values, times ----

// A null stands for itself in any type: a null key, a tombstone.
static struct texpr *check_part(struct test_check *t, const struct ast_expr *e, const struct type *type)
{
    if (!e || e->kind == AST_NULL || type->kind == TYPE_ERROR)
        return NULL;
    return check_constant(t->c, e, type_plain(type));
}

static void check_record(struct test_check *t, const struct type *key, const struct type *value)
{
    t->step->key = check_part(t, t->ast->key, key);
    t->step->value = check_part(t, t->ast->value, value);
    if (t->ast->headers)
        check_headers(t->c, NULL, t->ast->headers, &t->step->headers.items, &t->step->headers.count);
}

static int64_t check_time(struct test_check *t, const struct ast_expr *e)
{
    struct texpr *time = check_constant(t->c, e, type_of_kind(t->c->types, TYPE_TIMESTAMP));
    if (time->kind == TEXPR_CONST && time->constant.integer < 0) {
        struct diag *d = diag_error(t->c->bag, e->span, "Kafka has no records from before 1970");
        diag_help(t->c->bag, d, "a source with `time EXPR` may compute such a time: the record is then dropped");
    }
    return time->constant.integer;
}

// `@START..END`; the end of windows of a known size need not be said.
static void check_window_end(struct test_check *t, const struct serde *key)
{
    if (t->ast->time_end) {
        t->step->has_window_end = true;
        t->step->window_end = check_time(t, t->ast->time_end);
        if (t->step->window_end < t->step->time)
            diag_error(t->c->bag, t->ast->time_end->span, "this window ends before it starts");
    } else if (key->window == AST_TIME_WINDOWED) {
        t->step->has_window_end = true;
        t->step->window_end = t->step->time + key->window_size;
    }
}

static void report_no_window(struct test_check *t)
{
    struct diag *d = diag_error(t->c->bag, t->ast->time->span, "the key has no window here");
    diag_help(t->c->bag, d,
              t->ast->kind == AST_TEST_FEED ? "a record is fed with its time alone: `@2024-05-01T10:00:00Z`"
                                            : "`@` says of which window a row is; leave it out");
}

// What is fed with a windowed key: its window; the record's own time is the window's start.
static void check_fed_window(struct test_check *t, const struct serde *key)
{
    struct diag *d = NULL;
    if (!t->ast->time)
        d = diag_error(t->c->bag, t->ast->key->span, "this source has windowed keys: say of which window this is");
    else if (key->window == AST_SESSION_WINDOWED && !t->ast->time_end)
        d = diag_error(t->c->bag, t->ast->time->span, "a session has an end of its own");
    if (d)
        diag_help(t->c->bag, d, "`KEY @START%s => VALUE`", key->window == AST_SESSION_WINDOWED ? "..END" : "");
}

static void check_feed_time(struct test_check *t)
{
    const struct serde *key = t->step->stage->out.key_serde;
    if (key->window != AST_NOT_WINDOWED)
        check_fed_window(t, key);
    if (!t->ast->time)
        return;
    t->step->has_time = true;
    t->step->time = check_time(t, t->ast->time);
    if (key->window != AST_NOT_WINDOWED)
        check_window_end(t, key);
    else if (t->ast->time_end)
        report_no_window(t);
}

// ---- what is fed ----

static struct stage *source_of_topic(struct test_check *t, const char *topic)
{
    for (int i = 0; i < t->c->program->stages.count; i++) {
        struct stage *stage = t->c->program->stages.items[i];
        for (int k = 0; stage->kind == STAGE_SOURCE && k < stage->source->topics.count; k++)
            if (!stage->source->topics.items[k].pattern && strcmp(stage->source->topics.items[k].text, topic) == 0)
                return stage;
    }
    struct diag *d = diag_error(t->c->bag, t->ast->flow_span, "no source reads \"%s\"", topic);
    d->missing = true;
    diag_help(t->c->bag, d, "a test feeds the program's sources");
    return NULL;
}

static struct stage *fed_source(struct test_check *t)
{
    if (t->ast->topic)
        return source_of_topic(t, t->ast->topic);
    struct named_flow *named = t->ast->flow.text ? flow_find(t->c, t->ast->flow.text) : NULL;
    if (named && named->source && !t->ast->branch.text)
        return named->end;
    if (!named) {
        flow_use(t->c, t->ast->flow, t->ast->branch);
        return NULL;
    }
    struct diag *d =
        diag_error(t->c->bag, t->ast->flow_span, "`%s` is not a source: it can't be fed", t->ast->flow.text);
    diag_related(t->c->bag, d, named->name.span, "declared here");
    diag_help(t->c->bag, d, "feed the source that it starts from; `%s -> ...` says what comes out of it",
              t->ast->flow.text);
    return NULL;
}

static void check_feed(struct test_check *t)
{
    t->step->stage = fed_source(t);
    if (!t->step->stage)
        return;
    check_record(t, t->step->stage->out.key->type, t->step->stage->out.value->type);
    check_feed_time(t);
}

static bool was_fed(const struct test_check *t, const struct stage *source)
{
    for (int i = 0; i < t->test->steps.count; i++)
        if (t->test->steps.items[i].kind == AST_TEST_FEED && t->test->steps.items[i].stage == source)
            return true;
    return false;
}

static void check_bad(struct test_check *t)
{
    t->step->stage = fed_source(t);
    t->step->message = t->ast->message;
    t->step->message_len = t->ast->message_len;
    if (!t->step->stage || was_fed(t, t->step->stage))
        return;
    struct diag *d =
        diag_error(t->c->bag, t->ast->flow_span, "nothing was fed to `%s` that could be bad", t->step->stage->flow);
    d->missing = true;
    diag_help(t->c->bag, d, "`bad` judges the record fed last: write `%s <- KEY => VALUE` before it",
              t->step->stage->flow);
}

// ---- what is expected ----

static bool same_serdes(const struct sink *a, const struct sink *b)
{
    return serde_equal(a->key, b->key) && serde_equal(a->value, b->value);
}

// The sinks that may write TOPIC: those that name it, else those that choose their topic by record.
static const struct stage *find_sink(struct test_check *t, bool routed)
{
    const struct stage *found = NULL;
    for (int i = 0; i < t->c->program->stages.count; i++) {
        const struct stage *stage = t->c->program->stages.items[i];
        if (stage->kind != STAGE_SINK ||
            (routed ? !stage->sink->route : !stage->sink->topic || strcmp(stage->sink->topic, t->ast->topic) != 0))
            continue;
        if (found && !same_serdes(found->sink, stage->sink)) {
            struct diag *d =
                diag_error(t->c->bag, t->ast->flow_span, "\"%s\" holds records of different types", t->ast->topic);
            diag_related(t->c->bag, d, found->span, "sent here");
            diag_related(t->c->bag, d, stage->span, "and here");
            diag_help(t->c->bag, d, "name the flows and expect of them instead: `FLOW -> ...`");
            return NULL;
        }
        found = found ? found : stage;
    }
    return found;
}

static void report_no_sink(struct test_check *t)
{
    VEC(const char *) topics = {0};
    for (int i = 0; i < t->c->program->stages.count; i++) {
        const struct stage *stage = t->c->program->stages.items[i];
        if (stage->kind == STAGE_SINK && stage->sink->topic)
            vec_push(t->c->arena, &topics, stage->sink->topic);
    }
    struct diag *d = diag_error(t->c->bag, t->ast->flow_span, "no flow is sent to \"%s\"", t->ast->topic);
    d->missing = true;
    const char *nearest = diag_nearest(t->ast->topic, topics.items, topics.count);
    if (nearest)
        diag_help(t->c->bag, d, "did you mean \"%s\"?", nearest);
}

// A topic's key and value types; NULLs if it is of no known sink.
static void expected_topic(struct test_check *t, const struct type **key, const struct type **value)
{
    int errors = t->c->bag->errors;
    const struct stage *stage = find_sink(t, false);
    if (!stage && errors == t->c->bag->errors)
        stage = find_sink(t, true);
    t->step->topic = t->ast->topic;
    if (!stage) {
        if (errors == t->c->bag->errors)
            report_no_sink(t);
        return;
    }
    t->step->key_serde = stage->sink->key;
    t->step->value_serde = stage->sink->value;
    *key = stage->sink->key->type;
    *value = stage->sink->value->type;
}

static void expected_flow(struct test_check *t, const struct type **key, const struct type **value)
{
    t->step->stage = flow_use(t->c, t->ast->flow, t->ast->branch);
    if (!t->step->stage)
        return;
    *key = t->step->stage->out.key->type;
    *value = t->step->stage->out.value->type;
}

// The window of the row that is expected; without `..END` sessions of any end.
static void check_expected_window(struct test_check *t)
{
    const struct serde *key = t->ast->topic ? t->step->key_serde : t->step->stage->out.key_serde;
    t->step->has_time = true;
    t->step->time = check_time(t, t->ast->time);
    if (key->window != AST_NOT_WINDOWED)
        check_window_end(t, key);
    else if (key->type->kind != TYPE_ERROR)
        report_no_window(t);
}

static void check_expect(struct test_check *t)
{
    const struct type *key = NULL, *value = NULL;
    if (t->ast->topic)
        expected_topic(t, &key, &value);
    else
        expected_flow(t, &key, &value);
    if (!key || t->ast->kind == AST_TEST_NOTHING)
        return;
    check_record(t, key, value);
    if (t->ast->time)
        check_expected_window(t);
}

// ---- tests ----

static void check_step(struct checker *c, struct test *test, const struct ast_test_step *ast)
{
    struct test_step step = {.kind = ast->kind, .span = ast->span, .duration = ast->duration};
    struct test_check t = {.c = c, .test = test, .step = &step, .ast = ast};
    switch (ast->kind) {
    case AST_TEST_FEED: check_feed(&t); break;
    case AST_TEST_BAD: check_bad(&t); break;
    case AST_TEST_EXPECT:
    case AST_TEST_NOTHING: check_expect(&t); break;
    case AST_TEST_ADVANCE: break;
    }
    vec_push(c->arena, &test->steps, step);
}

// `weir test` tells tests apart by their titles.
static void check_title(struct checker *c, const struct ast_file *file, const struct ast_decl *decl)
{
    for (int i = 0; i < file->decls.count && file->decls.items[i] != decl; i++) {
        const struct ast_decl *other = file->decls.items[i];
        if (other->kind != AST_DECL_TEST || !other->title || !decl->title || strcmp(other->title, decl->title) != 0)
            continue;
        struct diag *d = diag_error(c->bag, decl->span, "there are two tests named \"%s\"", decl->title);
        diag_related(c->bag, d, other->span, "the first one");
        return;
    }
}

// An import's tests are its own.
void check_tests(struct checker *c, struct ast_file *const *files, int count)
{
    for (int i = 0; count > 0 && i < files[0]->decls.count; i++) {
        const struct ast_decl *decl = files[0]->decls.items[i];
        if (decl->kind != AST_DECL_TEST)
            continue;
        struct test *test = arena_new_of(c->arena, struct test);
        test->title = decl->title;
        test->span = decl->span;
        check_title(c, files[0], decl);
        for (int k = 0; k < decl->steps.count; k++)
            check_step(c, test, &decl->steps.items[k]);
        vec_push(c->arena, &c->program->tests, test);
    }
}
