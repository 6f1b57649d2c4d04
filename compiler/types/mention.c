// Names in expressions as written: what stages behind may need of those in front.
#include <string.h>

#include "types/flow_check.h"

void expr_each_part(const struct ast_expr *e, void (*visit)(void *arg, const struct ast_expr *part), void *arg)
{
    const struct ast_expr *parts[] = {e->cond, e->left, e->right, e->where};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (parts[i])
            visit(arg, parts[i]);
    for (int i = 0; i < e->items.count; i++)
        visit(arg, e->items.items[i]);
    for (int i = 0; i < e->fields.count; i++)
        if (e->fields.items[i].value)
            visit(arg, e->fields.items[i].value);
    for (int i = 0; i < e->entries.count; i++) {
        visit(arg, e->entries.items[i].key);
        visit(arg, e->entries.items[i].value);
    }
    for (int i = 0; i < e->arms.count; i++)
        visit(arg, e->arms.items[i].value);
}

struct name_search {
    const char *name;
    bool found;
};

static void search_name(void *arg, const struct ast_expr *e)
{
    struct name_search *search = arg;
    if (e->kind == AST_NAME && strcmp(e->name.text, search->name) == 0)
        search->found = true;
    if (!search->found)
        expr_each_part(e, search_name, arg);
}

bool expr_mentions(const struct ast_expr *e, const char *name)
{
    struct name_search search = {.name = name};
    if (e)
        search_name(&search, e);
    return search.found;
}

void stage_each_expr(const struct ast_stage *s, void (*visit)(void *arg, const struct ast_expr *e), void *arg)
{
    const struct ast_expr *parts[] = {s->expr,           s->fold.add, s->fold.undo, s->fold.merge, s->join.on,
                                      s->repartition.by, s->to.route, s->to.time,   s->to.headers};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (parts[i])
            visit(arg, parts[i]);
    for (int i = 0; i < s->branches.count; i++)
        if (s->branches.items[i].cond)
            visit(arg, s->branches.items[i].cond);
}

static bool stage_mentions(const struct ast_stage *s, const char *name)
{
    struct name_search search = {.name = name};
    stage_each_expr(s, search_name, &search);
    return search.found;
}

static bool stages_mention(const struct ast_flow *flow, int from, const char *name)
{
    for (int i = from; i < flow->stages.count; i++)
        if (stage_mentions(flow->stages.items[i], name))
            return true;
    return false;
}

// A branch is written `flow.branch`.
static bool is_of(const char *flow, const char *named)
{
    size_t len = strlen(named);
    return strncmp(flow, named, len) == 0 && (flow[len] == '\0' || flow[len] == '.');
}

static bool starts_from(const struct ast_flow *flow, const char *named)
{
    if (flow->head.text && strcmp(flow->head.text, named) == 0)
        return true;
    for (int i = 0; i < flow->cogroup.count; i++)
        if (is_of(flow->cogroup.items[i].flow.text, named))
            return true;
    return false;
}

static bool cogroup_mentions(const struct ast_flow *flow, const char *name)
{
    for (int i = 0; i < flow->cogroup.count; i++)
        if (expr_mentions(flow->cogroup.items[i].by, name))
            return true;
    return false;
}

// Of flows declared from declaration FROM on that start from the flow NAMED: a program reads from top to bottom.
static bool flows_mention(const struct ast_file *file, int from, const char *named, const char *name)
{
    for (int i = from; i < file->decls.count; i++) {
        const struct ast_decl *decl = file->decls.items[i];
        if (decl->kind == AST_DECL_FLOW && starts_from(decl->flow, named) &&
            (cogroup_mentions(decl->flow, name) || stages_mention(decl->flow, 0, name) ||
             (decl->name.text && flows_mention(file, i + 1, decl->name.text, name))))
            return true;
    }
    return false;
}

bool flow_mentions(const struct flow_cursor *f, const char *name)
{
    const struct flow_scope *scope = f->c->flow_scope;
    if (stages_mention(f->flow, f->index, name))
        return true;
    return f->named && flows_mention(scope->file, scope->declaration + 1, f->named->name.text, name);
}
