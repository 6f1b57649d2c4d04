// Counts its calls, so that a program can tell how often it was called.
#include "weir_extern.h"

static int64_t count;

int64_t tick(struct weir_ctx *w, int64_t by)
{
    (void)w;
    count += by;
    return count;
}

int64_t ticks(struct weir_ctx *w)
{
    (void)w;
    return count;
}

int64_t pure_tick(struct weir_ctx *w, int64_t by)
{
    return tick(w, by);
}

// Of each of these the first call is the only one, where its arguments are constants.
struct weir_str pure_text(struct weir_ctx *w, struct weir_str s, struct weir_list numbers)
{
    const int64_t *n = numbers.v;
    char *text = weir_alloc(w, s.n + numbers.n);
    tick(w, 1000000000);
    for (size_t i = 0; i < s.n; i++)
        text[i] = s.p[i];
    for (size_t i = 0; i < numbers.n; i++)
        text[s.n + i] = (char)('0' + n[i]);
    return (struct weir_str){text, s.n + numbers.n};
}

struct weir_list pure_list(struct weir_ctx *w, struct weir_str s)
{
    struct weir_str *both = weir_alloc(w, 2 * sizeof *both);
    tick(w, 1000000000);
    both[0] = pure_text(w, s, (struct weir_list){"", 0});
    both[1] = WEIR_NULL_STR;
    return (struct weir_list){both, 2};
}

struct weir_opt_i64 pure_fails(struct weir_ctx *w, bool fails)
{
    if (fails)
        weir_fail(w, WEIR_BAD_USER, "it fails each time");
    return (struct weir_opt_i64){tick(w, 1000000000) > 0, true};
}
