#include "command/running.h"

#include <stdlib.h>

int running_compile(const struct flags *flags, const char *file, struct running_options options, struct running **out)
{
    struct compilation *c = compilation_new();
    struct running *r = arena_new_of(c->arena, struct running);
    r->c = c;
    int status = flags_compile(flags, c, file, DRIVER_PLAN, (struct plan_options){0});
    if (status == EXIT_DONE) {
        driver_emit(c, options.debug, &r->text);
        enum load_with with = options.debug                ? LOAD_WITH_CC_DEBUG
                              : options.tier == RUNNING_CC ? LOAD_WITH_CC
                                                           : LOAD_WITH_TCC;
        status = load("run", c, &r->text, with, &r->loaded) ? EXIT_DONE : EXIT_FAILED;
    }
    if (status == EXIT_DONE)
        *out = r;
    else
        running_free(r);
    return status;
}

static bool swap(void *arg, const struct weir_program *program)
{
    return runtime_swap(arg, program);
}

void running_start_tier(struct running *r, struct running_options options, struct runtime *rt)
{
    if (options.tier == RUNNING_AUTO && r->loaded.jit != NULL)
        r->tier = tier_start(r->text.text, r->text.len, (struct aot_options){.externs = r->c->externs}, swap, rt);
}

void running_free(struct running *r)
{
    if (r == NULL)
        return;
    tier_stop(r->tier);
    unload(&r->loaded);
    writer_free(&r->text);
    compilation_free(r->c);
}
