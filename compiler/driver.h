// The pipeline as a list of passes: text -> AST -> typed program -> topology -> plan -> C.
#ifndef WEIR_DRIVER_H
#define WEIR_DRIVER_H

#include "base/diag.h"
#include "base/writer.h"
#include "exec/externs.h"
#include "plan/plan.h"

// One compilation; everything in it is the arena's.
struct compilation {
    struct arena *arena;
    struct intern *names;
    struct source_set sources;
    struct diag_bag bag;
    VEC(struct ast_file *) files; // [0] is the program, the others its imports
    struct program *program;
    struct topology *topology;
    struct plan *plan;
    struct externs *externs; // NULL: the program calls no C
};

enum driver_stage { DRIVER_AST, DRIVER_TYPES, DRIVER_PLAN };

struct compilation *compilation_new(void);
void compilation_free(struct compilation *c);

// Runs the passes up to STAGE; stops behind the first that reported errors. False with *WHY set (arena text) if a file can't be read;
// otherwise what was found is in c->bag.
bool driver_compile(struct compilation *c, const char *path, enum driver_stage stage, struct plan_options options,
                    const char **why);

// The C of a plan. LINES: #line directives to the .weir file. The caller frees the writer.
void driver_emit(const struct compilation *c, bool lines, struct writer *out);

#endif
