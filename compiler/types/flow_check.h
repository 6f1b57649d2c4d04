// What the parts of the flow checker share: flow_scope.c, check_flow.c, check_source.c, check_serde.c, check_sink.c, check_test.c, and
// the files of the stages.
#ifndef WEIR_TYPES_FLOW_CHECK_H
#define WEIR_TYPES_FLOW_CHECK_H

#include "types/check.h"

// Of windows and joins, 1000 years in ms: Kafka's own settings would overflow with more.
#define LONGEST_TIME ((int64_t)1000 * 365 * 24 * 60 * 60 * 1000)

// ---- flow_scope.c: the names of flows ----

struct named_flow {
    struct name name;    // "orders"; of a branch "orders.paid", at the branch's place
    struct stage *end;   // what flows on under this name; NULL: of a split, or not declared yet
    struct stage *split; // the stage before a split; the branches have their own entries
    bool source, declared, used;
};

struct flow_scope {
    VEC(struct named_flow *) flows;
    VEC(const struct var *) value_lets; // lets computed from the value
    const struct ast_file *file;
    struct ast_file *const *imports;
    int import_count;
    int declaration;                               // index in FILE of the one being checked
    const struct named_flow *current;              // the one being checked
    VEC(const struct var *) left_behind;           // lets that ended in the flow being checked
    VEC(const struct flow_source *) may_be_silent; // sources that windows were warned to wait for
    VEC(int) depths;                               // by stage id: how many stages stand before it, one behind the other
    VEC(struct stage *) brought;                   // KEY_BY, REPARTITION: made by flow_bring
    VEC(const struct var *) join_names;            // what sides of joins are called behind them
};

// Enters a name that is declared further down or here. NULL if it is taken (reported).
struct named_flow *flow_add(struct checker *c, struct name name);
struct named_flow *flow_find(const struct checker *c, const char *name);
// The stage that a flow or branch ends in, marked as used. NULL after a report.
struct stage *flow_use(struct checker *c, struct name head, struct name branch);
// A branch goes by its own name: `orders.paid` is `paid`.
const char *flow_short_name(struct checker *c, const char *flow);
void flow_mark_used_by_tests(struct checker *c, const struct ast_file *file);
void flow_warn_unused(struct checker *c);

// ---- check_serde.c ----

// Never NULL; its type is TYPE_ERROR after a report.
const struct serde *serde_resolve(struct checker *c, const struct ast_serde *ast);
// The serde that a computed key, or a value sent without serdes, has.
const struct serde *serde_of_type(struct checker *c, const struct type *type);
// What is said of the value's, or its type's own.
const struct serde *serde_of_value(struct checker *c, const struct shape *shape);
// Of values that are there: not of T? but of T.
const struct serde *serde_plain(struct checker *c, const struct serde *serde);
// The same with a window, or without (AST_NOT_WINDOWED).
const struct serde *serde_windowed(struct checker *c, const struct serde *serde, enum ast_window_serde window,
                                   int64_t size);
// Whether SERDE, written as AST, has the windows that the flow's key has (KEY NULL: none). False after a report.
bool serde_check_window(struct checker *c, const struct ast_serde *ast, const struct serde *serde,
                        const struct serde *key);
// Of a value.
const struct serde *serde_resolve_value(struct checker *c, const struct ast_serde *ast);
bool serde_equal(const struct serde *a, const struct serde *b);

// ---- check_source.c ----

void check_source(struct checker *c, const struct ast_source *ast, struct named_flow *named);
bool check_topic_name(struct checker *c, const char *topic, struct span span);
// NAME absent: murmur2.
void check_partitioner(struct checker *c, struct partitioner *out, struct name name, const struct type *key,
                       const struct type *value);
// 0 unless PARTITIONS is a number of partitions that Kafka can have.
int check_partitions(struct checker *c, int64_t partitions, struct span span);

// ---- check_flow.c: one flow, from its head to its end ----

// What a grouped flow is grouped from: one input, or those of a cogroup.
struct group_input {
    struct stage *at;       // GROUP or WINDOW
    const char *name;       // in a cogroup: its records go by this name
    const struct texpr *by; // what it is grouped by; NULL: by key
};

struct flow_cursor {
    struct checker *c;
    const struct ast_flow *flow;
    int index;                      // of the stage being checked
    const char *within;             // see struct stage
    struct named_flow *named;       // NULL: a bare flow
    struct stage *at;               // the stage whose records come next
    VEC(struct group_input) groups; // while AT is grouped; AT is the first's
};

// A new stage behind INPUT (NULL: none), its shape a copy of INPUT's.
struct stage *stage_new(struct checker *c, enum stage_kind kind, struct span span, struct stage *input);
// Behind the cursor, which moves on to it.
struct stage *flow_append(struct flow_cursor *f, enum stage_kind kind, const struct ast_stage *ast);
struct stage *flow_append_at(struct flow_cursor *f, enum stage_kind kind, struct span span);
// The type of the values that the flow is sent with further on, if nothing in between makes new ones: what record literals, nulls and
// numbers are then meant to be. NULL: not known.
const struct type *flow_sent_as(struct flow_cursor *f);
// The key as a record's own, or as a computed one; a window ends here.
struct stage *flow_key_by(struct flow_cursor *f, struct texpr *key, struct span span);
// What a REPARTITION gives is records that come in again as new ones: nothing but key and value came along.
void stage_enter_again(struct checker *c, struct stage *stage);
void flow_let(struct flow_cursor *f, struct name name, struct texpr *value, struct span span);
// NAME is free in SHAPE. False after a report.
bool check_new_name(struct checker *c, const struct shape *shape, struct name name, const char *what);
// What STAGE gives is rows of a new table: nothing but key, window and value (of VALUE's type) is known of them.
void shape_leave_lets(struct checker *c, struct shape *shape);
void shape_become_table(struct checker *c, struct stage *stage, const struct type *value);
void stage_add_input(struct checker *c, struct stage *stage, struct stage *input);
// The flow's value is sent, stored or grouped: behind a join it has a shape by then. False after a report.
bool flow_check_shaped(struct flow_cursor *f, struct span span);
// From here on nothing is known of the flow, for a reason already reported.
void flow_break(struct flow_cursor *f, struct span span);
bool stage_is_broken(const struct stage *stage);

struct env shape_env(const struct shape *shape);
// Whether E reads the value, itself or through a let.
bool reads_value(const struct checker *c, const struct texpr *e);

// ---- bring.c ----

// Repartitions the flow, by KEY or (NULL) by the key it has. What WANT leaves out is as the flow has it: serdes, murmur2.
void flow_bring(struct flow_cursor *f, struct texpr *key, struct repartition want, struct span span);

// ---- check_window.c ----

// No TIME is longer than LONGEST_TIME. False after the report that WHAT ("this is") longer.
bool flow_check_longest(struct checker *c, int64_t time, struct span span, const char *what);
// The key at AT has no window. False after a report of PROBLEM; ELSE_HELP: what else can be done than leave it before.
bool flow_check_windowless(struct checker *c, const struct stage *at, struct span span, const char *problem,
                           const char *else_help);

// ---- join_pack.c: names over a place where only key and value come along ----

struct pack {
    VEC(struct var *) lets; // in the value, which is a record of both; none: it is as it was
    VEC(struct var *) same; // other names of the value
    const struct serde *serde;
};
void flow_pack(struct flow_cursor *f, struct pack *pack, struct span span);
void flow_unpack(struct flow_cursor *f, const struct pack *pack, struct span span);

// ---- mention.c ----

bool expr_mentions(const struct ast_expr *e, const char *name);
void expr_each_part(const struct ast_expr *e, void (*visit)(void *arg, const struct ast_expr *part), void *arg);
void stage_each_expr(const struct ast_stage *s, void (*visit)(void *arg, const struct ast_expr *e), void *arg);
// The stage being checked, stages behind it, or flows that start from the end of them.
bool flow_mentions(const struct flow_cursor *f, const char *name);

// ---- check_prev.c ----

// The stages that keep what the expressions of stage AST ask of records before, in front of it.
void flow_keep_prevs(struct flow_cursor *f, const struct ast_stage *ast);

// ---- join_sides.c ----

// What somebody behind a table looks at: the values before, or all rows.
enum keep_for { KEEP_OLD, KEEP_ROWS };
// A KEEP, where that is not there without. Key, value and lets are then new variables.
void flow_keep(struct flow_cursor *f, enum keep_for what, struct span span);

// ---- partition.c ----

// The partitioner and the number of partitions (0: not said) that a flow needs to meet STAGE's records.
struct repartition partitioned_like(struct checker *c, const struct stage *stage);

// One input of a join or cogroup, as the program names it.
struct partitioned {
    const struct stage *at;
    const char *name;
    struct span span;
};
// Whether the inputs' records of a key meet in one task. False after a report, which names the fixes: TABLE (may be NULL) could be global.
bool prove_copartition(struct checker *c, const struct partitioned *inputs, int count, const struct partitioned *table);
// Of the topics that JOIN's inputs come from.
void add_copartition(struct checker *c, const struct stage *join);
// Of those of several stages; the first is why.
void add_copartition_of(struct checker *c, const struct stage *const *stages, int count);

// ---- the stages ----

typedef void stage_check(struct flow_cursor *f, const struct ast_stage *ast);
stage_check check_filter, check_map, check_let, check_key_by, check_expand, check_peek,
    check_repartition;                                   // check_stage.c
stage_check check_merge, check_split;                    // check_split.c
stage_check check_to;                                    // check_sink.c
stage_check check_group_by;                              // check_group.c
stage_check check_window;                                // check_window.c
stage_check check_count, check_aggregate;                // check_aggregate.c
stage_check check_reduce, check_fold;                    // check_fold.c
stage_check check_as_table, check_as_stream, check_emit; // check_table.c
stage_check check_join;                                  // check_join.c
stage_check check_process;                               // check_process.c

// ---- check_process.c ----

void declare_processes(struct checker *c, struct ast_file *const *files, int count);
// The type of the values that block NAME takes; NULL: not known.
const struct type *process_takes(struct checker *c, const char *name);
// What only all of them together show: blocks that share stores, and those that no flow uses.
void check_all_processes(struct checker *c);

// Starts the flow at its cogroup.
void check_cogroup(struct flow_cursor *f);
// The records of a group as its aggregate sees them: keys are there, and values where none are dropped before.
struct env group_env(struct checker *c, const struct group_input *input);
// Whether records without a value end at the aggregate. Kafka Streams takes them into time windows and sessions.
bool aggregate_drops_null(const struct window *window);
// An AGGREGATE behind all inputs of the groups; its value is not known yet.
struct stage *aggregate_append(struct flow_cursor *f, const struct ast_stage *ast, enum aggregate_form form);

// ---- check_growth.c: warnings of state ----

// State that grows for ever.
void warn_growth(const struct flow_cursor *f, const struct stage *aggregate);
// Windows that stay open while an input is silent.
void warn_silence(const struct flow_cursor *f, const struct ast_stage *emit);

// ---- check_sink.c ----

// headers { name: EXPR, ... }; constants where ENV is NULL.
void check_headers(struct checker *c, const struct env *env, const struct ast_expr *e, struct header_write **items,
                   int *count);
// string? or bytes?
struct texpr *check_header_value(struct checker *c, const struct env *env, const struct ast_expr *e);
// Labels D with how HAVE is not WANT.
void label_difference(struct checker *c, struct diag *d, const struct type *want, const struct type *have);
// What STAGE sends to TOPIC may come in again.
void warn_topic_loop(struct checker *c, const struct stage *stage, const char *topic, struct span span);

#endif
