// Types by their names, for the rest of the checker.
#ifndef WEIR_TYPES_RESOLVE_H
#define WEIR_TYPES_RESOLVE_H

#include "types/check.h"
#include "types/name_map.h"

// `int64`, `string`, ...; NULL for any other name.
const struct type *scalar_by_name(struct checker *c, const char *name);
// A declared type, once resolve_declared_types has been called; NULL if there is none.
const struct type *find_type(struct checker *c, const char *name);
// decimal(precision, scale), or an error at SPAN if there is no such type.
const struct type *decimal_checked(struct checker *c, struct span span, int64_t precision, int64_t scale);

// TYPE, or TYPE_ERROR after a report that it is too large.
const struct type *check_places(struct checker *c, struct span span, const struct type *type);

#endif
