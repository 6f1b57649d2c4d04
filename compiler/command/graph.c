#include <string.h>

#include "command/flags.h"

static const char usage[] = "usage: weir graph FILE [--format text|dot|mermaid|svg]\n\n"
                            "Draws the topology on standard output.\n\n"
                            "  --format text|dot|mermaid|svg   text (default) is for a terminal\n"
                            "  --error-format text|json\n";

static bool find_format(const char *name, enum graph_format *format)
{
    static const char *const names[] = {
        [GRAPH_TEXT] = "text", [GRAPH_DOT] = "dot", [GRAPH_MERMAID] = "mermaid", [GRAPH_SVG] = "svg"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i], name) == 0) {
            *format = (enum graph_format)i;
            return true;
        }
    }
    fprintf(stderr, "weir graph: no format \"%s\": there are text, dot, mermaid and svg\n", name);
    return false;
}

int command_graph(int argc, char **argv)
{
    const char *name = "text", *file;
    const struct flag own[] = {{"--format", NULL, &name, NULL}};
    struct compilation *c = compilation_new();
    struct flags flags = {.command = "graph", .usage = usage, .own = own, .own_count = 1, .arena = c->arena};
    enum flags_result read = flags_read(&flags, argc, argv);
    enum graph_format format;
    int status = read == FLAGS_HELP ? EXIT_DONE : EXIT_USAGE;
    if (read == FLAGS_OK && find_format(name, &format) && flags_one_file(&flags, &file)) {
        status = flags_compile(&flags, c, file, DRIVER_PLAN, (struct plan_options){0});
        struct writer out = {0};
        if (status == EXIT_DONE) {
            graph_draw(&out, c->plan, format);
            fwrite(out.text, 1, out.len, stdout);
        }
        writer_free(&out);
    }
    compilation_free(c);
    return status;
}
