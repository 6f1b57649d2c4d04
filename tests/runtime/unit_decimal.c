// Decimals against Python's (decimals.txt, by make_decimals.py), and their conversions.
#include "decimal.h"
#include "kernel_test.h"

typedef struct weir_dec operation(struct weir_ctx *, struct weir_dec, int, struct weir_dec, int, int, int);

static struct weir_dec add(struct weir_ctx *c, struct weir_dec a, int a_scale, struct weir_dec b, int b_scale,
                           int precision, int scale)
{
    return weir_add_dec(c, a, a_scale, b, b_scale, precision, scale);
}

static struct weir_dec subtract(struct weir_ctx *c, struct weir_dec a, int a_scale, struct weir_dec b, int b_scale,
                                int precision, int scale)
{
    return weir_sub_dec(c, a, a_scale, b, b_scale, precision, scale);
}

static operation *find(const char *name)
{
    static const struct {
        const char *name;
        operation *run;
    } all[] = {{"add", add}, {"sub", subtract}, {"mul", weir_mul_dec}, {"div", weir_div_dec}, {"mod", weir_mod_dec}};
    for (size_t i = 0; i < 5; i++) {
        if (strcmp(all[i].name, name) == 0)
            return all[i].run;
    }
    return NULL;
}

static struct weir_dec dec(const char *text, int scale)
{
    struct weir_dec v = weir_dec_of_string(w, str(text), 38, scale);
    assert_good();
    return v;
}

static void golden(void **state)
{
    (void)state;
    FILE *f = fopen(WEIR_SOURCE_DIR "/tests/runtime/decimals.txt", "r");
    char name[8], a[64], b[64], expected[64];
    int a_scale, b_scale, precision, scale, line = 0;
    assert_non_null(f);
    while (fscanf(f, "%7s %63s %d %63s %d %d %d %63s", name, a, &a_scale, b, &b_scale, &precision, &scale, expected) ==
           8) {
        line++;
        weir_ctx_reset(w);
        struct weir_dec x = dec(a, 0), y = dec(b, 0), v = find(name)(w, x, a_scale, y, b_scale, precision, scale);
        const char *got = "overflow";
        if (w->bad && w->cause == WEIR_BAD_DIVISION)
            got = "division";
        else if (!w->bad) {
            struct weir_str text = weir_string_of_dec(w, v, 0);
            char *copy = weir_alloc(w, text.n + 1);
            memcpy(copy, text.p, text.n);
            copy[text.n] = 0;
            got = copy;
        }
        if (strcmp(got, expected) != 0)
            fail_msg("decimals.txt:%d: %s %s/%d %s/%d is %s, expected %s", line, name, a, a_scale, b, b_scale, got,
                     expected);
    }
    fclose(f);
    assert_int_equal(line, 1500);
}

static void comparing(void **state)
{
    (void)state;
    assert_int_equal(weir_cmp_dec(dec("1.0", 1), 1, dec("1.00", 2), 2), 0);
    assert_int_equal(weir_cmp_dec(dec("1.01", 2), 2, dec("1", 0), 0), 1);
    assert_int_equal(weir_cmp_dec(dec("-1.01", 2), 2, dec("-1", 0), 0), -1);
    assert_int_equal(weir_cmp_dec(dec("-1", 0), 0, dec("0.5", 1), 1), -1);
    assert_int_equal(weir_cmp_dec(dec("99999999999999999999999999999999999999", 0), 0,
                                  dec("0.99999999999999999999999999999999999999", 38), 38),
                     1);
    assert_int_equal(weir_cmp_dec(dec("-99999999999999999999999999999999999999", 0), 0,
                                  dec("-0.99999999999999999999999999999999999999", 38), 38),
                     -1);
    assert_true(weir_eq_dec(dec("1.50", 2), dec("1.5", 2)));
    assert_true(weir_hash_dec(dec("1.50", 2)) == weir_hash_dec(dec("1.5", 2)));
    assert_str(weir_string_of_dec(w, weir_min_dec(dec("-1", 0), dec("2", 0)), 0), "-1");
    assert_str(weir_string_of_dec(w, weir_max_dec(dec("-1", 0), dec("2", 0)), 0), "2");
    assert_str(weir_string_of_dec(w, weir_neg_dec(w, dec("1.5", 1)), 1), "-1.5");
}

#define assert_dec(v, scale, text) assert_str(weir_string_of_dec(w, (v), (scale)), (text))

static void conversions(void **state)
{
    (void)state;
    assert_dec(weir_dec_of_i64(w, INT64_MIN, 19, 0), 0, "-9223372036854775808");
    assert_dec(weir_dec_of_i64(w, 5, 4, 2), 2, "5.00");
    weir_dec_of_i64(w, 100, 4, 2);
    assert_bad(WEIR_BAD_OVERFLOW, "does not fit decimal(4, 2)");
    assert_dec(weir_dec_of_f64(w, 1.005, 12, 2), 2, "1.01");
    assert_dec(weir_dec_of_f64(w, -0.1, 38, 18), 18, "-0.100000000000000000");
    assert_dec(weir_dec_of_f64(w, 1e-300, 12, 2), 2, "0.00");
    weir_dec_of_f64(w, 1e300, 38, 0);
    assert_bad(WEIR_BAD_CONVERSION, "1e+300 does not fit decimal(38, 0)");
    weir_dec_of_f64(w, strtod("nan", NULL), 38, 0);
    assert_bad(WEIR_BAD_CONVERSION, "does not fit");
    assert_dec(weir_dec_of_dec(w, dec("2.345", 3), 3, 12, 2), 2, "2.35");
    assert_dec(weir_dec_of_dec(w, dec("-2.345", 3), 3, 12, 2), 2, "-2.35");
    assert_dec(weir_dec_of_string(w, str("2.344999999999999999999999999999999999999999"), 12, 2), 2, "2.34");
    assert_dec(weir_dec_of_string(w, str("+007.5e1"), 12, 2), 2, "75.00");
    assert_dec(weir_dec_of_string(w, str(".5"), 12, 2), 2, "0.50");
    assert_dec(weir_dec_of_string(w, str("5."), 12, 2), 2, "5.00");
    static const char *const wrong[] = {"", "+", ".", "1.2.3", "1e", "abc", " 1", "1 ", "0x10", "--1", "e5"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        weir_dec_of_string(w, str(wrong[i]), 12, 2);
        assert_bad(WEIR_BAD_CONVERSION, "is not a decimal");
    }
    assert_true(weir_f64_of_dec(w, dec("0.1", 1), 1) == 0.1);
    assert_true(weir_f64_of_dec(w, dec("-99999999999999999999999999999999999999", 0), 0) == -1e38);
    assert_true(weir_f64_of_dec(w, dec("12345678901234567.89", 2), 2) == 12345678901234567.89);
    assert_int_equal(weir_i64_of_dec(w, dec("-1.99", 2), 2), -1);
    weir_i64_of_dec(w, dec("9223372036854775808", 0), 0);
    assert_bad(WEIR_BAD_CONVERSION, "9223372036854775808 does not fit int64");
    weir_i32_of_dec(w, dec("2147483648.5", 1), 1);
    assert_bad(WEIR_BAD_CONVERSION, "2147483648.5 does not fit int32");
}

static void rounding(void **state)
{
    (void)state;
    assert_dec(weir_round_dec(w, dec("1.25", 2), 2, 1, 3, 2), 2, "1.30");
    assert_dec(weir_round_dec(w, dec("-1.25", 2), 2, 1, 3, 2), 2, "-1.30");
    assert_dec(weir_round_dec(w, dec("1.25", 2), 2, 0, 3, 2), 2, "1.00");
    assert_dec(weir_round_dec(w, dec("1.25", 2), 2, 5, 3, 2), 2, "1.25");
    assert_dec(weir_round_dec(w, dec("155.00", 2), 2, -1, 6, 2), 2, "160.00");
    assert_dec(weir_round_dec(w, dec("155.00", 2), 2, -3, 6, 2), 2, "0.00");
    assert_dec(weir_round_dec(w, dec("555.00", 2), 2, -3, 6, 2), 2, "1000.00");
    assert_dec(weir_round_dec(w, dec("155.00", 2), 2, INT64_MIN, 6, 2), 2, "0.00");
    assert_dec(weir_round_dec(w, dec("155.00", 2), 2, INT64_MAX, 6, 2), 2, "155.00");
    weir_round_dec(w, dec("9.99", 2), 2, 0, 3, 2);
    assert_bad(WEIR_BAD_OVERFLOW, "does not fit decimal(3, 2)");
    weir_round_dec(w, dec("99999999999999999999999999999999999999", 0), 0, -38, 38, 0);
    assert_bad(WEIR_BAD_OVERFLOW, "does not fit decimal(38, 0)");
    assert_dec(weir_floor_dec(w, dec("-1.01", 2), 2, 3, 2), 2, "-2.00");
    assert_dec(weir_floor_dec(w, dec("1.99", 2), 2, 3, 2), 2, "1.00");
    assert_dec(weir_ceil_dec(w, dec("-1.99", 2), 2, 3, 2), 2, "-1.00");
    assert_dec(weir_ceil_dec(w, dec("1.01", 2), 2, 3, 2), 2, "2.00");
    assert_dec(weir_trunc_dec(w, dec("-1.99", 2), 2, 3, 2), 2, "-1.00");
    assert_dec(weir_ceil_dec(w, dec("0.00000000000000000000000000000000000001", 38), 38, 38, 0), 0, "1");
    assert_dec(weir_abs_dec(w, dec("-1.99", 2), 2, 3, 2), 2, "1.99");
    assert_int_equal(weir_sign_dec(w, dec("-0.01", 2), 2), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        KERNEL_TEST(golden),
        KERNEL_TEST(comparing),
        KERNEL_TEST(conversions),
        KERNEL_TEST(rounding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
