#include "plan/uses.h"

#include "types/texpr_walk.h"

const struct uses uses_whole = {.used = true, .whole = true};
const struct uses uses_only = {.used = true};

int uses_part_count(const struct type *type)
{
    switch (type->kind) {
    case TYPE_RECORD:
    case TYPE_UNION: return type->fields.count;
    case TYPE_LIST:
    case TYPE_MAP:
    case TYPE_OPTIONAL: return 1;
    default: return 0;
    }
}

static const struct type *part_type(const struct type *type, int index)
{
    return type->kind == TYPE_RECORD || type->kind == TYPE_UNION ? type->fields.items[index].type : type->element;
}

const struct uses *uses_part(const struct uses *u, int index)
{
    if (u->whole)
        return &uses_whole;
    const struct uses *part = u->fields ? u->fields[index] : NULL;
    return part && part->used ? part : NULL;
}

static const struct uses *part_or_only(const struct uses *u, int index)
{
    const struct uses *part = uses_part(u, index);
    return part ? part : &uses_only;
}

static void add(struct arena *arena, struct uses *into, const struct uses *from, const struct type *type)
{
    int count = uses_part_count(type);
    into->used |= from->used;
    // A scalar is read whole or not at all.
    if (from->whole || (from->used && count == 0)) {
        into->whole = true;
        into->fields = NULL;
    }
    if (into->whole || !from->fields)
        return;
    if (!into->fields)
        into->fields = arena_alloc(arena, sizeof *into->fields * (size_t)count);
    for (int i = 0; i < count; i++) {
        if (!from->fields[i])
            continue;
        if (!into->fields[i])
            into->fields[i] = arena_new_of(arena, struct uses);
        add(arena, into->fields[i], from->fields[i], part_type(type, i));
    }
}

// A value of TYPE of whose part INDEX WANT is read.
static struct uses *only_part(struct pruner *p, const struct type *type, int index, const struct uses *want)
{
    struct uses *u = arena_new_of(p->arena, struct uses);
    u->used = true;
    if (want && want->used) {
        u->fields = arena_alloc(p->arena, sizeof *u->fields * (size_t)uses_part_count(type));
        u->fields[index] = arena_new_of(p->arena, struct uses);
        add(p->arena, u->fields[index], want, part_type(type, index));
    }
    return u;
}

// What is read of each element: by way of WANT, or as VAR.
static struct uses *elements(struct pruner *p, const struct type *list, const struct uses *want, const struct var *var)
{
    struct uses *u = only_part(p, list, 0, want);
    if (var && p->of_var[var->id])
        add(p->arena, u, only_part(p, list, 0, p->of_var[var->id]), list);
    return u;
}

struct pruner *pruner_new(struct arena *arena, const struct program *program, int var_count)
{
    struct pruner *p = arena_new_of(arena, struct pruner);
    p->arena = arena;
    p->program = program;
    p->of_var = arena_alloc(arena, sizeof *p->of_var * ((size_t)var_count + 1));
    p->fn_state = arena_alloc(arena, (size_t)program->fns.count + 1);
    return p;
}

void pruner_want(struct pruner *p, const struct var *var, const struct uses *want)
{
    if (!p->of_var[var->id])
        p->of_var[var->id] = arena_new_of(p->arena, struct uses);
    add(p->arena, p->of_var[var->id], want, var->type);
}

// ---- expressions; each takes its own copy E, whose parts it prunes ----

static void prune_side(struct pruner *p, struct texpr **side, const struct uses *want)
{
    if (*side)
        *side = pruner_prune(p, *side, want);
}

static void prune_item(struct pruner *p, struct texpr *e, int i, const struct uses *want)
{
    e->items.items[i] = pruner_prune(p, e->items.items[i], want);
}

static void prune_all_whole(struct pruner *p, struct texpr *e)
{
    prune_side(p, &e->cond, &uses_whole);
    prune_side(p, &e->left, &uses_whole);
    prune_side(p, &e->right, &uses_whole);
    for (int i = 0; i < e->items.count; i++)
        prune_item(p, e, i, &uses_whole);
    for (int i = 0; i < e->keys.count; i++)
        e->keys.items[i] = pruner_prune(p, e->keys.items[i], &uses_whole);
}

static struct store_place *prune_place(struct pruner *p, const struct store_place *place)
{
    struct store_place *copy = arena_new_of(p->arena, struct store_place);
    *copy = *place;
    pruner_prune_place(p, copy);
    return copy;
}

static void prune_record(struct pruner *p, struct texpr *e, const struct uses *want)
{
    for (int i = 0; i < e->items.count; i++) {
        const struct uses *part = uses_part(want, i);
        if (e->items.items[i] && (part || texpr_has_effects(e->items.items[i])))
            prune_item(p, e, i, part ? part : &uses_only);
        else
            e->items.items[i] = NULL;
    }
}

static void prune_lift(struct pruner *p, struct texpr *e, const struct uses *want)
{
    prune_side(p, &e->left, want);
    for (int i = 0; i < e->items.count; i++) {
        const struct type *type = e->items.items[i]->type;
        const struct uses *bound = p->of_var[e->vars.items[i]->id];
        prune_item(p, e, i, type->kind == TYPE_OPTIONAL ? only_part(p, type, 0, bound) : bound ? bound : &uses_only);
    }
}

static void prune_let(struct pruner *p, struct texpr *e, const struct uses *want)
{
    prune_side(p, &e->left, want);
    for (int i = 0; i < e->items.count; i++) {
        const struct uses *bound = p->of_var[e->vars.items[i]->id];
        prune_item(p, e, i, bound ? bound : &uses_only);
    }
}

static void prune_match(struct pruner *p, struct texpr *e, const struct uses *want)
{
    struct uses *matched = arena_new_of(p->arena, struct uses);
    add(p->arena, matched, &uses_only, e->left->type);
    for (int i = 0; i < e->arms.count; i++) {
        struct texpr_arm *arm = &e->arms.items[i];
        arm->value = pruner_prune(p, arm->value, want);
        const struct uses *bound = arm->binding ? p->of_var[arm->binding->id] : NULL;
        if (!bound)
            continue;
        if (arm->index < 0)
            add(p->arena, matched, bound, e->left->type);
        else
            add(p->arena, matched, only_part(p, e->left->type, arm->index, bound), e->left->type);
    }
    prune_side(p, &e->left, matched);
}

// A map's value type may itself be optional: then that is what a look-up results in.
static void prune_lookup(struct pruner *p, struct texpr *e, const struct uses *want)
{
    const struct type *map = e->left->type;
    bool same = map->kind == TYPE_MAP && map->element->kind == TYPE_OPTIONAL;
    prune_side(p, &e->left, only_part(p, map, 0, same ? want : part_or_only(want, 0)));
    prune_side(p, &e->right, &uses_whole);
}

static void prune_coalesce(struct pruner *p, struct texpr *e, const struct uses *want)
{
    bool optional = e->type->kind == TYPE_OPTIONAL || e->left->type->kind != TYPE_OPTIONAL;
    prune_side(p, &e->left, optional ? want : only_part(p, e->left->type, 0, want));
    prune_side(p, &e->right, want);
}

// Parameters are read as the body reads them.
static void prune_fn(struct pruner *p, const struct fn *fn)
{
    for (int i = 0; i < p->program->fns.count; i++) {
        struct fn *mine = p->program->fns.items[i];
        if (mine != fn)
            continue;
        if (p->fn_state[i] == 0 && mine->body) {
            p->fn_state[i] = 1;
            mine->body = pruner_prune(p, mine->body, &uses_whole);
            p->fn_state[i] = 2;
        } else if (p->fn_state[i] != 2) { // of C, or within its own body
            for (int k = 0; k < fn->params.count; k++)
                pruner_want(p, fn->params.items[k], &uses_whole);
        }
        return;
    }
}

static void prune_call_fn(struct pruner *p, struct texpr *e)
{
    prune_fn(p, e->fn);
    for (int i = 0; i < e->items.count; i++) {
        const struct uses *param = i < e->fn->params.count ? p->of_var[e->fn->params.items[i]->id] : &uses_whole;
        prune_item(p, e, i, param ? param : &uses_only);
    }
}

// [A], (A) -> B with the lambda last: BODY is read of its result, RESULT of the elements besides what the lambda reads.
static void prune_lambda_call(struct pruner *p, struct texpr *e, const struct uses *body, const struct uses *result)
{
    struct texpr *lambda = e->items.items[e->items.count - 1];
    if (lambda->kind != TEXPR_LAMBDA || e->items.items[0]->type->kind != TYPE_LIST) {
        prune_all_whole(p, e);
        return;
    }
    for (int i = 1; i < e->items.count; i++)
        prune_item(p, e, i, i == e->items.count - 1 ? body : &uses_whole);
    // The element is the last parameter: fold's first is what was accumulated.
    const struct var *element = lambda->vars.items[lambda->vars.count - 1];
    prune_item(p, e, 0, elements(p, e->items.items[0]->type, result, element));
}

static void prune_call(struct pruner *p, struct texpr *e, const struct uses *want)
{
    const struct uses *element;
    switch (e->builtin) {
    case BUILTIN_LENGTH_LIST:
    case BUILTIN_LENGTH_MAP:
    case BUILTIN_KEYS: prune_item(p, e, 0, &uses_only); break;
    case BUILTIN_VALUES: prune_item(p, e, 0, only_part(p, e->items.items[0]->type, 0, uses_part(want, 0))); break;
    case BUILTIN_MAP: prune_lambda_call(p, e, part_or_only(want, 0), NULL); break;
    case BUILTIN_FILTER:
    case BUILTIN_SORT_BY: prune_lambda_call(p, e, &uses_whole, uses_part(want, 0)); break;
    case BUILTIN_ANY:
    case BUILTIN_ALL:
    case BUILTIN_SUM_BY:
    case BUILTIN_MIN_BY:
    case BUILTIN_MAX_BY:
    case BUILTIN_FOLD: prune_lambda_call(p, e, &uses_whole, NULL); break;
    case BUILTIN_REVERSE:
    case BUILTIN_SLICE:
        for (int i = 0; i < e->items.count; i++)
            prune_item(p, e, i, i == 0 ? want : &uses_whole);
        break;
    case BUILTIN_CONCAT_LIST:
        for (int i = 0; i < e->items.count; i++)
            prune_item(p, e, i, want);
        break;
    case BUILTIN_ZIP:
        element = part_or_only(want, 0);
        for (int i = 0; i < 2; i++)
            prune_item(p, e, i, only_part(p, e->items.items[i]->type, 0, uses_part(element, i)));
        break;
    default: prune_all_whole(p, e); break;
    }
}

static void prune_kind(struct pruner *p, struct texpr *e, const struct uses *want)
{
    switch (e->kind) {
    case TEXPR_VAR: pruner_want(p, e->var, want); break;
    case TEXPR_FIELD:
    case TEXPR_CASE: prune_side(p, &e->left, only_part(p, e->left->type, e->index, want)); break;
    case TEXPR_INDEX:
        prune_side(p, &e->left, only_part(p, e->left->type, 0, want));
        prune_side(p, &e->right, &uses_whole);
        break;
    case TEXPR_LOOKUP: prune_lookup(p, e, want); break;
    case TEXPR_IF:
        prune_side(p, &e->cond, &uses_whole);
        prune_side(p, &e->left, want);
        prune_side(p, &e->right, want);
        break;
    case TEXPR_COALESCE: prune_coalesce(p, e, want); break;
    case TEXPR_IS_NULL:
    case TEXPR_IS_CASE: prune_side(p, &e->left, &uses_only); break;
    case TEXPR_SOME: prune_side(p, &e->left, part_or_only(want, 0)); break;
    case TEXPR_UNWRAP: prune_side(p, &e->left, only_part(p, e->left->type, 0, want)); break;
    case TEXPR_LIFT: prune_lift(p, e, want); break;
    case TEXPR_LET: prune_let(p, e, want); break;
    case TEXPR_CALL: prune_call(p, e, want); break;
    case TEXPR_CALL_FN: prune_call_fn(p, e); break;
    case TEXPR_LAMBDA: prune_side(p, &e->left, want); break;
    case TEXPR_RECORD: prune_record(p, e, want); break;
    case TEXPR_LIST:
        for (int i = 0; i < e->items.count; i++)
            prune_item(p, e, i, part_or_only(want, 0));
        break;
    case TEXPR_MATCH: prune_match(p, e, want); break;
    case TEXPR_STORED: e->place = prune_place(p, e->place); break;
    default: prune_all_whole(p, e); break;
    }
}

void pruner_prune_place(struct pruner *p, struct store_place *place)
{
    prune_side(p, &place->key, &uses_whole);
    prune_side(p, &place->at, &uses_whole);
    prune_side(p, &place->from, &uses_whole);
    prune_side(p, &place->to, &uses_whole);
}

struct texpr *pruner_prune(struct pruner *p, struct texpr *e, const struct uses *want)
{
    struct texpr *copy = arena_new_of(p->arena, struct texpr);
    *copy = *e;
    // The arrays are copied too: the checker may use an expression in two places, which need not be read alike.
    copy->items.items = arena_alloc(p->arena, sizeof *copy->items.items * ((size_t)e->items.count + 1));
    for (int i = 0; i < e->items.count; i++)
        copy->items.items[i] = e->items.items[i];
    copy->items.capacity = e->items.count;
    copy->keys.items = arena_alloc(p->arena, sizeof *copy->keys.items * ((size_t)e->keys.count + 1));
    for (int i = 0; i < e->keys.count; i++)
        copy->keys.items[i] = e->keys.items[i];
    copy->keys.capacity = e->keys.count;
    copy->arms.items = arena_alloc(p->arena, sizeof *copy->arms.items * ((size_t)e->arms.count + 1));
    for (int i = 0; i < e->arms.count; i++)
        copy->arms.items[i] = e->arms.items[i];
    copy->arms.capacity = e->arms.count;
    prune_kind(p, copy, want);
    return copy;
}
