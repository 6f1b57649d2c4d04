#include "weir_ops.h"

#include <math.h>
#include <sys/random.h>
#include <time.h>
#include <xxhash.h>

#include "ctx.h"

uint64_t weir_hash_seed;

// Before main: tables may be filled by any thread later.
__attribute__((constructor)) static void choose_hash_seed(void)
{
    if (getrandom(&weir_hash_seed, sizeof weir_hash_seed, GRND_NONBLOCK) != sizeof weir_hash_seed)
        // early in boot; good enough against accidents
        weir_hash_seed = (uint64_t)time(NULL) * UINT64_C(0x9E3779B97F4A7C15);
}

float weir_mod_f32(struct weir_ctx *w, float a, float b)
{
    if (b == 0)
        weir_fail(w, WEIR_BAD_DIVISION, "division by zero in %%");
    return b == 0 ? 0 : fmodf(a, b);
}

double weir_mod_f64(struct weir_ctx *w, double a, double b)
{
    if (b == 0)
        weir_fail(w, WEIR_BAD_DIVISION, "division by zero in %%");
    return b == 0 ? 0 : fmod(a, b);
}

struct weir_str weir_concat_slow(struct weir_ctx *w, struct weir_str a, struct weir_str b)
{
    size_t n = a.n + b.n;
    if (!weir_fits(w, n))
        return WEIR_STR("");
    char *p = ctx_append(w, a.p, a.n, b.n);
    memcpy(p + a.n, b.p, b.n);
    return (struct weir_str){p, n};
}

static uint64_t load64(const char *p)
{
    uint64_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

static uint64_t load32(const char *p)
{
    uint32_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

// Short keys, the usual ones, are two overlapping loads and one or two multiplications.
uint64_t weir_hash_str(struct weir_str v)
{
    uint64_t a, b;
    if (v.n > 16)
        return XXH3_64bits_withSeed(v.p, v.n, weir_hash_seed);
    if (v.n >= 8) {
        a = load64(v.p);
        b = load64(v.p + v.n - 8);
    } else if (v.n >= 4) {
        a = load32(v.p);
        b = load32(v.p + v.n - 4);
    } else if (v.n > 0) {
        a = (uint64_t)(unsigned char)v.p[0] << 16 | (uint64_t)(unsigned char)v.p[v.n / 2] << 8 |
            (unsigned char)v.p[v.n - 1];
        b = 0;
    } else {
        a = b = 0;
    }
    return weir_hash_mix(weir_hash_mix(a, b ^ weir_hash_seed), v.n ^ weir_hash_seed);
}
