// Whether one program can take the place of another while it runs.
#ifndef WEIR_RT_PROGRAM_SWAP_H
#define WEIR_RT_PROGRAM_SWAP_H

#include "weir_program.h"

// The same app with the same sources, sinks, stores, timers and settings: tasks and clients stay as they are.
bool program_swappable(const struct weir_program *a, const struct weir_program *b);

#endif
