// What joins find in tables: a row of a store, or what a function of the table makes of one: its view.
#include "emit/emitter.h"

// A view that is being written.
struct view {
    const char *start, *end; // parameters; NULL: it has none such
    const char *at;
    const char *time; // where it puts the row's timestamp
};

// ---- rows of stores ----

static const struct plan_store *store_of(const struct body *b, const struct stage *table)
{
    return b->e->plan->store_of[table->id];
}

// The rows of its store are the table's as they are.
static bool is_store(const struct body *b, const struct stage *table)
{
    const struct plan_store *store = store_of(b, table);
    return store && (!store->fold || !store->fold->value);
}

static bool is_versioned(const struct body *b, const struct stage *table)
{
    while (!store_of(b, table) && table->kind != STAGE_JOIN) // what is joined is as it is now
        table = table->inputs.items[0];
    return table->source && table->source->versioned > 0;
}

static const char *row_call(struct body *b, const struct stage *table, const char *key, const char *start,
                            const char *at)
{
    const char *store = b->e->store_names[store_of(b, table)->index];
    if (store_of(b, table)->kind == PLAN_SERIES)
        return arena_printf(b->e->arena, "weir_window_find(%s, %s, %s, %s, %s)", ctx(b), store, key, start, b->end);
    if (stage_is_global(table))
        return arena_printf(b->e->arena, "weir_global_find(%s, %s, %s)", ctx(b), store, key);
    if (at)
        return arena_printf(b->e->arena, "weir_row_at(%s, %s, %s, %s)", ctx(b), store, key, at);
    return arena_printf(b->e->arena, "weir_row_find(%s, %s, %s, %s)", ctx(b), store, key, start ? start : "0");
}

static const char *pointer_declare(struct body *b, const struct type *t, const char *name)
{
    return arena_printf(b->e->arena, "const %s *%s", type_c(b->e, t), name);
}

// ---- views: each stage on the way from the store binds what it makes ----

static void view_stage(struct body *b, struct view *v, const struct stage *stage);

static void view_store(struct body *b, struct view *v, const struct stage *stage)
{
    const struct plan_fold *fold = store_of(b, stage)->fold;
    const struct var *kept = fold && fold->value ? fold->acc : stage->out.value;
    const char *row = body_local(b, "row");
    body_line(b, "const struct weir_row *%s = %s;", row, row_call(b, stage, b->key_bytes, v->start, v->at));
    body_line(b, "if (!%s)", row);
    body_line(b, "    return NULL;");
    const char *name = body_local(b, kept == stage->out.value ? value_name(b, kept) : "acc");
    body_line(b, "%s = %s->value;", pointer_declare(b, type_plain(kept->type), name), row);
    bind_pointed(b, kept, name);
    b->timestamp = arena_printf(b->e->arena, "%s->timestamp", row);
}

// VAR is what X comes to. It is no longer there when the view has returned.
static void view_result(struct body *b, const struct var *var, const struct texpr *x, const char *name)
{
    bool fails = expr_can_fail(b, x), removes = type_is_optional(x->type) && !type_is_optional(var->type);
    struct value v = value_keep(b, emit_named_expr(b, x, name), x->type, name);
    if (fails)
        body_check(b);
    if (removes) {
        body_line(b, "if (%s)", value_arg(b, value_is_some(b, v, x->type, true)));
        body_line(b, "    return NULL;");
        v = value_unwrap(b, v, x->type);
    }
    body_bind(b, var, v);
}

static void view_filter(struct body *b, const struct texpr *x)
{
    bool fails = expr_can_fail(b, x), negated = x->kind == TEXPR_NOT;
    const struct texpr *test = negated ? x->left : x;
    struct value v = emit_expr(b, test);
    if (fails) {
        v = value_local(b, v, test->type, "passes");
        body_check(b);
    }
    body_line(b, negated ? "if (%s)" : "if (!%s)", value_text(b, v, negated ? PREC_COND : PREC_UNARY));
    body_line(b, "    return NULL;");
}

static void view_made(struct body *b, struct view *v, const struct stage *stage)
{
    view_stage(b, v, stage->inputs.items[0]);
    stage_comment(b, stage);
    if (stage->kind == STAGE_FILTER)
        view_filter(b, stage->expr);
    else if (stage->kind == STAGE_MAP)
        view_result(b, stage->out.value, stage->expr, value_name(b, stage->out.value));
    else if (stage->kind == STAGE_LET && var_used(b, stage->var))
        view_result(b, stage->var, stage->expr, name_of(b->e, stage->var->name));
}

// The row that both sides' come to.
static void view_joined(struct body *b, struct view *v, const struct stage *stage)
{
    const struct join *join = stage->join;
    const struct var *values[] = {stage->out.value, join->right};
    const char *names[] = {value_name(b, stage->out.value), name_of(b->e, join->right->name)};
    struct found found[2];
    for (int i = 0; i < 2; i++) {
        found[i] = find_side(b, stage->inputs.items[i], b->key_bytes, v->start, names[i]);
        body_bind(b, values[i], value_pointed(b, values[i], found[i].value));
    }
    body_line(b,
              join->kind == AST_JOIN_INNER   ? "if (!%s || !%s)"
              : join->kind == AST_JOIN_OUTER ? "if (!%s && !%s)"
                                             : "if (!%s)",
              found[0].value, found[1].value);
    body_line(b, "    return NULL;");
    b->timestamp = later_of(b, found[0].time, found[1].time);
}

static void view_stage(struct body *b, struct view *v, const struct stage *stage)
{
    const struct plan_store *store = store_of(b, stage);
    if (stage->kind == STAGE_JOIN) {
        view_joined(b, v, stage);
        return;
    }
    if (!store) {
        view_made(b, v, stage);
        return;
    }
    view_store(b, v, stage);
    if (store->fold && store->fold->value)
        view_result(b, stage->out.value, store->fold->value, value_name(b, stage->out.value));
}

bool type_has_local_parts(const struct type *t)
{
    switch (t->kind) {
    case TYPE_LIST:
    case TYPE_MAP: return type_has_local_parts(t->element);
    case TYPE_OPTIONAL: return type_is_struct(t->element) || type_has_local_parts(t->element);
    case TYPE_RECORD:
    case TYPE_UNION:
        for (int i = 0; i < t->fields.count; i++)
            if (type_has_local_parts(t->fields.items[i].type))
                return true;
        return false;
    default: return false;
    }
}

// What VAR is, in memory that lasts as long as the record.
static void return_value(struct body *b, const struct var *var)
{
    const struct type *t = var->type;
    struct value v = body_binding(b, var)->value;
    if (v.pointer && v.lasting) {
        body_line(b, "return %s;", v.text);
        return;
    }
    const char *of = value_address(b, v, t), *c = type_c(b->e, t);
    if (type_has_local_parts(t))
        body_line(b, "return weir_copy_all(%s, %s, sizeof(%s), %s, %s);", ctx(b), of, c, emit_extra(b->e, t),
                  emit_keep(b->e, t));
    else
        body_line(b, "return weir_copy(%s, %s, sizeof(%s));", ctx(b), of, c);
}

// ---- the function ----

static const char *view_params(struct body *b, struct view *v)
{
    const char *params = arena_printf(b->e->arena, ", struct weir_str %s", b->key_bytes);
    if (v->start)
        params = arena_printf(b->e->arena, "%s, int64_t %s", params, v->start);
    if (v->end)
        params = arena_printf(b->e->arena, "%s, int64_t %s", params, v->end);
    if (v->at)
        params = arena_printf(b->e->arena, "%s, int64_t %s", params, v->at);
    if (v->time)
        params = arena_printf(b->e->arena, "%s, int64_t *%s", params, v->time);
    return params;
}

static bool has_sessions(const struct stage *table)
{
    return table->out.key_serde->window == AST_SESSION_WINDOWED;
}

// Where windows end: of a session that is said.
static void bind_end(struct body *b, const struct stage *table, struct view *v)
{
    const struct window *window = table->out.windowed;
    int64_t size = window ? window->size : table->out.key_serde->window_size;
    if (has_sessions(table)) {
        v->end = b->end = body_local(b, "end");
        return;
    }
    b->end = arena_printf(b->e->arena, "%s + %lld", b->start, (long long)size);
}

static void write_view(struct emitter *e, const struct stage *table, struct view *v, const char *name)
{
    struct writer code = {.indent = 1}, rest = {0}, text = {0};
    struct body body = body_new(e, &code, "return NULL;"), *b = &body;
    b->uses_ctx = true;
    b->key_bytes = body_local(b, "key_bytes");
    if (v->start)
        v->start = b->start = body_local(b, "start");
    if (v->at)
        v->at = body_local(b, "at");
    if (v->time)
        v->time = body_local(b, "timestamp");
    if (v->start)
        bind_end(b, table, v);
    bind_key(b, table, var_used(b, table->out.key));
    bind_window(b, table);
    b->changes = true; // its key is never null
    b->out = &rest;
    view_stage(b, v, table);
    if (v->time)
        body_line(b, "*%s = %s;", v->time, b->timestamp);
    return_value(b, table->out.value);
    b->out = &code;
    read_in_front(b, table, table->out.key_serde, &rest);
    code_drop_unread(&code);
    line_comment(e, &text, table->span);
    writer_printf(&text, "static const %s *%s(struct weir_ctx *w%s)\n{\n%s}\n", type_c(e, table->out.value->type), name,
                  view_params(b, v), code.text);
    section_add(e, SECTION_FUNCTIONS, &text);
    writer_free(&code);
}

static const char *table_name(const struct stage *table)
{
    return table->flow ? table->flow : table->source ? table->source->name : table->within;
}

static const char *view_fn(struct emitter *e, const struct finding *f)
{
    const char *kind = f->at ? f->time ? "view at, time" : "view at" : f->time ? "view, time" : "view";
    struct made *made = made_find(e, kind, f->table, NULL);
    if (made)
        return made->name;
    const char *name =
        made_new(e, kind, f->table, NULL, arena_printf(e->arena, "view_%s", name_of(e, table_name(f->table))));
    struct view v = {.start = f->start, .at = f->at, .time = f->time ? "timestamp" : NULL};
    write_view(e, f->table, &v, name);
    return name;
}

// ---- what joins ask ----

// A variable that is there if something reads it.
static const char *local_if_read(struct body *b, const char *type, const char *base, const char *value)
{
    struct sub s;
    sub_begin(b, &s);
    const char *name = body_local(b, base);
    body_line(b, "%s%s = %s;", type, name, value);
    sub_end(b, &s);
    sub_if_read(b, &s);
    return name;
}

static struct found find_in_store(struct body *b, const struct finding *f)
{
    struct arena *arena = b->e->arena;
    struct found found = {0};
    const char *call = row_call(b, f->table, f->key, f->start, f->at);
    if (f->null_key)
        call = arena_printf(arena, "%s.p ? %s : NULL", f->key, call);
    const char *row = local_if_read(b, "const struct weir_row *", arena_printf(arena, "%s_row", f->name), call);
    found.value = local_if_read(b, pointer_declare(b, f->table->out.value->type, ""), f->name,
                                arena_printf(arena, "%s ? %s->value : NULL", row, row));
    if (f->time)
        found.time = local_if_read(b, "int64_t ", arena_printf(arena, "%s_time", f->name),
                                   arena_printf(arena, "%s ? %s->timestamp : 0", row, row));
    return found;
}

static struct found find_by_view(struct body *b, const struct finding *f)
{
    struct emitter *e = b->e;
    struct found found = {.value = body_local(b, f->name)};
    const char *args = f->key;
    if (f->start)
        args = arena_printf(e->arena, "%s, %s", args, f->start);
    if (f->start && has_sessions(f->table))
        args = arena_printf(e->arena, "%s, %s", args, b->end);
    if (f->at)
        args = arena_printf(e->arena, "%s, %s", args, f->at);
    if (f->time) {
        found.time = body_local(b, arena_printf(e->arena, "%s_time", f->name));
        body_line(b, "int64_t %s = 0;", found.time);
        args = arena_printf(e->arena, "%s, &%s", args, found.time);
    }
    const char *call = arena_printf(e->arena, "%s(%s, %s)", view_fn(e, f), ctx(b), args);
    if (f->null_key)
        call = arena_printf(e->arena, "%s.p ? %s : NULL", f->key, call);
    body_line(b, "%s = %s;", pointer_declare(b, f->table->out.value->type, found.value), call);
    body_check(b);
    return found;
}

struct found emit_finding(struct body *b, const struct finding *f)
{
    struct finding asked = *f;
    if (f->at && !is_versioned(b, f->table))
        asked.at = NULL;
    return is_store(b, f->table) ? find_in_store(b, &asked) : find_by_view(b, &asked);
}

struct found emit_find(struct body *b, const struct stage *table, const char *key, const char *start, const char *name,
                       bool time)
{
    struct finding f = {.table = table, .key = key, .start = start, .name = name, .time = time};
    return emit_finding(b, &f);
}
