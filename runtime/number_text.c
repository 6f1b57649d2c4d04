#include "number_text.h"

static const char *skip_digits(const char *p, const char *end)
{
    while (p < end && (unsigned)(unsigned char)*p - '0' <= 9)
        p++;
    return p;
}

// Digits of an exponent; NULL if there are none.
static const char *scan_exponent(const char *p, const char *end, int32_t *exponent)
{
    bool negative = p < end && *p == '-';
    if (p < end && (*p == '-' || *p == '+'))
        p++;
    const char *after = skip_digits(p, end);
    if (after == p)
        return NULL;
    int32_t v = 0;
    for (; p < after && v < NUMBER_FAR; p++)
        v = v * 10 + (*p - '0');
    if (v > NUMBER_FAR)
        v = NUMBER_FAR;
    *exponent = negative ? -v : v;
    return after;
}

const char *number_scan(const char *p, const char *end, struct number_text *t)
{
    *t = (struct number_text){.begin = p};
    t->negative = p < end && *p == '-';
    p += t->negative;
    t->digits = p;
    const char *after = skip_digits(p, end);
    if (after == p || (*p == '0' && after - p > 1))
        return NULL;
    p = after;
    if (p < end && *p == '.') {
        after = skip_digits(p + 1, end);
        if (after == p + 1)
            return NULL;
        ptrdiff_t fraction = after - p - 1;
        t->fraction = fraction < INT32_MAX / 2 ? (int32_t)fraction : INT32_MAX / 2;
        p = after;
    }
    t->digits_end = p;
    if (p < end && (*p == 'e' || *p == 'E')) {
        p = scan_exponent(p + 1, end, &t->exponent);
        if (!p)
            return NULL;
    }
    t->end = p;
    return p;
}

const char *number_skip(const char *p, const char *end)
{
    uint64_t mantissa;
    int fraction;
    struct number_text t;
    const char *after = number_simple(p + (p < end && *p == '-'), end, &mantissa, &fraction);
    return after ? after : number_scan(p, end, &t);
}

static const char *skip_zeros(const char *p, const char *end)
{
    while (p < end && (*p == '0' || *p == '.'))
        p++;
    return p;
}

static int64_t count_digits(const char *p, const char *end)
{
    int64_t n = 0;
    for (; p < end; p++)
        n += *p != '.';
    return n;
}

enum number_fit number_scaled(const struct number_text *t, int scale, weir_i128 *v)
{
    *v = 0;
    const char *p = skip_zeros(t->digits, t->digits_end);
    if (p == t->digits_end)
        return NUMBER_EXACT;
    int64_t zeros = (int64_t)t->exponent - t->fraction + scale; // to append; negative: digits to drop
    int64_t digits = count_digits(p, t->digits_end), kept = digits + (zeros < 0 ? zeros : 0);
    if (digits + zeros > 38)
        return NUMBER_TOO_LARGE;
    weir_i128 n = 0;
    enum number_fit fit = NUMBER_EXACT;
    for (int64_t i = 0; p < t->digits_end; p++) {
        if (*p == '.')
            continue;
        if (i < kept)
            n = n * 10 + (*p - '0');
        else if (*p != '0')
            fit = NUMBER_ROUNDED;
        if (i == kept && *p >= '5')
            n++;
        i++;
    }
    n *= weir_pow10[zeros > 0 ? zeros : 0];
    *v = t->negative ? -n : n;
    return n < weir_pow10[38] ? fit : NUMBER_TOO_LARGE;
}
