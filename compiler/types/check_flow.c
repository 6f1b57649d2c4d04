// Flows: from the head through the stages, to what becomes of the end.
#include <string.h>

#include "types/flow_check.h"
#include "types/texpr_walk.h"

enum { MAX_DEPTH = 500 };

// ---- stages ----

void stage_add_input(struct checker *c, struct stage *stage, struct stage *input)
{
    int *depth = &c->flow_scope->depths.items[stage->id];
    int behind = c->flow_scope->depths.items[input->id] + 1;
    *depth = *depth > behind ? *depth : behind;
    vec_push(c->arena, &stage->inputs, input);
    vec_push(c->arena, &input->outputs, stage);
}

struct stage *stage_new(struct checker *c, enum stage_kind kind, struct span span, struct stage *input)
{
    struct stage *stage = arena_new_of(c->arena, struct stage);
    stage->kind = kind;
    stage->span = span;
    stage->id = c->program->stages.count;
    vec_push(c->arena, &c->program->stages, stage);
    vec_push(c->arena, &c->flow_scope->depths, 0);
    if (input) {
        stage_add_input(c, stage, input);
        stage->out = input->out;
        // A shared array would let one flow's lets grow into another's.
        stage->out.lets.capacity = stage->out.lets.count;
    }
    return stage;
}

struct stage *flow_append_at(struct flow_cursor *f, enum stage_kind kind, struct span span)
{
    f->at = stage_new(f->c, kind, span, f->at);
    f->at->within = f->within;
    return f->at;
}

struct stage *flow_append(struct flow_cursor *f, enum stage_kind kind, const struct ast_stage *ast)
{
    return flow_append_at(f, kind, ast->span);
}

// Broken flows carry values of TYPE_ERROR, which fit everywhere: what stands behind is still looked at, in silence.
void flow_break(struct flow_cursor *f, struct span span)
{
    const struct type *error = type_of_kind(f->c->types, TYPE_ERROR);
    struct serde *serde = arena_new_of(f->c->arena, struct serde);
    serde->type = error;
    serde->span.file = -1;
    f->at = stage_new(f->c, STAGE_PEEK, span, NULL);
    f->at->within = f->within;
    f->at->out.key = var_new(f->c, VAR_KEY, "key", error, span);
    f->at->out.value = var_new(f->c, VAR_VALUE, "value", error, span);
    f->at->out.key_serde = serde;
    f->at->out.in_source = true;
}

bool stage_is_broken(const struct stage *stage)
{
    return stage->out.key->type->kind == TYPE_ERROR && stage->out.value->type->kind == TYPE_ERROR;
}

struct env shape_env(const struct shape *shape)
{
    return (struct env){.shape = shape, .known = shape->known, .in_source = shape->in_source};
}

struct value_search {
    const struct flow_scope *scope;
    bool found;
};

static void search_value(void *arg, const struct texpr *e)
{
    struct value_search *search = arg;
    if (e->kind == TEXPR_VAR && e->var->kind == VAR_VALUE)
        search->found = true;
    for (int i = 0; e->kind == TEXPR_VAR && i < search->scope->value_lets.count; i++)
        if (search->scope->value_lets.items[i] == e->var)
            search->found = true;
    if (!search->found)
        texpr_each_part(e, search_value, arg);
}

bool reads_value(const struct checker *c, const struct texpr *e)
{
    struct value_search search = {.scope = c->flow_scope};
    if (e)
        search_value(&search, e);
    return search.found;
}

// ---- which stage may stand where ----

enum {
    ON_STREAM = 1 << FLOW_STREAM,
    ON_TABLE = 1 << FLOW_TABLE,
    ON_GROUPED = 1 << FLOW_GROUPED_STREAM | 1 << FLOW_GROUPED_TABLE
};

struct stage_rule {
    const char *word;
    int on;
    stage_check *check;
};

static const struct stage_rule rules[] = {
    [AST_STAGE_FILTER] = {"filter", ON_STREAM | ON_TABLE, check_filter},
    [AST_STAGE_MAP] = {"map", ON_STREAM | ON_TABLE, check_map},
    [AST_STAGE_LET] = {"let", ON_STREAM | ON_TABLE, check_let},
    [AST_STAGE_KEY_BY] = {"key by", ON_STREAM, check_key_by},
    [AST_STAGE_EXPAND] = {"expand", ON_STREAM, check_expand},
    [AST_STAGE_MERGE] = {"merge", ON_STREAM, check_merge},
    [AST_STAGE_SPLIT] = {"split", ON_STREAM, check_split},
    [AST_STAGE_PEEK] = {"peek", ON_STREAM, check_peek},
    [AST_STAGE_LOG] = {"log", ON_STREAM, check_peek},
    [AST_STAGE_REPARTITION] = {"repartition", ON_STREAM | ON_TABLE, check_repartition},
    [AST_STAGE_AS_TABLE] = {"as table", ON_STREAM, check_as_table},
    [AST_STAGE_AS_STREAM] = {"as stream", ON_TABLE, check_as_stream},
    [AST_STAGE_GROUP_BY] = {"group by", ON_STREAM | ON_TABLE, check_group_by},
    [AST_STAGE_WINDOW] = {"window", ON_GROUPED, check_window},
    [AST_STAGE_COUNT] = {"count", ON_GROUPED, check_count},
    [AST_STAGE_REDUCE] = {"reduce", ON_GROUPED, check_reduce},
    [AST_STAGE_AGGREGATE] = {"aggregate", ON_GROUPED, check_aggregate},
    [AST_STAGE_FOLD] = {"fold", ON_GROUPED, check_fold},
    [AST_STAGE_EMIT] = {"emit", ON_TABLE, check_emit},
    [AST_STAGE_JOIN] = {"join", ON_STREAM | ON_TABLE, check_join},
    [AST_STAGE_PROCESS] = {"process", ON_STREAM, check_process},
    [AST_STAGE_TO] = {"to", ON_STREAM | ON_TABLE, check_to},
};

static const char *kind_name(enum flow_kind kind)
{
    switch (kind) {
    case FLOW_STREAM: return "a stream";
    case FLOW_TABLE: return "a table";
    default: return "grouped";
    }
}

static void report_wrong_kind(struct flow_cursor *f, const struct ast_stage *ast, const struct stage_rule *rule)
{
    struct diag *d = diag_error(f->c->bag, ast->word, "`%s` does not work on %s", rule->word,
                                f->at->out.kind >= FLOW_GROUPED_STREAM ? "groups" : kind_name(f->at->out.kind));
    if ((ast->kind == AST_STAGE_AS_TABLE && f->at->out.kind == FLOW_TABLE) ||
        (ast->kind == AST_STAGE_AS_STREAM && f->at->out.kind == FLOW_STREAM))
        diag_help(f->c->bag, d, "it is %s already: leave this out", kind_name(f->at->out.kind));
    else if (rule->on == ON_GROUPED)
        diag_help(f->c->bag, d, "say first what belongs together: `group by EXPR`, `group by key` or `group all`");
    else if (f->at->out.kind == FLOW_TABLE)
        diag_help(f->c->bag, d, "go on with the table's changes: `as stream | %s ...`", rule->word);
    else if (rule->on == ON_TABLE)
        diag_help(f->c->bag, d, "this flow is %s; only tables have what `%s` needs", kind_name(f->at->out.kind),
                  rule->word);
    else
        diag_help(f->c->bag, d, "groups end in `count`, `aggregate`, `reduce` or `fold`");
}

static void report_after_end(struct flow_cursor *f, const struct ast_stage *ast, const char *word)
{
    struct diag *d =
        diag_error(f->c->bag, ast->word, "`%s` stands behind `%s`, which ends the flow", rules[ast->kind].word, word);
    if (strcmp(word, "to") == 0)
        diag_help(f->c->bag, d,
                  "name the flow before it (`stream NAME = ...`), then write `NAME | to ...` and `NAME | %s ...`",
                  rules[ast->kind].word);
    else if (strcmp(word, "process") == 0)
        diag_help(f->c->bag, d, "the block says `-> nothing`; what it emits goes on if it says of which type: `-> T`");
    else
        diag_help(f->c->bag, d, "go on from a branch, on a line of its own: `%s.%s | %s ...`",
                  f->named ? f->named->name.text : "NAME",
                  f->flow->stages.items[f->index - 1]->branches.count
                      ? f->flow->stages.items[f->index - 1]->branches.items[0].name.text
                      : "BRANCH",
                  rules[ast->kind].word);
}

// Whether the stage before the cursor leaves nothing to go on with.
static const char *ended_by(const struct flow_cursor *f)
{
    if (f->index == 0)
        return NULL;
    enum ast_stage_kind before = f->flow->stages.items[f->index - 1]->kind;
    bool nothing = before == AST_STAGE_PROCESS && f->at->kind == STAGE_PROCESS;
    return before == AST_STAGE_TO ? "to" : before == AST_STAGE_SPLIT ? "split" : nothing ? "process" : NULL;
}

// What is fused is nested in the generated code.
static void check_depth(struct flow_cursor *f, const struct ast_stage *ast)
{
    if (stage_is_broken(f->at) || f->c->flow_scope->depths.items[f->at->id] < MAX_DEPTH)
        return;
    struct diag *d = diag_error(f->c->bag, ast->word, "more than %d stages stand behind one another here", MAX_DEPTH);
    diag_help(f->c->bag, d, "one `map` computes many things, one `filter` checks many: `a && b`");
    flow_break(f, ast->span);
}

static void check_stage(struct flow_cursor *f)
{
    const struct ast_stage *ast = f->flow->stages.items[f->index];
    if (ast->kind == AST_STAGE_ERROR) {
        flow_break(f, ast->span);
        return;
    }
    const struct stage_rule *rule = &rules[ast->kind];
    const char *end = ended_by(f);
    check_depth(f, ast);
    if (end) {
        report_after_end(f, ast, end);
        flow_break(f, ast->span);
    }
    if (stage_is_broken(f->at) || rule->on & 1 << f->at->out.kind) {
        flow_keep_prevs(f, ast);
        rule->check(f, ast);
    } else {
        report_wrong_kind(f, ast, rule);
        flow_break(f, ast->span);
    }
}

// ---- flows ----

static void start_flow(struct flow_cursor *f)
{
    if (f->flow->cogroup.count) {
        check_cogroup(f);
        return;
    }
    f->at = flow_use(f->c, f->flow->head, f->flow->branch);
    if (f->at && stage_is_global(f->at)) {
        struct diag *d = diag_error(f->c->bag, f->flow->head.span, "`%s` is a global table: it can only be joined",
                                    f->flow->head.text);
        diag_label(f->c->bag, d, "each instance has all of it, so its changes would flow on many times");
        diag_help(f->c->bag, d, "write `STREAM | join %s on ...`, or declare it without `global`", f->flow->head.text);
        f->at = NULL;
    }
    if (!f->at)
        flow_break(f, f->flow->span);
}

static void name_end(struct flow_cursor *f, const struct ast_decl *decl)
{
    struct checker *c = f->c;
    bool table = f->at->out.kind == FLOW_TABLE;
    const struct ast_stage *last = f->flow->stages.count ? vec_last(&f->flow->stages) : NULL;
    f->named->declared = true;
    f->named->end = f->at;
    if (!f->at->flow && !f->named->split)
        f->at->flow = f->named->name.text;
    if (stage_is_broken(f->at) || f->named->split)
        return;
    if (last && last->kind == AST_STAGE_TO) {
        struct diag *d =
            diag_error(c->bag, last->word, "`to` ends a flow, so nothing is left for `%s` to name", decl->name.text);
        diag_help(c->bag, d,
                  "leave `%s %s =` out, or end the flow before `to` and write `%s | to ...` on a line of its own",
                  decl->table ? "table" : "stream", decl->name.text, decl->name.text);
    } else if (f->at->kind == STAGE_PROCESS) {
        struct diag *d = diag_error(c->bag, last->word, "`%s` emits nothing, so nothing is left for `%s` to name",
                                    f->at->process->name, decl->name.text);
        diag_help(c->bag, d, "leave `%s %s =` out", decl->table ? "table" : "stream", decl->name.text);
    } else if (f->at->out.kind >= FLOW_GROUPED_STREAM) {
        struct diag *d = diag_error(c->bag, decl->name.span,
                                    "`%s` ends in groups, which are neither a stream nor a table", decl->name.text);
        diag_help(c->bag, d, "go on with `count`, `aggregate`, `reduce` or `fold`");
    } else if (decl->table != table) {
        struct diag *d = diag_error(c->bag, decl->name.span, "`%s` is %s", decl->name.text, kind_name(f->at->out.kind));
        diag_help(c->bag, d, "declare it as `%s %s = ...`, or end it with `as %s`", table ? "table" : "stream",
                  decl->name.text, table ? "stream" : "table");
    }
}

// A flow without a name must do something by itself.
static void check_bare_end(struct flow_cursor *f)
{
    const struct ast_stage *last = f->flow->stages.count ? vec_last(&f->flow->stages) : NULL;
    if (stage_is_broken(f->at))
        return;
    if (last && last->kind == AST_STAGE_SPLIT) {
        struct diag *d = diag_error(f->c->bag, last->word, "a split needs a name for its flow");
        diag_help(f->c->bag, d, "write `stream NAME = ... | split { ... }`; its branches are then `NAME.%s` and so on",
                  last->branches.count ? last->branches.items[0].name.text : "a");
        return;
    }
    if (last && (last->kind == AST_STAGE_TO || last->kind == AST_STAGE_PEEK || last->kind == AST_STAGE_LOG ||
                 last->kind == AST_STAGE_PROCESS))
        return;
    struct diag *d = diag_warning(f->c->bag, f->flow->span, "this flow goes nowhere");
    diag_help(f->c->bag, d, "end it with `to \"topic\"`, or name it: `stream NAME = ...`");
}

static void check_flow(struct checker *c, const struct ast_decl *decl, struct named_flow *named)
{
    struct flow_cursor f = {.c = c, .flow = decl->flow, .named = named};
    f.within = decl->name.text ? decl->name.text : decl->flow->head.text ? decl->flow->head.text : "cogroup";
    c->flow_scope->current = named;
    c->flow_scope->left_behind.count = 0;
    start_flow(&f);
    for (; f.index < decl->flow->stages.count; f.index++)
        check_stage(&f);
    if (named)
        name_end(&f, decl);
    else if (!decl->name.text)
        check_bare_end(&f);
}

// ---- the program's flows ----

// All names first, so that a use before the declaration can be told from a wrong name.
static void add_names(struct checker *c, const struct ast_file *file, struct named_flow **named)
{
    for (int i = 0; i < file->decls.count; i++) {
        const struct ast_decl *decl = file->decls.items[i];
        if (decl->kind == AST_DECL_SOURCE && decl->source->name.text)
            named[i] = flow_add(c, decl->source->name);
        else if (decl->kind == AST_DECL_FLOW && decl->name.text)
            named[i] = flow_add(c, decl->name);
    }
}

// An import brings in types and functions: its flows are its own.
void check_flows(struct checker *c, struct ast_file *const *files, int count)
{
    if (count == 0)
        return;
    const struct ast_file *file = files[0];
    c->flow_scope = arena_new_of(c->arena, struct flow_scope);
    struct named_flow **named = arena_alloc(c->arena, sizeof *named * (size_t)(file->decls.count + 1));
    c->flow_scope->file = file;
    c->flow_scope->imports = files + 1;
    c->flow_scope->import_count = count - 1;
    add_names(c, file, named);
    declare_processes(c, files, count);
    for (int i = 0; i < file->decls.count; i++) {
        const struct ast_decl *decl = file->decls.items[i];
        c->flow_scope->declaration = i;
        if (decl->kind == AST_DECL_SOURCE)
            check_source(c, decl->source, named[i]);
        else if (decl->kind == AST_DECL_FLOW)
            check_flow(c, decl, named[i]);
    }
    check_all_processes(c);
    flow_mark_used_by_tests(c, file);
    flow_warn_unused(c);
}
