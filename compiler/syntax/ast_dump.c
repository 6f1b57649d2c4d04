#include "syntax/ast_dump.h"

#include "syntax/parse.h"

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
