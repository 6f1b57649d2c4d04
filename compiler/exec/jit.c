#include "exec/jit.h"

#include <libtcc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

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
    // What is not declared is taken to give an int: half of a pointer.
    bool matters = strstr(text, "warning: ") == NULL || strstr(text, "implicit declaration") != NULL;
    if (messages->first == NULL && matters)
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

static const struct extern_symbol symbols[] = {
#define WEIR_SYMBOL(name) {#name, (void *)&name},
#include "weir_symbols.def"
#undef WEIR_SYMBOL
    {"memcpy", (void *)memcpy},
    {"memmove", (void *)memmove},
    {"memset", (void *)memset},
    {"memcmp", (void *)memcmp},
    {"__floatundisf", (void *)float_of_uint64},
    {"__floatundidf", (void *)double_of_uint64},
    {"__fixunssfdi", (void *)uint64_of_float},
    {"__fixunsdfdi", (void *)uint64_of_double},
};
enum { SYMBOL_COUNT = sizeof symbols / sizeof *symbols };

bool jit_has(const char *name)
{
    for (size_t i = 0; i < SYMBOL_COUNT; i++)
        if (strcmp(symbols[i].name, name) == 0)
            return true;
    return false;
}

static void add_symbols(TCCState *tcc, const struct externs *externs)
{
    for (size_t i = 0; i < SYMBOL_COUNT; i++)
        tcc_add_symbol(tcc, symbols[i].name, symbols[i].address);
    for (int i = 0; externs != NULL && i < externs->symbols.count; i++)
        tcc_add_symbol(tcc, externs->symbols.items[i].name, externs->symbols.items[i].address);
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

static bool compile(TCCState *tcc, const char *text, const struct externs *externs)
{
    char *whole = with_headers(text);
    if (whole == NULL)
        return false;
    bool ok = tcc_compile_string(tcc, whole) == 0;
    free(whole);
    for (int i = 0; ok && externs != NULL && i < externs->units.count; i++) {
        tcc_add_include_path(tcc, externs->units.items[i].folder);
        ok = tcc_compile_string(tcc, externs->units.items[i].text) == 0;
    }
    if (!ok)
        return false;
    add_symbols(tcc, externs);
    return tcc_relocate(tcc, TCC_RELOCATE_AUTO) == 0;
}

// Without -nostdlib and, where no file includes any, -nostdinc it would look for crt files, libtcc1.a and system headers that a machine need
// not have.
static TCCState *new_state(struct messages *messages, const char *options, int output)
{
    TCCState *tcc = tcc_new();
    if (tcc == NULL)
        return NULL;
    tcc_set_error_func(tcc, messages, take_message);
    tcc_set_options(tcc, options);
    tcc_set_output_type(tcc, output);
    return tcc;
}

struct jit *jit_compile(struct arena *arena, const char *text, const struct externs *externs, const char **why)
{
    struct messages messages = {.arena = arena};
    bool includes = externs != NULL && externs->units.count > 0;
    TCCState *tcc = new_state(&messages, includes ? "-nostdlib" : "-nostdlib -nostdinc", TCC_OUTPUT_MEMORY);
    if (tcc == NULL) {
        *why = "out of memory";
        return NULL;
    }
    const struct weir_program *program = compile(tcc, text, externs) ? tcc_get_symbol(tcc, "weir_program") : NULL;
    struct jit *jit = program == NULL ? NULL : malloc(sizeof *jit);
    if (jit == NULL) {
        tcc_delete(tcc);
        *why = messages.first != NULL ? messages.first : "the emitted C defines no program";
        return NULL;
    }
    *jit = (struct jit){tcc, program};
    return jit;
}

static char *output_of(TCCState *tcc, size_t *size)
{
    char path[32];
    int fd = memfd_create("weir", MFD_CLOEXEC);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    char *object = NULL;
    if (fd >= 0 && tcc_output_file(tcc, path) == 0) {
        off_t end = lseek(fd, 0, SEEK_END);
        *size = (size_t)end;
        object = end > 0 ? malloc(*size) : NULL;
        if (object != NULL && pread(fd, object, *size, 0) != (ssize_t)end) {
            free(object);
            object = NULL;
        }
    }
    close(fd);
    return object;
}

char *jit_object(struct arena *arena, const struct extern_unit *unit, size_t *size, const char **why)
{
    struct messages messages = {.arena = arena};
    TCCState *tcc = new_state(&messages, "-nostdlib -Wimplicit-function-declaration", TCC_OUTPUT_OBJ);
    char *object = NULL;
    if (tcc != NULL) {
        tcc_add_include_path(tcc, unit->folder);
        bool ok = tcc_compile_string(tcc, unit->text) == 0 && messages.first == NULL;
        object = ok ? output_of(tcc, size) : NULL;
        tcc_delete(tcc);
    }
    *why = messages.first != NULL ? messages.first : "it makes no object file";
    return object;
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
