#include "types/texpr_walk.h"

#include <string.h>

#include "types/program.h"

#include "types/process.h"

static void each_part_of_place(const struct store_place *place, void (*visit)(void *arg, const struct texpr *part),
                               void *arg)
{
    const struct texpr *parts[] = {place->key, place->at, place->from, place->to};
    for (int i = 0; i < 4; i++)
        if (parts[i])
            visit(arg, parts[i]);
}

void texpr_each_part(const struct texpr *e, void (*visit)(void *arg, const struct texpr *part), void *arg)
{
    const struct texpr *sides[] = {e->cond, e->left, e->right};
    // What is bound is evaluated before the body.
    bool binds = e->kind == TEXPR_LIFT || e->kind == TEXPR_LET;
    for (int i = 0; binds && i < e->items.count; i++)
        visit(arg, e->items.items[i]);
    for (int i = 0; i < 3; i++)
        if (sides[i])
            visit(arg, sides[i]);
    for (int i = 0; !binds && i < e->items.count; i++) {
        if (i < e->keys.count)
            visit(arg, e->keys.items[i]);
        if (e->items.items[i])
            visit(arg, e->items.items[i]);
    }
    for (int i = 0; i < e->arms.count; i++)
        visit(arg, e->arms.items[i].value);
    if (e->place)
        each_part_of_place(e->place, visit, arg);
}

static void look_for_effects(void *arg, const struct texpr *part)
{
    bool *found = arg;
    *found = *found || texpr_has_effects(part);
}

bool texpr_has_effects(const struct texpr *e)
{
    bool found = e->kind == TEXPR_CALL_FN && e->fn->effects;
    texpr_each_part(e, look_for_effects, &found);
    return found;
}

// ---- the same? ----

static bool constants_equal(const struct constant *a, const struct constant *b)
{
    return a->integer == b->integer && memcmp(&a->number, &b->number, sizeof a->number) == 0 && a->len == b->len &&
           (a->len == 0 || memcmp(a->text, b->text, a->len) == 0);
}

// What binds names is taken as its own each time.
bool texpr_equal(const struct texpr *a, const struct texpr *b)
{
    if (a == b || !a || !b)
        return a == b;
    if (a->kind != b->kind || a->type != b->type || a->op != b->op || a->negated != b->negated ||
        a->index != b->index || a->var != b->var || a->builtin != b->builtin || a->fn != b->fn ||
        !constants_equal(&a->constant, &b->constant) || a->vars.count > 0 || a->arms.count > 0 ||
        a->items.count != b->items.count || a->keys.count != b->keys.count)
        return false;
    if (a->kind == TEXPR_VAR && a->var->changes)
        return false;
    // A call may give another result each time: now(), uuid(), C that is not pure. So may a store.
    bool is_call = a->kind == TEXPR_CALL || a->kind == TEXPR_CALL_FN;
    if (a->kind == TEXPR_STORED || (a->kind == TEXPR_CALL_FN && a->fn->effects) || (is_call && a->items.count == 0))
        return false;
    for (int i = 0; i < a->items.count; i++)
        if (!texpr_equal(a->items.items[i], b->items.items[i]))
            return false;
    for (int i = 0; i < a->keys.count; i++)
        if (!texpr_equal(a->keys.items[i], b->keys.items[i]))
            return false;
    return texpr_equal(a->cond, b->cond) && texpr_equal(a->left, b->left) && texpr_equal(a->right, b->right);
}
