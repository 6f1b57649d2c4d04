// What the parts of the flow checker share: flow_scope.c, check_flow.c, check_source.c, check_serde.c, check_stage.c, check_split.c,
// check_sink.c and check_test.c.
#ifndef WEIR_TYPES_FLOW_CHECK_H
#define WEIR_TYPES_FLOW_CHECK_H

#include "types/check.h"

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
    const struct named_flow *current;   // the one being checked
    bool has_processes;                 // processor blocks are declared
};

// Enters a name that is declared further down or here. NULL if it is taken (reported).
struct named_flow *flow_add(struct checker *c, struct name name);
struct named_flow *flow_find(const struct checker *c, const char *name);
// The stage that a flow or branch ends in, marked as used. NULL after a report.
struct stage *flow_use(struct checker *c, struct name head, struct name branch);
void flow_mark_used_by_tests(struct checker *c, const struct ast_file *file);
void flow_warn_unused(struct checker *c);

// ---- check_serde.c ----

// Never NULL; its type is TYPE_ERROR after a report.
const struct serde *serde_resolve(struct checker *c, const struct ast_serde *ast);
// The serde that a computed key, or a value sent without serdes, has.
const struct serde *serde_of_type(struct checker *c, const struct type *type);
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

struct flow_cursor {
    struct checker *c;
    const struct ast_flow *flow;
    int index;                // of the stage being checked
    const char *within;       // see struct stage
    struct named_flow *named; // NULL: a bare flow
    struct stage *at;         // the stage whose records come next
};

// A new stage behind INPUT (NULL: none), its shape a copy of INPUT's.
struct stage *stage_new(struct checker *c, enum stage_kind kind, struct span span, struct stage *input);
// Behind the cursor, which moves on to it.
struct stage *flow_append(struct flow_cursor *f, enum stage_kind kind, const struct ast_stage *ast);
void stage_add_input(struct checker *c, struct stage *stage, struct stage *input);
// From here on nothing is known of the flow, for a reason already reported.
void flow_break(struct flow_cursor *f, struct span span);
bool stage_is_broken(const struct stage *stage);

struct env shape_env(const struct shape *shape);
// Whether E reads the value, itself or through a let.
bool reads_value(const struct checker *c, const struct texpr *e);

// ---- the stages ----

typedef void stage_check(struct flow_cursor *f, const struct ast_stage *ast);
stage_check check_filter, check_map, check_let, check_key_by, check_expand, check_peek,
    check_repartition;                // check_stage.c
stage_check check_merge, check_split; // check_split.c
stage_check check_to;                 // check_sink.c

// headers { name: EXPR, ... } in SHAPE, or constants when it is NULL.
void check_headers(struct checker *c, const struct shape *shape, const struct ast_expr *e, struct header_write **items,
                   int *count);

#endif
