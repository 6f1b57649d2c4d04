#include "types/texpr_walk.h"

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
}
