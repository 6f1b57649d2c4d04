// What the stages behind a table make of a change: of the row as it is now and, where somebody behind looks at it, as it was before. A row that
// is not there has no value on its way: `there` says so.
#include <string.h>

#include "emit/emitter.h"
#include "types/texpr_walk.h"

void row_bind(struct body *b, const struct var *var, struct value value, struct value old)
{
    struct row_var made = {var, {value, old}};
    vec_push(b->e->arena, &b->row->vars, made);
}

void row_side(struct body *b, enum side side)
{
    for (int i = 0; i < b->row->vars.count; i++)
        body_bind(b, b->row->vars.items[i].var, b->row->vars.items[i].sides[side]);
}

// The row behind a stage, to be changed; its variables are those before it and more.
static struct row row_behind(const struct body *b, const struct stage *stage)
{
    struct row row = *b->row;
    row.knows_old = row.knows_old && b->e->plan->wants_old[stage->id];
    return row;
}

static int side_count(const struct row *row)
{
    return row->knows_old ? 2 : 1;
}

// The stages behind STAGE, for which the row is ROW.
static void emit_behind(struct body *b, const struct stage *stage, struct row *row)
{
    struct row *before = b->row;
    b->row = row;
    emit_outputs(b, stage);
    b->row = before;
}

// ---- expressions over a row ----

// X over the row as it is on SIDE, and the statements that it needs.
struct over_row {
    struct sub sub;
    struct value value;
    const char *there;
    bool statements, fails;
};

static struct over_row emit_over_row(struct body *b, enum side side, const struct texpr *x, const char *name)
{
    struct over_row o = {.there = b->row->there[side]};
    sub_begin(b, &o.sub);
    row_side(b, side);
    o.fails = expr_can_fail(b, x);
    o.value = emit_named_expr(b, x, name);
    o.statements = sub_end(b, &o.sub);
    return o;
}

// Gives TARGET, a variable, the value, if the row is there.
static void assign_if_there(struct body *b, struct over_row *o, const char *target)
{
    body_line(b, "if (%s) {", o->there);
    b->out = &o->sub.text;
    body_line(b, "%s = %s;", target, value_arg(b, o->value));
    b->out = o->sub.outer;
    sub_flush(b, &o->sub);
    body_line(b, "}");
}

static struct value compute(struct body *b, enum side side, const struct texpr *x, const char *name)
{
    struct over_row o = emit_over_row(b, side, x, name);
    if (!o.there) {
        sub_splice(b, &o.sub);
        o.value = value_keep(b, o.value, x->type, name);
    } else if (o.statements || !o.value.path) {
        struct value zero = value_zero(b, x->type);
        struct value kept = value_local(b, zero, x->type, name);
        assign_if_there(b, &o, kept.text);
        o.value = kept;
    }
    if (o.fails)
        body_check(b);
    o.value.lasting = true;
    return o.value;
}

static const char *compute_condition(struct body *b, enum side side, const struct texpr *x)
{
    struct over_row o = emit_over_row(b, side, x, NULL);
    const char *name = body_local(b, side == NOW ? "passes" : "passed");
    if (o.there && o.statements) {
        body_line(b, "bool %s = false;", name);
        assign_if_there(b, &o, name);
    } else {
        sub_splice(b, &o.sub);
        const char *and = o.there ? arena_printf(b->e->arena, "%s && ", o.there) : "";
        body_line(b, "bool %s = %s%s;", name, and, value_text(b, o.value, o.there ? PREC_NOT : PREC_COND));
    }
    if (o.fails)
        body_check(b);
    return name;
}

// ---- filter, map, let ----

// A row that passes neither now nor before is nothing to those behind; but a versioned one, as in Kafka Streams, is deleted all the same.
static void emit_filter(struct body *b, const struct stage *stage)
{
    struct row row = row_behind(b, stage);
    row.there[NOW] = compute_condition(b, NOW, stage->expr);
    if (!row.knows_old) {
        emit_behind(b, stage, &row);
        return;
    }
    row.there[BEFORE] = compute_condition(b, BEFORE, stage->expr);
    if (stage->out.versioned) {
        emit_behind(b, stage, &row);
        return;
    }
    body_line(b, "if (%s || %s) {", row.there[NOW], row.there[BEFORE]);
    struct sub s;
    block_begin(b, &s);
    emit_behind(b, stage, &row);
    block_end(b, &s);
}

// A map to null takes the row away.
static void unwrap_side(struct body *b, struct row *row, enum side side, const struct type *optional, struct value *v)
{
    const char *there = body_local(b, side == NOW ? "there" : "was_there"), *before = row->there[side];
    const char *and = before ? arena_printf(b->e->arena, "%s && ", before) : "";
    struct value some = value_is_some(b, *v, optional, false);
    body_line(b, "bool %s = %s%s;", there, and, value_text(b, some, before ? PREC_NOT : PREC_COND));
    row->there[side] = there;
    *v = value_unwrap(b, *v, optional);
}

// VAR is what X comes to.
static void emit_computed(struct body *b, const struct stage *stage, const struct var *var, const struct texpr *x,
                          const char *name)
{
    struct row row = row_behind(b, stage);
    struct value sides[2] = {{0}};
    bool removes = type_is_optional(x->type) && !type_is_optional(var->type);
    for (int i = NOW; i < side_count(&row) && (b->e->plan->var_used[var->id] || removes); i++) {
        enum side side = (enum side)i;
        struct sub s;
        sub_begin(b, &s);
        sides[i] = compute(b, side, x, side == NOW ? name : arena_printf(b->e->arena, "old_%s", name));
        if (side == NOW && texpr_has_effects(x))
            body_line(b, "(void)%s;", sides[i].text);
        if (removes)
            unwrap_side(b, &row, side, x->type, &sides[i]);
        sub_end(b, &s);
        if (side == NOW)
            sub_splice(b, &s);
        else
            sub_if_read(b, &s); // a join may find that it has no use for it
    }
    struct row *before = b->row;
    b->row = &row;
    row_bind(b, var, sides[NOW], sides[BEFORE]);
    b->row = before;
    emit_behind(b, stage, &row);
}

void emit_row_value(struct body *b, const struct stage *stage, const struct texpr *x)
{
    emit_computed(b, stage, stage->out.value, x, value_name(b, stage->out.value));
}

// ---- leaving the table ----

void emit_both_ways(struct body *b, const struct stage *stage, void (*emit)(struct body *, const struct stage *))
{
    struct row *row = b->row;
    const char *there = row->there[NOW];
    int bindings = b->bindings.count;
    struct sub now, gone;
    if (there)
        body_line(b, "if (%s) {", there);
    if (there)
        block_begin(b, &now);
    row_side(b, NOW);
    b->row = NULL;
    emit(b, stage);
    if (there) {
        sub_end(b, &now);
        sub_flush(b, &now);
        sub_begin(b, &gone);
        b->tombstone = true;
        if (stage->kind != STAGE_SINK || !stage->drops_tombstones) // of an aggregate that is said of its input
            emit(b, stage);
        b->tombstone = false;
        if (sub_end(b, &gone))
            body_line(b, "} else {");
        sub_flush(b, &gone);
        body_line(b, "}");
    }
    b->bindings.count = bindings;
    b->row = row;
}

static void call_stream(struct body *b, const struct stage *stage)
{
    call_merge(b, stage->inputs.items[0], stage);
}

// ---- to a repartition topic ----

// The key and value that the row on SIDE has there, both null if it is not there.
static void emit_pair(struct body *b, const struct stage *stage, enum side side, const char **key, const char **value)
{
    const struct plan_sink *sink = sink_of(b->e, stage);
    const struct shape *in = &stage->inputs.items[0]->out;
    const struct repartition *r = stage->repartition;
    const char *there = b->row->there[side], *prefix = side == NOW ? "" : "old_";
    struct sub s;
    sub_begin(b, &s);
    row_side(b, side);
    if (r->by) {
        struct value by = emit_named_expr(b, r->by, arena_printf(b->e->arena, "%skey", prefix));
        *key = value_arg(
            b, emit_encode(b, sink->key, by, r->by->type, NULL, arena_printf(b->e->arena, "%skey_json", prefix)));
    } else {
        *key = sent_key(b, sink, in->key);
    }
    struct binding *binding = body_binding(b, in->value);
    binding->read = true;
    *value = value_arg(b, emit_encode(b, sink->value, binding->value, in->value->type, NULL,
                                      arena_printf(b->e->arena, "%sjson", prefix)));
    sub_end(b, &s);
    if (!there) {
        sub_splice(b, &s);
        return;
    }
    const char *key_name = body_local(b, arena_printf(b->e->arena, "%skey_bytes", prefix));
    const char *value_name = body_local(b, arena_printf(b->e->arena, "%svalue_bytes", prefix));
    body_line(b, "struct weir_str %s = WEIR_NULL_STR, %s = WEIR_NULL_STR;", key_name, value_name);
    body_line(b, "if (%s) {", there);
    b->out = &s.text;
    body_line(b, "%s = %s;", key_name, *key);
    body_line(b, "%s = %s;", value_name, *value);
    b->out = s.outer;
    sub_flush(b, &s);
    body_line(b, "}");
    *key = key_name;
    *value = value_name;
}

static void emit_changes(struct body *b, const struct stage *stage)
{
    const char *key, *value, *old_key = "WEIR_NULL_STR", *old_value = "WEIR_NULL_STR";
    bool fails = stage->repartition->by && expr_can_fail(b, stage->repartition->by);
    emit_pair(b, stage, NOW, &key, &value);
    if (b->row->knows_old)
        emit_pair(b, stage, BEFORE, &old_key, &old_value);
    if (fails)
        body_check(b);
    const char *out = body_local(b, "out");
    body_line(b, "struct weir_out %s = {", out);
    body_line(b, "    .sink = %s,", b->e->sink_names[sink_of(b->e, stage)->index]);
    body_line(b, "    .key = %s,", key);
    body_line(b, "    .value = %s,", value);
    body_line(b, "    .timestamp = %s,", b->timestamp);
    body_line(b, "    .headers = %s->record->headers,", ctx(b));
    body_line(b, "    .header_count = w->record->header_count,");
    body_line(b, "};");
    body_line(b, "weir_send_change(w, &%s, %s, %s);", out, old_key, old_value);
}

static void emit_repartitioned(struct body *b, const struct stage *stage)
{
    if (stage->repartition->form == REPARTITION_SUBSCRIPTIONS)
        emit_subscriptions(b, stage);
    else
        emit_changes(b, stage);
}

// ---- as it is ----

const char *row_pointer(struct body *b, const struct stage *stage, enum side side)
{
    const struct var *value = stage->out.value;
    const char *there = b->row->there[side];
    struct sub s;
    sub_begin(b, &s);
    row_side(b, side);
    const char *pointer = value_address(b, body_binding(b, value)->value, value->type);
    sub_end(b, &s);
    sub_splice(b, &s);
    return !there || strcmp(there, pointer) == 0 ? pointer
                                                 : arena_printf(b->e->arena, "%s ? %s : NULL", there, pointer);
}

// ---- emit final, emit every ----

static void emit_suppress(struct body *b, const struct stage *stage)
{
    const char *value = row_pointer(b, stage->inputs.items[0], NOW);
    const char *old = b->row->knows_old ? row_pointer(b, stage->inputs.items[0], BEFORE) : NULL;
    body_line(b, "weir_suppress(%s, %s, &(struct weir_change){", ctx(b),
              b->e->store_names[b->e->plan->store_of[stage->id]->index]);
    put_change(b, b->key_bytes, value, old, b->timestamp, "");
}

// ---- all ----

static void emit_row_stage_of(struct body *b, const struct stage *from, const struct stage *stage)
{
    switch (stage->kind) {
    case STAGE_FILTER: emit_filter(b, stage); break;
    case STAGE_MAP: emit_row_value(b, stage, stage->expr); break;
    case STAGE_LET: emit_computed(b, stage, stage->var, stage->expr, name_of(b->e, stage->var->name)); break;
    case STAGE_REPARTITION: emit_repartitioned(b, stage); break;
    case STAGE_KEEP: emit_kept(b, stage); break;
    case STAGE_SUBSCRIBE: emit_answers(b, stage); break;
    case STAGE_JOIN: emit_join_tables(b, from, stage); break;
    case STAGE_SUPPRESS: emit_suppress(b, stage); break;
    case STAGE_SINK: emit_both_ways(b, stage, emit_sink); break;
    case STAGE_AS_STREAM: emit_both_ways(b, stage, call_stream); break;
    case STAGE_AGGREGATE: emit_update(b, from, stage); break;
    default: emit_outputs(b, stage); break; // GROUP
    }
}

// Groups and joins have the latest value of a row, and late ones of a versioned table are nothing to them.
static bool takes_latest(const struct stage *stage)
{
    return stage->kind == STAGE_REPARTITION || stage->kind == STAGE_GROUP || stage->kind == STAGE_JOIN ||
           stage->kind == STAGE_SUBSCRIBE;
}

void emit_row_stage(struct body *b, const struct stage *from, const struct stage *stage)
{
    struct sub s;
    if (!from->out.versioned || !takes_latest(stage)) {
        emit_row_stage_of(b, from, stage);
        return;
    }
    body_line(b, "if (!c->late) {");
    block_begin(b, &s);
    emit_row_stage_of(b, from, stage);
    block_end(b, &s);
}
