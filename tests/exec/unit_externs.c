// What is read of object files, whole and broken, and of what C compilers say.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "exec/c_messages.h"
#include "exec/elf_symbols.h"
#include "exec/jit.h"

struct names {
    char defined[256], used[256];
};

static void take(void *arg, const char *name, bool defined)
{
    struct names *names = arg;
    char *to = defined ? names->defined : names->used;
    if (strlen(to) + strlen(name) + 2 < sizeof names->used) {
        strcat(to, name);
        strcat(to, " ");
    }
}

static char *object_of(struct arena *arena, const char *text, size_t *size)
{
    struct c_file file = {.name = "x.c", .path = "x.c"};
    struct extern_unit unit = {.file = &file, .folder = ".", .text = text, .length = strlen(text)};
    const char *why = NULL;
    char *object = jit_object(arena, &unit, size, &why);
    if (!object)
        fail_msg("%s", why);
    return object;
}

static void symbols(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    size_t size;
    char *object = object_of(
        arena, "int zork(int); static int s(void) { return 1; } int a(void) { return zork(s()); } int b = 2;", &size);
    struct names names = {{0}, {0}};
    assert_true(elf_symbols(object, size, take, &names));
    assert_non_null(strstr(names.defined, "a "));
    assert_non_null(strstr(names.defined, "b "));
    assert_null(strstr(names.defined, "s "));
    assert_string_equal(names.used, "zork ");
    free(object);
    arena_free(arena);
}

static void broken_objects(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    size_t size;
    char *object = object_of(arena, "int zork(int); int a(void) { return zork(1); }", &size);
    for (size_t n = 0; n < size; n++) { // each in memory of its own size, so that sanitizers see what is read behind it
        struct names names = {{0}, {0}};
        char *part = malloc(n + 1);
        memcpy(part, object, n);
        elf_symbols(part, n, take, &names);
        free(part);
    }
    for (size_t i = 0; i < size; i++) {
        struct names names = {{0}, {0}};
        char *other = malloc(size);
        memcpy(other, object, size);
        other[i] = (char)~other[i];
        elf_symbols(other, size, take, &names);
        free(other);
    }
    free(object);
    arena_free(arena);
}

struct heard {
    struct arena *arena;
    struct source_set sources;
    struct diag_bag bag;
    struct fn fn;
    struct c_file file;
    struct extern_unit unit;
};

static void listen(struct heard *h)
{
    *h = (struct heard){.arena = arena_new()};
    h->sources.arena = h->bag.arena = h->arena;
    h->bag.sources = &h->sources;
    static const char program[] = "extern fn f() -> bool from \"x.c\"\n", c[] = "int a;\n\tint b\nint c;";
    source_from_text(&h->sources, "p.weir", program, sizeof program - 1);
    h->unit.source = source_from_text(&h->sources, "x.c", c, sizeof c - 1);
    static const struct type boolean = {.kind = TYPE_BOOL};
    h->fn = (struct fn){.name = "f", .span = {0, 10, 11}, .result = &boolean};
    h->file = (struct c_file){.name = "x.c", .path = "x.c", .span = {0, 27, 32}};
    vec_push(h->arena, &h->file.fns, &h->fn);
    h->unit.file = &h->file;
}

static void hears(const char *said, const char *message, int file, uint32_t begin)
{
    struct heard h;
    listen(&h);
    c_messages_report(h.arena, &h.bag, &h.unit, said);
    assert_int_equal(h.bag.errors, 1);
    assert_string_equal(h.bag.items.items[0]->message, message);
    assert_int_equal(h.bag.items.items[0]->span.file, file);
    assert_int_equal(h.bag.items.items[0]->span.begin, begin);
    arena_free(h.arena);
}

static void messages(void **state)
{
    (void)state;
    hears("x.c: In function 'f':\nx.c:2:7: error: expected ';'\n    2 | int b\n", "expected ';'", 1, 13);
    hears("x.c:2: error: ';' expected (got \"int\")", "';' expected (got \"int\")", 1, 8);
    hears("x.c:2:3: warning: no\nx.c:3:1: fatal error: y.h: No such file or directory\n",
          "y.h: No such file or directory", 1, 14);
    hears("x.c:99:99: error: behind the end [-Werror=x]", "behind the end", 1, 20);
    hears("/usr/include/a.h:5:1: error: what", "/usr/include/a.h:5: what", 0, 27);
    hears("cc: cannot execute cc1", "\"x.c\" can't be compiled: cc: cannot execute cc1", 0, 27);
    hears("", "\"x.c\" can't be compiled: ", 0, 27);
    hears("x.c:1:5: error: conflicting types for 'f'; have 'int(void)'",
          "`f` is not the function that the program declares", 1, 4);
    hears("x.c:1: error: incompatible types for redefinition of 'f'",
          "`f` is not the function that the program declares", 1, 0);
    hears("x.c:1:5: error: conflicting types for 'g'", "conflicting types for 'g'", 1, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(symbols),
        cmocka_unit_test(broken_objects),
        cmocka_unit_test(messages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
