#include "plan/plan_build.h"

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
        f->needs_key = !f->timer && used[f->root->out.key->id];
        if (plan_root_has_params(f->root))
            plan_find_params(p, f);
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

struct plan *plan_build(struct arena *arena, struct topology *topology, struct plan_options options)
{
    struct program *program = topology->program;
    struct planner p = {.arena = arena, .program = program, .plan = arena_new_of(arena, struct plan)};
    size_t stages = (size_t)program->stages.count + 1;
    struct diag_bag unheard = {.arena = arena}; // what was made is known to be right
    p.checker =
        (struct checker){.arena = arena, .bag = &unheard, .types = program->types, .next_var = program->var_count};
    p.plan->topology = topology;
    p.plan->program = program;
    p.plan->tests = options.tests;
    p.live = arena_alloc(arena, stages);
    p.tapped = arena_alloc(arena, stages);
    p.wants_old = arena_alloc(arena, stages);
    p.viewed = arena_alloc(arena, stages);
    p.raw_lookup = arena_alloc(arena, stages);
    p.runs = arena_alloc(arena, stages);
    p.root_of = arena_alloc(arena, sizeof *p.root_of * stages);
    p.changed_of = arena_alloc(arena, sizeof *p.changed_of * stages);
    p.store_of = arena_alloc(arena, sizeof *p.store_of * stages);
    p.fold_of = arena_alloc(arena, sizeof *p.fold_of * stages);
    add_taps(&p);
    plan_find_live(&p);
    plan_find_views(&p);
    plan_lower(&p);
    p.var_count = p.checker.next_var;
    p.pruner = pruner_new(arena, program, p.var_count);
    p.key_origin = arena_alloc(arena, sizeof *p.key_origin * ((size_t)p.var_count + 1));
    plan_find_old(&p);
    plan_add_parts(&p);
    p.plan->store_of = p.store_of;
    p.plan->raw_lookup = p.raw_lookup;
    plan_find_uses(&p);
    finish_variables(&p);
    plan_find_tombstones(&p);
    plan_find_types(&p);
    return p.plan;
}
