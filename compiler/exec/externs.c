#include "exec/externs.h"

#include <dlfcn.h>
#include <limits.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/path.h"
#include "exec/aot.h"
#include "exec/c_messages.h"
#include "exec/elf_symbols.h"
#include "exec/extern_text.h"
#include "exec/jit.h"
#include "types/extern.h"

// A symbol of a unit.
struct global {
    const char *name;
    const struct c_file *file;
};

struct loading {
    struct arena *arena;
    struct source_set *sources;
    struct diag_bag *bag;
    const struct program *program;
    struct externs *externs;
    const struct extern_unit *unit; // being looked at
    VEC(struct global) defined, used;
};

// ---- names ----

// The library that has a function of that NAME, too: a program that had two would call either. NULL: none has.
static const char *taken_by(const char *name)
{
    Dl_info found, own;
    const void *address = dlsym(RTLD_DEFAULT, name);
    if (!address || !dladdr(address, &found) || !dladdr((const void *)externs_load, &own))
        return NULL;
    return found.dli_fbase == own.dli_fbase ? NULL : path_name(found.dli_fname);
}

static const struct fn *declared(const struct c_file *file, const char *name)
{
    for (int i = 0; i < file->fns.count; i++)
        if (strcmp(file->fns.items[i]->name, name) == 0)
            return file->fns.items[i];
    return NULL;
}

static bool check_names(struct loading *l, const struct c_file *file)
{
    int before = l->bag->errors;
    for (int i = 0; i < file->fns.count; i++) {
        const char *library = taken_by(file->fns.items[i]->name);
        if (!library)
            continue;
        struct diag *d =
            diag_error(l->bag, file->fns.items[i]->span, "`%s` is a function of %s", file->fns.items[i]->name, library);
        diag_help(l->bag, d, "give it another name, there and here");
    }
    return l->bag->errors == before;
}

static void report_missing(struct loading *l, const struct c_file *file, const struct fn *fn)
{
    struct diag *d = diag_error(l->bag, fn->span, "\"%s\" has no function `%s`", file->name, fn->name);
    diag_help(l->bag, d, "in C it is `%s`, and not static", extern_prototype(l->arena, fn));
}

// ---- shared libraries ----

static void open_library(struct loading *l, const struct c_file *file)
{
    const char *path = file->path;
    if (access(path, F_OK) != 0 && !strchr(file->name, '/'))
        path = file->name; // where the system has its libraries
    else if (!strchr(path, '/'))
        path = arena_printf(l->arena, "./%s", path);
    struct extern_library library = {.path = path, .handle = dlopen(path, RTLD_NOW | RTLD_LOCAL)};
    if (!library.handle) {
        diag_error(l->bag, file->span, "can't load \"%s\": %s", file->name, dlerror());
        return;
    }
    struct link_map *map;
    char real[PATH_MAX];
    if (dlinfo(library.handle, RTLD_DI_LINKMAP, &map) == 0 && realpath(map->l_name, real))
        library.path = arena_strdup(l->arena, real);
    vec_push(l->arena, &l->externs->libraries, library);
    for (int i = 0; i < file->fns.count; i++) {
        const struct fn *fn = file->fns.items[i];
        struct extern_symbol symbol = {fn->name, dlsym(library.handle, fn->name)};
        if (symbol.address)
            vec_push(l->arena, &l->externs->symbols, symbol);
        else
            report_missing(l, file, fn);
    }
}

// ---- files ----

static void take_symbol(void *arg, const char *name, bool is_defined)
{
    struct loading *l = arg;
    struct global global = {arena_strdup(l->arena, name), l->unit->file};
    if (is_defined)
        vec_push(l->arena, &l->defined, global);
    else
        vec_push(l->arena, &l->used, global);
}

// The object file of the unit, malloc'd; NULL after a report. What libtcc can't compile, the C compiler may.
static char *compile(struct loading *l, const struct extern_unit *unit, size_t *size)
{
    const char *why, *cc_why;
    char *object = jit_object(l->arena, unit, size, &why);
    if (object)
        return object;
    bool has_cc = aot_compiler(l->arena) != NULL;
    object = has_cc ? aot_object(l->arena, unit, size, &cc_why) : NULL;
    if (object)
        l->externs->needs_cc = strrchr(why, '\n') ? strrchr(why, '\n') + 1 : why;
    else
        c_messages_report(l->arena, l->bag, unit, has_cc ? cc_why : why);
    if (!object && !has_cc && vec_last(&l->bag->items)->helps.count == 0)
        diag_help(l->bag, vec_last(&l->bag->items),
                  "that is what libtcc says; a C compiler (gcc or clang) may do better");
    return object;
}

static void load_unit(struct loading *l, const struct c_file *file)
{
    const char *why;
    struct extern_unit unit;
    if (!extern_unit_read(l->arena, l->sources, file, &unit, &why)) {
        struct diag *d = diag_error(l->bag, file->span, "can't read \"%s\": %s", file->name, why);
        diag_help(l->bag, d, "C is looked for beside the file that declares its functions");
        return;
    }
    extern_texts(l->arena, l->sources, unit.source, l->externs);
    vec_push(l->arena, &l->externs->units, unit);
    l->unit = &unit;
    size_t size;
    char *object = compile(l, &unit, &size);
    if (object)
        elf_symbols(object, size, take_symbol, l);
    free(object);
}

// ---- what they define and use ----

static const struct global *find_defined(const struct loading *l, const char *name, const struct c_file *file)
{
    for (int i = 0; i < l->defined.count; i++)
        if ((!file || l->defined.items[i].file == file) && strcmp(l->defined.items[i].name, name) == 0)
            return &l->defined.items[i];
    return NULL;
}

static void check_declared(struct loading *l, const struct c_file *file)
{
    for (int i = 0; i < file->fns.count; i++) {
        const struct fn *fn = file->fns.items[i];
        if (!find_defined(l, fn->name, file))
            report_missing(l, file, fn);
    }
}

static void check_defined(struct loading *l, const struct global *defined)
{
    const struct global *other = find_defined(l, defined->name, NULL);
    const char *library = declared(defined->file, defined->name) ? NULL : taken_by(defined->name);
    if (strncmp(defined->name, "weir_", 5) == 0 || strcmp(defined->name, "main") == 0)
        library = "weir";
    struct diag *d = NULL;
    if (library)
        d = diag_error(l->bag, defined->file->span, "\"%s\" defines `%s`, which is a function of %s",
                       defined->file->name, defined->name, library);
    else if (other != defined)
        d = diag_error(l->bag, defined->file->span, "\"%s\" defines `%s`, and so does \"%s\"", defined->file->name,
                       defined->name, other->file->name);
    if (d)
        diag_help(l->bag, d, "make it `static`, or give it another name");
}

static void find_used(struct loading *l, const struct global *used)
{
    for (int i = 0; i < l->externs->symbols.count; i++)
        if (strcmp(l->externs->symbols.items[i].name, used->name) == 0)
            return;
    if (find_defined(l, used->name, NULL) || jit_has(used->name))
        return;
    struct extern_symbol symbol = {used->name, dlsym(RTLD_DEFAULT, used->name)};
    if (symbol.address)
        vec_push(l->arena, &l->externs->symbols, symbol);
    else if (used->name[0] != '_') // a C compiler's own, that its linker knows
        diag_error(l->bag, used->file->span, "\"%s\" uses `%s`, which neither it nor the C library has",
                   used->file->name, used->name);
}

static void check_symbols(struct loading *l)
{
    for (int i = 0; i < l->externs->units.count; i++)
        check_declared(l, l->externs->units.items[i].file);
    for (int i = 0; i < l->defined.count; i++)
        check_defined(l, &l->defined.items[i]);
    for (int i = 0; i < l->used.count; i++)
        find_used(l, &l->used.items[i]);
}

struct externs *externs_load(struct arena *arena, struct source_set *sources, struct diag_bag *bag,
                             const struct program *program)
{
    struct externs *externs = arena_new_of(arena, struct externs);
    struct loading l = {.arena = arena, .sources = sources, .bag = bag, .program = program, .externs = externs};
    int before = bag->errors;
    for (int i = 0; i < program->c_files.count; i++) {
        const struct c_file *file = program->c_files.items[i];
        if (!check_names(&l, file))
            continue;
        if (file->library)
            open_library(&l, file);
        else
            load_unit(&l, file);
    }
    if (bag->errors == before)
        check_symbols(&l);
    return externs;
}

void externs_free(struct externs *externs)
{
    for (int i = 0; externs && i < externs->libraries.count; i++)
        dlclose(externs->libraries.items[i].handle);
}

bool externs_equal(const struct externs *a, const struct externs *b)
{
    if (!a || !b)
        return a == b;
    bool equal = a->texts.count == b->texts.count && a->libraries.count == b->libraries.count;
    for (int i = 0; equal && i < a->texts.count; i++)
        equal = a->texts.items[i]->len == b->texts.items[i]->len &&
                memcmp(a->texts.items[i]->text, b->texts.items[i]->text, a->texts.items[i]->len) == 0;
    for (int i = 0; equal && i < a->libraries.count; i++)
        equal = strcmp(a->libraries.items[i].path, b->libraries.items[i].path) == 0;
    return equal;
}
