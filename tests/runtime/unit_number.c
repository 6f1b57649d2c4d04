// Operators, functions on numbers, and conversions.
#include "kernel_test.h"

#include <math.h>

static void integers(void **state)
{
    (void)state;
    assert_int_equal(weir_add_i32(w, INT32_MAX - 1, 1), INT32_MAX);
    weir_add_i32(w, INT32_MAX, 1);
    assert_bad(WEIR_BAD_OVERFLOW, "int32 overflow in +");
    weir_sub_i32(w, INT32_MIN, 1);
    assert_bad(WEIR_BAD_OVERFLOW, "int32 overflow in -");
    weir_mul_i32(w, 65536, 65536);
    assert_bad(WEIR_BAD_OVERFLOW, "int32 overflow in *");
    weir_add_i64(w, INT64_MAX, 1);
    assert_bad(WEIR_BAD_OVERFLOW, "int64 overflow in +");
    weir_sub_i64(w, INT64_MIN, 1);
    assert_bad(WEIR_BAD_OVERFLOW, "int64 overflow in -");
    weir_mul_i64(w, INT64_MAX, 2);
    assert_bad(WEIR_BAD_OVERFLOW, "int64 overflow in *");
    assert_int_equal(weir_div_i64(w, -7, 2), -3);
    assert_int_equal(weir_mod_i64(w, -7, 2), -1);
    assert_int_equal(weir_div_i32(w, 7, -2), -3);
    assert_int_equal(weir_mod_i32(w, 7, -2), 1);
    assert_int_equal(weir_mod_i64(w, INT64_MIN, -1), 0);
    assert_int_equal(weir_mod_i32(w, INT32_MIN, -1), 0);
    weir_div_i64(w, INT64_MIN, -1);
    assert_bad(WEIR_BAD_OVERFLOW, "int64 overflow in /");
    weir_div_i32(w, INT32_MIN, -1);
    assert_bad(WEIR_BAD_OVERFLOW, "int32 overflow in /");
    weir_div_i32(w, 1, 0);
    assert_bad(WEIR_BAD_DIVISION, "division by zero");
    weir_div_i64(w, 1, 0);
    assert_bad(WEIR_BAD_DIVISION, "division by zero");
    weir_mod_i32(w, 1, 0);
    assert_bad(WEIR_BAD_DIVISION, "division by zero in %");
    weir_mod_i64(w, 1, 0);
    assert_bad(WEIR_BAD_DIVISION, "division by zero in %");
    weir_neg_i32(w, INT32_MIN);
    assert_bad(WEIR_BAD_OVERFLOW, "int32 overflow");
    weir_neg_i64(w, INT64_MIN);
    assert_bad(WEIR_BAD_OVERFLOW, "int64 overflow");
    weir_abs_i64(w, INT64_MIN);
    assert_bad(WEIR_BAD_OVERFLOW, "int64 overflow");
    assert_int_equal(weir_abs_i32(w, -7), 7);
    assert_int_equal(weir_sign_i64(w, -7), -1);
}

static void floats(void **state)
{
    (void)state;
    assert_true(weir_add_f64(w, 0.5, 0.25) == 0.75 && isinf(weir_mul_f64(w, 1e300, 1e300)) &&
                weir_sub_f32(w, 1, 2) == -1);
    weir_div_f64(w, 1, 0);
    assert_bad(WEIR_BAD_DIVISION, "division by zero");
    weir_div_f32(w, 1, -0.0f);
    assert_bad(WEIR_BAD_DIVISION, "division by zero");
    weir_mod_f64(w, 1, 0);
    assert_bad(WEIR_BAD_DIVISION, "division by zero");
    weir_mod_f32(w, 1, 0);
    assert_bad(WEIR_BAD_DIVISION, "division by zero");
    assert_true(weir_mod_f64(w, -7.5, 2) == -1.5);
    static const struct {
        double v;
        int64_t digits;
        double expected;
    } cases[] = {
        {2.5, 0, 3},
        {-2.5, 0, -3},
        {0.49999999999999994, 0, 0},
        {1.005, 2, 1.01},
        {2.675, 2, 2.68},
        {-1.005, 2, -1.01},
        {1234.5, -2, 1200},
        {1250, -2, 1300},
        {1e300, 2, 1e300},
        {1e300, -2, 1e300},
        {1e-300, 2, 0},
        {123.456, 400, 123.456},
        {123.456, 500, 123.456},
        {123.456, -500, 0},
        {5e-324, 323, 1e-323},
        {5e-324, 324, 5e-324},
        {0.1, 1, 0.1},
        {55, -2, 100},
        {9.995, 2, 10},
        {1.7976931348623157e308, -308, INFINITY},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double v = weir_round_f64(w, cases[i].v, cases[i].digits);
        if (v != cases[i].expected)
            fail_msg("round(%.17g, %d) is %.17g, expected %.17g", cases[i].v, (int)cases[i].digits, v,
                     cases[i].expected);
    }
    assert_true(isnan(weir_round_f64(w, NAN, 2)) && signbit(weir_round_f64(w, -0.001, 2)));
    assert_true(weir_floor_f64(w, -1.5) == -2 && weir_ceil_f64(w, -1.5) == -1 && weir_trunc_f64(w, -1.5) == -1);
    assert_true(weir_sqrt(w, 9) == 3 && weir_pow(w, 2, 10) == 1024 && weir_log_base(w, 2, 8) == 3 &&
                weir_log10(w, 1000) == 3 && weir_ln(w, 1) == 0);
    assert_true(weir_sign_f64(w, -0.5) == -1 && weir_sign_f64(w, NAN) == 0 && weir_abs_f64(w, -2) == 2);
    assert_good();
}

static void order(void **state)
{
    (void)state;
    assert_int_equal(weir_cmp_f64(NAN, INFINITY), 1);
    assert_int_equal(weir_cmp_f64(-INFINITY, NAN), -1);
    assert_int_equal(weir_cmp_f64(NAN, NAN), 0);
    assert_int_equal(weir_cmp_f64(-0.0, 0.0), 0);
    assert_int_equal(weir_cmp_i64(INT64_MIN, INT64_MAX), -1);
    assert_int_equal(weir_cmp_bool(true, false), 1);
    assert_int_equal(weir_cmp_str(str("ab"), str("abc")), -1);
    assert_int_equal(weir_cmp_str(str("b"), str("abc")), 1);
    assert_int_equal(weir_cmp_str(str(""), WEIR_NULL_STR), 0);
    assert_int_equal(weir_cmp_str(str("\xEF\xBF\xBF"), str("\xF0\x90\x80\x80")), -1); // unlike UTF-16
    assert_true(weir_eq_str(str("a"), str("a")) && !weir_eq_str(str("a"), str("b")) &&
                !weir_eq_str(str(""), WEIR_NULL_STR));
    assert_true(weir_eq_str(WEIR_NULL_STR, WEIR_NULL_STR));
    assert_true(weir_min_i64(1, 2) == 1 && weir_max_f64(1, NAN) != 1 && weir_min_f64(1, NAN) == 1 &&
                weir_max_i32(-1, -2) == -1);
    assert_str(weir_max_str(str("a"), str("b")), "b");
    assert_true(weir_index_check(w, 0, 1) && !weir_index_check(w, 1, 1));
    assert_bad(WEIR_BAD_INDEX, "index 1 is out of range: the list has 1 element");
    assert_false(weir_index_check(w, -1, 2));
    assert_bad(WEIR_BAD_INDEX, "has 2 elements");
}

static void hashes(void **state)
{
    (void)state;
    char text[64];
    memset(text, 'a', sizeof text);
    for (size_t n = 0; n < sizeof text; n++) {
        struct weir_str copy = exact(text, n);
        assert_true(weir_hash_str(copy) == weir_hash_str((struct weir_str){text, n}));
        assert_true(weir_hash_str(copy) != weir_hash_str((struct weir_str){text, n + 1}));
        free((char *)copy.p);
    }
    assert_true(weir_hash_f64(-0.0) == weir_hash_f64(0.0) && weir_hash_f64(NAN) == weir_hash_f64(-NAN) &&
                weir_hash_f64(1) != weir_hash_f64(2));
    assert_true(weir_hash_i32(7) == weir_hash_i64(7));
    // Numbers in a row spread over a small table.
    unsigned used[256] = {0};
    for (int64_t i = 0; i < 2560; i++)
        used[weir_hash_i64(i) & 255]++;
    for (int i = 0; i < 256; i++)
        assert_true(used[i] < 60);
}

static void ranges(void **state)
{
    (void)state;
    struct weir_list list = weir_range(w, -1, 2);
    assert_int_equal(list.n, 3);
    assert_int_equal(((const int64_t *)list.v)[0], -1);
    list = weir_range(w, 2, 2);
    assert_true(list.n == 0 && list.v);
    assert_int_equal(weir_range(w, 0, 1000000).n, 1000000);
    weir_range(w, 0, 1000001);
    assert_bad(WEIR_BAD_LIMIT, "more than 1000000 elements");
    weir_range(w, INT64_MIN, INT64_MAX);
    assert_bad(WEIR_BAD_LIMIT, "more than");
}

static void from_text(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",
                                        "+",
                                        "-",
                                        " 1",
                                        "1 ",
                                        "1.0",
                                        "1e3",
                                        "0x1",
                                        "abc",
                                        "9223372036854775808",
                                        "-9223372036854775809",
                                        "99999999999999999999999"};
    assert_true(weir_i64_of_string(w, str("-9223372036854775808")) == INT64_MIN &&
                weir_i64_of_string(w, str("+007")) == 7);
    assert_true(weir_i64_of_string(w, str("9223372036854775807")) == INT64_MAX &&
                weir_i32_of_string(w, str("-2147483648")) == INT32_MIN);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        weir_i64_of_string(w, str(wrong[i]));
        assert_bad(WEIR_BAD_CONVERSION, "is not an int64");
    }
    weir_i32_of_string(w, str("2147483648"));
    assert_bad(WEIR_BAD_CONVERSION, "\"2147483648\" is not an int32");
    assert_true(weir_f64_of_string(w, str("-1.5e3")) == -1500 && weir_f64_of_string(w, str("+.5")) == 0.5 &&
                weir_f64_of_string(w, str("007.")) == 7);
    static const char *const not_floats[] = {"",     ".",   "NaN", "Infinity", "1e999", "1,5", "0x1p3",
                                             "1.5f", "--1", "1e",  "e1",       "-",     "."};
    for (size_t i = 0; i < sizeof not_floats / sizeof *not_floats; i++) {
        weir_f64_of_string(w, str(not_floats[i]));
        assert_bad(WEIR_BAD_CONVERSION, "is not a float64");
        weir_f32_of_string(w, str(not_floats[i]));
        assert_bad(WEIR_BAD_CONVERSION, "is not a float32");
    }
    assert_true(weir_f32_of_string(w, str("0.1")) == 0.1f);
    assert_true(weir_bool_of_string(w, str("TRUE")) && !weir_bool_of_string(w, str("false")));
    weir_bool_of_string(w, str("yes"));
    assert_bad(WEIR_BAD_CONVERSION, "\"yes\" is not a bool");
    weir_i64_of_string(
        w,
        str("a text\nwith a line end that is far too long to be shown whole in a message, \xED\x95\x9C\xEA\xB8\x80"));
    assert_bad(WEIR_BAD_CONVERSION, "\"a text?with a line end that is far too long to be shown whol...\" is not");
}

static void between_numbers(void **state)
{
    (void)state;
    assert_int_equal(weir_i32_of_i64(w, -5), -5);
    weir_i32_of_i64(w, 1ll << 31);
    assert_bad(WEIR_BAD_CONVERSION, "2147483648 does not fit int32");
    assert_int_equal(weir_i32_of_f64(w, -1.9), -1);
    assert_int_equal(weir_i32_of_f64(w, -2147483648.9), INT32_MIN);
    weir_i32_of_f64(w, 2147483648.0);
    assert_bad(WEIR_BAD_CONVERSION, "does not fit int32");
    weir_i64_of_f64(w, 9223372036854775808.0);
    assert_bad(WEIR_BAD_CONVERSION, "does not fit int64");
    assert_true(weir_i64_of_f64(w, -9223372036854775808.0) == INT64_MIN);
    weir_i64_of_f64(w, NAN);
    assert_bad(WEIR_BAD_CONVERSION, "nan does not fit int64");
    weir_f32_of_f64(w, 1e39);
    assert_bad(WEIR_BAD_CONVERSION, "does not fit float32");
    assert_true(isinf(weir_f32_of_f64(w, INFINITY)) && weir_f64_of_i64(w, INT64_MAX) == 9223372036854775808.0);
    assert_true(weir_i64_of_bool(w, true) == 1 && weir_bool_of_i64(w, -1) && !weir_bool_of_i64(w, 0));
    assert_str(weir_string_of_f64(w, NAN), "NaN");
    assert_str(weir_string_of_f64(w, -INFINITY), "-Infinity");
    assert_str(weir_string_of_f32(w, INFINITY), "Infinity");
    assert_str(weir_string_of_f32(w, 0.1f), "0.1");
    assert_str(weir_string_of_i64(w, INT64_MIN), "-9223372036854775808");
    assert_str(weir_string_of_bool(w, false), "false");
}

// `try`: a failure inside leaves no trace, one outside stays.
static void trying(void **state)
{
    (void)state;
    struct weir_try saved = weir_try_begin(w);
    weir_div_i64(w, 1, 0);
    assert_true(weir_try_end(w, saved));
    assert_good();
    weir_add_i64(w, INT64_MAX, 1);
    weir_div_i64(w, 1, 0);
    saved = weir_try_begin(w);
    assert_false(weir_try_end(w, saved));
    assert_bad(WEIR_BAD_OVERFLOW, "int64 overflow in +");
}

static void arena(void **state)
{
    (void)state;
    for (int round = 0; round < 3; round++) {
        for (size_t size = 1; size < (16u << 20); size = size * 3 + 1) {
            char *p = weir_alloc(w, size);
            assert_int_equal((uintptr_t)p % 16, 0);
            memset(p, round, size);
        }
        weir_ctx_reset(w);
    }
    assert_true(weir_fits(w, WEIR_MAX_VALUE) && !weir_fits(w, WEIR_MAX_VALUE + 1));
    assert_bad(WEIR_BAD_LIMIT, "larger than the limit");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        KERNEL_TEST(integers),        KERNEL_TEST(floats), KERNEL_TEST(order),
        KERNEL_TEST(hashes),          KERNEL_TEST(ranges), KERNEL_TEST(from_text),
        KERNEL_TEST(between_numbers), KERNEL_TEST(trying), KERNEL_TEST(arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
