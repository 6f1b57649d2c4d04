#include "command/load.h"

#include <dlfcn.h>
#include <string.h>

static bool load_tcc(const char *command, const struct compilation *c, const struct writer *text, struct loaded *out)
{
    const char *why = NULL;
    out->jit = jit_compile(c->arena, text->text, c->externs, &why);
    if (out->jit != NULL)
        out->program = jit_program(out->jit);
    else
        fprintf(stderr, "weir %s: internal error: the emitted C does not compile: %s\n", command, why);
    return out->jit != NULL;
}

static bool load_cc(const char *command, const struct compilation *c, const struct writer *text, bool debug,
                    struct loaded *out)
{
    struct aot_options options = {.debug = debug, .externs = c->externs};
    const char *path, *why = aot_shared(c->arena, text->text, text->len, options, &path);
    if (why == NULL)
        out->program = aot_load(c->arena, path, &out->handle, &why);
    if (out->program == NULL)
        fprintf(stderr, "weir %s: %s\n", command, why);
    return out->program != NULL;
}

bool load(const char *command, const struct compilation *c, const struct writer *text, enum load_with with,
          struct loaded *out)
{
    *out = (struct loaded){0};
    if (with == LOAD_WITH_TCC && (c->externs == NULL || c->externs->needs_cc == NULL))
        return load_tcc(command, c, text, out);
    if (with == LOAD_WITH_TCC)
        fprintf(stderr, "weir %s: libtcc can't compile what is in C, the C compiler is used from the start (%s)\n",
                command, c->externs->needs_cc);
    return load_cc(command, c, text, with == LOAD_WITH_CC_DEBUG, out);
}

void unload(struct loaded *loaded)
{
    jit_free(loaded->jit);
    if (loaded->handle != NULL)
        dlclose(loaded->handle);
}
