// The program's own functions. Declared in any order, checked once.
#include <string.h>

#include "types/builtin.h"
#include "types/check_call.h"
#include "types/extern.h"
#include "types/guess.h"
#include "types/name_map.h"
#include "types/resolve.h"

struct fn_call {
    struct declared_fn *callee;
    struct span span;
};

enum { MAX_DEPTH = 1000 };

enum fn_state { FN_NEW, FN_ACTIVE, FN_DONE };

struct declared_fn {
    struct fn fn; // first: a fn is its declaration
    const struct ast_decl *decl;
    VEC(struct fn_call) calls;
    enum fn_state state;
    int order, low; // when it was reached; the first reached that it leads back to
    bool calls_itself;
};

struct fn_scope {
    struct name_map by_name;
    struct declared_fn *current; // whose body is being checked
    int reached;
    VEC(struct declared_fn *) open; // reached, and perhaps in a circle with those before
};

static bool is_taken(struct checker *c, const struct ast_decl *decl)
{
    const char *name = decl->name.text;
    bool conversion = strcmp(name, "decimal") == 0 || scalar_by_name(c, name) || strcmp(name, "min_value") == 0 ||
                      strcmp(name, "max_value") == 0 || strcmp(name, "prev") == 0;
    if (!conversion && !builtin_find(c->builtins, name))
        return false;
    struct diag *d = diag_error(c->bag, decl->name.span, "`%s` is a built-in function", name);
    diag_help(c->bag, d, "give this function another name");
    return true;
}

static void declare_params(struct checker *c, struct declared_fn *declared)
{
    const struct ast_decl *decl = declared->decl;
    struct name_map seen;
    name_map_init(&seen, c->arena);
    for (int i = 0; i < decl->params.count; i++) {
        const struct ast_param *p = &decl->params.items[i];
        const struct ast_param *first = name_map_add(&seen, p->name.text, (void *)p);
        if (first) {
            struct diag *d = diag_error(c->bag, p->name.span, "the parameter `%s` is there twice", p->name.text);
            diag_related(c->bag, d, first->name.span, "first here");
        }
        vec_push(c->arena, &declared->fn.params,
                 var_new(c, VAR_LOCAL, p->name.text, resolve_type(c, p->type), p->name.span));
    }
    declared->fn.result = decl->result ? resolve_type(c, decl->result) : type_of_kind(c->types, TYPE_ERROR);
}

static void declare_fn(struct checker *c, const struct ast_decl *decl)
{
    if (is_taken(c, decl))
        return;
    struct declared_fn *declared = arena_new_of(c->arena, struct declared_fn);
    declared->decl = decl;
    declared->fn.name = decl->name.text;
    declared->fn.span = decl->name.span;
    const struct declared_fn *first = name_map_add(&c->fn_scope->by_name, decl->name.text, declared);
    if (first) {
        struct diag *d = diag_error(c->bag, decl->name.span, "the function `%s` is declared twice", decl->name.text);
        diag_related(c->bag, d, first->fn.span, "first here");
        return;
    }
    declare_params(c, declared);
    if (decl->kind == AST_DECL_EXTERN && decl->file)
        check_extern(c, decl, &declared->fn);
}

static void check_body(struct checker *c, struct declared_fn *declared)
{
    if (declared->decl->kind != AST_DECL_FN || !declared->decl->body)
        return;
    struct env env = {0};
    for (int i = 0; i < declared->fn.params.count; i++)
        vec_push(c->arena, &env.vars, declared->fn.params.items[i]);
    c->fn_scope->current = declared;
    declared->fn.body = check_expr(c, &env, declared->decl->body, declared->fn.result);
    c->fn_scope->current = NULL;
}

// ---- the graph of calls ----

static void report_depth(struct checker *c, struct span span)
{
    diag_error(c->bag, span, "functions call each other more than %d deep here", MAX_DEPTH);
}

// What one of a circle calls, all of it may have called.
static bool has_effects(const struct fn_scope *scope, const struct declared_fn *declared)
{
    for (int i = scope->open.count - 1;; i--) {
        const struct declared_fn *member = scope->open.items[i];
        bool found = member->fn.effects;
        for (int k = 0; k < member->calls.count; k++)
            found = found || member->calls.items[k].callee->fn.effects;
        if (found || member == declared)
            return found;
    }
}

// DECLARED and what was reached behind it call each other, in a circle.
static void leave_circle(struct checker *c, struct declared_fn *declared)
{
    struct fn_scope *scope = c->fn_scope;
    bool alone = vec_last(&scope->open) == declared, effects = has_effects(scope, declared);
    struct declared_fn *member;
    do {
        member = scope->open.items[--scope->open.count];
        member->fn.recursive = !alone || member->calls_itself;
        member->fn.effects = effects;
        member->state = FN_DONE;
        if (member->fn.body || member->fn.file)
            vec_push(c->arena, &c->program->fns, &member->fn);
    } while (member != declared);
}

// Enters functions into the program after those they call (Tarjan's algorithm).
static void order(struct checker *c, struct declared_fn *declared, int depth)
{
    struct fn_scope *scope = c->fn_scope;
    declared->state = FN_ACTIVE;
    declared->order = declared->low = ++scope->reached;
    vec_push(c->arena, &scope->open, declared);
    for (int i = 0; i < declared->calls.count; i++) {
        struct declared_fn *callee = declared->calls.items[i].callee;
        declared->calls_itself |= callee == declared;
        if (callee->state == FN_NEW && depth >= MAX_DEPTH)
            report_depth(c, declared->calls.items[i].span);
        else if (callee->state == FN_NEW)
            order(c, callee, depth + 1);
        if (callee->state == FN_ACTIVE && callee->low < declared->low)
            declared->low = callee->low;
    }
    if (declared->low == declared->order)
        leave_circle(c, declared);
}

void check_fns(struct checker *c, struct ast_file *const *files, int count)
{
    struct fn_scope *scope = c->fn_scope = arena_new_of(c->arena, struct fn_scope);
    name_map_init(&scope->by_name, c->arena);
    for (int i = 0; i < count; i++)
        for (int j = 0; j < files[i]->decls.count; j++) {
            const struct ast_decl *decl = files[i]->decls.items[j];
            if ((decl->kind == AST_DECL_FN || decl->kind == AST_DECL_EXTERN) && decl->name.text)
                declare_fn(c, decl);
        }
    for (int i = 0; i < scope->by_name.entries.count; i++)
        check_body(c, scope->by_name.entries.items[i].value);
    for (int i = 0; i < scope->by_name.entries.count; i++) {
        struct declared_fn *declared = scope->by_name.entries.items[i].value;
        if (declared->state == FN_NEW)
            order(c, declared, 1);
    }
}

const struct fn *find_fn(struct checker *c, const char *name)
{
    if (!c->fn_scope)
        return NULL;
    const struct declared_fn *declared = name_map_get(&c->fn_scope->by_name, intern_cstr(c->names, name));
    return declared ? &declared->fn : NULL;
}

const char *fn_nearest(struct checker *c, const char *name)
{
    if (!c->fn_scope || !guess_affordable(c, c->fn_scope->by_name.entries.count))
        return NULL;
    return name_map_nearest(&c->fn_scope->by_name, name);
}

void fn_note_call(struct checker *c, const struct fn *fn, struct span span)
{
    if (!c->fn_scope->current)
        return;
    struct fn_call call = {name_map_get(&c->fn_scope->by_name, fn->name), span};
    vec_push(c->arena, &c->fn_scope->current->calls, call);
}
