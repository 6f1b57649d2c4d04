#include "syntax/ast_dump.h"

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

void dump_process(struct writer *out, const struct ast_decl *d)
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
