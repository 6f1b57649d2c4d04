// Joins of a stream with the rows of a table; by which bytes records are joined.
#include "emit/emit_join.h"

// ---- the key ----

// A struct weir_str with a name; a null one is a null key.
static struct joined_key named_key(struct body *b, struct value bytes, bool may_be_null)
{
    const char *text = value_arg(b, bytes);
    if (bytes.path)
        return (struct joined_key){text, may_be_null};
    const char *name = body_local(b, "row_key");
    body_line(b, "struct weir_str %s = %s;", name, text);
    return (struct joined_key){name, may_be_null};
}

struct joined_key joined_key_of(struct body *b, const struct stage *from, bool raw, const struct serde *serde)
{
    bool may_be_null = may_lack_key(from);
    if (raw)
        return (struct joined_key){b->key_bytes, may_be_null};
    struct binding *key = body_binding(b, from->out.key);
    key->read = true;
    struct value bytes = emit_encode(b, serde, key->value, key->var->type, key->null_test, "row_key");
    return named_key(b, bytes, may_be_null);
}

static struct joined_key key_that_is(struct body *b, const struct texpr *on, const struct serde *serde)
{
    bool fails = expr_can_fail(b, on);
    struct value v = value_keep(b, emit_expr(b, on), on->type, "on");
    if (fails)
        body_check(b);
    return named_key(b, emit_encode(b, serde, v, on->type, NULL, "row_key"), type_is_optional(on->type));
}

// ---- the value ----

const char *joined_value(struct body *b, const struct stage *from)
{
    const struct type *t = from->out.value->type;
    struct binding *binding = body_binding(b, from->out.value);
    binding->read = true;
    struct value v = type_is_optional(t) ? value_unwrap(b, binding->value, t) : binding->value;
    return value_or_null(b, v, type_plain(t), "value");
}

// ---- a table ----

static void nested_outputs(struct body *b, const struct stage *stage, const char *found)
{
    struct sub s;
    body_line(b, "if (%s) {", found);
    block_begin(b, &s);
    bind_pointed(b, stage->join->right, found);
    emit_outputs(b, stage);
    block_end(b, &s);
}

// Nobody reads what a left join finds, or there is nothing to be found.
static bool finds_nothing(const struct body *b, const struct stage *stage)
{
    const struct stage *table = stage->inputs.items[1];
    return stage->join->kind == AST_JOIN_LEFT && (!var_used(b, stage->join->right) || !b->e->plan->viewed[table->id]);
}

static void bind_nothing(struct body *b, const struct var *right)
{
    if (var_used(b, right))
        body_bind(b, right, value_local(b, value_null(b, right->type), right->type, name_of(b->e, right->name)));
}

static void emit_found(struct body *b, const struct stage *stage, struct joined_key key)
{
    const struct stage *table = stage->inputs.items[1];
    struct finding f = {.table = table,
                        .key = key.bytes,
                        .start = table->out.window ? b->start : NULL,
                        .at = b->timestamp,
                        .name = name_of(b->e, stage->join->right->name),
                        .null_key = key.may_be_null && stage->join->kind == AST_JOIN_LEFT};
    struct found found = emit_finding(b, &f);
    if (stage->join->kind == AST_JOIN_INNER) {
        nested_outputs(b, stage, found.value);
        return;
    }
    bind_pointed(b, stage->join->right, found.value);
    emit_outputs(b, stage);
}

static struct joined_key lookup_key(struct body *b, const struct stage *stage)
{
    const struct stage *left = stage->inputs.items[0];
    const struct serde *serde = stage->inputs.items[1]->out.key_serde;
    if (stage->join->on)
        return key_that_is(b, stage->join->on, serde);
    if (plan_join_is_root(stage))
        return (struct joined_key){b->key_bytes, may_lack_key(left)};
    return joined_key_of(b, left, b->e->plan->raw_lookup[stage->id], serde);
}

void emit_join_row(struct body *b, const struct stage *stage)
{
    const struct plan_store *store = b->e->plan->store_of[stage->inputs.items[1]->id];
    if (finds_nothing(b, stage)) {
        bind_nothing(b, stage->join->right);
        emit_outputs(b, stage);
        return;
    }
    struct joined_key key = lookup_key(b, stage);
    bool drops = key.may_be_null && stage->join->kind == AST_JOIN_INNER && !plan_join_is_root(stage);
    const char *missing = drops ? arena_printf(b->e->arena, "!%s.p", key.bytes) : NULL;
    struct sub s;
    begin_rest(b, store ? store_name(b, store) : "-1", missing, &s);
    struct binding *binding = body_binding(b, stage->out.key); // NULL: behind a block nobody reads it
    if (binding && missing && !stage->join->on)
        binding->checked = true;
    emit_found(b, stage, key);
    end_rest(b, missing, &s);
}

void emit_join_lookup(struct body *b, const struct stage *from, const struct stage *stage)
{
    const char *missing = value_is_missing(b, from);
    struct sub s;
    begin_rest(b, "-1", missing, &s);
    emit_join_row(b, stage);
    end_rest(b, missing, &s);
}
