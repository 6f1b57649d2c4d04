#include "syntax/ast_dump.h"

#include <inttypes.h>

#include "syntax/parse.h"

static void dump_ms(struct writer *out, const char *label, int64_t ms)
{
    if (ms >= 0)
        writer_printf(out, " %s %" PRId64 "ms", label, ms);
}

static void dump_word(struct writer *out, const char *label, struct name name)
{
    if (!name.text)
        return;
    writer_printf(out, " %s ", label);
    dump_name(out, name);
}

static void dump_names(struct writer *out, const struct name *names, int count)
{
    for (int i = 0; i < count; i++) {
        writer_puts(out, i ? ", " : " ");
        dump_name(out, names[i]);
    }
}

static void dump_quoted(struct writer *out, const char *label, const char *text)
{
    if (!text)
        return;
    writer_puts(out, label);
    dump_string(out, text);
}

static void dump_store_kind(struct writer *out, const struct ast_store_options *store)
{
    static const char *const names[] = {"", " store memory", " store rocksdb"};
    writer_puts(out, names[store->kind]);
}

// ---- serdes and sources ----

static void dump_serde(struct writer *out, const char *label, const struct ast_serde *s)
{
    if (!s)
        return;
    writer_printf(out, "%s ", label);
    if (s->window == AST_TIME_WINDOWED)
        writer_printf(out, "windowed %" PRId64 "ms ", s->window_size);
    else if (s->window == AST_SESSION_WINDOWED)
        writer_puts(out, "windowed session ");
    dump_name(out, s->format);
    writer_puts(out, s->optional ? "?" : "");
    dump_quoted(out, " delimiter ", s->delimiter ? s->delimiter->string : NULL);
    if (s->type) {
        writer_puts(out, " ");
        dump_type(out, s->type);
    }
    writer_puts(out, "\n");
}

static void dump_source(struct writer *out, const struct ast_source *s)
{
    static const char *const starts[] = {"", " start earliest", " start latest"};
    writer_puts(out, s->global ? "global table" : s->table ? "table" : "stream");
    dump_word(out, "source", s->name);
    for (int i = 0; i < s->topics.count; i++)
        dump_quoted(out, s->topics.items[i].pattern ? " pattern " : " topic ", s->topics.items[i].text);
    if (s->partitions)
        writer_printf(out, " partitions %" PRId64, s->partitions);
    dump_word(out, "partitioner", s->partitioner);
    writer_puts(out, starts[s->start]);
    dump_store_kind(out, &s->store);
    dump_ms(out, "versioned", s->versioned ? s->versioned : -1);
    dump_ms(out, "idle", s->idle ? s->idle : -1);
    writer_puts(out, s->time_wall ? " time wall\n" : "\n");
    out->indent++;
    dump_serde(out, "key", s->key);
    dump_serde(out, "value", s->value);
    dump_labelled(out, "time", s->time);
    out->indent--;
}

// ---- stages ----

static const char *const stage_names[] = {
    [AST_STAGE_FILTER] = "filter",
    [AST_STAGE_MAP] = "map",
    [AST_STAGE_LET] = "let",
    [AST_STAGE_KEY_BY] = "key by",
    [AST_STAGE_EXPAND] = "expand",
    [AST_STAGE_MERGE] = "merge",
    [AST_STAGE_SPLIT] = "split",
    [AST_STAGE_PEEK] = "peek",
    [AST_STAGE_LOG] = "log",
    [AST_STAGE_REPARTITION] = "repartition",
    [AST_STAGE_AS_TABLE] = "as table",
    [AST_STAGE_AS_STREAM] = "as stream",
    [AST_STAGE_GROUP_BY] = "group",
    [AST_STAGE_WINDOW] = "window",
    [AST_STAGE_COUNT] = "count",
    [AST_STAGE_REDUCE] = "reduce",
    [AST_STAGE_AGGREGATE] = "aggregate",
    [AST_STAGE_FOLD] = "fold",
    [AST_STAGE_EMIT] = "emit",
    [AST_STAGE_JOIN] = "join",
    [AST_STAGE_PROCESS] = "process",
    [AST_STAGE_TO] = "to",
};

static void dump_window(struct writer *out, const struct ast_stage *s)
{
    static const char *const kinds[] = {"tumbling", "hopping", "sliding", "session"};
    dump_ms(out, kinds[s->window.kind], s->window.size);
    dump_ms(out, "every", s->window.every);
    dump_ms(out, "grace", s->window.grace);
    dump_ms(out, "retain", s->window.retain);
}

static void dump_join(struct writer *out, const struct ast_stage *s)
{
    static const char *const kinds[] = {"inner", "left", "outer"};
    dump_word(out, kinds[s->join.kind], s->join.source);
    dump_word(out, "as", s->join.as);
    dump_ms(out, "within", s->join.within);
    dump_ms(out, "before", s->join.before);
    dump_ms(out, "after", s->join.after);
    dump_ms(out, "grace", s->join.grace);
}

static void dump_emit(struct writer *out, const struct ast_stage *s)
{
    static const char *const kinds[] = {" final", " changes", ""};
    writer_puts(out, kinds[s->emit.kind]);
    dump_ms(out, "every", s->emit.kind == AST_EMIT_EVERY ? s->emit.every : -1);
}

// What stands beside the stage's word.
static void dump_stage_details(struct writer *out, const struct ast_stage *s)
{
    static const char *const groups[] = {" by", " by key", " all"};
    switch (s->kind) {
    case AST_STAGE_GROUP_BY: writer_puts(out, groups[s->group]); break;
    case AST_STAGE_WINDOW: dump_window(out, s); break;
    case AST_STAGE_JOIN: dump_join(out, s); break;
    case AST_STAGE_EMIT: dump_emit(out, s); break;
    case AST_STAGE_REPARTITION:
        if (s->repartition.count)
            writer_printf(out, " %" PRId64, s->repartition.count);
        dump_word(out, "partitioner", s->repartition.partitioner);
        break;
    case AST_STAGE_TO:
        dump_quoted(out, " ", s->to.topic);
        dump_word(out, "partitioner", s->to.partitioner);
        break;
    default: dump_names(out, s->names.items, s->names.count); break;
    }
    dump_store_kind(out, &s->store);
}

static void dump_stage(struct writer *out, const struct ast_stage *s)
{
    writer_puts(out, stage_names[s->kind]);
    dump_stage_details(out, s);
    writer_puts(out, "\n");
    out->indent++;
    dump_expr(out, s->expr);
    for (int i = 0; i < s->branches.count; i++) {
        const struct ast_split_branch *branch = &s->branches.items[i];
        dump_name(out, branch->name);
        writer_puts(out, branch->cond ? "\n" : " else\n");
        out->indent++;
        dump_expr(out, branch->cond);
        out->indent--;
    }
    dump_labelled(out, "add", s->fold.add);
    dump_labelled(out, "undo", s->fold.undo);
    dump_labelled(out, "merge", s->fold.merge);
    dump_labelled(out, "on", s->join.on);
    dump_labelled(out, "by", s->repartition.by);
    dump_serde(out, "key", s->repartition.key);
    dump_labelled(out, "route", s->to.route);
    dump_serde(out, "key", s->to.key);
    dump_serde(out, "value", s->to.value);
    dump_labelled(out, "time", s->to.time);
    dump_labelled(out, "headers", s->to.headers);
    out->indent--;
}

static void dump_flow(struct writer *out, const struct ast_flow *f)
{
    out->indent++;
    if (f->head.text) {
        writer_puts(out, "from ");
        dump_name(out, f->head);
        dump_word(out, "branch", f->branch);
        writer_puts(out, "\n");
    }
    for (int i = 0; i < f->cogroup.count; i++) {
        const struct ast_cogroup_input *input = &f->cogroup.items[i];
        writer_puts(out, "cogroup ");
        dump_name(out, input->flow);
        writer_puts(out, input->by_key ? " by key\n" : " by\n");
        out->indent++;
        dump_expr(out, input->by);
        out->indent--;
    }
    for (int i = 0; i < f->stages.count; i++)
        dump_stage(out, f->stages.items[i]);
    out->indent--;
}

// ---- processor blocks ----

static void dump_block(struct writer *out, const char *label, struct ast_stmt *const *stmts, int count);

static void dump_stmt(struct writer *out, const struct ast_stmt *s)
{
    static const char *const names[] = {"emit", "let", "if", "for", "assign", "delete", "commit", "do"};
    writer_puts(out, names[s->kind]);
    dump_word(out, "name", s->name);
    dump_names(out, s->names.items, s->names.count);
    dump_quoted(out, " to ", s->topic);
    writer_puts(out, "\n");
    out->indent++;
    dump_labelled(out, "key", s->key);
    dump_labelled(out, "place", s->target);
    dump_expr(out, s->expr);
    dump_labelled(out, "time", s->time);
    dump_labelled(out, "headers", s->headers);
    dump_block(out, "then", s->body.items, s->body.count);
    dump_block(out, "else", s->otherwise.items, s->otherwise.count);
    out->indent--;
}

static void dump_block(struct writer *out, const char *label, struct ast_stmt *const *stmts, int count)
{
    if (count == 0)
        return;
    writer_printf(out, "%s\n", label);
    out->indent++;
    for (int i = 0; i < count; i++)
        dump_stmt(out, stmts[i]);
    out->indent--;
}

static void dump_pair(struct writer *out, const char *label, const struct ast_type *key, const struct ast_type *value)
{
    writer_printf(out, " %s ", label);
    if (key) {
        dump_type(out, key);
        writer_puts(out, " => ");
    }
    dump_type(out, value);
}

static void dump_store(struct writer *out, const struct ast_process_store *s)
{
    writer_puts(out, "store ");
    dump_name(out, s->name);
    dump_pair(out, "of", s->key, s->value);
    dump_word(out, "kind", s->kind);
    dump_store_kind(out, &s->store);
    dump_ms(out, "window", s->window);
    dump_ms(out, "session", s->session);
    dump_ms(out, "versioned", s->versioned);
    dump_ms(out, "retain", s->retain);
    writer_puts(out, s->no_changelog ? " no changelog" : "");
    writer_puts(out, s->shared ? " shared\n" : "\n");
}

static void dump_process(struct writer *out, const struct ast_decl *d)
{
    dump_pair(out, "in", d->in_key, d->in_value);
    if (d->result)
        dump_pair(out, "out", d->result_key, d->result);
    writer_puts(out, "\n");
    out->indent++;
    for (int i = 0; i < d->stores.count; i++)
        dump_store(out, &d->stores.items[i]);
    for (int i = 0; i < d->handlers.count; i++) {
        const struct ast_process_handler *h = &d->handlers.items[i];
        writer_puts(out, h->punctuation ? "every" : h->input.text ? "on" : "on record");
        dump_ms(out, h->wall ? "wall" : "stream", h->punctuation ? h->every : -1);
        dump_word(out, "input", h->input);
        writer_puts(out, "\n");
        out->indent++;
        dump_block(out, "do", h->body.items, h->body.count);
        out->indent--;
    }
    out->indent--;
}

// ---- tests ----

static void dump_step(struct writer *out, const struct ast_test_step *s)
{
    static const char *const names[] = {"feed", "advance", "expect", "expect nothing", "bad"};
    writer_puts(out, names[s->kind]);
    dump_word(out, "flow", s->flow);
    dump_word(out, "branch", s->branch);
    dump_quoted(out, " topic ", s->topic);
    dump_ms(out, "by", s->kind == AST_TEST_ADVANCE ? s->duration : -1);
    if (s->message) {
        writer_puts(out, " ");
        writer_json_string(out, s->message, s->message_len);
    }
    writer_puts(out, "\n");
    out->indent++;
    dump_labelled(out, "key", s->key);
    dump_labelled(out, "at", s->time);
    dump_labelled(out, "until", s->time_end);
    dump_labelled(out, "headers", s->headers);
    dump_labelled(out, "value", s->value);
    out->indent--;
}

// ---- declarations ----

static void dump_settings(struct writer *out, const struct ast_decl *d)
{
    writer_puts(out, "\n");
    out->indent++;
    for (int i = 0; i < d->settings.count; i++) {
        const struct ast_setting *s = &d->settings.items[i];
        writer_puts(out, "set ");
        dump_name(out, s->name);
        writer_puts(out, "\n");
        out->indent++;
        for (int j = 0; j < s->values.count; j++)
            dump_expr(out, s->values.items[j]);
        for (int j = 0; j < s->properties.count; j++) {
            dump_name(out, s->properties.items[j].name);
            writer_puts(out, "\n");
            out->indent++;
            dump_expr(out, s->properties.items[j].value);
            out->indent--;
        }
        out->indent--;
    }
    out->indent--;
}

static void dump_fn(struct writer *out, const struct ast_decl *d)
{
    writer_puts(out, d->pure ? " pure (" : " (");
    for (int i = 0; i < d->params.count; i++) {
        writer_puts(out, i ? ", " : "");
        dump_name(out, d->params.items[i].name);
        writer_puts(out, ": ");
        dump_type(out, d->params.items[i].type);
    }
    writer_puts(out, ") -> ");
    dump_type(out, d->result);
    dump_quoted(out, " from ", d->file);
    writer_puts(out, "\n");
    out->indent++;
    dump_expr(out, d->body);
    out->indent--;
}

static void dump_members(struct writer *out, const struct ast_decl *d)
{
    dump_word(out, "by", d->tag);
    writer_puts(out, "\n");
    out->indent++;
    for (int i = 0; i < d->members.count; i++) {
        dump_name(out, d->members.items[i].name);
        writer_puts(out, ": ");
        dump_type(out, d->members.items[i].type);
        writer_puts(out, "\n");
    }
    out->indent--;
}

static void dump_type_decl(struct writer *out, const struct ast_decl *d)
{
    if (d->type) {
        writer_puts(out, " = ");
        dump_type(out, d->type);
    }
    dump_quoted(out, " from ", d->file);
    dump_word(out, "message", d->message);
    writer_puts(out, "\n");
}

static void dump_test(struct writer *out, const struct ast_decl *d)
{
    dump_quoted(out, " ", d->title);
    writer_puts(out, "\n");
    out->indent++;
    for (int i = 0; i < d->steps.count; i++)
        dump_step(out, &d->steps.items[i]);
    out->indent--;
}

static void dump_decl(struct writer *out, const struct ast_decl *d)
{
    static const char *const names[] = {"app",  "import", "type",   "enum",    "union", "",
                                        "flow", "fn",     "extern", "process", "test"};
    if (d->kind == AST_DECL_SOURCE) {
        dump_source(out, d->source);
        return;
    }
    writer_puts(out,
                d->kind == AST_DECL_FLOW && d->name.text ? (d->table ? "table flow" : "stream flow") : names[d->kind]);
    if (d->name.text)
        dump_names(out, &d->name, 1);
    switch (d->kind) {
    case AST_DECL_APP: dump_settings(out, d); break;
    case AST_DECL_TYPE:
    case AST_DECL_IMPORT: dump_type_decl(out, d); break;
    case AST_DECL_ENUM:
        writer_puts(out, " =");
        dump_names(out, d->cases.items, d->cases.count);
        writer_puts(out, "\n");
        break;
    case AST_DECL_UNION: dump_members(out, d); break;
    case AST_DECL_FLOW:
        writer_puts(out, "\n");
        dump_flow(out, d->flow);
        break;
    case AST_DECL_FN:
    case AST_DECL_EXTERN: dump_fn(out, d); break;
    case AST_DECL_PROCESS: dump_process(out, d); break;
    case AST_DECL_TEST: dump_test(out, d); break;
    case AST_DECL_SOURCE: break;
    }
}

void ast_dump(struct writer *out, const struct ast_file *file)
{
    for (int i = 0; i < file->decls.count; i++)
        dump_decl(out, file->decls.items[i]);
}
