// Diagnostics: what a terminal gets to see, the JSON form, and "did you mean".
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/diag.h"
#include "syntax/parse.h"

struct fixture {
    struct arena *arena;
    struct source_set sources;
    struct diag_bag bag;
    char *printed;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    f->arena = f->sources.arena = f->bag.arena = arena_new();
    f->bag.sources = &f->sources;
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    free(f->printed);
    arena_free(f->arena);
    free(f);
    return 0;
}

static void add_text(struct fixture *f, const char *text, size_t len)
{
    source_from_text(&f->sources, "x.weir", text, (uint32_t)len);
}

static const char *print(struct fixture *f, enum diag_format format, bool colour)
{
    size_t len;
    FILE *out = open_memstream(&f->printed, &len);
    diag_print(&f->bag, out, format, colour);
    fclose(out);
    return f->printed;
}

static struct span at(uint32_t begin, uint32_t end)
{
    return (struct span){0, begin, end};
}

static void text_has_lines_carets_notes_and_help(void **state)
{
    struct fixture *f = *state;
    add_text(f, "first\n  second line\n", 20);
    struct diag *d = diag_error(&f->bag, at(8, 14), "it is %s", "wrong");
    diag_label(&f->bag, d, "here");
    diag_related(&f->bag, d, at(0, 5), "see this");
    diag_help(&f->bag, d, "do better");
    assert_string_equal(print(f, DIAG_TEXT, false), "x.weir:2:3: error: it is wrong\n"
                                                    "   2 |   second line\n"
                                                    "     |   ^^^^^^ here\n"
                                                    "x.weir:1:1: note: see this\n"
                                                    "   1 | first\n"
                                                    "     | ^^^^^\n"
                                                    "     = help: do better\n");
}

static void they_are_sorted_and_said_once(void **state)
{
    struct fixture *f = *state;
    add_text(f, "a\nb\n", 4);
    diag_error(&f->bag, at(2, 3), "second");
    diag_warning(&f->bag, at(0, 1), "first");
    diag_error(&f->bag, at(2, 3), "second");
    assert_string_equal(print(f, DIAG_TEXT, false), "x.weir:1:1: warning: first\n   1 | a\n     | ^\n"
                                                    "x.weir:2:1: error: second\n   2 | b\n     | ^\n");
    assert_int_equal(f->bag.errors, 2);
    assert_int_equal(f->bag.warnings, 1);
}

static void nothing_reaches_the_terminal_unescaped(void **state)
{
    struct fixture *f = *state;
    static const char text[] = "\x1B[2J\xFF\xE2\x80\xAE\t\x07x\0y";
    add_text(f, text, sizeof text - 1);
    diag_error(&f->bag, at(10, 11), "bad \x1B[31m name");
    assert_string_equal(print(f, DIAG_TEXT, false), "x.weir:1:9: error: bad <1B>[31m name\n"
                                                    "   1 | <1B>[2J<FF><U+202E> <07>x<00>y\n"
                                                    "     |                         ^\n");
}

static void tabs_and_wide_characters_keep_the_caret_in_place(void **state)
{
    struct fixture *f = *state;
    static const char text[] = "\ta \xE6\x97\xA5\xE6\x9C\xAC x";
    add_text(f, text, sizeof text - 1);
    diag_error(&f->bag, at(10, 11), "x");
    assert_string_equal(print(f, DIAG_TEXT, false), "x.weir:1:7: error: x\n"
                                                    "   1 |     a \xE6\x97\xA5\xE6\x9C\xAC x\n"
                                                    "     |            ^\n");
}

static void long_lines_are_cut_around_the_caret(void **state)
{
    struct fixture *f = *state;
    char text[5000];
    memset(text, 'x', sizeof text);
    add_text(f, text, sizeof text);
    diag_error(&f->bag, at(2500, 2510), "middle");
    const char *printed = print(f, DIAG_TEXT, false);
    assert_non_null(strstr(printed, "   1 | ...xxx"));
    assert_non_null(strstr(printed, "xxx...\n"));
    assert_true(strlen(printed) < 400);
}

static void a_place_behind_the_end_is_shown(void **state)
{
    struct fixture *f = *state;
    add_text(f, "abc", 3);
    diag_error(&f->bag, at(3, 3), "more expected");
    diag_error(&f->bag, at(900, 950), "far away");
    assert_non_null(strstr(print(f, DIAG_TEXT, false), "x.weir:1:4: error: more expected\n   1 | abc\n     |    ^\n"));
}

static void colours_only_when_asked_for(void **state)
{
    struct fixture *f = *state;
    add_text(f, "abc", 3);
    diag_error(&f->bag, at(0, 1), "m");
    assert_non_null(strstr(print(f, DIAG_TEXT, true), "\033[1;31merror:\033[0m"));
    free(f->printed);
    assert_null(strchr(print(f, DIAG_TEXT, false), '\033'));
}

static void json_is_one_object_a_line(void **state)
{
    struct fixture *f = *state;
    add_text(f, "a\nb c\n", 6);
    struct diag *d = diag_error(&f->bag, at(2, 3), "say \"%s\"", "x\n");
    diag_related(&f->bag, d, at(0, 1), "there");
    diag_help(&f->bag, d, "one");
    diag_help(&f->bag, d, "two");
    diag_label(&f->bag, diag_warning(&f->bag, at(4, 5), "w"), "l");
    assert_string_equal(
        print(f, DIAG_JSON, false),
        "{\"level\":\"error\",\"message\":\"say "
        "\\\"x\\n\\\"\",\"file\":\"x.weir\",\"line\":2,\"column\":1,\"end_line\":2,"
        "\"end_column\":2,\"label\":null,\"related\":[{\"message\":\"there\",\"file\":\"x.weir\",\"line\":1,\"column\":"
        "1,"
        "\"end_line\":1,\"end_column\":2}],\"help\":[\"one\",\"two\"]}\n"
        "{\"level\":\"warning\",\"message\":\"w\",\"file\":\"x.weir\",\"line\":2,\"column\":3,\"end_line\":2,"
        "\"end_column\":4,\"label\":\"l\",\"related\":[],\"help\":[]}\n");
}

static void nearest_is_what_was_meant(void **state)
{
    (void)state;
    static const char *const words[] = {"filter", "map", "merge", "group", "aggregate", "to", "customer_id"};
    static const struct {
        const char *word, *nearest;
    } cases[] = {
        {"flter", "filter"},
        {"fitler", "filter"},
        {"FILTER", "filter"},
        {"mpa", "map"},
        {"agregate", "aggregate"},
        {"customerid", "customer_id"},
        {"To", "to"},
        {"at", NULL},
        {"xyz", NULL},
        {"filter", NULL},
        {"select", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *nearest = diag_nearest(cases[i].word, words, sizeof words / sizeof *words);
        if (cases[i].nearest)
            assert_string_equal(nearest, cases[i].nearest);
        else
            assert_null(nearest);
    }
    char endless[1000] = {0};
    memset(endless, 'a', sizeof endless - 1);
    assert_null(diag_nearest(endless, words, sizeof words / sizeof *words));
    assert_null(diag_nearest("a", NULL, 0));
}

// ---- what only bytes can say ----

static int errors_in(struct fixture *f, const char *text, size_t len)
{
    add_text(f, text, len);
    parse_file(f->arena, intern_new(f->arena), &f->bag, vec_last(&f->sources.files));
    return f->bag.errors;
}

#define ERRORS_IN(f, literal) errors_in(f, literal, sizeof(literal) - 1)

static void bytes_that_are_not_utf8_are_an_error(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(ERRORS_IN(f, "stream a = b | filter x == \"\xFF\"\n"), 1);
    assert_string_equal(print(f, DIAG_TEXT, false), "x.weir:1:29: error: this file is not UTF-8\n"
                                                    "   1 | stream a = b | filter x == \"<FF>\"\n"
                                                    "     |                             ^^^^ byte 0xFF\n");
}

static void zero_bytes_are_an_error(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(ERRORS_IN(f, "stream a = b \0\0| filter x\n"), 1);
    assert_non_null(strstr(print(f, DIAG_TEXT, false), "x.weir:1:14: error: there is a zero byte here\n"));
}

static void a_byte_order_mark_is_none(void **state)
{
    assert_int_equal(ERRORS_IN(*state, "\xEF\xBB\xBFstream a = b\r\nstream c = d\r\n"), 0);
}

// Each of these would overflow a stack that follows the input.
static void depth_is_bounded(void **state)
{
    static const char *const repeated[] = {"(",          "[",      "{",       "{a:", "!",     "-",
                                           "if a then ", "f(",     "a ?? ",   "a.",  "a[",    "try ",
                                           "x+",         "match ", "(x) => ", "1*",  "if a {"};
    for (size_t i = 0; i < sizeof repeated / sizeof *repeated; i++) {
        struct fixture *f = *state;
        size_t each = strlen(repeated[i]), len = 0;
        char *text = arena_alloc(f->arena, 64 + each * 100000);
        len += (size_t)sprintf(text, "fn f() -> int64 = ");
        for (int n = 0; n < 100000; n++, len += each)
            memcpy(text + len, repeated[i], each);
        int before = f->bag.errors;
        assert_true(errors_in(f, text, len) > before);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(text_has_lines_carets_notes_and_help, set_up, tear_down),
        cmocka_unit_test_setup_teardown(they_are_sorted_and_said_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_reaches_the_terminal_unescaped, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tabs_and_wide_characters_keep_the_caret_in_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(long_lines_are_cut_around_the_caret, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_place_behind_the_end_is_shown, set_up, tear_down),
        cmocka_unit_test_setup_teardown(colours_only_when_asked_for, set_up, tear_down),
        cmocka_unit_test_setup_teardown(json_is_one_object_a_line, set_up, tear_down),
        cmocka_unit_test(nearest_is_what_was_meant),
        cmocka_unit_test_setup_teardown(bytes_that_are_not_utf8_are_an_error, set_up, tear_down),
        cmocka_unit_test_setup_teardown(zero_bytes_are_an_error, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_byte_order_mark_is_none, set_up, tear_down),
        cmocka_unit_test_setup_teardown(depth_is_bounded, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
