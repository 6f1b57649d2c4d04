// Floats from text (Lemire, "Number parsing at a gigabyte per second", 2021: the algorithm of Eisel and Lemire) and as the shortest text
// (Giulietti, "The Schubfach way to render doubles", 2020).
#include "number_text.h"

#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>

#include "memory.h"
#include "pow10_table.h"

struct float_format {
    int mantissa_bits;      // stored ones
    int least_exponent;     // of 2, with the bias
    int infinite;           // the exponent's field of infinity
    int smallest, largest;  // powers of 10 beyond which all is 0 or infinite
    int even_from, even_to; // powers of 10 between which a tie can be exact
};

static const struct float_format binary64 = {52, -1023, 0x7FF, -342, 308, -4, 23};
static const struct float_format binary32 = {23, -127, 0xFF, -65, 38, -17, 10};

// The bits of the float nearest to W * 10^Q, W not 0. False in the rare cases that 128 bits of 10^Q don't decide.
static bool nearest(const struct float_format *f, uint64_t w, int64_t q, uint64_t *bits)
{
    *bits = 0;
    if (q < f->smallest)
        return true;
    *bits = (uint64_t)f->infinite << f->mantissa_bits;
    if (q > f->largest)
        return true;
    int zeros = __builtin_clzll(w);
    w <<= zeros;
    const struct pow10_row *row = &pow10_rows[q - POW10_FIRST];
    weir_u128 product = (weir_u128)w * row->hi;
    uint64_t unsure = UINT64_MAX >> (f->mantissa_bits + 3);
    if (((uint64_t)(product >> 64) & unsure) == unsure)
        product += (uint64_t)((weir_u128)w * row->lo >> 64);
    uint64_t hi = (uint64_t)(product >> 64), lo = (uint64_t)product;
    if (lo == UINT64_MAX && (q < -27 || q > 55))
        return false;
    int upper = (int)(hi >> 63), shift = upper + 64 - f->mantissa_bits - 3;
    uint64_t mantissa = hi >> shift;
    int power = (int)((217706 * q) >> 16) + 63 + upper - zeros - f->least_exponent; // 217706 / 2^16: log2(10)
    uint64_t hidden = UINT64_C(1) << f->mantissa_bits;
    if (power <= 0) { // subnormal
        if (power < -62) {
            *bits = 0;
            return true;
        }
        mantissa >>= 1 - power;
        mantissa = (mantissa + (mantissa & 1)) >> 1;
        *bits = mantissa; // rounding up to the smallest normal one sets its exponent's bit
        return true;
    }
    bool tie = lo <= 1 && q >= f->even_from && q <= f->even_to && (mantissa & 3) == 1 && mantissa << shift == hi;
    if (tie)
        mantissa &= ~UINT64_C(1);
    mantissa = (mantissa + (mantissa & 1)) >> 1;
    if (mantissa >= hidden * 2) {
        mantissa = hidden;
        power++;
    }
    if (power < f->infinite)
        *bits = (uint64_t)power << f->mantissa_bits | (mantissa & (hidden - 1));
    return true;
}

static locale_t c_locale;

static void make_locale(void)
{
    c_locale = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0);
}

// By the C library, which is exact for any number of digits.
static uint64_t nearest_slow(const struct float_format *f, const struct number_text *t)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_locale);
    char room[128];
    size_t n = (size_t)(t->end - t->digits);
    char *text = n < sizeof room ? room : malloc(n + 1);
    if (!text || !c_locale)
        memory_out();
    memcpy(text, t->digits, n);
    text[n] = 0;
    uint64_t bits = 0;
    if (f == &binary64) {
        double v = strtod_l(text, NULL, c_locale);
        memcpy(&bits, &v, sizeof v);
    } else {
        float v = strtof_l(text, NULL, c_locale);
        uint32_t half;
        memcpy(&half, &v, sizeof v);
        bits = half;
    }
    if (text != room)
        free(text);
    return bits;
}

static uint64_t number_bits(const struct float_format *f, const struct number_text *t)
{
    uint64_t w = 0;
    int64_t q = (int64_t)t->exponent - t->fraction;
    int taken = 0;
    const char *p = t->digits;
    while (p < t->digits_end && (*p == '0' || *p == '.'))
        p++;
    for (; p < t->digits_end && taken < 19; p++) {
        if (*p != '.') {
            w = w * 10 + (uint64_t)(*p - '0');
            taken++;
        }
    }
    if (w == 0)
        return 0;
    bool cut = false;
    for (; p < t->digits_end; p++) {
        q += *p != '.'; // a digit that W does not have
        cut |= *p != '.' && *p != '0';
    }
    uint64_t bits, next;
    // With digits cut off, the number is between W and W + 1.
    if (!nearest(f, w, q, &bits) || (cut && (!nearest(f, w + 1, q, &next) || next != bits)))
        return nearest_slow(f, t);
    return bits;
}

double number_f64(const struct number_text *t)
{
    uint64_t bits = number_bits(&binary64, t) | (uint64_t)t->negative << 63;
    double v;
    memcpy(&v, &bits, sizeof v);
    return v;
}

float number_f32(const struct number_text *t)
{
    uint32_t bits = (uint32_t)number_bits(&binary32, t) | (uint32_t)t->negative << 31;
    float v;
    memcpy(&v, &bits, sizeof v);
    return v;
}

// ---- output ----

// The product's part above 2^128, its last bit set if there is anything below: enough to compare with.
static uint64_t round_to_odd(weir_u128 power, uint64_t c)
{
    weir_u128 low = (weir_u128)(uint64_t)power * c;
    weir_u128 sum = (weir_u128)(uint64_t)(power >> 64) * c + (uint64_t)(low >> 64);
    return (uint64_t)(sum >> 64) | ((uint64_t)sum > 1);
}

struct decimal {
    uint64_t digits;
    int exponent; // of 10
};

// The shortest decimal that rounds to C * 2^Q, of those the closest. CLOSER: the float below is half as far away as the one above.
static struct decimal shortest(uint64_t c, int q, bool closer)
{
    bool odd = c & 1;                                    // then the ends of the interval don't round to it
    int k = (q * 1262611 - (closer ? 524031 : 0)) >> 22; // floor(log10(2^q)), or of 3/4 of it
    int h = q + ((-k * 1741647) >> 19) + 1;              // floor(log2(10^-k))
    const struct pow10_row *row = &pow10_rows[-k - POW10_FIRST];
    // Schubfach wants the powers rounded up; where they are exact they already are right.
    weir_u128 power = ((weir_u128)row->hi << 64 | row->lo) + (-k < -27 || -k > 55);
    uint64_t lower = round_to_odd(power, (4 * c - 2 + closer) << h) + odd;
    uint64_t v = round_to_odd(power, 4 * c << h);
    uint64_t upper = round_to_odd(power, (4 * c + 2) << h) - odd;
    uint64_t s = v / 4;
    if (s >= 10) {
        uint64_t tens = s / 10;
        bool below = lower <= 40 * tens, above = 40 * tens + 40 <= upper;
        if (below != above)
            return (struct decimal){tens + above, k + 1};
    }
    bool below = lower <= 4 * s, above = 4 * s + 4 <= upper;
    if (below != above)
        return (struct decimal){s + above, k};
    bool up = v > 4 * s + 2 || (v == 4 * s + 2 && (s & 1));
    return (struct decimal){s + up, k};
}

// Python's rule for repr: plain from 1e-4 to below 1e16, else with an exponent.
static size_t write_decimal(char *out, struct decimal d)
{
    char digits[NUMBER_ROOM];
    while (d.digits % 10 == 0) {
        d.digits /= 10;
        d.exponent++;
    }
    int n = (int)number_put_u64(digits, d.digits), point = n + d.exponent; // digits before the point
    char *p = out;
    if (point > 16 || point < -3) {
        *p++ = digits[0];
        if (n > 1) {
            *p++ = '.';
            memcpy(p, digits + 1, (size_t)n - 1);
            p += n - 1;
        }
        *p++ = 'e';
        return (size_t)(p - out) + number_put_i64(p, point - 1);
    }
    if (point <= 0) {
        memcpy(p, "0.000", 5);
        p += 2 - point;
        memcpy(p, digits, (size_t)n);
        return (size_t)(p - out) + (size_t)n;
    }
    int whole = n < point ? n : point;
    memcpy(p, digits, (size_t)whole);
    p += whole;
    for (int i = n; i < point; i++)
        *p++ = '0';
    *p++ = '.';
    if (n <= point) {
        *p++ = '0';
        return (size_t)(p - out);
    }
    memcpy(p, digits + point, (size_t)(n - point));
    return (size_t)(p - out) + (size_t)(n - point);
}

// V, positive, as it is if it has at most four places and 15 digits. No other decimal of so few digits rounds to the same double: it is the shortest.
static bool has_few_places(double v, struct decimal *d)
{
    enum { PLACES = 4 };
    const double unit = 1e4, most = 1e15;
    double scaled = v * unit + 0.5;
    if (scaled >= most)
        return false;
    *d = (struct decimal){(uint64_t)scaled, -PLACES};
    return (double)d->digits / unit == v;
}

static size_t put_float(char *out, bool negative, uint64_t mantissa, int exponent, int mantissa_bits, int bias)
{
    char *p = out;
    if (negative)
        *p++ = '-';
    if (mantissa == 0 && exponent == 0) {
        memcpy(p, "0.0", 3);
        return (size_t)(p - out) + 3;
    }
    uint64_t c = exponent ? mantissa | UINT64_C(1) << mantissa_bits : mantissa;
    int q = (exponent ? exponent : 1) - bias - mantissa_bits;
    struct decimal d;
    if (q <= 0 && -q <= mantissa_bits && (c & ((UINT64_C(1) << -q) - 1)) == 0)
        d = (struct decimal){c >> -q, 0}; // a whole number
    else
        d = shortest(c, q, mantissa == 0 && exponent > 1);
    return (size_t)(p - out) + write_decimal(p, d);
}

size_t number_put_f64(char *out, double v)
{
    uint64_t bits;
    struct decimal d;
    memcpy(&bits, &v, sizeof v);
    if (v > 0 && has_few_places(v, &d))
        return write_decimal(out, d);
    return put_float(out, bits >> 63, bits & ((UINT64_C(1) << 52) - 1), (int)(bits >> 52 & 0x7FF), 52, 1023);
}

size_t number_put_f32(char *out, float v)
{
    uint32_t bits;
    memcpy(&bits, &v, sizeof v);
    return put_float(out, bits >> 31, bits & ((1u << 23) - 1), (int)(bits >> 23 & 0xFF), 23, 127);
}
