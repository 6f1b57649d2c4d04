// Two sessions become one: the state of the one first in the store, then of the other.
#include "plan/lower.h"

// STEP for each element of LIST, which X stands for, beginning with ACC.
static struct texpr *for_each(const struct step *s, struct texpr *list, struct var *acc, struct var *x,
                              struct texpr *body)
{
    struct texpr *lambda = texpr_unary(s->l->c, TEXPR_LAMBDA, body->type, body, s->l->span);
    vec_push(s->l->c->arena, &lambda->vars, acc);
    vec_push(s->l->c->arena, &lambda->vars, x);
    return make_call(s->l, BUILTIN_FOLD, s->state, (struct texpr *[]){list, s->acc, lambda}, 3);
}

static struct texpr *merge_lists(const struct step *s, struct texpr *list)
{
    struct var *acc = var_new(s->l->c, VAR_LOCAL, "acc", s->state, s->l->span);
    struct var *x = var_new(s->l->c, VAR_LOCAL, "x", list->type->element, s->l->span);
    struct step of_one = *s;
    of_one.acc = make_var(s->l, acc);
    of_one.x = make_var(s->l, x);
    if (s->call->id == AGGREGATE_TOP_BY) {
        of_one.by = make_field(s->l, make_var(s->l, x), 1);
        of_one.x = make_field(s->l, make_var(s->l, x), 0);
    } else if (s->call->id == AGGREGATE_HISTOGRAM) {
        struct texpr *args[] = {of_one.acc, make_field(s->l, of_one.x, 0), make_field(s->l, of_one.x, 1)};
        return for_each(s, list, acc, x, make_call(s->l, BUILTIN_AGGREGATE_TALLY, s->state, args, 3));
    }
    return for_each(s, list, acc, x, lower_one(&of_one));
}

static struct texpr *pairs(struct lowering *l, enum builtin_id id, const char *a, const struct type *a_type,
                           const char *b, const struct type *b_type, struct texpr *const *args, int count)
{
    return make_call(l, id, make_list_type(l, make_pair_type(l, a, a_type, b, b_type)), args, count);
}

static struct texpr *values_with_by(struct lowering *l, struct texpr *state)
{
    struct texpr *args[] = {make_field(l, state, 0), make_field(l, state, 1)};
    return pairs(l, BUILTIN_ZIP, "first", args[0]->type->element, "second", args[1]->type->element, args, 2);
}

static struct texpr *entries(struct lowering *l, struct texpr *map)
{
    return pairs(l, BUILTIN_ENTRIES, "key", make_type(l, TYPE_STRING), "value", map->type->element, &map, 1);
}

// A state is a value as good as any: null if none came.
static struct texpr *merge_best(const struct step *s, struct texpr *b, bool keeps)
{
    struct lowering *l = s->l;
    if (!type_is_optional(s->state))
        return keeps ? s->acc : b;
    return keeps ? make_if(l, make_is_null(l, s->acc), b, s->acc) : make_if(l, make_is_null(l, b), s->acc, b);
}

static struct texpr *merge_value(const struct step *s, struct texpr *b)
{
    struct step of_one = *s;
    struct texpr *some = type_is_optional(s->state) ? make_unwrap(s->l, b) : b;
    of_one.x = some;
    if (s->call->id == AGGREGATE_ARGMIN || s->call->id == AGGREGATE_ARGMAX) {
        of_one.x = make_field(s->l, some, 0);
        of_one.by = make_field(s->l, some, 1);
    }
    struct texpr *better = lower_one(&of_one);
    return type_is_optional(s->state) ? make_if(s->l, make_is_null(s->l, b), s->acc, better) : better;
}

static struct texpr *merge_all_best(const struct step *s, struct texpr *b, enum ast_op better)
{
    struct lowering *l = s->l;
    struct texpr *mine = make_field(l, s->acc, 1), *other = make_field(l, b, 1);
    struct texpr *lists[] = {make_field(l, s->acc, 0), make_field(l, b, 0)};
    struct texpr *both[] = {make_call(l, BUILTIN_CONCAT_LIST, lists[0]->type, lists, 2), mine};
    struct texpr *beats =
        make_or(l, make_is_null(l, mine), make_compare(l, better, make_unwrap(l, other), make_unwrap(l, mine)));
    struct texpr *ties = make_compare(l, OP_EQ, other, mine);
    struct texpr *best = make_if(l, beats, b, make_if(l, ties, make_record(l, s->state, both), s->acc));
    return make_if(l, make_is_null(l, other), s->acc, best);
}

static struct texpr *add_both(struct lowering *l, struct texpr *a, struct texpr *b)
{
    return make_arith(l, OP_ADD, a->type, a, b);
}

struct texpr *lower_merge(struct lowering *l, const struct aggregate_call *call, struct texpr *a, struct texpr *b)
{
    struct step s = {.l = l, .call = call, .state = lower_state(l, call), .acc = a, .op = OP_ADD};
    struct texpr *lists[] = {a, b};
    switch (call->id) {
    case AGGREGATE_COUNT:
    case AGGREGATE_COUNT_VALUES:
    case AGGREGATE_SUM: return add_both(l, a, b);
    case AGGREGATE_AVG: {
        struct texpr *items[2];
        for (int i = 0; i < 2; i++)
            items[i] = add_both(l, make_field(l, a, i), make_field(l, b, i));
        return make_record(l, s.state, items);
    }
    case AGGREGATE_FIRST: return merge_best(&s, b, true);
    case AGGREGATE_LAST: return merge_best(&s, b, false);
    case AGGREGATE_COLLECT: return make_call(l, BUILTIN_CONCAT_LIST, s.state, lists, 2);
    case AGGREGATE_LAST_N:
        return lower_last_of(l, call, make_call(l, BUILTIN_CONCAT_LIST, s.state, lists, 2),
                             add_both(l, make_length(l, a), make_length(l, b)));
    case AGGREGATE_FIRST_N:
    case AGGREGATE_COLLECT_SET:
    case AGGREGATE_COUNT_DISTINCT:
    case AGGREGATE_TOP:
    case AGGREGATE_TOP_DISTINCT: return merge_lists(&s, b);
    case AGGREGATE_TOP_BY: return merge_lists(&s, values_with_by(l, b));
    case AGGREGATE_HISTOGRAM: return merge_lists(&s, entries(l, b));
    case AGGREGATE_ARGMIN_ALL: return merge_all_best(&s, b, OP_LT);
    case AGGREGATE_ARGMAX_ALL: return merge_all_best(&s, b, OP_GT);
    case AGGREGATE_STDDEV:
    case AGGREGATE_CORRELATION: return moments_merge(l, call->id, a, b);
    default: return merge_value(&s, b);
    }
}
