// Time: patterns, zones and calendar as java.time has them (times.txt, by MakeTimes.java), ISO 8601, and truncation.
#include "kernel_test.h"
#include "tzif.h"
#include "zone.h"

enum { FIELDS = 5 };

static void check_format(int line, char *const *f)
{
    struct weir_str v = weir_format_time(w, atoll(f[1]), str(f[3]), str(f[2]));
    if (w->bad || v.n != strlen(f[4]) || memcmp(v.p, f[4], v.n) != 0)
        fail_msg("times.txt:%d: %s in %s as %s: found %.*s%s, expected %s", line, f[1], f[2], f[3], (int)v.n, v.p,
                 w->bad ? w->bad : "", f[4]);
}

static void check_parts(int line, char *const *f)
{
    int64_t at = atoll(f[1]);
    struct weir_str zone = str(f[2]);
    char got[64];
    snprintf(got, sizeof got, "%d %d %d %d %d %d", (int)weir_month(w, at, zone), (int)weir_day(w, at, zone),
             (int)weir_hour(w, at, zone), (int)weir_minute(w, at, zone), (int)weir_second(w, at, zone),
             (int)weir_weekday(w, at, zone));
    if (weir_year(w, at, zone) != atoll(f[3]) || strcmp(got, f[4]) != 0)
        fail_msg("times.txt:%d: %s in %s: found %lld %s, expected %s %s", line, f[1], f[2],
                 (long long)weir_year(w, at, zone), got, f[3], f[4]);
}

static void check_parse(int line, char *const *f)
{
    int64_t at = weir_parse_time(w, str(f[4]), str(f[3]), str(f[2]));
    char got[32];
    snprintf(got, sizeof got, "%lld", (long long)at);
    if (strcmp(w->bad ? "wrong" : got, f[1]) != 0)
        fail_msg("times.txt:%d: \"%s\" as %s in %s: found %s, expected %s", line, f[4], f[3], f[2],
                 w->bad ? w->bad : got, f[1]);
}

static void as_java(void **state)
{
    (void)state;
    FILE *file = fopen(WEIR_SOURCE_DIR "/tests/runtime/times.txt", "r");
    char text[512];
    int line = 0;
    assert_non_null(file);
    while (fgets(text, sizeof text, file)) {
        char *f[FIELDS], *p = text;
        line++;
        text[strcspn(text, "\n")] = 0;
        for (int i = 0; i < FIELDS; i++)
            f[i] = strsep(&p, "\t");
        assert_non_null(f[FIELDS - 1]);
        weir_ctx_reset(w);
        if (strcmp(f[0], "format") == 0)
            check_format(line, f);
        else if (strcmp(f[0], "parts") == 0)
            check_parts(line, f);
        else
            check_parse(line, f);
    }
    fclose(file);
    assert_true(line > 2000);
    weir_ctx_reset(w);
}

static void iso(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t ms;
    } right[] = {
        {"2024-05-01T10:00:00Z", 1714557600000},
        {"2024-05-01t10:00:00z", 1714557600000},
        {"2024-05-01 10:00:00", 1714557600000},
        {"2024-05-01T10:00Z", 1714557600000},
        {"2024-05-01T19:00:00+09:00", 1714557600000},
        {"2024-05-01T19:00:00+0900", 1714557600000},
        {"2024-05-01T19:00:00+09", 1714557600000},
        {"2024-05-01T06:30:00-03:30", 1714557600000},
        {"2024-05-01T10:00:00.5Z", 1714557600500},
        {"2024-05-01T10:00:00,123456789Z", 1714557600123},
        {"1970-01-01T00:00:00Z", 0},
        {"0000-01-01T00:00:00Z", -62167219200000},
        {"-0001-12-31T23:59:59.999Z", -62167219200001},
        {"9999-12-31T23:59:59.999Z", 253402300799999},
        {"+10000-01-01T00:00:00Z", 253402300800000},
        {"+292278994-08-17T07:12:55.807Z", INT64_MAX},
        {"-292275055-05-16T16:47:04.192Z", INT64_MIN},
        {"2000-02-29T00:00Z", 951782400000},
    };
    static const char *const wrong[] = {
        "",
        "2024-05-01",
        "2024-05-01T",
        "2024-05-01T10",
        "2024-05-01T1:00:00Z",
        "2024-05-01T24:00:00Z",
        "2024-05-01T10:60:00Z",
        "2024-05-01T10:00:60Z",
        "2024-05-01T10:00:00.Z",
        "2024-05-01T10:00:00.1234567890Z",
        "2024-05-01T10:00:00ZZ",
        "2024-05-01T10:00:00+",
        "2024-05-01T10:00:00+9",
        "2024-05-01T10:00:00+19:00",
        "2024-05-01T10:00:00+09:",
        "2024-05-01T10:00:00+09:60",
        "2024-02-30T10:00:00Z",
        "1900-02-29T10:00:00Z",
        "2024-13-01T10:00:00Z",
        "2024-00-01T10:00:00Z",
        "2024-01-00T10:00:00Z",
        "24-05-01T10:00:00Z",
        "12024-05-01T10:00:00Z",
        "-0000-01-01T00:00:00Z",
        "+292278994-08-17T07:12:55.808Z",
        "+999999999-01-01T00:00:00Z",
        "-292275055-05-16T16:47:04.191Z",
        "2024-05-01T10:00:00 Z",
        "2024/05/01T10:00:00Z",
        "20240501T100000Z",
        "now",
        "2024-05-01T10:00:00.000Z ",
        "+292278994-08-17T07:12:55.807-00:01",
        "-292275055-05-16T16:47:04.192+00:01",
    };
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        int64_t ms = weir_timestamp_of_string(w, str(right[i].text));
        if (w->bad || ms != right[i].ms)
            fail_msg("%s: %lld %s", right[i].text, (long long)ms, w->bad ? w->bad : "");
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        weir_timestamp_of_string(w, str(wrong[i]));
        if (!w->bad)
            fail_msg("accepted: %s", wrong[i]);
        assert_bad(WEIR_BAD_CONVERSION, "is not an ISO 8601 time");
    }
    for (int64_t ms = INT64_MIN / 2, step = INT64_MAX / 5000; ms < INT64_MAX / 2; ms += step)
        assert_true(weir_timestamp_of_string(w, weir_string_of_timestamp(w, ms)) == ms);
}

static void dates(void **state)
{
    (void)state;
    assert_int_equal(weir_date_of_string(w, str("2024-05-01")), 19844);
    assert_int_equal(weir_date_of_string(w, str("-0001-12-31")), -719529);
    weir_date_of_string(w, str("2024-5-1"));
    assert_bad(WEIR_BAD_CONVERSION, "\"2024-5-1\" is not a date");
    weir_date_of_string(w, str("+5881580-07-12"));
    assert_bad(WEIR_BAD_CONVERSION, "is not a date");
    for (int64_t days = INT32_MIN; days <= INT32_MAX; days += 99991) {
        assert_true(weir_date_of_string(w, weir_string_of_date(w, (int32_t)days)) == days);
        weir_ctx_reset(w);
    }
    assert_int_equal(weir_year_date(w, 19844), 2024);
    assert_int_equal(weir_month_date(w, 19844), 5);
    assert_int_equal(weir_day_date(w, 19844), 1);
    assert_int_equal(weir_weekday_date(w, 19844), 3);
    assert_true(weir_timestamp_of_date(w, INT32_MIN) == -2147483648ll * 86400000);
    assert_int_equal(weir_date_of_timestamp(w, 1714557600000, str("UTC")), 19844);
    assert_int_equal(weir_date_of_timestamp(w, 1714579200000, str("Asia/Seoul")), 19845);
    assert_int_equal(weir_date_of_timestamp(w, -1, str("UTC")), -1);
    weir_date_of_timestamp(w, INT64_MAX, str("UTC"));
    assert_bad(WEIR_BAD_CONVERSION, "does not fit a date");
    assert_str(weir_format_date(w, 19844, str("EEEE, d MMMM uuuu")), "Wednesday, 1 May 2024");
}

static void defaults_and_wrong_patterns(void **state)
{
    (void)state;
    assert_int_equal(weir_parse_time(w, str("2024-05-01"), str("yyyy-MM-dd"), str("UTC")), 1714521600000);
    assert_int_equal(weir_parse_time(w, str("10:00"), str("HH:mm"), str("UTC")), 36000000);
    weir_parse_time(w, str("2023-02-29"), str("yyyy-MM-dd"), str("UTC"));
    assert_bad(WEIR_BAD_CONVERSION, "\"2023-02-29\" is not a time like \"yyyy-MM-dd\"");
    static const char *const wrong[] = {"b", "yyyyyyyyyy", "'open", "[open", "close]", "VVV",
                                        "V", "zzzz",       "{",     "aa",    "HHH",    "O O OO"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char error[80];
        size_t offset;
        weir_format_time(w, 0, str(wrong[i]), str("UTC"));
        assert_bad(WEIR_BAD_CONVERSION, "is wrong at");
        weir_parse_time(w, str("1"), str(wrong[i]), str("UTC"));
        assert_bad(WEIR_BAD_CONVERSION, "is wrong at");
        assert_false(weir_time_pattern_check(wrong[i], strlen(wrong[i]), error, sizeof error, &offset));
    }
    assert_str(weir_format_time(w, 0, str(""), str("UTC")), "");
    assert_str(weir_format_time(w, 1714557600000, str("z"), str("America/New_York")), "EDT");
    assert_str(weir_format_time(w, 1714557600000, str("z"), str("+09:00")), "+09:00");
}

static void zones(void **state)
{
    (void)state;
    static const char *const right[] = {
        "UTC",       "Z",      "GMT",       "+09:00",     "-3",        "+0530",   "UTC+9",
        "GMT-03:30", "+18:00", "+05:30:15", "Asia/Seoul", "Etc/GMT+5", "EST5EDT", "America/Argentina/Ushuaia"};
    static const char *const wrong[] = {"",
                                        "Mars/Olympus",
                                        "../../../etc/passwd",
                                        "/etc/localtime",
                                        "America",
                                        "America/",
                                        "tzdata.zi",
                                        "zone.tab",
                                        "+19:00",
                                        "+18:01",
                                        "+",
                                        "+9:",
                                        "+09:0",
                                        "+09:00:",
                                        "09:00",
                                        "utc ",
                                        "Asia/../Asia/Seoul",
                                        "Asia//../Seoul",
                                        "posixrules\n",
                                        "+9a"};
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        if (!weir_zone_check(right[i], strlen(right[i])))
            fail_msg("unknown: %s", right[i]);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        if (weir_zone_check(wrong[i], strlen(wrong[i])))
            fail_msg("accepted: %s", wrong[i]);
    }
    weir_hour(w, 0, str("Mars/Olympus"));
    assert_bad(WEIR_BAD_CONVERSION, "unknown time zone \"Mars/Olympus\"");
}

static void rules(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",
                                        "X",
                                        "CET",
                                        "CET-1CEST,M3.5.0",
                                        "CET-1CEST,M13.5.0,M10.5.0",
                                        "CET-1CEST,M3.6.0,M10.5.0",
                                        "CET-1CEST,M3.5.7,M10.5.0",
                                        "<+03",
                                        "CET-1CEST,J0,J1",
                                        "CET-200",
                                        "CET-1CEST,366,1",
                                        "CET-1CEST,M3.5.0,M10.5.0x"};
    struct tz_rule rule;
    const char *name;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(tz_rule_parse(wrong[i], &rule));
    assert_true(tz_rule_parse("<-03>3<-02>,M3.5.0/-2,M10.5.0/-1", &rule)); // Nuuk: at negative hours
    assert_int_equal(tz_rule_offset(&rule, 1719792000, &name), -7200);
    assert_string_equal(name, "-02");
    assert_true(tz_rule_parse("IST-2IDT,M3.4.4/26,M10.5.0", &rule)); // Jerusalem: at hour 26
    assert_int_equal(tz_rule_offset(&rule, 1711670400 - 3600, NULL), 7200);
    assert_int_equal(tz_rule_offset(&rule, 1711670400, NULL), 10800);
    assert_true(tz_rule_parse("XXX-1YYY,J60/0,J305/0", &rule)); // March 1, in leap years too
    assert_int_equal(tz_rule_offset(&rule, 1709251200 - 3600 - 1, NULL), 3600);
    assert_int_equal(tz_rule_offset(&rule, 1709251200 - 3600, NULL), 7200);
    assert_true(tz_rule_parse("XXX-1YYY,59/0,304/0", &rule)); // day 59 from 0: February 29 in leap years
    assert_int_equal(tz_rule_offset(&rule, 1709164800 - 3600, NULL), 7200);
}

static void truncation(void **state)
{
    (void)state;
    static const struct {
        const char *at, *zone, *expected;
        int64_t by;
    } cases[] = {
        {"2024-05-01T10:59:59.999Z", "UTC", "2024-05-01T10:00:00Z", 3600000},
        {"2024-05-01T10:59:59Z", "UTC", "2024-05-01T00:00:00Z", 86400000},
        {"1969-12-31T23:59:59Z", "UTC", "1969-12-31T23:00:00Z", 3600000},
        {"2024-05-01T20:00:00Z", "Asia/Seoul", "2024-05-01T15:00:00Z", 86400000},
        {"2024-05-01T10:45:00Z", "Asia/Kolkata", "2024-05-01T10:30:00Z", 3600000},
        // Paris, back at 03:00 on October 27: both hours from 2 to 3 are hours of their own, and the day began in summer time
        {"2024-10-27T00:30:00Z", "Europe/Paris", "2024-10-27T00:00:00Z", 3600000},
        {"2024-10-27T01:30:00Z", "Europe/Paris", "2024-10-27T01:00:00Z", 3600000},
        {"2024-10-27T12:00:00Z", "Europe/Paris", "2024-10-26T22:00:00Z", 86400000},
        {"2024-03-31T12:00:00Z", "Europe/Paris", "2024-03-30T23:00:00Z", 86400000},
        // Sao Paulo, on at midnight of 2018-11-04: the day began at 01:00
        {"2018-11-04T12:00:00Z", "America/Sao_Paulo", "2018-11-04T03:00:00Z", 86400000},
        // New York, on at 02:00 of March 10: readings from 2 to 3 are 03:00
        {"2024-03-10T07:10:00Z", "America/New_York", "2024-03-10T07:00:00Z", 50 * 60000},
        {"2024-03-10T07:39:59Z", "America/New_York", "2024-03-10T07:00:00Z", 50 * 60000},
        {"2024-03-10T07:40:00Z", "America/New_York", "2024-03-10T07:40:00Z", 50 * 60000},
        {"2024-03-10T06:59:59Z", "America/New_York", "2024-03-10T06:10:00Z", 50 * 60000},
        {"2024-05-03T10:00:00Z", "UTC", "2024-05-02T00:00:00Z", 7 * 86400000},
        {"2024-05-01T10:00:00.123Z", "UTC", "2024-05-01T10:00:00.120Z", 10},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t at = weir_timestamp_of_string(w, str(cases[i].at));
        assert_str(weir_string_of_timestamp(w, weir_truncate(w, at, cases[i].by, str(cases[i].zone))),
                   cases[i].expected);
    }
    weir_truncate(w, 0, 0, str("UTC"));
    assert_bad(WEIR_BAD_CONVERSION, "truncate to 0 ms");
    weir_truncate(w, INT64_MIN, 3600000, str("UTC"));
    assert_bad(WEIR_BAD_OVERFLOW, "below the first timestamp");
    assert_true(weir_truncate(w, INT64_MAX, INT64_MAX, str("UTC")) == INT64_MAX);
    assert_true(weir_truncate(w, INT64_MAX, 1, str("+18:00")) == INT64_MAX);
}

static int64_t fixed_clock(void *owner)
{
    return *(int64_t *)owner;
}

static void clock_of_the_context(void **state)
{
    (void)state;
    int64_t at = 42, before = weir_now(w);
    assert_true(before > 1700000000000);
    w->owner = &at;
    w->now = fixed_clock;
    assert_int_equal(weir_now(w), 42);
}

static void durations(void **state)
{
    (void)state;
    assert_str(weir_string_of_duration(w, 0), "0ms");
    assert_str(weir_string_of_duration(w, 250), "250ms");
    assert_str(weir_string_of_duration(w, 1000), "1s");
    assert_str(weir_string_of_duration(w, 5400000), "90m");
    assert_str(weir_string_of_duration(w, -3600000), "-1h");
    assert_str(weir_string_of_duration(w, 604800000), "7d");
    assert_str(weir_string_of_duration(w, INT64_MIN), "-9223372036854775808ms");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        KERNEL_TEST(as_java),   KERNEL_TEST(iso),   KERNEL_TEST(dates),      KERNEL_TEST(defaults_and_wrong_patterns),
        KERNEL_TEST(zones),     KERNEL_TEST(rules), KERNEL_TEST(truncation), KERNEL_TEST(clock_of_the_context),
        KERNEL_TEST(durations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
