// The two sides of a join come together: in one task, by the same key.
#include "types/join_check.h"

// ---- streams are repartitioned ----

static bool moves(const struct join_side *side)
{
    return side->at->out.kind == FLOW_STREAM && (!join_is_key(side) || side->at->out.key_changed);
}

// SERDE for keys of TYPE, null among them or not.
static const struct serde *key_serde(struct checker *c, const struct serde *serde, const struct type *type)
{
    struct serde *key = arena_new_of(c->arena, struct serde);
    *key = *serde_windowed(c, serde, AST_NOT_WINDOWED, 0);
    key->type = type_is_optional(type) ? type_optional(c->types, type_plain(serde->type)) : type_plain(serde->type);
    return key;
}

// Of left and outer joins: a side may go on without a key, and the time of both goes on with it.
static bool keeps_null_keys(const struct join_check *j, const struct join_side *side)
{
    if (!join_is_key(side) && !type_is_optional(side->on->type))
        return false;
    return j->ast->join.kind != AST_JOIN_INNER;
}

// OTHER stays where it is: what moves takes its serde and its partitioner. NULL: both move.
static void move(struct join_check *j, struct join_side *side, const struct join_side *other)
{
    struct checker *c = j->c;
    struct flow_cursor right = {.c = c, .flow = j->f->flow, .within = j->f->within, .at = side->at};
    struct flow_cursor *f = side == &j->left ? j->f : &right;
    struct repartition want = {0};
    if (other)
        want = partitioned_like(c, other->at);
    const struct serde *serde = other ? other->at->out.key_serde : serde_of_type(c, side->on->type);
    want.key = key_serde(c, serde, side->on->type);
    want.null_keys = keeps_null_keys(j, side);
    const struct ast_expr *on = j->ast->join.on;
    flow_bring(f, join_is_key(side) ? NULL : side->on, want, on ? on->span : side->span);
    side->at = f->at;
}

void join_bring_together(struct join_check *j)
{
    bool left = moves(&j->left), right = moves(&j->right);
    if (left)
        move(j, &j->left, right ? NULL : &j->right);
    if (right)
        move(j, &j->right, left ? NULL : &j->left);
}

// ---- tables are kept ----

// Whether WHAT is there: rows in a store, or computed from those of stores in front.
static bool is_kept(const struct stage *table, enum keep_for what)
{
    while (stage_makes_rows_of_input(table))
        table = table->inputs.items[0];
    if (table->kind == STAGE_SUPPRESS)
        return what == KEEP_OLD;
    return table->kind != STAGE_JOIN || table->join->form != JOIN_FOREIGN;
}

static struct stage *find_keep(const struct stage *table)
{
    for (int i = 0; i < table->outputs.count; i++)
        if (table->outputs.items[i]->kind == STAGE_KEEP)
            return table->outputs.items[i];
    return NULL;
}

static void add_keep(struct flow_cursor *f, struct span span)
{
    struct checker *c = f->c;
    const struct shape before = f->at->out;
    const char *within = f->at->flow ? f->at->flow : f->within;
    struct stage *stage = flow_append_at(f, STAGE_KEEP, span);
    stage->within = within;
    shape_become_table(c, stage, before.value->type);
    struct materialized *m = stage->materialized = arena_new_of(c->arena, struct materialized);
    m->key = stage->out.key_serde;
    m->value = serde_plain(c, serde_of_value(c, &before));
}

void flow_keep(struct flow_cursor *f, enum keep_for what, struct span span)
{
    struct pack pack = {0};
    if (f->at->out.kind != FLOW_TABLE || stage_is_broken(f->at) || is_kept(f->at, what))
        return;
    flow_pack(f, &pack, span);
    struct stage *there = find_keep(f->at);
    if (there)
        f->at = there;
    else
        add_keep(f, span);
    flow_unpack(f, &pack, span);
}
