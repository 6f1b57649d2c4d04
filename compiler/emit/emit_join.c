// Joins of a stream with what is near in time in another one, or with a table that its records wait for. What comes of a match is in a function of its own,
// since it is reached in several ways.
#include <inttypes.h>

#include "emit/emit_join.h"

static const struct plan_store *join_store(const struct body *b, const struct stage *stage, enum plan_store_kind kind,
                                           bool left)
{
    return plan_join_store(b->e->plan, stage, kind, left);
}

// ---- the function behind a join ----

// A call of it: C texts; of a side, a pointer to its value or "NULL".
struct joined {
    const char *key, *timestamp, *left, *right;
};

static void call_join(struct body *b, const struct stage *stage, const struct joined *j)
{
    const struct plan_function *f = b->e->plan->function_of[stage->id];
    const char *args = arena_printf(b->e->arena, "%s, %s", j->key, j->timestamp);
    for (int i = 0; i < f->params.count; i++)
        args = arena_printf(b->e->arena, "%s, %s", args, f->params.items[i] == stage->out.value ? j->left : j->right);
    body_line(b, "%s(%s, %s);", made_find(b->e, "join", f, NULL)->name, ctx(b), args);
}

// ---- a stream that waits ----

// Records without a key find nothing, and wait for nothing.
static void emit_wait(struct body *b, const struct stage *from, const struct stage *stage)
{
    const struct plan_store *store = join_store(b, stage, PLAN_WAITING, true);
    const char *no_value = value_is_missing(b, from), *name = store_name(b, store), *no_key = NULL;
    struct sub with_value, with_key;
    begin_rest(b, name, no_value, &with_value);
    struct joined_key key = joined_key_of(b, from, store_is_raw(store, 0), store->key);
    if (key.may_be_null && stage->join->kind == AST_JOIN_INNER)
        no_key = arena_printf(b->e->arena, "!%s.p", key.bytes);
    begin_rest(b, name, no_key, &with_key);
    const char *pointer = joined_value(b, from);
    body_line(b, "if (!weir_wait(%s, %s, %s, %s, %s))", ctx(b), name, key.bytes, pointer, b->timestamp);
    b->out->indent++;
    call_join(b, stage, &(struct joined){key.bytes, b->timestamp, pointer, NULL});
    b->out->indent--;
    end_rest(b, no_key, &with_key);
    end_rest(b, no_value, &with_value);
}

// ---- records that are dropped, and how the join's time goes on all the same ----

static void emit_drop(struct body *b, const struct stage *stage, const char *store)
{
    if (plan_join_keeps_time(stage))
        body_line(b, "weir_store_time(%s, %s, %s);", ctx(b), store_name(b, join_store(b, stage, PLAN_PARKED, true)),
                  b->timestamp);
    body_line(b, "weir_drop_null(%s, %s);", ctx(b), store);
}

// ---- another stream ----

// A record of one side.
struct joining {
    const struct stage *stage;
    bool left, outer;                   // OUTER: it is a result by itself if nothing matches it
    const char *mine, *others, *parked; // stores
    const char *key, *value;            // VALUE: a pointer
};

static void call_side(struct body *b, const struct joining *s, const char *timestamp, const char *other)
{
    struct joined j = {s->key, timestamp, s->left ? s->value : other, s->left ? other : s->value};
    call_join(b, s->stage, &j);
}

static const char *time_after(struct body *b, int64_t ms)
{
    return ms ? arena_printf(b->e->arena, "weir_time_after(%s, %" PRId64 ")", b->timestamp, ms) : b->timestamp;
}

static const char *time_before(struct body *b, int64_t ms)
{
    return ms ? arena_printf(b->e->arena, "%s - %" PRId64, b->timestamp, ms) : b->timestamp;
}

// A record of the right side is found for a left one if it is at most BEFORE earlier and AFTER later.
static void emit_matches(struct body *b, const struct joining *s)
{
    const struct join *join = s->stage->join;
    const char *found = body_local(b, "found"), *i = body_local(b, "i"), *match = body_local(b, "match");
    const char *from = time_before(b, s->left ? join->before : join->after);
    const char *to = time_after(b, s->left ? join->after : join->before);
    body_line(b, "struct weir_matches %s = weir_side_find(%s, %s, %s, %s, %s);", found, ctx(b), s->others, s->key, from,
              to);
    body_line(b, "for (size_t %s = 0; %s < %s.count; %s++) {", i, i, found, i);
    b->out->indent++;
    body_line(b, "const struct weir_match *%s = &%s.items[%s];", match, found, i);
    if (s->parked && (!s->left || join->kind == AST_JOIN_OUTER))
        body_line(b, "weir_parked_take(%s, %s, %s, %s, %s->timestamp);", ctx(b), s->parked, s->left ? "false" : "true",
                  s->key, match);
    const char *later = arena_printf(b->e->arena, "weir_later(%s, %s->timestamp)", b->timestamp, match);
    call_side(b, s, later, arena_printf(b->e->arena, "%s->value", match));
    b->out->indent--;
    body_line(b, "}");
    if (!s->outer)
        return;
    body_line(b, "if (%s.count == 0 && !weir_parked_put(%s, %s, &(struct weir_parked){ %s, %s, %s, %s }))", found,
              ctx(b), s->parked, s->left ? "true" : "false", s->key, s->value, b->timestamp);
    b->out->indent++;
    call_side(b, s, b->timestamp, "NULL");
    b->out->indent--;
}

static void emit_side_with_key(struct body *b, const struct joining *s)
{
    if (s->parked)
        body_line(b, "weir_parked_advance(%s, %s, %s);", ctx(b), s->parked, b->timestamp);
    emit_matches(b, s);
    body_line(b, "weir_side_put(%s, %s, %s, %s, %s);", ctx(b), s->mine, s->key, s->value, b->timestamp);
}

// Without a key nothing is like it.
static void emit_side_without_key(struct body *b, const struct joining *s)
{
    if (!s->outer) {
        emit_drop(b, s->stage, s->mine);
        return;
    }
    body_line(b, "weir_store_time(%s, %s, %s);", ctx(b), s->parked, b->timestamp);
    call_side(b, s, b->timestamp, "NULL");
}

static void emit_side_without_value(struct body *b, const struct joining *s)
{
    emit_drop(b, s->stage, s->mine);
}

// Where MISSING (NULL: never) holds, what EMIT writes; what follows, in REST, is for the others.
static void begin_else(struct body *b, const struct joining *s, const char *missing,
                       void (*emit)(struct body *, const struct joining *), struct sub *rest)
{
    if (!missing)
        return;
    body_line(b, "if (%s) {", missing);
    b->out->indent++;
    emit(b, s);
    b->out->indent--;
    body_line(b, "} else {");
    block_begin(b, rest);
}

static void emit_side(struct body *b, const struct stage *from, const struct stage *stage, bool left)
{
    const struct plan_store *mine = join_store(b, stage, PLAN_SIDE, left);
    const struct plan_store *parked = join_store(b, stage, PLAN_PARKED, true);
    struct joining s = {.stage = stage,
                        .left = left,
                        .outer = stage->join->kind == AST_JOIN_OUTER || (left && stage->join->kind == AST_JOIN_LEFT),
                        .mine = store_name(b, mine),
                        .others = store_name(b, join_store(b, stage, PLAN_SIDE, !left)),
                        .parked = parked ? store_name(b, parked) : NULL};
    const char *no_value = value_is_missing(b, from);
    struct sub with_value, with_key;
    begin_else(b, &s, no_value, emit_side_without_value, &with_value);
    struct joined_key key = joined_key_of(b, from, store_is_raw(mine, left ? 0 : 1), mine->key);
    const char *no_key = key.may_be_null ? arena_printf(b->e->arena, "!%s.p", key.bytes) : NULL;
    s.key = key.bytes;
    s.value = joined_value(b, from);
    begin_else(b, &s, no_key, emit_side_without_key, &with_key);
    emit_side_with_key(b, &s);
    end_rest(b, no_key, &with_key);
    end_rest(b, no_value, &with_value);
}

// ---- both ----

static void emit_side_of(struct body *b, const struct stage *from, const struct stage *stage, bool left)
{
    if (b->tombstone)
        emit_drop(b, stage, store_name(b, join_store(b, stage, PLAN_SIDE, left)));
    else
        emit_side(b, from, stage, left);
}

void emit_join(struct body *b, const struct stage *from, const struct stage *stage)
{
    if (stage->join->form == JOIN_STREAMS) {
        if (stage->inputs.items[0] == from)
            emit_side_of(b, from, stage, true);
        if (stage->inputs.items[1] == from)
            emit_side_of(b, from, stage, false);
    } else if (!plan_join_is_root(stage)) {
        emit_join_lookup(b, from, stage);
    } else {
        emit_wait(b, from, stage);
    }
}

// ---- the function ----

static const char *side_name(struct body *b, const struct stage *stage, const struct var *side)
{
    if (side == stage->join->right)
        return name_of(b->e, side->name);
    return value_name(b, side);
}

static const char *bind_sides(struct body *b, const struct plan_function *f)
{
    const char *params = arena_printf(b->e->arena, ", struct weir_str %s, int64_t %s", b->key_bytes, b->timestamp);
    for (int i = 0; i < f->params.count; i++) {
        const struct var *side = f->params.items[i];
        const char *name = body_local(b, side_name(b, f->root, side));
        params = arena_printf(b->e->arena, "%s, const %s *%s", params, type_c(b->e, type_plain(side->type)), name);
        bind_pointed(b, side, name);
    }
    return params;
}

static void emit_parked(struct emitter *e, const struct plan_function *f)
{
    const struct stage *stage = f->root;
    struct writer text = {0};
    struct body body = body_new(e, &text, "return;"), *b = &body;
    names_add(b->locals, "p");
    const char *name = made_new(e, "parked", f, NULL, arena_printf(e->arena, "%s_parked", name_of(e, f->name)));
    bool both = stage->join->kind == AST_JOIN_OUTER;
    struct joined j = {"p->key", "p->timestamp", both ? "p->left ? p->value : NULL" : "p->value",
                       both ? "p->left ? NULL : p->value" : "NULL"};
    body_line(b, stage->join->form == JOIN_STREAMS ? "// Records that nothing has matched."
                                                   : "// Records that have waited.");
    body_line(b, "static void %s(struct weir_ctx *w, const struct weir_parked *p)\n{", name);
    text.indent++;
    call_join(b, stage, &j);
    text.indent--;
    body_line(b, "}");
    section_add(e, SECTION_FUNCTIONS, &text);
}

void emit_join_function(struct emitter *e, const struct plan_function *f)
{
    const struct stage *root = f->root;
    struct writer code = {.indent = 1}, rest = {0};
    struct body body = body_new(e, &code, "return;"), *b = &body;
    b->uses_ctx = true;
    b->commented = root->span;
    b->key_bytes = body_local(b, "key_bytes");
    b->timestamp = body_local(b, "timestamp");
    bind_key(b, root, f->needs_key);
    b->changes = !key_may_be_null(root); // its key is never null
    if (!b->changes && !type_is_optional(root->out.key->type))
        vec_last(&b->bindings).null_test = arena_printf(e->arena, "!%s.p", b->key_bytes);
    mark_line(b, root);
    const char *params = bind_sides(b, f);
    b->out = &rest;
    if (root->join->form == JOIN_LOOKUP)
        emit_join_row(b, root);
    else
        emit_outputs(b, root);
    b->out = &code;
    read_key(b, root, root->out.key_serde);
    writer_put(&code, rest.text, rest.len);
    writer_free(&rest);
    const char *text = arena_strdup(e->arena, code.text ? code.text : "");
    ignore_unless_in(b, text, b->key_bytes);
    ignore_unless_in(b, text, b->timestamp);
    function_add(b, f, made_new(e, "join", f, NULL, name_of(e, f->name)), params);
    if (plan_join_keeps_time(root) || root->join->form == JOIN_LOOKUP)
        emit_parked(e, f);
}
