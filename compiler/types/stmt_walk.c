#include "types/stmt_walk.h"

#include "types/program.h"

typedef void visit_expr(void *arg, const struct texpr *e);

static void visit_all(const struct texpr *const *items, size_t count, visit_expr *visit, void *arg)
{
    for (size_t i = 0; i < count; i++)
        if (items[i])
            visit(arg, items[i]);
}

void stmt_each_expr(const struct tstmt *s, visit_expr *visit, void *arg)
{
    const struct texpr *const parts[] = {s->place.key, s->place.at, s->place.from, s->place.to,
                                         s->expr,      s->key,      s->value,      s->time};
    visit_all(parts, sizeof parts / sizeof *parts, visit, arg);
    for (int i = 0; i < s->headers.count; i++)
        visit(arg, s->headers.items[i].value);
    for (int i = 0; i < s->body.count; i++)
        stmt_each_expr(s->body.items[i], visit, arg);
    for (int i = 0; i < s->otherwise.count; i++)
        stmt_each_expr(s->otherwise.items[i], visit, arg);
}

void process_each_expr(const struct process *process, visit_expr *visit, void *arg)
{
    for (int i = 0; i < process->handlers.count; i++) {
        const struct handler *handler = &process->handlers.items[i];
        for (int k = 0; k < handler->body.count; k++)
            stmt_each_expr(handler->body.items[k], visit, arg);
    }
}

void stmts_each(struct tstmt *const *items, int count, void (*visit)(void *arg, const struct tstmt *s), void *arg)
{
    for (int i = 0; i < count; i++) {
        visit(arg, items[i]);
        stmts_each(items[i]->body.items, items[i]->body.count, visit, arg);
        stmts_each(items[i]->otherwise.items, items[i]->otherwise.count, visit, arg);
    }
}

void process_each_stmt(const struct process *process, void (*visit)(void *arg, const struct tstmt *s), void *arg)
{
    for (int i = 0; i < process->handlers.count; i++)
        stmts_each(process->handlers.items[i].body.items, process->handlers.items[i].body.count, visit, arg);
}
