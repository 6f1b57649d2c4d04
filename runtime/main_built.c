// The command line of a built executable.
#include "runtime.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"

static void print_help(const struct weir_program *program, const char *name)
{
    printf("usage: %s [FLAGS]\n\nRuns the app %s, made from %s by weir %s.\n\n", name, program->app, program->file,
           WEIR_VERSION);
    options_help(stdout);
    printf("  %-22s %s\n  %-22s %s\n", "-h, --help", "this text", "--version", "the version of weir that made this");
    puts("\nWithout --local and --brokers the program or the environment (WEIR_BROKERS, WEIR_LOCAL) says where topics\n"
         "are; if they don't either, they are files in topics/ beside the executable. Settings may also come from the\n"
         "environment: WEIR_THREADS=4 is --set threads=4.\n\n"
         "exit codes: 0 done; 1 the program or its data is wrong; 2 wrong usage; 3 the broker or the disk failed");
}

static int wrong_argument(const struct weir_options *o, const char *argument)
{
    const char *near = options_nearest(argument, options_names());
    if (argument[0] != '-')
        log_error(o->command, "`%s`: only flags are taken (--help lists them)", argument);
    else if (near)
        log_error(o->command, "unknown flag %s; did you mean %s?", argument, near);
    else
        log_error(o->command, "unknown flag %s (--help lists them)", argument);
    return RUNTIME_USAGE;
}

// RUNTIME_DONE: go on. -1: help was printed, all is done.
static int read_flags(const struct weir_program *program, struct weir_options *o, int argc, char **argv)
{
    for (int i = 1; i < argc;) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            print_help(program, o->command);
            return -1;
        }
        if (strcmp(argv[i], "--version") == 0) {
            printf("%s, made by weir %s\n", program->app, WEIR_VERSION);
            return -1;
        }
        enum options_taken taken = options_take(o, argc, argv, &i);
        if (taken == OPTIONS_NOT_MINE)
            return wrong_argument(o, argv[i]);
        if (taken == OPTIONS_WRONG)
            return RUNTIME_USAGE;
    }
    return RUNTIME_DONE;
}

int weir_main(const struct weir_program *program, int argc, char **argv)
{
    struct weir_options options;
    char self[PATH_MAX];
    const char *slash = argc ? strrchr(argv[0], '/') : NULL;
    options_init(&options, slash ? slash + 1 : argc ? argv[0] : program->app);
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    if (n > 0) {
        self[n] = 0;
        *strrchr(self, '/') = 0;
        options.beside = self;
    }
    int exit = read_flags(program, &options, argc, argv);
    if (exit == RUNTIME_DONE)
        exit = runtime_run(program, &options);
    options_free(&options);
    return exit < 0 ? RUNTIME_DONE : exit;
}
