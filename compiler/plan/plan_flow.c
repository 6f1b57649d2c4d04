// What each stage reads of what came before it, and what becomes of records without a value. Stages are visited from the last to the
// first: what is read of a variable is known before the expression that makes it is looked at.
#include "plan/plan_build.h"
#include "types/texpr_walk.h"

static void want(struct planner *p, const struct var *var)
{
    pruner_want(p->pruner, var, &uses_whole);
}

static struct texpr *prune(struct planner *p, struct texpr *e)
{
    return e ? pruner_prune(p->pruner, e, &uses_whole) : NULL;
}

// What is read of a variable that E computes; an unread one's E is left alone, and not emitted.
static void prune_for(struct planner *p, struct stage *stage, const struct var *result)
{
    if (texpr_has_effects(stage->expr))
        pruner_want(p->pruner, result, &uses_only);
    const struct uses *read = p->pruner->of_var[result->id];
    if (read && read->used)
        stage->expr = pruner_prune(p->pruner, stage->expr, read);
}

static void prune_expand(struct planner *p, struct stage *stage)
{
    const struct type *element = stage->expr->type->element;
    struct uses list = {.used = true}, of_element = {0};
    struct uses *parts[1] = {&of_element};
    if (stage->vars.count == 1) {
        const struct uses *read = p->pruner->of_var[stage->vars.items[0]->id];
        of_element = read ? *read : of_element;
    } else {
        of_element.used = true;
        of_element.fields = arena_alloc(p->arena, sizeof *of_element.fields * (size_t)element->fields.count);
        for (int i = 0; i < stage->vars.count; i++)
            of_element.fields[i] = p->pruner->of_var[stage->vars.items[i]->id];
    }
    list.fields = parts;
    stage->expr = pruner_prune(p->pruner, stage->expr, &list);
}

// The key's bytes go on as they are, or it is read and written anew.
static const struct plan_sink *sink_of(const struct planner *p, const struct stage *stage)
{
    for (int i = 0; i < p->plan->sinks.count; i++)
        if (p->plan->sinks.items[i]->stage == stage)
            return p->plan->sinks.items[i];
    return NULL;
}

static void want_key(struct planner *p, const struct shape *shape, bool raw)
{
    if (!raw)
        want(p, shape->key);
}

// A windowed key as it is written.
static void want_window(struct planner *p, const struct shape *shape, const struct serde *key)
{
    if (shape->window && key->window != AST_NOT_WINDOWED)
        want(p, shape->window);
}

static void use_sink(struct planner *p, struct stage *stage)
{
    struct sink *sink = stage->sink;
    sink->route = prune(p, sink->route);
    sink->time = prune(p, sink->time);
    for (int i = 0; i < sink->headers.count; i++)
        sink->headers.items[i].value = prune(p, sink->headers.items[i].value);
    want_key(p, &stage->out, sink_of(p, stage)->raw_key);
    want_window(p, &stage->out, sink->key);
    want(p, stage->out.value);
}

static void use_repartition(struct planner *p, struct stage *stage)
{
    const struct shape *in = &stage->inputs.items[0]->out;
    stage->repartition->by = prune(p, stage->repartition->by);
    if (stage->repartition->form == REPARTITION_ANSWERS)
        return;
    want_key(p, in, stage->repartition->by || sink_of(p, stage)->raw_key);
    want_window(p, in, stage->repartition->key);
    want(p, in->value);
}

// ---- tables ----

static void prune_fold(struct planner *p, const struct stage *stage, struct plan_fold *fold)
{
    const struct uses *value = p->pruner->of_var[stage->out.value->id];
    fold->shown = fold->value && !texpr_has_effects(fold->value) ? prune(p, fold->value) : NULL;
    fold->value = fold->value && value && value->used ? pruner_prune(p->pruner, fold->value, value) : NULL;
    fold->init = prune(p, fold->init);
    fold->first = prune(p, fold->first);
    fold->merge = prune(p, fold->merge);
    for (int i = 0; i < fold->add.count; i++)
        fold->add.items[i] = prune(p, fold->add.items[i]);
    for (int i = 0; i < fold->undo.count; i++)
        fold->undo.items[i] = prune(p, fold->undo.items[i]);
}

// What is kept is kept whole.
static void use_store(struct planner *p, const struct stage *stage)
{
    const struct plan_store *store = p->store_of[stage->id];
    if (store->fold)
        prune_fold(p, stage, store->fold);
    for (int i = 0; i < stage->inputs.count; i++) {
        const struct shape *in = &stage->inputs.items[i]->out;
        if (!p->live[stage->inputs.items[i]->id])
            continue;
        want_key(p, in, store->raw_keys.items[i]);
        if (!store->fold)
            want(p, in->value);
    }
}

static void use_join(struct planner *p, struct stage *stage)
{
    switch (stage->join->form) {
    case JOIN_TABLES: plan_use_join_tables(p, stage); break;
    case JOIN_FOREIGN: plan_use_join_foreign(p, stage); break;
    default: plan_use_join(p, stage); break;
    }
}

static void use_source(struct planner *p, struct stage *stage)
{
    stage->source->time = prune(p, stage->source->time);
    if (p->store_of[stage->id])
        want(p, stage->out.value);
}

// What is read behind a merge is read of each of its inputs.
static void use_merge(struct planner *p, const struct stage *stage)
{
    const struct uses *key = p->pruner->of_var[stage->out.key->id], *value = p->pruner->of_var[stage->out.value->id];
    for (int i = 0; i < stage->inputs.count; i++) {
        const struct stage *input = stage->inputs.items[i];
        if (!p->live[input->id])
            continue;
        if (key)
            pruner_want(p->pruner, input->out.key, key);
        if (value)
            pruner_want(p->pruner, input->out.value, value);
    }
}

static void use_stage(struct planner *p, struct stage *stage)
{
    if (p->tapped[stage->id]) {
        want(p, stage->out.key);
        want(p, stage->out.value);
        if (stage->out.window)
            want(p, stage->out.window);
    }
    switch (stage->kind) {
    case STAGE_SOURCE: use_source(p, stage); break;
    case STAGE_FILTER:
    case STAGE_BRANCH:
    case STAGE_PEEK:
    case STAGE_LOG: stage->expr = prune(p, stage->expr); break;
    case STAGE_MAP: prune_for(p, stage, stage->out.value); break;
    case STAGE_LET: prune_for(p, stage, stage->var); break;
    case STAGE_KEY_BY: prune_for(p, stage, stage->out.key); break;
    case STAGE_EXPAND: prune_expand(p, stage); break;
    case STAGE_MERGE: use_merge(p, stage); break;
    case STAGE_REPARTITION: use_repartition(p, stage); break;
    case STAGE_SINK: use_sink(p, stage); break;
    case STAGE_AGGREGATE:
    case STAGE_AS_TABLE:
    case STAGE_SUPPRESS:
    case STAGE_KEEP: use_store(p, stage); break;
    case STAGE_JOIN: use_join(p, stage); break;
    case STAGE_SUBSCRIBE: plan_use_subscribe(p, stage); break;
    case STAGE_PROCESS: plan_use_process(p, stage); break;
    case STAGE_PREV: plan_use_prev(p, stage); break;
    default: break;
    }
}

void plan_find_uses(struct planner *p)
{
    for (int i = p->program->stages.count - 1; i >= 0; i--)
        if (p->live[i])
            use_stage(p, p->program->stages.items[i]);
}

// ---- tombstones ----

static bool takes_tombstones(const struct planner *p, const bool *passes, const struct stage *stage)
{
    if (stage->kind == STAGE_JOIN)
        return plan_join_keeps_time(stage);
    if (stage->kind == STAGE_SUBSCRIBE)
        return false;
    if (!p->live[stage->id] || stage->drops_tombstones)
        return false;
    if (stage->kind == STAGE_SINK || stage->kind == STAGE_REPARTITION || stage->kind == STAGE_AS_TABLE ||
        stage->kind == STAGE_AGGREGATE || p->tapped[stage->id])
        return true;
    // From here on it is a null like any other.
    if (stage->kind == STAGE_MAP && type_is_optional(stage->out.value->type))
        return true;
    return passes[stage->id];
}

void plan_find_tombstones(struct planner *p)
{
    bool *passes = arena_alloc(p->arena, (size_t)p->program->stages.count + 1);
    for (int i = p->program->stages.count - 1; i >= 0; i--) {
        const struct stage *stage = p->program->stages.items[i];
        for (int k = 0; k < stage->outputs.count; k++)
            passes[i] |= takes_tombstones(p, passes, stage->outputs.items[k]);
        // Of a table they are the rows that go.
        bool deletes = stage->kind == STAGE_SOURCE && stage->source->table && (p->store_of[i] || p->changed_of[i]);
        struct plan_function *f = p->root_of[i];
        bool tells_time = f && f->source && f->source->tells_time;
        if (f)
            f->sees_tombstones = deletes || (stage->out.tombstones && (passes[i] || p->tapped[i] || tells_time));
    }
}
