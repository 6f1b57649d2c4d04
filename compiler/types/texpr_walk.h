// The parts of a typed expression, for whoever looks at all of it.
#ifndef WEIR_TYPES_TEXPR_WALK_H
#define WEIR_TYPES_TEXPR_WALK_H

#include "types/texpr.h"

// Calls VISIT for each direct part of E, in the order they are evaluated.
void texpr_each_part(const struct texpr *e, void (*visit)(void *arg, const struct texpr *part), void *arg);

#endif
