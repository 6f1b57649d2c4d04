// Any bytes: parse, print the diagnostics and the AST; what parses must format to the same AST, and to the same text
// when formatted again.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/writer.h"
#include "syntax/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct session {
    struct arena *arena;
    struct intern *names;
    struct source_set sources;
    struct diag_bag bag;
};

static struct source *add_source(struct session *s, const char *text, size_t len)
{
    return source_from_text(&s->sources, "fuzz.weir", text, (uint32_t)len);
}

static void print_diagnostics(const struct session *s)
{
    static FILE *nowhere;
    if (!nowhere && !(nowhere = fopen("/dev/null", "w")))
        abort();
    diag_print(&s->bag, nowhere, DIAG_TEXT, true);
    diag_print(&s->bag, nowhere, DIAG_JSON, false);
}

static void dump(struct session *s, struct source *source, struct writer *out)
{
    ast_dump(out, parse_file(s->arena, s->names, &s->bag, source));
}

static void expect_equal(const char *what, const struct writer *a, const struct writer *b)
{
    if (a->len == b->len && (a->len == 0 || memcmp(a->text, b->text, a->len) == 0))
        return;
    fprintf(stderr, "%s\n---- once:\n%s\n---- again:\n%s\n", what, a->text ? a->text : "", b->text ? b->text : "");
    abort();
}

static void check_format(struct session *s, struct source *source, const struct writer *ast)
{
    struct writer once = {0}, twice = {0}, ast_after = {0};
    bool formatted = format_source(s->arena, s->names, &s->bag, source, &once);
    struct source *after = add_source(s, once.text ? once.text : "", once.len);
    dump(s, after, &ast_after);
    if (!formatted || s->bag.errors > 0) {
        print_diagnostics(s);
        fprintf(stderr, "what was formatted has errors:\n%s\n", once.text ? once.text : "");
        abort();
    }
    expect_equal("formatting changed the AST", ast, &ast_after);
    format_source(s->arena, s->names, &s->bag, after, &twice);
    expect_equal("formatting again changed the text", &once, &twice);
    writer_free(&once);
    writer_free(&twice);
    writer_free(&ast_after);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct session s = {.arena = arena_new()};
    s.names = intern_new(s.arena);
    s.sources.arena = s.bag.arena = s.arena;
    s.bag.sources = &s.sources;
    struct writer ast = {0};
    struct source *source = add_source(&s, (const char *)data, size);
    dump(&s, source, &ast);
    if (s.bag.errors > 0)
        print_diagnostics(&s);
    else
        check_format(&s, source, &ast);
    writer_free(&ast);
    arena_free(s.arena);
    return 0;
}
