// Text functions and regular expressions.
#include "kernel_test.h"

#define KOREAN "\xED\x95\x9C\xEA\xB8\x80" // two code points
#define EMOJI "\xF0\x9F\x98\x80"

static const char *joined(struct weir_list list)
{
    const struct weir_str *v = list.v;
    static char out[500];
    char *p = out;
    *p = 0;
    assert_good();
    assert_non_null(list.v);
    for (size_t i = 0; i < list.n; i++)
        p += sprintf(p, "<%.*s>", (int)v[i].n, v[i].p);
    return out;
}

static void utf8(void **state)
{
    (void)state;
    static const char *const wrong[] = {"\x80",
                                        "a\xC0\x80",
                                        "\xC3",
                                        "\xE0\x80\x80",
                                        "\xED\xA0\x80",
                                        "\xF4\x90\x80\x80",
                                        "\xF5\x80\x80\x80",
                                        "0123456\xFF",
                                        "01234567\xFF",
                                        "\xF0\x9F\x98"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(weir_validate_utf8(wrong[i], strlen(wrong[i])));
    assert_true(weir_validate_utf8("", 0));
    assert_true(weir_validate_utf8("0123456789" KOREAN EMOJI "\x7F", 21));
}

static void lengths(void **state)
{
    (void)state;
    assert_int_equal(weir_length(w, str("")), 0);
    assert_int_equal(weir_length(w, str("a" KOREAN EMOJI)), 4);
    assert_int_equal(weir_length_bytes(w, str("a" KOREAN EMOJI)), 11);
    assert_str(weir_substr(w, str("hello"), 1, 3), "ell");
    assert_str(weir_substr(w, str("hello"), -5, 2), "he");
    assert_str(weir_substr(w, str("hello"), 3, INT64_MAX), "lo");
    assert_str(weir_substr(w, str("hello"), 9, 2), "");
    assert_str(weir_substr(w, str("hello"), 0, -1), "");
    assert_str(weir_substr(w, str("hello"), INT64_MIN, INT64_MAX), "hello");
    assert_str(weir_substr(w, str("a" KOREAN EMOJI), 2, 2), "\xEA\xB8\x80" EMOJI);
}

static void finding(void **state)
{
    (void)state;
    assert_int_equal(weir_index_of(w, str(KOREAN "abc"), str("b")), 3);
    assert_int_equal(weir_index_of(w, str("abc"), str("x")), -1);
    assert_int_equal(weir_index_of(w, str("abc"), str("")), 0);
    assert_int_equal(weir_index_of(w, str(""), str("a")), -1);
    assert_true(weir_contains(w, str("abc"), str("bc")) && !weir_contains(w, str("abc"), str("cb")) &&
                weir_contains(w, str(""), str("")));
    assert_true(weir_starts_with(w, str("abc"), str("ab")) && !weir_starts_with(w, str("a"), str("ab")) &&
                weir_starts_with(w, str("a"), str("")));
    assert_true(weir_ends_with(w, str("abc"), str("bc")) && !weir_ends_with(w, str("c"), str("bc")));
}

static void cases(void **state)
{
    (void)state;
    assert_str(weir_lower(w, str("HELLO World 123")), "hello world 123");
    assert_str(weir_upper(w, str("hello World 123")), "HELLO WORLD 123");
    assert_str(weir_upper(w, str("stra\xC3\x9F"
                                 "e \xC3\xA9\xEF\xAC\x81")),
               "STRASSE \xC3\x89"
               "FI");
    assert_str(weir_lower(w, str("\xC3\x89\xC4\xB0")), "\xC3\xA9i\xCC\x87");
    assert_str(weir_lower(w, str("\xCE\xA3\xCE\x91\xCE\xA3 \xCE\xA3")),
               "\xCF\x83\xCE\xB1\xCF\x82 \xCF\x83"); // final sigma
    assert_str(weir_upper(w, str(KOREAN EMOJI)), KOREAN EMOJI);
    assert_str(weir_initcap(w, str("the qUICK  brown\tfox o'neil")), "The Quick  Brown\tFox O'neil");
    assert_str(weir_initcap(w, str("\xC3\xA9t\xC3\x89")), "\xC3\x89t\xC3\xA9");
    assert_str(weir_lower(w, str("")), "");
}

static void trimming(void **state)
{
    (void)state;
    assert_str(weir_trim(w, str(" \t\r\n a b \xC2\xA0\xE3\x80\x80")), "a b");
    assert_str(weir_trim(w, str("   ")), "");
    assert_str(weir_trim(w, str("")), "");
    assert_str(weir_trim_chars(w, str("--a-b-_"), str("-_")), "a-b");
    assert_str(weir_trim_chars(w, str(EMOJI "a" EMOJI), str("x" EMOJI)), "a");
    assert_str(weir_trim_chars(w, str(" a "), str("")), " a ");
}

static void padding(void **state)
{
    (void)state;
    assert_str(weir_pad_left(w, str("7"), 3, str("0")), "007");
    assert_str(weir_pad_right(w, str("7"), 6, str("ab")), "7ababa");
    assert_str(weir_pad_left(w, str("hello"), 3, str(" ")), "hel");
    assert_str(weir_pad_left(w, str("hello"), -3, str(" ")), "");
    assert_str(weir_pad_left(w, str("a"), 3, str("")), "a");
    assert_str(weir_pad_left(w, str(EMOJI), 3, str(KOREAN)), KOREAN EMOJI);
    weir_pad_left(w, str("a"), INT64_MAX, str("x"));
    assert_bad(WEIR_BAD_LIMIT, "larger than the limit");
    weir_pad_left(w, str("a"), 60000000, str("xyz" EMOJI));
    assert_bad(WEIR_BAD_LIMIT, "larger than the limit");
    assert_str(weir_repeat(w, str("ab"), 3), "ababab");
    assert_str(weir_repeat(w, str("ab"), 0), "");
    assert_str(weir_repeat(w, str(""), INT64_MAX), "");
    weir_repeat(w, str("ab"), -1);
    assert_bad(WEIR_BAD_INDEX, "repeat -1 times");
    weir_repeat(w, str("ab"), INT64_MAX);
    assert_bad(WEIR_BAD_LIMIT, "larger than the limit");
}

static void characters(void **state)
{
    (void)state;
    assert_str(weir_chr(w, 65), "A");
    assert_str(weir_chr(w, 0x1F600), EMOJI);
    static const int64_t wrong[] = {-1, 0xD800, 0xDFFF, 0x110000, INT64_MAX};
    for (size_t i = 0; i < 5; i++) {
        weir_chr(w, wrong[i]);
        assert_bad(WEIR_BAD_CONVERSION, "is no code point");
    }
    assert_str(weir_reverse_string(w, str("a" KOREAN "b")), "b\xEA\xB8\x80\xED\x95\x9C"
                                                            "a");
    assert_str(weir_reverse_string(w, str("")), "");
}

static void parts(void **state)
{
    (void)state;
    assert_str(weir_replace(w, str("a.b.c"), str("."), str("--")), "a--b--c");
    assert_str(weir_replace(w, str("aaa"), str("aa"), str("")), "a");
    assert_str(weir_replace(w, str("abc"), str(""), str("x")), "abc");
    assert_str(weir_replace(w, str(""), str("a"), str("x")), "");
    assert_string_equal(joined(weir_split(w, str("a,b,,c,"), str(","))), "<a><b><><c><>");
    assert_string_equal(joined(weir_split(w, str(""), str(","))), "<>");
    assert_string_equal(joined(weir_split(w, str("a" KOREAN), str(""))), "<a><\xED\x95\x9C><\xEA\xB8\x80>");
    assert_string_equal(joined(weir_split(w, str(""), str(""))), "");
    assert_str(weir_join(w, weir_split(w, str("a,b,c"), str(",")), str(" - ")), "a - b - c");
    assert_str(weir_join(w, (struct weir_list){"", 0}, str(",")), "");
    assert_str(weir_concat(w, str("a"), str("b")), "ab");
    assert_str(weir_concat(w, str(""), str("b")), "b");
}

// ---- regular expressions ----

static void matching(void **state)
{
    (void)state;
    assert_true(weir_matches(w, str("abc123"), str("[a-z]+\\d+")));
    assert_false(weir_matches(w, str("abc123x"), str("[a-z]+\\d+")));
    assert_true(weir_matches(w, str("ab"), str("a|ab"))); // of all alternatives the one that takes all
    assert_true(weir_matches(w, str(""), str("")));
    assert_false(weir_matches(w, str("a\n"), str("a")));
    assert_true(weir_matches(w, str(KOREAN), str("..")));
    assert_str(weir_regex_extract(w, str("order-42-x"), str("(\\w+)-(\\d+)"), 2), "42");
    assert_str(weir_regex_extract(w, str("order-42-x"), str("(\\w+)-(\\d+)"), 0), "order-42");
    assert_null(weir_regex_extract(w, str("none"), str("\\d+"), 0).p);
    assert_null(weir_regex_extract(w, str("b"), str("(a)|b"), 1).p);
    assert_str(weir_regex_extract(w, str("xay"), str("a(b?)"), 1), "");
    assert_good();
    weir_regex_extract(w, str("a"), str("a"), 1);
    assert_bad(WEIR_BAD_REGEX, "group 1 of pattern \"a\", which has 0");
    weir_regex_extract(w, str("a"), str("a"), -1);
    assert_bad(WEIR_BAD_REGEX, "group -1");
    weir_matches(w, str("a"), str("(a"));
    assert_bad(WEIR_BAD_REGEX, "pattern \"(a\" is wrong at 2: missing closing parenthesis");
    assert_string_equal(joined(weir_regex_extract_all(w, str("a1b22c333"), str("[a-z](\\d+)"), 1)), "<1><22><333>");
    assert_string_equal(joined(weir_regex_extract_all(w, str("none"), str("\\d"), 0)), "");
    assert_string_equal(joined(weir_regex_extract_all(w, str("a" KOREAN), str("x*"), 0)), "<><><><>");
    assert_string_equal(joined(weir_regex_extract_all(w, str("aab"), str("a*"), 0)), "<aa><><>");
}

static void replacing(void **state)
{
    (void)state;
    assert_str(weir_regex_replace(w, str("2024-05-01"), str("(\\d+)-(\\d+)-(\\d+)"), str("$3/$2/${1}")), "01/05/2024");
    assert_str(weir_regex_replace(w, str("a b"), str("(?<first>\\w) (\\w)"), str("$2 ${first} \\$1 $0")), "b a $1 a b");
    assert_str(weir_regex_replace(w, str("aaa"), str("a"), str("$012")), "a12a12a12");
    assert_str(weir_regex_replace(w, str("abc"), str(""), str("-")), "-a-b-c-");
    assert_str(weir_regex_replace(w, str(""), str("x"), str("y")), "");
    assert_str(weir_regex_replace(w, str("none"), str("\\d"), str("y")), "none");
    static const char *const wrong[] = {"$", "$x", "$1", "${x}", "${", "${}", "a$"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        weir_regex_replace(w, str("a"), str("a"), str(wrong[i]));
        assert_bad(WEIR_BAD_REGEX, "a $ that names no group");
    }
}

static void splitting(void **state)
{
    (void)state;
    assert_string_equal(joined(weir_regex_split(w, str("a, b,c ,d"), str("\\s*,\\s*"))), "<a><b><c><d>");
    assert_string_equal(joined(weir_regex_split(w, str(",a,,b,"), str(","))), "<><a><><b><>");
    assert_string_equal(joined(weir_regex_split(w, str("abc"), str(""))), "<a><b><c>");
    assert_string_equal(joined(weir_regex_split(w, str(""), str(","))), "<>");
    assert_string_equal(joined(weir_regex_split(w, str("abc"), str("x"))), "<abc>");
}

static void limits(void **state)
{
    (void)state;
    char text[200];
    memset(text, 'a', sizeof text);
    text[sizeof text - 1] = 'b';
    weir_matches(w, (struct weir_str){text, sizeof text}, str("(?:a+)+[cd]"));
    assert_bad(WEIR_BAD_REGEX, "limit exceeded");
    weir_regex_extract(w, (struct weir_str){text, sizeof text}, str("(?:a|aa)+$"), 0);
    assert_bad(WEIR_BAD_REGEX, "limit exceeded");
    size_t n = 8 << 20;
    char *large = malloc(n);
    memset(large, 'a', n);
    weir_matches(w, (struct weir_str){large, n},
                 str("(?:(a)|b)*")); // deep rather than long: right, or a limit, but no crash
    weir_ctx_reset(w);
    free(large);
    // More patterns than the cache holds, again and again.
    for (int i = 0; i < 1000; i++) {
        char pattern[32];
        snprintf(pattern, sizeof pattern, "a{%d}", i % 200);
        assert_int_equal(weir_matches(w, (struct weir_str){text, 150}, str(pattern)), i % 200 == 150);
    }
    assert_good();
}

static void checking(void **state)
{
    (void)state;
    char error[120];
    size_t offset;
    assert_true(weir_regex_check("[a-z]+", 6, error, sizeof error, &offset));
    assert_false(weir_regex_check("a[z", 3, error, sizeof error, &offset));
    assert_int_equal(offset, 3);
    assert_non_null(strstr(error, "missing terminating ]"));
    assert_false(weir_regex_check("\\C", 2, error, sizeof error, &offset));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        KERNEL_TEST(utf8),     KERNEL_TEST(lengths),   KERNEL_TEST(finding),    KERNEL_TEST(cases),
        KERNEL_TEST(trimming), KERNEL_TEST(padding),   KERNEL_TEST(characters), KERNEL_TEST(parts),
        KERNEL_TEST(matching), KERNEL_TEST(replacing), KERNEL_TEST(splitting),  KERNEL_TEST(limits),
        KERNEL_TEST(checking),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
