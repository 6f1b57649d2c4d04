// A program that runs: what was compiled, in both tiers. `weir run` makes one, --watch makes the next.
#ifndef WEIR_COMMAND_RUNNING_H
#define WEIR_COMMAND_RUNNING_H

#include "command/flags.h"
#include "command/load.h"
#include "exec/tier.h"
#include "runtime.h"

enum running_tier { RUNNING_AUTO, RUNNING_JIT, RUNNING_CC };

struct running_options {
    enum running_tier tier;
    bool debug; // -g: the C compiler's code at once, with #line
};

struct running {
    struct compilation *c;
    struct loaded loaded; // to start with
    struct writer text;
    struct tier *tier; // second tier, once started
};

// Compiles FILE; errors are printed. EXIT_DONE with *OUT set, else an exit code.
int running_compile(const struct flags *flags, const char *file, struct running_options options, struct running **out);
// Starts the second tier, which swaps itself into RT.
void running_start_tier(struct running *r, struct running_options options, struct runtime *rt);
// Nothing of it may run any more.
void running_free(struct running *r);

#endif
