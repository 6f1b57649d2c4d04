// What records do to tables: each makes a row what the aggregate's expressions say, or is one (`as table`, a table's source).
#include <inttypes.h>
#include <string.h>

#include "emit/emitter.h"

// ---- an update ----

struct update {
    const struct plan_store *store;
    const struct plan_fold *fold;
    int input;
    const char *name; // of the store, in C
    const char *key;  // bytes
};

static const char *state_declare(struct body *b, const struct update *u, const char *name)
{
    return type_declare(b->e, type_plain(u->fold->state), name);
}

// "const struct hourly *acc"
static const char *pointer_declare(struct body *b, const struct update *u, const char *name)
{
    const char *c = type_c(b->e, type_plain(u->fold->state));
    return arena_printf(b->e->arena, "const %s *%s", c, name);
}

// The expressions of the fold are over the record, or over the row on SIDE.
static void bind_record(struct body *b, enum side side)
{
    if (b->row)
        row_side(b, side);
}

static void put_row(struct body *b, const struct update *u, const char *row, const char *value)
{
    body_check(b);
    body_line(b, "weir_row_put(%s, %s, %s, %s, weir_row_time(%s, %s));", ctx(b), u->name, row, value, row,
              b->timestamp);
}

// ---- one row ----

// ACC, a pointer to the state that points to VALUE, or, where that is NULL, to what a first record begins with.
static void begin_scalar(struct body *b, const struct update *u, const char *acc, const char *value)
{
    const char *fresh = value_local(b, emit_expr(b, u->fold->init), u->fold->init->type, "fresh").text;
    body_line(b, "%s = %s ? %s : &%s;", pointer_declare(b, u, acc), value, value, fresh);
}

// The same for an ACC that is there.
static void begin_state(struct body *b, const struct update *u, const char *acc)
{
    const char *fresh = body_local(b, "fresh");
    struct sub s;
    body_line(b, "%s;", type_declare(b->e, u->fold->init->type, fresh));
    body_line(b, "if (!%s) {", acc);
    sub_begin(b, &s);
    emit_assign(b, fresh, u->fold->init);
    body_line(b, "%s = %s;", acc, value_or_null(b, value_path(fresh), u->fold->init->type, fresh));
    block_end(b, &s);
}

// `next`, what the record makes of ACC. C text of a pointer to it.
static const char *add_record(struct body *b, const struct update *u, const char *acc)
{
    const struct texpr *add = u->fold->add.items[u->input];
    struct sub s;
    sub_begin(b, &s);
    bind_pointed(b, u->fold->acc, acc);
    bind_record(b, NOW);
    struct value next = value_local(b, emit_named_expr(b, add, "next"), add->type, "next");
    sub_end(b, &s);
    sub_splice(b, &s);
    return value_or_null(b, next, add->type, "next");
}

// Of a reduce: `next` is what the record makes of ACC (a C condition: there is one), or what it is by itself.
static const char *reduce_record(struct body *b, const struct update *u, const char *there, const char *acc)
{
    const struct texpr *add = u->fold->add.items[u->input];
    const char *next = body_local(b, "next");
    struct sub s;
    body_line(b, "%s;", state_declare(b, u, next));
    body_line(b, "if (%s) {", there);
    sub_begin(b, &s);
    bind_pointed(b, u->fold->acc, acc);
    emit_assign(b, next, add);
    sub_end(b, &s);
    sub_flush(b, &s);
    body_line(b, "} else {");
    sub_begin(b, &s);
    emit_assign(b, next, u->fold->first);
    block_end(b, &s);
    return arena_printf(b->e->arena, "&%s", next);
}

// What the record makes of VALUE, C text of a pointer to the state before; a pointer to it.
static const char *next_state(struct body *b, const struct update *u, const char *acc, const char *value)
{
    if (u->fold->init && type_suffix(u->fold->init->type)) {
        begin_scalar(b, u, acc, value);
        return add_record(b, u, acc);
    }
    body_line(b, "%s = %s;", pointer_declare(b, u, acc), value);
    if (!u->fold->init)
        return reduce_record(b, u, acc, acc);
    begin_state(b, u, acc);
    return add_record(b, u, acc);
}

static void update_row(struct body *b, const struct update *u, const char *start)
{
    const char *row = body_local(b, "row"), *acc = body_local(b, "acc"), *next;
    body_line(b, "struct weir_row *%s = weir_row(%s, %s, %s, %s);", row, ctx(b), u->name, u->key, start);
    next = next_state(b, u, acc, arena_printf(b->e->arena, "%s->value", row));
    put_row(b, u, row, next);
}

// ---- the row of a change: what was there is undone, then what is there is added ----

static void step_if_there(struct body *b, const struct update *u, enum side side, const char *acc)
{
    const char *there = b->row->there[side];
    const struct texpr *x = side == NOW ? u->fold->add.items[u->input] : u->fold->undo.items[u->input];
    const char *result = body_local(b, side == NOW ? "added" : "undone");
    struct sub s;
    body_line(b, "%s;", type_declare(b->e, x->type, result));
    if (side == BEFORE)
        body_line(b, there ? "if (%s && %s) {" : "if (%s) {", acc, there);
    else if (there)
        body_line(b, "if (%s) {", there);
    sub_begin(b, &s);
    if (side == NOW)
        begin_state(b, u, acc);
    bind_pointed(b, u->fold->acc, acc);
    bind_record(b, side);
    emit_assign(b, result, x);
    body_line(b, "%s = %s;", acc, value_or_null(b, value_path(result), x->type, result));
    sub_end(b, &s);
    if (side == NOW && !there) {
        sub_splice(b, &s);
        return;
    }
    sub_flush(b, &s);
    body_line(b, "}");
}

static void update_by_change(struct body *b, const struct update *u)
{
    const char *row = body_local(b, "row"), *acc = body_local(b, "acc");
    body_line(b, "struct weir_row *%s = weir_row(%s, %s, %s, 0);", row, ctx(b), u->name, u->key);
    body_line(b, "%s = %s->value;", pointer_declare(b, u, acc), row);
    if (u->fold->undo.count > 0 && b->row->knows_old)
        step_if_there(b, u, BEFORE, acc);
    step_if_there(b, u, NOW, acc);
    put_row(b, u, row, acc);
}

// ---- windows of time ----

// Windows take records until stream time is a grace behind their end.
static void update_window(struct body *b, const struct update *u, const char *start, const char *stream_time)
{
    const struct window *window = u->store->window;
    struct sub s;
    body_line(b, "if (%s <= %s - %" PRId64 ") {", start, stream_time, window->size + window->grace);
    body_line(b, "    weir_drop_late(%s, %s);", ctx(b), u->name);
    body_line(b, "} else {");
    block_begin(b, &s);
    update_row(b, u, start);
    block_end(b, &s);
}

static void update_time_windows(struct body *b, const struct update *u)
{
    const struct window *window = u->store->window;
    const char *stream_time = body_local(b, "stream_time"), *start = body_local(b, "start");
    struct sub s;
    body_line(b, "int64_t %s = weir_store_time(%s, %s, %s);", stream_time, ctx(b), u->name, b->timestamp);
    body_line(b, "int64_t %s = weir_window_first(%s, %" PRId64 ", %" PRId64 ");", start, b->timestamp, window->size,
              window->every);
    if (window->every == window->size) {
        update_window(b, u, start, stream_time);
        return;
    }
    body_line(b, "for (; %s <= %s; %s += %" PRId64 ") {", start, b->timestamp, start, window->every);
    block_begin(b, &s);
    update_window(b, u, start, stream_time);
    block_end(b, &s);
}

// ---- sessions ----

// SESSION, a variable, is what those found come to.
static void merge_sessions(struct body *b, const struct update *u, const char *found, const char *session, int from)
{
    const char *i = body_local(b, "i"), *other = body_local(b, "other");
    struct sub s;
    body_line(b, "for (size_t %s = %d; %s < %s.count; %s++) {", i, from, i, found, i);
    sub_begin(b, &s);
    body_line(b, "%s = %s.found[%s].value;", pointer_declare(b, u, other), found, i);
    body_bind(b, u->fold->acc, value_path(session));
    bind_pointed(b, u->fold->other, other);
    emit_assign(b, session, u->fold->merge);
    block_end(b, &s);
}

static void add_to_session(struct body *b, const struct update *u, const char *session)
{
    struct sub s;
    sub_begin(b, &s);
    body_bind(b, u->fold->acc, value_path(session));
    emit_assign(b, session, u->fold->add.items[u->input]);
    sub_end(b, &s);
    sub_splice(b, &s);
}

// Of a reduce: the first session found is what the others are merged into.
static void reduce_sessions(struct body *b, const struct update *u, const char *found, const char *session)
{
    struct sub s;
    body_line(b, "%s;", state_declare(b, u, session));
    body_line(b, "if (%s.count > 0) {", found);
    sub_begin(b, &s);
    body_line(b, "%s = *(%s)%s.found[0].value;", session, pointer_declare(b, u, ""), found);
    merge_sessions(b, u, found, session, 1);
    add_to_session(b, u, session);
    sub_end(b, &s);
    sub_flush(b, &s);
    body_line(b, "} else {");
    sub_begin(b, &s);
    emit_assign(b, session, u->fold->first);
    block_end(b, &s);
}

static void update_sessions(struct body *b, const struct update *u)
{
    const char *found = body_local(b, "sessions"), *session = body_local(b, "session");
    const struct type *t = u->fold->init ? u->fold->init->type : u->fold->state;
    struct sub s;
    body_line(b, "struct weir_sessions %s;", found);
    body_line(b, "if (weir_sessions_find(%s, %s, %s, %s, &%s)) {", ctx(b), u->name, u->key, b->timestamp, found);
    block_begin(b, &s);
    if (u->fold->init) {
        body_line(b, "%s;", type_declare(b->e, t, session));
        emit_assign(b, session, u->fold->init);
        merge_sessions(b, u, found, session, 0);
        add_to_session(b, u, session);
    } else {
        reduce_sessions(b, u, found, session);
    }
    body_check(b);
    body_line(b, "weir_sessions_put(%s, %s, &%s, %s);", ctx(b), u->name, found,
              value_or_null(b, value_path(session), t, session));
    block_end(b, &s);
}

// ---- sliding windows ----

static void update_slide(struct body *b, const struct update *u, const char *slides, const char *i)
{
    const char *slide = body_local(b, "slide"), *acc = body_local(b, "acc"), *next;
    body_line(b, "const struct weir_slide *%s = &%s.items[%s];", slide, slides, i);
    body_line(b, "if (!%s->adds) {", slide);
    body_line(b, "    weir_slides_put(%s, %s, &%s, %s, %s->base);", ctx(b), u->name, slides, i, slide);
    body_line(b, "    continue;");
    body_line(b, "}");
    next = next_state(b, u, acc, arena_printf(b->e->arena, "%s->base", slide));
    body_check(b);
    body_line(b, "weir_slides_put(%s, %s, &%s, %s, %s);", ctx(b), u->name, slides, i, next);
}

static void update_slides(struct body *b, const struct update *u)
{
    const char *slides = body_local(b, "slides"), *i = body_local(b, "i");
    struct sub s;
    body_line(b, "struct weir_slides %s;", slides);
    body_line(b, "if (weir_slides_find(%s, %s, %s, %s, &%s)) {", ctx(b), u->name, u->key, b->timestamp, slides);
    body_line(b, "    for (size_t %s = 0; %s < %s.count; %s++) {", i, i, slides, i);
    b->out->indent++;
    block_begin(b, &s);
    update_slide(b, u, slides, i);
    sub_end(b, &s);
    sub_flush(b, &s);
    b->out->indent--;
    body_line(b, "    }");
    body_line(b, "}");
}

// ---- aggregates ----

static bool takes_null_values(const struct window *window)
{
    return window && window->kind != WINDOW_SLIDING;
}

static void update_kind(struct body *b, const struct update *u)
{
    if (u->store->window && u->store->stage->inputs.count > 1)
        body_line(b, "weir_store_input(%s, %s, %d);", ctx(b), u->name, u->input);
    if (b->row)
        update_by_change(b, u);
    else if (!u->store->window)
        update_row(b, u, "0");
    else if (u->store->window->kind == WINDOW_TIME)
        update_time_windows(b, u);
    else if (u->store->window->kind == WINDOW_SESSION)
        update_sessions(b, u);
    else
        update_slides(b, u);
}

void emit_update(struct body *b, const struct stage *from, const struct stage *stage)
{
    const struct plan_store *store = b->e->plan->store_of[stage->id];
    struct update u = {.store = store, .fold = store->fold, .name = b->e->store_names[store->index]};
    while (stage->inputs.items[u.input] != from)
        u.input++;
    bool raw = store_is_raw(store, u.input), takes_null = takes_null_values(store->window);
    const char *missing = key_is_missing(b, raw, from);
    const char *no_value = takes_null || b->row ? NULL : value_is_missing(b, from);
    if (missing && no_value)
        missing = arena_printf(b->e->arena, "%s || %s", missing, no_value);
    else if (no_value)
        missing = no_value;
    struct sub rest;
    begin_rest(b, u.name, missing, &rest);
    u.key = emit_row_key(b, raw, from->out.key, store->key);
    update_kind(b, &u);
    end_rest(b, missing, &rest);
}

// ---- tables of their own: a row is the last value that came ----

// Nothing keeps the table: its changes go on as they come.
static void call_changed(struct body *b, const struct stage *stage, const char *value)
{
    const struct plan_function *f = b->e->plan->changed_of[stage->id];
    if (!f)
        return;
    body_line(b, "%s(%s, &(struct weir_change){", made_find(b->e, "changed", f, NULL)->name, ctx(b));
    put_change(b, b->key_bytes, value, NULL, b->timestamp, "");
}

void put_value(struct body *b, const struct plan_store *store, const char *key, const char *value)
{
    const char *name = b->e->store_names[store->index], *row = body_local(b, "row");
    body_line(b, "struct weir_row *%s = weir_row(%s, %s, %s, %s);", row, ctx(b), name, key, b->start ? b->start : "0");
    body_line(b, "weir_row_put(w, %s, %s, %s, %s);", name, row, value, b->timestamp);
}

void emit_put(struct body *b, const struct stage *stage)
{
    const struct plan_store *store = b->e->plan->store_of[stage->id];
    const struct stage *from = stage->kind == STAGE_SOURCE ? stage : stage->inputs.items[0];
    bool raw = !store || store_is_raw(store, 0);
    const char *name = store ? b->e->store_names[store->index] : "-1", *missing = key_is_missing(b, raw, from);
    struct sub rest;
    begin_rest(b, name, missing, &rest);
    const char *value = "NULL";
    struct binding *binding = body_binding(b, from->out.value);
    if (!b->tombstone && binding) {
        binding->read = true;
        value = value_or_null(b, binding->value, from->out.value->type, "value");
    } else if (!b->tombstone) {
        value = "&w->record->value"; // that there is one is all that is asked
    }
    if (store) {
        put_value(b, store, emit_row_key(b, raw, from->out.key, store->key), value);
    } else {
        call_changed(b, stage, value);
    }
    end_rest(b, missing, &rest);
}
