// Warnings of state: what grows for ever, and what waits for ever.
#include "types/expr.h"
#include "types/flow_check.h"

// ---- what grows ----

// The value as a source gives it: what a `map` computes may well be one of few.
static bool is_source_value(const struct checker *c, const struct var *var)
{
    for (int i = 0; i < c->program->stages.count; i++) {
        const struct stage *stage = c->program->stages.items[i];
        if (stage->kind == STAGE_SOURCE && (stage->out.value == var || stage->out.key == var))
            return true;
    }
    return false;
}

static bool is_source_path(const struct checker *c, const struct texpr *e)
{
    while (e->kind == TEXPR_FIELD || e->kind == TEXPR_UNWRAP || e->kind == TEXPR_CASE)
        e = e->left;
    return e->kind == TEXPR_VAR && is_source_value(c, e->var);
}

// Whether new values of E come for ever: moments, offsets, random ids. Only what is certain.
static bool is_unbounded(const struct checker *c, const struct texpr *e)
{
    switch (e->kind) {
    case TEXPR_VAR:
        if (e->var->kind == VAR_OFFSET || e->var->kind == VAR_TIMESTAMP)
            return true;
        break;
    case TEXPR_CALL: return e->builtin == BUILTIN_UUID || e->builtin == BUILTIN_NOW;
    case TEXPR_SOME: return is_unbounded(c, e->left);
    case TEXPR_RECORD:
        for (int i = 0; i < e->items.count; i++)
            if (e->items.items[i] && is_unbounded(c, e->items.items[i]))
                return true;
        return false;
    default: break;
    }
    return type_plain(e->type)->kind == TYPE_TIMESTAMP && is_source_path(c, e);
}

static void warn_collect(struct checker *c, const struct aggregate_call *call)
{
    struct diag *d = diag_warning(c->bag, call->span, "this keeps every record of a group, for ever");
    diag_help(c->bag, d, "`last(100, ...)` keeps the latest, `top(100, ...)` the largest; a `window` ends some day");
}

static void warn_key(struct checker *c, const struct texpr *by)
{
    struct diag *d = diag_warning(c->bag, by->span, "this makes ever new groups, and all of them are kept");
    diag_help(c->bag, d,
              "group by something that comes again, as `truncate(t, 1h)` does, or cut the groups into "
              "windows: `window tumbling 1h`");
}

void warn_growth(const struct flow_cursor *f, const struct stage *aggregate)
{
    struct checker *c = f->c;
    // Windows end, and what a table's groups hold is in the table already.
    if (aggregate->aggregate->window || f->groups.items[0].at->out.kind == FLOW_GROUPED_TABLE)
        return;
    for (int i = 0; i < f->groups.count; i++)
        if (f->groups.items[i].by && is_unbounded(c, f->groups.items[i].by))
            warn_key(c, f->groups.items[i].by);
    for (int i = 0; i < aggregate->aggregate->calls.count; i++)
        if (aggregate->aggregate->calls.items[i].id == AGGREGATE_COLLECT)
            warn_collect(c, &aggregate->aggregate->calls.items[i]);
}

// ---- what waits ----

static bool was_warned(const struct checker *c, const struct flow_source *source)
{
    for (int i = 0; i < c->flow_scope->may_be_silent.count; i++)
        if (c->flow_scope->may_be_silent.items[i] == source)
            return true;
    return false;
}

static void warn_source(struct checker *c, const struct flow_source *source, struct span span)
{
    struct diag *d =
        diag_warning(c->bag, span, "while `%s` is silent, its windows stay open: time stands still", source->name);
    diag_related(c->bag, d, source->span, "declared here");
    diag_help(c->bag, d,
              "`idle 1m` there lets the clock go on after a minute of silence; without it they close with "
              "the next record");
    vec_push(c->arena, &c->flow_scope->may_be_silent, source);
}

// Once for a source: the sources above STAGE, whose inputs have smaller ids.
void warn_silence(const struct flow_cursor *f, const struct ast_stage *emit)
{
    struct checker *c = f->c;
    bool *above = arena_alloc(c->arena, (size_t)f->at->id + 1);
    above[f->at->id] = true;
    for (int id = f->at->id; id >= 0; id--) {
        const struct stage *stage = c->program->stages.items[id];
        for (int i = 0; above[id] && i < stage->inputs.count; i++)
            above[stage->inputs.items[i]->id] = true;
        if (above[id] && stage->source && stage->source->idle == 0 && !was_warned(c, stage->source))
            warn_source(c, stage->source, emit->span);
    }
}
