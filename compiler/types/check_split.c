// merge and split: where flows come together and part.
#include "types/dump.h"
#include "types/flow_check.h"

// ---- merge ----

static void report_merge(struct checker *c, struct name name, const struct stage *first, const char *what,
                         const struct type *a, const struct type *b, const char *help)
{
    struct diag *d = diag_error(c->bag, name.span, "`%s` can't be merged: its %s is of another type", name.text, what);
    diag_label(c->bag, d, "%s is %s", what, type_show(c->arena, b));
    diag_related(c->bag, d, first->span, "here it is %s", type_show(c->arena, a));
    diag_help(c->bag, d, "%s", help);
}

static bool check_merge_types(struct checker *c, struct name name, const struct stage *first, const struct stage *other)
{
    const struct type *key = first->out.key->type, *value = first->out.value->type;
    const struct type *other_key = other->out.key->type, *other_value = other->out.value->type;
    if (stage_is_broken(first) || stage_is_broken(other))
        return false;
    if (other->out.kind != FLOW_STREAM) {
        struct diag *d = diag_error(c->bag, name.span, "`%s` is a table; only streams can be merged", name.text);
        diag_help(c->bag, d, "merge its changes: name them with `stream NAME = %s | as stream`", name.text);
        return false;
    }
    if (!type_same(key, other_key) && key->kind != TYPE_ERROR && other_key->kind != TYPE_ERROR) {
        report_merge(c, name, first, "key", key, other_key,
                     type_plain(key) == type_plain(other_key)
                         ? "let both sources say `?` after the key's serde, or neither"
                         : "bring both to one key with `key by`");
        return false;
    }
    const struct serde *a = first->out.key_serde, *b = other->out.key_serde;
    if (a->window != b->window || a->window_size != b->window_size) {
        struct diag *d = diag_error(c->bag, name.span, "`%s` can't be merged: its key has other windows", name.text);
        diag_label(c->bag, d, "key is %s", serde_show(c->arena, b));
        diag_related(c->bag, d, first->span, "here it is %s", serde_show(c->arena, a));
        diag_help(c->bag, d, "`key by key` leaves a window");
        return false;
    }
    if (!type_same(value, other_value) && value->kind != TYPE_ERROR && other_value->kind != TYPE_ERROR) {
        report_merge(c, name, first, "value", value, other_value, "bring both to one type with `map`");
        return false;
    }
    return true;
}

static bool has_let(const struct shape *shape, const struct var *let)
{
    for (int i = 0; i < shape->lets.count; i++)
        if (shape->lets.items[i] == let)
            return true;
    return false;
}

// Only what every input has is there behind a merge.
static void meet_shape(struct checker *c, struct shape *out, const struct shape *in)
{
    struct shape before = *out;
    out->lets.items = NULL;
    out->lets.count = out->lets.capacity = 0;
    for (int i = 0; i < before.lets.count; i++)
        if (has_let(in, before.lets.items[i]))
            vec_push(c->arena, &out->lets, before.lets.items[i]);
    if (!serde_equal(out->key_serde, in->key_serde))
        out->key_serde =
            serde_windowed(c, serde_of_type(c, out->key->type), out->key_serde->window, out->key_serde->window_size);
    if (!serde_equal(out->value_serde, in->value_serde))
        out->value_serde = NULL;
    out->tombstones |= in->tombstones;
    out->key_changed |= in->key_changed;
    out->in_source &= in->in_source;
}

static bool is_input(const struct stage *merge, const struct stage *stage)
{
    for (int i = 0; i < merge->inputs.count; i++)
        if (merge->inputs.items[i] == stage)
            return true;
    return false;
}

static void report_twice(struct checker *c, struct name name)
{
    struct diag *d = diag_error(c->bag, name.span, "`%s` is merged twice", name.text);
    diag_help(c->bag, d, "each of its records would come out two times; leave one out");
}

void check_merge(struct flow_cursor *f, const struct ast_stage *ast)
{
    struct checker *c = f->c;
    struct stage *first = f->at;
    struct stage *stage = flow_append(f, STAGE_MERGE, ast);
    bool broken = stage_is_broken(first);
    for (int i = 0; i < ast->names.count; i++) {
        struct name name = ast->names.items[i], no_branch = {0};
        struct stage *other = flow_use(c, name, no_branch);
        if (other && is_input(stage, other))
            report_twice(c, name);
        else if (other && check_merge_types(c, name, first, other)) {
            stage_add_input(c, stage, other);
            meet_shape(c, &stage->out, &other->out);
        } else
            broken |= !other || stage_is_broken(other);
    }
    stage->out.key = var_new(c, VAR_KEY, "key", first->out.key->type, ast->span);
    stage->out.value = var_new(c, VAR_VALUE, "value", first->out.value->type, ast->span);
    if (stage->out.window)
        stage->out.window = window_var(c, ast->span);
    stage->out.known = NULL;
    // What is merged may have been the one with the fields that stages behind it read.
    if (broken)
        flow_break(f, ast->span);
}

// ---- split ----

static void check_branch_names(struct checker *c, const struct ast_stage *ast)
{
    for (int i = 0; i < ast->branches.count; i++) {
        const struct ast_split_branch *branch = &ast->branches.items[i];
        if (!branch->cond && i + 1 < ast->branches.count) {
            struct diag *d =
                diag_error(c->bag, branch->name.span, "`else` comes last: nothing is left for the branches behind `%s`",
                           branch->name.text);
            diag_related(c->bag, d, ast->branches.items[i + 1].name.span, "never reached");
            diag_help(c->bag, d, "move `%s: else` to the end", branch->name.text);
        }
        for (int k = 0; k < i; k++)
            if (ast->branches.items[k].name.text == branch->name.text) {
                struct diag *d =
                    diag_error(c->bag, branch->name.span, "there are two branches named `%s`", branch->name.text);
                diag_related(c->bag, d, ast->branches.items[k].name.span, "the first one");
            }
    }
}

static struct stage *check_branch(struct flow_cursor *f, const struct ast_split_branch *branch, struct stage *in)
{
    struct checker *c = f->c;
    struct narrowing *known = in->out.known;
    struct texpr *cond = NULL;
    if (branch->cond) {
        struct env env = shape_env(&in->out);
        cond = fold_expr(c, check_condition(c, &env, branch->cond, &known));
    }
    struct stage *stage = stage_new(c, STAGE_BRANCH, branch->name.span, in);
    stage->within = f->within;
    stage->expr = cond;
    stage->drops_tombstones = true;
    stage->out.tombstones = false;
    stage->out.known = known;
    return stage;
}

static void name_branch(struct flow_cursor *f, const struct ast_split_branch *branch, struct stage *stage)
{
    const char *full = arena_printf(f->c->arena, "%s.%s", f->named->name.text, branch->name.text);
    if (flow_find(f->c, full))
        return; // two branches of one name are reported already
    struct named_flow *named = flow_add(f->c, (struct name){full, branch->name.span});
    named->declared = true;
    named->end = stage;
    stage->flow = full;
}

// Each branch is a stage behind the one before the split; the cursor stays there.
void check_split(struct flow_cursor *f, const struct ast_stage *ast)
{
    struct stage *in = f->at;
    int group = -1;
    check_branch_names(f->c, ast);
    for (int i = 0; i < ast->branches.count; i++) {
        struct stage *stage = check_branch(f, &ast->branches.items[i], in);
        group = group < 0 ? stage->id : group;
        stage->group = group;
        if (f->named)
            name_branch(f, &ast->branches.items[i], stage);
    }
    if (f->named)
        f->named->split = in;
}
