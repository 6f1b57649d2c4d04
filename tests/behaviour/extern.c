// One function for each kind of type that goes over and back, and what they may do wrong.
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "extern_part.h"
#include "weir_extern.h"

bool negate(struct weir_ctx *w, bool v)
{
    (void)w;
    return !v;
}

int32_t next32(struct weir_ctx *w, int32_t v)
{
    if (v == INT_MAX)
        weir_fail(w, WEIR_BAD_USER, "there is nothing above %d", v);
    return v == INT_MAX ? v : v + 1;
}

int64_t next64(struct weir_ctx *w, int64_t v)
{
    (void)w;
    return v + PART;
}

float half32(struct weir_ctx *w, float v)
{
    (void)w;
    return v / 2;
}

double root(struct weir_ctx *w, double v)
{
    (void)w;
    return sqrt(v);
}

struct weir_str shout(struct weir_ctx *w, struct weir_str s)
{
    char *text = weir_alloc(w, s.n + 1);
    if (!text)
        return WEIR_NULL_STR;
    memcpy(text, s.p, s.n);
    text[s.n] = '!';
    return (struct weir_str){text, s.n + 1};
}

struct weir_str reversed(struct weir_ctx *w, struct weir_str bytes)
{
    char *out = weir_alloc(w, bytes.n);
    for (size_t i = 0; i < bytes.n; i++)
        out[i] = bytes.p[bytes.n - 1 - i];
    return (struct weir_str){out, bytes.n};
}

int64_t a_day_later(struct weir_ctx *w, int64_t t, int64_t day)
{
    (void)w;
    return t + day;
}

int32_t tomorrow(struct weir_ctx *w, int32_t date)
{
    (void)w;
    return date + 1;
}

struct weir_dec twice(struct weir_ctx *w, struct weir_dec v)
{
    (void)w;
    return (struct weir_dec){v.lo << 1, (int64_t)((uint64_t)v.hi << 1 | v.lo >> 63)};
}

struct weir_opt_i64 if_even(struct weir_ctx *w, struct weir_opt_i64 v)
{
    (void)w;
    v.some = v.some && v.v % 2 == 0;
    return v;
}

struct weir_str if_long(struct weir_ctx *w, struct weir_str s)
{
    (void)w;
    return s.p && s.n > 3 ? s : WEIR_NULL_STR;
}

struct weir_list squares(struct weir_ctx *w, struct weir_list numbers)
{
    const int64_t *from = numbers.v;
    int64_t *to = weir_alloc(w, numbers.n * sizeof *to);
    for (size_t i = 0; i < numbers.n; i++)
        to[i] = from[i] * from[i];
    return (struct weir_list){to, numbers.n};
}

struct weir_list ends(struct weir_ctx *w, struct weir_list words)
{
    const struct weir_str *from = words.v;
    struct weir_str *to = weir_alloc(w, 2 * sizeof *to);
    if (!from)
        return (struct weir_list){NULL, 0};
    to[0] = words.n ? from[0] : WEIR_NULL_STR;
    to[1] = words.n ? from[words.n - 1] : WEIR_NULL_STR;
    return (struct weir_list){to, 2};
}

// What it gives is wrong in the way that HOW says.
struct weir_str wrong(struct weir_ctx *w, struct weir_str how)
{
    if (how.n == 4 && memcmp(how.p, "null", 4) == 0)
        return WEIR_NULL_STR;
    if (how.n == 4 && memcmp(how.p, "utf8", 4) == 0)
        return WEIR_STR("a\xff");
    if (how.n == 4 && memcmp(how.p, "huge", 4) == 0)
        return (struct weir_str){"", (size_t)1 << 40};
    if (how.n == 4 && memcmp(how.p, "room", 4) == 0 && !weir_alloc(w, (size_t)1 << 30))
        return WEIR_STR("no room");
    if (how.n == 4 && memcmp(how.p, "fail", 4) == 0)
        weir_fail(w, WEIR_BAD_USER, "%.*s it is", (int)how.n, how.p);
    return how;
}

struct weir_dec many_digits(struct weir_ctx *w, int64_t n)
{
    (void)w;
    return (struct weir_dec){(uint64_t)n, n < 0 ? -1 : 0};
}

double not_a_number(struct weir_ctx *w)
{
    (void)w;
    return NAN;
}

struct weir_list wrong_list(struct weir_ctx *w, bool null)
{
    static const struct weir_str texts[] = {{"a", 1}, {"\xc3", 1}};
    (void)w;
    return null ? (struct weir_list){NULL, 3} : (struct weir_list){texts, 2};
}

int32_t by_length(struct weir_ctx *w, struct weir_str key, int32_t partitions)
{
    (void)w;
    return (int32_t)(key.n % (size_t)partitions);
}
