// Emitted C, compiled and loaded to be run.
#ifndef WEIR_COMMAND_LOAD_H
#define WEIR_COMMAND_LOAD_H

#include "driver.h"
#include "exec/aot.h"
#include "exec/jit.h"

struct loaded {
    struct jit *jit; // NULL: the C compiler made it
    void *handle;    // of dlopen; NULL: libtcc made it
    const struct weir_program *program;
};

enum load_with { LOAD_WITH_TCC, LOAD_WITH_CC, LOAD_WITH_CC_DEBUG };

// With the C compiler, too, where libtcc can't compile what the program calls in C; that is said. COMMAND is for messages. False after one.
bool load(const char *command, const struct compilation *c, const struct writer *text, enum load_with with,
          struct loaded *out);
// Nothing of the program may run any more.
void unload(struct loaded *loaded);

#endif
