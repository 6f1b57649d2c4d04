// Calls of the aggregate functions in an `aggregate` stage.
#include "types/aggregate_call.h"

#include <string.h>

#include "types/check_call.h"
#include "types/decimal_rules.h"

enum { MOST_KEPT = 10000, AVERAGE_SCALE = 6 };

// ---- whose records ----

// The input that the call's expressions name; -1 after a report.
static int find_input(struct checker *c, const struct ast_expr *e)
{
    const struct aggregation *a = c->aggregation;
    if (!a->groups[0].name)
        return 0;
    int found = -1;
    for (int i = 0; i < a->group_count; i++) {
        if (!expr_mentions(e, a->groups[i].name))
            continue;
        if (found >= 0) {
            struct diag *d = diag_error(c->bag, e->span, "an aggregate takes the records of one input, not of two");
            diag_label(c->bag, d, "names `%s` and `%s`", a->groups[found].name, a->groups[i].name);
            diag_help(c->bag, d, "aggregate each by itself: `sum(%s.x) + sum(%s.y)`", a->groups[found].name,
                      a->groups[i].name);
            return -1;
        }
        found = i;
    }
    if (found >= 0)
        return found;
    struct diag *d = diag_error(c->bag, e->span, "this does not say whose records it takes");
    const char *name = a->groups[0].name;
    if (e->items.count == 0)
        diag_help(c->bag, d, "name an input of the cogroup: `%s(%s)`", e->name.text, name);
    else
        diag_help(c->bag, d, "name an input of the cogroup: `%s(%s.%s)`", e->name.text, name,
                  source_text(c, vec_last(&e->items)->span));
    return -1;
}

// ---- arguments ----

static bool check_number(struct checker *c, const struct texpr *number, const char *function,
                         struct aggregate_call *call)
{
    if (is_const(number) && number->constant.integer >= 1 && number->constant.integer <= MOST_KEPT) {
        call->n = number->constant.integer;
        return true;
    }
    struct diag *d = diag_error(c->bag, number->span, "the number of values that `%s` keeps is a constant from 1 to %d",
                                function, MOST_KEPT);
    diag_help(c->bag, d, "as in `%s(10, x)`", function);
    return false;
}

static bool keeps_number(const struct signature *s)
{
    return strncmp(s->text, "(n,", 3) == 0;
}

static struct texpr *as_parameter(struct checker *c, const struct sig_type *t, struct texpr *value)
{
    const struct sig_type *plain = t->kind == SIG_OPTIONAL ? t->element : t;
    if (plain->kind != SIG_PLAIN)
        return value;
    const struct type *type = type_is_optional(value->type) ? type_optional(c->types, plain->type) : plain->type;
    struct texpr *converted = convert_to(c, value, type);
    return converted ? fold_node(c, converted) : value;
}

// The arguments with their types; false after a report.
static bool check_arguments(struct checker *c, const struct env *env, const struct ast_expr *e,
                            const struct signature *s, struct binding *binding, struct aggregate_call *into)
{
    struct call call = {.ast = e};
    bool wrong = false;
    for (int i = 0; i < e->items.count; i++) {
        struct argument argument = {e->items.items[i], NULL};
        argument.value = require_type(c, infer_expr(c, env, argument.ast, NULL));
        wrong |= is_error(argument.value);
        vec_push(c->arena, &call.arguments, argument);
    }
    if (wrong)
        return false;
    for (int i = 0; i < e->items.count; i++) {
        struct texpr *value = call.arguments.items[i].value;
        const struct sig_type *t = s->params.items[i].type;
        if (!sig_fits(c, t, value, binding, true)) {
            report_call(c, &call, aggregate_find(c->builtins, s->name));
            return false;
        }
        value = fold_expr(c, as_parameter(c, t, value));
        if (i == 0 && keeps_number(s)) {
            if (!check_number(c, value, s->name, into))
                return false;
        } else {
            vec_push(c->arena, &into->args, value);
        }
    }
    return true;
}

// ---- results ----

// Whether a group may have none of the values that the call looks at.
static bool may_be_none(const struct aggregation *a, const struct aggregate_call *call)
{
    if (call->where || a->group_count > 1 || a->groups[0].at->out.kind == FLOW_GROUPED_TABLE)
        return true;
    for (int i = 0; i < call->args.count; i++)
        if (type_is_optional(call->args.items[i]->type))
            return true;
    return false;
}

// All of its whole digits, and at least six behind the point.
static const struct type *average_of(struct checker *c, const struct type *type)
{
    if (type->kind != TYPE_DECIMAL)
        return kind_type(c, TYPE_FLOAT64);
    int whole = type->precision - type->scale;
    int scale = type->scale > AVERAGE_SCALE ? type->scale : AVERAGE_SCALE;
    if (whole + scale > DECIMAL_MAX_DIGITS)
        scale = DECIMAL_MAX_DIGITS - whole;
    return type_decimal(c->types, DECIMAL_MAX_DIGITS, scale);
}

static const struct type *sum_of(struct checker *c, const struct type *type)
{
    if (type->kind == TYPE_DECIMAL)
        return type_decimal(c->types, DECIMAL_MAX_DIGITS, type->scale);
    return kind_type(c, type_is_integer(type) ? TYPE_INT64 : TYPE_FLOAT64);
}

static const struct type *result_type(struct checker *c, const struct signature *s, const struct binding *binding,
                                      const struct aggregate_call *call)
{
    const struct type *number = binding->types[sig_var_index('N')];
    const struct type *type = sig_subst(c, s->result, binding);
    bool none = may_be_none(c->aggregation, call);
    switch (call->id) {
    case AGGREGATE_SUM: return sum_of(c, number);
    case AGGREGATE_AVG: type = average_of(c, number); break;
    // Of fewer than two pairs there is none, whatever came.
    case AGGREGATE_CORRELATION: none = true; break;
    case AGGREGATE_MIN:
    case AGGREGATE_MAX:
    case AGGREGATE_FIRST:
    case AGGREGATE_LAST:
    case AGGREGATE_ARGMIN:
    case AGGREGATE_ARGMAX:
    case AGGREGATE_STDDEV: break;
    default: return type;
    }
    return none ? type_optional(c->types, type) : type;
}

// ---- calls ----

static const struct signature *choose(const struct signature *first, int count)
{
    for (const struct signature *s = first; s; s = s->next)
        if (overload_takes(s, count))
            return s;
    return NULL;
}

// `count(orders)` counts an input's records.
static bool counts_records(const struct aggregation *a, const struct ast_expr *e, int input)
{
    return strcmp(e->name.text, "count") == 0 && e->items.count == 1 && e->items.items[0]->kind == AST_NAME &&
           e->items.items[0]->name.text == a->groups[input].name;
}

static bool check_undo(struct checker *c, const struct ast_expr *e, const struct signature *s)
{
    if (c->aggregation->groups[0].at->out.kind != FLOW_GROUPED_TABLE || aggregate_can_undo(s))
        return true;
    report_not_undoable(c, e, s);
    return false;
}

static bool check_call(struct checker *c, const struct ast_expr *e, const struct signature *first,
                       struct aggregate_call *call, const struct type **result)
{
    const struct aggregation *a = c->aggregation;
    call->input = find_input(c, e);
    if (call->input < 0)
        return false;
    struct env env = group_env(c, &a->groups[call->input]);
    if (e->where)
        call->where = fold_expr(c, check_condition(c, &env, e->where, &env.known));
    struct binding binding = {0};
    bool records = counts_records(a, e, call->input);
    const struct signature *s = choose(first, records ? 0 : e->items.count);
    if (!s) {
        struct call none = {.ast = e};
        report_call(c, &none, first);
        return false;
    }
    call->id = (enum aggregate_id)s->id;
    if (!check_undo(c, e, s) || (!records && !check_arguments(c, &env, e, s, &binding, call)))
        return false;
    *result = result_type(c, s, &binding, call);
    return !call->where || !is_error(call->where);
}

static struct texpr *report_nested(struct checker *c, const struct ast_expr *e)
{
    struct diag *d = diag_error(c->bag, e->name.span, "`%s` can't be in another aggregate", e->name.text);
    diag_label(c->bag, d, "the group's records are gone through once");
    diag_help(c->bag, d, "compute it from the results in a `map` behind this stage, or group twice");
    return texpr_error(c, e->span);
}

struct texpr *infer_aggregate_call(struct checker *c, const struct env *env, const struct ast_expr *e)
{
    struct aggregation *a = c->aggregation;
    const struct signature *first = aggregate_find(c->builtins, e->name.text);
    if (!first)
        return NULL;
    if (a->inside)
        return is_aggregate_call(c, env, e) ? report_nested(c, e) : NULL;
    for (int i = 0; i < a->made.count; i++)
        if (a->made.items[i] == e)
            return texpr_var(c, a->into->calls.items[i].result, e->span);
    struct aggregate_call call = {.span = e->span};
    const struct type *result = NULL;
    a->inside = true;
    bool good = check_call(c, e, first, &call, &result);
    a->inside = false;
    if (!good)
        return texpr_error(c, e->span);
    call.result = var_new(c, VAR_LOCAL, first->name, result, e->span);
    vec_push(c->arena, &a->made, e);
    vec_push(c->arena, &a->into->calls, call);
    return texpr_var(c, call.result, e->span);
}

// ---- reports ----

bool report_not_aggregated(struct checker *c, struct diag *d, const char *name)
{
    const struct aggregation *a = c->aggregation;
    for (int i = 0; a && !a->inside && i < a->group_count; i++) {
        struct env env = group_env(c, &a->groups[i]);
        if (!name_in_scope(c, &env, name))
            continue;
        const struct texpr *by = a->groups[i].by;
        diag_label(c->bag, d, "a group has many records, each with its own");
        if (by && strcmp(source_text(c, by->span), name) == 0)
            diag_help(c->bag, d, "what the group is by is its key: `%s: key`", name);
        else
            diag_help(c->bag, d, "say which is meant: `first(%s)`, `last(%s)`, `collect(%s)`, ...", name, name, name);
        return true;
    }
    return false;
}

void report_not_undoable(struct checker *c, const struct ast_expr *e, const struct signature *function)
{
    const char *of = e->items.count ? source_text(c, vec_last(&e->items)->span) : "x";
    struct diag *d =
        diag_error(c->bag, e->span, "`%s` can't be taken back, as an aggregate over a table must be", function->name);
    diag_label(c->bag, d, "a row that goes leaves no trace of what was second to it");
    diag_help(c->bag, d, "keep all values, and compute it from them: `aggregate { all: collect(%s) } | map { ... }`",
              of);
    diag_help(c->bag, d, "or say yourself how a row is taken back: `fold INIT, (acc) => ..., undo (acc) => ...`");
}
