// Stages that take one record after the other: filter, map, let, key by, expand, peek, log, repartition.
#include "types/expr.h"
#include "types/flow_check.h"

// ---- filter ----

static void warn_constant(struct checker *c, const struct texpr *cond, struct span span)
{
    if (cond->kind != TEXPR_CONST || cond->type->kind != TYPE_BOOL)
        return;
    if (cond->constant.integer)
        diag_warning(c->bag, span, "this is always true: the filter keeps every record");
    else
        diag_warning(c->bag, span, "this is always false: no record passes the filter");
}

void check_filter(struct flow_cursor *f, const struct ast_stage *ast)
{
    flow_keep(f, KEEP_OLD, ast->span);
    struct env env = shape_env(&f->at->out);
    struct narrowing *known = f->at->out.known;
    struct texpr *cond = fold_expr(f->c, check_condition(f->c, &env, ast->expr, &known));
    if (!stage_is_broken(f->at))
        warn_constant(f->c, cond, ast->expr->span);
    struct stage *stage = flow_append(f, STAGE_FILTER, ast);
    stage->expr = cond;
    stage->drops_tombstones = stage->out.kind == FLOW_STREAM;
    stage->out.tombstones = false;
    stage->out.known = known;
}

// ---- map ----

const struct type *flow_sent_as(struct flow_cursor *f)
{
    for (int i = f->index + 1; i < f->flow->stages.count; i++) {
        const struct ast_stage *next = f->flow->stages.items[i];
        if (next->kind == AST_STAGE_TO) {
            const struct ast_serde *serde = next->to.value;
            if (!serde || !serde->type || serde->window != AST_NOT_WINDOWED)
                return NULL;
            const struct type *type = resolve_type(f->c, serde->type);
            return type->kind == TYPE_ERROR ? NULL : type;
        }
        if (next->kind == AST_STAGE_PROCESS)
            return process_takes(f->c, next->names.items[0].text);
        if (next->kind != AST_STAGE_FILTER && next->kind != AST_STAGE_LET && next->kind != AST_STAGE_PEEK &&
            next->kind != AST_STAGE_LOG && next->kind != AST_STAGE_KEY_BY && next->kind != AST_STAGE_REPARTITION)
            return NULL;
    }
    return NULL;
}

static bool is_record_like(const struct ast_expr *e)
{
    if (e->kind == AST_IF)
        return is_record_like(e->left) || is_record_like(e->right);
    return e->kind == AST_RECORD;
}

// What a `map` should result in. `map null` makes tombstones of the type there was.
static const struct type *map_expectation(struct flow_cursor *f, const struct ast_expr *e)
{
    if (e->kind == AST_NULL)
        return type_optional(f->c->types, f->at->out.value->type);
    return is_record_like(e) ? flow_sent_as(f) : NULL;
}

// A `let` of the same name as a field of the new value is older than it: the field is meant from here on.
static void hide_lets(struct checker *c, struct shape *shape)
{
    const struct type *record = type_plain(shape->value->type);
    struct shape old = *shape;
    shape->lets.items = NULL;
    shape->lets.count = shape->lets.capacity = 0;
    for (int i = 0; i < old.lets.count; i++)
        if (record->kind != TYPE_RECORD || type_field_index(record, old.lets.items[i]->name) < 0)
            vec_push(c->arena, &shape->lets, old.lets.items[i]);
}

void check_map(struct flow_cursor *f, const struct ast_stage *ast)
{
    struct env env = shape_env(&f->at->out);
    struct texpr *value = fold_expr(f->c, check_expr(f->c, &env, ast->expr, map_expectation(f, ast->expr)));
    struct stage *stage = flow_append(f, STAGE_MAP, ast);
    stage->expr = value;
    // A null in a table is no row.
    const struct type *type = stage->out.kind == FLOW_TABLE ? type_plain(value->type) : value->type;
    stage->out.value = var_new(f->c, VAR_VALUE, "value", type, ast->expr->span);
    stage->out.value_serde = NULL;
    stage->out.joined = false;
    // Null of an optional result is seen downstream: records without a value are among them.
    stage->out.tombstones &= !type_is_optional(value->type);
    hide_lets(f->c, &stage->out);
}

// ---- let ----

static const struct var *find_let(const struct shape *shape, const char *name)
{
    for (int i = shape->lets.count - 1; i >= 0; i--)
        if (shape->lets.items[i]->name == name)
            return shape->lets.items[i];
    return NULL;
}

// A second name of the same kind is a slip; hiding a field may be meant.
bool check_new_name(struct checker *c, const struct shape *shape, struct name name, const char *what)
{
    const struct var *before = find_let(shape, name.text);
    const struct type *value = type_plain(shape->value->type);
    if (before) {
        struct diag *d = diag_error(c->bag, name.span, "`%s` is already a name in this flow", name.text);
        diag_related(c->bag, d, before->span, "first bound here");
        diag_help(c->bag, d, "choose another name for this %s", what);
        return false;
    }
    if (value->kind == TYPE_RECORD && type_field_index(value, name.text) >= 0) {
        struct diag *d = diag_warning(c->bag, name.span, "`%s` hides the field of that name", name.text);
        diag_help(c->bag, d, "the field is still there as `value.%s`; another name avoids the doubt", name.text);
    }
    return true;
}

static void report_untyped_null(struct checker *c, const struct texpr *e, const char *what)
{
    if (e->type->kind != TYPE_NULL)
        return;
    struct diag *d = diag_error(c->bag, e->span, "%s is null and nothing else: it has no type", what);
    diag_help(c->bag, d, "give it a value, or leave it out");
}

void flow_let(struct flow_cursor *f, struct name name, struct texpr *value, struct span span)
{
    struct checker *c = f->c;
    struct stage *stage = flow_append_at(f, STAGE_LET, span);
    stage->expr = value;
    stage->var = var_new(c, VAR_LET, name.text, value->type, name.span);
    vec_push(c->arena, &stage->out.lets, stage->var);
    if (reads_value(c, value))
        vec_push(c->arena, &c->flow_scope->value_lets, stage->var);
}

void check_let(struct flow_cursor *f, const struct ast_stage *ast)
{
    struct checker *c = f->c;
    struct name name = ast->names.items[0];
    struct env env = shape_env(&f->at->out);
    struct texpr *value = fold_expr(c, check_expr(c, &env, ast->expr, NULL));
    report_untyped_null(c, value, "this `let`");
    if (!check_new_name(c, &f->at->out, name, "`let`"))
        return;
    flow_let(f, name, value, ast->span);
}

// ---- key by ----

// `key by null` drops the key: a null of the type there was.
static const struct type *key_expectation(struct checker *c, const struct ast_expr *e, const struct shape *in)
{
    return e->kind == AST_NULL ? type_optional(c->types, in->key->type) : NULL;
}

struct stage *flow_key_by(struct flow_cursor *f, struct texpr *key, struct span span)
{
    struct checker *c = f->c;
    const struct shape in = f->at->out;
    bool same = key->kind == TEXPR_VAR && key->var == in.key;
    struct stage *stage = flow_append_at(f, STAGE_KEY_BY, span);
    stage->expr = key;
    stage->out.key = var_new(c, VAR_KEY, "key", key->type, key->span);
    stage->out.key_serde = same && in.window ? serde_windowed(c, in.key_serde, AST_NOT_WINDOWED, 0) //
                                             : serde_of_type(c, key->type);
    stage->out.window = NULL;
    stage->out.key_changed = true;
    stage->drops_tombstones = reads_value(c, key);
    stage->out.tombstones &= !stage->drops_tombstones;
    return stage;
}

void check_key_by(struct flow_cursor *f, const struct ast_stage *ast)
{
    struct checker *c = f->c;
    struct env env = shape_env(&f->at->out);
    const struct serde *before = f->at->out.key_serde;
    struct texpr *key = fold_expr(c, check_expr(c, &env, ast->expr, key_expectation(c, ast->expr, &f->at->out)));
    struct stage *stage = flow_key_by(f, key, ast->span);
    // A dropped key keeps the serde: null is null in each.
    if (ast->expr->kind == AST_NULL)
        stage->out.key_serde = serde_windowed(c, before, AST_NOT_WINDOWED, 0);
}

// ---- expand ----

static const struct type *list_element(struct checker *c, const struct texpr *list)
{
    if (list->type->kind == TYPE_LIST)
        return list->type->element;
    if (list->type->kind == TYPE_ERROR)
        return list->type;
    struct diag *d = diag_error(c->bag, list->span, "`expand` needs a list");
    diag_label(c->bag, d, "this is %s", type_show(c->arena, list->type));
    if (type_is_optional(list->type) && type_plain(list->type)->kind == TYPE_LIST)
        diag_help(c->bag, d, "say what null means: `expand LIST ?? [] as ...`, or `filter LIST != null` before it");
    else if (type_plain(list->type)->kind == TYPE_MAP)
        diag_help(c->bag, d, "the pairs of a map are `entries(MAP)`");
    return type_of_kind(c->types, TYPE_ERROR);
}

// `as (x, y)`: the elements' fields, in order.
static void bind_fields(struct checker *c, struct stage *stage, const struct ast_stage *ast, const struct type *element)
{
    const struct type *error = type_of_kind(c->types, TYPE_ERROR);
    bool fits = element->kind == TYPE_RECORD && element->fields.count == ast->names.count;
    if (!fits && element->kind != TYPE_ERROR) {
        struct diag *d = diag_error(c->bag, ast->expr->span, "the elements of this list don't come apart into %d names",
                                    ast->names.count);
        diag_label(c->bag, d, "elements are %s", type_show(c->arena, element));
        diag_help(c->bag, d, "several names take the fields of a record, as `expand zip(a, b) as (x, y)` does");
    }
    for (int i = 0; i < ast->names.count; i++) {
        const struct type *type = fits ? element->fields.items[i].type : error;
        vec_push(c->arena, &stage->vars, var_new(c, VAR_LET, ast->names.items[i].text, type, ast->names.items[i].span));
    }
}

void check_expand(struct flow_cursor *f, const struct ast_stage *ast)
{
    struct checker *c = f->c;
    struct env env = shape_env(&f->at->out);
    struct texpr *list = fold_expr(c, check_expr(c, &env, ast->expr, NULL));
    const struct type *element = list_element(c, list);
    for (int i = 0; i < ast->names.count; i++)
        check_new_name(c, &f->at->out, ast->names.items[i], "element");
    for (int i = 1; i < ast->names.count; i++)
        for (int k = 0; k < i; k++)
            if (ast->names.items[k].text == ast->names.items[i].text)
                diag_error(c->bag, ast->names.items[i].span, "`%s` is named twice", ast->names.items[i].text);
    struct stage *stage = flow_append(f, STAGE_EXPAND, ast);
    stage->expr = list;
    stage->drops_tombstones = true;
    stage->out.tombstones = false;
    if (ast->names.count == 1)
        vec_push(c->arena, &stage->vars,
                 var_new(c, VAR_LET, ast->names.items[0].text, element, ast->names.items[0].span));
    else
        bind_fields(c, stage, ast, element);
    for (int i = 0; i < stage->vars.count; i++)
        vec_push(c->arena, &stage->out.lets, stage->vars.items[i]);
}

// ---- peek, log ----

void check_peek(struct flow_cursor *f, const struct ast_stage *ast)
{
    struct env env = shape_env(&f->at->out);
    struct texpr *e = ast->expr ? fold_expr(f->c, check_expr(f->c, &env, ast->expr, NULL)) : NULL;
    flow_append(f, ast->kind == AST_STAGE_LOG ? STAGE_LOG : STAGE_PEEK, ast)->expr = e;
}

// ---- repartition ----

static const struct serde *repartition_key(struct checker *c, const struct ast_stage *ast, const struct shape *in,
                                           const struct texpr *by)
{
    const struct type *type = by ? by->type : in->key->type;
    const struct ast_serde *said = ast->repartition.key;
    if (!said)
        return by ? serde_of_type(c, type) : in->key_serde;
    const struct serde *serde = serde_resolve(c, said);
    if (!serde_check_window(c, said, serde, by ? NULL : in->key_serde))
        return serde;
    const struct type *a = type_plain(serde->type), *b = type_plain(type);
    if (!type_same(a, b) && a->kind != TYPE_ERROR && b->kind != TYPE_ERROR) {
        struct diag *d = diag_error(c->bag, said->span, "this serde does not fit the key");
        diag_label(c->bag, d, "for %s, but the key is %s", type_show(c->arena, a), type_show(c->arena, b));
        diag_help(c->bag, d, "convert the key in `by`, or leave the serde out");
    }
    return serde;
}

void stage_enter_again(struct checker *c, struct stage *stage)
{
    struct shape *out = &stage->out;
    const struct type *key = stage->repartition->key->type;
    const struct narrowing *known = out->known;
    const struct var *value = out->value;
    out->key = var_new(c, VAR_KEY, "key", stage->repartition->null_keys ? key : type_plain(key), stage->span);
    out->value = var_new(c, VAR_VALUE, "value", out->value->type, stage->span);
    out->key_serde = stage->repartition->key;
    out->window = out->key_serde->window == AST_NOT_WINDOWED ? NULL : window_var(c, stage->span);
    shape_leave_lets(c, out);
    out->known = NULL;
    narrow_carry(c, known, value, out->value, &out->known);
    out->in_source = false;
    out->key_changed = false;
    out->versioned = false;
}

static void report_table(struct flow_cursor *f, const struct ast_stage *ast)
{
    struct diag *d = diag_error(f->c->bag, ast->word, "a table stays where its keys are");
    diag_help(f->c->bag, d, "make a new one of its changes: `as stream | repartition ... | as table`");
    flow_break(f, ast->span);
}

void check_repartition(struct flow_cursor *f, const struct ast_stage *ast)
{
    struct checker *c = f->c;
    struct repartition *r = arena_new_of(c->arena, struct repartition);
    struct env env = shape_env(&f->at->out);
    if (f->at->out.kind == FLOW_TABLE) {
        report_table(f, ast);
        return;
    }
    flow_check_shaped(f, ast->word);
    if (ast->repartition.by)
        r->by = fold_expr(c, check_expr(c, &env, ast->repartition.by, NULL));
    if (r->by)
        report_untyped_null(c, r->by, "this key");
    if (ast->repartition.count)
        r->partitions = check_partitions(c, ast->repartition.count, ast->word);
    r->key = repartition_key(c, ast, &f->at->out, r->by);
    r->value = serde_of_value(c, &f->at->out);
    check_partitioner(c, &r->partitioner, ast->repartition.partitioner, r->key->type, f->at->out.value->type);
    struct stage *stage = flow_append(f, STAGE_REPARTITION, ast);
    stage->repartition = r;
    stage->drops_tombstones = reads_value(c, r->by) || partitioner_reads_value(&r->partitioner);
    stage->out.tombstones &= !stage->drops_tombstones;
    stage_enter_again(c, stage);
}
