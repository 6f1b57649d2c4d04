#include "command/running.h"

#include <dlfcn.h>
#include <stdlib.h>

static int load_jit(struct running *r)
{
    const char *why = NULL;
    r->jit = jit_compile(r->c->arena, r->text.text, &why);
    if (r->jit == NULL) {
        fprintf(stderr, "weir run: internal error: the emitted C does not compile: %s\n", why);
        return EXIT_FAILED;
    }
    r->program = jit_program(r->jit);
    return EXIT_DONE;
}

static int load_cc(struct running *r, struct running_options options)
{
    const char *path,
        *why = aot_shared(r->c->arena, r->text.text, r->text.len, (struct aot_options){.debug = options.debug}, &path);
    if (why == NULL)
        r->program = aot_load(r->c->arena, path, &r->handle, &why);
    if (r->program != NULL)
        return EXIT_DONE;
    fprintf(stderr, "weir run: %s\n", why);
    return EXIT_FAILED;
}

int running_compile(const struct flags *flags, const char *file, struct running_options options, struct running **out)
{
    struct compilation *c = compilation_new();
    struct running *r = arena_new_of(c->arena, struct running);
    r->c = c;
    int status = flags_compile(flags, c, file, DRIVER_PLAN, (struct plan_options){0});
    if (status == EXIT_DONE) {
        driver_emit(c, options.debug, &r->text);
        status = options.tier == RUNNING_CC ? load_cc(r, options) : load_jit(r);
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
    if (options.tier == RUNNING_AUTO)
        r->tier = tier_start(r->text.text, r->text.len, (struct aot_options){0}, swap, rt);
}

void running_free(struct running *r)
{
    if (r == NULL)
        return;
    tier_stop(r->tier);
    jit_free(r->jit);
    if (r->handle != NULL)
        dlclose(r->handle);
    writer_free(&r->text);
    compilation_free(r->c);
}
