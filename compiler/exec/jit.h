// Compiles emitted C in memory with libtcc: no files, no headers, no compiler needed; a few milliseconds.
#ifndef WEIR_EXEC_JIT_H
#define WEIR_EXEC_JIT_H

#include "exec/externs.h"
#include "weir_program.h"

struct jit;

// NULL with *WHY (arena text) if the text does not compile, which is a bug of the emitter. EXTERNS: what it calls, or NULL.
struct jit *jit_compile(struct arena *arena, const char *text, const struct externs *externs, const char **why);
const struct weir_program *jit_program(const struct jit *jit);
// Nothing of the program may run any more.
void jit_free(struct jit *jit);

// The object file that libtcc makes of a C file of the program, malloc'd. NULL with *WHY (arena text): it can't.
char *jit_object(struct arena *arena, const struct extern_unit *unit, size_t *size, const char **why);
// Whether emitted C is given the address of a function of that NAME anyway.
bool jit_has(const char *name);

#endif
