// `app NAME { ... }`: the application's name and settings, by the names and in the form that `--set` takes.
#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "types/flow_check.h"

enum { MAX_APP_NAME = 200 }; // internal topics have it as their prefix

typedef const char *setting_value(struct checker *c, const struct ast_setting *ast);

static struct span value_span(const struct ast_setting *ast)
{
    return ast->values.count ? span_join(ast->values.items[0]->span, vec_last(&ast->values)->span) : ast->name.span;
}

static const char *report_value(struct checker *c, const struct ast_setting *ast, const char *takes)
{
    diag_error(c->bag, value_span(ast), "`%s` takes %s", ast->name.text, takes);
    return NULL;
}

static const char *word_of(const struct ast_setting *ast, int i)
{
    return i < ast->values.count && ast->values.items[i]->kind == AST_NAME ? ast->values.items[i]->name.text : NULL;
}

// -1 where there is none between LEAST and MOST.
static int64_t number_of(const struct ast_setting *ast, int64_t least, int64_t most)
{
    if (ast->values.count != 1 || ast->values.items[0]->kind != AST_INT)
        return -1;
    const char *text = ast->values.items[0]->string;
    int64_t n = strlen(text) <= 18 ? strtoll(text, NULL, 10) : INT64_MAX;
    return n >= least && n <= most ? n : -1;
}

static const char *count_value(struct checker *c, const struct ast_setting *ast, int least, int most)
{
    int64_t n = number_of(ast, least, most);
    if (n < 0)
        return report_value(c, ast, arena_printf(c->arena, "a number from %d to %d", least, most));
    return arena_printf(c->arena, "%" PRId64, n);
}

static const char *threads_value(struct checker *c, const struct ast_setting *ast)
{
    return count_value(c, ast, 1, 256);
}

static const char *standby_value(struct checker *c, const struct ast_setting *ast)
{
    return count_value(c, ast, 0, 64);
}

static const char *processing_value(struct checker *c, const struct ast_setting *ast)
{
    const char *word = word_of(ast, 0);
    if (ast->values.count != 1 || !word || (strcmp(word, "at_least_once") != 0 && strcmp(word, "exactly_once") != 0))
        return report_value(c, ast, "`at_least_once` or `exactly_once`");
    return word;
}

static const char *commit_value(struct checker *c, const struct ast_setting *ast)
{
    const struct ast_expr *e = ast->values.count == 1 ? ast->values.items[0] : NULL;
    if (!e || e->kind != AST_DURATION || e->integer < 1 || e->integer > INT32_MAX)
        return report_value(c, ast, "a duration, for example `100ms` or `5s`");
    return arena_printf(c->arena, "%" PRId64 "ms", e->integer);
}

static const char *max_task_idle_value(struct checker *c, const struct ast_setting *ast)
{
    const struct ast_expr *e = ast->values.count == 1 ? ast->values.items[0] : NULL;
    if (e && e->kind == AST_DURATION && e->integer >= 0 && e->integer <= INT32_MAX)
        return arena_printf(c->arena, "%" PRId64 "ms", e->integer);
    if (number_of(ast, 0, 0) == 0)
        return "0";
    if (e && e->kind == AST_UNARY && e->op == OP_NEG && e->left->kind == AST_INT && strcmp(e->left->string, "1") == 0)
        return "-1";
    return report_value(c, ast, "a duration, for example `500ms`, 0, or -1 to wait for no input");
}

static const char *cache_value(struct checker *c, const struct ast_setting *ast)
{
    const struct ast_expr *e = ast->values.count == 1 ? ast->values.items[0] : NULL;
    int64_t bytes = number_of(ast, 0, INT64_MAX - 1);
    if (e && e->kind == AST_SIZE)
        bytes = e->integer;
    if (bytes < 0)
        return report_value(c, ast, "a size, for example `64MB`, or 0");
    return arena_printf(c->arena, "%" PRId64, bytes);
}

// The text of a string without NULs, or NULL.
static const char *text_of(const struct ast_expr *e)
{
    return e->kind == AST_STRING && e->string_len > 0 && strlen(e->string) == e->string_len ? e->string : NULL;
}

static const char *state_dir_value(struct checker *c, const struct ast_setting *ast)
{
    const char *folder = ast->values.count == 1 ? text_of(ast->values.items[0]) : NULL;
    return folder ? folder : report_value(c, ast, "a folder in quotes, for example `\"state\"`");
}

static const char *instance_value(struct checker *c, const struct ast_setting *ast)
{
    enum { LONGEST = 249 }; // of Kafka's
    const char *name = ast->values.count == 1 ? text_of(ast->values.items[0]) : NULL;
    for (const char *p = name; p && *p; p++)
        name = isalnum((unsigned char)*p) || strchr("._-", *p) ? name : NULL;
    if (!name || strlen(name) > LONGEST || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return report_value(c, ast, "a name in quotes, of letters, digits, `.`, `_` and `-`");
    return name;
}

static const char *bad_records_value(struct checker *c, const struct ast_setting *ast)
{
    static const char takes[] = "`fail`, `skip` or `dead_letter \"topic\"`";
    const char *word = word_of(ast, 0);
    if (!word)
        return report_value(c, ast, takes);
    if (ast->values.count == 1 && (strcmp(word, "fail") == 0 || strcmp(word, "skip") == 0))
        return word;
    const char *topic = ast->values.count == 2 ? text_of(ast->values.items[1]) : NULL;
    if (strcmp(word, "dead_letter") != 0 || !topic)
        return report_value(c, ast, takes);
    if (!check_topic_name(c, topic, ast->values.items[1]->span))
        return NULL;
    return arena_printf(c->arena, "dead_letter %s", topic);
}

static const char *on_failure_value(struct checker *c, const struct ast_setting *ast)
{
    const char *word = word_of(ast, 0);
    if (ast->values.count != 1 || !word || (strcmp(word, "stop") != 0 && strcmp(word, "retry") != 0))
        return report_value(c, ast, "`stop` or `retry`");
    return word;
}

static const struct {
    const char *name;
    setting_value *value;
} known[] = {
    {"processing", processing_value}, {"threads", threads_value},     {"commit", commit_value},
    {"cache", cache_value},           {"state_dir", state_dir_value}, {"bad_records", bad_records_value},
    {"standby", standby_value},       {"instance", instance_value},   {"max_task_idle", max_task_idle_value},
    {"on_failure", on_failure_value},
};
enum { KNOWN_COUNT = sizeof known / sizeof known[0] };

static void add_setting(struct checker *c, const char *name, const char *value, struct span span)
{
    struct setting setting = {name, value, span};
    vec_push(c->arena, &c->program->settings, setting);
}

// What a property of librdkafka is set to, as text; NULL if it is nothing of the kind.
static const char *property_text(struct checker *c, const struct ast_expr *e)
{
    switch (e->kind) {
    case AST_STRING: return strlen(e->string) == e->string_len ? e->string : NULL;
    case AST_INT:
    case AST_NUMBER: return e->string;
    case AST_BOOL: return e->boolean ? "true" : "false";
    case AST_NAME: return e->name.text;
    case AST_DURATION:
    case AST_SIZE: return arena_printf(c->arena, "%" PRId64, e->integer);
    case AST_UNARY:
        if (e->op == OP_NEG && e->left->kind == AST_INT)
            return arena_printf(c->arena, "-%s", e->left->string);
        return NULL;
    default: return NULL;
    }
}

static void check_kafka(struct checker *c, const struct ast_setting *ast)
{
    for (int i = 0; i < ast->properties.count; i++) {
        const struct ast_record_item *item = &ast->properties.items[i];
        const char *value = item->value ? property_text(c, item->value) : NULL;
        if (value && item->name.text && *item->name.text) {
            add_setting(c, arena_printf(c->arena, "kafka.%s", item->name.text), value, item->name.span);
            continue;
        }
        struct diag *d = diag_error(c->bag, item->value ? item->value->span : ast->span,
                                    "a Kafka property is text, a number or a bool");
        diag_help(c->bag, d, "for example `kafka { \"bootstrap.servers\": \"localhost:9092\" }`");
    }
    if (ast->properties.count == 0 && ast->values.count > 0) {
        struct diag *d = diag_error(c->bag, ast->span, "`kafka` takes properties in braces");
        diag_help(c->bag, d, "for example `kafka { \"bootstrap.servers\": \"localhost:9092\" }`");
    }
}

static void report_unknown(struct checker *c, const struct ast_setting *ast)
{
    const char *names[KNOWN_COUNT + 1] = {"kafka"};
    for (int i = 0; i < KNOWN_COUNT; i++)
        names[i + 1] = known[i].name;
    const char *nearest = diag_nearest(ast->name.text, names, KNOWN_COUNT + 1);
    struct diag *d = diag_error(c->bag, ast->name.span, "there is no setting `%s`", ast->name.text);
    if (nearest)
        diag_help(c->bag, d, "did you mean `%s`?", nearest);
    else
        diag_help(c->bag, d,
                  "the settings are processing, threads, commit, cache, state_dir, bad_records, on_failure, standby, "
                  "instance, max_task_idle and kafka");
}

static void check_setting(struct checker *c, const struct ast_setting *ast)
{
    if (!ast->name.text)
        return;
    if (strcmp(ast->name.text, "kafka") == 0) {
        check_kafka(c, ast);
        return;
    }
    for (int i = 0; i < KNOWN_COUNT; i++) {
        if (strcmp(known[i].name, ast->name.text) != 0)
            continue;
        const char *value = known[i].value(c, ast);
        if (value)
            add_setting(c, known[i].name, value, ast->name.span);
        return;
    }
    report_unknown(c, ast);
}

static void report_twice(struct checker *c, const struct ast_decl *app)
{
    for (int i = 0; i < app->settings.count; i++)
        for (int k = 0; k < i; k++) {
            const struct name *name = &app->settings.items[i].name, *before = &app->settings.items[k].name;
            if (!name->text || name->text != before->text)
                continue;
            struct diag *d = diag_error(c->bag, name->span, "`%s` is set twice", name->text);
            diag_related(c->bag, d, before->span, "first set here");
            break;
        }
}

// ---- the name ----

// The file's name without folder and ending, as far as topics may be called so.
static const char *name_of_file(struct checker *c, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash ? slash + 1 : path;
    const char *dot = strrchr(base, '.');
    size_t len = dot && dot > base ? (size_t)(dot - base) : strlen(base);
    char *name = arena_strndup(c->arena, base, len < MAX_APP_NAME ? len : MAX_APP_NAME);
    for (char *p = name; *p; p++)
        if (!isalnum((unsigned char)*p) && *p != '_' && *p != '-' && *p != '.')
            *p = '_';
    return *name && strcmp(name, "-") != 0 ? name : "weir";
}

static void check_name(struct checker *c, struct name name)
{
    if (strlen(name.text) <= MAX_APP_NAME && check_topic_name(c, name.text, name.span)) {
        c->program->app = name.text;
        return;
    }
    if (strlen(name.text) > MAX_APP_NAME)
        diag_error(c->bag, name.span,
                   "this name is too long: internal topics begin with it, and have at most 249 characters");
}

void check_app(struct checker *c, struct ast_file *const *files, int count)
{
    const struct ast_decl *app = NULL;
    if (count == 0)
        return;
    c->program->app = name_of_file(c, files[0]->source->name);
    for (int i = 0; i < files[0]->decls.count; i++) {
        const struct ast_decl *decl = files[0]->decls.items[i];
        if (decl->kind != AST_DECL_APP)
            continue;
        if (app) {
            struct diag *d = diag_error(c->bag, decl->name.text ? decl->name.span : decl->span, "a program is one app");
            diag_related(c->bag, d, app->name.span, "declared here first");
            continue;
        }
        app = decl;
        if (decl->name.text)
            check_name(c, decl->name);
        report_twice(c, decl);
        for (int k = 0; k < decl->settings.count; k++)
            check_setting(c, &decl->settings.items[k]);
    }
}
