// Writing JSON.
#include <math.h>

#include "kernel_test.h"

static struct weir_buf buf;
static struct weir_buf *const b = &buf;

static struct weir_str written(void)
{
    struct weir_str v = weir_buf_str(b);
    weir_buf_init(w, b, 0);
    return v;
}

static void integers(void **state)
{
    (void)state;
    static const int64_t values[] = {0,
                                     1,
                                     -1,
                                     9,
                                     10,
                                     99,
                                     100,
                                     999,
                                     1000,
                                     9999,
                                     10000,
                                     99999,
                                     100000,
                                     123456789,
                                     -1234567890123,
                                     999999999999999999,
                                     1000000000000000000,
                                     INT64_MAX,
                                     INT64_MIN};
    weir_buf_init(w, b, 0);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        char expected[32];
        snprintf(expected, sizeof expected, "%lld", (long long)values[i]);
        weir_put_i64(b, values[i]);
        assert_str(written(), expected);
    }
    weir_put_bool(b, true);
    weir_put_bool(b, false);
    assert_str(written(), "truefalse");
}

static void floats(void **state)
{
    (void)state;
    static const struct {
        double v;
        const char *text;
    } cases[] = {
        {0, "0.0"},
        {-0.0, "-0.0"},
        {1, "1.0"},
        {10, "10.0"},
        {-2.5, "-2.5"},
        {0.1, "0.1"},
        {0.3, "0.3"},
        {0.1 + 0.2, "0.30000000000000004"},
        {100, "100.0"},
        {123456789, "123456789.0"},
        {1e15, "1000000000000000.0"},
        {9999999999999998, "9999999999999998.0"},
        {1e16, "1e16"},
        {12345678901234567000.0, "1.2345678901234567e19"},
        {1e300, "1e300"},
        {1e-4, "0.0001"},
        {1e-5, "1e-5"},
        {1.5e-7, "1.5e-7"},
        {0.00012345, "0.00012345"},
        {5e-324, "5e-324"},
        {2.2250738585072014e-308, "2.2250738585072014e-308"},
        {1.7976931348623157e308, "1.7976931348623157e308"},
        {1e23, "1e23"},
        {9.5367431640625e-7, "9.5367431640625e-7"},
        {2251799813685249.5, "2251799813685249.5"},
        {3.141592653589793, "3.141592653589793"},
        {1.0 / 3, "0.3333333333333333"},
        {9007199254740993.0, "9007199254740992.0"},
        {2e-44, "2e-44"},
        {123.456, "123.456"},
    };
    static const struct {
        float v;
        const char *text;
    } narrow[] = {
        {0.1f, "0.1"},
        {16777216.0f, "16777216.0"},
        {3.4028235e38f, "3.4028235e38"},
        {1e-45f, "1e-45"},
        {1.17549435e-38f, "1.1754944e-38"},
        {0.3f, "0.3"},
        {1.5f, "1.5"},
        {8388608.5f, "8388608.0"},
        {1e10f, "10000000000.0"},
        {33554432.0f, "33554432.0"},
    };
    weir_buf_init(w, b, 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        weir_put_f64(b, cases[i].v);
        assert_str(written(), cases[i].text);
    }
    for (size_t i = 0; i < sizeof narrow / sizeof *narrow; i++) {
        weir_put_f32(b, narrow[i].v);
        assert_str(written(), narrow[i].text);
    }
    weir_put_f64(b, strtod("nan", NULL));
    assert_bad(WEIR_BAD_ENCODE, "NaN has no JSON");
    weir_buf_init(w, b, 0);
    weir_put_f64(b, -strtod("inf", NULL));
    assert_bad(WEIR_BAD_ENCODE, "-infinity has no JSON");
}

// How many digits of the mantissa TEXT has.
static int digits_of(const char *text)
{
    int n = 0, zeros = 0;
    for (; *text && *text != 'e'; text++) {
        if (*text < '0' || *text > '9')
            continue;
        zeros = *text == '0' ? zeros + 1 : 0;
        n += n > 0 || *text != '0';
    }
    return n - (zeros < n ? zeros : n);
}

// The I-th, of all kinds: few digits, few places and neighbours of those, any.
static double random_float(uint64_t random, int i)
{
    static const double units[] = {1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7};
    double few = (double)(random >> i % 64) / units[random % 8];
    uint64_t bits = random;
    if (i % 4 == 1)
        return few;
    if (i % 4 == 0)
        bits &= 0xFFFF000000000000;
    double v;
    memcpy(&v, &bits, sizeof v);
    return i % 4 == 2 ? nextafter(few, v) : v;
}

// Reads back as the same bits, and no shorter text does: with %.*e one digit less is another number.
static void random_floats(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (int i = 0; i < 200000; i++) {
        char text[64], shorter[64];
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        double v = random_float(seed ^ seed >> 29, i);
        if (!(v - v == 0) || v == 0)
            continue;
        weir_ctx_reset(w);
        struct weir_str s = weir_string_of_f64(w, v);
        snprintf(text, sizeof text, "%.*s", (int)s.n, s.p);
        if (strtod(text, NULL) != v)
            fail_msg("%a is written as %s", v, text);
        snprintf(shorter, sizeof shorter, "%.*e", digits_of(text) > 1 ? digits_of(text) - 2 : 0, v);
        if (digits_of(text) > 1 && strtod(shorter, NULL) == v)
            fail_msg("%s is longer than %s", text, shorter);
        float f = (float)v;
        if (!(f - f == 0))
            continue;
        s = weir_string_of_f32(w, f);
        snprintf(text, sizeof text, "%.*s", (int)s.n, s.p);
        if (strtof(text, NULL) != f)
            fail_msg("float32 %a is written as %s", (double)f, text);
    }
}

static void decimals(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int scale;
    } cases[] = {{"0.00", 2},
                 {"10.00", 2},
                 {"-0.01", 2},
                 {"0", 0},
                 {"-7", 0},
                 {"12345678901234567890.12345", 5},
                 {"99999999999999999999999999999999999999", 0},
                 {"-0.99999999999999999999999999999999999999", 38},
                 {"10000000000000000000000000000000000000", 0},
                 {"1000000000000000000.000000000000000001", 18}};
    weir_buf_init(w, b, 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        weir_put_dec(b, weir_dec_of_string(w, str(cases[i].text), 38, cases[i].scale), cases[i].scale);
        assert_str(written(), cases[i].text);
    }
}

static void strings(void **state)
{
    (void)state;
    static const struct {
        const char *text, *json;
    } cases[] = {
        {"", "\"\""},
        {"plain", "\"plain\""},
        {"\"", "\"\\\"\""},
        {"\\", "\"\\\\\""},
        {"/", "\"/\""},
        {"\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\""},
        {"\x01\x1F\x7F", "\"\\u0001\\u001f\x7F\""},
        {"\xC3\xA9\xF0\x9F\x98\x80", "\"\xC3\xA9\xF0\x9F\x98\x80\""},
        {"0123456789abcdef\n0123456789abcdef0123\"", "\"0123456789abcdef\\n0123456789abcdef0123\\\"\""},
        {"0123456789abcdef", "\"0123456789abcdef\""},
        {"\xED\x95\x9C\xEA\xB8\x80\xED\x95\x9C\xEA\xB8\x80\xED\x95\x9C\xEA\xB8\x80",
         "\"\xED\x95\x9C\xEA\xB8\x80\xED\x95\x9C\xEA\xB8\x80\xED\x95\x9C\xEA\xB8\x80\""},
    };
    weir_buf_init(w, b, 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct weir_str copy = exact(cases[i].text, strlen(cases[i].text));
        weir_put_string(b, copy);
        assert_str(written(), cases[i].json);
        free((char *)copy.p);
    }
    weir_put_string(b, (struct weir_str){"\0", 1});
    assert_str(written(), "\"\\u0000\"");
    weir_put_string(b, WEIR_NULL_STR);
    assert_str(written(), "\"\"");
}

static void other_types(void **state)
{
    (void)state;
    weir_buf_init(w, b, 0);
    weir_put_bytes(b, (struct weir_str){"\0\1\2\xFF", 4});
    weir_put_bytes(b, str("ab"));
    weir_put_bytes(b, str("abc"));
    weir_put_bytes(b, WEIR_STR(""));
    assert_str(written(), "\"AAEC/w==\"\"YWI=\"\"YWJj\"\"\"");
    weir_put_timestamp_iso(b, 1714557600000);
    weir_put_timestamp_iso(b, 1714557600007);
    weir_put_timestamp_iso(b, -1);
    assert_str(written(), "\"2024-05-01T10:00:00Z\"\"2024-05-01T10:00:00.007Z\"\"1969-12-31T23:59:59.999Z\"");
    weir_put_timestamp_iso(b, INT64_MAX);
    weir_put_timestamp_iso(b, INT64_MIN);
    assert_str(written(), "\"+292278994-08-17T07:12:55.807Z\"\"-292275055-05-16T16:47:04.192Z\"");
    weir_put_date(b, 19844);
    weir_put_date(b, -719528);
    weir_put_date(b, -719529);
    weir_put_date(b, INT32_MAX);
    weir_put_date(b, INT32_MIN);
    assert_str(written(), "\"2024-05-01\"\"0000-01-01\"\"-0001-12-31\"\"+5881580-07-11\"\"-5877641-06-23\"");
    weir_put_json(b, str("{\"a\":1}"));
    assert_str(written(), "{\"a\":1}");
}

static void large(void **state)
{
    (void)state;
    size_t n = 1 << 20;
    char *text = malloc(n);
    memset(text, 'x', n);
    weir_buf_init(w, b, 16);
    for (int i = 0; i < 100; i++)
        weir_put(b, text, n);
    assert_bad(WEIR_BAD_LIMIT, "larger than the limit");
    weir_buf_init(w, b, 16);
    for (int i = 0; i < 60; i++)
        weir_put(b, text, n);
    assert_good();
    assert_int_equal(b->n, 60 * n);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        KERNEL_TEST(integers), KERNEL_TEST(floats),      KERNEL_TEST(random_floats), KERNEL_TEST(decimals),
        KERNEL_TEST(strings),  KERNEL_TEST(other_types), KERNEL_TEST(large),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
