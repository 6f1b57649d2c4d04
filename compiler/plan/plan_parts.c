// Where records come in, where they leave, and the functions in between.
#include "plan/plan_build.h"

#include <string.h>

#include "plan/name_slug.h"

// ---- names in C ----

static bool source_name_taken(const struct plan *plan, const char *name)
{
    for (int i = 0; i < plan->sources.count; i++)
        if (strcmp(plan->sources.items[i]->name, name) == 0)
            return true;
    return false;
}

static bool sink_name_taken(const struct plan *plan, const char *name)
{
    for (int i = 0; i < plan->sinks.count; i++)
        if (strcmp(plan->sinks.items[i]->name, name) == 0)
            return true;
    return false;
}

static bool function_name_taken(const struct plan *plan, const char *name)
{
    for (int i = 0; i < plan->functions.count; i++)
        if (strcmp(plan->functions.items[i]->name, name) == 0)
            return true;
    return false;
}

// How often a name was wanted that was taken: those of the numbers below are taken, too.
static struct name_count *count_of(struct planner *p, const char *wanted,
                                   bool (*taken)(const struct plan *, const char *))
{
    for (int i = 0; i < p->name_counts.count; i++) {
        struct name_count *c = &p->name_counts.items[i];
        if (c->taken == taken && strcmp(c->wanted, wanted) == 0)
            return c;
    }
    vec_push(p->arena, &p->name_counts, ((struct name_count){taken, wanted, 1}));
    return &vec_last(&p->name_counts);
}

const char *plan_unique_name(struct planner *p, const char *wanted, bool (*taken)(const struct plan *, const char *))
{
    const char *base = name_c_safe(p->arena, wanted), *name = base;
    if (!taken(p->plan, base))
        return base;
    struct name_count *c = count_of(p, base, taken);
    do
        name = arena_printf(p->arena, "%s_%d", base, ++c->n);
    while (taken(p->plan, name));
    return name;
}

// ---- keys ----

// JSON and the like have many texts for one key; what is sent is written the one way that we write it.
static bool has_one_form(const struct key_origin *origin)
{
    return origin->serde->format <= SERDE_FLOAT64 || origin->ours;
}

// A window's bounds are put behind the bytes of its inner key.
bool plan_same_bytes(const struct key_origin *origin, const struct serde *wanted)
{
    const struct serde *serde = origin->serde;
    return serde && serde->format == wanted->format && has_one_form(origin) && serde->window == AST_NOT_WINDOWED &&
           (serde->format <= SERDE_FLOAT64 || type_plain(serde->type) == type_plain(wanted->type)) &&
           serde->delimiter == wanted->delimiter && (origin->change || wanted->window == AST_NOT_WINDOWED);
}

// ---- functions ----

struct plan_function *plan_add_function(struct planner *p, struct stage *root, const char *name)
{
    struct plan_function *f = arena_new_of(p->arena, struct plan_function);
    f->name = plan_unique_name(p, name, function_name_taken);
    f->root = root;
    vec_push(p->arena, &p->plan->functions, f);
    return f;
}

struct plan_function *plan_add_root(struct planner *p, struct stage *root, const char *name)
{
    return p->root_of[root->id] = plan_add_function(p, root, name);
}

static bool leads_anywhere(const struct planner *p, const struct stage *stage)
{
    bool leads = p->tapped[stage->id];
    for (int i = 0; i < stage->outputs.count; i++)
        leads |= p->runs[stage->outputs.items[i]->id] && plan_hears(stage, stage->outputs.items[i]);
    return leads;
}

static void add_changed(struct planner *p, struct stage *stage, const char *name, struct plan_store *store)
{
    p->key_origin[stage->out.key->id].change = true;
    if (!leads_anywhere(p, stage))
        return;
    struct plan_function *f = plan_add_function(p, stage, name);
    p->changed_of[stage->id] = f;
    f->table = true;
    f->store = store;
    if (store)
        store->changed = f;
}

static void add_table(struct planner *p, struct stage *stage, const char *name)
{
    struct plan_store *store = plan_add_store(p, stage);
    add_changed(p, stage, arena_printf(p->arena, "%s_changed", name), store);
}

// The key's bytes are those of the side that changed.
static void add_join_tables(struct planner *p, struct stage *stage)
{
    const struct key_origin *left = &p->key_origin[stage->inputs.items[0]->out.key->id];
    const struct key_origin *right = &p->key_origin[stage->inputs.items[1]->out.key->id];
    p->key_origin[stage->out.key->id] = (struct key_origin){.serde = left->serde, .ours = left->ours && right->ours};
    add_changed(p, stage, arena_printf(p->arena, "%s_joined", stage->flow ? stage->flow : stage->within), NULL);
}

// The key's bytes are those of the left row, its window taken off.
static void add_join_foreign(struct planner *p, struct stage *stage)
{
    const struct key_origin *left = &p->key_origin[stage->inputs.items[1]->out.key->id];
    struct key_origin *origin = &p->key_origin[stage->out.key->id];
    *origin = (struct key_origin){.serde = left->serde, .ours = left->ours, .change = true};
}

static void add_join(struct planner *p, struct stage *stage)
{
    switch (stage->join->form) {
    case JOIN_TABLES: add_join_tables(p, stage); break;
    case JOIN_FOREIGN: add_join_foreign(p, stage); break;
    default: plan_add_join(p, stage); break;
    }
}

// ---- sources, sinks, merges ----

static void add_source(struct planner *p, struct stage *stage)
{
    bool internal = stage->kind == STAGE_REPARTITION;
    struct plan_source *s = arena_new_of(p->arena, struct plan_source);
    s->index = p->plan->sources.count;
    s->name = plan_unique_name(p, internal ? stage->repartition->topic : stage->source->name, source_name_taken);
    s->stage = stage;
    s->key = internal ? stage->repartition->key : stage->source->key;
    s->value = internal ? stage->repartition->value : stage->source->value;
    s->subtopology = p->plan->topology->subtopology_of[stage->id];
    vec_push(p->arena, &p->plan->sources, s);
    s->function = plan_add_root(p, stage, s->name);
    s->function->source = s;
    p->key_origin[stage->out.key->id] = (struct key_origin){.serde = s->key, .ours = internal};
    if (!internal && stage->source->table)
        add_table(p, stage, s->name);
}

static void add_sink(struct planner *p, struct stage *stage)
{
    struct plan_sink *s = arena_new_of(p->arena, struct plan_sink);
    const struct stage *in = stage->inputs.items[0];
    s->index = p->plan->sinks.count;
    s->internal = stage->kind == STAGE_REPARTITION;
    s->stage = stage;
    s->key = s->internal ? stage->repartition->key : stage->sink->key;
    s->value = s->internal ? stage->repartition->value : stage->sink->value;
    const char *name = s->internal          ? stage->repartition->topic
                       : stage->sink->topic ? stage->sink->topic
                                            : arena_printf(p->arena, "%s_routed", stage->within);
    s->name = plan_unique_name(p, name, sink_name_taken);
    bool changed = s->internal && stage->repartition->by;
    s->raw_key = !changed && plan_same_bytes(&p->key_origin[in->out.key->id], s->key);
    vec_push(p->arena, &p->plan->sinks, s);
}

// All inputs bring the bytes of the record that came in, in the same serde: then so does the merge.
static void add_merge(struct planner *p, struct stage *stage)
{
    struct key_origin origin = {0};
    for (int i = 0; i < stage->inputs.count; i++) {
        const struct stage *input = stage->inputs.items[i];
        const struct key_origin *from = &p->key_origin[input->out.key->id];
        if (!p->live[input->id])
            continue;
        if (!from->serde || from->change || (origin.serde && !plan_same_bytes(&origin, from->serde))) {
            origin.serde = NULL;
            break;
        }
        origin = (struct key_origin){.serde = from->serde, .ours = from->ours && (origin.ours || !origin.serde)};
    }
    p->key_origin[stage->out.key->id] = origin;
    plan_add_root(p, stage, stage->flow ? stage->flow : arena_printf(p->arena, "%s_merged", stage->within));
}

static void add_part(struct planner *p, struct stage *stage)
{
    switch (stage->kind) {
    case STAGE_SOURCE: add_source(p, stage); break;
    case STAGE_SINK: add_sink(p, stage); break;
    case STAGE_REPARTITION:
        add_sink(p, stage);
        add_source(p, stage);
        break;
    case STAGE_MERGE: add_merge(p, stage); break;
    case STAGE_AGGREGATE:
    case STAGE_AS_TABLE:
    case STAGE_SUPPRESS:
    case STAGE_KEEP: add_table(p, stage, topology_store_name(stage)); break;
    case STAGE_JOIN: add_join(p, stage); break;
    case STAGE_SUBSCRIBE: plan_add_store(p, stage); break;
    case STAGE_PROCESS: plan_add_process(p, stage); break;
    case STAGE_EMIT: plan_add_emit(p, stage); break;
    case STAGE_PREV: plan_add_prev(p, stage); break;
    case STAGE_AS_STREAM:
        plan_add_root(p, stage, stage->flow ? stage->flow : arena_printf(p->arena, "%s_stream", stage->within));
        break;
    default: break;
    }
}

static void put_function(struct planner *p, struct plan_function *f)
{
    if (!f)
        return;
    f->index = p->plan->functions.count;
    vec_push(p->arena, &p->plan->functions, f);
}

// Callees first: a function is called by those whose roots come before it, or by that of the source whose table it is of.
static void order_functions(struct planner *p)
{
    p->plan->functions.count = 0;
    for (int i = p->program->stages.count - 1; i >= 0; i--) {
        put_function(p, p->changed_of[i]);
        put_function(p, p->root_of[i]);
        for (int k = 0; k < p->plan->timers.count; k++)
            if (p->plan->timers.items[k]->root->id == i)
                put_function(p, p->plan->timers.items[k]);
    }
}

static bool is_table_root(const struct stage *stage)
{
    return (stage->materialized && stage->kind != STAGE_PREV) || stage->aggregate || stage->suppress ||
           plan_is_join(stage, JOIN_TABLES);
}

struct plan_function *plan_function_behind(const struct planner *p, const struct stage *stage)
{
    return is_table_root(stage) ? p->changed_of[stage->id] : p->plan->function_of[stage->id];
}

static struct plan_function *function_of_inputs(const struct planner *p, const struct stage *stage)
{
    int i = 0;
    while (!p->live[stage->inputs.items[i]->id])
        i++;
    return plan_function_behind(p, stage->inputs.items[i]);
}

static void find_functions(struct planner *p)
{
    struct plan_function **of = arena_alloc(p->arena, sizeof *of * ((size_t)p->program->stages.count + 1));
    p->plan->function_of = of;
    p->plan->changed_of = p->changed_of;
    for (int i = 0; i < p->program->stages.count; i++)
        if (p->runs[i])
            of[i] = p->root_of[i] ? p->root_of[i] : function_of_inputs(p, p->program->stages.items[i]);
}

void plan_add_parts(struct planner *p)
{
    for (int i = 0; i < p->program->stages.count; i++)
        if (p->live[i])
            add_part(p, p->program->stages.items[i]);
    order_functions(p);
    find_functions(p);
    plan_find_clocks(p);
}
