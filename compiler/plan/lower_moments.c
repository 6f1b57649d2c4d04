// stddev and correlation: Welford's sums, which do not cancel, can be undone, and merged (Chan).
#include "plan/lower.h"

// The state is a record of these, in this order; of stddev without those of y.
enum { COUNT, MEAN_X, M2_X, MEAN_Y, M2_Y, C_XY };

static int field_count(enum aggregate_id id)
{
    return id == AGGREGATE_STDDEV ? M2_X + 1 : C_XY + 1;
}

const struct type *moments_state(struct lowering *l, enum aggregate_id id)
{
    static const char *const one[] = {"count", "mean", "m2"};
    static const char *const two[] = {"count", "mean_x", "m2_x", "mean_y", "m2_y", "c"};
    const struct type *types[C_XY + 1];
    for (int i = 0; i <= C_XY; i++)
        types[i] = make_type(l, i == COUNT ? TYPE_INT64 : TYPE_FLOAT64);
    return make_record_type(l, id == AGGREGATE_STDDEV ? one : two, types, field_count(id));
}

struct texpr *moments_init(struct lowering *l, enum aggregate_id id)
{
    const struct type *state = moments_state(l, id);
    struct texpr *items[C_XY + 1];
    for (int i = 0; i < field_count(id); i++)
        items[i] = make_zero(l, state->fields.items[i].type);
    return make_record(l, state, items);
}

static struct texpr *number(struct lowering *l, struct texpr *count)
{
    return make_call(l, BUILTIN_FLOAT64_OF_I64, make_type(l, TYPE_FLOAT64), &count, 1);
}

static struct texpr *arith(struct lowering *l, enum ast_op op, struct texpr *a, struct texpr *b)
{
    return make_arith(l, op, make_type(l, TYPE_FLOAT64), a, b);
}

// ---- one value more or less ----

// Of one of the two: its distance from the mean before, and the mean and the sum of squares after it.
struct moved {
    struct let_binding distance, mean;
    struct texpr *m2, *from_mean;
};

static struct moved move(struct lowering *l, enum ast_op op, struct texpr *acc, int mean, struct texpr *x,
                         struct texpr *count)
{
    struct moved m;
    m.distance = make_let(l, "distance", arith(l, OP_SUB, x, make_field(l, acc, mean)));
    m.mean = make_let(l, "mean",
                      arith(l, op, make_field(l, acc, mean), arith(l, OP_DIV, m.distance.named, number(l, count))));
    m.from_mean = arith(l, OP_SUB, x, m.mean.named);
    m.m2 = arith(l, op, make_field(l, acc, mean + 1), arith(l, OP_MUL, m.distance.named, m.from_mean));
    return m;
}

static struct texpr *around(struct lowering *l, const struct moved *m, struct texpr *body)
{
    return let_around(l, &m->distance, let_around(l, &m->mean, body));
}

struct texpr *moments_step(struct lowering *l, enum aggregate_id id, enum ast_op op, struct texpr *acc, struct texpr *x,
                           struct texpr *y)
{
    struct let_binding count =
        make_let(l, "count", make_arith(l, op, make_type(l, TYPE_INT64), make_field(l, acc, COUNT), make_int(l, 1)));
    struct moved of_x = move(l, op, acc, MEAN_X, x, count.named), of_y;
    struct texpr *items[C_XY + 1] = {count.named, of_x.mean.named, of_x.m2};
    if (id == AGGREGATE_CORRELATION) {
        of_y = move(l, op, acc, MEAN_Y, y, count.named);
        items[MEAN_Y] = of_y.mean.named;
        items[M2_Y] = of_y.m2;
        items[C_XY] = arith(l, op, make_field(l, acc, C_XY), arith(l, OP_MUL, of_x.distance.named, of_y.from_mean));
    }
    struct texpr *moved = make_record(l, moments_state(l, id), items);
    if (id == AGGREGATE_CORRELATION)
        moved = around(l, &of_y, moved);
    moved = around(l, &of_x, moved);
    // The last one leaves nothing to divide by.
    if (op == OP_SUB)
        moved = make_if(l, make_compare(l, OP_EQ, count.named, make_int(l, 0)), moments_init(l, id), moved);
    return let_around(l, &count, moved);
}

// ---- two states ----

static struct texpr *sum_of(struct lowering *l, struct texpr *a, struct texpr *b, int field, struct texpr *more)
{
    return arith(l, OP_ADD, arith(l, OP_ADD, make_field(l, a, field), make_field(l, b, field)), more);
}

struct texpr *moments_merge(struct lowering *l, enum aggregate_id id, struct texpr *a, struct texpr *b)
{
    bool two = id == AGGREGATE_CORRELATION;
    struct texpr *in_a = make_field(l, a, COUNT), *in_b = make_field(l, b, COUNT);
    struct texpr *both = make_arith(l, OP_ADD, make_type(l, TYPE_INT64), in_a, in_b);
    struct let_binding share = make_let(l, "share", arith(l, OP_DIV, number(l, in_b), number(l, both)));
    struct let_binding weight = make_let(l, "weight", arith(l, OP_MUL, number(l, in_a), share.named));
    struct let_binding apart[2];
    struct texpr *items[C_XY + 1] = {both};
    for (int i = 0; i <= two; i++) {
        int mean = i ? MEAN_Y : MEAN_X;
        apart[i] =
            make_let(l, i ? "apart_y" : "apart", arith(l, OP_SUB, make_field(l, b, mean), make_field(l, a, mean)));
        items[mean] = arith(l, OP_ADD, make_field(l, a, mean), arith(l, OP_MUL, apart[i].named, share.named));
        items[mean + 1] =
            sum_of(l, a, b, mean + 1, arith(l, OP_MUL, arith(l, OP_MUL, apart[i].named, apart[i].named), weight.named));
    }
    if (two)
        items[C_XY] =
            sum_of(l, a, b, C_XY, arith(l, OP_MUL, arith(l, OP_MUL, apart[0].named, apart[1].named), weight.named));
    struct texpr *merged = make_record(l, moments_state(l, id), items);
    for (int i = two; i >= 0; i--)
        merged = let_around(l, &apart[i], merged);
    merged = let_around(l, &share, let_around(l, &weight, merged));
    return make_if(l, make_compare(l, OP_EQ, in_b, make_int(l, 0)), a, merged);
}

// ---- results ----

static struct texpr *root(struct lowering *l, struct texpr *e)
{
    return make_call(l, BUILTIN_SQRT, make_type(l, TYPE_FLOAT64), &e, 1);
}

static struct texpr *zero(struct lowering *l)
{
    return make_zero(l, make_type(l, TYPE_FLOAT64));
}

// Of a sample. Undoing may leave a little less than nothing.
static struct texpr *deviation(struct lowering *l, const struct type *result, struct texpr *acc)
{
    const struct type *float64 = make_type(l, TYPE_FLOAT64);
    struct texpr *count = make_field(l, acc, COUNT);
    struct texpr *square =
        make_call(l, BUILTIN_GREATEST, float64, (struct texpr *[]){make_field(l, acc, M2_X), zero(l)}, 2);
    struct texpr *fewer = make_arith(l, OP_SUB, make_type(l, TYPE_INT64), count, make_int(l, 1));
    struct texpr *deviation = make_if(l, make_compare(l, OP_LT, count, make_int(l, 2)), zero(l),
                                      root(l, arith(l, OP_DIV, square, number(l, fewer))));
    return make_of_some(l, result, count, deviation);
}

// None where one of the two does not vary.
static struct texpr *correlation(struct lowering *l, const struct type *result, struct texpr *acc)
{
    struct let_binding square =
        make_let(l, "square", arith(l, OP_MUL, make_field(l, acc, M2_X), make_field(l, acc, M2_Y)));
    struct texpr *c = arith(l, OP_DIV, make_field(l, acc, C_XY), root(l, square.named));
    struct texpr *varies = make_compare(l, OP_GT, square.named, zero(l));
    return let_around(l, &square, make_if(l, varies, make_as(l, c, result), make_empty(l, result)));
}

struct texpr *moments_result(struct lowering *l, const struct aggregate_call *call, struct texpr *acc)
{
    const struct type *result = call->result->type;
    return call->id == AGGREGATE_STDDEV ? deviation(l, result, acc) : correlation(l, result, acc);
}
