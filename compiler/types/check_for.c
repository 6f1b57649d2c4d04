// Loops of processor blocks: over lists and maps, and over stores.
#include <string.h>

#include "types/process_check.h"

// NULL: `_`, which names nothing.
static struct var *loop_var(struct block_check *b, struct env *inside, struct name name, const struct type *type)
{
    return strcmp(name.text, "_") == 0 ? NULL : bind_local(b, inside, name, type);
}

static void bind_all(struct block_check *b, struct env *inside, const struct ast_stmt *ast,
                     const struct type *const *types, int count, struct tstmt *s)
{
    const struct type *error = kind_type(b->c, TYPE_ERROR);
    for (int i = 0; i < ast->names.count; i++) {
        struct var *var = loop_var(b, inside, ast->names.items[i], i < count ? types[i] : error);
        vec_push(b->c->arena, &s->vars, var);
    }
}

// What the body changes is not known when it begins again.
static struct env env_of_body(struct block_check *b, struct env *env, const struct ast_stmt *ast)
{
    forget_changed(b, env, ast);
    return env_inside(env);
}

// ---- lists and maps ----

static void report_no_elements(struct block_check *b, const struct texpr *e)
{
    struct checker *c = b->c;
    const struct type *plain = type_plain(e->type);
    struct diag *d = diag_error(c->bag, e->span, "`for` goes through a list, a map or a store");
    diag_label(c->bag, d, "this is %s", type_show(c->arena, e->type));
    if (type_is_optional(e->type) && plain->kind == TYPE_LIST)
        diag_help(c->bag, d, "say what null means: `%s ?? []`", source_text(c, e->span));
    else if (type_is_optional(e->type) && plain->kind == TYPE_MAP)
        diag_help(c->bag, d, "check it first: `if %s != null { ... }`", source_text(c, e->span));
}

static void report_names(struct block_check *b, const struct ast_stmt *ast, const char *names)
{
    struct diag *d = diag_error(b->c->bag, ast->names.items[0].span, "this loop does not have %d name%s",
                                ast->names.count, ast->names.count == 1 ? "" : "s");
    diag_help(b->c->bag, d, "write `for %s in %s { ... }`; `_` for what is not needed", names,
              source_text(b->c, ast->expr->span));
}

static void check_for_items(struct block_check *b, struct env *env, const struct ast_stmt *ast, struct tstmt *s)
{
    struct checker *c = b->c;
    const struct type *types[2] = {0};
    int count = 0;
    s->kind = TSTMT_FOR;
    s->expr = check_stmt_expr(b, env, ast->expr, NULL);
    struct env inside = env_of_body(b, env, ast);
    bool map = s->expr->type->kind == TYPE_MAP;
    if (map || s->expr->type->kind == TYPE_LIST) {
        types[count++] = kind_type(c, map ? TYPE_STRING : TYPE_INT64);
        types[count++] = s->expr->type->element;
        if (!map && ast->names.count == 1)
            types[0] = types[1];
        if (ast->names.count > 2 || (map && ast->names.count < 2))
            report_names(b, ast, map ? "key, value" : "index, item");
    } else if (!is_error(s->expr))
        report_no_elements(b, s->expr);
    bind_all(b, &inside, ast, types, count, s);
    check_statements(b, &inside, ast->body.items, ast->body.count, &s->body);
}

// ---- stores ----

static const char *scan_names(const struct store_place *place)
{
    switch (place->store->kind) {
    case BLOCK_STORE_WINDOWS: return place->key ? "start, value" : "key, start, value";
    case BLOCK_STORE_SESSIONS: return place->key ? "window, value" : "key, window, value";
    default: return "key, value";
    }
}

static int scan_types(struct checker *c, const struct store_place *place, const struct type *types[3])
{
    const struct block_store *store = place->store;
    int count = 0;
    if (!place->key)
        types[count++] = store->key->type;
    if (store->kind == BLOCK_STORE_WINDOWS)
        types[count++] = kind_type(c, TYPE_TIMESTAMP);
    if (store->kind == BLOCK_STORE_SESSIONS)
        types[count++] = window_var(c, store->span)->type;
    types[count++] = store->value->type;
    return count;
}

static bool reads_all(const struct store_place *place)
{
    return !place->key && !place->from && !place->to;
}

static void warn_whole_store(struct block_check *b, const struct ast_stmt *ast, const struct store_place *place)
{
    const char *name = place->store->name;
    struct diag *d = diag_warning(b->c->bag, ast->expr->span, "this reads every row of `%s` for each record", name);
    diag_help(b->c->bag, d, "a part of it is `%s[%s]`; what is due to all rows belongs into `every 1m stream { ... }`",
              name, place->store->kind == BLOCK_STORE_KEYS ? "from..to" : "key");
}

static void check_scan(struct block_check *b, struct env *env, const struct ast_stmt *ast, struct block_store *store,
                       struct tstmt *s)
{
    const struct type *types[3];
    int count = 0;
    s->kind = TSTMT_SCAN;
    if (check_place(b->c, env, ast->expr, store, PLACE_SCAN, &s->place)) {
        count = scan_types(b->c, &s->place, types);
        if (ast->names.count != count)
            report_names(b, ast, scan_names(&s->place));
        else if (b->record && reads_all(&s->place))
            warn_whole_store(b, ast, &s->place);
    }
    struct env inside = env_of_body(b, env, ast);
    bind_all(b, &inside, ast, types, count, s);
    check_statements(b, &inside, ast->body.items, ast->body.count, &s->body);
}

// The elements of a list or map that is a row.
static bool is_row_with_elements(const struct ast_expr *over, const struct block_store *store)
{
    const struct type *type = store->value->type;
    return (type->kind == TYPE_LIST || type->kind == TYPE_MAP) && place_is_row(over, store);
}

void check_for(struct block_check *b, struct env *env, const struct ast_stmt *ast, struct tstmt *s)
{
    const struct ast_expr *over = ast->expr;
    struct block_store *store = store_named(b->c, env, over->kind == AST_INDEX ? over->left : over);
    if (store && !is_row_with_elements(over, store))
        check_scan(b, env, ast, store, s);
    else
        check_for_items(b, env, ast, s);
}
