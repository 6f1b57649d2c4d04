// The names of sources, flows and branches.
#include <string.h>

#include "types/flow_check.h"

struct named_flow *flow_find(const struct checker *c, const char *name)
{
    for (int i = 0; i < c->flow_scope->flows.count; i++)
        if (strcmp(c->flow_scope->flows.items[i]->name.text, name) == 0)
            return c->flow_scope->flows.items[i];
    return NULL;
}

struct named_flow *flow_add(struct checker *c, struct name name)
{
    const struct named_flow *before = flow_find(c, name.text);
    if (before) {
        struct diag *d = diag_error(c->bag, name.span, "`%s` is declared twice", name.text);
        diag_related(c->bag, d, before->name.span, "first declared here");
        diag_help(c->bag, d, "give one of them another name");
        return NULL;
    }
    struct named_flow *flow = arena_new_of(c->arena, struct named_flow);
    flow->name = name;
    vec_push(c->arena, &c->flow_scope->flows, flow);
    return flow;
}

static const char *nearest_flow(struct checker *c, const char *name)
{
    VEC(const char *) names = {0};
    for (int i = 0; i < c->flow_scope->flows.count; i++)
        if (!c->flow_scope->flows.items[i]->split)
            vec_push(c->arena, &names, c->flow_scope->flows.items[i]->name.text);
    return diag_nearest(name, names.items, names.count);
}

// Of an imported file: that it was meant to come along.
static const struct ast_file *imported_flow(struct checker *c, const char *name)
{
    for (int i = 0; i < c->flow_scope->import_count; i++) {
        const struct ast_file *file = c->flow_scope->imports[i];
        for (int k = 0; k < file->decls.count; k++) {
            const struct ast_decl *decl = file->decls.items[k];
            bool flow = decl->kind == AST_DECL_SOURCE || decl->kind == AST_DECL_FLOW;
            if (flow && decl->name.text && strcmp(decl->name.text, name) == 0)
                return file;
        }
    }
    return NULL;
}

static void report_unknown(struct checker *c, const char *name, struct span span)
{
    struct diag *d = diag_error(c->bag, span, "there is no flow named `%s`", name);
    d->missing = true;
    const char *nearest = nearest_flow(c, name);
    const struct ast_file *elsewhere = imported_flow(c, name);
    if (elsewhere)
        diag_help(c->bag, d, "`%s` is declared in %s: an import brings in types and functions, but no flows", name,
                  elsewhere->source->name);
    else if (nearest)
        diag_help(c->bag, d, "did you mean `%s`?", nearest);
    else
        diag_help(c->bag, d, "declare it above with `stream %s from \"topic\" ...` or `stream %s = ...`", name, name);
}

// "orders.paid, orders.shipped"
static const char *branches_of(struct checker *c, const struct named_flow *split)
{
    const char *list = "";
    size_t len = strlen(split->name.text);
    for (int i = 0; i < c->flow_scope->flows.count; i++) {
        const char *name = c->flow_scope->flows.items[i]->name.text;
        if (strncmp(name, split->name.text, len) == 0 && name[len] == '.')
            list = arena_printf(c->arena, "%s%s`%s`", list, *list ? ", " : "", name);
    }
    return list;
}

static bool is_declared(struct checker *c, const struct named_flow *flow, struct span span)
{
    if (flow->declared)
        return true;
    if (flow == c->flow_scope->current) {
        diag_error(c->bag, span, "`%s` can't flow into itself", flow->name.text);
        return false;
    }
    struct diag *d = diag_error(c->bag, span, "`%s` is used before it is declared", flow->name.text);
    diag_related(c->bag, d, flow->name.span, "declared here");
    diag_help(c->bag, d, "a program reads from top to bottom: move the declaration of `%s` above this line",
              flow->name.text);
    return false;
}

static struct named_flow *find_branch(struct checker *c, struct named_flow *head, struct name branch, struct span span)
{
    const char *full = arena_printf(c->arena, "%s.%s", head->name.text, branch.text);
    struct named_flow *found = flow_find(c, full);
    if (found || (head->declared && !head->split && head->end && stage_is_broken(head->end)))
        return found;
    if (!head->split) {
        struct diag *d = diag_error(c->bag, span, "`%s` has no branches", head->name.text);
        diag_help(c->bag, d, "only a flow that ends in `split { ... }` has them; write `%s` for the flow itself",
                  head->name.text);
        return NULL;
    }
    struct diag *d = diag_error(c->bag, branch.span, "`%s` has no branch `%s`", head->name.text, branch.text);
    const char *nearest = nearest_flow(c, full);
    if (nearest)
        diag_help(c->bag, d, "did you mean `%s`?", nearest);
    else
        diag_help(c->bag, d, "its branches are %s", branches_of(c, head));
    return NULL;
}

// Where the grammar has one name for it, a branch is written `a.b`.
static void split_dotted(struct checker *c, struct name *head, struct name *branch)
{
    const char *dot = strchr(head->text, '.');
    if (!dot || branch->text)
        return;
    branch->text = dot + 1;
    branch->span = head->span;
    head->text = arena_strndup(c->arena, head->text, (size_t)(dot - head->text));
}

const char *flow_short_name(struct checker *c, const char *flow)
{
    const char *dot = strchr(flow, '.');
    return dot ? intern_cstr(c->names, dot + 1) : flow;
}

struct stage *flow_use(struct checker *c, struct name head, struct name branch)
{
    if (!head.text)
        return NULL;
    split_dotted(c, &head, &branch);
    struct named_flow *flow = flow_find(c, head.text);
    if (!flow) {
        report_unknown(c, head.text, head.span);
        return NULL;
    }
    flow->used = true;
    if (!is_declared(c, flow, head.span))
        return NULL;
    if (branch.text) {
        struct named_flow *found = find_branch(c, flow, branch, span_join(head.span, branch.span));
        if (found)
            found->used = true;
        return found ? found->end : NULL;
    }
    if (flow->split) {
        struct diag *d = diag_error(c->bag, head.span, "`%s` is split: its records are in its branches", head.text);
        diag_help(c->bag, d, "use one of %s", branches_of(c, flow));
        return NULL;
    }
    return flow->end;
}

static void mark_used(struct checker *c, const char *name)
{
    struct named_flow *flow = flow_find(c, name);
    if (flow)
        flow->used = true;
}

// What a test looks at is used.
void flow_mark_used_by_tests(struct checker *c, const struct ast_file *file)
{
    for (int i = 0; i < file->decls.count; i++) {
        const struct ast_decl *decl = file->decls.items[i];
        for (int k = 0; decl->kind == AST_DECL_TEST && k < decl->steps.count; k++) {
            const struct ast_test_step *step = &decl->steps.items[k];
            if (step->flow.text && (step->kind == AST_TEST_EXPECT || step->kind == AST_TEST_NOTHING))
                mark_used(c, step->flow.text);
        }
    }
}

// Where something is wrong, what is not used yet may be meant there.
void flow_warn_unused(struct checker *c)
{
    if (c->bag->errors > 0)
        return;
    for (int i = 0; i < c->flow_scope->flows.count; i++) {
        const struct named_flow *flow = c->flow_scope->flows.items[i];
        bool branch = strchr(flow->name.text, '.') != NULL;
        if (flow->used || branch || !flow->declared || (flow->end && stage_is_broken(flow->end)))
            continue;
        // These do something by themselves, or are already reported.
        if (flow->end && (flow->end->kind == STAGE_EMIT || flow->end->kind == STAGE_PEEK ||
                          flow->end->kind == STAGE_LOG || flow->end->kind == STAGE_SINK))
            continue;
        struct diag *d = diag_warning(c->bag, flow->name.span, "`%s` is never used", flow->name.text);
        if (flow->split)
            diag_help(c->bag, d, "go on from its branches: %s", branches_of(c, flow));
        else if (flow->source)
            diag_help(c->bag, d, "its topic is not read; remove it, or write `%s | ...`", flow->name.text);
        else
            diag_help(c->bag, d, "nothing happens with its records; send them on with `%s | to \"topic\"`",
                      flow->name.text);
    }
}
