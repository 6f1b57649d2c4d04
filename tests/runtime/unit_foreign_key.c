// Foreign-key joins: the bytes that Kafka Streams has, what a change of the left side tells, and who looks at a right key, against a list.
#include "foreign_key.h"
#include "store_disk_test.h"
#include "weir_wire.h"

enum { LEFTS = 60, RIGHTS = 5, RECORDS = 4000 };

// Of `Murmur3.hash128` (Kafka Streams 4.3.1): of that many letters, from a on.
static void hashes(void **state)
{
    static const struct {
        size_t n;
        const char *hash;
    } rows[] = {
        {0, "9d2764a018e329428c3cf3b035938518"},  {1, "3361634e7e0f5188e9c7dda24eae326b"},
        {2, "79ff6415a28fa15603ff066e65c54eb0"},  {3, "8cc66bdf24a3b65ee942bed9d38bee40"},
        {8, "c9e137e204bd98d798412524f285c8d5"},  {9, "4be3491e5ef44ca37e63ebba6e3b347c"},
        {15, "603d5a6bedf0d05ed3fc15238772c89f"}, {16, "03daa544af252b49ec7e65eed6ef622a"},
        {17, "bde7390e448a967e0a17807fe372cf77"}, {31, "6b9ca2fee6df09ebb535fde0c493f405"},
        {33, "25bca8c66272480376213ab80d652ef6"}, {40, "e1cf469b0653f883c634813ebf52978b"},
    };
    char text[64], hash[VALUE_HASH], shown[2 * VALUE_HASH + 1];
    (void)state;
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)('a' + i % 26);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        foreign_key_hash((struct weir_str){text, rows[i].n}, hash);
        for (size_t b = 0; b < VALUE_HASH; b++)
            snprintf(shown + 2 * b, 3, "%02x", (unsigned char)hash[b]);
        assert_string_equal(shown, rows[i].hash);
    }
    for (int i = 0; i < 20; i++)
        text[i] = (char)(0xF0 + i);
    foreign_key_hash((struct weir_str){text, 20}, hash);
    assert_memory_equal(hash, "\x31\x03\x76\x6c\xf4\x52\x15\x70\x6b\xc4\x78\x34\xfd\x81\xca\xe3", VALUE_HASH);
}

// ---- what a change of the left side tells ----

#define A1 "DF:\\fc\\8a\\9a\\7fIDS8\\8b\\aaCD%" // the hash of it

static struct weir_str nullable(const char *text)
{
    return text ? str(text) : WEIR_NULL_STR;
}

static void expect_told(bool left_join, const char *old, const char *now, const char *value, bool had, const char *told)
{
    struct weir_ctx *w = begin(5);
    struct weir_subscribe s = {.key = str("k"),
                               .foreign = nullable(now),
                               .old_foreign = nullable(old),
                               .value = nullable(value),
                               .had = had,
                               .left_join = left_join,
                               .timestamp = 5};
    weir_subscribe(w, SUBSCRIPTIONS, &s);
    finish(false);
    expect_seen(told);
}

#define TOLD(key, instruction) "subscriptions -1 " key ": \\01\\0" instruction A1 "k\\00\\00\\00\\00 @5\n"
#define TOLD_GONE(key, instruction) "subscriptions -1 " key ": \\81\\0" instruction "k\\00\\00\\00\\00 @5\n"

// SEMANTICS 2.6, as measured.
static void instructions(void **state)
{
    (void)state;
    bench_open(0);
    expect_told(false, NULL, "f", "A1", false, TOLD("f", "3"));
    expect_told(false, "f", "f", "A1", true, TOLD("f", "3"));
    expect_told(false, "f", "g", "A1", true, TOLD("f", "0") TOLD("g", "2"));
    expect_told(false, NULL, "g", "A1", true, TOLD("g", "3"));
    assert_int_equal(bench.counters->null, 0);
    expect_told(false, "f", NULL, "A1", true, TOLD("f", "1"));
    assert_int_equal(bench.counters->null, 1);
    expect_told(false, NULL, NULL, "A1", true, "");
    assert_int_equal(bench.counters->null, 2);
    expect_told(false, "f", NULL, NULL, true, TOLD_GONE("f", "1"));
    expect_told(false, NULL, NULL, NULL, true, "");
    expect_told(false, NULL, NULL, NULL, false, "");
    expect_told(true, NULL, "f", "A1", false, TOLD("f", "2"));
    expect_told(true, "f", "f", "A1", true, TOLD("f", "2"));
    expect_told(true, "f", "g", "A1", true, TOLD("f", "0") TOLD("g", "2"));
    expect_told(true, "f", NULL, "A1", true, TOLD("f", "0") TOLD("-", "2"));
    expect_told(true, NULL, NULL, "A1", false, TOLD("-", "2"));
    expect_told(true, "f", NULL, NULL, true, TOLD_GONE("f", "0") TOLD_GONE("-", "2"));
    expect_told(true, NULL, NULL, NULL, false, "");
    expect_told(true, "", "", "A1", true, TOLD("", "2")); // an empty key is one
    assert_int_equal(bench.counters->null, 2);
    bench_close();
}

// ---- the other end ----

static struct weir_subscription taken(const char *key, const char *value, size_t n)
{
    struct weir_subscription s;
    struct weir_ctx *w = begin(5);
    bench.record.key = nullable(key);
    bench.record.value = (struct weir_str){value, n};
    memset(&s, 0, sizeof s);
    weir_subscription_take(w, LOOKING, &s);
    return s;
}

static void expect_looking(const char *foreign, const char *answers)
{
    weir_answer_all(begin(9), LOOKING, ANSWERS, str(foreign), str("R"), 9);
    finish(false);
    expect_seen(answers);
}

#define HASH "0123456789abcdef"

static void subscriptions(void **state)
{
    (void)state;
    bench_open(0);
    struct weir_subscription s = taken("f", "\1\3" HASH "key\0\0\0\7", 25);
    finish(false);
    assert_true(s.answer && s.only_found && !s.gone && s.has_hash && s.partition == 7);
    assert_true(s.key.n == 3 && memcmp(s.key.p, "key", 3) == 0 && s.foreign.n == 1);
    assert_memory_equal(s.hash, HASH, VALUE_HASH);
    commit();
    assert_int_equal(bench.log_count, 1);
    assert_memory_equal(bench.log[0].key, "\0\0\0\1fkey", bench.log[0].key_size);
    assert_int_equal(bench.log[0].value_size, 25);
    assert_memory_equal(bench.log[0].value, "\1\3" HASH "key\0\0\0\7", 25);
    s = taken("f", "\x81\2jey\0\0\0\3", 9);
    finish(false);
    assert_true(s.answer && !s.only_found && !s.has_hash);
    s = taken("fk", "\1\2" HASH "ey\0\0\0\3", 24); // the same bytes, cut elsewhere
    finish(false);
    s = taken("f", "\0\2" HASH "old", 21); // of version 0: no partition
    finish(false);
    assert_int_equal(s.partition, -1);
    expect_looking("f", "answers 3 jey: \\80R @9\nanswers 7 key: \\00" HASH "R @9\nanswers -1 old: \\00" HASH "R @9\n");
    expect_looking("fk", "answers 3 ey: \\00" HASH "R @9\n");
    expect_looking("nobody", "");
    s = taken("f", "\1\1" HASH "key\0\0\0\7", 25);
    assert_true(s.answer && s.gone);
    finish(true); // it was bad
    expect_looking("f", "answers 3 jey: \\80R @9\nanswers 7 key: \\00" HASH "R @9\nanswers -1 old: \\00" HASH "R @9\n");
    s = taken("f", "\1\1" HASH "key\0\0\0\7", 25);
    finish(false);
    s = taken("f", "\1\0" HASH "jey\0\0\0\7", 25);
    assert_false(s.answer);
    finish(false);
    expect_looking("f", "answers -1 old: \\00" HASH "R @9\n");
    s = taken(NULL, "\1\2" HASH "key\0\0\0\7", 25); // without a right key: answered, not kept
    assert_true(s.answer && !s.foreign.p);
    assert_int_equal(bench.counters->null, 0);
    s = taken(NULL, "\1\3" HASH "key\0\0\0\7", 25);
    assert_false(s.answer);
    assert_int_equal(bench.counters->null, 1);
    finish(false);
    commit();
    assert_int_equal(bench.log_count, 4); // two are kept, one is gone, one came and went in between
    assert_null(bench.log[3].value);
    bench_close();
}

static void broken_subscriptions(void **state)
{
    static const struct {
        const char *bytes;
        size_t n;
        const char *message;
    } rows[] = {
        {"\2\3" HASH "key\0\0\0\7", 25, "a subscription of version 2; 1 is the newest that is known"},
        {"", 0, "0 bytes that are no subscription"},
        {"\1", 1, "1 bytes that are no subscription"},
        {"\1\2" HASH "\0\0\0", 21, "21 bytes that are no subscription"},
        {"\x81\4\0\0\0\0", 6, "6 bytes that are no subscription"},
        {"\x81\xFF\0\0\0\0", 6, "6 bytes that are no subscription"},
    };
    (void)state;
    bench_open(0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        taken("f", rows[i].bytes, rows[i].n);
        assert_string_equal(bench.k.w.bad, rows[i].message);
        finish(true);
    }
    struct store *s = bench.task->stores[LOOKING];
    assert_false(store_restore(s, str("abc"), str(""), 0, false));
    assert_string_equal(bench.k.w.bad, "a key of 3 bytes that is not that of a subscription");
    assert_false(store_restore(s, (struct weir_str){"\0\0\0\2a", 5}, str(""), 0, false));
    assert_string_equal(bench.k.w.bad, "a key of 5 bytes that is not that of a subscription");
    bench_close();
}

// ---- answers ----

static bool answer_taken(const char *bytes, size_t n, const char *left, struct weir_str *right)
{
    struct weir_ctx *w = begin(5);
    bench.record.value = (struct weir_str){bytes, n};
    return weir_answer_take(w, nullable(left), right);
}

static void answers(void **state)
{
    struct weir_str right;
    char bytes[40] = {0};
    (void)state;
    bench_open(0);
    foreign_key_hash(str("A1"), bytes + 1);
    strcpy(bytes + 17, "right");
    assert_true(answer_taken(bytes, 22, "A1", &right));
    assert_true(right.n == 5 && memcmp(right.p, "right", 5) == 0);
    assert_true(answer_taken(bytes, 17, "A1", &right));
    assert_null(right.p);
    assert_false(answer_taken(bytes, 22, "A2", &right)); // stale
    assert_false(answer_taken(bytes, 22, NULL, &right));
    assert_true(answer_taken("\x80", 1, NULL, &right));
    assert_false(answer_taken("\x80", 1, "A1", &right));
    assert_null(bench.k.w.bad);
    assert_false(answer_taken("\1", 1, "A1", &right));
    assert_string_equal(bench.k.w.bad, "1 bytes that are no answer to a subscription");
    assert_false(answer_taken("\x81", 1, "A1", &right));
    assert_false(answer_taken(NULL, 0, "A1", &right));
    assert_false(answer_taken("\0abc", 4, "A1", &right));
    assert_string_equal(bench.k.w.bad, "4 bytes that are no answer to a subscription");
    struct weir_subscription s = {.key = str("k"), .partition = 2, .has_hash = true, .hash = HASH};
    begin(5);
    weir_answer(&bench.k.w, ANSWERS, &s, WEIR_NULL_STR, 6);
    finish(false);
    expect_seen("answers 2 k: \\00" HASH " @6\n");
    bench_close();
}

// ---- against a list ----

static int looks_at[LEFTS]; // 0: at nothing
static int hash_of[LEFTS];

static const char *right_key(char *room, int n)
{
    snprintf(room, 40, "%.*s", n, "aaaaaaaaaaaa"); // each begins with the others
    return room;
}

struct expected {
    char key[20], answer[80];
};

static int by_key(const void *a, const void *b)
{
    return strcmp(((const struct expected *)a)->key, ((const struct expected *)b)->key);
}

static void check(void)
{
    char room[40], all[LEFTS * 80];
    struct expected expected[LEFTS];
    for (int right = 1; right <= RIGHTS; right++) {
        int count = 0;
        all[0] = 0;
        for (int n = 0; n < LEFTS; n++) {
            struct expected *e = &expected[count];
            if (looks_at[n] != right)
                continue;
            count++;
            snprintf(e->key, sizeof e->key, "key%d", n);
            snprintf(e->answer, sizeof e->answer, "answers %d key%d: \\00%016d @9\n", n % 3, n, hash_of[n]);
        }
        qsort(expected, (size_t)count, sizeof *expected, by_key);
        for (int i = 0; i < count; i++)
            strcat(all, expected[i].answer);
        weir_answer_all(begin(9), LOOKING, ANSWERS, str(right_key(room, right)), WEIR_NULL_STR, 9);
        finish(false);
        expect_seen(all);
    }
}

static void tell(int n, int right, int hash, bool keeps, bool bad)
{
    char room[40], bytes[60];
    size_t size = 2 + (size_t)snprintf(bytes + 2, sizeof bytes - 2, "%016dkey%d", hash, n) + 4;
    bytes[0] = 1;
    bytes[1] = keeps ? 2 : 0;
    weir_put_i32be(bytes + size - 4, n % 3);
    struct weir_ctx *w = begin(5);
    struct weir_subscription s;
    bench.record.key = str(right_key(room, right));
    bench.record.value = (struct weir_str){bytes, size};
    assert_true(weir_subscription_take(w, LOOKING, &s));
    finish(bad);
}

static void random_subscriptions(int records)
{
    for (int i = 0; i < records; i++) {
        int n = (int)random_below(LEFTS), right = 1 + (int)random_below(RIGHTS);
        if (random_below(3) == 0)
            tell(n, right, i, random_below(2), true);
        if (looks_at[n] && (looks_at[n] != right || random_below(2))) {
            tell(n, looks_at[n], i, false, false);
            looks_at[n] = 0;
        }
        if (random_below(4)) {
            if (looks_at[n] && looks_at[n] != right)
                tell(n, looks_at[n], i, false, false);
            tell(n, right, i, true, false);
            looks_at[n] = right;
            hash_of[n] = i;
        }
        if (random_below(30) == 0)
            check();
        if (random_below(100) == 0)
            commit();
    }
    check();
}

static void run_random(void (*begin_bench)(int64_t cache), int64_t cache)
{
    memset(looks_at, 0, sizeof looks_at);
    begin_bench(cache);
    bench_make_task();
    bench.k.memory_limit = 3000;
    for (int i = 0; i < 4; i++) {
        random_subscriptions(RECORDS / 4);
        commit();
        check();
        bench_again(begin_bench, cache);
        check();
    }
    bench_close();
}

static void in_memory(void **state)
{
    (void)state;
    run_random(bench_begin, 0);
    run_random(bench_begin, 1 << 20);
}

static void begin_small(int64_t cache)
{
    begin_on_disk(cache);
    bench.settings.memory_bytes = 6000;
    bench.k.memory_limit = 6000;
}

static void on_disk(void **state)
{
    (void)state;
    run_random(begin_small, 1 << 20);
}

// The changelog has the one from before, though memory never saw it.
static void end_of_what_is_on_disk(void **state)
{
    (void)state;
    begin_on_disk(0);
    bench_make_task();
    tell(0, 1, 7, true, false);
    commit();
    assert_true(store_save_task(bench.task));
    assert_true(store_evict(bench.task->stores[LOOKING], SIZE_MAX) > 0);
    tell(0, 1, 8, true, false);
    tell(0, 1, 8, false, false);
    size_t count = bench.log_count;
    commit();
    assert_int_equal(bench.log_count, count + 1);
    assert_null(bench.log[count].value);
    bench_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes),
        cmocka_unit_test(instructions),
        cmocka_unit_test(subscriptions),
        cmocka_unit_test(broken_subscriptions),
        cmocka_unit_test(answers),
        cmocka_unit_test(in_memory),
        cmocka_unit_test_setup_teardown(end_of_what_is_on_disk, set_up, tear_down),
        cmocka_unit_test_setup_teardown(on_disk, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
