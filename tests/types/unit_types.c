// What programs can't show well: the digits of decimals, interning, the tables of built-in functions.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "types/builtin.h"
#include "types/decimal_rules.h"
#include "types/name_map.h"
#include "types/overload.h"

struct fixture {
    struct arena *arena;
    struct intern *names;
    struct type_table *types;
};

static int set_up(void **state)
{
    static struct fixture f;
    f.arena = arena_new();
    f.names = intern_new(f.arena);
    f.types = type_table_new(f.arena, f.names);
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    arena_free(f->arena);
    return 0;
}

// ---- decimals ----

static void assert_result(enum ast_op op, struct decimal_shape a, struct decimal_shape b, int precision, int scale)
{
    struct decimal_shape r = decimal_result(op, a, b);
    assert_int_equal(r.precision, precision);
    assert_int_equal(r.scale, scale);
}

static void test_decimal_results(void **state)
{
    (void)state;
    struct decimal_shape money = {12, 2}, rate = {5, 4}, wide = {38, 10}, count = {19, 0}, small = {1, 0};
    assert_result(OP_ADD, money, rate, 15, 4);
    assert_result(OP_SUB, rate, money, 15, 4);
    assert_result(OP_MUL, money, rate, 17, 6);
    assert_result(OP_DIV, money, rate, 22, 8);
    assert_result(OP_MOD, money, rate, 5, 4);
    assert_result(OP_MUL, money, small, 13, 2);
    // At most 38 digits: scale goes before whole digits.
    assert_result(OP_ADD, wide, wide, 38, 10);
    assert_result(OP_MUL, wide, wide, 38, 0);
    assert_result(OP_DIV, (struct decimal_shape){38, 2}, count, 38, 2);
    assert_result(OP_ADD, (struct decimal_shape){38, 0}, (struct decimal_shape){38, 0}, 38, 0);
    assert_result(OP_MUL, (struct decimal_shape){38, 38}, (struct decimal_shape){38, 38}, 38, 38);
    assert_result(OP_DIV, small, small, 7, 6);
}

static void assert_parsed(const char *text, const char *digits, int scale)
{
    struct arena *arena = arena_new();
    struct decimal_value v;
    assert_true(decimal_parse(text, strlen(text), &v));
    assert_string_equal(decimal_text(arena, v.digits), digits);
    assert_int_equal(v.scale, scale);
    arena_free(arena);
}

static void test_decimal_parse(void **state)
{
    (void)state;
    assert_parsed("0", "0", 0);
    assert_parsed("10.00", "10", 0);
    assert_parsed("-0.050", "-5", 2);
    assert_parsed("1e3", "1000", 0);
    assert_parsed("1.5e-3", "15", 4);
    assert_parsed("0.0", "0", 0);
    assert_parsed("99999999999999999999999999999999999999", "99999999999999999999999999999999999999", 0);
    struct decimal_value v;
    assert_false(decimal_parse("999999999999999999999999999999999999999", 39, &v));
    assert_false(decimal_parse("1e99999999999", 13, &v));
    assert_false(decimal_parse("1e-39", 5, &v));
}

static void assert_fits(const char *text, int precision, int scale, const char *digits)
{
    struct arena *arena = arena_new();
    struct decimal_value v;
    decimal_digits out;
    assert_true(decimal_parse(text, strlen(text), &v));
    bool fits = decimal_fit(v, (struct decimal_shape){precision, scale}, &out);
    assert_int_equal(fits, digits != NULL);
    if (digits)
        assert_string_equal(decimal_text(arena, out), digits);
    arena_free(arena);
}

static void test_decimal_fit(void **state)
{
    (void)state;
    assert_fits("10", 4, 2, "1000");
    assert_fits("99.99", 4, 2, "9999");
    assert_fits("100", 4, 2, NULL);
    assert_fits("1.005", 4, 2, NULL);
    assert_fits("1.5000", 4, 2, "150");
    assert_fits("0", 38, 38, "0");
    assert_fits("1", 38, 38, NULL);
    assert_fits("-0.1", 38, 38, "-10000000000000000000000000000000000000");
}

// ---- types ----

static void test_interning(void **state)
{
    struct fixture *f = *state;
    const char *a = intern_cstr(f->names, "a"), *b = intern_cstr(f->names, "b"), *name = intern_cstr(f->names, "P");
    const struct type *string = type_of_kind(f->types, TYPE_STRING), *int64 = type_of_kind(f->types, TYPE_INT64);
    struct type_field fields[] = {{a, string}, {b, int64}}, swapped[] = {{b, int64}, {a, string}};
    const struct type *record = type_record(f->types, NULL, fields, 2);
    assert_ptr_equal(record, type_record(f->types, NULL, fields, 2));
    assert_ptr_not_equal(record, type_record(f->types, NULL, swapped, 2));
    // The first name seen is the one shown.
    assert_string_equal(type_show(f->arena, record), "{ a: string, b: int64 }");
    assert_ptr_equal(record, type_record(f->types, name, fields, 2));
    type_record(f->types, intern_cstr(f->names, "Q"), fields, 2);
    assert_string_equal(type_show(f->arena, record), "P");
    assert_ptr_equal(type_decimal(f->types, 12, 2), type_decimal(f->types, 12, 2));
    assert_ptr_not_equal(type_decimal(f->types, 12, 2), type_decimal(f->types, 2, 12));
    const struct type *optional = type_optional(f->types, type_list(f->types, record));
    assert_ptr_equal(type_optional(f->types, optional), optional);
    assert_string_equal(type_show(f->arena, optional), "[P]?");
    // Enums are what they are called.
    struct type_field cases[] = {{a, NULL}, {b, NULL}};
    assert_ptr_not_equal(type_enum(f->types, a, cases, 2), type_enum(f->types, b, cases, 2));
}

static void test_timestamps_are_the_same(void **state)
{
    struct fixture *f = *state;
    const struct type *plain = type_timestamp(f->types, false), *iso = type_timestamp(f->types, true);
    const char *at = intern_cstr(f->names, "at");
    struct type_field x[] = {{at, plain}}, y[] = {{at, iso}};
    const struct type *r = type_list(f->types, type_record(f->types, NULL, x, 1));
    const struct type *s = type_list(f->types, type_record(f->types, NULL, y, 1));
    assert_ptr_not_equal(r, s);
    assert_true(type_same(r, s));
    assert_true(type_same(iso, plain));
    assert_false(type_same(iso, type_of_kind(f->types, TYPE_INT64)));
}

static void test_many_fields(void **state)
{
    struct fixture *f = *state;
    enum { COUNT = 10000 };
    struct type_field *fields = arena_alloc(f->arena, COUNT * sizeof *fields);
    for (int i = 0; i < COUNT; i++)
        fields[i] = (struct type_field){intern_cstr(f->names, arena_printf(f->arena, "f%d", i)),
                                        type_of_kind(f->types, TYPE_STRING)};
    const struct type *record = type_record(f->types, NULL, fields, COUNT);
    for (int i = 0; i < COUNT; i++)
        assert_int_equal(type_field_index(record, fields[i].name), i);
    assert_int_equal(type_field_index(record, intern_cstr(f->names, "none")), -1);
    assert_true(strlen(type_show(f->arena, record)) < 1000);
}

static void test_name_map(void **state)
{
    struct fixture *f = *state;
    struct name_map map;
    name_map_init(&map, f->arena);
    int values[1000];
    for (int i = 0; i < 1000; i++)
        assert_null(name_map_add(&map, intern_cstr(f->names, arena_printf(f->arena, "n%d", i)), &values[i]));
    for (int i = 0; i < 1000; i++)
        assert_ptr_equal(name_map_get(&map, intern_cstr(f->names, arena_printf(f->arena, "n%d", i))), &values[i]);
    assert_ptr_equal(name_map_add(&map, intern_cstr(f->names, "n7"), &values[0]), &values[7]);
    assert_null(name_map_get(&map, intern_cstr(f->names, "other")));
}

// ---- built-in functions ----

static void test_signatures(void **state)
{
    struct fixture *f = *state;
    struct builtin_table *table = builtin_table_new(f->arena, f->names, f->types);
    for (int i = 0; i < BUILTIN_COUNT; i++) {
        const struct signature *s = builtin_signature(table, (enum builtin_id)i);
        assert_non_null(s->result);
        assert_true(s->required <= s->params.count);
        assert_non_null(builtin_find(table, s->name));
    }
    const struct signature *substr = builtin_find(table, "substr");
    assert_int_equal(substr->params.count, 3);
    assert_int_equal(substr->required, 2);
    assert_true(substr->params.items[2].otherwise.integer == INT64_MAX);
    assert_true(overload_takes(substr, 2) && overload_takes(substr, 3));
    assert_false(overload_takes(substr, 1) || overload_takes(substr, 4));
    const struct signature *pad = builtin_find(table, "pad_left");
    assert_string_equal(pad->params.items[2].otherwise.text, " ");
    const struct signature *fold = builtin_find(table, "fold");
    assert_int_equal(fold->params.items[2].type->kind, SIG_LAMBDA);
    assert_int_equal(fold->params.items[2].type->params.count, 2);
    const struct signature *zip = builtin_find(table, "zip");
    assert_int_equal(zip->result->element->fields.count, 2);
    assert_string_equal(zip->result->element->fields.items[1].name, "second");
    int overloads = 0;
    for (const struct signature *s = builtin_find(table, "length"); s; s = s->next)
        overloads++;
    assert_int_equal(overloads, 4);
    assert_null(builtin_find(table, "lenght"));
    assert_string_equal(builtin_nearest(table, "lenght"), "length");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decimal_results),
        cmocka_unit_test(test_decimal_parse),
        cmocka_unit_test(test_decimal_fit),
        cmocka_unit_test_setup_teardown(test_interning, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_timestamps_are_the_same, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_many_fields, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_name_map, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_signatures, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
