// Statements of processor blocks.
#include <string.h>

#include "types/process_check.h"
#include "types/texpr_walk.h"

struct texpr *check_stmt_expr(struct block_check *b, const struct env *env, const struct ast_expr *e,
                              const struct type *expected)
{
    return fold_expr(b->c, check_expr(b->c, env, e, expected));
}

static bool is_headers(struct block_check *b, const struct env *env, const struct ast_expr *e)
{
    return e->kind == AST_NAME && strcmp(e->name.text, "headers") == 0 && !store_named(b->c, env, e);
}

// ---- what a statement changes is no longer known ----

static void forget_all(struct block_check *b, struct env *env, struct ast_stmt *const *stmts, int count);

static void forget_place(struct block_check *b, struct env *env, const struct ast_expr *target)
{
    const struct ast_expr *root = target->kind == AST_INDEX ? target->left : target;
    const struct block_store *store = store_named(b->c, env, root);
    if (store)
        narrow_forget(b->c, store, &env->known);
    else if (is_headers(b, env, root))
        narrow_forget(b->c, NULL, &env->known);
}

// What goes onward may come to another block that shares a store.
static void forget_shared(struct block_check *b, struct env *env)
{
    for (int i = 0; i < b->process->stores.count; i++)
        if (b->process->stores.items[i]->shared)
            narrow_forget(b->c, b->process->stores.items[i], &env->known);
}

void forget_changed(struct block_check *b, struct env *env, const struct ast_stmt *s)
{
    if (s->target)
        forget_place(b, env, s->target);
    else if (s->kind == AST_STMT_EMIT && !s->topic)
        forget_shared(b, env);
    forget_all(b, env, s->body.items, s->body.count);
    forget_all(b, env, s->otherwise.items, s->otherwise.count);
}

static void forget_all(struct block_check *b, struct env *env, struct ast_stmt *const *stmts, int count)
{
    for (int i = 0; i < count; i++)
        forget_changed(b, env, stmts[i]);
}

// ---- names ----

struct var *find_local(const struct env *env, const char *name)
{
    for (const struct env *e = env; e; e = e->outer)
        for (int i = e->vars.count - 1; i >= 0; i--)
            if (strcmp(e->vars.items[i]->name, name) == 0)
                return e->vars.items[i];
    return NULL;
}

static void report_taken(struct block_check *b, struct name name, struct span before)
{
    struct diag *d = diag_error(b->c->bag, name.span, "`%s` is already a name here", name.text);
    diag_related(b->c->bag, d, before, "first here");
    diag_help(b->c->bag, d, "choose another one");
}

static void check_local_name(struct block_check *b, const struct env *env, struct name name)
{
    const struct var *before = find_local(env, name.text);
    const struct block_store *store = find_block_store(b, name.text);
    if (before && before->span.file >= 0)
        report_taken(b, name, before->span);
    else if (store)
        report_taken(b, name, store->span);
    else if (b->record)
        check_new_name(b->c, b->record, name, "`let`");
}

static bool assigns(struct ast_stmt *const *stmts, int count, const char *name)
{
    for (int i = 0; i < count; i++) {
        const struct ast_stmt *s = stmts[i];
        if ((s->kind == AST_STMT_ASSIGN && s->target->kind == AST_NAME && s->target->name.text == name) ||
            assigns(s->body.items, s->body.count, name) || assigns(s->otherwise.items, s->otherwise.count, name))
            return true;
    }
    return false;
}

struct var *bind_local(struct block_check *b, struct env *env, struct name name, const struct type *type)
{
    struct var *var = var_new(b->c, VAR_LOCAL, name.text, type, name.span);
    check_local_name(b, env, name);
    vec_push(b->c->arena, &env->vars, var);
    return var;
}

static void check_let_stmt(struct block_check *b, struct env *env, const struct ast_stmt *ast, struct tstmt *s)
{
    s->expr = check_stmt_expr(b, env, ast->expr, NULL);
    s->var = bind_local(b, env, ast->name, s->expr->type);
    s->var->changes = assigns(b->handler->body.items, b->handler->body.count, ast->name.text);
}

// ---- assignments ----

static void report_no_place(struct block_check *b, const struct env *env, const struct ast_expr *target)
{
    struct checker *c = b->c;
    const char *text = source_text(c, target->span);
    struct diag *d;
    if (target->kind == AST_ERROR)
        return;
    if (store_named(c, env, target)) {
        d = diag_error(c->bag, target->span, "`%s` is a store: say which row", text);
        diag_help(c->bag, d, "for example `%s[key]`", text);
    } else if (target->kind == AST_NAME && !name_in_scope(c, env, target->name.text)) {
        d = diag_error(c->bag, target->span, "there is no `%s` here", text);
        d->missing = true;
        diag_help(c->bag, d, "`let %s = ...` makes one", text);
    } else if (target->kind == AST_INDEX && target->left->kind == AST_NAME &&
               !name_in_scope(c, env, target->left->name.text)) {
        d = diag_error(c->bag, target->left->span, "this block has no store `%s`", target->left->name.text);
        d->missing = true;
        diag_help(c->bag, d, "declare it in the block: `store %s: string => int64`", target->left->name.text);
    } else {
        d = diag_error(c->bag, target->span, "this can't be changed");
        diag_help(
            c->bag, d,
            "what can: a row of a store, a name made by `let`, and `headers[\"name\"]`; of a record make a new one: "
            "`{ ...value, field: ... }`");
    }
}

static void check_set(struct block_check *b, const struct env *env, const struct ast_stmt *ast, struct tstmt *s)
{
    s->kind = TSTMT_SET;
    s->var = ast->target->kind == AST_NAME ? find_local(env, ast->target->name.text) : NULL;
    if (!s->var || !s->var->changes) {
        report_no_place(b, env, ast->target);
        check_stmt_expr(b, env, ast->expr, NULL);
        s->expr = texpr_error(b->c, ast->span);
        return;
    }
    s->expr = check_stmt_expr(b, env, ast->expr, s->var->type);
}

static void check_header(struct block_check *b, struct env *env, const struct ast_stmt *ast, struct tstmt *s)
{
    const struct ast_expr *index = ast->target->right;
    s->kind = TSTMT_HEADER;
    if (index->kind == AST_RANGE || ast->target->items.count)
        diag_error(b->c->bag, ast->target->span, "a header has one name");
    s->expr = check_stmt_expr(b, env, index, kind_type(b->c, TYPE_STRING));
    if (ast->expr)
        s->value = check_header_value(b->c, env, ast->expr);
    forget_changed(b, env, ast);
}

static void check_put(struct block_check *b, struct env *env, const struct ast_stmt *ast, struct block_store *store,
                      struct tstmt *s)
{
    struct checker *c = b->c;
    s->kind = ast->expr ? TSTMT_PUT : TSTMT_DELETE;
    bool good = check_place(c, env, ast->target, store, ast->expr ? PLACE_PUT : PLACE_DELETE, &s->place);
    if (ast->expr && ast->expr->kind == AST_NULL) {
        struct diag *d = diag_error(c->bag, ast->expr->span, "null is nothing that a store keeps");
        diag_help(c->bag, d, "write `delete %s`", source_text(c, ast->target->span));
        s->expr = texpr_error(c, ast->expr->span);
    } else if (ast->expr)
        s->expr = check_stmt_expr(b, env, ast->expr, store->value->type);
    forget_changed(b, env, ast);
    // A row of the other kinds may be too old to be kept.
    if (good && ast->expr && store->kind == BLOCK_STORE_KEYS)
        narrow_row(c, &s->place, &env->known);
}

// `place = expr`, `delete place`
static void check_change(struct block_check *b, struct env *env, const struct ast_stmt *ast, struct tstmt *s)
{
    const struct ast_expr *target = ast->target;
    struct block_store *store = target->kind == AST_INDEX ? store_named(b->c, env, target->left) : NULL;
    if (store)
        check_put(b, env, ast, store, s);
    else if (target->kind == AST_INDEX && is_headers(b, env, target->left))
        check_header(b, env, ast, s);
    else if (ast->expr)
        check_set(b, env, ast, s);
    else
        report_no_place(b, env, target);
}

// ---- if ----

static void check_if(struct block_check *b, struct env *env, const struct ast_stmt *ast, struct tstmt *s)
{
    struct env yes = env_inside(env), no = env_inside(env);
    s->expr = fold_expr(b->c, check_bool(b->c, env, ast->expr));
    if (!is_error(s->expr)) {
        narrow_when(b->c, s->expr, true, &yes.known);
        narrow_when(b->c, s->expr, false, &no.known);
    }
    check_statements(b, &yes, ast->body.items, ast->body.count, &s->body);
    check_statements(b, &no, ast->otherwise.items, ast->otherwise.count, &s->otherwise);
    forget_changed(b, env, ast);
}

// ---- what does something by itself ----

static void check_expr_stmt(struct block_check *b, const struct env *env, const struct ast_stmt *ast, struct tstmt *s)
{
    s->expr = check_stmt_expr(b, env, ast->expr, NULL);
    if (is_error(s->expr) || texpr_has_effects(s->expr))
        return;
    struct diag *d = diag_warning(b->c->bag, ast->span, "this does nothing: its result is not used");
    diag_help(b->c->bag, d, "`let NAME = ...` keeps it, `emit ...` sends it on");
}

static void check_statement(struct block_check *b, struct env *env, const struct ast_stmt *ast, struct tstmt *s)
{
    switch (ast->kind) {
    case AST_STMT_EMIT:
        s->kind = TSTMT_EMIT;
        check_emit_stmt(b, env, ast, s);
        forget_changed(b, env, ast);
        break;
    case AST_STMT_LET:
        s->kind = TSTMT_LET;
        check_let_stmt(b, env, ast, s);
        break;
    case AST_STMT_IF:
        s->kind = TSTMT_IF;
        check_if(b, env, ast, s);
        break;
    case AST_STMT_FOR: check_for(b, env, ast, s); break;
    case AST_STMT_ASSIGN:
    case AST_STMT_DELETE: check_change(b, env, ast, s); break;
    case AST_STMT_COMMIT: s->kind = TSTMT_COMMIT; break;
    case AST_STMT_EXPR:
        s->kind = TSTMT_EXPR;
        check_expr_stmt(b, env, ast, s);
        break;
    }
}

void check_statements(struct block_check *b, struct env *env, struct ast_stmt *const *stmts, int count,
                      struct tstmts *out)
{
    for (int i = 0; i < count; i++) {
        struct tstmt *s = arena_new_of(b->c->arena, struct tstmt);
        s->span = stmts[i]->span;
        check_statement(b, env, stmts[i], s);
        vec_push(b->c->arena, out, s);
    }
}
