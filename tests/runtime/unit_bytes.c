// Bytes, hashes, URLs, JSON values by path, CSV, and Kafka's big-endian numbers.
#include "kernel_test.h"

static void forms(void **state)
{
    (void)state;
    static const char *const plain[] = {"", "f", "fo", "foo", "foob", "fooba", "foobar"};
    static const char *const base64[] = {"",         "Zg==",     "Zm8=",    "Zm9v",
                                         "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"}; // RFC 4648, section 10
    static const char *const hex[] = {"", "66", "666f", "666f6f", "666f6f62", "666f6f6261", "666f6f626172"};
    for (size_t i = 0; i < 7; i++) {
        assert_str(weir_encode(w, str(plain[i]), str("base64")), base64[i]);
        assert_str(weir_decode(w, str(base64[i]), str("base64")), plain[i]);
        assert_str(weir_encode(w, str(plain[i]), str("hex")), hex[i]);
        assert_str(weir_decode(w, str(hex[i]), str("hex")), plain[i]);
    }
    assert_str(weir_decode(w, str("C3A9"), str("hex")), "\xC3\xA9");
    assert_str(weir_decode(w, str("a"), str("utf8")), "a");
    assert_str(weir_decode_text(w, str("\xC3\xA9"), str("utf8")), "\xC3\xA9");
    static const char *const not_base64[] = {
        "Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm9v=", "Z*==", "====", "Zg==Zg==", "Zm 9", "Zm9v\n"};
    for (size_t i = 0; i < sizeof not_base64 / sizeof *not_base64; i++) {
        weir_decode(w, str(not_base64[i]), str("base64"));
        assert_bad(WEIR_BAD_CONVERSION, "is not base64");
    }
    weir_decode(w, str("123"), str("hex"));
    assert_bad(WEIR_BAD_CONVERSION, "\"123\" is not hex");
    weir_decode(w, str("1g"), str("hex"));
    assert_bad(WEIR_BAD_CONVERSION, "is not hex");
    weir_encode(w, str("a"), str("rot13"));
    assert_bad(WEIR_BAD_CONVERSION, "unknown form \"rot13\"");
    weir_encode(w, str("\xFF"), str("utf8"));
    assert_bad(WEIR_BAD_CONVERSION, "1 bytes are not UTF-8");
    weir_string_of_bytes(w, str("\xFF"));
    assert_bad(WEIR_BAD_CONVERSION, "not UTF-8");
}

static void digests(void **state)
{
    (void)state;
    // RFC 1321, appendix A.5
    assert_str(weir_md5(w, str("")), "d41d8cd98f00b204e9800998ecf8427e");
    assert_str(weir_md5(w, str("abc")), "900150983cd24fb0d6963f7d28e17f72");
    assert_str(weir_md5(w, str("12345678901234567890123456789012345678901234567890123456789012345678901234567890")),
               "57edf4a22be3c955ac49da2e2107b67a");
    // FIPS 180-4's examples
    assert_str(weir_sha256(w, str("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_str(weir_sha256(w, str("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_str(weir_sha256(w, str("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
               "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    char *million = malloc(1000000);
    memset(million, 'a', 1000000);
    assert_str(weir_sha256(w, (struct weir_str){million, 1000000}),
               "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    assert_str(weir_md5(w, (struct weir_str){million, 1000000}), "7707d6ae4e027c70eea2a935c2296f21");
    free(million);
    // Kafka's UtilsTest.testMurmur2
    assert_int_equal(weir_murmur2_of(w, str("21")), -973932308);
    assert_int_equal(weir_murmur2_of(w, str("foobar")), -790332482);
    assert_int_equal(weir_murmur2_of(w, str("a-little-bit-long-string")), -985981536);
    assert_int_equal(weir_murmur2_of(w, str("a-little-bit-longer-string")), -1486304829);
    assert_int_equal(weir_murmur2_of(w, str("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8")), -58897971);
    assert_int_equal(weir_murmur2_of(w, str("abc")), 479470107);
    assert_true((uint64_t)weir_xxhash(w, str("")) == 0xEF46DB3751D8E999u &&
                (uint64_t)weir_xxhash(w, str("abc")) == 0x44BC2CF5AD770999u);
}

static void uuids(void **state)
{
    (void)state;
    assert_str(weir_uuid_of(w, str("weir")), "57c6838e-abf4-31f7-bf6d-d50093408e33");
    for (int i = 0; i < 200; i++) {
        struct weir_str a = weir_uuid(w), b = weir_uuid(w);
        assert_true(a.n == 36 && a.p[14] == '4' && strchr("89ab", a.p[19]) && a.p[8] == '-' && a.p[23] == '-');
        assert_false(weir_eq_str(a, b));
    }
}

static void urls(void **state)
{
    (void)state;
    assert_str(weir_url_encode(w, str("a b&c=d/\xC3\xA9~*-_.")), "a+b%26c%3Dd%2F%C3%A9%7E*-_.");
    assert_str(weir_url_decode(w, str("a+b%26c%3dd%2F%C3%A9")), "a b&c=d/\xC3\xA9");
    static const char *const wrong[] = {"%", "%1", "%1g", "a%", "%FF"};
    for (size_t i = 0; i < 5; i++) {
        weir_url_decode(w, str(wrong[i]));
        assert_int_equal(w->cause, WEIR_BAD_CONVERSION);
        weir_ctx_reset(w);
    }
    static const struct {
        const char *url, *part, *expected; // NULL: null
    } cases[] = {
        {"https://me:pw@example.com:8080/a/b?x=1&y=%20z&x=2#frag", "protocol", "https"},
        {"https://me:pw@example.com:8080/a/b?x=1#frag", "user", "me:pw"},
        {"https://me@example.com:8080/a/b?x=1#frag", "host", "example.com"},
        {"https://example.com:8080/a/b?x=1#frag", "port", "8080"},
        {"https://example.com:8080/a/b?x=1#frag", "path", "/a/b"},
        {"https://example.com/a?x=1&y=2#frag", "query", "x=1&y=2"},
        {"https://example.com/a?x#frag?b", "fragment", "frag?b"},
        {"https://example.com/a?x=1&y=%20z&x=2", "query:y", " z"},
        {"https://example.com/a?x=1&y=%20z&x=2", "query:x", "1"},
        {"https://example.com/a?x", "query:x", ""},
        {"https://example.com/a?x=1", "query:z", NULL},
        {"https://example.com", "path", ""},
        {"https://example.com", "port", NULL},
        {"https://example.com", "query", NULL},
        {"https://example.com:/", "port", NULL},
        {"http://[::1]:80/x", "host", "[::1]"},
        {"http://[::1]:80/x", "port", "80"},
        {"http://[::1]/x", "port", NULL},
        {"/a/b?c", "protocol", NULL},
        {"/a/b?c", "host", NULL},
        {"/a/b?c", "path", "/a/b"},
        {"mailto:a@b.c", "protocol", "mailto"},
        {"mailto:a@b.c", "path", "a@b.c"},
        {"", "path", ""},
        {"", "host", NULL},
        {"//host", "host", "host"},
        {"http://a@b@c/", "host", "c"},
        {"?q=1", "query:q", "1"},
        {":", "path", ":"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct weir_str v = weir_url_part(w, str(cases[i].url), str(cases[i].part));
        if ((v.p != NULL) != (cases[i].expected != NULL))
            fail_msg("%s of %s", cases[i].part, cases[i].url);
        if (v.p)
            assert_str(v, cases[i].expected);
    }
    weir_url_part(w, str("http://a"), str("color"));
    assert_bad(WEIR_BAD_CONVERSION, "unknown part \"color\"");
}

static void distances(void **state)
{
    (void)state;
    double palo_alto_to_london = weir_geo_distance(w, 37.4439, -122.1663, 51.5257, -0.1122);
    assert_true(palo_alto_to_london > 8634 && palo_alto_to_london < 8635.5); // ksqlDB's own example
    assert_true(weir_geo_distance(w, 1, 2, 1, 2) == 0);
    double half = weir_geo_distance(w, 0, 0, 0, 180);
    assert_true(half > 20015 && half < 20016);
    weir_geo_distance(w, 91, 0, 0, 0);
    assert_bad(WEIR_BAD_CONVERSION, "geo_distance");
}

static void json_values(void **state)
{
    (void)state;
    static const char text[] =
        "{\"a\":{\"b\":[10,{\"c "
        "d\":\"x\"},null]},\"a.b\":1,\"n\":null,\"e\":\"\\u0041\",\"x/y\":{\"~\":2},\"0\":3,\"d\":1,\"d\":2}";
    static const struct {
        const char *path, *expected; // NULL: null
    } cases[] = {
        {"$", text},
        {"", text},
        {"$.a.b[0]", "10"},
        {"a.b[0]", "10"},
        {"/a/b/0", "10"},
        {"$.a.b[1]['c d']", "\"x\""},
        {"/a/b/1/c d", "\"x\""},
        {"$['a']['b'][0]", "10"},
        {"$[\"a.b\"]", "1"},
        {"a.b", "[10,{\"c d\":\"x\"},null]"},
        {"a.b[2]", NULL},
        {"a.b[3]", NULL},
        {"n", NULL},
        {"none", NULL},
        {"a.b.c", NULL},
        {"e", "\"\\u0041\""},
        {"/x~1y/~0", "2"},
        {"/0", "3"},
        {"$.0", "3"},
        {"$[0]", NULL},
        {"/a/b/00", NULL},
        {"d", "2"},
        {"a.b[999999999]", NULL},
    };
    static const char *const wrong[] = {"$.", "$..a", "a[", "a[x]", "a[0", "a['b", "a.", ".", "a[-1]", "a[0]b"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct weir_str v = weir_json_get(w, str(text), str(cases[i].path));
        if ((v.p != NULL) != (cases[i].expected != NULL) || w->bad)
            fail_msg("%s: %.*s %s", cases[i].path, (int)v.n, v.p, w->bad ? w->bad : "");
        if (v.p)
            assert_str(v, cases[i].expected);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        weir_json_get(w, str("{\"a\":[{\"b\":1}],\"\":{\"\":1}}"), str(wrong[i]));
        if (!w->bad)
            fail_msg("accepted: %s", wrong[i]);
        assert_bad(WEIR_BAD_CONVERSION, "is no path");
    }
    assert_str(weir_parse_json(w, str(" [1, 2] ")), "[1, 2]");
    weir_parse_json(w, str("[1, 2"));
    assert_bad(WEIR_BAD_DECODE, "found the end of the text at byte 5");
    weir_parse_json(w, str(""));
    assert_bad(WEIR_BAD_DECODE, "expected a value");
    assert_int_equal(weir_i64_of_json(w, str("1e3")), 1000);
    assert_int_equal(weir_i64_of_json(w, str("\"42\"")), 42);
    weir_i64_of_json(w, str("1.5"));
    assert_bad(WEIR_BAD_CONVERSION, "1.5 is not an int64");
    weir_i64_of_json(w, str("null"));
    assert_bad(WEIR_BAD_CONVERSION, "null is not an int64");
    assert_true(weir_f64_of_json(w, str("1.5")) == 1.5 && weir_f64_of_json(w, str("\"1.5\"")) == 1.5);
    weir_f64_of_json(w, str("true"));
    assert_bad(WEIR_BAD_CONVERSION, "\"true\" is not a float64");
    assert_true(weir_bool_of_json(w, str("true")));
    assert_str(weir_string_of_json(w, str("\"a\\nb\"")), "a\nb");
    assert_str(weir_string_of_json(w, str("{\"a\":1}")), "{\"a\":1}");
}

// LINE's fields as "<a>(b)", quoted ones in round brackets.
static const char *csv_fields(const char *line, char delimiter)
{
    static char out[300];
    struct weir_str copy = exact(line, strlen(line)), field;
    struct weir_csv csv;
    bool quoted;
    char *p = out;
    *p = 0;
    weir_csv_start(&csv, copy, delimiter);
    while (weir_csv_next(w, &csv, &field, &quoted))
        p += sprintf(p, quoted ? "(%.*s)" : "<%.*s>", (int)field.n, field.p);
    free((char *)copy.p);
    return out;
}

static void csv(void **state)
{
    (void)state;
    assert_string_equal(csv_fields("a,b,c", ','), "<a><b><c>");
    assert_string_equal(csv_fields("a,b,c\r\n", ','), "<a><b><c>");
    assert_string_equal(csv_fields("a,,\n", ','), "<a><><>");
    assert_string_equal(csv_fields("", ','), "<>");
    assert_string_equal(csv_fields("\"a,b\",\"say \"\"hi\"\"\",\"\",\"two\nlines\"", ','),
                        "(a,b)(say \"hi\")()(two\nlines)");
    assert_string_equal(csv_fields("a|b,c|\"d|e\"", '|'), "<a><b,c>(d|e)");
    assert_string_equal(csv_fields(" a , b\"c ", ','), "< a >< b\"c >");
    assert_string_equal(csv_fields("\"\"\"\"", ','), "(\")");
    assert_good();
    static const char *const wrong[] = {"\"a",  "\"a\"b", "a,\"",     "\"a\"\"", "a\nb",
                                        "a\rb", "\xFF",   "\"\xFF\"", "\"a\" ,b"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        csv_fields(wrong[i], ',');
        if (!w->bad)
            fail_msg("accepted: %s", wrong[i]);
        assert_int_equal(w->cause, WEIR_BAD_DECODE);
        weir_ctx_reset(w);
    }
    struct weir_buf b;
    weir_buf_init(w, &b, 0);
    static const char *const fields[] = {"a", "", "a,b", "say \"hi\"", "two\nlines", " a ", "a|b"};
    for (size_t i = 0; i < 7; i++) {
        weir_csv_put(&b, str(fields[i]), ',');
        weir_put_lit(&b, ";");
    }
    assert_str(weir_buf_str(&b), "a;\"\";\"a,b\";\"say \"\"hi\"\"\";\"two\nlines\"; a ;a|b;");
}

static void big_endian(void **state)
{
    (void)state;
    char bytes[8];
    weir_put_i32be(bytes, 0x01020304);
    assert_memory_equal(bytes, "\1\2\3\4", 4);
    assert_int_equal(weir_get_i32be(bytes), 0x01020304);
    weir_put_i64be(bytes, -2);
    assert_memory_equal(bytes, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFE", 8);
    assert_int_equal(weir_get_i64be(bytes), -2);
    weir_put_f64be(bytes, 1.5);
    assert_memory_equal(bytes, "\x3F\xF8\0\0\0\0\0\0", 8);
    assert_true(weir_get_f64be(bytes) == 1.5);
    weir_put_f32be(bytes, -1.5f);
    assert_memory_equal(bytes, "\xBF\xC0\0\0", 4);
    assert_true(weir_get_f32be(bytes) == -1.5f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        KERNEL_TEST(forms),     KERNEL_TEST(digests),     KERNEL_TEST(uuids), KERNEL_TEST(urls),
        KERNEL_TEST(distances), KERNEL_TEST(json_values), KERNEL_TEST(csv),   KERNEL_TEST(big_endian),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
