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
