// Calls that mean nothing: what is wrong with them, and what was probably meant.
#include <string.h>

#include "types/check_call.h"
#include "types/resolve.h"

static void help_signature(struct checker *c, struct diag *d, const struct signature *s)
{
    diag_help(c->bag, d, "it is `%s%s`", s->name, s->text);
}

static void help_signatures(struct checker *c, struct diag *d, const struct signature *first)
{
    enum { MOST = 4 };
    int count = 0;
    for (const struct signature *s = first; s; s = s->next)
        if (count++ < MOST)
            diag_help(c->bag, d, "%s `%s%s`", count == 1 ? "it is" : "or", s->name, s->text);
    if (count > MOST)
        diag_help(c->bag, d, "and %d more", count - MOST);
}

// "1", "2 or 3", "at least 1".
static const char *arity(struct checker *c, const struct signature *first)
{
    int least = first->required, most = first->params.count;
    bool variadic = false;
    for (const struct signature *s = first; s; s = s->next) {
        least = s->required < least ? s->required : least;
        most = s->params.count > most ? s->params.count : most;
        variadic = variadic || s->variadic;
    }
    if (variadic)
        return arena_printf(c->arena, "at least %d", least);
    if (least == most)
        return arena_printf(c->arena, "%d", least);
    return arena_printf(c->arena, most == least + 1 ? "%d or %d" : "%d to %d", least, most);
}

static bool report_arity(struct checker *c, const struct ast_expr *e, const struct signature *first)
{
    for (const struct signature *s = first; s; s = s->next)
        if (overload_takes(s, e->items.count))
            return false;
    const char *takes = arity(c, first);
    struct diag *d = diag_error(c->bag, e->span, "`%s` takes %s argument%s, here %s %d", first->name, takes,
                                strcmp(takes, "1") == 0 || strcmp(takes, "at least 1") == 0 ? "" : "s",
                                e->items.count == 1 ? "is" : "are", e->items.count);
    help_signatures(c, d, first);
    return true;
}

static void report_lambda(struct checker *c, const struct call *call, int position, const struct signature *s,
                          const struct signature *first)
{
    const struct ast_expr *e = call->arguments.items[position].ast;
    const struct sig_type *t = signature_param(s, position)->type;
    if (t->kind == SIG_LAMBDA && e->kind == AST_LAMBDA) {
        struct diag *d = diag_error(c->bag, e->span, "this lambda of `%s` takes %d value%s, not %d", s->name,
                                    t->params.count, t->params.count == 1 ? "" : "s", e->params.count);
        help_signatures(c, d, first);
        return;
    }
    struct diag *d = diag_error(
        c->bag, e->span, t->kind == SIG_LAMBDA ? "argument %d of `%s` is a lambda" : "argument %d of `%s` does not fit",
        position + 1, s->name);
    help_signatures(c, d, first);
}

void report_call(struct checker *c, const struct call *call, const struct signature *first)
{
    if (report_arity(c, call->ast, first))
        return;
    // The overload that goes furthest is the one that was meant.
    const struct signature *best = NULL;
    int position = -1, candidates = 0;
    for (const struct signature *s = first; s; s = s->next) {
        if (!overload_takes(s, call->arguments.count))
            continue;
        int at = overload_misfit(c, s, call);
        candidates++;
        if (at > position) {
            position = at;
            best = s;
        }
    }
    const struct argument *argument = &call->arguments.items[position];
    const struct sig_type *t = signature_param(best, position)->type;
    if (!argument->value || t->kind == SIG_LAMBDA) {
        report_lambda(c, call, position, best, first);
        return;
    }
    const struct type *type = argument->value->type;
    struct diag *d = diag_error(c->bag, argument->value->span, "argument %d of `%s` can't be %s", position + 1,
                                first->name, type_show(c->arena, type));
    bool clear = candidates == 1 || position > 0;
    const struct sig_type *plain = t->kind == SIG_OPTIONAL ? t->element : t;
    if (plain->kind == SIG_PLAIN && clear)
        help_conversion(c, d, source_text(c, argument->value->span), type_plain(type), plain->type);
    else if (scalar_by_name(c, first->name) && type_plain(type)->kind >= TYPE_RECORD)
        diag_help(c->bag, d, "as text, it is JSON: `string(to_json(%s))`", source_text(c, argument->value->span));
    if (clear)
        help_signature(c, d, best);
    else
        help_signatures(c, d, first);
}

// ---- names that are no function ----

struct texpr *report_unknown_call(struct checker *c, const struct env *env, const struct ast_expr *e)
{
    struct diag *d;
    const char *name = e->name.text;
    if (find_type(c, name)) {
        d = diag_error(c->bag, e->name.span, "`%s` is a type, not a function", name);
        diag_help(c->bag, d, "a record is written `{ ... }` and takes the type that is expected of it");
        return texpr_error(c, e->span);
    }
    const struct texpr *named = name_in_scope(c, env, name);
    if (named && !is_error(named)) {
        d = diag_error(c->bag, e->name.span, "`%s` is not a function", name);
        return texpr_error(c, e->span);
    }
    d = diag_error(c->bag, e->name.span, "there is no function `%s`", name);
    d->missing = true;
    const char *near[] = {builtin_nearest(c->builtins, name), fn_nearest(c, name)};
    const char *candidates[2];
    int count = 0;
    for (int i = 0; i < 2; i++)
        if (near[i])
            candidates[count++] = near[i];
    const char *best = count > 0 ? diag_nearest(name, candidates, count) : NULL;
    if (best)
        diag_help(c->bag, d, "did you mean `%s`?", best);
    return texpr_error(c, e->span);
}

// ---- aggregates ----

static const char *const aggregates[] = {
    "count",   "avg",         "first",          "last", "argmin",       "argmax", "argmin_all",  "argmax_all",
    "collect", "collect_set", "count_distinct", "top",  "top_distinct", "stddev", "correlation", "histogram",
};

// `sum`, `min` and `max` of a list are functions; of anything else they are aggregates.
static bool is_sum_of_records(struct checker *c, const struct env *env, const struct ast_expr *e)
{
    const char *name = e->name.text;
    if ((strcmp(name, "sum") != 0 && strcmp(name, "min") != 0 && strcmp(name, "max") != 0) || e->items.count != 1)
        return false;
    if (e->items.items[0]->kind != AST_NAME && e->items.items[0]->kind != AST_FIELD)
        return false;
    struct diag_mark mark = diag_mark(c);
    struct texpr *value = infer_expr(c, env, e->items.items[0], NULL);
    diag_reset(c, mark);
    return !is_error(value) && type_plain(value->type)->kind != TYPE_LIST;
}

bool is_aggregate_call(struct checker *c, const struct env *env, const struct ast_expr *e)
{
    for (size_t i = 0; i < sizeof aggregates / sizeof *aggregates; i++)
        if (strcmp(aggregates[i], e->name.text) == 0)
            return true;
    return is_sum_of_records(c, env, e);
}

struct texpr *report_aggregate(struct checker *c, const struct ast_expr *e)
{
    const char *name = e->name.text;
    struct diag *d = diag_error(c->bag, e->name.span, "`%s` is an aggregate: it belongs in an `aggregate` stage", name);
    if (strcmp(name, "count") == 0 && e->items.count == 1)
        diag_help(c->bag, d, "the number of elements of a list is `length(%s)`",
                  source_text(c, e->items.items[0]->span));
    else if (strcmp(name, "first") == 0 && e->items.count == 1)
        diag_help(c->bag, d, "the first element of a list is `%s[0]`", source_text(c, e->items.items[0]->span));
    else if (builtin_find(c->builtins, name))
        diag_help(c->bag, d, "here, `%s` takes a list; over records: `| group by ... | aggregate { %s: %s(...) }`",
                  name, name, name);
    else
        diag_help(c->bag, d, "`| group by ... | aggregate { x: %s(%s) }`", name,
                  strcmp(name, "count") == 0 ? "" : "...");
    return texpr_error(c, e->span);
}

void report_where(struct checker *c, const struct ast_expr *e)
{
    struct diag *d = diag_error(c->bag, e->where->span, "`where` belongs to an aggregate, as in `count() where paid`");
    diag_label(c->bag, d, "`%s` is no aggregate here", e->name.text);
    diag_help(c->bag, d, "elsewhere, use `filter`, or `if ... then ... else ...`");
}
