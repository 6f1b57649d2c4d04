// What the files that check processor blocks share: check_process.c (declarations and uses), process_input.c (what comes in), block_store.c (stores), check_stmt.c
// (statements), check_for.c, check_emit_stmt.c (what they emit), check_store_place.c (places in stores).
#ifndef WEIR_TYPES_PROCESS_CHECK_H
#define WEIR_TYPES_PROCESS_CHECK_H

#include "types/expr.h"
#include "types/flow_check.h"
#include "types/name_map.h"

struct process_scope {
    struct name_map by_name;     // of the blocks
    struct name_map said_shared; // the stores that blocks declare as shared, by their names
    struct name_map shared;      // those of the blocks that are used
};

// A block as declared: a template, checked for each use.
struct declared_process {
    const struct ast_decl *decl;
    const struct type *in_key; // NULL: each use's own
    const struct type *in_value;
    const struct type *out_key;   // NULL: as it comes in
    const struct type *out_value; // NULL: nothing goes on
    bool used, tried, wrong;      // WRONG: whatever its use
};

// Where emits send to: onward or a topic.
struct emit_target {
    const char *topic;              // NULL: onward
    struct span span;               // of the first
    const struct type *key, *value; // VALUE NULL: none but tombstones so far
    const struct serde *key_serde;
    bool keyed;      // one says a key of its own
    bool tombstones; // one is null
    VEC(struct tstmt *) emits;
};

// One use of a block.
struct block_check {
    struct checker *c;
    const struct declared_process *block;
    struct process *process;
    const struct ast_process_handler *handler; // being checked
    const struct shape *record;                // that it is given; NULL: a timer
    VEC(struct emit_target) targets;           // [0]: onward
    VEC(const struct block_store *) named;     // by statements or expressions
};

// ---- process_input.c ----

struct process_input {
    struct stage *at;
    struct name name;                          // of the flow; text NULL: the one that the stage is in
    const struct ast_process_handler *handler; // NULL: nothing is done with its records
};

struct input_list {
    struct process_input *items;
    int count, capacity;
};

// The flow's own records first, then those of the flows that handlers name. False after a report; then AT may be NULL.
bool find_process_inputs(struct checker *c, const struct declared_process *block, struct stage *at,
                         struct input_list *inputs);
// They are what the block says that it takes. False after a report.
bool check_process_inputs(struct checker *c, const struct declared_process *block, const struct input_list *inputs,
                          struct span span);
// Those whose key has changed are repartitioned; all meet in one task. False after a report.
bool bring_process_inputs(struct flow_cursor *f, const struct declared_process *block, struct input_list *inputs,
                          const struct ast_stage *ast);
// Of VAR, as far as filters have narrowed it.
const struct type *known_type(struct checker *c, const struct stage *at, struct var *var);

// ---- block_store.c ----

void declare_stores(struct block_check *b);
struct block_store *find_block_store(const struct block_check *b, const char *name);
// Stores that DECL has for itself and other blocks share are reported.
void check_who_shares(struct checker *c, const struct ast_decl *decl);
// Records of a key come to the same task in all blocks that share a store.
void check_shared_stores(struct checker *c);
void warn_unused_stores(const struct block_check *b);

// ---- check_store_place.c ----

// The store that E names, unless a local variable has that name. NULL: none.
struct block_store *store_named(struct checker *c, const struct env *env, const struct ast_expr *e);
// Whether E, a place in STORE, is one row, and can be no part of it.
bool place_is_row(const struct ast_expr *e, const struct block_store *store);
enum place_use { PLACE_READ, PLACE_PUT, PLACE_DELETE, PLACE_SCAN };
// The place in STORE that E, the store's name alone or with brackets, is. False after a report that it is none.
bool check_place(struct checker *c, const struct env *env, const struct ast_expr *e, struct block_store *store,
                 enum place_use use, struct store_place *place);

// ---- check_stmt.c ----

void check_statements(struct block_check *b, struct env *env, struct ast_stmt *const *stmts, int count,
                      struct tstmts *out);
// The local variable that NAME is in ENV. NULL: none.
struct var *find_local(const struct env *env, const char *name);
// A local variable, in scope from here on.
struct var *bind_local(struct block_check *b, struct env *env, struct name name, const struct type *type);
// What statement S changes is no longer known in ENV.
void forget_changed(struct block_check *b, struct env *env, const struct ast_stmt *s);
// E, with constants folded.
struct texpr *check_stmt_expr(struct block_check *b, const struct env *env, const struct ast_expr *e,
                              const struct type *expected);

// ---- check_for.c ----

void check_for(struct block_check *b, struct env *env, const struct ast_stmt *ast, struct tstmt *s);

// ---- check_emit_stmt.c ----

void check_emit_stmt(struct block_check *b, const struct env *env, const struct ast_stmt *ast, struct tstmt *s);
// The STAGE_EMITs behind STAGE; what goes onward, or NULL.
struct stage *append_emits(struct block_check *b, struct stage *stage);

#endif
