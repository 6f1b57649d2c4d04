// Joins of tables by another expression than the key (KIP-213), in three places: where the left table changes, where its subscriptions meet the right one,
// and where the answers come back to the left one.
#include "emit/emitter.h"

static const struct stage *answers_of(const struct stage *subscribe)
{
    return subscribe->outputs.items[0];
}

static const char *sink_name(const struct body *b, const struct stage *repartition)
{
    return b->e->sink_names[sink_of(b->e, repartition)->index];
}

// X over the row on SIDE as bytes; a null string if the row is not there, or X is null.
static const char *row_bytes(struct body *b, enum side side, const struct serde *serde, const struct texpr *x,
                             const char *name)
{
    const char *there = b->row->there[side], *json = arena_printf(b->e->arena, "%s_json", name);
    struct sub s;
    sub_begin(b, &s);
    row_side(b, side);
    const char *text = value_arg(b, emit_encode(b, serde, emit_named_expr(b, x, name), x->type, NULL, json));
    sub_end(b, &s);
    if (!there) {
        sub_splice(b, &s);
        return text;
    }
    const char *bytes = body_local(b, arena_printf(b->e->arena, "%s_bytes", name));
    body_line(b, "struct weir_str %s = WEIR_NULL_STR;", bytes);
    body_line(b, "if (%s) {", there);
    b->out = &s.text;
    body_line(b, "%s = %s;", bytes, text);
    b->out = s.outer;
    sub_flush(b, &s);
    body_line(b, "}");
    return bytes;
}

static const char *value_bytes(struct body *b, const struct serde *serde, struct var *value)
{
    const struct texpr x = {.kind = TEXPR_VAR, .type = value->type, .var = value};
    return row_bytes(b, NOW, serde, &x, "value");
}

// ---- where the left table changes ----

void emit_subscriptions(struct body *b, const struct stage *stage)
{
    const struct stage *subscribe = stage->outputs.items[0], *join = answers_of(subscribe)->outputs.items[0];
    const struct repartition *r = stage->repartition;
    const char *foreign = row_bytes(b, NOW, r->key, r->by, "foreign"), *had = b->row->there[BEFORE];
    const char *old_foreign = b->row->knows_old ? row_bytes(b, BEFORE, r->key, r->by, "old_foreign") : NULL;
    const char *value = value_bytes(b, join->join->left_value, stage->inputs.items[0]->out.value);
    if (expr_can_fail(b, r->by))
        body_check(b);
    body_line(b, "weir_subscribe(%s, %s, &(struct weir_subscribe){", ctx(b), sink_name(b, stage));
    body_line(b, "    .key = %s,", with_window(b, answers_of(subscribe)->repartition->key, b->key_bytes));
    body_line(b, "    .foreign = %s,", foreign);
    body_line(b, "    .value = %s,", value);
    if (old_foreign) {
        body_line(b, "    .old_foreign = %s,", old_foreign);
        body_line(b, "    .had = %s,", had ? had : "true");
    }
    if (join->join->kind == AST_JOIN_LEFT)
        body_line(b, "    .left_join = true,");
    body_line(b, "    .timestamp = %s,", b->timestamp);
    body_line(b, "});");
}

// ---- where subscriptions meet the right table ----

// The row that S looks at: ANSWER is its value, TIME the later time of both.
static void look_up(struct body *b, const struct stage *subscribe, const char *s, const char *answer, const char *time)
{
    const struct stage *right = subscribe->inputs.items[1];
    struct sub block, there;
    if (!b->e->plan->viewed[right->id])
        return;
    body_line(b, "if (%s.foreign.p) {", s);
    block_begin(b, &block);
    struct found found = emit_find(b, right, arena_printf(b->e->arena, "%s.foreign", s), NULL, "right", true);
    body_line(b, "if (%s) {", found.value);
    block_begin(b, &there);
    struct value bytes = emit_encode(b, answers_of(subscribe)->repartition->value, value_pointer(found.value),
                                     right->out.value->type, NULL, "json");
    body_line(b, "%s = %s;", answer, value_arg(b, bytes));
    body_line(b, "%s = %s;", time, later_of(b, found.time, time));
    block_end(b, &there);
    block_end(b, &block);
}

void emit_subscribe(struct body *b, const struct stage *subscribe)
{
    const char *store = b->e->store_names[b->e->plan->store_of[subscribe->id]->index];
    const char *s = body_local(b, "s"), *answer = body_local(b, "answer"), *time = body_local(b, "time");
    struct sub block;
    body_line(b, "struct weir_subscription %s;", s);
    body_line(b, "if (weir_subscription_take(%s, %s, &%s) && %s.answer) {", ctx(b), store, s, s);
    block_begin(b, &block);
    body_line(b, "struct weir_str %s = WEIR_NULL_STR;", answer);
    body_line(b, "int64_t %s = %s;", time, b->timestamp);
    look_up(b, subscribe, s, answer, time);
    body_line(b, "if (%s.p || !%s.only_found)", answer, s);
    body_line(b, "    weir_answer(w, %s, &%s, %s.gone ? WEIR_NULL_STR : %s, %s);", sink_name(b, answers_of(subscribe)),
              s, s, answer, time);
    block_end(b, &block);
}

// A row of the right table changes.
void emit_answers(struct body *b, const struct stage *subscribe)
{
    const struct stage *answers = answers_of(subscribe);
    const char *value = value_bytes(b, answers->repartition->value, subscribe->inputs.items[1]->out.value);
    body_line(b, "weir_answer_all(%s, %s, %s, %s, %s, %s);", ctx(b),
              b->e->store_names[b->e->plan->store_of[subscribe->id]->index], sink_name(b, answers), b->key_bytes, value,
              b->timestamp);
}

// ---- where answers come back ----

// VAR is in the place of OF, which came in.
static void bind_as(struct body *b, const struct var *var, const struct var *of)
{
    if (!var || !b->e->plan->var_used[var->id])
        return;
    struct binding *binding = body_binding(b, of);
    binding->read = true;
    body_bind(b, var, binding->value);
}

// The left row's value as bytes, as it was written when it asked: LEFT points to it.
static const char *left_bytes(struct body *b, const struct stage *join, const char *left)
{
    const char *bytes = body_local(b, "left_bytes");
    struct sub s;
    body_line(b, "struct weir_str %s = WEIR_NULL_STR;", bytes);
    body_line(b, "if (%s) {", left);
    block_begin(b, &s);
    struct value v = emit_encode(b, join->join->left_value, value_pointer(left), join->out.value->type, NULL, "json");
    body_line(b, "%s = %s;", bytes, value_arg(b, v));
    block_end(b, &s);
    return bytes;
}

static void bind_right(struct body *b, const struct join *join, const char *bytes)
{
    if (!b->e->plan->var_used[join->right->id])
        return;
    struct serde serde = *join->right_value;
    serde.type = join->right->type;
    const char *name = name_of(b->e, join->right->name);
    struct value v =
        emit_decode(b, &serde, b->e->plan->var_uses[join->right->id], name, bytes, body_local(b, name), true);
    v.lasting = true;
    row_bind(b, join->right, v, (struct value){0});
}

void emit_join_foreign(struct body *b, const struct stage *stage)
{
    const struct stage *answers = stage->inputs.items[0], *left = stage->inputs.items[1];
    const char *name = value_name(b, stage->out.value);
    struct found found = emit_find(b, left, b->key_bytes, b->start, name, false);
    const char *bytes = left_bytes(b, stage, found.value), *right = body_local(b, "right_bytes");
    struct row row = {.there[NOW] = found.value};
    struct sub s;
    body_line(b, "struct weir_str %s;", right);
    body_line(b, "if (weir_answer_take(%s, %s, &%s)) {", ctx(b), bytes, right);
    block_begin(b, &s);
    b->row = &row;
    if (stage->join->kind == AST_JOIN_INNER) {
        row.there[NOW] = body_local(b, "there");
        body_line(b, "bool %s = %s && %s.p;", row.there[NOW], found.value, right);
    }
    row_bind(b, stage->out.value, value_pointer(found.value), (struct value){0});
    bind_right(b, stage->join, right);
    bind_as(b, stage->out.key, answers->out.key);
    bind_as(b, stage->out.window, answers->out.window);
    emit_outputs(b, stage);
    b->row = NULL;
    block_end(b, &s);
}

// ---- a table that is kept, for a join gives no rows that could be looked up ----

void emit_kept(struct body *b, const struct stage *stage)
{
    const struct plan_store *store = b->e->plan->store_of[stage->id];
    const struct stage *from = stage->inputs.items[0];
    const char *key = emit_row_key(b, store->raw_keys.items[0], from->out.key, store->key);
    const char *value = row_pointer(b, from, NOW);
    if (store->kind == PLAN_SERIES) {
        body_line(b, "weir_window_put(%s, %s, &(struct weir_change){", ctx(b), b->e->store_names[store->index]);
        put_change(b, key, value, NULL, b->timestamp, "");
        return;
    }
    put_value(b, store, key, value);
}
