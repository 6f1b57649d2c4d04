#include "syntax/ast_build.h"
#include "syntax/parser.h"

void build_file(struct parser *p, struct ast_decl *decl)
{
    if (decl) // else already reported
        vec_push(p->arena, &p->file->decls, decl);
}

struct ast_decl *build_decl(struct parser *p, enum ast_decl_kind kind, struct name name, struct span span)
{
    struct ast_decl *d = arena_new_of(p->arena, struct ast_decl);
    d->kind = kind;
    d->name = name;
    d->span = span;
    return d;
}

struct ast_decl *build_file_decl(struct parser *p, struct ast_decl *decl, const struct token *file)
{
    decl->file = build_text(p, file);
    decl->file_span = file->span;
    return decl;
}

// What could not be read, and is reported already, is left out of lists: it has no name.
void build_members(struct parser *p, struct ast_decl *decl, struct field_list members)
{
    for (int i = 0; i < members.count; i++)
        if (members.items[i].name.text)
            vec_push(p->arena, &decl->members, members.items[i]);
}

void build_settings(struct parser *p, struct ast_decl *app, struct setting_list settings)
{
    for (int i = 0; i < settings.count; i++)
        if (settings.items[i].name.text)
            vec_push(p->arena, &app->settings, settings.items[i]);
}

struct ast_setting build_setting(struct parser *p, struct name name, struct expr_list values,
                                 struct item_list properties, struct span span)
{
    struct ast_setting s = {.name = name, .span = span};
    take_list(s.values, values);
    for (int i = 0; i < properties.count; i++)
        if (properties.items[i].name.text)
            vec_push(p->arena, &s.properties, properties.items[i]);
    return s;
}

struct ast_decl *build_fn(struct parser *p, enum ast_decl_kind kind, struct name name, struct param_list params,
                          struct ast_type *result, struct span span)
{
    struct ast_decl *d = build_decl(p, kind, name, span);
    take_list(d->params, params);
    d->result = result;
    return d;
}

// ---- processor blocks ----

struct ast_decl *build_process(struct parser *p, struct name name, struct type_pair in, struct type_pair out,
                               struct members members, struct span span)
{
    struct ast_decl *d = build_decl(p, AST_DECL_PROCESS, name, span);
    d->in_key = in.key;
    d->in_value = in.value;
    d->result_key = out.key;
    d->result = out.value;
    take_list(d->stores, members.stores);
    take_list(d->handlers, members.handlers);
    return d;
}

static void apply_store_option(struct parser *p, struct ast_process_store *s, const struct clause *c)
{
    bool windowed = c->word == T_WINDOW || c->word == T_SESSION || c->word == T_VERSIONED;
    bool placed = c->word == T_MEMORY || c->word == T_ROCKSDB;
    if (windowed || (placed && !s->kind.text))
        s->kind = (struct name){intern_cstr(p->names, keyword_text(c->word)), c->word_span};
    switch (c->word) {
    case T_MEMORY:
    case T_ROCKSDB: s->store = build_store((enum ast_store)c->number, c->span); break;
    case T_WINDOW: s->window = c->number; break;
    case T_SESSION: s->session = c->number; break;
    case T_VERSIONED: s->versioned = c->number; break;
    case T_RETAIN: s->retain = c->number; break;
    case T_CHANGELOG: s->no_changelog = true; break;
    case T_SHARED: s->shared = true; break;
    default: break;
    }
}

void build_add_store(struct parser *p, struct members *members, struct name name, struct type_pair types,
                     struct clause_list options, struct span span)
{
    struct ast_process_store s = {.name = name,
                                  .key = types.key,
                                  .value = types.value,
                                  .window = -1,
                                  .session = -1,
                                  .versioned = -1,
                                  .retain = -1,
                                  .span = span};
    build_check_clauses(p, &options);
    for (int i = 0; i < options.count; i++)
        apply_store_option(p, &s, &options.items[i]);
    vec_push(p->arena, &members->stores, s);
}

void build_add_handler(struct parser *p, struct members *members, struct ast_process_handler handler,
                       struct stmt_list body, struct span span)
{
    take_list(handler.body, body);
    handler.span = span;
    vec_push(p->arena, &members->handlers, handler);
}

// ---- statements ----

struct ast_stmt *build_stmt(struct parser *p, enum ast_stmt_kind kind, struct ast_expr *target, struct ast_expr *expr,
                            struct span span)
{
    struct ast_stmt *s = arena_new_of(p->arena, struct ast_stmt);
    s->kind = kind;
    s->span = span;
    s->target = target;
    s->expr = expr;
    return s;
}

struct ast_stmt *build_emit_stmt(struct parser *p, struct ast_expr *key, struct ast_expr *value,
                                 struct clause_list options, struct span span)
{
    struct ast_stmt *s = build_stmt(p, AST_STMT_EMIT, NULL, value, span);
    s->key = key;
    build_check_clauses(p, &options);
    for (int i = 0; i < options.count; i++) {
        const struct clause *c = &options.items[i];
        if (c->word == T_TIME) {
            s->time = c->expr;
        } else if (c->word == T_HEADERS) {
            s->headers = c->expr;
        } else {
            s->topic = build_text(p, c->token);
            s->topic_span = c->token->span;
        }
    }
    return s;
}

struct ast_stmt *build_let(struct parser *p, struct name name, struct ast_expr *expr, struct span span)
{
    struct ast_stmt *s = build_stmt(p, AST_STMT_LET, NULL, expr, span);
    s->name = name;
    return s;
}

struct ast_stmt *build_if_stmt(struct parser *p, struct ast_expr *cond, struct stmt_list body,
                               struct stmt_list otherwise, struct span span)
{
    struct ast_stmt *s = build_stmt(p, AST_STMT_IF, NULL, cond, span);
    take_list(s->body, body);
    take_list(s->otherwise, otherwise);
    return s;
}

struct ast_stmt *build_for(struct parser *p, struct name_list names, struct ast_expr *range, struct stmt_list body,
                           struct span span)
{
    struct ast_stmt *s = build_stmt(p, AST_STMT_FOR, NULL, range, span);
    take_list(s->names, names);
    take_list(s->body, body);
    if (names.count > 3) {
        struct diag *d = diag_error(p->bag, names.items[3].span, "`for` binds three names at most");
        diag_help(p->bag, d, "of a store: `for key, value in store { ... }`");
    }
    return s;
}

// ---- tests ----

struct ast_test_step build_step(struct parser *p, enum ast_test_kind kind, struct flow_ref flow, struct ast_expr *key,
                                struct ast_expr *value, struct span span)
{
    struct ast_test_step s = {.kind = kind, .span = span, .flow = flow.head, .branch = flow.branch};
    s.topic = flow.topic ? build_text(p, flow.topic) : NULL;
    s.flow_span = flow.span;
    s.key = key;
    s.value = value;
    return s;
}
