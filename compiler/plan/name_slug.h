// Names made from expressions: of internal topics, so they must stay the same from one compilation to the next.
#ifndef WEIR_PLAN_NAME_SLUG_H
#define WEIR_PLAN_NAME_SLUG_H

#include "types/texpr.h"

// "customer", "order-id", "lower-region": the names and calls in E, in order, in characters that topics allow. "" if there are none,
// or more than a name should have.
const char *name_slug(struct arena *arena, const struct texpr *e);

// NAME with what is no letter, digit or underscore made an underscore; never empty, never beginning with a digit.
const char *name_c_safe(struct arena *arena, const char *name);

#endif
