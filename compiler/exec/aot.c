#include "exec/aot.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/vec.h"
#include "exec/headers.h"
#include "exec/spawn.h"
#include "write_all.h"

struct arguments {
    VEC(char *) items;
};

static void add(struct arena *arena, struct arguments *arguments, const char *text)
{
    vec_push(arena, &arguments->items, arena_strdup(arena, text));
}

static void add_words(struct arena *arena, struct arguments *arguments, const char *words)
{
    for (const char *p = words; p != NULL && *p != '\0';) {
        size_t n = strcspn(p, " ");
        if (n > 0)
            vec_push(arena, &arguments->items, arena_strndup(arena, p, n));
        p += n + (p[n] == ' ');
    }
}

const char *aot_compiler(struct arena *arena)
{
    const char *named = getenv("CC");
    const char *const candidates[] = {named != NULL && *named != '\0' ? named : "cc", "cc", "gcc", "clang"};
    for (size_t i = 0; i < sizeof candidates / sizeof *candidates; i++) {
        const char *path = spawn_find(arena, candidates[i]);
        if (path != NULL)
            return path;
    }
    return NULL;
}

// Where weir.h or libweir_rt.a are: beside the installed command, else where this build left them.
static const char *part_dir(struct arena *arena, const char *installed, const char *file, const char *built)
{
    char self[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    if (n > 0) {
        self[n] = '\0';
        *strrchr(self, '/') = '\0';
        const char *dir = arena_printf(arena, "%s/../%s", self, installed);
        if (access(arena_printf(arena, "%s/%s", dir, file), R_OK) == 0)
            return dir;
    }
    return built;
}

static void add_common(struct arena *arena, struct arguments *arguments, const char *compiler,
                       struct aot_options options)
{
    add(arena, arguments, compiler);
    add(arena, arguments, "-std=c11");
    add(arena, arguments, options.debug ? "-O0" : "-O3");
    if (options.debug)
        add(arena, arguments, "-g");
    add_words(arena, arguments, options.cflags != NULL ? options.cflags : getenv("WEIR_CFLAGS"));
    add(arena, arguments, "-I");
    add(arena, arguments, part_dir(arena, "include/weir", "weir.h", WEIR_INCLUDE_DIR));
    add(arena, arguments, "-x");
    add(arena, arguments, "c");
    add(arena, arguments, "-"); // the text comes through standard input: no file to be tampered with
}

static const char *fd_path(struct arena *arena, int fd)
{
    return arena_printf(arena, "/proc/%ld/fd/%d", (long)getpid(), fd);
}

// The texts of units, in memory, for as long as the compiler runs: only one can come through standard input.
struct unit_files {
    VEC(int) fds;
};

// Where its `#include "..."` are looked for.
static void add_folder(struct arena *arena, struct arguments *arguments, const struct extern_unit *unit)
{
    add(arena, arguments, "-iquote");
    add(arena, arguments, unit->folder);
}

static const char *add_unit(struct arena *arena, struct arguments *arguments, const struct extern_unit *unit,
                            struct unit_files *files)
{
    int fd = memfd_create("weir", MFD_CLOEXEC);
    if (fd < 0)
        return arena_printf(arena, "memfd_create: %s", strerror(errno));
    vec_push(arena, &files->fds, fd);
    if (!write_all(fd, unit->text, unit->length))
        return arena_printf(arena, "can't keep \"%s\" in memory: %s", unit->file->name, strerror(errno));
    add_folder(arena, arguments, unit);
    add(arena, arguments, fd_path(arena, fd));
    return NULL;
}

// The units, and what ends all C on the command line.
static const char *add_units(struct arena *arena, struct arguments *arguments, const struct externs *externs,
                             struct unit_files *files)
{
    const char *why = NULL;
    for (int i = 0; why == NULL && externs != NULL && i < externs->units.count; i++)
        why = add_unit(arena, arguments, &externs->units.items[i], files);
    add(arena, arguments, "-x");
    add(arena, arguments, "none");
    for (int i = 0; externs != NULL && i < externs->libraries.count; i++) {
        const char *path = externs->libraries.items[i].path;
        add(arena, arguments, path);
        add(arena, arguments, arena_printf(arena, "-Wl,-rpath,%.*s", (int)(strrchr(path, '/') - path), path));
    }
    return why;
}

static void close_files(struct unit_files *files)
{
    for (int i = 0; i < files->fds.count; i++)
        close(files->fds.items[i]);
}

static const char *no_compiler(struct arena *arena)
{
    return arena_strdup(arena, "no C compiler found: install gcc or clang, or name one with CC=...");
}

// Runs the compiler on TEXT into a new file beside OUTPUT and renames it, so that OUTPUT is whole or not there.
static const char *compile_to(struct arena *arena, struct arguments *arguments, const char *text, size_t length,
                              const char *output, struct aot_options options)
{
    const char *unfinished = arena_printf(arena, "%s.%ld.tmp", output, (long)getpid());
    add(arena, arguments, "-o");
    add(arena, arguments, unfinished);
    vec_push(arena, &arguments->items, NULL);
    const char *why = spawn_run(arena, arguments->items.items, text, length, options.cancellable ? options.cancel : -1);
    if (why == NULL && rename(unfinished, output) != 0)
        why = arena_printf(arena, "can't write %s: %s", output, strerror(errno));
    if (why != NULL)
        unlink(unfinished);
    return why;
}

const char *aot_build(struct arena *arena, const char *text, size_t length, const char *output,
                      struct aot_options options)
{
    const char *compiler = aot_compiler(arena);
    if (compiler == NULL)
        return no_compiler(arena);
    struct arguments arguments = {0};
    struct unit_files files = {0};
    add_common(arena, &arguments, compiler, options);
    const char *why = add_units(arena, &arguments, options.externs, &files);
    const char *lib = part_dir(arena, "lib", "libweir_rt.a", WEIR_LIB_DIR);
    add(arena, &arguments, arena_printf(arena, "%s/libweir_rt.a", lib));
    add_words(arena, &arguments, WEIR_RT_CFLAGS);
    // Only what the program uses is loaded when it starts.
    add(arena, &arguments, "-Wl,--as-needed");
    add_words(arena, &arguments, WEIR_RT_LIBS);
    if (why == NULL)
        why = compile_to(arena, &arguments, text, length, output, options);
    close_files(&files);
    return why;
}

// $XDG_CACHE_HOME/weir, private to the user; NULL if there is no such place.
static const char *cache_dir(struct arena *arena)
{
    const char *base = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (base == NULL || *base != '/')
        base = home != NULL && *home == '/' ? arena_printf(arena, "%s/.cache", home) : NULL;
    if (base == NULL)
        return NULL;
    mkdir(base, 0700);
    const char *dir = arena_printf(arena, "%s/weir", base);
    mkdir(dir, 0700);
    struct stat st;
    if (stat(dir, &st) != 0 || !S_ISDIR(st.st_mode) || st.st_uid != geteuid() || (st.st_mode & 022) != 0)
        return NULL;
    return dir;
}

static void hash_externs(XXH3_state_t *state, const struct externs *externs)
{
    for (int i = 0; i < externs->units.count; i++)
        XXH3_128bits_update(state, externs->units.items[i].text, externs->units.items[i].length);
    for (int i = 0; i < externs->texts.count; i++)
        XXH3_128bits_update(state, externs->texts.items[i]->text, externs->texts.items[i]->len);
    for (int i = 0; i < externs->libraries.count; i++)
        XXH3_128bits_update(state, externs->libraries.items[i].path, strlen(externs->libraries.items[i].path) + 1);
}

static const char *object_name(struct arena *arena, const struct arguments *arguments, const char *text, size_t length,
                               const struct externs *externs)
{
    XXH3_state_t *state = XXH3_createState();
    if (state == NULL)
        return NULL;
    XXH3_128bits_reset(state);
    XXH3_128bits_update(state, text, length);
    for (int i = 0; i < arguments->items.count; i++)
        XXH3_128bits_update(state, arguments->items.items[i], strlen(arguments->items.items[i]) + 1);
    XXH3_128bits_update(state, headers_text, headers_length); // another weir, another contract
    if (externs != NULL)
        hash_externs(state, externs);
    XXH128_hash_t hash = XXH3_128bits_digest(state);
    XXH3_freeState(state);
    return arena_printf(arena, "%016llx%016llx.so", (unsigned long long)hash.high64, (unsigned long long)hash.low64);
}

const char *aot_shared(struct arena *arena, const char *text, size_t length, struct aot_options options,
                       const char **path)
{
    const char *compiler = aot_compiler(arena), *dir = cache_dir(arena);
    if (compiler == NULL)
        return no_compiler(arena);
    if (dir == NULL)
        return "there is no private cache folder: set HOME or XDG_CACHE_HOME";
    struct arguments arguments = {0};
    struct unit_files files = {0};
    add_common(arena, &arguments, compiler, options);
    add(arena, &arguments, "-shared");
    add(arena, &arguments, "-fPIC");
    // Its own tables, not those of a program loaded before it.
    add(arena, &arguments, "-Wl,-Bsymbolic");
    const char *name = object_name(arena, &arguments, text, length, options.externs);
    if (name == NULL)
        return "out of memory";
    *path = arena_printf(arena, "%s/%s", dir, name);
    if (access(*path, R_OK) == 0)
        return NULL;
    const char *why = add_units(arena, &arguments, options.externs, &files);
    if (why == NULL)
        why = compile_to(arena, &arguments, text, length, *path, options);
    close_files(&files);
    return why;
}

static char *read_object(const char *path, size_t *size)
{
    FILE *f = fopen(path, "rb");
    struct stat st;
    char *object = f != NULL && fstat(fileno(f), &st) == 0 && st.st_size > 0 ? malloc((size_t)st.st_size) : NULL;
    *size = object != NULL ? fread(object, 1, (size_t)st.st_size, f) : 0;
    if (f != NULL)
        fclose(f);
    return object;
}

char *aot_object(struct arena *arena, const struct extern_unit *unit, size_t *size, const char **why)
{
    struct arguments arguments = {0};
    char path[] = "/tmp/weir-XXXXXX";
    int fd = mkstemp(path);
    if (fd < 0) {
        *why = arena_printf(arena, "/tmp: %s", strerror(errno));
        return NULL;
    }
    close(fd);
    add_common(arena, &arguments, aot_compiler(arena), (struct aot_options){0});
    add(arena, &arguments, "-c");
    add(arena, &arguments, "-Werror=implicit-function-declaration");
    add(arena, &arguments, "-ftabstop=1"); // columns are bytes
    add_folder(arena, &arguments, unit);
    add(arena, &arguments, "-o");
    add(arena, &arguments, path);
    vec_push(arena, &arguments.items, NULL);
    *why = spawn_run(arena, arguments.items.items, unit->text, unit->length, -1);
    char *object = *why == NULL ? read_object(path, size) : NULL;
    unlink(path);
    return object;
}

const struct weir_program *aot_load(struct arena *arena, const char *path, void **handle, const char **why)
{
    *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    const struct weir_program *program = *handle == NULL ? NULL : dlsym(*handle, "weir_program");
    if (program != NULL && program->abi == WEIR_ABI)
        return program;
    const char *error = program == NULL ? dlerror() : NULL;
    *why = arena_strdup(arena, error != NULL ? error : "it was made by another version of weir");
    if (*handle != NULL)
        dlclose(*handle);
    *handle = NULL;
    return NULL;
}
