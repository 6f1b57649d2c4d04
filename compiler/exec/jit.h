// Compiles emitted C in memory with libtcc: no files, no headers, no compiler needed; a few milliseconds.
#ifndef WEIR_EXEC_JIT_H
#define WEIR_EXEC_JIT_H

#include "base/arena.h"
#include "weir_program.h"

struct jit;

// NULL with *WHY (arena text) if the text does not compile, which is a bug of the emitter.
struct jit *jit_compile(struct arena *arena, const char *text, const char **why);
const struct weir_program *jit_program(const struct jit *jit);
// Nothing of the program may run any more.
void jit_free(struct jit *jit);

#endif
