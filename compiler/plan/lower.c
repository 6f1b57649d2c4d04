// Every aggregate becomes a fold over a state, whatever it was written with.
#include "plan/lower.h"

#include <string.h>

#include "plan/plan_build.h"

// ---- calls: one state for all of them ----

struct calls {
    struct lowering l;
    struct arena *arena;
    const struct aggregate *aggregate;
    int *same_as;      // by call: the one whose state it shares
    int *field_of;     // by call: in the state's record
    int count;         // of fields
    const char **name; // by field
    int *call_of;      // by field
    bool record;       // else the state is that of the only call
    struct plan_fold *fold;
};

static bool is_same_call(const struct aggregate_call *a, const struct aggregate_call *b)
{
    if (a->id != b->id || a->input != b->input || a->n != b->n || a->args.count != b->args.count ||
        a->result->type != b->result->type || !texpr_equal(a->where, b->where))
        return false;
    for (int i = 0; i < a->args.count; i++)
        if (!texpr_equal(a->args.items[i], b->args.items[i]))
            return false;
    return true;
}

static bool is_field(const struct calls *s, int call)
{
    const struct texpr *value = s->aggregate->value;
    for (int i = 0; value->kind == TEXPR_RECORD && i < value->items.count; i++)
        if (value->items.items[i]->kind == TEXPR_VAR &&
            value->items.items[i]->var == s->aggregate->calls.items[call].result)
            return true;
    return false;
}

// A call that is a field of the result has a state of its own, as the result has it; one inside an expression shares that of one that is the same.
static void find_same(struct calls *s)
{
    for (int i = 0; i < s->aggregate->calls.count; i++) {
        s->same_as[i] = i;
        for (int k = s->aggregate->calls.count - 1; k >= 0 && !is_field(s, i); k--)
            if ((k < i || is_field(s, k)) && is_same_call(&s->aggregate->calls.items[k], &s->aggregate->calls.items[i]))
                s->same_as[i] = is_field(s, k) ? k : s->same_as[k];
    }
}

static int call_of_var(const struct calls *s, const struct texpr *e)
{
    for (int i = 0; e->kind == TEXPR_VAR && i < s->aggregate->calls.count; i++)
        if (s->aggregate->calls.items[i].result == e->var)
            return s->same_as[i];
    return -1;
}

static bool is_name_taken(const struct calls *s, const char *name)
{
    for (int i = 0; i < s->count; i++)
        if (strcmp(s->name[i], name) == 0)
            return true;
    const struct type *value = s->aggregate->value->type;
    return value->kind == TYPE_RECORD && type_field_index(value, name) >= 0;
}

static void add_field(struct calls *s, int call, const char *name)
{
    s->field_of[call] = s->count;
    s->call_of[s->count] = call;
    s->name[s->count++] = name;
}

// A field of the result that is nothing but a call keeps that call's state under its own name.
static void name_after_fields(struct calls *s)
{
    const struct texpr *value = s->aggregate->value;
    for (int i = 0; value->kind == TEXPR_RECORD && i < value->items.count; i++) {
        int call = call_of_var(s, value->items.items[i]);
        if (call >= 0 && s->field_of[call] < 0)
            add_field(s, call, value->type->fields.items[i].name);
    }
}

static void name_after_functions(struct calls *s)
{
    for (int i = 0; i < s->aggregate->calls.count; i++) {
        if (s->same_as[i] != i || s->field_of[i] >= 0)
            continue;
        const char *function = s->aggregate->calls.items[i].result->name, *name = function;
        for (int n = 2; is_name_taken(s, name); n++)
            name = arena_printf(s->arena, "%s_%d", function, n);
        add_field(s, i, name);
    }
}

static const struct aggregate_call *call_at(const struct calls *s, int field)
{
    return &s->aggregate->calls.items[s->call_of[field]];
}

static const struct type *state_type(struct calls *s)
{
    const struct type **types = arena_alloc(s->arena, sizeof *types * ((size_t)s->count + 1));
    for (int i = 0; i < s->count; i++)
        types[i] = lower_state(&s->l, call_at(s, i));
    const struct type *made = make_record_type(&s->l, s->name, types, s->count);
    const struct type *value = s->aggregate->value->type;
    s->record = s->aggregate->value->kind == TEXPR_RECORD || s->count > 1;
    return !s->record ? types[0] : type_same(made, value) ? value : made;
}

static struct texpr *part(struct calls *s, struct var *state, int field)
{
    struct texpr *e = make_var(&s->l, state);
    return s->record ? make_field(&s->l, e, field) : e;
}

static struct texpr *together(struct calls *s, struct texpr *const *parts)
{
    return s->record ? make_record(&s->l, s->fold->state, parts) : parts[0];
}

// What each input's records do to the state: nothing to the parts of other inputs.
static struct texpr *step_of_input(struct calls *s, int input,
                                   struct texpr *(*step)(struct lowering *, const struct aggregate_call *,
                                                         struct texpr *))
{
    struct texpr **parts = arena_alloc(s->arena, sizeof *parts * ((size_t)s->count + 1));
    for (int i = 0; i < s->count; i++) {
        struct texpr *acc = part(s, s->fold->acc, i);
        parts[i] = call_at(s, i)->input == input ? step(&s->l, call_at(s, i), acc) : acc;
    }
    return together(s, parts);
}

static struct texpr *all_parts(struct calls *s, struct texpr *(*make)(struct lowering *, const struct aggregate_call *))
{
    struct texpr **parts = arena_alloc(s->arena, sizeof *parts * ((size_t)s->count + 1));
    for (int i = 0; i < s->count; i++) {
        parts[i] = make(&s->l, call_at(s, i));
        if (!parts[i])
            return NULL;
    }
    return together(s, parts);
}

static struct texpr *merge_parts(struct calls *s)
{
    struct texpr **parts = arena_alloc(s->arena, sizeof *parts * ((size_t)s->count + 1));
    for (int i = 0; i < s->count; i++)
        parts[i] = lower_merge(&s->l, call_at(s, i), part(s, s->fold->acc, i), part(s, s->fold->other, i));
    return together(s, parts);
}

static struct texpr *value_of(struct calls *s)
{
    int count = s->aggregate->calls.count;
    struct var **from = arena_alloc(s->arena, sizeof *from * ((size_t)count + 1));
    struct texpr **to = arena_alloc(s->arena, sizeof *to * ((size_t)count + 1));
    bool itself = s->fold->state == s->aggregate->value->type;
    for (int i = 0; i < count; i++) {
        const struct aggregate_call *call = &s->aggregate->calls.items[s->same_as[i]];
        struct texpr *kept = part(s, s->fold->acc, s->field_of[s->same_as[i]]);
        from[i] = s->aggregate->calls.items[i].result;
        to[i] = lower_result(&s->l, call, kept);
        itself &= to[i] == kept;
    }
    const struct texpr *value = s->aggregate->value;
    for (int i = 0; s->record && itself && i < value->items.count; i++)
        itself = call_of_var(s, value->items.items[i]) == s->call_of[i];
    if (itself && (s->record || call_of_var(s, value) >= 0))
        return NULL;
    return make_replaced(&s->l, s->aggregate->value, from, to, count);
}

static void prepare_calls(struct calls *s)
{
    size_t count = (size_t)s->aggregate->calls.count + 1;
    s->same_as = arena_alloc(s->arena, sizeof *s->same_as * count);
    s->field_of = arena_alloc(s->arena, sizeof *s->field_of * count);
    s->call_of = arena_alloc(s->arena, sizeof *s->call_of * count);
    s->name = arena_alloc(s->arena, sizeof *s->name * count);
    for (size_t i = 0; i < count; i++)
        s->field_of[i] = -1;
    find_same(s);
    name_after_fields(s);
    name_after_functions(s);
}

// ---- the forms ----

static struct var *state_var(struct lowering *l, const char *name, const struct type *type)
{
    return var_new(l->c, VAR_LOCAL, name, type, l->span);
}

static bool is_session(const struct aggregate *a)
{
    return a->window && a->window->kind == WINDOW_SESSION;
}

static bool is_of_table(const struct stage *stage)
{
    return stage->inputs.items[0]->out.kind == FLOW_GROUPED_TABLE;
}

static void lower_calls(struct planner *p, const struct stage *stage, struct plan_fold *fold)
{
    struct calls s = {.l = {&p->checker, stage->span}, .arena = p->arena, .aggregate = stage->aggregate};
    s.fold = fold;
    prepare_calls(&s);
    fold->state = state_type(&s);
    fold->acc = state_var(&s.l, "acc", fold->state);
    fold->other = state_var(&s.l, "other", fold->state);
    fold->init = all_parts(&s, lower_init);
    for (int i = 0; i < stage->inputs.count; i++)
        vec_push(p->arena, &fold->add, step_of_input(&s, i, lower_add));
    if (is_of_table(stage))
        vec_push(p->arena, &fold->undo, step_of_input(&s, 0, lower_undo));
    if (!fold->init)
        fold->first = all_parts(&s, lower_first);
    if (is_session(s.aggregate))
        fold->merge = merge_parts(&s);
    fold->value = value_of(&s);
}

static struct texpr *step_with(struct lowering *l, const struct aggregate_step *step, struct var *acc,
                               struct texpr *other)
{
    struct var *from[] = {step->acc, step->other};
    struct texpr *to[] = {make_var(l, acc), other};
    return make_replaced(l, step->result, from, to, step->other ? 2 : 1);
}

// The first value is the state as it is.
static void lower_reduce(struct planner *p, const struct stage *stage, struct plan_fold *fold)
{
    struct lowering l = {&p->checker, stage->span};
    const struct aggregate_step *step = &stage->aggregate->add;
    struct texpr *value = make_var(&l, stage->inputs.items[0]->out.value);
    if (type_is_optional(value->type))
        value = make_unwrap(&l, value);
    fold->state = step->acc->type;
    fold->acc = state_var(&l, "acc", fold->state);
    fold->other = state_var(&l, "other", fold->state);
    fold->first = value;
    vec_push(p->arena, &fold->add, step_with(&l, step, fold->acc, value));
    if (is_session(stage->aggregate))
        fold->merge = step_with(&l, step, fold->acc, make_var(&l, fold->other));
}

static void lower_fold(struct planner *p, const struct stage *stage, struct plan_fold *fold)
{
    struct lowering l = {&p->checker, stage->span};
    const struct aggregate *a = stage->aggregate;
    fold->state = a->add.acc->type;
    fold->acc = state_var(&l, "acc", fold->state);
    fold->other = state_var(&l, "other", fold->state);
    fold->init = a->init;
    vec_push(p->arena, &fold->add, step_with(&l, &a->add, fold->acc, NULL));
    if (is_of_table(stage))
        vec_push(p->arena, &fold->undo, step_with(&l, &a->undo, fold->acc, NULL));
    if (is_session(a))
        fold->merge = step_with(&l, &a->merge, fold->acc, make_var(&l, fold->other));
}

void plan_lower(struct planner *p)
{
    for (int i = 0; i < p->program->stages.count; i++) {
        const struct stage *stage = p->program->stages.items[i];
        if (!stage->aggregate || !p->live[i])
            continue;
        struct plan_fold *fold = p->fold_of[i] = arena_new_of(p->arena, struct plan_fold);
        switch (stage->aggregate->form) {
        case FORM_CALLS: lower_calls(p, stage, fold); break;
        case FORM_REDUCE: lower_reduce(p, stage, fold); break;
        case FORM_FOLD: lower_fold(p, stage, fold); break;
        }
    }
}
