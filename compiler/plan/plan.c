#include "plan/plan_build.h"

#include <string.h>

#include "plan/name_slug.h"
#include "types/texpr_walk.h"

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

static const char *unique(struct planner *p, const char *wanted, bool (*taken)(const struct plan *, const char *))
{
    const char *base = name_c_safe(p->arena, wanted), *name = base;
    for (int n = 2; taken(p->plan, name); n++)
        name = arena_printf(p->arena, "%s_%d", base, n);
    return name;
}

// ---- sources, sinks, functions ----

static struct plan_function *add_function(struct planner *p, struct stage *root, const char *name)
{
    struct plan_function *f = arena_new_of(p->arena, struct plan_function);
    f->name = unique(p, name, function_name_taken);
    f->root = root;
    p->root_of[root->id] = f;
    vec_push(p->arena, &p->plan->functions, f);
    return f;
}

static void add_source(struct planner *p, struct stage *stage)
{
    bool internal = stage->kind == STAGE_REPARTITION;
    struct plan_source *s = arena_new_of(p->arena, struct plan_source);
    s->index = p->plan->sources.count;
    s->name = unique(p, internal ? stage->repartition->topic : stage->source->name, source_name_taken);
    s->stage = stage;
    s->key = internal ? stage->repartition->key : stage->source->key;
    s->value = internal ? stage->repartition->value : stage->source->value;
    s->subtopology = p->plan->topology->subtopology_of[stage->id];
    vec_push(p->arena, &p->plan->sources, s);
    s->function = add_function(p, stage, s->name);
    s->function->source = s;
    p->key_origin[stage->out.key->id] = s;
}

// JSON and the like have many texts for one key; what is sent is written the one way that we write it.
static bool has_one_form(const struct serde *serde)
{
    return serde->format <= SERDE_FLOAT64;
}

static bool same_bytes(const struct serde *a, const struct serde *b)
{
    return a->format == b->format && has_one_form(a) && a->window == AST_NOT_WINDOWED && b->window == AST_NOT_WINDOWED;
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
    s->name = unique(p, name, sink_name_taken);
    struct plan_source *origin = p->key_origin[in->out.key->id];
    bool changed = s->internal && stage->repartition->by;
    s->raw_key = origin && !changed && same_bytes(origin->key, s->key) ? origin : NULL;
    vec_push(p->arena, &p->plan->sinks, s);
}

// All inputs bring the bytes that came in, in the same serde: then so does the merge.
static void add_merge(struct planner *p, struct stage *stage)
{
    struct plan_source *origin = NULL;
    for (int i = 0; i < stage->inputs.count; i++) {
        const struct stage *input = stage->inputs.items[i];
        struct plan_source *from = p->key_origin[input->out.key->id];
        if (!p->live[input->id])
            continue;
        if (!from || (origin && !same_bytes(origin->key, from->key))) {
            origin = NULL;
            break;
        }
        origin = origin ? origin : from;
    }
    p->key_origin[stage->out.key->id] = origin;
    add_function(p, stage, stage->flow ? stage->flow : arena_printf(p->arena, "%s_merged", stage->within));
}

static void add_parts(struct planner *p)
{
    for (int i = 0; i < p->program->stages.count; i++) {
        struct stage *stage = p->program->stages.items[i];
        if (!p->live[i])
            continue;
        if (stage->kind == STAGE_SINK || stage->kind == STAGE_REPARTITION)
            add_sink(p, stage);
        if (stage->kind == STAGE_SOURCE || stage->kind == STAGE_REPARTITION)
            add_source(p, stage);
        if (stage->kind == STAGE_MERGE)
            add_merge(p, stage);
    }
}

// Callees first: a merge is called by functions whose roots come before it.
static void order_functions(struct planner *p)
{
    VEC(struct plan_function *) ordered = {0};
    for (int i = p->program->stages.count - 1; i >= 0; i--) {
        if (!p->root_of[i])
            continue;
        p->root_of[i]->index = ordered.count;
        vec_push(p->arena, &ordered, p->root_of[i]);
    }
    p->plan->functions.items = ordered.items;
    p->plan->functions.count = ordered.count;
    p->plan->functions.capacity = ordered.capacity;
}

static void find_functions(struct planner *p)
{
    struct plan_function **of = arena_alloc(p->arena, sizeof *of * ((size_t)p->program->stages.count + 1));
    for (int i = 0; i < p->program->stages.count; i++) {
        if (!p->live[i])
            continue;
        const struct stage *stage = p->program->stages.items[i];
        of[i] = p->root_of[i] ? p->root_of[i] : of[stage->inputs.items[0]->id];
    }
    p->plan->function_of = of;
}

// ---- parameters of merges ----

struct let_search {
    const struct planner *p;
    bool *read; // by var id
};

static void note_let(void *arg, const struct texpr *e)
{
    struct let_search *search = arg;
    if (e->kind == TEXPR_VAR)
        search->read[e->var->id] = true;
    texpr_each_part(e, note_let, arg);
}

static void note_stage_lets(struct let_search *search, const struct stage *stage)
{
    const struct var *result = stage->kind == STAGE_LET      ? stage->var
                               : stage->kind == STAGE_MAP    ? stage->out.value
                               : stage->kind == STAGE_KEY_BY ? stage->out.key
                                                             : NULL;
    if (stage->expr && (!result || search->p->plan->var_used[result->id]))
        note_let(search, stage->expr);
    if (stage->kind == STAGE_REPARTITION && stage->repartition->by)
        note_let(search, stage->repartition->by);
    if (stage->kind != STAGE_SINK)
        return;
    if (stage->sink->route)
        note_let(search, stage->sink->route);
    if (stage->sink->time)
        note_let(search, stage->sink->time);
    for (int i = 0; i < stage->sink->headers.count; i++)
        note_let(search, stage->sink->headers.items[i].value);
}

static bool is_fused_into(const struct planner *p, const struct stage *stage, const struct plan_function *f)
{
    if (!p->live[stage->id])
        return false;
    // The near side of a repartition is where its input is.
    if (stage->kind == STAGE_REPARTITION)
        return p->plan->function_of[stage->inputs.items[0]->id] == f;
    return p->plan->function_of[stage->id] == f;
}

static bool calls(const struct plan_function *caller, const struct plan_function *callee, const struct planner *p)
{
    for (int i = 0; i < callee->root->inputs.count; i++)
        if (p->plan->function_of[callee->root->inputs.items[i]->id] == caller)
            return true;
    return false;
}

// Lets that the function's stages read, or the merges that it calls.
static void find_params(struct planner *p, struct plan_function *f)
{
    const struct shape *shape = &f->root->out;
    struct let_search search = {p, arena_alloc(p->arena, (size_t)p->var_count + 1)};
    if (p->plan->var_used[shape->key->id])
        vec_push(p->arena, &f->params, shape->key);
    if (p->plan->var_used[shape->value->id])
        vec_push(p->arena, &f->params, shape->value);
    for (int i = f->root->id; i < p->program->stages.count; i++)
        if (is_fused_into(p, p->program->stages.items[i], f))
            note_stage_lets(&search, p->program->stages.items[i]);
    for (int i = 0; i < f->index; i++) {
        const struct plan_function *callee = p->plan->functions.items[i];
        for (int k = 0; callee->root->kind == STAGE_MERGE && calls(f, callee, p) && k < callee->params.count; k++)
            search.read[callee->params.items[k]->id] = true;
    }
    for (int i = 0; i < shape->lets.count; i++)
        if (search.read[shape->lets.items[i]->id])
            vec_push(p->arena, &f->params, shape->lets.items[i]);
}

// ---- what is decoded ----

static void finish_variables(struct planner *p)
{
    bool *used = arena_alloc(p->arena, (size_t)p->var_count + 1);
    for (int i = 0; i < p->var_count; i++)
        used[i] = p->pruner->of_var[i] && p->pruner->of_var[i]->used;
    p->plan->var_used = used;
    p->plan->var_uses = (const struct uses *const *)p->pruner->of_var;
    for (int i = 0; i < p->plan->sources.count; i++) {
        struct plan_source *s = p->plan->sources.items[i];
        const struct uses *value = p->pruner->of_var[s->stage->out.value->id];
        static const struct uses nothing;
        s->value_uses = value ? value : &nothing;
        s->key_decoded = used[s->stage->out.key->id];
    }
    for (int i = 0; i < p->plan->functions.count; i++) {
        struct plan_function *f = p->plan->functions.items[i];
        f->needs_key = used[f->root->out.key->id];
        if (f->root->kind == STAGE_MERGE)
            find_params(p, f);
    }
}

// ---- taps ----

static void add_taps(struct planner *p)
{
    for (int i = 0; p->plan->tests && i < p->program->tests.count; i++) {
        const struct test *test = p->program->tests.items[i];
        for (int k = 0; k < test->steps.count; k++) {
            const struct test_step *step = &test->steps.items[k];
            bool looks = step->kind == AST_TEST_EXPECT || step->kind == AST_TEST_NOTHING;
            if (!looks || !step->stage || p->tapped[step->stage->id])
                continue;
            struct plan_tap tap = {p->plan->taps.count, step->stage};
            vec_push(p->arena, &p->plan->taps, tap);
            p->tapped[step->stage->id] = true;
        }
    }
}

// ---- the variables' number ----

static void count_var(int *count, const struct var *var)
{
    if (var && var->id >= *count)
        *count = var->id + 1;
}

static void count_expr(void *arg, const struct texpr *e)
{
    count_var(arg, e->var);
    for (int i = 0; i < e->vars.count; i++)
        count_var(arg, e->vars.items[i]);
    for (int i = 0; i < e->arms.count; i++)
        count_var(arg, e->arms.items[i].binding);
    texpr_each_part(e, count_expr, arg);
}

static void count_stage(int *count, const struct stage *stage)
{
    const struct texpr *exprs[] = {stage->expr, stage->source ? stage->source->time : NULL,
                                   stage->sink ? stage->sink->route : NULL, stage->sink ? stage->sink->time : NULL,
                                   stage->repartition ? stage->repartition->by : NULL};
    for (size_t i = 0; i < sizeof exprs / sizeof exprs[0]; i++)
        if (exprs[i])
            count_expr(count, exprs[i]);
    for (int i = 0; stage->sink && i < stage->sink->headers.count; i++)
        count_expr(count, stage->sink->headers.items[i].value);
    for (int i = 0; i < stage->vars.count; i++)
        count_var(count, stage->vars.items[i]);
    count_var(count, stage->var);
    count_var(count, stage->out.key);
    count_var(count, stage->out.value);
}

static int count_vars(const struct program *program)
{
    int count = 0;
    for (int i = 0; i < program->stages.count; i++)
        count_stage(&count, program->stages.items[i]);
    for (int i = 0; i < program->fns.count; i++) {
        for (int k = 0; k < program->fns.items[i]->params.count; k++)
            count_var(&count, program->fns.items[i]->params.items[k]);
        if (program->fns.items[i]->body)
            count_expr(&count, program->fns.items[i]->body);
    }
    return count;
}

struct plan *plan_build(struct arena *arena, struct topology *topology, struct plan_options options)
{
    struct program *program = topology->program;
    struct planner p = {.arena = arena, .program = program, .plan = arena_new_of(arena, struct plan)};
    size_t stages = (size_t)program->stages.count + 1;
    p.var_count = count_vars(program);
    p.plan->topology = topology;
    p.plan->program = program;
    p.plan->tests = options.tests;
    p.pruner = pruner_new(arena, program, p.var_count);
    p.live = arena_alloc(arena, stages);
    p.tapped = arena_alloc(arena, stages);
    p.root_of = arena_alloc(arena, sizeof *p.root_of * stages);
    p.key_origin = arena_alloc(arena, sizeof *p.key_origin * ((size_t)p.var_count + 1));
    add_taps(&p);
    plan_find_live(&p);
    add_parts(&p);
    order_functions(&p);
    find_functions(&p);
    plan_find_uses(&p);
    finish_variables(&p);
    plan_find_tombstones(&p);
    plan_find_types(&p);
    return p.plan;
}
