// Changelogs as files: what was committed is read back, what was not is cut off, and what is dead goes.
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "file_log.h"
#include "folders.h"
#include "memory.h"

static const struct weir_serde json = {.name = "json"};
static struct weir_store stores[] = {
    {.name = "rows", .changelog_source = -1, .key_serde = &weir_serde_string, .value_serde = &json},
    {.name = "hours",
     .changelog_source = -1,
     .key_serde = &weir_serde_string,
     .value_serde = &weir_serde_int64,
     .window = WEIR_TIME_WINDOWS,
     .window_size = 10},
    {.name = "sessions",
     .changelog_source = -1,
     .key_serde = &weir_serde_string,
     .value_serde = &weir_serde_int64,
     .window = WEIR_SESSION_WINDOWS,
     .kind = WEIR_STORE_SERIES},
    {.name = "held",
     .changelog_source = -1,
     .key_serde = &weir_serde_string,
     .value_serde = &json,
     .kind = WEIR_STORE_BUFFER},
    {.name = "table", .changelog_source = 0, .key_serde = &weir_serde_string, .value_serde = &json},
};
enum { ROWS, HOURS, SESSIONS, HELD, TABLE };
static struct weir_program program = {.app = "app", .stores = stores, .store_count = 5};
static char folder[64];
static struct settings settings = {.app = "app", .local = folder};
static struct file_logs logs;
static struct broker_error error;
static char path[128];

static int set_up(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/unit_disk_log_XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/app-rows-changelog.jsonl", folder);
    file_logs_init(&logs, &program, &settings);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    file_logs_free(&logs);
    return folders_remove(folder) ? 0 : -1;
}

// A new start, after a commit whose end was END.
static bool start(int64_t end)
{
    bool holds = false, all = true;
    file_logs_free(&logs);
    file_logs_init(&logs, &program, &settings);
    for (int s = 0; s < program.store_count; s++) {
        if (!file_logs_open(&logs, s, s == ROWS ? end : INT64_MAX / 2, &holds, &error))
            fail_msg("%s", error.text);
        all = all && (holds || s != ROWS);
    }
    return all;
}

static struct weir_str str(const char *text)
{
    return text ? (struct weir_str){text, strlen(text)} : WEIR_NULL_STR;
}

static void put_bytes(int store, int32_t partition, struct weir_str key, struct weir_str value, int64_t timestamp)
{
    if (file_logs_put(&logs, store, partition, key, value, timestamp, &error) != BROKER_OK)
        fail_msg("%s", error.text);
}

static void put(int32_t partition, const char *key, const char *value, int64_t timestamp)
{
    put_bytes(ROWS, partition, str(key), str(value), timestamp);
}

static int64_t commit(void)
{
    if (!file_logs_flush(&logs, &error))
        fail_msg("%s", error.text);
    return file_logs_end(&logs, ROWS);
}

static char read_back[4096];
static int64_t told_end;

static bool append_record(void *arg, struct weir_str key, struct weir_str value, int64_t timestamp, int64_t offset,
                          int64_t end)
{
    size_t n = strlen(read_back);
    (void)arg;
    assert_true(offset < end);
    told_end = end;
    snprintf(read_back + n, sizeof read_back - n, "%.*s=%.*s@%lld ", (int)key.n, key.p, value.p ? (int)value.n : 4,
             value.p ? value.p : "null", (long long)timestamp);
    return true;
}

static enum broker_status restore(int store, int32_t partition, int64_t *from)
{
    struct broker_log log = {.store = store, .partition = partition, .from = *from, .fn = append_record};
    read_back[0] = 0;
    enum broker_status status = file_logs_restore(&logs, &log, &error);
    *from = log.from;
    return status;
}

static const char *restored(int32_t partition, int64_t from)
{
    assert_int_equal(restore(ROWS, partition, &from), BROKER_OK);
    assert_int_equal(from, file_logs_end(&logs, ROWS));
    return read_back;
}

static void what_was_committed_is_read_back(void **state)
{
    (void)state;
    assert_true(start(0));
    assert_string_equal(restored(0, 0), "");
    put(0, "a", "{\"n\":1}", 5);
    put(1, "b", "2", 6);
    int64_t middle = commit();
    put(0, "a", NULL, 7);
    put(12, "c", "{\"partition\":3}", 8);
    int64_t end = commit();
    assert_true(start(end));
    assert_string_equal(restored(0, 0), "a={\"n\":1}@5 a=null@7 ");
    assert_int_equal(told_end, end);
    assert_string_equal(restored(1, 0), "b=2@6 ");
    assert_string_equal(restored(12, 0), "c={\"partition\":3}@8 ");
    assert_string_equal(restored(3, 0), "");
    assert_string_equal(restored(0, middle), "a=null@7 ");
    assert_string_equal(restored(0, end), "");
}

static void what_was_not_committed_is_cut_off(void **state)
{
    (void)state;
    assert_true(start(0));
    put(0, "a", "1", 1);
    int64_t end = commit();
    put(0, "b", "2", 2);
    commit();
    assert_true(start(end));
    assert_string_equal(restored(0, 0), "a=1@1 ");
    put(0, "c", "3", 3);
    end = commit();
    assert_true(start(end));
    assert_string_equal(restored(0, 0), "a=1@1 c=3@3 ");
}

static void a_log_that_is_gone_or_shorter_does_not_hold(void **state)
{
    (void)state;
    assert_true(start(0));
    put(0, "a", "1", 1);
    int64_t end = commit();
    assert_int_equal(truncate(path, end - 1), 0);
    assert_false(start(end));
    unlink(path);
    assert_false(start(end));
    assert_true(file_logs_remove(&logs, &error)); // fine if there is none
    assert_true(start(0));
}

static void offsets_that_it_has_not_are_refused(void **state)
{
    (void)state;
    assert_true(start(0));
    put(0, "a", "1", 1);
    int64_t from = commit() + 1;
    assert_int_equal(restore(ROWS, 0, &from), BROKER_REFUSED);
}

static void keys_with_windows(void **state)
{
    (void)state;
    static const char time_key[] = "k\0\0\0\0\0\0\0\x14\0\0\0", session_key[] = "k\0\0\0\0\0\0\0\x1e\0\0\0\0\0\0\0\x14";
    static const char seven[] = "\0\0\0\0\0\0\0\x7";
    int64_t from = 0;
    char text[512];
    assert_true(start(0));
    put_bytes(HOURS, 0, (struct weir_str){time_key, sizeof time_key}, (struct weir_str){seven, 8}, 25);
    put_bytes(SESSIONS, 0, (struct weir_str){session_key, sizeof session_key - 1}, (struct weir_str){seven, 8}, 26);
    put_bytes(HELD, 0, str("k"), (struct weir_str){seven, 8}, 27);
    commit();
    assert_int_equal(restore(HOURS, 0, &from), BROKER_OK);
    assert_memory_equal(read_back, time_key, 1);
    snprintf(text, sizeof text, "%s/app-hours-changelog.jsonl", folder);
    FILE *f = fopen(text, "r");
    assert_non_null(f);
    assert_non_null(fgets(text, sizeof text, f));
    assert_string_equal(text, "{\"key\":\"k\",\"window\":{\"start\":20,\"end\":30},\"value\":7,\"timestamp\":25}\n");
    fclose(f);
}

struct expected {
    struct weir_str key, value;
    int records;
};

static bool equals(void *arg, struct weir_str key, struct weir_str value, int64_t timestamp, int64_t offset,
                   int64_t end)
{
    struct expected *e = arg;
    (void)timestamp;
    (void)offset;
    (void)end;
    e->records++;
    assert_int_equal(key.n, e->key.n);
    assert_memory_equal(key.p, e->key.p, key.n);
    assert_int_equal(value.n, e->value.n);
    assert_memory_equal(value.p, e->value.p, value.n);
    return true;
}

static void bytes_come_back_as_they_were(void **state)
{
    (void)state;
    static const char time_key[] = "k\0\0\0\0\0\0\0\x14\0\0\0", session_key[] = "k\0\0\0\0\0\0\0\x1e\0\0\0\0\0\0\0\x14";
    static const char any[] = "\"\xff\0\n{}\x7";
    const struct {
        int store;
        struct weir_str key, value;
    } cases[] = {
        {HOURS, {time_key, sizeof time_key}, {"\0\0\0\0\0\0\0\x7", 8}},
        {SESSIONS, {session_key, sizeof session_key - 1}, {"\0\0\0\0\0\0\0\x8", 8}},
        {HELD, {"\"k\" \n", 5}, {any, sizeof any}},
    };
    assert_true(start(0));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        put_bytes(cases[i].store, 2, cases[i].key, cases[i].value, 1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct expected e = {cases[i].key, cases[i].value, 0};
        struct broker_log log = {.store = cases[i].store, .partition = 2, .fn = equals, .arg = &e};
        assert_int_equal(file_logs_restore(&logs, &log, &error), BROKER_OK);
        assert_int_equal(e.records, 1);
    }
}

static void what_is_no_record_is_an_error(void **state)
{
    (void)state;
    int64_t from = 0;
    FILE *f = fopen(path, "w");
    fputs("{\"key\":\"a\",\"value\":1,\"timestamp\":1}\n{\"key\":5,\"value\":1}\n", f);
    int64_t end = ftell(f);
    fclose(f);
    assert_true(start(end));
    assert_int_equal(restore(ROWS, 0, &from), BROKER_FATAL);
    assert_non_null(strstr(error.text, "app-rows-changelog.jsonl, byte 36: "));
}

// Of a hundred keys, ten of which are gone.
static void fill(int from)
{
    char key[16], value[64];
    for (int i = from; i < from + 40000; i++) {
        snprintf(key, sizeof key, "%d", i % 100);
        snprintf(value, sizeof value, "{\"n\":%d,\"text\":\"some more bytes\"}", i);
        put(i % 100 == 42, key, i >= from + 39900 && i % 10 == 0 ? NULL : value, i);
    }
}

static void a_log_does_not_grow_for_ever(void **state)
{
    (void)state;
    struct stat status;
    assert_true(start(0));
    fill(0);
    int64_t first = commit();
    assert_true(first > 2000000);
    assert_true(start(first));
    assert_int_equal(file_logs_end(&logs, ROWS), first);
    assert_int_equal(stat(path, &status), 0);
    assert_true(status.st_size < 10000);
    assert_string_equal(restored(0, first), "");
    assert_string_equal(restored(1, 0), "42={\"n\":39942,\"text\":\"some more bytes\"}@39942 ");
    restored(0, 0);
    assert_memory_equal(read_back, "0=null@39900 1={\"n\":39901,", 26);
    put(0, "new", "1", 1);
    int64_t second = commit();
    assert_true(start(second));
    assert_string_equal(restored(0, first), "new=1@1 ");
}

static void history_stays(void **state)
{
    (void)state;
    struct stat status;
    stores[ROWS].history = 1000;
    assert_true(start(0));
    put(1, "old", "\"stays\"", 3);
    put(1, "old", "\"replaced\"", 2);
    fill(0);
    put(1, "42", "\"too late\"", 38941);
    int64_t first = commit();
    assert_true(start(first));
    assert_int_equal(stat(path, &status), 0);
    assert_true(status.st_size < 200000);
    restored(1, 0);
    assert_memory_equal(read_back, "old=\"stays\"@3 42={\"n\":38842,", 28);
    assert_null(strstr(read_back, "too late"));
    assert_string_equal(strstr(read_back, "42={\"n\":39842"), "42={\"n\":39842,\"text\":\"some more bytes\"}@39842 "
                                                              "42={\"n\":39942,\"text\":\"some more bytes\"}@39942 ");
    stores[ROWS].history = 0;
}

static void what_a_join_no_longer_keeps_goes(void **state)
{
    (void)state;
    struct stat status;
    stores[ROWS].kind = WEIR_STORE_SIDE;
    stores[ROWS].retention = 1000;
    assert_true(start(0));
    put(1, "old", "\"of another partition\"", 3);
    put(0, "old", "\"goes\"", 3);
    fill(0);
    int64_t first = commit();
    assert_true(start(first));
    assert_int_equal(stat(path, &status), 0);
    assert_true(status.st_size < 100000);
    restored(0, 0);
    assert_null(strstr(read_back, "goes"));
    assert_null(strstr(read_back, "@38"));
    assert_non_null(strstr(read_back, "@399"));
    stores[ROWS].kind = WEIR_STORE_ROWS;
    stores[ROWS].retention = 0;
}

static void who_has_read_some_of_it_can_go_on(void **state)
{
    (void)state;
    assert_true(start(0));
    fill(0);
    int64_t middle = commit();
    put(0, "0", "\"late\"", 1);
    put(0, "1", NULL, 2);
    int64_t end = commit();
    assert_true(start(end));
    restored(0, middle);
    size_t n = strlen(read_back), last = strlen("0=\"late\"@1 1=null@2 ");
    assert_true(n >= last);
    assert_string_equal(read_back + n - last, "0=\"late\"@1 1=null@2 ");
    fill(40000);
    int64_t second = commit();
    assert_true(start(second));
    assert_int_equal(restore(ROWS, 0, &middle), BROKER_REFUSED); // who takes rows away may be gone by now
    assert_string_equal(restored(0, second), "");
    restored(0, end);
    assert_null(strstr(read_back, "late"));
    fill(80000);
    int64_t third = commit();
    assert_true(start(third));
    assert_int_equal(restore(ROWS, 0, &end), BROKER_REFUSED);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_was_committed_is_read_back),
        TEST(what_was_not_committed_is_cut_off),
        TEST(a_log_that_is_gone_or_shorter_does_not_hold),
        TEST(offsets_that_it_has_not_are_refused),
        TEST(keys_with_windows),
        TEST(bytes_come_back_as_they_were),
        TEST(what_is_no_record_is_an_error),
        TEST(a_log_does_not_grow_for_ever),
        TEST(history_stays),
        TEST(what_a_join_no_longer_keeps_goes),
        TEST(who_has_read_some_of_it_can_go_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
