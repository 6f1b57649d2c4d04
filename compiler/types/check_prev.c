// prev(EXPR): what EXPR was at the record before with the same key. A stage in front of the one that asks keeps it.
#include <string.h>

#include "types/expr.h"
#include "types/flow_check.h"
#include "types/texpr_walk.h"

struct prev_call {
    const struct ast_expr *call;
    struct var *var; // NULL: wrong, and reported
};

struct prev_scope {
    VEC(struct prev_call) calls;
};

static bool is_prev(const struct ast_expr *e)
{
    return e->kind == AST_CALL && strcmp(e->name.text, "prev") == 0;
}

// ---- the stage in front ----

// Records of a key come to one task.
static void bring_key(struct flow_cursor *f, struct span span)
{
    struct pack pack = {0};
    if (!f->at->out.key_changed)
        return;
    flow_pack(f, &pack, span);
    flow_bring(f, NULL, (struct repartition){0}, span);
    flow_unpack(f, &pack, span);
}

// In front of these stages the same records come by.
static bool passes_all(const struct stage *s)
{
    return s->kind == STAGE_PREV || s->kind == STAGE_LET || s->kind == STAGE_PEEK || s->kind == STAGE_LOG;
}

static struct var *find_same(const struct flow_cursor *f, const struct texpr *value)
{
    for (const struct stage *s = f->at; passes_all(s) && strcmp(s->within, f->within) == 0; s = s->inputs.items[0])
        if (s->kind == STAGE_PREV && texpr_equal(s->expr, value))
            return s->var;
    return NULL;
}

// "prev", "prev2", ...
static const char *next_name(const struct flow_cursor *f)
{
    int count = 1;
    for (const struct stage *s = f->at; s->kind == STAGE_PREV; s = s->inputs.items[0])
        count++;
    return intern_cstr(f->c->names, count == 1 ? "prev" : arena_printf(f->c->arena, "prev%d", count));
}

static struct var *append_prev(struct flow_cursor *f, struct texpr *value, struct span span)
{
    struct checker *c = f->c;
    const char *name = next_name(f);
    struct stage *stage = flow_append_at(f, STAGE_PREV, span);
    struct materialized *m = stage->materialized = arena_new_of(c->arena, struct materialized);
    m->key = serde_plain(c, stage->out.key_serde);
    m->value = serde_of_type(c, type_plain(value->type));
    stage->expr = value;
    stage->var = var_new(c, VAR_LET, name, type_optional(c->types, value->type), span);
    if (reads_value(c, value))
        vec_push(c->arena, &c->flow_scope->value_lets, stage->var);
    return stage->var;
}

static struct var *keep_prev(struct flow_cursor *f, const struct ast_expr *call)
{
    struct checker *c = f->c;
    if (call->items.count != 1) {
        struct diag *d = diag_error(c->bag, call->span, "`prev` takes one expression");
        diag_help(c->bag, d, "several are a record: `prev({ a, b })`");
        return NULL;
    }
    if (!flow_check_windowless(c, f->at, call->span, "`prev` is by keys without windows", ""))
        return NULL;
    bring_key(f, call->span);
    struct env env = shape_env(&f->at->out);
    struct texpr *value = fold_expr(c, check_expr(c, &env, call->items.items[0], NULL));
    if (is_error(value))
        return NULL;
    struct var *same = find_same(f, value);
    return same ? same : append_prev(f, value, call->span);
}

// ---- all of a stage ----

// What is asked for first is kept first: in prev(a - prev(a)) the inner one.
static void keep_prevs(void *arg, const struct ast_expr *e)
{
    struct flow_cursor *f = arg;
    expr_each_part(e, keep_prevs, f);
    if (!is_prev(e) || stage_is_broken(f->at))
        return;
    struct prev_call call = {e, keep_prev(f, e)};
    vec_push(f->c->arena, &f->c->prev_scope->calls, call);
}

void flow_keep_prevs(struct flow_cursor *f, const struct ast_stage *ast)
{
    if (f->at->out.kind != FLOW_STREAM || ast->kind == AST_STAGE_JOIN)
        return;
    if (!f->c->prev_scope)
        f->c->prev_scope = arena_new_of(f->c->arena, struct prev_scope);
    stage_each_expr(ast, keep_prevs, f);
}

// ---- the call ----

static struct texpr *report_misplaced(struct checker *c, const struct env *env, const struct ast_expr *e)
{
    const struct env *record = env_record(env);
    struct diag *d = diag_error(c->bag, e->span, "there is no record before to look at here");
    if (c->block)
        diag_help(c->bag, d, "keep what is needed in a store of the block: `store last: string => int64`");
    else if (!record || !record->shape->value)
        diag_help(c->bag, d, "`prev(...)` is for the stages of a stream; pass what it is there as an argument");
    else if (record->shape->kind == FLOW_TABLE)
        diag_help(c->bag, d, "a row has no history; take the table's changes: `as stream | ...`");
    else
        diag_help(c->bag, d, "name it in a stage before: `let before = prev(...)`");
    return texpr_error(c, e->span);
}

struct texpr *infer_prev(struct checker *c, const struct env *env, const struct ast_expr *e)
{
    if (!is_prev(e))
        return NULL;
    for (int i = 0; c->prev_scope && i < c->prev_scope->calls.count; i++) {
        const struct prev_call *call = &c->prev_scope->calls.items[i];
        if (call->call == e)
            return call->var ? narrow_apply(c, env, texpr_var(c, call->var, e->span)) : texpr_error(c, e->span);
    }
    return report_misplaced(c, env, e);
}
