// Processor blocks in `weir emit --stage program`. A store is called by its name in the block.
#include "types/json_put.h"

static void put_body(struct writer *out, const char *name, const struct tstmts *stmts);

static void put_store(struct writer *out, const struct block_store *s)
{
    static const char *const kinds[] = {[BLOCK_STORE_KEYS] = "keys",
                                        [BLOCK_STORE_WINDOWS] = "windows",
                                        [BLOCK_STORE_SESSIONS] = "sessions",
                                        [BLOCK_STORE_VERSIONS] = "versions"};
    json_open(out, NULL, '{');
    json_text(out, "name", s->name);
    json_text(out, "kind", kinds[s->kind]);
    json_serde(out, "key", s->key);
    json_serde(out, "value", s->value);
    json_true(out, "memory", s->store == AST_STORE_MEMORY);
    json_true(out, "no_changelog", s->no_changelog);
    json_true(out, "shared", s->shared);
    if (s->size)
        json_int(out, "size", s->size);
    if (s->retention)
        json_int(out, "retention", s->retention);
    if (s->history)
        json_int(out, "history", s->history);
    json_close(out, '}');
}

void json_place(struct writer *out, const struct store_place *place)
{
    if (!place || !place->store)
        return;
    json_open(out, "place", '{');
    json_text(out, "store", place->store->name);
    json_texpr(out, "key", place->key);
    json_texpr(out, "at", place->at);
    json_texpr(out, "from", place->from);
    json_texpr(out, "to", place->to);
    json_close(out, '}');
}

// A name that is `_` is null.
static void put_vars(struct writer *out, const struct tstmt *s)
{
    if (s->vars.count == 0)
        return;
    json_open(out, "vars", '[');
    for (int i = 0; i < s->vars.count; i++)
        if (s->vars.items[i])
            json_var(out, NULL, s->vars.items[i]);
        else {
            json_name(out, NULL);
            writer_puts(out, "null");
        }
    json_close(out, ']');
}

static void put_stmt(struct writer *out, const struct tstmt *s)
{
    static const char *const words[] = {
        [TSTMT_LET] = "let",   [TSTMT_SET] = "set",       [TSTMT_IF] = "if",         [TSTMT_FOR] = "for",
        [TSTMT_SCAN] = "scan", [TSTMT_PUT] = "put",       [TSTMT_DELETE] = "delete", [TSTMT_HEADER] = "header",
        [TSTMT_EMIT] = "emit", [TSTMT_COMMIT] = "commit", [TSTMT_EXPR] = "expr",
    };
    json_open(out, NULL, '{');
    json_text(out, "do", words[s->kind]);
    json_var(out, "var", s->var);
    put_vars(out, s);
    json_place(out, &s->place);
    json_texpr(out, "expr", s->expr);
    if (s->to)
        json_int(out, "to", s->to->id);
    json_texpr(out, "key", s->key);
    json_texpr(out, "value", s->value);
    json_texpr(out, "time", s->time);
    if (s->headers.count)
        json_headers(out, s->headers.items, s->headers.count);
    if (s->body.count)
        put_body(out, "body", &s->body);
    if (s->otherwise.count)
        put_body(out, "otherwise", &s->otherwise);
    json_close(out, '}');
}

static void put_body(struct writer *out, const char *name, const struct tstmts *stmts)
{
    json_open(out, name, '[');
    for (int i = 0; i < stmts->count; i++)
        put_stmt(out, stmts->items[i]);
    json_close(out, ']');
}

static void put_handler(struct writer *out, const struct handler *h)
{
    json_open(out, NULL, '{');
    if (h->input >= 0)
        json_int(out, "input", h->input);
    else {
        json_int(out, "every", h->every);
        json_true(out, "wall", h->wall);
        json_var(out, "timestamp", h->timestamp);
    }
    put_body(out, "body", &h->body);
    json_close(out, '}');
}

void json_process(struct writer *out, const struct process *process)
{
    json_open(out, "process", '{');
    json_text(out, "name", process->name);
    json_open(out, "stores", '[');
    for (int i = 0; i < process->stores.count; i++)
        put_store(out, process->stores.items[i]);
    json_close(out, ']');
    json_open(out, "handlers", '[');
    for (int i = 0; i < process->handlers.count; i++)
        put_handler(out, &process->handlers.items[i]);
    json_close(out, ']');
    json_close(out, '}');
}
