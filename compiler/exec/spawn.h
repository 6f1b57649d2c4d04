// Other programs: found on the path, run with an argument array (never a shell).
#ifndef WEIR_EXEC_SPAWN_H
#define WEIR_EXEC_SPAWN_H

#include <stddef.h>

#include "base/arena.h"

// The executable's path (arena text), or NULL.
const char *spawn_find(struct arena *arena, const char *name);

// Runs ARGV (NULL-terminated; argv[0] a path) with INPUT on its standard input and waits for it. NULL if it exited with 0, else why not, with what it
// wrote to standard error (arena text). It is killed when the descriptor CANCEL (-1: none) can be read.
const char *spawn_run(struct arena *arena, char *const *argv, const char *input, size_t length, int cancel);

#endif
