#include <string.h>

#include "base/path.h"
#include "command/flags.h"
#include "exec/aot.h"

static const char usage[] = "usage: weir build FILE [-o APP] [-g]\n\n"
                            "Makes an executable that takes the flags of `weir run` and needs no compiler. $CC names "
                            "the C compiler, $WEIR_CFLAGS further flags.\n\n"
                            "  -o, --output APP   its name; default: the file's, without .weir\n"
                            "  -g                 for gdb: it stops on the lines of the .weir file\n"
                            "  --error-format text|json\n";

static const char *default_output(struct arena *arena, const char *file)
{
    const char *name = path_name(file);
    size_t length = strlen(name);
    bool weir = length > 5 && strcmp(name + length - 5, ".weir") == 0;
    return weir ? arena_strndup(arena, name, length - 5) : arena_printf(arena, "%s.out", name);
}

static int build(const struct compilation *c, const char *output, bool debug)
{
    struct writer text = {0};
    driver_emit(c, debug, &text);
    writer_puts(&text, "\nint main(int argc, char **argv)\n{\n    return weir_main(&weir_program, argc, argv);\n}\n");
    const char *why =
        aot_build(c->arena, text.text, text.len, output, (struct aot_options){.debug = debug, .externs = c->externs});
    if (why != NULL)
        fprintf(stderr, "weir build: %s\n", why);
    writer_free(&text);
    return why == NULL ? EXIT_DONE : EXIT_FAILED;
}

int command_build(int argc, char **argv)
{
    const char *output = NULL, *file;
    bool debug = false;
    const struct flag own[] = {{"--output", "-o", &output, NULL}, {"-g", NULL, NULL, &debug}};
    struct compilation *c = compilation_new();
    struct flags flags = {.command = "build", .usage = usage, .own = own, .own_count = 2, .arena = c->arena};
    enum flags_result read = flags_read(&flags, argc, argv);
    int status = read == FLAGS_HELP ? EXIT_DONE : EXIT_USAGE;
    if (read == FLAGS_OK && flags_one_file(&flags, &file)) {
        status = flags_compile(&flags, c, file, DRIVER_PLAN, (struct plan_options){0});
        if (status == EXIT_DONE)
            status = build(c, output != NULL ? output : default_output(c->arena, file), debug);
    }
    compilation_free(c);
    return status;
}
