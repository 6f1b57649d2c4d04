// `run --watch`: compiles what is saved and swaps it in between two batches; errors are shown while the old program goes on.
#ifndef WEIR_COMMAND_WATCH_H
#define WEIR_COMMAND_WATCH_H

#include "command/running.h"

struct watch;

// Watches the files of FIRST, which RT runs, from a thread of its own. NULL if that can't be had (said on stderr).
// FLAGS must outlive it.
struct watch *watch_start(const struct flags *flags, const char *file, struct running_options options,
                          struct runtime *rt, struct running *first);
// Ends the thread; returns what ran last, to be freed once RT is.
struct running *watch_stop(struct watch *w);

#endif
