// The second tier of `weir run`: while libtcc's code runs, the same text is compiled by the C compiler aside and swapped in between two batches.
#ifndef WEIR_EXEC_TIER_H
#define WEIR_EXEC_TIER_H

#include "exec/aot.h"

struct tier;

// Called on the tier's thread with the faster program. True if it was taken (and the slower one is no longer used).
typedef bool tier_swap_fn(void *arg, const struct weir_program *program);

// Starts compiling a copy of TEXT. NULL if there is no C compiler or thread to be had: the first tier then simply goes on.
struct tier *tier_start(const char *text, size_t length, struct aot_options options, tier_swap_fn *swap, void *arg);
// Gives up compiling; when it returns the tier has swapped itself in or never will. TIER may be NULL.
void tier_cancel(struct tier *tier);
// Cancels, too; unloads the program, which must no longer run.
void tier_stop(struct tier *tier);

#endif
