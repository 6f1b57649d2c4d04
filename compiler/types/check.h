// AST to typed program: names, types, serdes, shapes of flows. Reports everything it finds; never stops at the first error.
#ifndef WEIR_TYPES_CHECK_H
#define WEIR_TYPES_CHECK_H

#include "base/diag.h"
#include "types/program.h"

// What the checker knows and makes; passed to all parts of it.
struct checker {
    struct arena *arena;
    struct intern *names;
    struct diag_bag *bag;
    struct type_table *types;
    struct program *program;
    struct type_scope *type_scope;       // resolve.c: type names
    struct fn_scope *fn_scope;           // check_fn.c
    struct flow_scope *flow_scope;       // check_flow.c: named flows and branches
    struct process_scope *process_scope; // check_process.c: processor blocks
    struct prev_scope *prev_scope;       // check_prev.c: what stages ask of records before
    int next_var;
    struct builtin_table *builtins;   // builtin.c
    struct var *metadata[VAR_WINDOW]; // timestamp, headers, ...: one variable each, made when first named
    int depth;                        // of the expression being checked
    int guessed;                      // guess.c: names compared so far
    bool trying;                      // a way to type an expression that may be given up again
    struct block_check *block;        // process_check.h: the use of a processor block that is being checked, or NULL
    struct aggregation *aggregation;  // aggregate_call.c: of the `aggregate` stage being checked, or NULL
};

// Names in scope in an expression, innermost first, with what flow typing has learned of them. Made by the flow checker for each stage.
struct env {
    const struct env *outer;
    const struct shape *shape; // fields of the value, key, value, lets; NULL in fn bodies and constants
    VEC(struct var *) vars;    // locals bound here
    const char *alias;         // another name of the shape's value, or NULL; ALIAS.key is its key
    bool only_alias;           // nothing of the shape but ALIAS is in scope: the right side of a join
    struct narrowing *known;   // check_narrow.c: paths known to be non-null or of a case here
    bool in_source;            // offset, partition... are there (no repartition in between)
};

// Checks the files (FILES[0] is the program, the others its imports, each once). Returns the typed program; use it only if BAG has no errors.
struct program *check_program(struct arena *arena, struct intern *names, struct diag_bag *bag,
                              struct ast_file *const *files, int count);

// ---- check_expr.c: expressions ----

// Checks E against an expected type (NULL: none) and converts to it where that is lossless. Never NULL; TEXPR_ERROR after a report.
struct texpr *check_expr(struct checker *c, const struct env *env, const struct ast_expr *e,
                         const struct type *expected);
// A bool; what it proves when true is added to *KNOWN for what follows (filter, where).
struct texpr *check_condition(struct checker *c, const struct env *env, const struct ast_expr *e,
                              struct narrowing **known);
// A constant expression of the type (test values, settings): folded, no variables.
struct texpr *check_constant(struct checker *c, const struct ast_expr *e, const struct type *expected);
// Constant folding: returns the simplest equal expression. Failing operations stay as they are.
struct texpr *fold_expr(struct checker *c, struct texpr *e);
// A new `window`, of a windowed key.
struct var *window_var(struct checker *c, struct span span);
// The one variable of `timestamp`, `headers`, `topic`, `partition`, `offset`.
struct var *metadata_of(struct checker *c, enum var_kind kind);
struct var *var_new(struct checker *c, enum var_kind kind, const char *name, const struct type *type, struct span span);

// ---- resolve.c: type expressions ----
const struct type *resolve_type(struct checker *c, const struct ast_type *t);
void resolve_declared_types(struct checker *c, struct ast_file *const *files, int count);

// ---- check_fn.c ----
void check_fns(struct checker *c, struct ast_file *const *files, int count);
const struct fn *find_fn(struct checker *c, const char *name);

// ---- check_flow.c: sources, flows; check_test.c: test blocks; check_app.c: settings ----
void check_flows(struct checker *c, struct ast_file *const *files, int count);
void check_tests(struct checker *c, struct ast_file *const *files, int count);
void check_app(struct checker *c, struct ast_file *const *files, int count);

// ---- types_dump.c: `weir emit --stage types` ----
struct writer;
void types_dump(struct writer *out, const struct program *program);

// ---- types_json.c: `weir emit --stage program` ----
void types_json(struct writer *out, const struct program *program);

#endif
