// Makes the nodes: one call an action of the grammar.
#ifndef WEIR_SYNTAX_AST_BUILD_H
#define WEIR_SYNTAX_AST_BUILD_H

#include "syntax/parser_state.h"

// Lists while they grow on the parser's stack; the node that takes one over shares its items.
struct name_list {
    struct name *items;
    int count, capacity;
};
struct expr_list {
    struct ast_expr **items;
    int count, capacity;
};
struct entry_list {
    struct ast_map_item *items;
    int count, capacity;
};
struct item_list {
    struct ast_record_item *items;
    int count, capacity;
};
struct arm_list {
    struct ast_match_arm *items;
    int count, capacity;
};
struct field_list {
    struct ast_field *items;
    int count, capacity;
};
struct topic_list {
    struct ast_topic *items;
    int count, capacity;
};
struct branch_list {
    struct ast_split_branch *items;
    int count, capacity;
};
struct input_list {
    struct ast_cogroup_input *items;
    int count, capacity;
};
struct stmt_list {
    struct ast_stmt **items;
    int count, capacity;
};
struct setting_list {
    struct ast_setting *items;
    int count, capacity;
};
struct param_list {
    struct ast_param *items;
    int count, capacity;
};
struct step_list {
    struct ast_test_step *items;
    int count, capacity;
};

#define take_list(to, from) ((to).items = (from).items, (to).count = (from).count, (to).capacity = (from).capacity)

// An option behind a stage, a source, a store or a statement: its word, and what the word is followed by.
struct clause {
    int word; // token kind
    struct span span, word_span;
    struct ast_expr *expr;
    struct name name;
    int64_t number;
    const struct token *token;
};
struct clause_list {
    struct clause *items;
    int count, capacity;
};

struct flow_ref {
    struct name head, branch;
    const struct token *topic; // in tests: "topic"
    struct span span;
};

struct serde_pair {
    struct ast_serde *key, *value;
};

struct type_pair {
    struct ast_type *key, *value;
};

struct members {
    VEC(struct ast_process_store) stores;
    VEC(struct ast_process_handler) handlers;
};

struct clause build_clause(int word, struct span word_span, struct span span);
// Reports a clause that is there twice; for every list of them once.
void build_check_clauses(struct parser *p, const struct clause_list *clauses);

struct name build_name(const struct token *t);
// `a.b` as one name.
struct name build_dotted(struct parser *p, struct flow_ref ref);
int64_t build_int(struct parser *p, const struct token *t, int64_t most);
// A topic, file or title: a string without zero bytes.
const char *build_text(struct parser *p, const struct token *t);
// Tells the formatter that the brackets at these places hold a block.
void build_mark_block(struct parser *p, struct span open, struct span close);

// ast_build_expr.c
struct ast_expr *build_error_expr(struct parser *p, struct span span);
struct ast_expr *build_literal(struct parser *p, enum ast_expr_kind kind, const struct token *t);
struct ast_expr *build_constant(struct parser *p, enum ast_expr_kind kind, bool value, struct span span);
struct ast_expr *build_name_expr(struct parser *p, struct name name);
struct ast_expr *build_field(struct parser *p, enum ast_expr_kind kind, struct ast_expr *left, struct name name,
                             struct span span);
struct ast_expr *build_index(struct parser *p, struct ast_expr *left, struct expr_list indices, struct span span);
struct ast_expr *build_range(struct parser *p, struct ast_expr *from, struct ast_expr *to, struct span span);
struct ast_expr *build_call(struct parser *p, struct name name, struct expr_list args, struct span span);
struct ast_expr *build_where(struct parser *p, struct ast_expr *call, struct ast_expr *where, struct span span);
struct ast_expr *build_unary(struct parser *p, enum ast_op op, struct span op_span, struct ast_expr *operand,
                             struct span span);
struct ast_expr *build_binary(struct parser *p, enum ast_op op, struct span op_span, struct ast_expr *left,
                              struct ast_expr *right, struct span span);
struct ast_expr *build_in(struct parser *p, bool negated, struct span op_span, struct ast_expr *left,
                          struct ast_expr *right, struct span span);
struct ast_expr *build_is(struct parser *p, struct span op_span, struct ast_expr *left, struct name name,
                          struct span span);
struct ast_expr *build_if(struct parser *p, struct ast_expr *cond, struct ast_expr *yes, struct ast_expr *no,
                          struct span span);
struct ast_expr *build_try(struct parser *p, struct ast_expr *tried, struct span span);
struct ast_expr *build_match(struct parser *p, struct ast_expr *of, struct arm_list arms, struct span span);
struct ast_match_arm build_arm(struct name tag, struct name binding, struct ast_expr *value, struct span span);
struct ast_expr *build_lambda(struct parser *p, struct name_list params, struct ast_expr *body, struct span span);
struct ast_expr *build_record(struct parser *p, struct item_list items, struct span span);
struct ast_record_item build_item(struct name name, struct ast_expr *value);
struct ast_record_item build_shorthand(struct parser *p, struct name name);
struct ast_record_item build_spread(struct ast_expr *value, struct span span);
struct name build_string_name(struct parser *p, const struct token *t);
struct ast_expr *build_list(struct parser *p, struct expr_list items, struct span span);
struct ast_expr *build_map(struct parser *p, struct entry_list entries, struct span span);

// ast_build_type.c
// Stands for a type that could not be read.
struct ast_type *build_broken_type(struct parser *p, struct span span);
struct ast_type *build_named_type(struct parser *p, struct name name);
struct ast_type *build_type_with_args(struct parser *p, struct name name, struct expr_list args, struct span span);
struct ast_type *build_list_type(struct parser *p, struct ast_type *element, struct span span);
struct ast_type *build_optional_type(struct parser *p, struct ast_type *element, struct span span);
struct ast_type *build_braced_type(struct parser *p, struct field_list fields, struct span span);
struct ast_type *build_record_type(struct parser *p, struct field_list fields, struct span span);
struct ast_serde *build_serde(struct parser *p, struct name format, struct ast_type *type, struct span span);
struct ast_serde *build_optional_serde(struct ast_serde *serde, struct span span);
struct ast_serde *build_csv_serde(struct parser *p, struct name format, const struct token *delimiter,
                                  struct ast_type *type, struct span span);
struct ast_serde *build_windowed_serde(struct ast_serde *serde, enum ast_window_serde window, int64_t size,
                                       struct span span);

// ast_build_flow.c
struct ast_source *build_source(struct parser *p, bool table, bool global, struct name name, struct topic_list topics,
                                struct serde_pair serdes, struct clause_list options);
struct ast_topic build_topic(struct parser *p, const struct token *t, bool pattern);
struct ast_flow *build_flow(struct parser *p, struct flow_ref ref);
struct ast_flow *build_cogroup(struct parser *p, struct span word, struct input_list inputs, struct span span);
struct ast_cogroup_input build_input(struct parser *p, struct flow_ref flow, struct ast_expr *by);
struct ast_flow *build_flow_stage(struct parser *p, struct ast_flow *flow, struct ast_stage *stage, struct span span);

struct ast_stage *build_stage(struct parser *p, enum ast_stage_kind kind, struct span word, struct ast_expr *expr,
                              struct span span);
struct ast_stage *build_named_stage(struct parser *p, enum ast_stage_kind kind, struct span word, struct ast_expr *expr,
                                    struct name_list names, struct span span);
struct ast_stage *build_split(struct parser *p, struct span word, struct branch_list branches, struct span span);
struct ast_stage *build_group(struct parser *p, struct span word, struct ast_expr *by, struct span span);
struct ast_stage *build_window(struct parser *p, enum ast_window_kind kind, struct span word, int64_t size,
                               int64_t every, struct clause_list options, struct span span);
struct ast_stage *build_fold(struct parser *p, struct span word, struct ast_expr *init, struct ast_expr *add,
                             struct clause_list options, struct span span);
struct ast_stage *build_stored(struct ast_stage *stage, struct ast_store_options store, struct span span);
struct ast_stage *build_emit(struct parser *p, enum ast_emit_kind kind, struct span word, int64_t every,
                             struct span span);
struct ast_stage *build_join(struct parser *p, enum ast_join_kind kind, struct span word, struct flow_ref source,
                             struct clause_list options, struct span span);
struct ast_stage *build_repartition(struct parser *p, struct span word, struct ast_serde *key,
                                    struct clause_list options, struct span span);
struct ast_stage *build_to(struct parser *p, struct span word, const struct token *topic, struct ast_expr *route,
                           struct serde_pair serdes, struct clause_list options, struct span span);
struct ast_store_options build_store(enum ast_store kind, struct span span);

// ast_build_decl.c
struct ast_decl *build_decl(struct parser *p, enum ast_decl_kind kind, struct name name, struct span span);
struct ast_decl *build_file_decl(struct parser *p, struct ast_decl *decl, const struct token *file);
struct ast_decl *build_fn(struct parser *p, enum ast_decl_kind kind, struct name name, struct param_list params,
                          struct ast_type *result, struct span span);
struct ast_decl *build_process(struct parser *p, struct name name, struct type_pair in, struct type_pair out,
                               struct members members, struct span span);
void build_file(struct parser *p, struct ast_decl *decl);
struct ast_setting build_setting(struct parser *p, struct name name, struct expr_list values,
                                 struct item_list properties, struct span span);
void build_settings(struct parser *p, struct ast_decl *app, struct setting_list settings);
void build_members(struct parser *p, struct ast_decl *decl, struct field_list members);

void build_add_store(struct parser *p, struct members *members, struct name name, struct type_pair types,
                     struct clause_list options, struct span span);
void build_add_handler(struct parser *p, struct members *members, struct ast_process_handler handler,
                       struct stmt_list body, struct span span);

struct ast_stmt *build_stmt(struct parser *p, enum ast_stmt_kind kind, struct ast_expr *target, struct ast_expr *expr,
                            struct span span);
struct ast_stmt *build_emit_stmt(struct parser *p, struct ast_expr *key, struct ast_expr *value,
                                 struct clause_list options, struct span span);
struct ast_stmt *build_let(struct parser *p, struct name name, struct ast_expr *expr, struct span span);
struct ast_stmt *build_if_stmt(struct parser *p, struct ast_expr *cond, struct stmt_list body,
                               struct stmt_list otherwise, struct span span);
struct ast_stmt *build_for(struct parser *p, struct name_list names, struct ast_expr *range, struct stmt_list body,
                           struct span span);

struct ast_test_step build_step(struct parser *p, enum ast_test_kind kind, struct flow_ref flow, struct ast_expr *key,
                                struct ast_expr *value, struct span span);

#endif
