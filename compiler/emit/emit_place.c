// Places in the stores of processor blocks: what is there is read, put, deleted, and looped over.
#include "emit/emitter.h"
#include "types/stmt_walk.h"
#include "types/texpr_walk.h"

static const char *store_name(struct body *b, const struct store_place *place)
{
    return b->e->store_names[plan_block_store(b->e->plan, place->store)->index];
}

// KEY, an expression of the type of the store's keys, as bytes in a variable.
static const char *key_bytes(struct body *b, const struct block_store *store, const struct texpr *key, const char *name)
{
    bool fails = expr_can_fail(b, key);
    struct value v = emit_encode(b, store->key, emit_expr(b, key), key->type, NULL, "key_json");
    if (fails)
        body_check(b);
    const char *local = body_local(b, name);
    body_line(b, "struct weir_str %s = %s;", local, value_arg(b, v));
    return local;
}

static const char *time_text(struct body *b, const struct texpr *time, const char *name)
{
    bool fails = expr_can_fail(b, time);
    const char *text = value_local(b, emit_expr(b, time), time->type, name).text;
    if (fails)
        body_check(b);
    return text;
}

// ---- rows that are looked up once ----

// A constant, or a part of a variable that does not change: the same whenever it is computed in this handler.
static bool is_fixed_path(const struct body *b, const struct texpr *x)
{
    switch (x->kind) {
    case TEXPR_CONST: return true;
    case TEXPR_VAR: return !x->var->changes;
    case TEXPR_FIELD:
    case TEXPR_SOME:
    case TEXPR_UNWRAP: return is_fixed_path(b, x->left);
    default: return false;
    }
}

static bool is_same_place(const struct store_place *a, const struct store_place *b)
{
    return a->store == b->store && a->key && b->key && texpr_equal(a->key, b->key);
}

struct put_search {
    const struct store_place *place;
    bool found;
};

static void note_put(void *arg, const struct tstmt *s)
{
    struct put_search *search = arg;
    if (s->kind == TSTMT_PUT || s->kind == TSTMT_DELETE)
        search->found |= is_same_place(&s->place, search->place);
}

// Whether the row is worth being made: the handler puts it as well.
static bool is_held(const struct body *b, const struct store_place *place)
{
    struct put_search search = {.place = place};
    if (place->store->kind != BLOCK_STORE_KEYS || !is_fixed_path(b, place->key))
        return false;
    stmts_each(b->handler->body.items, b->handler->body.count, note_put, &search);
    return search.found;
}

static const char *held_row(const struct body *b, const struct store_place *place)
{
    for (int i = 0; i < b->rows.count; i++)
        if (is_same_place(b->rows.items[i].place, place))
            return b->rows.items[i].row;
    return NULL;
}

static const char *hold_row(struct body *b, const struct store_place *place)
{
    const char *row = held_row(b, place);
    if (row)
        return row;
    const char *key = key_bytes(b, place->store, place->key, "row_key");
    row = body_local(b, "row");
    body_line(b, "struct weir_row *%s = weir_row(%s, %s, %s, 0);", row, ctx(b), store_name(b, place), key);
    struct held_row held = {place, row};
    vec_push(b->e->arena, &b->rows, held);
    return row;
}

// ---- one value ----

// C texts of what finds it.
struct found_by {
    const char *store, *key, *start, *end; // START: of versions the time
};

static struct found_by find_by(struct body *b, const struct store_place *place)
{
    struct found_by by = {.store = store_name(b, place), .start = "0", .end = "0"};
    by.key = key_bytes(b, place->store, place->key, "row_key");
    if (place->at)
        by.start = time_text(b, place->at, "start");
    if (place->store->kind == BLOCK_STORE_SESSIONS) {
        by.start = time_text(b, place->from, "start");
        by.end = time_text(b, place->to, "end");
    }
    return by;
}

// What lies in the row itself is copied: it is overwritten where it is.
struct value stored_value(struct body *b, const char *pointer, const struct type *optional)
{
    const struct type *t = type_plain(optional);
    if (type_is_struct(t)) {
        if (type_has_parts(t))
            return value_path(pointer);
        return value_printf(b, PREC_COND, "%s ? weir_copy(%s, %s, sizeof *%s) : NULL", pointer, ctx(b), pointer,
                            pointer);
    }
    struct value some = value_some(b, value_pointer(pointer), optional), null = value_null(b, optional);
    return value_printf(b, PREC_COND, "%s ? %s : %s", pointer, value_arg(b, some), value_arg(b, null));
}

static const char *find_row(struct body *b, const struct store_place *place)
{
    struct found_by by = find_by(b, place);
    const char *call;
    switch (place->store->kind) {
    case BLOCK_STORE_SESSIONS:
        call = arena_printf(b->e->arena, "weir_window_find(%s, %s, %s, %s, %s)", ctx(b), by.store, by.key, by.start,
                            by.end);
        break;
    case BLOCK_STORE_VERSIONS:
        if (place->at) {
            call = arena_printf(b->e->arena, "weir_row_at(%s, %s, %s, %s)", ctx(b), by.store, by.key, by.start);
            break;
        } // fallthrough
    default: call = arena_printf(b->e->arena, "weir_row_find(%s, %s, %s, %s)", ctx(b), by.store, by.key, by.start);
    }
    const char *row = body_local(b, "row");
    body_line(b, "const struct weir_row *%s = %s;", row, call);
    return row;
}

struct value emit_stored(struct body *b, const struct texpr *x)
{
    const struct store_place *place = x->place;
    bool held = is_held(b, place);
    const char *row = held ? hold_row(b, place) : find_row(b, place), *value = body_local(b, "kept");
    body_line(b, held ? "const %s *%s = %s->value;" : "const %s *%s = %s ? %s->value : NULL;",
              type_c(b->e, type_plain(x->type)), value, row, row);
    struct value v = value_local(b, stored_value(b, value, x->type), x->type, name_of(b->e, place->store->name));
    v.lasting = true;
    return v;
}

// ---- changes ----

// Where a value is put: a row at hand, or what finds it.
struct target {
    const char *row;
    struct found_by by;
};

static struct target find_target(struct body *b, const struct store_place *place)
{
    struct target target = {.row = is_held(b, place) ? hold_row(b, place) : NULL};
    if (!target.row)
        target.by = find_by(b, place);
    return target;
}

static void put_row(struct body *b, const struct store_place *place, const struct target *target, const char *value)
{
    const struct found_by by = target->by;
    if (target->row) {
        body_line(b, "weir_row_put(%s, %s, %s, %s, %s);", ctx(b), store_name(b, place), target->row, value,
                  b->timestamp);
        return;
    }
    switch (place->store->kind) {
    case BLOCK_STORE_SESSIONS:
        body_line(b, "weir_window_put(%s, %s, &(struct weir_change){", ctx(b), by.store);
        body_line(b, "    .key = %s,\n    .start = %s,\n    .end = %s,", by.key, by.start, by.end);
        body_line(b, "    .value = %s,\n    .timestamp = %s,\n});", value, b->timestamp);
        break;
    case BLOCK_STORE_VERSIONS:
        body_line(b, "weir_version_put(%s, %s, %s, %s, %s);", ctx(b), by.store, by.key, value,
                  place->at ? by.start : b->timestamp);
        break;
    default:
        body_line(b, "weir_row_put(%s, %s, weir_row(%s, %s, %s, %s), %s, %s);", ctx(b), by.store, ctx(b), by.store,
                  by.key, by.start, value, b->timestamp);
    }
}

void emit_put_stored(struct body *b, const struct tstmt *s)
{
    bool fails = expr_can_fail(b, s->expr);
    struct target target = find_target(b, &s->place);
    struct value v = emit_named_expr(b, s->expr, "value");
    v = value_keep(b, v, s->expr->type, "value");
    if (fails)
        body_check(b);
    put_row(b, &s->place, &target, value_or_null(b, v, s->expr->type, "value"));
}

void emit_delete_stored(struct body *b, const struct tstmt *s)
{
    struct target target = find_target(b, &s->place);
    put_row(b, &s->place, &target, "NULL");
}

// ---- loops ----

static const char *scan_call(struct body *b, const struct store_place *place)
{
    struct arena *arena = b->e->arena;
    const char *store = store_name(b, place);
    if (place->store->kind == BLOCK_STORE_KEYS) {
        const char *from = place->from ? key_bytes(b, place->store, place->from, "from") : "WEIR_NULL_STR";
        const char *to = place->to ? key_bytes(b, place->store, place->to, "to") : "WEIR_NULL_STR";
        return arena_printf(arena, "weir_scan_rows(%s, %s, %s, %s)", ctx(b), store, from, to);
    }
    const char *key = place->key ? key_bytes(b, place->store, place->key, "row_key") : "WEIR_NULL_STR";
    const char *from = place->from ? time_text(b, place->from, "from") : "INT64_MIN";
    const char *to = place->to ? time_text(b, place->to, "to") : "INT64_MAX";
    bool sessions = place->store->kind == BLOCK_STORE_SESSIONS;
    return arena_printf(arena, "weir_scan_%s(%s, %s, %s, %s, %s)", sessions ? "sessions" : "windows", ctx(b), store,
                        key, from, to);
}

static bool is_read(struct body *b, const struct var *var)
{
    return var && var_used(b, var);
}

static void bind_scanned_key(struct body *b, const struct block_store *store, const struct var *var, const char *row)
{
    if (!is_read(b, var))
        return;
    const char *name = body_local(b, name_of(b->e, var->name));
    struct value v = emit_decode(b, store->key, NULL, "key", arena_printf(b->e->arena, "%s.key", row), name, false);
    v.lasting = true;
    body_bind(b, var, v);
}

static void bind_scanned_time(struct body *b, const struct var *var, const char *row, bool sessions)
{
    if (!is_read(b, var))
        return;
    const char *name = body_local(b, name_of(b->e, var->name));
    if (sessions)
        body_line(b, "%s = { .%s = %s.start, .%s = %s.end };", type_declare(b->e, var->type, name),
                  type_member(b->e, var->type, 0), row, type_member(b->e, var->type, 1), row);
    else
        body_line(b, "int64_t %s = %s.start;", name, row);
    body_bind(b, var, value_path(name));
}

static void bind_scanned_value(struct body *b, const struct var *var, const char *row)
{
    if (!is_read(b, var))
        return;
    const char *name = body_local(b, name_of(b->e, var->name)), *c = type_c(b->e, var->type);
    if (type_is_struct(var->type) && type_has_parts(var->type)) {
        body_line(b, "const %s *%s = %s.value;", c, name, row);
        body_bind(b, var, value_pointer(name));
        return;
    }
    body_line(b, "%s = *(const %s *)%s.value;", type_declare(b->e, var->type, name), c, row);
    body_bind(b, var, value_path(name));
}

// A variable may have a part of a row behind its turn.
static void note_keeping(void *found, const struct tstmt *s)
{
    *(bool *)found |= s->kind == TSTMT_SET && type_has_parts(s->var->type);
}

void emit_scan(struct body *b, const struct tstmt *s)
{
    const struct block_store *store = s->place.store;
    const char *call = scan_call(b, &s->place), *scan = body_local(b, "scan"), *row = body_local(b, "row");
    body_line(b, "struct weir_scan *%s = %s;", scan, call);
    bool keeps = false;
    stmts_each(s->body.items, s->body.count, note_keeping, &keeps);
    if (!keeps)
        body_line(b, "weir_scan_reuse(%s);", scan);
    body_line(b, "struct weir_scanned %s;", row);
    body_line(b, "while (weir_scan_next(%s, %s, &%s)) {", ctx(b), scan, row);
    struct sub sub;
    sub_begin(b, &sub);
    bool keys = store->kind == BLOCK_STORE_KEYS;
    int at = 0;
    if (keys || !s->place.key)
        bind_scanned_key(b, store, s->vars.items[at++], row);
    if (!keys)
        bind_scanned_time(b, s->vars.items[at++], row, store->kind == BLOCK_STORE_SESSIONS);
    bind_scanned_value(b, at < s->vars.count ? s->vars.items[at] : NULL, row);
    emit_stmts(b, s->body.items, s->body.count);
    block_end(b, &sub);
    body_check(b);
}
