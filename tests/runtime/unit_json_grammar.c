// What is JSON and what is not: cases that parsers are known to get wrong.
#include "kernel_test.h"

// One line for each kind of case.
// clang-format off
static const char *const right[] = {
    "0", "-0", "1", "-1", "10", "1.0", "0.0", "-0.0", "1e5", "1E5",
    "1e+5", "1e-5", "1.5e300", "0e1", "0e+1", "123456789012345678901234567890",
    "1e400", "-1e-400", "0.000000000000000000000000000000000000000000000000001",
    "true", "false", "null", " true", "true ", "\t\r\n 1 \t\r\n",
    "\"\"", "\"a\"", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\u0000\"", "\"\\uD83D\\uDE00\"",
    "\"\\u00e9\\uABCD\\uabcd\"", "\"\xC3\xA9\"", "\"\xE2\x82\xAC\"", "\"\xF0\x9F\x98\x80\"",
    "\"\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF\xF4\x8F\xBF\xBF\"", "\"\x7F\"", "\"\xEF\xBB\xBF\"",
    "\"0123456789abcdef\"", "\"0123456789abcdef0\"", "\"0123456789abcdef0123456789abcdef0123456789abcdef\"",
    "[]", "[ ]", "{}", "{ }", "[1]", "[1,2]", "[ 1 , 2 ]", "[[]]", "[[],[]]",
    "{\"a\":1}", "{\"a\":1,\"a\":2}", "{\"\":0}", "{ \"a\" : 1 , \"b\" : [ { } ] }",
    "{\"a\":{\"b\":{\"c\":[1,{\"d\":null}]}}}", "[null,true,false,0,\"\",[],{}]", "{\"a\\u0062\\n\":1}",
    "[\"a\",\n\"b\"\n]\n",
};

static const char *const wrong[] = {
    "", " ", "\xEF\xBB\xBF" "1", "\xEF\xBB\xBF{}", "\xFE\xFF",
    "01", "-01", "00", "-", "+1", "1.", ".5", "-.5", "1.e1", "1e",
    "1e+", "1e-", "1ee1", "1e1.5", "0x1", "1_000", "1 2", "1,", "--1", "1-",
    "Infinity", "-Infinity", "NaN", "nan", "inf", "1a", "1.0.0",
    "True", "TRUE", "tru", "truee", "fals", "nul", "nulll", "t", "n",
    "\"", "\"a", "'a'", "a", "\"\\\"", "\"\\x\"", "\"\\\"", "\"\\u\"", "\"\\u12\"",
    "\"\\u123g\"", "\"\\u123", "\"\\", "\"\\'\"", "\"\\a\"", "\"\\U0041\"", "\"\\0\"",
    "\"\n\"", "\"\t\"", "\"\x1F\"", "\"\x01\"",
    "\"\\uD800\"", "\"\\uDC00\"", "\"\\uD800\\uD800\"", "\"\\uD800a\"", "\"\\uD800\\n\"", "\"\\uD800\\u0041\"",
    "\"\\uDFFF\\uD800\"", "\"\\uD834\\uDd\"", "\"\\ud800", "\"\\ud800\\u",
    "\"\x80\"", "\"\xBF\"", "\"\xC0\x80\"", "\"\xC1\xBF\"", "\"\xC3\"", "\"\xC3(\"", "\"\xE0\x80\x80\"",
    "\"\xE0\x9F\xBF\"", "\"\xED\xA0\x80\"", "\"\xED\xBF\xBF\"", "\"\xE2\x82\"", "\"\xE2\x82(\"",
    "\"\xF0\x80\x80\x80\"", "\"\xF0\x8F\xBF\xBF\"", "\"\xF4\x90\x80\x80\"", "\"\xF5\x80\x80\x80\"",
    "\"\xF8\x88\x80\x80\x80\"",
    "\"\xFE\"", "\"\xFF\"", "\"\xF0\x9F\x98\"", "\"\xF0\x9F\x98", "\"\xC3", "\"0123456789abcdef\xC3\"",
    "\"0123456789abcdef\x01\"", "\"0123456789abcdef", "\xC3\xA9", "1\xA0", "\xC2\xA0" "1", "\f1", "\v1",
    "[", "]", "[1", "[1,", "[1,]", "[,1]", "[,]", "[1 2]", "[1,,2]", "[1}", "[\"a\":1]",
    "[1]]", "[1]x", "[]{}", "[[]", "[1:2]", "[//\n1]", "[1/**/]", "[-]", "[.]",
    "{", "}", "{\"a\"", "{\"a\":", "{\"a\":}", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{,\"a\":1}",
    "{a:1}", "{'a':1}", "{1:1}", "{\"a\" 1}", "{\"a\"::1}", "{\"a\":1 \"b\":2}", "{\"a\":1,,\"b\":2}",
    "{\"a\":1]", "{\"a\",1}", "{\"a\":1}}", "{\"a\":1}{", "{\"\x01\":1}", "{\"\xFF\":1}", "{\"\\uD800\":1}",
    "{null:1}", "{[]:1}", "{\"a\":1;}", "{\"a\"=1}", "#1", "{}#", "{} //",
};
// clang-format on

static bool is_json(const char *text, size_t n)
{
    struct weir_str copy = exact(text, n);
    struct weir_json j;
    weir_ctx_reset(w);
    weir_json_start(&j, copy);
    bool ok = weir_json_skip(w, &j) && weir_json_finish(w, &j);
    assert_int_equal(ok, w->bad == NULL);
    free((char *)copy.p);
    return ok;
}

static void grammar(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        if (!is_json(right[i], strlen(right[i])))
            fail_msg("rejected: %s: %s", right[i], w->bad);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        if (is_json(wrong[i], strlen(wrong[i])))
            fail_msg("accepted: %s", wrong[i]);
    }
    assert_false(is_json("\0", 1) || is_json("1\0", 2) || is_json("\"a\0b\"", 5) || is_json("\"\0\"", 3));
}

// The same inside of an array and an object, at every distance from the text's end that makes a difference to reading 16 bytes at once.
static void grammar_in_place(void **state)
{
    (void)state;
    char text[300];
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const char *c = wrong[i];
        size_t n = strlen(c);
        if (n == 0 || n > 100 || strchr("],} \"", c[0]) || c[n - 1] == ',' || strstr(c, "\":") || strchr(c, ',') ||
            strchr(c, ']') || strchr(c, '}'))
            continue; // becomes right, or something else
        for (int spaces = 0; spaces < 40; spaces++) {
            int head = snprintf(text, sizeof text, "{\"field\":[");
            memcpy(text + head, c, n);
            int tail = snprintf(text + head + n, sizeof text - (size_t)head - n, "]%*s}", spaces, "");
            if (is_json(text, (size_t)head + n + (size_t)tail))
                fail_msg("accepted: %s", text);
        }
    }
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        int n = snprintf(text, sizeof text, "{\"a\":[%s,%s],\"b\":%s}", right[i], right[i], right[i]);
        if (!is_json(text, (size_t)n))
            fail_msg("rejected: %s: %s", text, w->bad);
    }
}

static void depth(void **state)
{
    (void)state;
    char text[2 * WEIR_JSON_DEPTH + 4];
    for (int deep = WEIR_JSON_DEPTH - 1; deep <= WEIR_JSON_DEPTH + 1; deep++) {
        memset(text, '[', (size_t)deep);
        memset(text + deep, ']', (size_t)deep);
        assert_int_equal(is_json(text, (size_t)deep * 2), deep <= WEIR_JSON_DEPTH);
    }
    memset(text, '[', sizeof text);
    assert_false(is_json(text, sizeof text));
    assert_bad(WEIR_BAD_DECODE, "nested deeper than 256 at byte 256");
}

int main(void)
{
    const struct CMUnitTest tests[] = {KERNEL_TEST(grammar), KERNEL_TEST(grammar_in_place), KERNEL_TEST(depth)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
