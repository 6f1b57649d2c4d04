#include <unistd.h>

#include "command/flags.h"
#include "command/load.h"
#include "runtime.h"

static const char usage[] = "usage: weir test FILE... [--only TEXT] [--json] [-v]\n\n"
                            "Runs the `test` blocks, without a broker and with time under their control.\n\n"
                            "  --only TEXT    only tests with TEXT in their title\n"
                            "  --json         one JSON object a line\n"
                            "  -v, --verbose  name the tests that pass, too\n"
                            "  --error-format text|json\n";

static int test_file(const struct flags *flags, const char *file, const struct test_options *options)
{
    struct compilation *c = compilation_new();
    int status = flags_compile(flags, c, file, DRIVER_PLAN, (struct plan_options){.tests = true});
    if (status == EXIT_DONE) {
        struct writer text = {0};
        struct loaded loaded;
        driver_emit(c, false, &text);
        bool ok = load("test", c, &text, LOAD_WITH_TCC, &loaded);
        writer_free(&text);
        status = ok ? runtime_test(loaded.program, options) : EXIT_FAILED;
        unload(&loaded);
    }
    compilation_free(c);
    return status;
}

int command_test(int argc, char **argv)
{
    const char *only = NULL;
    bool json = false, verbose = false;
    const struct flag own[] = {
        {"--only", NULL, &only, NULL},
        {"--json", NULL, NULL, &json},
        {"--verbose", "-v", NULL, &verbose},
    };
    struct arena *arena = arena_new();
    struct flags flags = {.command = "test", .usage = usage, .own = own, .own_count = 3, .arena = arena};
    enum flags_result read = flags_read(&flags, argc, argv);
    if (read == FLAGS_OK && flags.files.count == 0) {
        fputs("weir test: which .weir files?\nTry `weir test --help`.\n", stderr);
        read = FLAGS_WRONG;
    }
    struct test_counts counts = {0};
    struct test_options options = {
        .filters = &only,
        .filter_count = only != NULL,
        .json = json,
        .verbose = verbose,
        .counts = &counts,
        .colour = flags_colour(STDOUT_FILENO),
    };
    int status = read == FLAGS_WRONG ? EXIT_USAGE : EXIT_DONE;
    for (int i = 0; read == FLAGS_OK && i < flags.files.count; i++) {
        int one = test_file(&flags, flags.files.items[i], &options);
        status = one > status ? one : status;
    }
    // A program that doesn't compile has no tests to sum up.
    if (read == FLAGS_OK && (status == EXIT_DONE || counts.passed + counts.failed > 0))
        runtime_test_summary(&counts, &options);
    arena_free(arena);
    return status;
}
