#include "plan/lower.h"

// ---- types ----

static const struct type *type_of_arg(const struct aggregate_call *call, int i)
{
    return call->args.items[i]->type;
}

// Of `argmin(x, by)` and `top(n, x, by)` X may be null; of the others only `collect` takes nulls.
static bool skips_null(const struct aggregate_call *call, int arg)
{
    bool has_by = call->args.count == 2 && call->id != AGGREGATE_CORRELATION;
    return call->id != AGGREGATE_COLLECT && !(has_by && arg == 0);
}

static const struct type *value_type(const struct aggregate_call *call, int arg)
{
    const struct type *type = type_of_arg(call, arg);
    return skips_null(call, arg) ? type_plain(type) : type;
}

// Sums of averages: exact, of decimals with all their digits.
static const struct type *average_sum(struct lowering *l, const struct type *type)
{
    if (type->kind == TYPE_DECIMAL)
        return type_decimal(l->c->types, 38, type->scale);
    return make_type(l, type_is_integer(type) ? TYPE_INT64 : TYPE_FLOAT64);
}

// What may be none is null then.
static const struct type *maybe(struct lowering *l, const struct aggregate_call *call, const struct type *type)
{
    return type_is_optional(call->result->type) ? make_optional(l, type) : type;
}

const struct type *lower_state(struct lowering *l, const struct aggregate_call *call)
{
    const struct type *x = call->args.count > 0 ? value_type(call, 0) : NULL;
    const struct type *by = call->args.count > 1 ? value_type(call, 1) : NULL;
    switch (call->id) {
    case AGGREGATE_AVG: return make_pair_type(l, "sum", average_sum(l, x), "count", make_type(l, TYPE_INT64));
    case AGGREGATE_ARGMIN:
    case AGGREGATE_ARGMAX: return maybe(l, call, make_pair_type(l, "value", x, "by", by));
    case AGGREGATE_ARGMIN_ALL:
    case AGGREGATE_ARGMAX_ALL: return make_pair_type(l, "values", make_list_type(l, x), "by", make_optional(l, by));
    case AGGREGATE_COUNT_DISTINCT: return make_list_type(l, x);
    case AGGREGATE_TOP_BY: return make_pair_type(l, "values", make_list_type(l, x), "by", make_list_type(l, by));
    case AGGREGATE_STDDEV:
    case AGGREGATE_CORRELATION: return moments_state(l, call->id);
    default: return call->result->type;
    }
}

// ---- before any record ----

struct texpr *lower_init(struct lowering *l, const struct aggregate_call *call)
{
    const struct type *state = lower_state(l, call);
    struct texpr *items[2];
    switch (call->id) {
    case AGGREGATE_COUNT:
    case AGGREGATE_COUNT_VALUES:
    case AGGREGATE_SUM: return make_zero(l, state);
    case AGGREGATE_AVG:
        for (int i = 0; i < 2; i++)
            items[i] = make_zero(l, state->fields.items[i].type);
        return make_record(l, state, items);
    case AGGREGATE_ARGMIN_ALL:
    case AGGREGATE_ARGMAX_ALL:
    case AGGREGATE_TOP_BY:
        for (int i = 0; i < 2; i++)
            items[i] = make_empty(l, state->fields.items[i].type);
        return make_record(l, state, items);
    case AGGREGATE_STDDEV:
    case AGGREGATE_CORRELATION: return moments_init(l, call->id);
    case AGGREGATE_MIN:
    case AGGREGATE_MAX:
    case AGGREGATE_FIRST:
    case AGGREGATE_LAST:
    case AGGREGATE_ARGMIN:
    case AGGREGATE_ARGMAX: return type_is_optional(state) ? make_empty(l, state) : NULL;
    default: return make_empty(l, state);
    }
}

// ---- steps ----

static struct texpr *call2(const struct step *s, enum builtin_id id, const struct type *type, struct texpr *a,
                           struct texpr *b)
{
    return make_call(s->l, id, type, (struct texpr *[]){a, b}, 2);
}

static struct texpr *append(const struct step *s, struct texpr *list, struct texpr *x)
{
    return call2(s, BUILTIN_AGGREGATE_APPEND, list->type, list, make_as(s->l, x, list->type->element));
}

static struct texpr *place(const struct step *s, struct texpr *list, struct texpr *x)
{
    return call2(s, BUILTIN_AGGREGATE_PLACE, make_type(s->l, TYPE_INT64), list, x);
}

static struct texpr *insert(const struct step *s, struct texpr *list, struct texpr *at, struct texpr *x)
{
    struct texpr *args[] = {list, at, x, make_int(s->l, s->call->n)};
    return make_call(s->l, BUILTIN_AGGREGATE_INSERT, list->type, args, 4);
}

static struct texpr *contains(const struct step *s)
{
    return call2(s, BUILTIN_CONTAINS_LIST, make_type(s->l, TYPE_BOOL), s->acc, s->x);
}

static struct texpr *one_more(const struct step *s, struct texpr *count)
{
    return make_arith(s->l, s->op, count->type, count, make_int(s->l, 1));
}

static struct texpr *add_up(const struct step *s, struct texpr *sum)
{
    struct texpr *x = sum->type->kind == TYPE_DECIMAL ? s->x : make_as(s->l, s->x, sum->type);
    return make_arith(s->l, s->op, sum->type, sum, x);
}

static struct texpr *average(const struct step *s)
{
    struct texpr *items[] = {add_up(s, make_field(s->l, s->acc, 0)), one_more(s, make_field(s->l, s->acc, 1))};
    return make_record(s->l, s->state, items);
}

static struct texpr *if_none(const struct step *s, struct texpr *none, struct texpr *some)
{
    return type_is_optional(s->state) ? make_if(s->l, make_is_null(s->l, s->acc), none, some) : some;
}

static struct texpr *there(const struct step *s)
{
    return type_is_optional(s->state) ? make_unwrap(s->l, s->acc) : s->acc;
}

static struct texpr *least(const struct step *s, enum builtin_id id)
{
    struct texpr *x = make_as(s->l, s->x, type_plain(s->state));
    struct texpr *best = call2(s, id, x->type, there(s), x);
    return if_none(s, make_as(s->l, x, s->state), make_as(s->l, best, s->state));
}

static struct texpr *first_n(const struct step *s)
{
    struct texpr *few = make_compare(s->l, OP_LT, make_length(s->l, s->acc), make_int(s->l, s->call->n));
    return make_if(s->l, few, append(s, s->acc, s->x), s->acc);
}

struct texpr *lower_last_of(struct lowering *l, const struct aggregate_call *call, struct texpr *list,
                            struct texpr *size)
{
    struct texpr *from = make_arith(l, OP_SUB, size->type, size, make_int(l, call->n));
    return make_call(l, BUILTIN_SLICE, list->type, (struct texpr *[]){list, from, make_int(l, INT64_MAX)}, 3);
}

static struct texpr *last_n(const struct step *s)
{
    return lower_last_of(s->l, s->call, append(s, s->acc, s->x), one_more(s, make_length(s->l, s->acc)));
}

// The first to arrive stays where others are as good.
static struct texpr *best_by(const struct step *s, enum ast_op better)
{
    struct texpr *row = make_record(s->l, type_plain(s->state), (struct texpr *[]){s->x, s->by});
    struct texpr *chosen = make_as(s->l, row, s->state);
    struct texpr *beats = make_compare(s->l, better, s->by, make_field(s->l, there(s), 1));
    if (type_is_optional(s->state))
        beats = make_or(s->l, make_is_null(s->l, s->acc), beats);
    return make_if(s->l, beats, chosen, s->acc);
}

static struct texpr *all_best(const struct step *s, enum ast_op better)
{
    struct lowering *l = s->l;
    struct texpr *values = make_field(l, s->acc, 0), *best = make_field(l, s->acc, 1);
    struct texpr *by = make_as(l, s->by, best->type);
    struct texpr *alone = append(s, make_empty(l, values->type), s->x);
    struct texpr *beats = make_or(l, make_is_null(l, best), make_compare(l, better, s->by, make_unwrap(l, best)));
    struct texpr *ties = make_compare(l, OP_EQ, s->by, make_unwrap(l, best));
    struct texpr *one_of = make_record(l, s->state, (struct texpr *[]){append(s, values, s->x), best});
    return make_if(l, beats, make_record(l, s->state, (struct texpr *[]){alone, by}), make_if(l, ties, one_of, s->acc));
}

static struct texpr *top_by(const struct step *s)
{
    struct texpr *values = make_field(s->l, s->acc, 0), *by = make_field(s->l, s->acc, 1);
    struct let_binding at = make_let(s->l, "place", place(s, by, s->by));
    struct texpr *items[] = {insert(s, values, at.named, s->x), insert(s, by, at.named, s->by)};
    return let_around(s->l, &at, make_record(s->l, s->state, items));
}

static struct texpr *tally(const struct step *s)
{
    struct texpr *args[] = {s->acc, s->x, make_int(s->l, s->op == OP_ADD ? 1 : -1)};
    return make_call(s->l, BUILTIN_AGGREGATE_TALLY, s->state, args, 3);
}

struct texpr *lower_one(const struct step *s)
{
    switch (s->call->id) {
    case AGGREGATE_COUNT:
    case AGGREGATE_COUNT_VALUES: return one_more(s, s->acc);
    case AGGREGATE_SUM: return add_up(s, s->acc);
    case AGGREGATE_MIN: return least(s, BUILTIN_LEAST);
    case AGGREGATE_MAX: return least(s, BUILTIN_GREATEST);
    case AGGREGATE_AVG: return average(s);
    case AGGREGATE_FIRST: return if_none(s, make_as(s->l, s->x, s->state), s->acc);
    case AGGREGATE_LAST: return make_as(s->l, s->x, s->state);
    case AGGREGATE_FIRST_N: return first_n(s);
    case AGGREGATE_LAST_N: return last_n(s);
    case AGGREGATE_ARGMIN: return best_by(s, OP_LT);
    case AGGREGATE_ARGMAX: return best_by(s, OP_GT);
    case AGGREGATE_ARGMIN_ALL: return all_best(s, OP_LT);
    case AGGREGATE_ARGMAX_ALL: return all_best(s, OP_GT);
    case AGGREGATE_COLLECT:
        return s->op == OP_ADD ? append(s, s->acc, s->x) : call2(s, BUILTIN_AGGREGATE_REMOVE, s->state, s->acc, s->x);
    case AGGREGATE_COLLECT_SET:
    case AGGREGATE_COUNT_DISTINCT: return make_if(s->l, contains(s), s->acc, append(s, s->acc, s->x));
    case AGGREGATE_TOP: return insert(s, s->acc, place(s, s->acc, s->x), s->x);
    case AGGREGATE_TOP_DISTINCT:
        return make_if(s->l, contains(s), s->acc, insert(s, s->acc, place(s, s->acc, s->x), s->x));
    case AGGREGATE_TOP_BY: return top_by(s);
    case AGGREGATE_STDDEV:
    case AGGREGATE_CORRELATION: return moments_step(s->l, s->call->id, s->op, s->acc, s->x, s->by);
    case AGGREGATE_HISTOGRAM: return tally(s);
    }
    return s->acc;
}

// The record's arguments, each evaluated once; where one is null that is skipped, or `where` does not hold, all stays as it is.
static struct texpr *call_step(struct lowering *l, const struct aggregate_call *call, struct texpr *acc, enum ast_op op)
{
    struct step s = {.l = l, .call = call, .state = lower_state(l, call), .acc = acc, .op = op};
    struct let_binding lets[2] = {0};
    struct texpr **args[] = {&s.x, &s.by}, *skip = NULL;
    for (int i = 0; i < call->args.count; i++) {
        lets[i] = make_let(l, i ? "by" : "x", call->args.items[i]);
        *args[i] = lets[i].named;
        if (!skips_null(call, i) || !type_is_optional(type_of_arg(call, i)))
            continue;
        struct texpr *null = make_is_null(l, *args[i]);
        skip = skip ? make_or(l, skip, null) : null;
        *args[i] = make_unwrap(l, *args[i]);
    }
    struct texpr *result = lower_one(&s);
    if (skip)
        result = make_if(l, skip, acc, result);
    for (int i = call->args.count - 1; i >= 0; i--)
        result = let_around(l, &lets[i], result);
    return call->where ? make_if(l, call->where, result, acc) : result;
}

struct texpr *lower_add(struct lowering *l, const struct aggregate_call *call, struct texpr *acc)
{
    return call_step(l, call, acc, OP_ADD);
}

struct texpr *lower_undo(struct lowering *l, const struct aggregate_call *call, struct texpr *acc)
{
    return call_step(l, call, acc, OP_SUB);
}

// Without a state before: what has none begins with its arguments as they are.
struct texpr *lower_first(struct lowering *l, const struct aggregate_call *call)
{
    struct texpr *init = lower_init(l, call);
    if (init)
        return lower_add(l, call, init);
    const struct type *state = lower_state(l, call);
    if (call->args.count == 1)
        return make_as(l, call->args.items[0], state);
    return make_record(l, state, call->args.items);
}

// ---- results ----

static struct texpr *average_of(struct lowering *l, const struct type *result, struct texpr *acc)
{
    struct texpr *sum = make_field(l, acc, 0), *count = make_field(l, acc, 1);
    const struct type *plain = type_plain(result);
    struct texpr *average;
    if (plain->kind == TYPE_DECIMAL) {
        average = make_arith(l, OP_DIV, plain, sum, make_as(l, count, type_decimal(l->c->types, 19, 0)));
    } else {
        struct texpr *number = sum->type == plain ? sum : make_call(l, BUILTIN_FLOAT64_OF_I64, plain, &sum, 1);
        average = make_arith(l, OP_DIV, plain, number, make_call(l, BUILTIN_FLOAT64_OF_I64, plain, &count, 1));
    }
    return make_of_some(l, result, count, average);
}

static struct texpr *chosen(struct lowering *l, const struct type *result, struct texpr *acc)
{
    if (!type_is_optional(acc->type))
        return make_field(l, acc, 0);
    struct texpr *value = make_as(l, make_field(l, make_unwrap(l, acc), 0), result);
    return make_if(l, make_is_null(l, acc), make_empty(l, result), value);
}

struct texpr *lower_result(struct lowering *l, const struct aggregate_call *call, struct texpr *acc)
{
    const struct type *result = call->result->type;
    switch (call->id) {
    case AGGREGATE_AVG: return average_of(l, result, acc);
    case AGGREGATE_ARGMIN:
    case AGGREGATE_ARGMAX: return chosen(l, result, acc);
    case AGGREGATE_ARGMIN_ALL:
    case AGGREGATE_ARGMAX_ALL:
    case AGGREGATE_TOP_BY: return make_field(l, acc, 0);
    case AGGREGATE_COUNT_DISTINCT: return make_length(l, acc);
    case AGGREGATE_STDDEV:
    case AGGREGATE_CORRELATION: return moments_result(l, call, acc);
    default: return acc;
    }
}
