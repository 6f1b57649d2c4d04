// group by, group all, cogroup: which records belong together.
#include <string.h>

#include "types/dump.h"
#include "types/expr.h"
#include "types/flow_check.h"

static bool is_key(const struct shape *in, const struct texpr *by)
{
    const struct texpr *plain = by->kind == TEXPR_UNWRAP ? by->left : by;
    return plain->kind == TEXPR_VAR && plain->var == in->key;
}

static struct texpr *check_by(struct flow_cursor *f, const struct ast_expr *e)
{
    struct env env = shape_env(&f->at->out);
    return fold_expr(f->c, check_expr(f->c, &env, e, NULL));
}

// BY NULL: by key. The key of a window is the inner one: its windows come together. PARTITIONS 0: as many as there are.
static void bring_together(struct flow_cursor *f, struct texpr *by, int partitions, struct span span)
{
    const struct shape *in = &f->at->out;
    struct repartition want = {.partitions = partitions};
    bool new_key = by && (!is_key(in, by) || in->window);
    if (!by && (in->window || in->kind == FLOW_TABLE)) {
        by = texpr_var(f->c, in->key, span);
        new_key = in->window != NULL;
    }
    if (in->kind == FLOW_TABLE) {
        want.form = REPARTITION_CHANGES;
        want.by = by;
        flow_bring(f, NULL, want, span);
    } else if (new_key || in->key_changed)
        flow_bring(f, new_key ? by : NULL, want, span);
}

static void append_group(struct flow_cursor *f, struct span span, const char *name, const struct texpr *by)
{
    bool table = f->at->out.kind == FLOW_TABLE;
    struct stage *stage = flow_append_at(f, STAGE_GROUP, span);
    stage->out.kind = table ? FLOW_GROUPED_TABLE : FLOW_GROUPED_STREAM;
    stage->out.windowed = NULL;
    struct group_input input = {stage, name, by};
    vec_push(f->c->arena, &f->groups, input);
}

static struct texpr *all_key(struct checker *c, struct span span)
{
    return texpr_text(c, kind_type(c, TYPE_STRING), "all", 3, span);
}

void check_group_by(struct flow_cursor *f, const struct ast_stage *ast)
{
    struct texpr *by = NULL;
    f->groups.count = 0;
    flow_check_shaped(f, ast->word);
    flow_keep(f, KEEP_OLD, ast->word);
    if (ast->group == AST_GROUP_ALL)
        by = all_key(f->c, ast->word);
    else if (ast->group == AST_GROUP_EXPR)
        by = check_by(f, ast->expr);
    // One group is in one partition.
    bring_together(f, by, ast->group == AST_GROUP_ALL, ast->span);
    append_group(f, ast->span, NULL, by);
}

// ---- cogroup ----

static bool check_new_input(struct flow_cursor *f, const struct ast_cogroup_input *ast, const char *name)
{
    for (int i = 0; i < f->groups.count; i++)
        if (f->groups.items[i].name == name) {
            struct diag *d = diag_error(f->c->bag, ast->flow.span, "there are two inputs named `%s`", name);
            diag_help(f->c->bag, d, "give one of them another name first: `stream NAME = %s`", ast->flow.text);
            return false;
        }
    return true;
}

static bool check_input_kind(struct flow_cursor *f, const struct ast_cogroup_input *ast, const struct stage *input)
{
    if (input->out.kind == FLOW_STREAM)
        return true;
    struct diag *d =
        diag_error(f->c->bag, ast->flow.span, "`%s` is a table; only streams can be cogrouped", ast->flow.text);
    diag_help(f->c->bag, d, "group its changes: `stream NAME = %s | as stream`", ast->flow.text);
    return false;
}

// All inputs look up one store: their keys must be of one type, and the same bytes.
static bool check_input_key(struct flow_cursor *f, const struct ast_cogroup_input *ast)
{
    struct checker *c = f->c;
    const struct stage *first = f->groups.items[0].at, *input = vec_last(&f->groups).at;
    const struct serde *a = serde_plain(c, first->out.key_serde), *b = serde_plain(c, input->out.key_serde);
    if (serde_equal(a, b) || a->type->kind == TYPE_ERROR || b->type->kind == TYPE_ERROR)
        return true;
    struct diag *d = diag_error(c->bag, ast->flow.span, "the inputs of a cogroup must have the same key");
    diag_label(c->bag, d, "the key of `%s` is %s", ast->flow.text, serde_show(c->arena, b));
    diag_related(c->bag, d, f->flow->cogroup.items[0].flow.span, "the key of `%s` is %s",
                 f->flow->cogroup.items[0].flow.text, serde_show(c->arena, a));
    if (type_same(a->type, b->type))
        diag_help(c->bag, d,
                  "the type is the same, its bytes are not: `repartition` one of them with the other's serde");
    else
        diag_help(c->bag, d, "bring both to one type in `by`");
    return false;
}

static bool check_input(struct flow_cursor *f, const struct ast_cogroup_input *ast)
{
    struct stage *input = flow_use(f->c, ast->flow, (struct name){0});
    if (!input || stage_is_broken(input) || !check_input_kind(f, ast, input))
        return false;
    const char *name = flow_short_name(f->c, ast->flow.text);
    if (!check_new_input(f, ast, name))
        return false;
    f->at = input;
    flow_check_shaped(f, ast->flow.span);
    struct texpr *by = ast->by ? check_by(f, ast->by) : NULL;
    bring_together(f, by, 0, ast->flow.span);
    append_group(f, ast->flow.span, name, by);
    return check_input_key(f, ast);
}

static bool prove_inputs(struct flow_cursor *f)
{
    VEC(struct partitioned) inputs = {0};
    for (int i = 0; i < f->groups.count; i++) {
        struct name flow = f->flow->cogroup.items[i].flow;
        struct partitioned input = {f->groups.items[i].at, flow.text, flow.span};
        vec_push(f->c->arena, &inputs, input);
    }
    return prove_copartition(f->c, inputs.items, inputs.count, NULL);
}

void check_cogroup(struct flow_cursor *f)
{
    bool good = true;
    for (int i = 0; i < f->flow->cogroup.count; i++)
        good &= check_input(f, &f->flow->cogroup.items[i]);
    if (good && prove_inputs(f))
        f->at = f->groups.items[0].at;
    else
        flow_break(f, f->flow->span);
}

// ---- what an aggregate sees ----

struct env group_env(struct checker *c, const struct group_input *input)
{
    const struct shape *shape = &input->at->out;
    struct env env = shape_env(shape);
    env.alias = input->name;
    if (type_is_optional(shape->key->type))
        narrow_not_null(c, shape->key, &env.known);
    if (type_is_optional(shape->value->type) && aggregate_drops_null(shape->windowed))
        narrow_not_null(c, shape->value, &env.known);
    return env;
}
