// Paths as text.
#ifndef WEIR_BASE_PATH_H
#define WEIR_BASE_PATH_H

#include "base/arena.h"

// The last part of PATH, in it.
const char *path_name(const char *path);
// The folder that PATH is in, "." if it names none; it ends in its slash. Arena text.
const char *path_folder(struct arena *arena, const char *path);

#endif
