#include <inttypes.h>

#include "syntax/ast_dump.h"

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

void dump_source(struct writer *out, const struct ast_source *s)
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
    [AST_STAGE_ERROR] = "error",
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

void dump_flow(struct writer *out, const struct ast_flow *f)
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
