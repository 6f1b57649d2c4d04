// Compiles emitted C with the system's C compiler: into executables, and into shared objects for the second tier of `weir run`.
#ifndef WEIR_EXEC_AOT_H
#define WEIR_EXEC_AOT_H

#include <stdbool.h>
#include <sys/types.h>

#include "exec/externs.h"
#include "weir_program.h"

struct aot_options {
    bool debug;         // -g, and less optimisation so that a debugger sees every line
    const char *cflags; // further flags, split at spaces; NULL: those of $WEIR_CFLAGS
    bool cancellable;   // give up when the descriptor `cancel` can be read
    int cancel;
    const struct externs *externs; // what the text calls; NULL: nothing
};

// The C compiler: $CC, else the first of cc, gcc and clang on the path (arena text); NULL if there is none.
const char *aot_compiler(struct arena *arena);

// Builds the executable OUTPUT from emitted C. NULL if it worked, else why not (arena text, the compiler's words included).
const char *aot_build(struct arena *arena, const char *text, size_t length, const char *output,
                      struct aot_options options);

// The same text as a shared object that uses the runtime of this process. Objects are kept in the user's cache folder under the hash of all that
// goes into them. *PATH is arena text. NULL if it worked, else why not.
const char *aot_shared(struct arena *arena, const char *text, size_t length, struct aot_options options,
                       const char **path);

// The object file of a C file of the program, malloc'd. NULL with *WHY, the compiler's words included (arena text).
char *aot_object(struct arena *arena, const struct extern_unit *unit, size_t *size, const char **why);

// Loads a shared object; NULL with *WHY set if it can't be. *HANDLE is for dlclose.
const struct weir_program *aot_load(struct arena *arena, const char *path, void **handle, const char **why);

#endif
