// count, aggregate: what groups come to.
#include "types/aggregate_call.h"
#include "types/texpr_walk.h"

bool aggregate_drops_null(const struct window *window)
{
    return !window || window->kind == WINDOW_SLIDING;
}

static const struct serde *row_key(struct checker *c, const struct shape *in)
{
    const struct window *w = in->windowed;
    if (!w)
        return in->key_serde;
    bool session = w->kind == WINDOW_SESSION;
    return serde_windowed(c, in->key_serde, session ? AST_SESSION_WINDOWED : AST_TIME_WINDOWED, session ? 0 : w->size);
}

struct stage *aggregate_append(struct flow_cursor *f, const struct ast_stage *ast, enum aggregate_form form)
{
    struct checker *c = f->c;
    struct stage *stage = flow_append(f, STAGE_AGGREGATE, ast);
    for (int i = 1; i < f->groups.count; i++)
        stage_add_input(c, stage, f->groups.items[i].at);
    if (f->groups.count > 1)
        add_copartition(c, stage);
    struct aggregate *aggregate = stage->aggregate = arena_new_of(c->arena, struct aggregate);
    aggregate->form = form;
    aggregate->window = stage->out.windowed;
    aggregate->store = ast->store.kind;
    stage->drops_tombstones = aggregate_drops_null(aggregate->window);
    stage->out.key_serde = row_key(c, &stage->out);
    stage->out.value_serde = NULL;
    shape_become_table(c, stage, type_of_kind(c->types, TYPE_ERROR));
    return stage;
}

static void set_value(struct checker *c, struct stage *stage, struct texpr *value)
{
    stage->aggregate->value = value;
    stage->out.value = var_new(c, VAR_VALUE, "value", type_plain(value->type), stage->span);
}

static void find_value_reads(struct checker *c, struct stage *stage)
{
    for (int i = 0; i < stage->aggregate->calls.count; i++) {
        const struct aggregate_call *call = &stage->aggregate->calls.items[i];
        stage->drops_tombstones |= reads_value(c, call->where);
        for (int k = 0; k < call->args.count; k++)
            stage->drops_tombstones |= reads_value(c, call->args.items[k]);
    }
}

// ---- count ----

static struct texpr *count_rows(struct checker *c, struct stage *stage, struct span span)
{
    const struct type *int64 = kind_type(c, TYPE_INT64);
    struct aggregate_call call = {.id = AGGREGATE_COUNT, .span = span};
    call.result = var_new(c, VAR_LOCAL, "count", int64, span);
    vec_push(c->arena, &stage->aggregate->calls, call);
    return texpr_var(c, call.result, span);
}

void check_count(struct flow_cursor *f, const struct ast_stage *ast)
{
    struct checker *c = f->c;
    if (stage_is_broken(f->at))
        return;
    if (f->groups.count > 1) {
        struct diag *d = diag_error(c->bag, ast->word, "`count` does not say which records of a cogroup it counts");
        diag_help(c->bag, d, "name the inputs: `aggregate { n: count(%s) + count(%s) }`", f->groups.items[0].name,
                  f->groups.items[1].name);
        flow_break(f, ast->span);
        return;
    }
    struct stage *stage = aggregate_append(f, ast, FORM_CALLS);
    set_value(c, stage, count_rows(c, stage, ast->word));
    warn_growth(f, stage);
}

// ---- aggregate ----

static void check_has_calls(struct checker *c, const struct ast_stage *ast, const struct stage *stage)
{
    if (stage->aggregate->calls.count > 0 || is_error(stage->aggregate->value))
        return;
    struct diag *d = diag_error(c->bag, ast->span, "nothing is aggregated here");
    diag_help(c->bag, d, "for example `aggregate { n: count(), total: sum(amount) }`");
}

void check_aggregate(struct flow_cursor *f, const struct ast_stage *ast)
{
    struct checker *c = f->c;
    if (stage_is_broken(f->at))
        return;
    struct aggregation aggregation = {.groups = f->groups.items, .group_count = f->groups.count};
    const struct type *sent_as = flow_sent_as(f);
    struct stage *stage = aggregate_append(f, ast, FORM_CALLS);
    struct shape row = {.key = stage->out.key, .key_serde = stage->out.key_serde, .window = stage->out.window};
    struct env env = shape_env(&row);
    aggregation.into = stage->aggregate;
    c->aggregation = &aggregation;
    set_value(c, stage, fold_expr(c, check_expr(c, &env, ast->expr, sent_as)));
    c->aggregation = NULL;
    check_has_calls(c, ast, stage);
    find_value_reads(c, stage);
    warn_growth(f, stage);
}
