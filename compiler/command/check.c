#include "command/flags.h"
#include "command/load.h"
#include "runtime.h"

static const char usage[] = "usage: weir check FILE... [--brokers HOST:PORT]\n\n"
                            "Reports errors and warnings; runs nothing.\n\n"
                            "  --brokers HOST:PORT  also compare the topics and partition counts with the real ones\n"
                            "  --error-format text|json\n";

// The topics are compared by what the program does when it starts; only then it does not go on.
static int check_topics(struct compilation *c, const char *brokers)
{
    struct writer text = {0};
    struct loaded loaded;
    driver_emit(c, false, &text);
    bool ok = load("check", c, &text, LOAD_WITH_TCC, &loaded);
    writer_free(&text);
    if (!ok)
        return EXIT_FAILED;
    struct weir_options options;
    options_init(&options, "weir check");
    options.brokers = brokers;
    int status = runtime_check(loaded.program, &options);
    options_free(&options);
    unload(&loaded);
    return status;
}

static int check_file(const struct flags *flags, const char *file, const char *brokers)
{
    struct compilation *c = compilation_new();
    int status = flags_compile(flags, c, file, DRIVER_PLAN, (struct plan_options){0});
    if (status == EXIT_DONE && brokers != NULL)
        status = check_topics(c, brokers);
    compilation_free(c);
    return status;
}

int command_check(int argc, char **argv)
{
    const char *brokers = NULL;
    const struct flag own[] = {{"--brokers", NULL, &brokers, NULL}};
    struct arena *arena = arena_new();
    struct flags flags = {.command = "check", .usage = usage, .own = own, .own_count = 1, .arena = arena};
    enum flags_result read = flags_read(&flags, argc, argv);
    int status = read == FLAGS_WRONG ? EXIT_USAGE : EXIT_DONE;
    if (read == FLAGS_OK && flags.files.count == 0) {
        fputs("weir check: which .weir files?\nTry `weir check --help`.\n", stderr);
        status = EXIT_USAGE;
    }
    for (int i = 0; read == FLAGS_OK && i < flags.files.count; i++) {
        int one = check_file(&flags, flags.files.items[i], brokers);
        status = one > status ? one : status;
    }
    arena_free(arena);
    return status;
}
