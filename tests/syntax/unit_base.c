// What every pass stands on: memory, names, places in a source, and the writer's escapes.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/intern.h"
#include "base/source.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "base/writer.h"

static int set_up(void **state)
{
    *state = arena_new();
    return 0;
}

static int tear_down(void **state)
{
    arena_free(*state);
    return 0;
}

// ---- arena and vectors ----

static void arena_memory_is_zeroed_and_aligned(void **state)
{
    for (size_t size = 0; size < 3000; size += 7) {
        unsigned char *p = arena_alloc(*state, size);
        assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(p[i], 0);
        memset(p, 0xFF, size);
    }
}

static void arena_takes_big_blocks_between_small(void **state)
{
    char *small = arena_strdup(*state, "small");
    char *big = arena_alloc(*state, 10 * 1024 * 1024);
    memset(big, 1, 10 * 1024 * 1024);
    char *after = arena_strdup(*state, "after");
    assert_string_equal(small, "small");
    assert_string_equal(after, "after");
}

static void arena_text_is_copied(void **state)
{
    assert_string_equal(arena_strndup(*state, "abcdef", 3), "abc");
    assert_string_equal(arena_strndup(*state, "", 0), "");
    assert_string_equal(arena_printf(*state, "%d-%s", 12, "x"), "12-x");
    char *zero = arena_strndup(*state, "a\0b", 3);
    assert_memory_equal(zero, "a\0b", 4);
}

static void vec_grows(void **state)
{
    VEC(int) numbers = {0};
    for (int i = 0; i < 1000; i++)
        vec_push((struct arena *)*state, &numbers, i);
    assert_int_equal(numbers.count, 1000);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(numbers.items[i], i);
    assert_int_equal(vec_last(&numbers), 999);
}

// ---- names ----

static void equal_names_are_one_pointer(void **state)
{
    struct intern *names = intern_new(*state);
    const char *first[5000];
    for (int i = 0; i < 5000; i++)
        first[i] = intern_cstr(names, arena_printf(*state, "name_%d", i));
    for (int i = 0; i < 5000; i++)
        assert_ptr_equal(intern_cstr(names, arena_printf(*state, "name_%d", i)), first[i]);
    assert_ptr_equal(intern_name(names, "name_12345", 6), intern_cstr(names, "name_1"));
    assert_ptr_not_equal(intern_name(names, "a\0b", 3), intern_name(names, "a\0c", 3));
}

// ---- sources ----

static struct source *source_of(struct source_set *set, const char *text)
{
    return source_from_text(set, "x.weir", text, (uint32_t)strlen(text));
}

static void assert_position(const struct source *s, uint32_t offset, int line, int column)
{
    struct position at = source_position(s, offset);
    assert_int_equal(at.line, line);
    assert_int_equal(at.column, column);
}

static void positions_count_code_points(void **state)
{
    struct source_set set = {.arena = *state};
    struct source *s = source_of(&set, "ab\n\xC3\xA9x\n\nz");
    assert_position(s, 0, 1, 1);
    assert_position(s, 2, 1, 3);
    assert_position(s, 3, 2, 1);
    assert_position(s, 5, 2, 2);
    assert_position(s, 6, 2, 3);
    assert_position(s, 7, 3, 1);
    assert_position(s, 8, 4, 1);
    assert_position(s, 1000, 4, 2);
    assert_position(source_of(&set, ""), 0, 1, 1);
    assert_int_equal(set.files.items[1]->id, 1);
}

static void lines_have_no_line_ends(void **state)
{
    struct source_set set = {.arena = *state};
    struct source *s = source_of(&set, "one\r\ntwo\n\nlast");
    static const struct {
        uint32_t offset;
        const char *line;
    } cases[] = {{0, "one"}, {3, "one"}, {4, "one"}, {5, "two"}, {8, "two"}, {9, ""}, {10, "last"}, {14, "last"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *begin;
        uint32_t len;
        source_line(s, cases[i].offset, &begin, &len);
        assert_int_equal(len, strlen(cases[i].line));
        assert_memory_equal(begin, cases[i].line, len);
    }
}

static void spans_join(void **state)
{
    (void)state;
    struct span joined = span_join((struct span){1, 2, 9}, (struct span){1, 4, 6});
    assert_int_equal(joined.begin, 2);
    assert_int_equal(joined.end, 9);
}

static void missing_files_say_why(void **state)
{
    struct source_set set = {.arena = *state};
    const char *why = NULL;
    assert_null(source_read(&set, "/no/such/file.weir", &why));
    assert_string_equal(why, "No such file or directory");
    assert_null(source_read(&set, "/", &why));
    assert_string_equal(why, "Is a directory");
    assert_int_equal(set.files.count, 0);
}

// ---- UTF-8 ----

static void utf8_is_strict(void **state)
{
    (void)state;
    static const char *const bad[] = {"\x80",
                                      "\xC0\x80",
                                      "\xC1\xBF",
                                      "\xC3",
                                      "\xE0\x80\x80",
                                      "\xED\xA0\x80",
                                      "\xF0\x80\x80\x80",
                                      "\xF4\x90\x80\x80",
                                      "\xF8\x88\x80\x80\x80",
                                      "\xFF",
                                      "\xE2\x82"};
    uint32_t code;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(utf8_decode(bad[i], strlen(bad[i]), &code), 0);
    static const uint32_t good[] = {0, 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        char text[4];
        size_t len = utf8_encode(good[i], text);
        assert_int_equal(utf8_decode(text, len, &code), len);
        assert_int_equal(code, good[i]);
    }
    assert_int_equal(utf8_valid_prefix("ab\xC3\xA9\xFFz", 6), 4);
}

// ---- writer ----

static void writer_indents_lines_but_not_empty_ones(void **state)
{
    (void)state;
    struct writer w = {0};
    writer_puts(&w, "a {\n");
    w.indent++;
    writer_printf(&w, "b %d\n\nc\n", 1);
    w.indent--;
    writer_puts(&w, "}");
    assert_string_equal(w.text, "a {\n    b 1\n\n    c\n}");
    writer_free(&w);
    assert_null(w.text);
}

static void writer_prints_long_texts(void **state)
{
    struct writer w = {0};
    char *text = arena_alloc(*state, 100001);
    memset(text, 'x', 100000);
    writer_printf(&w, "<%s>", text);
    assert_int_equal(w.len, 100002);
    assert_int_equal(w.text[100001], '>');
    writer_free(&w);
}

static void c_strings_hold_any_bytes(void **state)
{
    (void)state;
    struct writer w = {0};
    static const char text[] = "a\"\\\n\t\0"
                               "7?\?=\xC3\xA9*/";
    writer_c_string(&w, text, sizeof text - 1);
    assert_string_equal(w.text, "\"a\\\"\\\\\\n\\t\\0007?\\?=\\303\\251*/\"");
    writer_free(&w);
}

static void json_strings_are_json(void **state)
{
    (void)state;
    struct writer w = {0};
    static const char text[] = "a\"\\/\n\x01\x7F\xC3\xA9\xFF\xED\xA0\x80";
    writer_json_string(&w, text, sizeof text - 1);
    assert_string_equal(w.text,
                        "\"a\\\"\\\\/\\n\\u0001\\u007f\xC3\xA9\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
    writer_free(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(arena_memory_is_zeroed_and_aligned, set_up, tear_down),
        cmocka_unit_test_setup_teardown(arena_takes_big_blocks_between_small, set_up, tear_down),
        cmocka_unit_test_setup_teardown(arena_text_is_copied, set_up, tear_down),
        cmocka_unit_test_setup_teardown(vec_grows, set_up, tear_down),
        cmocka_unit_test_setup_teardown(equal_names_are_one_pointer, set_up, tear_down),
        cmocka_unit_test_setup_teardown(positions_count_code_points, set_up, tear_down),
        cmocka_unit_test_setup_teardown(lines_have_no_line_ends, set_up, tear_down),
        cmocka_unit_test(spans_join),
        cmocka_unit_test_setup_teardown(missing_files_say_why, set_up, tear_down),
        cmocka_unit_test(utf8_is_strict),
        cmocka_unit_test(writer_indents_lines_but_not_empty_ones),
        cmocka_unit_test_setup_teardown(writer_prints_long_texts, set_up, tear_down),
        cmocka_unit_test(c_strings_hold_any_bytes),
        cmocka_unit_test(json_strings_are_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
