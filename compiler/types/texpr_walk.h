// The parts of a typed expression, for whoever looks at all of it.
#ifndef WEIR_TYPES_TEXPR_WALK_H
#define WEIR_TYPES_TEXPR_WALK_H

#include "types/texpr.h"

// Calls VISIT for each direct part of E, in the order they are evaluated.
void texpr_each_part(const struct texpr *e, void (*visit)(void *arg, const struct texpr *part), void *arg);
// Whether A and B are the same for every record, as far as can be told.
bool texpr_equal(const struct texpr *a, const struct texpr *b);
// It calls C that is not pure: it is evaluated even where nobody reads the result.
bool texpr_has_effects(const struct texpr *e);

#endif
