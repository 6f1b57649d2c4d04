#include "exec/jit.h"

#include <libtcc.h>
#include <stdlib.h>
#include <string.h>

#include "exec/headers.h"
#include "weir.h"

struct jit {
    TCCState *tcc;
    const struct weir_program *program;
};

struct messages {
    struct arena *arena;
    const char *first;
};

static void take_message(void *arg, const char *text)
{
    struct messages *messages = arg;
    if (messages->first == NULL)
        messages->first = arena_strdup(messages->arena, text);
}

// What tcc's code generator calls for conversions from and to uint64_t; its own library has them, but a machine need not have that.
static float float_of_uint64(uint64_t v)
{
    return (float)v;
}

static double double_of_uint64(uint64_t v)
{
    return (double)v;
}

static uint64_t uint64_of_float(float v)
{
    return (uint64_t)v;
}

static uint64_t uint64_of_double(double v)
{
    return (uint64_t)v;
}

static void add_symbols(TCCState *tcc)
{
#define WEIR_SYMBOL(name) tcc_add_symbol(tcc, #name, (const void *)&name);
#include "weir_symbols.def"
#undef WEIR_SYMBOL
    tcc_add_symbol(tcc, "memcpy", (const void *)memcpy);
    tcc_add_symbol(tcc, "memmove", (const void *)memmove);
    tcc_add_symbol(tcc, "memset", (const void *)memset);
    tcc_add_symbol(tcc, "memcmp", (const void *)memcmp);
    tcc_add_symbol(tcc, "__floatundisf", (const void *)float_of_uint64);
    tcc_add_symbol(tcc, "__floatundidf", (const void *)double_of_uint64);
    tcc_add_symbol(tcc, "__fixunssfdi", (const void *)uint64_of_float);
    tcc_add_symbol(tcc, "__fixunsdfdi", (const void *)uint64_of_double);
}

// TEXT with the line `#include <weir.h>` replaced by the embedded headers.
static char *with_headers(const char *text)
{
    static const char include[] = "#include <weir.h>\n";
    const char *at = strstr(text, include);
    size_t before = at == NULL ? 0 : (size_t)(at - text);
    const char *after = at == NULL ? text : at + sizeof include - 1;
    size_t rest = strlen(after);
    char *whole = malloc(before + headers_length + 1 + rest + 1);
    if (whole == NULL)
        return NULL;
    memcpy(whole, text, before);
    memcpy(whole + before, headers_text, headers_length);
    whole[before + headers_length] = '\n';
    memcpy(whole + before + headers_length + 1, after, rest + 1);
    return whole;
}

static bool compile(TCCState *tcc, const char *text)
{
    char *whole = with_headers(text);
    if (whole == NULL)
        return false;
    bool ok = tcc_compile_string(tcc, whole) == 0;
    free(whole);
    if (!ok)
        return false;
    add_symbols(tcc);
    return tcc_relocate(tcc, TCC_RELOCATE_AUTO) == 0;
}

struct jit *jit_compile(struct arena *arena, const char *text, const char **why)
{
    struct messages messages = {.arena = arena};
    TCCState *tcc = tcc_new();
    if (tcc == NULL) {
        *why = "out of memory";
        return NULL;
    }
    tcc_set_error_func(tcc, &messages, take_message);
    // Without these it would look for crt files, libtcc1.a and system headers that a machine need not have.
    tcc_set_options(tcc, "-nostdlib -nostdinc");
    tcc_set_output_type(tcc, TCC_OUTPUT_MEMORY);
    const struct weir_program *program = compile(tcc, text) ? tcc_get_symbol(tcc, "weir_program") : NULL;
    struct jit *jit = program == NULL ? NULL : malloc(sizeof *jit);
    if (jit == NULL) {
        tcc_delete(tcc);
        *why = messages.first != NULL ? messages.first : "the emitted C defines no program";
        return NULL;
    }
    *jit = (struct jit){tcc, program};
    return jit;
}

const struct weir_program *jit_program(const struct jit *jit)
{
    return jit->program;
}

void jit_free(struct jit *jit)
{
    if (jit == NULL)
        return;
    tcc_delete(jit->tcc);
    free(jit);
}
