// Integers and decimals as text, two digits at a time.
#include "number_text.h"

static const char pairs[] =
    "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748"
    "49505152535455565758596061626364656667686970717273747576777879808182838485868788899091929394959697"
    "9899";

static int count_digits(uint64_t v)
{
    int n = 1;
    for (;; n += 4, v /= 10000) {
        if (v < 10)
            return n;
        if (v < 100)
            return n + 1;
        if (v < 1000)
            return n + 2;
        if (v < 10000)
            return n + 3;
    }
}

// Writes V so that it ends at END.
static char *put_backwards(char *end, uint64_t v)
{
    while (v >= 100) {
        memcpy(end -= 2, pairs + v % 100 * 2, 2);
        v /= 100;
    }
    if (v >= 10)
        return memcpy(end - 2, pairs + v * 2, 2);
    *--end = (char)('0' + v);
    return end;
}

size_t number_put_u64(char *out, uint64_t v)
{
    int n = count_digits(v);
    put_backwards(out + n, v);
    return (size_t)n;
}

size_t number_put_i64(char *out, int64_t v)
{
    if (v >= 0)
        return number_put_u64(out, (uint64_t)v);
    *out = '-';
    return 1 + number_put_u64(out + 1, -(uint64_t)v);
}

// All digits of V, at least MINIMUM of them (at most 39), so that they end at END.
static char *put_digits(char *end, weir_u128 v, int minimum)
{
    char *least = end - minimum;
    const uint64_t chunk = UINT64_C(1000000000000000000);
    while (v >> 64) {
        char *p = put_backwards(end, (uint64_t)(v % chunk));
        end -= 18;
        while (p > end)
            *--p = '0';
        v /= chunk;
    }
    char *p = put_backwards(end, (uint64_t)v);
    while (p > least)
        *--p = '0';
    return p;
}

size_t number_put_dec(char *out, struct weir_dec d, int scale)
{
    char room[NUMBER_ROOM], *end = room + sizeof room;
    weir_i128 v = weir_dec_int(d);
    char *digits = put_digits(end, v < 0 ? -(weir_u128)v : (weir_u128)v, scale + 1), *p = out;
    if (v < 0)
        *p++ = '-';
    size_t whole = (size_t)(end - digits) - (size_t)scale;
    memcpy(p, digits, whole);
    p += whole;
    if (scale > 0) {
        *p++ = '.';
        memcpy(p, end - scale, (size_t)scale);
        p += scale;
    }
    return (size_t)(p - out);
}
