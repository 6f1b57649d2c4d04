// The C that a program calls: its files, as translation units beside the program's own, and shared libraries.
#ifndef WEIR_EXEC_EXTERNS_H
#define WEIR_EXEC_EXTERNS_H

#include "base/diag.h"
#include "types/program.h"

// A file: the headers, the prototypes that the program expects, and its text under its own name and lines.
struct extern_unit {
    const struct c_file *file;
    const struct source *source;
    const char *folder; // what it includes with quotes is looked for here
    const char *text;
    size_t length;
};

struct extern_library {
    const char *path;
    void *handle; // of dlopen
};

// What units use of this process, and the functions of libraries.
struct extern_symbol {
    const char *name;
    void *address;
};

struct externs {
    VEC(struct extern_unit) units;
    VEC(struct extern_library) libraries;
    VEC(struct extern_symbol) symbols;
    VEC(const struct source *) texts; // the files, and those that they include with quotes
    const char *needs_cc;             // what libtcc can't compile, and why; NULL: it can
};

// Reads, compiles and loads what PROGRAM calls; what is wrong with it is reported. Never NULL; what is not the arena's is closed by externs_free.
struct externs *externs_load(struct arena *arena, struct source_set *sources, struct diag_bag *bag,
                             const struct program *program);
void externs_free(struct externs *externs); // NULL: nothing
// Whether a program that is otherwise the same must be compiled anew.
bool externs_equal(const struct externs *a, const struct externs *b);

#endif
