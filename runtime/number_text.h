// Numbers as JSON writes them (RFC 8259, section 6), and what they are worth.
#ifndef WEIR_RT_NUMBER_TEXT_H
#define WEIR_RT_NUMBER_TEXT_H

#include "weir_ops.h"

struct number_text {
    const char *begin, *end;         // all of it
    const char *digits, *digits_end; // the digits, perhaps with a point among them
    int32_t fraction;                // digits behind the point
    int32_t exponent;                // what stands behind the e, kept within +-NUMBER_FAR
    bool negative;
};

enum { NUMBER_FAR = 100000 };

// The number at P taken apart; what follows is not looked at. Returns the byte behind it, NULL if there is none.
const char *number_scan(const char *p, const char *end, struct number_text *t);
const char *number_skip(const char *p, const char *end);

enum number_fit { NUMBER_EXACT, NUMBER_ROUNDED, NUMBER_TOO_LARGE };

// The number times 10^SCALE, rounded half away from zero; at most 38 digits.
enum number_fit number_scaled(const struct number_text *t, int scale, weir_i128 *v);

// The nearest float, ties to even; infinite if it is out of range.
double number_f64(const struct number_text *t);
float number_f32(const struct number_text *t);

// MANTISSA * 10^EXPONENT where that is one exactly rounded operation on doubles (Clinger's fast path).
static inline bool number_small_f64(uint64_t mantissa, int exponent, double *v)
{
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    if (mantissa >> 53 || exponent < -22 || exponent > 22)
        return false;
    *v = exponent < 0 ? (double)mantissa / powers[-exponent] : (double)mantissa * powers[exponent];
    return true;
}

// DIGITS[.DIGITS] with at most 18 digits and no exponent, the usual number: its digits as an integer. NULL if it is anything else, right or wrong.
static inline const char *number_simple(const char *p, const char *end, uint64_t *mantissa, int *fraction)
{
    const char *begin = p;
    uint64_t m = 0;
    unsigned digit;
    while (p < end && (digit = (unsigned)(unsigned char)*p - '0') <= 9) {
        m = m * 10 + digit;
        p++;
    }
    ptrdiff_t whole = p - begin, behind = 0;
    if (whole == 0 || (whole > 1 && *begin == '0'))
        return NULL;
    if (p < end && *p == '.') {
        const char *point = ++p;
        while (p < end && (digit = (unsigned)(unsigned char)*p - '0') <= 9) {
            m = m * 10 + digit;
            p++;
        }
        behind = p - point;
        if (behind == 0)
            return NULL;
    }
    if (whole + behind > 18 || (p < end && (*p | 0x20) == 'e'))
        return NULL;
    *mantissa = m;
    *fraction = (int)behind;
    return p;
}

// ---- output; each returns the length and needs room for NUMBER_ROOM bytes ----

enum { NUMBER_ROOM = 48 };

size_t number_put_u64(char *out, uint64_t v);
size_t number_put_i64(char *out, int64_t v);
size_t number_put_dec(char *out, struct weir_dec v, int scale);
// The shortest digits that read back as V. Always with a point or an exponent: 10.0 0.1 1e16 1.5e-7. Finite values only.
size_t number_put_f64(char *out, double v);
size_t number_put_f32(char *out, float v);

#endif
