// Constants become what is expected of them, if their value allows it.
#ifndef WEIR_TYPES_CONVERT_CONST_H
#define WEIR_TYPES_CONVERT_CONST_H

#include "types/check.h"
#include "types/decimal_rules.h"

// E (a constant) as a constant of type TO; NULL if its value is none of TO's.
struct texpr *convert_const(struct checker *c, struct texpr *e, const struct type *to);
// The exact value of a number constant; false for a float that was computed.
bool const_decimal(const struct texpr *e, struct decimal_value *value);
struct texpr *texpr_decimal(struct checker *c, const struct type *type, decimal_digits digits, struct span span);
// `2024-05-01` as days since 1970-01-01.
bool parse_date(const char *text, size_t len, int64_t *days);

#endif
