#include "types/texpr_walk.h"

void texpr_each_part(const struct texpr *e, void (*visit)(void *arg, const struct texpr *part), void *arg)
{
    const struct texpr *sides[] = {e->cond, e->left, e->right};
    // A lift evaluates what it binds before its body.
    for (int i = 0; e->kind == TEXPR_LIFT && i < e->items.count; i++)
        visit(arg, e->items.items[i]);
    for (int i = 0; i < 3; i++)
        if (sides[i])
            visit(arg, sides[i]);
    for (int i = 0; e->kind != TEXPR_LIFT && i < e->items.count; i++) {
        if (i < e->keys.count)
            visit(arg, e->keys.items[i]);
        if (e->items.items[i])
            visit(arg, e->items.items[i]);
    }
    for (int i = 0; i < e->arms.count; i++)
        visit(arg, e->arms.items[i].value);
}
