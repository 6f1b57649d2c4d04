// join: which form it has, what its sides are called, what comes of it.
#include <string.h>

#include "types/join_check.h"

// ---- the sides ----

static void find_left(struct join_check *j)
{
    const struct ast_flow *flow = j->f->flow;
    j->left.at = j->f->at;
    j->left.name = flow->branch.text ? flow->branch.text : flow->head.text ? flow->head.text : j->f->within;
    j->left.span = j->ast->word;
}

static bool find_right(struct join_check *j)
{
    struct name source = j->ast->join.source, as = j->ast->join.as;
    j->right.at = flow_use(j->c, source, (struct name){0});
    j->right.flow = source.text;
    j->right.name = as.text ? as.text : flow_short_name(j->c, source.text);
    j->right.span = as.text ? as.span : source.span;
    return j->right.at && !stage_is_broken(j->right.at) && !stage_is_broken(j->left.at);
}

static bool check_names(struct join_check *j)
{
    struct checker *c = j->c;
    if (j->left.name != j->right.name)
        return check_new_name(c, &j->left.at->out, (struct name){j->right.name, j->right.span}, "side");
    struct diag *d = diag_error(c->bag, j->right.span, "both sides of this join are named `%s`", j->left.name);
    diag_help(c->bag, d, "give the right one another: `join %s as other on ... == other.key`", j->right.flow);
    return false;
}

static bool check_shaped(struct join_check *j)
{
    struct flow_cursor right = {.c = j->c, .at = j->right.at};
    return flow_check_shaped(&right, j->ast->join.source.span);
}

bool flow_check_shaped(struct flow_cursor *f, struct span span)
{
    if (!f->at->out.joined || stage_is_broken(f->at))
        return true;
    struct diag *d = diag_error(f->c->bag, span, "what comes of a join has no shape yet");
    diag_label(f->c->bag, d, "one value is needed here, and there are two sides");
    diag_related(f->c->bag, d, f->at->span, "joined here");
    diag_help(f->c->bag, d, "say what goes on: `map { ... }` of both sides, or `map value` for the left one alone");
    f->at->out.joined = false;
    return false;
}

// ---- the form ----

static bool report_kinds(struct join_check *j)
{
    struct checker *c = j->c;
    struct diag *d;
    if (stage_is_global(j->right.at)) {
        d = diag_error(c->bag, j->ast->word, "only streams can be joined with a global table");
        diag_help(c->bag, d, "declare `%s` without `global`: tables are joined by any expression of the left one",
                  j->right.flow);
    } else {
        d = diag_error(c->bag, j->ast->word, "a table can't be joined with a stream");
        diag_help(c->bag, d, "turn the join around: `%s | join %s ...` finds the row for each record", j->right.flow,
                  j->left.name);
    }
    return false;
}

static bool report_outer(struct join_check *j, const char *why)
{
    struct diag *d = diag_error(j->c->bag, j->ast->word, "%s can't be an outer join", why);
    diag_help(j->c->bag, d, "`left join` keeps all of `%s`", j->left.name);
    return false;
}

static bool find_form(struct join_check *j)
{
    bool table = j->right.at->out.kind == FLOW_TABLE;
    if (j->left.at->out.kind == FLOW_STREAM) {
        j->form = table ? JOIN_LOOKUP : JOIN_STREAMS;
        if (table && j->ast->join.kind == AST_JOIN_OUTER)
            return report_outer(j, "a join of a stream with a table");
        return true;
    }
    if (!table || stage_is_global(j->right.at))
        return report_kinds(j);
    j->form = JOIN_TABLES;
    return true;
}

// Rows of a windowed table are found by key and window; rows of others by the inner key, from another place where that is a table's.
static bool check_windows(struct join_check *j)
{
    struct checker *c = j->c;
    const struct serde *left = j->left.at->out.key_serde, *right = j->right.at->out.key_serde;
    bool same = left->window == right->window && left->window_size == right->window_size;
    if (j->form == JOIN_TABLES && (!join_is_key(&j->left) || (!same && right->window == AST_NOT_WINDOWED)))
        j->form = JOIN_FOREIGN;
    if (right->window == AST_NOT_WINDOWED && (j->form != JOIN_STREAMS || left->window == AST_NOT_WINDOWED))
        return true;
    if (j->form != JOIN_STREAMS && same && !j->ast->join.on)
        return true;
    struct diag *d;
    if (j->form == JOIN_STREAMS) {
        d = diag_error(c->bag, j->ast->word, "streams are joined by keys without windows");
        diag_help(c->bag, d, "leave the window of `%s` before: `key by key`",
                  left->window == AST_NOT_WINDOWED ? j->right.flow : j->left.name);
    } else {
        d = diag_error(c->bag, j->right.span, "rows of `%s` are found by key and window", j->right.flow);
        diag_help(c->bag, d, "only what has the same windows can be joined with it, and without `on`");
    }
    return false;
}

static bool check_kind(struct join_check *j)
{
    return j->form != JOIN_FOREIGN || j->ast->join.kind != AST_JOIN_OUTER ||
           report_outer(j, "a join by another expression than the key");
}

// ---- the stage ----

static bool is_by_key(const struct join_check *j)
{
    return j->form != JOIN_FOREIGN && (!stage_is_global(j->right.at) || join_is_key(&j->left));
}

static struct join *join_new(const struct join_check *j)
{
    struct checker *c = j->c;
    struct join *join = arena_new_of(c->arena, struct join);
    const struct type *right = type_plain(j->right.at->out.value->type);
    bool optional = j->ast->join.kind != AST_JOIN_INNER;
    join->form = j->form;
    join->kind = j->ast->join.kind;
    join->flow = j->right.flow;
    join->on = is_by_key(j) ? NULL : j->left.on;
    join->left_value = serde_plain(c, serde_of_value(c, &j->f->at->out));
    join->right_value = serde_plain(c, serde_of_value(c, &j->right.at->out));
    join->right = var_new(c, VAR_LET, j->right.name, optional ? type_optional(c->types, right) : right, j->right.span);
    join_set_times(j, join);
    return join;
}

// A record without a key is one in left joins, of either side in outer ones.
static const struct type *key_type(const struct join_check *j)
{
    const struct type *left = j->f->at->out.key->type, *right = j->right.at->out.key->type;
    bool outer = j->ast->join.kind == AST_JOIN_OUTER;
    if (j->form == JOIN_STREAMS && ((j->ast->join.kind == AST_JOIN_LEFT && type_is_optional(left)) ||
                                    (outer && (type_is_optional(left) || type_is_optional(right)))))
        return type_optional(j->c->types, type_plain(left));
    return type_plain(left);
}

// Both sides' records are new ones behind the join; a look-up leaves the stream's as they are.
static void shape_join(struct join_check *j, struct stage *stage, const struct shape *left)
{
    struct checker *c = j->c;
    struct shape *out = &stage->out;
    const struct shape *right = &j->right.at->out;
    bool outer = j->ast->join.kind == AST_JOIN_OUTER;
    *out = *left;
    out->lets.capacity = out->lets.count;
    out->joined = true;
    out->tombstones = out->key_changed = false;
    if (j->form == JOIN_LOOKUP) {
        if (type_is_optional(out->value->type))
            narrow_not_null(c, out->value, &out->known);
        if (j->ast->join.kind == AST_JOIN_INNER && !stage->join->on && type_is_optional(out->key->type))
            narrow_not_null(c, out->key, &out->known);
    } else {
        const struct type *value = type_plain(left->value->type);
        out->key = var_new(c, VAR_KEY, "key", key_type(j), stage->span);
        out->value = var_new(c, VAR_VALUE, "value", outer ? type_optional(c->types, value) : value, stage->span);
        out->value_serde = outer ? NULL : left->value_serde;
        out->window = out->window ? window_var(c, stage->span) : NULL;
        out->windowed = j->form == JOIN_STREAMS ? NULL : out->windowed;
        out->known = NULL;
        out->in_source = out->versioned = false;
        if (!outer)
            narrow_carry(c, left->known, left->value, out->value, &out->known);
    }
    if (j->ast->join.kind == AST_JOIN_INNER)
        narrow_carry(c, right->known, right->value, stage->join->right, &out->known);
    vec_push(c->arena, &out->lets, stage->join->right);
}

// Subscriptions go to the right side's partitions, and answers come back to the row that asked.
static struct stage *subscribe(struct join_check *j, const struct join *join, const struct stage *left)
{
    struct flow_cursor at = *j->f;
    struct repartition want = partitioned_like(j->c, j->right.at);
    want.form = REPARTITION_SUBSCRIPTIONS;
    want.by = join->on;
    want.key = j->right.at->out.key_serde;
    want.value = join->left_value;
    flow_bring(&at, NULL, want, j->ast->span);
    at.at->out.kind = FLOW_STREAM;
    struct partitioned inputs[] = {{at.at, j->left.name, j->left.span}, {j->right.at, j->right.name, j->right.span}};
    struct stage *stage = flow_append_at(&at, STAGE_SUBSCRIBE, j->ast->span);
    stage_add_input(j->c, stage, j->right.at);
    if (prove_copartition(j->c, inputs, 2, NULL))
        add_copartition(j->c, stage);
    stage->out.key = var_new(j->c, VAR_KEY, "key", left->out.key->type, stage->span);
    stage->out.value = var_new(j->c, VAR_VALUE, "value", join->right_value->type, stage->span);
    stage->out.key_serde = left->out.key_serde;
    stage->out.value_serde = join->right_value;
    stage->out.window = left->out.window;
    want = (struct repartition){.form = REPARTITION_ANSWERS, .key = left->out.key_serde, .value = join->right_value};
    flow_bring(&at, NULL, want, j->ast->span);
    return at.at;
}

static void prove(const struct join_check *j, const struct stage *stage)
{
    struct partitioned inputs[] = {{j->left.at, j->left.name, j->left.span},
                                   {j->right.at, j->right.name, j->right.span}};
    // Answers are sent to where they are awaited.
    if (j->form == JOIN_FOREIGN || prove_copartition(j->c, inputs, 2, j->form == JOIN_LOOKUP ? &inputs[1] : NULL))
        add_copartition(j->c, stage);
}

static void append_join(struct join_check *j)
{
    struct flow_cursor *f = j->f;
    struct stage *left = f->at;
    struct join *join = join_new(j);
    bool foreign = j->form == JOIN_FOREIGN;
    j->left.at = left;
    if (foreign)
        f->at = subscribe(j, join, left);
    struct stage *stage = flow_append(f, STAGE_JOIN, j->ast);
    stage_add_input(j->c, stage, foreign ? left : j->right.at);
    stage->join = join;
    stage->drops_tombstones = left->out.kind == FLOW_STREAM;
    shape_join(j, stage, &left->out);
    if (!stage_is_global(j->right.at))
        prove(j, stage);
    vec_push(j->c->arena, &j->c->flow_scope->join_names, join->right);
}

static bool has_let(const struct shape *shape, const char *name)
{
    for (int i = 0; i < shape->lets.count; i++)
        if (shape->lets.items[i]->name == name)
            return true;
    return false;
}

// The left side goes by its name, too, unless an earlier join has given that to what it was then.
static void name_left(struct join_check *j)
{
    struct checker *c = j->c;
    struct flow_cursor *f = j->f;
    if (has_let(&f->at->out, j->left.name))
        return;
    flow_let(f, (struct name){j->left.name, j->ast->span}, texpr_var(c, f->at->out.value, j->left.span), j->ast->span);
    vec_push(c->arena, &c->flow_scope->join_names, f->at->var);
}

static void keep_tables(struct join_check *j)
{
    struct flow_cursor right = {.c = j->c, .flow = j->f->flow, .within = j->f->within, .at = j->right.at};
    flow_keep(&right, KEEP_ROWS, j->right.span);
    j->right.at = right.at;
    if (j->form == JOIN_TABLES)
        flow_keep(j->f, KEEP_ROWS, j->ast->span);
    j->left.at = j->f->at;
}

static bool stays(const struct join_check *j)
{
    return j->form == JOIN_LOOKUP && j->ast->join.grace <= 0 &&
           (stage_is_global(j->right.at) || (join_is_key(&j->left) && !j->left.at->out.key_changed));
}

void check_join(struct flow_cursor *f, const struct ast_stage *ast)
{
    struct join_check j = {.c = f->c, .f = f, .ast = ast};
    struct pack pack = {0};
    find_left(&j);
    if (!find_right(&j) || !find_form(&j) || !check_shaped(&j) || !check_names(&j) || !join_check_times(&j)) {
        flow_break(f, ast->span);
        return;
    }
    keep_tables(&j);
    if (!join_check_on(&j) || !check_windows(&j) || !check_kind(&j)) {
        flow_break(f, ast->span);
        return;
    }
    bool kept = !stays(&j);
    if (kept)
        flow_pack(f, &pack, ast->span);
    if (!stage_is_global(j.right.at))
        join_bring_together(&j);
    append_join(&j);
    if (kept)
        flow_unpack(f, &pack, ast->span);
    name_left(&j);
    f->at->out.joined = true;
}
