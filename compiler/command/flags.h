// Flags and messages that the commands share.
#ifndef WEIR_COMMAND_FLAGS_H
#define WEIR_COMMAND_FLAGS_H

#include "command/commands.h"

// A command's own flag: `--name VALUE` or `--name=VALUE` sets *value, a switch sets *on.
struct flag {
    const char *name;  // "--stage"
    const char *brief; // "-o", or NULL
    const char **value;
    bool *on;
};

struct flags {
    const char *command; // "emit"
    const char *usage;   // printed for --help
    const struct flag *own;
    int own_count;
    enum diag_format format; // --error-format
    VEC(const char *) files; // what is not a flag, in order
    struct arena *arena;
};

enum flags_result { FLAGS_OK, FLAGS_HELP, FLAGS_WRONG };

// Reads argv[1..]; `--help` prints the usage on stdout, mistakes are explained on stderr.
enum flags_result flags_read(struct flags *flags, int argc, char **argv);
// The same for one argument, for commands with further tables: true if argv[*i] was one of these, *i then past it; *WRONG if it was misused.
bool flags_take(struct flags *flags, int argc, char **argv, int *i, bool *wrong);
// "weir emit: unknown flag --stag" with the nearest of the flags and of MORE (ended by NULL; may be NULL).
void flags_unknown(const struct flags *flags, const char *argument, const char *const *more);
// Says how many files are wanted if there are others; *FILE is the only one.
bool flags_one_file(const struct flags *flags, const char **file);

// Colours on standard error: a terminal that has not said NO_COLOR.
bool flags_colour(int fd);

// driver_compile, with everything found printed on standard error. EXIT_DONE if C is there to be run.
int flags_compile(const struct flags *flags, struct compilation *c, const char *file, enum driver_stage stage,
                  struct plan_options options);

#endif
