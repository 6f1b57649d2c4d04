// Joins of tables by their keys. A change of one side finds the row of the other; what both come to is in one function, which takes the left side's
// change, and of the right side the value now and before.
#include "emit/emitter.h"

const char *later_of(struct body *b, const char *a, const char *other)
{
    return arena_printf(b->e->arena, "%s > %s ? %s : %s", a, other, a, other);
}

struct found find_side(struct body *b, const struct stage *side, const char *key, const char *start, const char *name)
{
    if (b->e->plan->viewed[side->id])
        return emit_find(b, side, key, start, name, true);
    return (struct found){"NULL", "0"};
}

// ---- the function: what comes of a row of both ----

static const char *pointer_to(struct body *b, const struct var *var, const char *name)
{
    return type_declare(b->e, type_plain(var->type), arena_printf(b->e->arena, "*%s", name));
}

struct joined {
    const struct join *join;
    const struct var *value;
    const char *left[2], *right[2], *there[2]; // C names
};

static void name_sides(struct body *b, struct joined *j)
{
    const char *left = value_name(b, j->value), *right = name_of(b->e, j->join->right->name);
    for (int side = NOW; side <= BEFORE; side++) {
        const char *old = side == NOW ? "" : "old_";
        j->right[side] = body_local(b, arena_printf(b->e->arena, "%s%s", old, right));
        j->left[side] = body_local(b, arena_printf(b->e->arena, "%s%s", old, left));
        j->there[side] = j->join->kind == AST_JOIN_LEFT ? j->left[side] : body_local(b, side == NOW ? "there" : "was");
    }
}

// What CODE reads of the change and of both sides.
static void read_side(struct body *b, const struct joined *j, enum side side, const char *code)
{
    bool there = j->there[side] != j->left[side] && code_mentions(code, j->there[side]);
    if (there || code_mentions(code, j->left[side]))
        body_line(b, "const %s = c->%s;", pointer_to(b, j->value, j->left[side]), side == NOW ? "value" : "old");
    if (there)
        body_line(b, "bool %s = %s %s %s;", j->there[side], j->left[side],
                  j->join->kind == AST_JOIN_OUTER ? "||" : "&&", j->right[side]);
    else if (!code_mentions(code, j->right[side]))
        body_line(b, "(void)%s;", j->right[side]);
}

void emit_joined(struct emitter *e, const struct plan_function *f)
{
    const struct stage *root = f->root;
    struct joined j = {.join = root->join, .value = root->out.value};
    struct writer code = {.indent = 1}, rest = {0};
    struct row row = {.knows_old = e->plan->wants_old[root->id]};
    struct body body = change_begin(e, &code, root, &row), *b = &body;
    name_sides(b, &j);
    struct value left[2] = {{0}}, right[2] = {{0}};
    for (int side = NOW; side <= (row.knows_old ? BEFORE : NOW); side++) {
        left[side] = value_pointed(b, j.value, j.left[side]);
        right[side] = value_pointed(b, j.join->right, j.right[side]);
        row.there[side] = j.there[side];
    }
    row_bind(b, j.value, left[NOW], left[BEFORE]);
    row_bind(b, j.join->right, right[NOW], right[BEFORE]);
    bind_key(b, root, f->needs_key);
    bind_window(b, root);
    b->out = &rest;
    emit_outputs(b, root);
    b->out = &code;
    const char *text = rest.text ? rest.text : "";
    read_side(b, &j, NOW, text);
    const char *params = arena_printf(e->arena, ", const %s", pointer_to(b, j.join->right, j.right[NOW]));
    if (row.knows_old) {
        read_side(b, &j, BEFORE, text);
        params = arena_printf(e->arena, "%s, const %s", params, pointer_to(b, j.join->right, j.right[BEFORE]));
    }
    change_end(b, f, &rest, params);
}

// ---- the calls: a row of one side changes ----

// Nothing comes of a change without a row on the other side, but of a side that a result may be of alone: then nothing if it had no row before either.
static const char *call_condition(struct body *b, const struct join *join, bool left, const char *other)
{
    bool alone = join->kind == AST_JOIN_OUTER || (left && join->kind == AST_JOIN_LEFT);
    const char *now = b->row->there[NOW], *before = b->row->there[BEFORE];
    if (!alone)
        return other;
    if (!now || (b->row->knows_old && !before))
        return NULL;
    return b->row->knows_old ? arena_printf(b->e->arena, "%s || %s || %s", other, now, before) : NULL;
}

static void call_joined(struct body *b, const struct stage *stage, bool left, const struct found *other)
{
    const struct plan_function *f = b->e->plan->changed_of[stage->id];
    const struct stage *from = stage->inputs.items[left ? 0 : 1];
    const char *now = row_pointer(b, from, NOW), *before = b->row->knows_old ? row_pointer(b, from, BEFORE) : "NULL";
    bool wants_old = b->e->plan->wants_old[stage->id];
    body_line(b, "%s(%s, &(struct weir_change){", made_find(b->e, "changed", f, NULL)->name, ctx(b));
    const char *behind = arena_printf(b->e->arena, ", %s", left ? other->value : now);
    if (wants_old)
        behind = arena_printf(b->e->arena, "%s, %s", behind, left ? other->value : before);
    const char *old = left ? before : other->value;
    put_change(b, b->key_bytes, left ? now : other->value, wants_old ? old : NULL,
               later_of(b, other->time, b->timestamp), behind);
}

static void emit_side(struct body *b, const struct stage *stage, bool left)
{
    const struct stage *other = stage->inputs.items[left ? 1 : 0];
    const char *name = left ? name_of(b->e, stage->join->right->name) : value_name(b, stage->out.value);
    struct found found = find_side(b, other, b->key_bytes, b->start, name);
    const char *condition = call_condition(b, stage->join, left, found.value);
    struct sub s;
    if (condition)
        body_line(b, "if (%s) {", condition);
    if (condition)
        block_begin(b, &s);
    call_joined(b, stage, left, &found);
    if (!condition)
        return;
    block_end(b, &s);
}

void emit_join_tables(struct body *b, const struct stage *from, const struct stage *stage)
{
    if (stage->inputs.items[0] == from)
        emit_side(b, stage, true);
    if (stage->inputs.items[1] == from)
        emit_side(b, stage, false);
}
