// Reading JSON: every type's values, objects and messages.
#include "kernel_test.h"

// ---- values ----

static struct weir_json json(const char *text)
{
    struct weir_json j;
    weir_json_start(&j, str(text));
    return j;
}

#define READ_CASE(function, type)                                         \
    static bool try_##function(const char *text, type *v)                 \
    {                                                                     \
        struct weir_json j = json(text);                                  \
        weir_ctx_reset(w);                                                \
        return weir_json_##function(w, &j, v) && weir_json_finish(w, &j); \
    }
READ_CASE(read_i64, int64_t)
READ_CASE(read_i32, int32_t)
READ_CASE(read_f64, double)
READ_CASE(read_f32, float)
READ_CASE(read_bool, bool)
READ_CASE(read_string, struct weir_str)
READ_CASE(read_bytes, struct weir_str)
READ_CASE(read_timestamp, int64_t)
READ_CASE(read_date, int32_t)
READ_CASE(read_duration, int64_t)
READ_CASE(read_any, struct weir_str)

static void integers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t v;
    } cases[] = {
        {"0", 0},
        {"-0", 0},
        {"7", 7},
        {" 42 ", 42},
        {"9007199254740993", 9007199254740993},
        {"999999999999999999", 999999999999999999},
        {"1000000000000000000", 1000000000000000000},
        {"9223372036854775807", INT64_MAX},
        {"-9223372036854775808", INT64_MIN},
        {"1.0", 1},
        {"1e3", 1000},
        {"1.5e1", 15},
        {"100e-2", 1},
        {"0.0", 0},
        {"0e99999999999", 0},
        {"9223372036854775807.000", INT64_MAX},
        {"922337203685477580.7e1", INT64_MAX},
        {"123000000000000000000000000e-20", 1230000},
        {"-1.0e0", -1},
    };
    int64_t v;
    int32_t small;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(try_read_i64(cases[i].text, &v));
        assert_int_equal(v, cases[i].v);
    }
    assert_false(try_read_i64("1.5", &v));
    assert_bad(WEIR_BAD_DECODE, "1.5 is not an integer at byte 0");
    assert_false(try_read_i64("9223372036854775808", &v));
    assert_bad(WEIR_BAD_DECODE, "does not fit int64");
    assert_false(try_read_i64("-9223372036854775809", &v));
    assert_false(try_read_i64("1e19", &v));
    assert_false(try_read_i64("1e-1", &v));
    assert_false(try_read_i64("1e99999999999999999999", &v));
    assert_false(try_read_i64("01", &v));
    assert_false(try_read_i64("-", &v));
    assert_false(try_read_i64("", &v));
    assert_bad(WEIR_BAD_DECODE, "expected an integer, found the end of the text at byte 0");
    assert_false(try_read_i64("  \"12\"", &v));
    assert_bad(WEIR_BAD_DECODE, "expected an integer, found a string at byte 2");
    assert_true(try_read_i32("2147483647", &small) && small == INT32_MAX);
    assert_true(try_read_i32("-2147483648", &small) && small == INT32_MIN);
    assert_false(try_read_i32("2147483648", &small));
    assert_bad(WEIR_BAD_DECODE, "2147483648 does not fit int32");
    assert_true(try_read_duration("60000", &v) && v == 60000);
}

static void floats(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "0",
        "-0.0",
        "1",
        "0.1",
        "0.2",
        "0.3",
        "123.456",
        "1e22",
        "1e23",
        "8.5e22",
        "1e-22",
        "9007199254740993",
        "9007199254740992.5",
        "4.9e-324",
        "5e-324",
        "2.4703282292062327e-324",
        "2.4703282292062328e-324",
        "2.2250738585072011e-308",
        "2.2250738585072014e-308",
        "1.7976931348623157e308",
        "1.7976931348623158e308",
        "6.631236846766476e-316",
        "0.500000000000000166533453693773481063544750213623046875",
        "179769313486231570000000000000000000000000000000000000000000000000000000000000000000000000000000",
        "3.518437208883201171875e13",
        "62.5364939768271845828",
        "8.10109172351e-10",
        "1.50000000000000011102230246251565",
        "0.99999999999999999999999999999999999999999999999999999",
        "9007199254740991.4999999999999999999999999999999995",
        "9007199254740991.5000000000000000000000000000000005",
        "1e-400",
        "2e-323",
        "30e-325",
        "0.000000000000000000000000000000000000000000000000000000000000000000000000001e75",
        "1234567890123456789012345678901234567890",
        "1.00000005960464477539062499",
        "1.000000059604644775390625",
        "1.00000005960464477539062501",
        "16777217",
        "16777219",
        "3.4028234e38",
        "1.4e-45",
        "7.0064923216240853546186479164495807e-46",
        "7.0064923216240853546186479164495808e-46",
        "1.17549435e-38",
        "1.1754943e-38",
        "33554431",
        "0.3",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        double v, expected = strtod(texts[i], NULL);
        float narrow, narrow_expected = strtof(texts[i], NULL);
        assert_true(try_read_f64(texts[i], &v));
        if (memcmp(&v, &expected, sizeof v) != 0)
            fail_msg("%s: %a, expected %a", texts[i], v, expected);
        if (narrow_expected - narrow_expected == 0) {
            assert_true(try_read_f32(texts[i], &narrow));
            if (memcmp(&narrow, &narrow_expected, sizeof narrow) != 0)
                fail_msg("float32 %s: %a, expected %a", texts[i], (double)narrow, (double)narrow_expected);
        }
    }
    double v;
    float narrow;
    assert_false(try_read_f64("1e309", &v));
    assert_bad(WEIR_BAD_DECODE, "1e309 does not fit float64");
    assert_false(try_read_f64("1.7976931348623159e308", &v));
    assert_false(try_read_f32("3.5e38", &narrow));
    assert_bad(WEIR_BAD_DECODE, "does not fit float32");
    assert_false(try_read_f64("null", &v));
    assert_bad(WEIR_BAD_DECODE, "expected a number, found null");
}

// Random digits and exponents, against the C library.
static void random_floats(void **state)
{
    (void)state;
    uint64_t seed = 20240501;
    for (int i = 0; i < 200000; i++) {
        char text[64];
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        int exponent = (int)(seed >> 20 & 1023) % 680 - 340, digits = (int)(seed >> 40 & 31) % 22 + 1;
        uint64_t whole = (seed >> 13) * 0x9E3779B97F4A7C15u;
        int n = snprintf(text, sizeof text, "%.*s", digits, "12345678901234567890123456");
        snprintf(text, sizeof text, "%llu%.*se%d", (unsigned long long)(whole >> (seed & 63)) | 1, i % 3 ? 0 : n,
                 "9182736450918273645091", exponent);
        double expected = strtod(text, NULL), v;
        if (!(expected - expected == 0))
            continue;
        assert_true(try_read_f64(text, &v));
        if (v != expected)
            fail_msg("%s: %a, expected %a", text, v, expected);
        float narrow, narrow_expected = strtof(text, NULL);
        if (narrow_expected - narrow_expected == 0) {
            assert_true(try_read_f32(text, &narrow));
            if (narrow != narrow_expected)
                fail_msg("%s: %a, expected %a", text, (double)narrow, (double)narrow_expected);
        }
    }
}

static void decimals(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int precision, scale;
        const char *expected; // NULL: does not fit
    } cases[] = {
        {"10", 12, 2, "10.00"},
        {"10.5", 12, 2, "10.50"},
        {"10.55", 12, 2, "10.55"},
        {"10.550", 12, 2, "10.55"},
        {"10.555", 12, 2, NULL},
        {"-0.01", 12, 2, "-0.01"},
        {"-0", 12, 2, "0.00"},
        {"9999999999.99", 12, 2, "9999999999.99"},
        {"10000000000", 12, 2, NULL},
        {"1e3", 12, 2, "1000.00"},
        {"1.5e-1", 12, 2, "0.15"},
        {"1e-3", 12, 2, NULL},
        {"1000e-3", 12, 2, "1.00"},
        {"0e99999", 12, 2, "0.00"},
        {"99999999999999999999999999999999999999", 38, 0, "99999999999999999999999999999999999999"},
        {"-99999999999999999999999999999999999999", 38, 0, "-99999999999999999999999999999999999999"},
        {"100000000000000000000000000000000000000", 38, 0, NULL},
        {"0.00000000000000000000000000000000000001", 38, 38, "0.00000000000000000000000000000000000001"},
        {"123456789012345678.901234567890123456", 38, 18, "123456789012345678.901234567890123456"},
        {"1", 38, 38, NULL},
        {"0.5", 38, 38, "0.50000000000000000000000000000000000000"},
        {"12345678901234567890123456789012345678000e-3", 38, 0, "12345678901234567890123456789012345678"},
        {"1e38", 38, 0, NULL},
        {"0.1", 1, 0, NULL},
        {"7", 1, 0, "7"},
        {"10", 1, 0, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct weir_json j = json(cases[i].text);
        struct weir_dec v;
        weir_ctx_reset(w);
        bool ok = weir_json_read_dec(w, &j, cases[i].precision, cases[i].scale, &v) && weir_json_finish(w, &j);
        if (ok != (cases[i].expected != NULL))
            fail_msg("%s as decimal(%d, %d): %s", cases[i].text, cases[i].precision, cases[i].scale,
                     ok ? "accepted" : w->bad);
        if (ok)
            assert_str(weir_string_of_dec(w, v, cases[i].scale), cases[i].expected);
    }
    struct weir_json j = json("1.005");
    struct weir_dec v;
    weir_ctx_reset(w);
    assert_false(weir_json_read_dec(w, &j, 12, 2, &v));
    assert_bad(WEIR_BAD_DECODE, "1.005 does not fit decimal(12, 2) at byte 0");
}

static void strings(void **state)
{
    (void)state;
    struct weir_str v;
    assert_true(try_read_string("\"\"", &v));
    assert_str(v, "");
    assert_true(try_read_string(" \"plain\"", &v));
    assert_str(v, "plain");
    assert_true(try_read_string("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", &v));
    assert_str(v, "\"\\/\b\f\n\r\t");
    assert_true(try_read_string("\"\\u0041\\u00e9\\u20AC\\uD83D\\ude00!\"", &v));
    assert_str(v, "A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80!");
    assert_true(try_read_string("\"a long text before the escape \\n and a long one behind it\"", &v));
    assert_str(v, "a long text before the escape \n and a long one behind it");
    assert_true(try_read_string("\"\xED\x95\x9C\xEA\xB8\x80 \xED\x95\x9C\xEA\xB8\x80\"", &v));
    assert_str(v, "\xED\x95\x9C\xEA\xB8\x80 \xED\x95\x9C\xEA\xB8\x80");
    assert_true(try_read_string("\"\\u0000\"", &v));
    assert_true(v.n == 1 && v.p[0] == 0);
    assert_false(try_read_string("12", &v));
    assert_bad(WEIR_BAD_DECODE, "expected a string, found a number at byte 0");
    assert_false(try_read_string("\"abc\n\"", &v));
    assert_bad(WEIR_BAD_DECODE, "a control character in a string at byte 4");
    assert_false(try_read_string("\"ab\\x\"", &v));
    assert_bad(WEIR_BAD_DECODE, "a wrong escape in a string at byte 3");
    assert_false(try_read_string("\"\xFF\"", &v));
    assert_bad(WEIR_BAD_DECODE, "not UTF-8");
    assert_false(try_read_string("\"abc", &v));
    assert_bad(WEIR_BAD_DECODE, "the end of the text in a string at byte 4");
}

static void other_types(void **state)
{
    (void)state;
    bool yes;
    struct weir_str v;
    int64_t ms;
    int32_t days;
    assert_true(try_read_bool(" true", &yes) && yes);
    assert_true(try_read_bool("false ", &yes) && !yes);
    assert_false(try_read_bool("1", &yes));
    assert_bad(WEIR_BAD_DECODE, "expected a boolean, found a number");
    assert_true(try_read_bytes("\"AAEC/w==\"", &v) && v.n == 4 && memcmp(v.p, "\0\1\2\xFF", 4) == 0);
    assert_true(try_read_bytes("\"\"", &v) && v.n == 0 && v.p);
    assert_false(try_read_bytes("\"AAE\"", &v));
    assert_bad(WEIR_BAD_DECODE, "\"AAE\" is not base64 at byte 0");
    assert_false(try_read_bytes("\"AAF=\"", &v)); // stray bits
    assert_true(try_read_timestamp("1714557600000", &ms) && ms == 1714557600000);
    assert_true(try_read_timestamp("\"2024-05-01T10:00:00Z\"", &ms) && ms == 1714557600000);
    assert_true(try_read_timestamp(" \"2024-05-01T12:00:00.250+02:00\" ", &ms) && ms == 1714557600250);
    assert_false(try_read_timestamp("\"2024-05-01\"", &ms));
    assert_bad(WEIR_BAD_DECODE, "\"2024-05-01\" is not an ISO 8601 time");
    assert_true(try_read_date("\"2024-05-01\"", &days) && days == 19844);
    assert_true(try_read_date("19844", &days) && days == 19844);
    assert_false(try_read_date("\"2023-02-29\"", &days));
    assert_true(try_read_any(" {\"a\": [1, 2]} ", &v));
    assert_str(v, "{\"a\": [1, 2]}");
    assert_false(try_read_any("{\"a\": [1, 2}", &v));
    struct weir_json j = json(" null");
    assert_true(weir_json_null(w, &j) && weir_json_finish(w, &j));
    j = json("nul");
    assert_false(weir_json_null(w, &j));
}

// ---- objects ----

static const struct weir_json_name names[] = {
    {"id", 2, 5, "\"id\":"},
    {"a name of more than 31 bytes, so not quoted", 43, 0, ""},
    {"n", 1, 4, "\"n\":"},
};

// Reads TEXT as fields with integers: their indexes and values, as "0=1 2=3 -=4 ".
static const char *fields(const char *text, char *out)
{
    struct weir_str copy = exact(text, strlen(text));
    struct weir_json j;
    bool first = true;
    int next = 0, field;
    int64_t v;
    char *p = out;
    *p = 0;
    weir_json_start(&j, copy);
    assert_true(weir_json_object(w, &j));
    while ((field = weir_json_next_known(w, &j, &first, names, 3, &next)) != WEIR_JSON_END) {
        assert_true(weir_json_read_i64(w, &j, &v));
        p += field == WEIR_JSON_OTHER ? sprintf(p, "-=%d ", (int)v) : sprintf(p, "%d=%d ", field, (int)v);
    }
    if (!w->bad)
        assert_true(weir_json_finish(w, &j));
    free((char *)copy.p);
    return out;
}

static void known_fields(void **state)
{
    (void)state;
    char out[100];
    assert_string_equal(fields("{}", out), "");
    assert_string_equal(fields("{\"id\":1,\"a name of more than 31 bytes, so not quoted\":2,\"n\":3}", out),
                        "0=1 1=2 2=3 ");
    assert_string_equal(fields("{\"n\":1,\"id\":2}", out), "2=1 0=2 ");
    assert_string_equal(fields("{ \"id\" : 1 , \"other\" : 2 , \"n\" : 3 }", out), "0=1 -=2 2=3 ");
    assert_string_equal(fields("{\"\\u0069d\":1,\"i\":2,\"id2\":3,\"\":4}", out), "0=1 -=2 -=3 -=4 ");
    assert_string_equal(fields("{\"id\":1,\"id\":2}", out), "0=1 0=2 ");
    assert_string_equal(
        fields("{\"id\":1,                                        \"n\":2                       }", out), "0=1 2=2 ");
    assert_good();
    fields("{\"id\":1,}", out);
    assert_bad(WEIR_BAD_DECODE, "expected a field's name, found `}` at byte 8");
    fields("{\"id\":1 \"n\":2}", out);
    assert_bad(WEIR_BAD_DECODE, "expected `,` or `}`, found a string at byte 8");
    fields("{\"id\":1", out);
    assert_bad(WEIR_BAD_DECODE, "expected `,` or `}`, found the end of the text");
}

static void tags(void **state)
{
    (void)state;
    struct weir_str v;
    struct weir_json j = json(" {\"a\":{\"kind\":\"no\"},\"kind\":\"paid\",\"b\":1}");
    assert_true(weir_json_find_tag(w, &j, WEIR_STR("kind"), &v));
    assert_str(v, "paid");
    assert_ptr_equal(j.p, j.begin);
    j = json("{\"a\":1}");
    assert_false(weir_json_find_tag(w, &j, WEIR_STR("kind"), &v));
    assert_bad(WEIR_BAD_UNION, "field `kind`, which tells the case of the union, is missing");
    j = json("{\"kind\":1}");
    assert_false(weir_json_find_tag(w, &j, WEIR_STR("kind"), &v));
    assert_bad(WEIR_BAD_DECODE, "expected a string, found a number at byte 8");
    j = json("[]");
    assert_false(weir_json_find_tag(w, &j, WEIR_STR("kind"), &v));
    assert_bad(WEIR_BAD_DECODE, "expected an object, found an array");
}

static void places(void **state)
{
    (void)state;
    weir_fail(w, WEIR_BAD_DECODE, "expected a number");
    weir_json_in_field(w, "qty");
    weir_json_in_item(w, 3);
    weir_json_in_field(w, "items");
    weir_json_in_field(w, "order");
    assert_string_equal(w->bad, "order.items[3].qty: expected a number");
    weir_ctx_reset(w);
    weir_json_missing(w, "id");
    weir_json_in_item(w, 0);
    assert_string_equal(w->bad, "[0]: field `id` is missing");
    for (int i = 0; i < 1000; i++)
        weir_json_in_field(w, "deep");
    assert_true(strlen(w->bad) <= 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        KERNEL_TEST(integers),     KERNEL_TEST(floats),  KERNEL_TEST(random_floats),
        KERNEL_TEST(decimals),     KERNEL_TEST(strings), KERNEL_TEST(other_types),
        KERNEL_TEST(known_fields), KERNEL_TEST(tags),    KERNEL_TEST(places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
