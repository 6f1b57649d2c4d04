#include "types/guess.h"

enum { MOST_COMPARISONS = 200000 };

bool guess_affordable(struct checker *c, int candidates)
{
    if (c->guessed > MOST_COMPARISONS)
        return false;
    c->guessed += candidates;
    return true;
}

const char *guess_field(struct checker *c, const struct type *type, const char *name)
{
    if (!guess_affordable(c, type->fields.count))
        return NULL;
    const char **names = arena_alloc(c->arena, (size_t)type->fields.count * sizeof *names);
    for (int i = 0; i < type->fields.count; i++)
        names[i] = type->fields.items[i].name;
    return diag_nearest(name, names, type->fields.count);
}
