// Tables and streams of each other; when a table's changes go on.
#include "types/expr.h"
#include "types/flow_check.h"

void shape_leave_lets(struct checker *c, struct shape *shape)
{
    for (int i = 0; i < shape->lets.count; i++)
        vec_push(c->arena, &c->flow_scope->left_behind, shape->lets.items[i]);
    shape->lets.items = NULL;
    shape->lets.count = shape->lets.capacity = 0;
}

void shape_become_table(struct checker *c, struct stage *stage, const struct type *value)
{
    struct shape *out = &stage->out;
    out->kind = FLOW_TABLE;
    out->key_serde = serde_plain(c, out->key_serde);
    out->key = var_new(c, VAR_KEY, "key", type_plain(out->key->type), stage->span);
    out->value = var_new(c, VAR_VALUE, "value", type_plain(value), stage->span);
    out->window = out->key_serde->window == AST_NOT_WINDOWED ? NULL : window_var(c, stage->span);
    shape_leave_lets(c, out);
    out->known = NULL;
    out->tombstones = out->key_changed = out->versioned = out->in_source = false;
}

void check_as_table(struct flow_cursor *f, const struct ast_stage *ast)
{
    struct checker *c = f->c;
    if (f->at->out.window) {
        struct diag *d = diag_error(c->bag, ast->word, "a table can't have windowed keys of its own");
        diag_help(c->bag, d, "make the window a part of the key: `key by { key, start: window.start }`");
        flow_break(f, ast->span);
        return;
    }
    flow_check_shaped(f, ast->word);
    if (f->at->out.key_changed)
        flow_bring(f, NULL, (struct repartition){0}, ast->span);
    const struct type *value = f->at->out.value->type;
    const struct serde *serde = f->at->out.value_serde;
    struct stage *stage = flow_append(f, STAGE_AS_TABLE, ast);
    shape_become_table(c, stage, value);
    struct materialized *m = arena_new_of(c->arena, struct materialized);
    m->store = ast->store.kind;
    m->key = stage->out.key_serde;
    m->value = serde ? serde_plain(c, serde) : serde_of_type(c, type_plain(value));
    stage->materialized = m;
}

void check_as_stream(struct flow_cursor *f, const struct ast_stage *ast)
{
    struct stage *stage = flow_append(f, STAGE_AS_STREAM, ast);
    stage->out.kind = FLOW_STREAM;
    stage->out.windowed = NULL;
    stage->out.versioned = false;
    stage->out.tombstones = true;
}

// ---- emit ----

static bool check_final(struct flow_cursor *f, const struct ast_stage *ast)
{
    if (f->at->out.windowed || stage_is_broken(f->at))
        return true;
    struct diag *d = diag_error(f->c->bag, ast->span, "only windows have a final result");
    diag_label(f->c->bag, d, "a row of this table may change at any time");
    diag_help(f->c->bag, d,
              "cut the groups into windows: `group by ... | window tumbling 1h | ...`, or say how often: "
              "`emit every 10s`");
    return false;
}

static bool check_every(struct flow_cursor *f, const struct ast_stage *ast)
{
    if (ast->emit.every > 0)
        return true;
    struct diag *d = diag_error(f->c->bag, ast->span, "`every` must be longer than 0");
    diag_help(f->c->bag, d, "every change at once is `emit changes`, and the default");
    return false;
}

// Of several changes that are held back the last to come would go on, which need not be the latest.
static bool check_versioned(struct flow_cursor *f, const struct ast_stage *ast)
{
    if (!f->at->out.versioned)
        return true;
    struct diag *d = diag_error(f->c->bag, ast->span, "changes of a versioned table can't be held back");
    diag_label(f->c->bag, d, "they may be of any time in its history");
    diag_help(f->c->bag, d, "make a table of the latest values first: `as stream | as table | emit every ...`");
    return false;
}

void check_emit(struct flow_cursor *f, const struct ast_stage *ast)
{
    bool final = ast->emit.kind == AST_EMIT_FINAL;
    if (ast->emit.kind == AST_EMIT_CHANGES || !(final ? check_final(f, ast) : check_every(f, ast)) ||
        !check_versioned(f, ast))
        return;
    flow_keep(f, KEEP_OLD, ast->span);
    struct suppress *suppress = arena_new_of(f->c->arena, struct suppress);
    suppress->final = final;
    suppress->every = ast->emit.every;
    const struct type *value = f->at->out.value->type;
    struct stage *stage = flow_append(f, STAGE_SUPPRESS, ast);
    shape_become_table(f->c, stage, value);
    stage->suppress = suppress;
    if (final)
        warn_silence(f, ast);
}
