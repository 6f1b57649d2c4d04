// Decimals at compile time: the types of results, and the digits of constants.
#ifndef WEIR_TYPES_DECIMAL_RULES_H
#define WEIR_TYPES_DECIMAL_RULES_H

#include <stddef.h>

#include "base/writer.h"
#include "syntax/ast.h"

enum { DECIMAL_MAX_DIGITS = 38, INT32_DIGITS = 10, INT64_DIGITS = 19 };

struct decimal_shape {
    int precision, scale;
};

// The shape of A op B: + - keep the larger scale and, of 38 digits, one more, * adds scales and precisions, / has scale
// max(6, s1 + p2 + 1), % the smaller whole part. What exceeds 38 digits loses scale before whole digits.
struct decimal_shape decimal_result(enum ast_op op, struct decimal_shape a, struct decimal_shape b);
// The smallest shape that holds all values of both, cut to 38 digits in the same way.
struct decimal_shape decimal_common(struct decimal_shape a, struct decimal_shape b);

// 38 digits need 127 bits.
__extension__ typedef __int128 decimal_digits;

struct decimal_value {
    decimal_digits digits; // scaled by 10^scale
    int scale;             // 0 .. 38
};

// Reads digits with an optional sign, point and exponent. False if it takes more than 38 digits.
bool decimal_parse(const char *text, size_t len, struct decimal_value *value);
// The digits at SHAPE's scale; false if that loses a digit or needs more than the precision.
bool decimal_fit(struct decimal_value value, struct decimal_shape shape, decimal_digits *digits);
// The smallest shape of VALUE.
struct decimal_shape decimal_shape_of(struct decimal_value value);
// A sign and digits, no point.
const char *decimal_text(struct arena *arena, decimal_digits digits);
decimal_digits decimal_from_text(const char *text, size_t len);
// The digits of a constant with the point where the scale has it.
void decimal_put(struct writer *out, const char *digits, int scale);

#endif
