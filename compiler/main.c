// The command line: which command, and what all of them know.
#include <stdio.h>
#include <string.h>

#include "base/diag.h"
#include "command/commands.h"

static const struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *summary;
} commands[] = {
    {"run", command_run, "compile in memory and run, on files or on Kafka"},
    {"build", command_build, "make an executable"},
    {"check", command_check, "errors and warnings only"},
    {"test", command_test, "run the test blocks"},
    {"fmt", command_fmt, "format source files"},
    {"graph", command_graph, "draw the topology"},
    {"emit", command_emit, "print the generated C, or what comes before it"},
    {"new", command_new, "start a project"},
};
enum { COMMAND_COUNT = sizeof commands / sizeof *commands };

static void usage(FILE *to)
{
    fputs("usage: weir COMMAND ...\n\n", to);
    for (int i = 0; i < COMMAND_COUNT; i++)
        fprintf(to, "  %-8s %s\n", commands[i].name, commands[i].summary);
    fputs("\n`weir COMMAND --help` tells a command's flags, `weir --version` the version.\n", to);
}

static int unknown(const char *name)
{
    const char *names[COMMAND_COUNT];
    for (int i = 0; i < COMMAND_COUNT; i++)
        names[i] = commands[i].name;
    const char *nearest = diag_nearest(name, names, COMMAND_COUNT);
    fprintf(stderr, "weir: unknown command %s", name);
    if (nearest != NULL)
        fprintf(stderr, "; did you mean %s?", nearest);
    fputs("\n\n", stderr);
    usage(stderr);
    return EXIT_USAGE;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        usage(stderr);
        return EXIT_USAGE;
    }
    const char *name = argv[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
        usage(stdout);
        return EXIT_DONE;
    }
    if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0 || strcmp(name, "version") == 0) {
        puts("weir " WEIR_VERSION);
        return EXIT_DONE;
    }
    for (int i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(commands[i].name, name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    return unknown(name);
}
