#include <string.h>

#include "command/running.h"
#include "command/watch.h"

static const char usage[] =
    "usage: weir run FILE [--local DIR | --brokers HOST:PORT] [flags]\n\n"
    "Compiles in memory and runs. Without --local, --brokers and a broker in the program or the environment, topics "
    "are files in topics/ beside the\n"
    "program.\n\n"
    "  --watch                compile what is saved and swap it in\n"
    "  --tier auto|jit|cc     auto (default): libtcc's code at once, the C compiler's when it is ready; jit or cc: "
    "only that one\n"
    "  -g                     the C compiler's code, for gdb: it stops on the lines of the .weir file\n"
    "  --error-format text|json\n";

struct run {
    struct flags flags;
    struct weir_options options;
    struct running_options running;
    bool watch;
};

static bool find_tier(const char *name, enum running_tier *tier)
{
    static const char *const names[] = {[RUNNING_AUTO] = "auto", [RUNNING_JIT] = "jit", [RUNNING_CC] = "cc"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i], name) == 0) {
            *tier = (enum running_tier)i;
            return true;
        }
    }
    fprintf(stderr, "weir run: --tier is auto, jit or cc, not \"%s\"\n", name);
    return false;
}

static enum flags_result read_argument(struct run *run, int argc, char **argv, int *i)
{
    const char *argument = argv[*i];
    bool wrong = false;
    if (argument[0] != '-' || argument[1] == '\0') {
        vec_push(run->flags.arena, &run->flags.files, argument);
        *i += 1;
        return FLAGS_OK;
    }
    if (strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0) {
        fputs(usage, stdout);
        options_help(stdout);
        return FLAGS_HELP;
    }
    if (flags_take(&run->flags, argc, argv, i, &wrong))
        return wrong ? FLAGS_WRONG : FLAGS_OK;
    enum options_taken taken = options_take(&run->options, argc, argv, i);
    if (taken == OPTIONS_NOT_MINE)
        flags_unknown(&run->flags, argument, options_names());
    return taken == OPTIONS_TAKEN ? FLAGS_OK : FLAGS_WRONG;
}

static enum flags_result read_arguments(struct run *run, int argc, char **argv)
{
    const char *tier = "auto";
    const struct flag own[] = {
        {"--watch", NULL, NULL, &run->watch},
        {"--tier", NULL, &tier, NULL},
        {"-g", NULL, NULL, &run->running.debug},
    };
    run->flags.own = own;
    run->flags.own_count = sizeof own / sizeof *own;
    enum flags_result result = FLAGS_OK;
    for (int i = 1; i < argc && result == FLAGS_OK;)
        result = read_argument(run, argc, argv, &i);
    run->flags.own_count = 0;
    if (result == FLAGS_OK && !find_tier(tier, &run->running.tier))
        return FLAGS_WRONG;
    if (run->running.debug)
        run->running.tier = RUNNING_CC;
    return result;
}

static int run_file(struct run *run, const char *file)
{
    struct running *running;
    int status = running_compile(&run->flags, file, run->running, &running);
    if (status != EXIT_DONE)
        return status;
    struct runtime *rt = runtime_new(running->loaded.program, &run->options);
    running_start_tier(running, run->running, rt);
    struct watch *watch = run->watch ? watch_start(&run->flags, file, run->running, rt, running) : NULL;
    status = runtime_go(rt);
    if (watch != NULL)
        running = watch_stop(watch);
    tier_cancel(running->tier);
    runtime_free(rt);
    running_free(running);
    return status;
}

int command_run(int argc, char **argv)
{
    struct arena *arena = arena_new();
    struct run run = {.flags = {.command = "run", .usage = usage, .arena = arena}};
    options_init(&run.options, "weir run");
    const char *file;
    enum flags_result read = read_arguments(&run, argc, argv);
    int status = read == FLAGS_HELP ? EXIT_DONE : EXIT_USAGE;
    if (read == FLAGS_OK && flags_one_file(&run.flags, &file))
        status = run_file(&run, file);
    options_free(&run.options);
    arena_free(arena);
    return status;
}
