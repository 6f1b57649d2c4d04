#include "types/decimal_rules.h"

#include <string.h>

static int max_of(int a, int b)
{
    return a > b ? a : b;
}

static int min_of(int a, int b)
{
    return a < b ? a : b;
}

// WHOLE digits before the point and SCALE behind it, in at most 38.
static struct decimal_shape fitted(int whole, int scale)
{
    whole = min_of(whole, DECIMAL_MAX_DIGITS);
    scale = min_of(scale, DECIMAL_MAX_DIGITS - whole);
    return (struct decimal_shape){max_of(whole + scale, 1), scale};
}

struct decimal_shape decimal_result(enum ast_op op, struct decimal_shape a, struct decimal_shape b)
{
    int whole_a = a.precision - a.scale, whole_b = b.precision - b.scale;
    int whole = max_of(whole_a, whole_b), scale = max_of(a.scale, b.scale);
    switch (op) {
    case OP_MUL: return fitted(whole_a + whole_b, a.scale + b.scale);
    case OP_DIV: return fitted(whole_a + b.scale, max_of(6, a.scale + b.precision + 1));
    case OP_MOD: return fitted(min_of(whole_a, whole_b), scale);
    default: return fitted(whole + (whole + scale < DECIMAL_MAX_DIGITS), scale);
    }
}

struct decimal_shape decimal_common(struct decimal_shape a, struct decimal_shape b)
{
    return fitted(max_of(a.precision - a.scale, b.precision - b.scale), max_of(a.scale, b.scale));
}

static decimal_digits power_of_ten(int n)
{
    decimal_digits power = 1;
    while (n-- > 0)
        power *= 10;
    return power;
}

// The exponent behind 'e', or a large one where its digits are absurd.
static int parse_exponent(const char *text, const char *end)
{
    int sign = 1, value = 0;
    if (text < end && (*text == '+' || *text == '-'))
        sign = *text++ == '-' ? -1 : 1;
    while (text < end && value < 10000)
        value = value * 10 + (*text++ - '0');
    return sign * value;
}

bool decimal_parse(const char *text, size_t len, struct decimal_value *value)
{
    const char *end = text + len;
    bool negative = len > 0 && *text == '-', behind_point = false;
    const decimal_digits limit = power_of_ten(DECIMAL_MAX_DIGITS - 1);
    decimal_digits digits = 0;
    int scale = 0, zeros = 0; // zeros read but not yet taken in: those at the end are nothing
    text += negative;
    for (; text < end && *text != 'e' && *text != 'E'; text++) {
        if (*text == '.') {
            behind_point = true;
            continue;
        }
        scale += behind_point;
        zeros++;
        if (*text == '0')
            continue;
        for (; zeros > 0; zeros--) {
            if (digits >= limit)
                return false;
            digits *= 10;
        }
        digits += *text - '0';
    }
    scale -= zeros;
    if (text < end)
        scale -= parse_exponent(text + 1, end);
    if (digits == 0)
        scale = 0;
    for (; scale < 0; scale++) {
        if (digits >= limit)
            return false;
        digits *= 10;
    }
    *value = (struct decimal_value){negative ? -digits : digits, scale};
    return scale <= DECIMAL_MAX_DIGITS;
}

static decimal_digits magnitude(decimal_digits digits)
{
    return digits < 0 ? -digits : digits;
}

static int count_digits(decimal_digits digits)
{
    int count = 0;
    for (decimal_digits rest = magnitude(digits); rest > 0; rest /= 10)
        count++;
    return count;
}

bool decimal_fit(struct decimal_value value, struct decimal_shape shape, decimal_digits *digits)
{
    decimal_digits v = value.digits;
    int scale = value.scale;
    for (; scale > shape.scale; scale--) {
        if (v % 10 != 0)
            return false;
        v /= 10;
    }
    if (v != 0 && count_digits(v) + shape.scale - scale > shape.precision)
        return false;
    *digits = v == 0 ? 0 : v * power_of_ten(shape.scale - scale);
    return true;
}

struct decimal_shape decimal_shape_of(struct decimal_value value)
{
    int digits = count_digits(value.digits);
    return (struct decimal_shape){max_of(max_of(digits, value.scale), 1), value.scale};
}

const char *decimal_text(struct arena *arena, decimal_digits digits)
{
    char buffer[48];
    char *p = buffer + sizeof buffer;
    decimal_digits rest = magnitude(digits);
    *--p = '\0';
    do {
        *--p = (char)('0' + (int)(rest % 10));
        rest /= 10;
    } while (rest > 0);
    if (digits < 0)
        *--p = '-';
    return arena_strdup(arena, p);
}

decimal_digits decimal_from_text(const char *text, size_t len)
{
    decimal_digits digits = 0;
    bool negative = len > 0 && text[0] == '-';
    for (size_t i = negative; i < len; i++)
        digits = digits * 10 + (text[i] - '0');
    return negative ? -digits : digits;
}

void decimal_put(struct writer *out, const char *digits, int scale)
{
    static const char zeros[] = "00000000000000000000000000000000000000";
    if (*digits == '-')
        writer_puts(out, "-");
    digits += *digits == '-';
    int whole = (int)strlen(digits) - scale;
    if (scale == 0)
        writer_puts(out, digits);
    else if (whole > 0)
        writer_printf(out, "%.*s.%s", whole, digits, digits + whole);
    else
        writer_printf(out, "0.%.*s%s", -whole, zeros, digits);
}
