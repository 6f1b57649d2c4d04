// The functions of a program: of each source, called by the runtime for each record; of each merge, called by those of its inputs; of each table,
// called for its changes. And of sources and merges the way of records without a value, where that leads anywhere.
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "emit/emitter.h"

// ---- what comes in: read only if something has asked for it ----

void bind_key(struct body *b, const struct stage *root, bool needed)
{
    struct value key = value_path(body_local(b, needed ? "key" : "incoming_key"));
    key.lasting = true;
    body_bind(b, root->out.key, key);
}

void read_key(struct body *b, const struct stage *root, const struct serde *serde)
{
    const struct binding *key = body_binding(b, root->out.key);
    struct serde inner = *serde; // behind a repartition it may be read as what is never null
    inner.type = key->var->type;
    inner.window = AST_NOT_WINDOWED;
    if (key->read)
        emit_decode(b, &inner, NULL, "key", b->key_bytes, key->value.text, !b->changes);
}

void bind_window(struct body *b, const struct stage *root)
{
    if (root->out.window)
        body_bind(b, root->out.window, value_path(body_local(b, "window")));
}

void read_window(struct body *b, const struct stage *root)
{
    const struct var *window = root->out.window;
    const struct binding *binding = window ? body_binding(b, window) : NULL;
    if (!binding || !binding->read)
        return;
    struct sub s;
    sub_begin(b, &s);
    body_line(b, "%s = { .%s = %s, .%s = %s };", type_declare(b->e, window->type, binding->value.text),
              type_member(b->e, window->type, 0), b->start, type_member(b->e, window->type, 1), b->end);
    sub_end(b, &s);
    s.locals = (const char *[]){binding->value.text, NULL};
    sub_if_read(b, &s);
}

void read_in_front(struct body *b, const struct stage *root, const struct serde *key, struct writer *stages)
{
    read_key(b, root, key);
    read_window(b, root);
    writer_put(b->out, stages->text, stages->len);
    writer_free(stages);
}

// ---- the whole function ----

static const char *skip_text(const char *p)
{
    if (*p == '"' || *p == '\'') {
        for (char quote = *p++; *p && *p != quote; p++)
            p += *p == '\\' && p[1];
        return *p ? p + 1 : p;
    }
    while (*p && *p != '\n') // a comment, or names of what may be unread
        p++;
    return p;
}

bool code_mentions(const char *code, const char *name)
{
    size_t n = strlen(name);
    for (const char *p = code; *p;) {
        if (*p == '"' || *p == '\'' || *p == UNREAD_BEGIN || (p[0] == '/' && p[1] == '/')) {
            p = skip_text(p);
            continue;
        }
        const char *word = p;
        while (isalnum((unsigned char)*p) || *p == '_')
            p++;
        if ((size_t)(p - word) == n && memcmp(word, name, n) == 0)
            return true;
        p += p == word;
    }
    return false;
}

void ignore_unless_in(struct body *b, const char *code, const char *name)
{
    if (name && !code_mentions(code, name))
        body_line(b, "(void)%s;", name);
}

// NAMES, each with a space behind it, up to the end of the line.
static bool mentions_one_of(const char *code, const char *names)
{
    for (const char *end; *names != '\n'; names = end + 1) {
        char name[256];
        end = strchr(names, ' ');
        snprintf(name, sizeof name, "%.*s", (int)(end - names), names);
        if (code_mentions(code, name))
            return true;
    }
    return false;
}

static char *line_of(char *text, char *at)
{
    while (at > text && at[-1] != '\n')
        at--;
    return at;
}

// From the last to the first, since one may read another that is made before it.
void code_drop_unread(struct writer *code)
{
    for (char *begin; code->text && (begin = strrchr(code->text, UNREAD_BEGIN));) {
        char *end = strchr(begin, UNREAD_END), *behind = end + 2, *to = line_of(code->text, begin);
        bool read = mentions_one_of(behind, begin + 1);
        char *kept = strchr(begin, '\n') + 1;
        size_t size = read ? (size_t)(line_of(code->text, end) - kept) : 0;
        memmove(to, kept, size);
        memmove(to + size, behind, strlen(behind) + 1);
        code->len = strlen(code->text);
    }
}

void function_add(struct body *b, const struct plan_function *f, const char *name, const char *params)
{
    struct writer text = {0};
    if (b->tombstone)
        writer_puts(&text, "// Records without a value.\n");
    else if (f->timer)
        span_comment(b->e, &text, f->timer->span, "");
    else if (f->root->kind == STAGE_SOURCE && !f->table)
        line_comment(b->e, &text, f->root->span);
    else
        span_comment(b->e, &text, f->root->span, f->root->kind == STAGE_SOURCE ? "" : "| ");
    struct writer *code = b->out;
    code_drop_unread(code);
    b->out = &text;
    body_line(b, "static void %s(struct weir_ctx *w%s)\n{", name, params);
    writer_put(&text, code->text, code->len);
    writer_puts(&text, "}\n");
    section_add(b->e, SECTION_FUNCTIONS, &text);
    writer_free(code);
}

void emit_function(struct emitter *e, const struct plan_function *f)
{
    if (f->timer) {
        emit_timer(e, f);
        return;
    }
    if (f->table && f->root->kind == STAGE_JOIN) {
        emit_joined(e, f);
        return;
    }
    if (f->table) {
        emit_changed(e, f);
        return;
    }
    if (f->root->kind == STAGE_JOIN) {
        emit_join_function(e, f);
        return;
    }
    if (!f->source) {
        emit_merge(e, f, false);
        return;
    }
    if (f->sees_tombstones)
        emit_source(e, f, true);
    emit_source(e, f, false);
}
