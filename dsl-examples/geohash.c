// The geohash of a place: https://en.wikipedia.org/wiki/Geohash. Each digit has five bits, by turns of longitude and latitude.
#include "weir_extern.h"

#include <math.h>

struct range {
    double low, high;
};

// 1 if V is in the upper half, which the range becomes; else it becomes the lower one.
static unsigned half(struct range *r, double v)
{
    double middle = (r->low + r->high) / 2;
    if (v < middle) {
        r->high = middle;
        return 0;
    }
    r->low = middle;
    return 1;
}

struct weir_str geohash(struct weir_ctx *w, double lat, double lon, int32_t digits)
{
    static const char base32[] = "0123456789bcdefghjkmnpqrstuvwxyz";
    struct range lats = {-90, 90}, lons = {-180, 180};
    if (!(fabs(lat) <= 90 && fabs(lon) <= 180) || digits < 1 || digits > 12) {
        weir_fail(w, WEIR_BAD_USER, "there is no place %g, %g with %d digits", lat, lon, (int)digits);
        return WEIR_STR("");
    }
    char *text = weir_alloc(w, (size_t)digits);
    unsigned bits = 0;
    for (int i = 0; i < digits * 5; i++) {
        bits = bits << 1 | (i % 2 ? half(&lats, lat) : half(&lons, lon));
        if (i % 5 == 4) {
            text[i / 5] = base32[bits];
            bits = 0;
        }
    }
    return (struct weir_str){text, (size_t)digits};
}
