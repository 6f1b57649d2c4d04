// reduce, fold: aggregates in the user's own words.
#include "types/aggregate_call.h"
#include "types/decimal_rules.h"

static bool check_one_input(struct flow_cursor *f, const struct ast_stage *ast, const char *word)
{
    if (stage_is_broken(f->at))
        return false;
    if (f->groups.count == 1)
        return true;
    struct diag *d = diag_error(f->c->bag, ast->word, "`%s` does not say whose records of a cogroup it takes", word);
    diag_help(f->c->bag, d, "use `aggregate { a: sum(%s.x), b: count(%s) }`: each call names its input",
              f->groups.items[0].name, f->groups.items[1].name);
    flow_break(f, ast->span);
    return false;
}

static bool check_params(struct checker *c, const struct ast_expr *lambda, int count, const char *example)
{
    if (lambda->kind != AST_LAMBDA)
        return false; // reported by the parser
    if (lambda->params.count == count)
        return true;
    struct diag *d = diag_error(c->bag, lambda->span, "this lambda takes %d value%s, not %d", count,
                                count == 1 ? "" : "s", lambda->params.count);
    diag_help(c->bag, d, "as in `%s`", example);
    return false;
}

static struct var *bind(struct checker *c, struct env *env, struct name name, const struct type *type)
{
    struct var *var = var_new(c, VAR_LOCAL, name.text, type, name.span);
    vec_push(c->arena, &env->vars, var);
    return var;
}

// (acc) => EXPR, or (a, b) => EXPR: of TYPE, as what it takes.
static struct aggregate_step check_step(struct checker *c, const struct env *outer, const struct ast_expr *lambda,
                                        const struct type *type)
{
    struct aggregate_step step = {0};
    struct env env = env_inside(outer);
    step.acc = bind(c, &env, lambda->params.items[0], type);
    if (lambda->params.count > 1)
        step.other = bind(c, &env, lambda->params.items[1], type);
    step.result = fold_expr(c, check_expr(c, &env, lambda->left, type));
    return step;
}

static void set_value(struct checker *c, struct stage *stage, const struct type *type)
{
    stage->out.value = var_new(c, VAR_VALUE, "value", type_plain(type), stage->span);
}

// ---- reduce ----

void check_reduce(struct flow_cursor *f, const struct ast_stage *ast)
{
    struct checker *c = f->c;
    if (!check_one_input(f, ast, "reduce"))
        return;
    struct group_input input = f->groups.items[0];
    if (input.at->out.kind == FLOW_GROUPED_TABLE) {
        struct diag *d = diag_error(c->bag, ast->word, "`reduce` over a table can't take back a row that changes");
        diag_help(c->bag, d, "say how: `fold INIT, (acc) => ..., undo (acc) => ...`, or use `aggregate`");
        flow_break(f, ast->span);
        return;
    }
    if (!check_params(c, ast->expr, 2, "reduce (a, b) => a + b")) {
        flow_break(f, ast->span);
        return;
    }
    const struct type *type = type_plain(input.at->out.value->type);
    struct stage *stage = aggregate_append(f, ast, FORM_REDUCE);
    struct env env = group_env(c, &input);
    stage->aggregate->add = check_step(c, &env, ast->expr, type);
    stage->drops_tombstones = true;
    set_value(c, stage, type);
    warn_growth(f, stage);
}

// ---- fold ----

// What the lambda makes of a state of TYPE, in silence; NULL: nothing.
static struct texpr *try_step(struct checker *c, const struct env *outer, const struct ast_expr *lambda,
                              const struct type *type, const struct type *hint)
{
    struct diag_mark mark = diag_mark(c);
    struct env env = env_inside(outer);
    bind(c, &env, lambda->params.items[0], type);
    bool trying = c->trying;
    c->trying = true;
    struct texpr *result = infer_expr(c, &env, lambda->left, hint);
    c->trying = trying;
    diag_reset(c, mark);
    return is_error(result) ? NULL : result;
}

// What E is by itself, in silence: an empty list in it is one of nothing known.
static const struct type *rough_type(struct checker *c, const struct ast_expr *e)
{
    VEC(struct type_field) fields = {0};
    if (e->kind != AST_RECORD) {
        struct diag_mark mark = diag_mark(c);
        struct texpr *value = infer_expr(c, NULL, e, NULL);
        diag_reset(c, mark);
        return value->type;
    }
    for (int i = 0; i < e->fields.count; i++) {
        const struct ast_record_item *item = &e->fields.items[i];
        struct type_field field = {item->name.text, item->spread ? NULL : rough_type(c, item->value)};
        if (!field.type || field.type->kind == TYPE_ERROR)
            return kind_type(c, TYPE_ERROR);
        vec_push(c->arena, &fields, field);
    }
    return type_record(c->types, NULL, fields.items, fields.count);
}

static bool is_rough(const struct type *type)
{
    for (int i = 0; type->kind == TYPE_RECORD && i < type->fields.count; i++)
        if (is_rough(type->fields.items[i].type))
            return true;
    return is_vague(type);
}

static bool fits(struct checker *c, const struct ast_expr *e, const struct type *type)
{
    struct diag_mark mark = diag_mark(c);
    bool good = !is_error(check_expr(c, NULL, e, type));
    diag_reset(c, mark);
    return good;
}

// A sum of decimals takes all the digits that there are.
static const struct type *widest(struct checker *c, const struct env *env, const struct ast_stage *ast,
                                 const struct type *type)
{
    if (type->kind != TYPE_DECIMAL)
        return type;
    struct texpr *step = try_step(c, env, ast->fold.add, type, type);
    return step && convert_to(c, step, type) ? type : type_decimal(c->types, DECIMAL_MAX_DIGITS, type->scale);
}

// The state's type: that of INIT, unless its numbers and empty lists become what the lambda makes of them. NULL: not known.
static const struct type *state_type(struct checker *c, const struct env *env, const struct ast_stage *ast)
{
    const struct type *rough = rough_type(c, ast->expr);
    if (rough->kind == TYPE_ERROR)
        return NULL;
    struct texpr *step = is_rough(rough) ? NULL : try_step(c, env, ast->fold.add, rough, rough);
    if (step && convert_to(c, step, rough))
        return rough;
    step = try_step(c, env, ast->fold.add, rough, NULL);
    if (step && !is_rough(step->type) && fits(c, ast->expr, step->type))
        return widest(c, env, ast, step->type);
    return is_rough(rough) ? NULL : rough;
}

static bool check_steps_there(struct checker *c, const struct ast_stage *ast, const struct shape *in)
{
    bool table = in->kind == FLOW_GROUPED_TABLE, session = in->windowed && in->windowed->kind == WINDOW_SESSION;
    if (table && !ast->fold.undo) {
        struct diag *d = diag_error(c->bag, ast->word, "a fold over a table must say how a row is taken back");
        diag_help(c->bag, d, "add `, undo (acc) => ...`: the state without this value");
        return false;
    }
    if (session && !ast->fold.merge) {
        struct diag *d =
            diag_error(c->bag, ast->word, "a fold in session windows must say how two sessions become one");
        diag_help(c->bag, d, "add `, merge (a, b) => ...`: the state of both");
        return false;
    }
    if (!table && ast->fold.undo) {
        struct diag *d =
            diag_warning(c->bag, ast->fold.undo->span, "nothing is ever taken back from a stream's groups");
        diag_help(c->bag, d, "`undo` is for groups of a table");
    }
    if (!session && ast->fold.merge) {
        struct diag *d = diag_warning(c->bag, ast->fold.merge->span, "these states are never merged");
        diag_help(c->bag, d, "`merge` is for session windows");
    }
    return true;
}

static bool check_lambdas(struct checker *c, const struct ast_stage *ast)
{
    bool good = check_params(c, ast->fold.add, 1, "fold 0, (acc) => acc + amount");
    if (ast->fold.undo)
        good &= check_params(c, ast->fold.undo, 1, "undo (acc) => acc - amount");
    if (ast->fold.merge)
        good &= check_params(c, ast->fold.merge, 2, "merge (a, b) => a + b");
    return good;
}

static const struct type *check_init(struct checker *c, const struct env *env, const struct ast_stage *ast,
                                     struct aggregate *aggregate)
{
    aggregate->init = fold_expr(c, check_expr(c, NULL, ast->expr, state_type(c, env, ast)));
    if (!type_is_optional(aggregate->init->type))
        return aggregate->init->type;
    struct diag *d = diag_error(c->bag, ast->expr->span, "the state of a fold can't be null");
    diag_help(c->bag, d, "make it a record with a field that can");
    return kind_type(c, TYPE_ERROR);
}

void check_fold(struct flow_cursor *f, const struct ast_stage *ast)
{
    struct checker *c = f->c;
    if (!check_one_input(f, ast, "fold"))
        return;
    struct group_input input = f->groups.items[0];
    if (!check_lambdas(c, ast) || !check_steps_there(c, ast, &input.at->out)) {
        flow_break(f, ast->span);
        return;
    }
    struct stage *stage = aggregate_append(f, ast, FORM_FOLD);
    struct aggregate *aggregate = stage->aggregate;
    struct env env = group_env(c, &input);
    const struct type *type = check_init(c, &env, ast, aggregate);
    aggregate->add = check_step(c, &env, ast->fold.add, type);
    if (ast->fold.undo)
        aggregate->undo = check_step(c, &env, ast->fold.undo, type);
    if (ast->fold.merge) {
        // Two states, and no record.
        struct shape group = {.key = input.at->out.key, .key_serde = input.at->out.key_serde};
        struct env states = shape_env(&group);
        aggregate->merge = check_step(c, &states, ast->fold.merge, type);
    }
    stage->drops_tombstones |= reads_value(c, aggregate->add.result);
    set_value(c, stage, type);
    warn_growth(f, stage);
}
