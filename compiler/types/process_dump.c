// Processor blocks in `weir emit --stage types`.
#include "types/dump.h"

static void put_body(struct writer *out, struct arena *a, const struct tstmts *stmts);

static void put_store(struct writer *out, struct arena *a, const struct block_store *s)
{
    writer_printf(out, "store %s: %s => %s", s->name, serde_show(a, s->key), serde_show(a, s->value));
    if (s->size)
        writer_printf(out, ", windows of %s", duration_show(a, s->size));
    if (s->kind == BLOCK_STORE_SESSIONS)
        writer_puts(out, ", sessions");
    if (s->retention)
        writer_printf(out, ", retain %s", duration_show(a, s->retention));
    if (s->history)
        writer_printf(out, ", versioned %s", duration_show(a, s->history));
    if (s->store != AST_STORE_DEFAULT)
        writer_puts(out, s->store == AST_STORE_MEMORY ? ", memory" : ", rocksdb");
    writer_printf(out, "%s%s\n", s->no_changelog ? ", no changelog" : "", s->shared ? ", shared" : "");
}

static void put_part(struct writer *out, const char *before, const struct texpr *e)
{
    if (!e)
        return;
    writer_puts(out, before);
    texpr_show(out, e);
}

static void put_vars(struct writer *out, const struct tstmt *s)
{
    for (int i = 0; i < s->vars.count; i++) {
        const struct var *var = s->vars.items[i];
        writer_printf(out, "%s%s", i ? ", " : " ", var ? var->name : "_");
    }
}

static void put_emit(struct writer *out, const struct tstmt *s)
{
    writer_printf(out, "emit #%d", s->to ? s->to->id : -1);
    put_part(out, " ", s->key);
    put_part(out, " => ", s->value);
    writer_puts(out, s->value ? "" : " => null");
    put_part(out, " @", s->time);
    for (int i = 0; i < s->headers.count; i++) {
        writer_printf(out, " \"%s\": ", s->headers.items[i].name);
        put_part(out, "", s->headers.items[i].value);
    }
}

static void put_line(struct writer *out, const struct tstmt *s)
{
    switch (s->kind) {
    case TSTMT_LET:
        writer_printf(out, "let %s", s->var->name);
        writer_puts(out, s->var->changes ? ", which changes" : "");
        break;
    case TSTMT_SET: writer_printf(out, "set %s", s->var->name); break;
    case TSTMT_IF: writer_puts(out, "if"); break;
    case TSTMT_FOR:
    case TSTMT_SCAN:
        writer_puts(out, "for");
        put_vars(out, s);
        writer_puts(out, " in");
        break;
    case TSTMT_PUT: writer_puts(out, "put"); break;
    case TSTMT_DELETE: writer_puts(out, "delete"); break;
    case TSTMT_HEADER: writer_puts(out, "header"); break;
    case TSTMT_EMIT: put_emit(out, s); break;
    case TSTMT_COMMIT: writer_puts(out, "commit"); break;
    case TSTMT_EXPR: writer_puts(out, "do"); break;
    }
    if (s->place.store) {
        writer_puts(out, " ");
        place_show(out, &s->place);
    }
    put_part(out,
             s->kind == TSTMT_HEADER || s->kind == TSTMT_IF || s->kind == TSTMT_FOR || s->kind == TSTMT_EXPR ? " "
                                                                                                             : " = ",
             s->expr);
    if (s->kind == TSTMT_HEADER)
        put_part(out, " = ", s->value);
    writer_puts(out, "\n");
}

static void put_stmt(struct writer *out, struct arena *a, const struct tstmt *s)
{
    put_line(out, s);
    put_body(out, a, &s->body);
    if (s->otherwise.count) {
        writer_puts(out, "else\n");
        put_body(out, a, &s->otherwise);
    }
}

static void put_body(struct writer *out, struct arena *a, const struct tstmts *stmts)
{
    out->indent++;
    for (int i = 0; i < stmts->count; i++)
        put_stmt(out, a, stmts->items[i]);
    out->indent--;
}

void process_dump(struct writer *out, struct arena *a, const struct stage *stage)
{
    const struct process *process = stage->process;
    writer_printf(out, "block %s\n", process->name);
    for (int i = 0; i < process->stores.count; i++)
        put_store(out, a, process->stores.items[i]);
    for (int i = 0; i < process->handlers.count; i++) {
        const struct handler *h = &process->handlers.items[i];
        if (h->input >= 0)
            writer_printf(out, "on #%d\n", stage->inputs.items[h->input]->id);
        else
            writer_printf(out, "every %s %s\n", duration_show(a, h->every), h->wall ? "wall" : "stream");
        put_body(out, a, &h->body);
    }
}
