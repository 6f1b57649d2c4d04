// State: which stages keep some, what they keep, and where the value before is looked at.
#include "plan/plan_build.h"

#include <string.h>

#include "plan/name_slug.h"

// ---- the value before ----

// A filter always looks at it, to pass nothing on where nothing was (but of a versioned table, as in Kafka Streams); groups take it back; what is
// held back goes with it.
static bool looks_at_old(const struct planner *p, const struct stage *from, const struct stage *stage)
{
    switch (stage->kind) {
    case STAGE_FILTER: return !stage->out.versioned || p->wants_old[stage->id];
    case STAGE_REPARTITION:
    case STAGE_SUPPRESS: return true;
    case STAGE_MAP:
    case STAGE_LET: return p->wants_old[stage->id];
    case STAGE_JOIN: return plan_join_looks_at_old(p, from, stage);
    default: return false;
    }
}

void plan_find_old(struct planner *p)
{
    for (int i = p->program->stages.count - 1; i >= 0; i--) {
        const struct stage *stage = p->program->stages.items[i];
        if (!p->live[i] || stage->out.kind != FLOW_TABLE)
            continue;
        p->wants_old[i] = stage->kind == STAGE_FILTER && !stage->out.versioned;
        for (int k = 0; k < stage->outputs.count; k++)
            p->wants_old[i] |= p->live[stage->outputs.items[k]->id] && looks_at_old(p, stage, stage->outputs.items[k]);
    }
    p->plan->wants_old = p->wants_old;
}

// ---- stores ----

static bool store_name_taken(const struct plan *plan, const char *name)
{
    for (int i = 0; i < plan->stores.count; i++)
        if (strcmp(plan->stores.items[i]->c_name, name) == 0)
            return true;
    return false;
}

static enum plan_store_kind kind_of(const struct stage *stage)
{
    if (stage->kind == STAGE_SUPPRESS)
        return PLAN_BUFFER;
    if (stage->kind == STAGE_SUBSCRIBE)
        return PLAN_SUBSCRIPTIONS;
    const struct window *window = stage->aggregate ? stage->aggregate->window : stage->out.windowed;
    return window && window->kind != WINDOW_TIME ? PLAN_SERIES : PLAN_ROWS;
}

static const struct serde *inner_key(struct planner *p, const struct stage *stage)
{
    return serde_windowed(&p->checker, stage->out.key_serde, AST_NOT_WINDOWED, 0);
}

// What comes in as it is kept: of a reduce, and of a table that is held back.
static const struct serde *same_value(struct planner *p, const struct stage *stage)
{
    return serde_plain(&p->checker, serde_of_value(&p->checker, &stage->inputs.items[0]->out));
}

static const struct serde *value_serde(struct planner *p, const struct stage *stage, const struct plan_fold *fold)
{
    if (stage->materialized)
        return stage->materialized->value;
    if (stage->kind == STAGE_SUBSCRIBE) // the runtime's own
        return serde_of_type(&p->checker, type_of_kind(p->program->types, TYPE_BYTES));
    if (stage->suppress || stage->aggregate->form == FORM_REDUCE)
        return same_value(p, stage);
    return serde_of_type(&p->checker, type_plain(fold->state));
}

static bool is_memory(const struct stage *stage)
{
    return stage->suppress || stage_is_global(stage) ||
           (stage->aggregate && stage->aggregate->store == AST_STORE_MEMORY) ||
           (stage->materialized && stage->materialized->store == AST_STORE_MEMORY);
}

static void find_keys(struct planner *p, struct plan_store *store)
{
    const struct stage *stage = store->stage;
    struct key_origin origin = {.serde = store->key, .ours = true};
    if (stage->kind == STAGE_SOURCE)
        return;
    for (int i = 0; i < stage->inputs.count; i++) {
        const struct key_origin *from = &p->key_origin[stage->inputs.items[i]->out.key->id];
        bool raw = plan_same_bytes(from, store->key);
        vec_push(p->arena, &store->raw_keys, raw);
        origin.ours &= !raw || from->ours;
    }
    if (!plan_is_join(stage, JOIN_LOOKUP)) // its key is the stream's
        p->key_origin[stage->out.key->id] = origin;
}

struct plan_store *plan_bare_store(struct planner *p, struct stage *stage, enum plan_store_kind kind, const char *name)
{
    struct plan_store *store = arena_new_of(p->arena, struct plan_store);
    store->index = p->plan->stores.count;
    store->kind = kind;
    store->name = name;
    store->c_name = plan_unique_name(p, name, store_name_taken);
    store->stage = stage;
    store->subtopology = p->plan->topology->subtopology_of[stage->id];
    vec_push(p->arena, &p->plan->stores, store);
    return store;
}

struct plan_store *plan_new_store(struct planner *p, struct stage *stage, enum plan_store_kind kind, const char *name)
{
    struct plan_store *store = plan_bare_store(p, stage, kind, name);
    store->key = inner_key(p, stage);
    find_keys(p, store);
    return store;
}

// A table's source is kept only if somebody looks at what was there, or looks things up in it.
static bool is_kept(const struct planner *p, const struct stage *stage)
{
    return stage->kind != STAGE_SOURCE || p->wants_old[stage->id] || p->viewed[stage->id] || stage->source->versioned;
}

struct plan_store *plan_add_store(struct planner *p, struct stage *stage)
{
    if (!is_kept(p, stage))
        return NULL;
    struct plan_store *store = plan_new_store(p, stage, kind_of(stage), topology_store_name(stage));
    store->fold = stage->aggregate ? p->fold_of[stage->id] : NULL;
    store->value = value_serde(p, stage, store->fold);
    if (store->kind == PLAN_SUBSCRIPTIONS)
        store->key = store->value;
    store->window = stage->aggregate ? stage->aggregate->window : stage->out.windowed;
    store->memory = is_memory(stage);
    store->history = stage->source ? stage->source->versioned : 0;
    store->source_changelog = stage->kind == STAGE_SOURCE && !store->history;
    store->wants_old = p->wants_old[stage->id];
    store->at_once = plan_is_joined(p, stage);
    p->store_of[stage->id] = store;
    return store;
}
