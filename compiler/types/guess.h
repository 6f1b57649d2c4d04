// "Did you mean ...?" within reason: a program of nothing but mistakes must not take minutes to say so.
#ifndef WEIR_TYPES_GUESS_H
#define WEIR_TYPES_GUESS_H

#include "types/check.h"

// Whether there is time left to compare a name with so many others.
bool guess_affordable(struct checker *c, int candidates);
// The field or case of TYPE that is nearest to NAME, or NULL.
const char *guess_field(struct checker *c, const struct type *type, const char *name);

#endif
