// State on disk: what was saved is there after a new start, and what is not whole is never trusted.
#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "folders.h"
#include "disk_sort.h"
#include "store_disk.h"
#include "store_rocksdb.h"

static struct weir_store stores[] = {
    {.name = "counts", .kind = WEIR_STORE_ROWS, .fingerprint = 1},
    {.name = "in-memory", .kind = WEIR_STORE_ROWS, .memory = true, .fingerprint = 2},
    {.name = "by-hour", .kind = WEIR_STORE_ROWS, .fingerprint = 3, .window = WEIR_TIME_WINDOWS},
    {.name = "elsewhere", .kind = WEIR_STORE_ROWS, .fingerprint = 4, .subtopology = 1},
};
static struct weir_program program = {.app = "app", .stores = stores, .store_count = 4};
static char folder[64];
static struct settings settings = {.app = "app", .state_dir = folder};
static struct disk_shared *shared;
static struct disk *disk;
static struct broker_error error;

enum { COUNTS, IN_MEMORY, BY_HOUR, ELSEWHERE };

static void open_disk(void)
{
    disk = disk_new(shared, &settings, &program, 0, 3);
    if (!disk_open(disk, &error))
        fail_msg("%s", error.text);
}

static void reopen(void)
{
    disk_free(disk);
    open_disk();
}

static int set_up(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/unit_disk_XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    shared = disk_shared_new(1 << 20);
    open_disk();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    disk_free(disk);
    disk_shared_free(shared);
    return folders_remove(folder) ? 0 : -1;
}

static struct weir_str str(const char *text)
{
    return (struct weir_str){text, strlen(text)};
}

// Rows in these tests are texts: NULL is a row that is gone.
static bool text_of(void *arg, int store, void *row, int64_t *timestamp, struct weir_str *value)
{
    (void)arg;
    (void)store;
    *timestamp = 7;
    *value = row ? str(row) : WEIR_NULL_STR;
    return row != NULL;
}

static void save(int64_t offset)
{
    disk_set_mark(disk, COUNTS, (struct disk_mark){offset, offset * 10});
    if (!disk_save(disk, text_of, NULL, &error))
        fail_msg("%s", error.text);
}

static void add(int store, int64_t segment, const char *key, const char *value)
{
    disk_add(disk, store, segment, str(key), (char *)value);
}

static bool append_row(void *arg, const struct disk_row *row)
{
    char *text = arg;
    size_t n = strlen(text);
    snprintf(text + n, 4096 - n, "%lld/%.*s=%.*s@%lld ", (long long)row->segment, (int)row->key.n, row->key.p,
             (int)row->value.n, row->value.p, (long long)row->timestamp);
    return true;
}

static const char *all_of(int store)
{
    static char text[4096];
    text[0] = 0;
    assert_int_equal(disk_load(disk, store, 0, WEIR_STR(""), append_row, text, &error), DISK_LOADED);
    return text;
}

static bool there(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0;
}

static void nothing_is_made_before_the_first_save(void **state)
{
    (void)state;
    struct disk_row row;
    bool found = true;
    char path[128];
    snprintf(path, sizeof path, "%s/app", folder);
    assert_true(disk_get(disk, COUNTS, 0, str("a"), &row, &found, &error));
    assert_false(found);
    assert_string_equal(all_of(COUNTS), "");
    assert_int_equal(disk_mark(disk, COUNTS).offset, 0);
    assert_int_equal(disk_mark(disk, COUNTS).time, -1);
    assert_true(disk_save(disk, text_of, NULL, &error));
    assert_true(disk_forget(disk, COUNTS, &error));
    assert_false(there(path));
}

// A changelog of another program may say so.
static void segments_before_1970_are_saved_as_well(void **state)
{
    (void)state;
    add(BY_HOUR, -1, "b", "before");
    add(BY_HOUR, 1, "b", "after");
    save(1);
    reopen();
    assert_string_equal(all_of(BY_HOUR), "1/b=after@7 -1/b=before@7 ");
}

static void what_is_saved_is_there_after_a_new_start(void **state)
{
    (void)state;
    add(BY_HOUR, 300, "b", "b at 300");
    add(BY_HOUR, 0, "b", "");
    add(COUNTS, 0, "b", "2");
    add(COUNTS, 0, "", "empty");
    add(COUNTS, 0, "abc", "3");
    add(COUNTS, 0, "abcdefgh-2", "5");
    add(COUNTS, 0, "abcdefgh-1", "4");
    save(12);
    reopen();
    assert_string_equal(all_of(COUNTS), "0/=empty@7 0/abc=3@7 0/abcdefgh-1=4@7 0/abcdefgh-2=5@7 0/b=2@7 ");
    assert_string_equal(all_of(BY_HOUR), "0/b=@7 300/b=b at 300@7 ");
    assert_int_equal(disk_mark(disk, COUNTS).offset, 12);
    assert_int_equal(disk_mark(disk, COUNTS).time, 120);
    assert_int_equal(disk_mark(disk, BY_HOUR).offset, 0);
    add(COUNTS, 0, "b", "2, changed");
    add(COUNTS, 0, "abc", NULL);
    add(COUNTS, 0, "never there", NULL);
    save(13);
    reopen();
    assert_string_equal(all_of(COUNTS), "0/=empty@7 0/abcdefgh-1=4@7 0/abcdefgh-2=5@7 0/b=2, changed@7 ");
    assert_int_equal(disk_mark(disk, COUNTS).offset, 13);
}

static int before(const struct disk_added *a, const struct disk_added *b)
{
    size_t n = a->key.n < b->key.n ? a->key.n : b->key.n;
    int order = memcmp(a->key.p, b->key.p, n);
    return order ? order < 0 : a->key.n < b->key.n;
}

// Keys from one byte to SIZE, of LETTERS different bytes, behind PREFIX. Those that come twice are left out.
static void expect_sorted(const char *prefix, int size, int letters)
{
    static char bytes[2000][24];
    struct disk_added all[2000];
    size_t count = 0, begin = strlen(prefix);
    for (int i = 0; i < 2000; i++) {
        size_t n = begin + 1 + (size_t)(rand() % size);
        memcpy(bytes[count], prefix, begin);
        for (size_t b = begin; b < n; b++)
            bytes[count][b] = (char)(rand() % letters * (255 / letters));
        all[count] = (struct disk_added){{bytes[count], n}, bytes[count]};
        bool twice = false;
        for (size_t e = 0; e < count && !twice; e++)
            twice = all[e].key.n == n && memcmp(all[e].key.p, all[count].key.p, n) == 0;
        count += !twice;
    }
    disk_sort(all, count);
    for (size_t i = 1; i < count; i++)
        assert_true(before(&all[i - 1], &all[i]));
    for (size_t i = 0; i < count; i++)
        assert_ptr_equal(all[i].key.p, all[i].row);
}

static void rows_are_sorted_by_their_bytes(void **state)
{
    (void)state;
    srand(7);
    disk_sort(NULL, 0);
    expect_sorted("", 4, 255);
    expect_sorted("", 20, 2);
    expect_sorted("order-00", 7, 10);
    expect_sorted("order-00", 14, 3);
}

static void rows_are_found_one_by_one_and_by_what_they_begin_with(void **state)
{
    (void)state;
    struct disk_row row;
    bool found;
    char text[4096] = "";
    add(BY_HOUR, 300, "a-1", "1");
    add(BY_HOUR, 300, "a-2", "2");
    add(BY_HOUR, 300, "b-1", "3");
    add(BY_HOUR, 301, "a-3", "4");
    add(BY_HOUR, 300, "\xff\xff", "5");
    save(1);
    assert_true(disk_get(disk, BY_HOUR, 300, str("a-2"), &row, &found, &error));
    assert_true(found && row.value.n == 1 && row.value.p[0] == '2' && row.timestamp == 7);
    assert_true(disk_get(disk, BY_HOUR, 301, str("a-2"), &row, &found, &error) && !found);
    assert_true(disk_get(disk, COUNTS, 300, str("a-2"), &row, &found, &error) && !found);
    assert_true(disk_scan(disk, BY_HOUR, 300, str("a-"), append_row, text, &error));
    assert_string_equal(text, "300/a-1=1@7 300/a-2=2@7 ");
    text[0] = 0;
    assert_true(disk_scan(disk, BY_HOUR, 300, str("\xff"), append_row, text, &error));
    assert_string_equal(text, "300/\xff\xff=5@7 ");
}

static void old_segments_go(void **state)
{
    (void)state;
    char text[4096] = "";
    add(BY_HOUR, 1, "a", "1");
    add(BY_HOUR, 2, "a", "2");
    add(BY_HOUR, 3, "a", "3");
    add(COUNTS, 0, "a", "stays");
    save(1);
    assert_int_equal(disk_load(disk, BY_HOUR, 2, WEIR_STR(""), append_row, text, &error), DISK_LOADED);
    assert_string_equal(text, "2/a=2@7 3/a=3@7 ");
    disk_drop(disk, BY_HOUR, 3);
    add(BY_HOUR, 4, "a", "4");
    save(2);
    reopen();
    assert_string_equal(all_of(BY_HOUR), "3/a=3@7 4/a=4@7 ");
    assert_string_equal(all_of(COUNTS), "0/a=stays@7 ");
}

static void another_version_of_a_store_is_thrown_away(void **state)
{
    (void)state;
    add(COUNTS, 0, "a", "1");
    add(BY_HOUR, 5, "a", "1");
    save(4);
    stores[COUNTS].fingerprint = 99;
    reopen();
    stores[COUNTS].fingerprint = 1;
    assert_string_equal(all_of(COUNTS), "");
    assert_int_equal(disk_mark(disk, COUNTS).offset, 0);
    assert_string_equal(all_of(BY_HOUR), "5/a=1@7 ");
    stores[BY_HOUR].name = "by-day";
    reopen();
    stores[BY_HOUR].name = "by-hour";
    reopen();
    assert_string_equal(all_of(BY_HOUR), "");
}

static void a_store_is_forgotten(void **state)
{
    (void)state;
    add(COUNTS, 0, "a", "1");
    add(BY_HOUR, 5, "a", "1");
    save(4);
    assert_true(disk_forget(disk, COUNTS, &error));
    assert_string_equal(all_of(COUNTS), "");
    reopen();
    assert_string_equal(all_of(COUNTS), "");
    assert_int_equal(disk_mark(disk, COUNTS).offset, 0);
    assert_string_equal(all_of(BY_HOUR), "5/a=1@7 ");
    add(COUNTS, 0, "b", "2");
    save(1);
    reopen();
    assert_string_equal(all_of(COUNTS), "0/b=2@7 ");
}

static void only_long_runs_are_worth_a_database(void **state)
{
    (void)state;
    assert_false(disk_due(disk, 100, 1 << 30, true));
    assert_false(disk_due(disk, 20000, 1000, false));
    assert_true(disk_due(disk, 20000, 1000, true));
    assert_true(disk_due(disk, 20000, 1 << 30, false));
    assert_true(disk_due(disk, 2000000, 1000, false));
}

// ---- what is wrong with a folder ----

static void fill(void)
{
    static char keys[500][16];
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 500; i++) {
            snprintf(keys[i], sizeof keys[i], "%d", i);
            add(COUNTS, 0, keys[i], round ? "second" : "first");
        }
        save(round + 1);
    }
}

static bool count_row(void *arg, const struct disk_row *row)
{
    *(int *)arg += row->value.n == strlen("second");
    return true;
}

// Either all is there, or nothing and the mark says so.
static void assert_all_or_nothing(const char *how)
{
    disk = disk_new(shared, &settings, &program, 0, 3);
    if (!disk_open(disk, &error))
        fail_msg("%s: %s", how, error.text);
    int rows = 0;
    enum disk_loaded loaded = disk_load(disk, COUNTS, 0, WEIR_STR(""), count_row, &rows, &error);
    assert_int_not_equal(loaded, DISK_FAILED);
    if (loaded == DISK_LOST || disk_mark(disk, COUNTS).offset == 0)
        assert_int_equal(disk_mark(disk, COUNTS).offset, 0);
    else if (rows != (disk_mark(disk, COUNTS).offset == 2 ? 500 : 0))
        fail_msg("%s: %d rows as of %d", how, rows, (int)disk_mark(disk, COUNTS).offset);
    add(COUNTS, 0, "new", "new");
    save(3); // it can be used again
    disk_free(disk);
}

enum damage { CUT, EMPTY, GONE, CHANGED, DAMAGES };

static void damage(const char *path, enum damage how, off_t at)
{
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    FILE *f = how == GONE ? NULL : fopen(path, "r+");
    if (how == GONE)
        unlink(path);
    else if (how != CHANGED)
        assert_int_equal(ftruncate(fileno(f), how == CUT ? status.st_size / 2 : 0), 0);
    else if (status.st_size > 0)
        assert_int_equal(pwrite(fileno(f), "\xde\xad", 2, status.st_size * at / 8), 2);
    if (f)
        fclose(f);
}

static void damaged_files_are_not_trusted(void **state)
{
    (void)state;
    char path[128], names[32][256], file[512], what[1024];
    int count = 0;
    snprintf(path, sizeof path, "%s/app/0_3", folder);
    fill();
    disk_free(disk);
    DIR *dir = opendir(path);
    for (struct dirent *e; (e = readdir(dir)) && count < 32;) {
        if (e->d_name[0] != '.' && strncmp(e->d_name, "LO", 2) != 0) // nobody reads LOG, LOCK is empty
            snprintf(names[count++], sizeof names[0], "%s", e->d_name);
    }
    closedir(dir);
    assert_true(count >= 5);
    for (int i = 0; i < count * (DAMAGES + 7); i++) {
        int how = i / count < DAMAGES ? i / count : CHANGED, at = i / count < DAMAGES ? 0 : i / count - DAMAGES + 1;
        folders_remove(path);
        open_disk();
        fill();
        disk_free(disk);
        snprintf(file, sizeof file, "%s/%s", path, names[i % count]);
        snprintf(what, sizeof what, "%s, damage %d at %d/8", file, how, at);
        if (there(file))
            damage(file, (enum damage)how, at);
        assert_all_or_nothing(what);
    }
    open_disk();
}

// As a process leaves it that is killed between taking a table in and removing its first name.
static void a_table_with_two_names_is_not_written_into(void **state)
{
    (void)state;
    char path[128], table[512] = "", other[256];
    snprintf(path, sizeof path, "%s/app/0_3", folder);
    snprintf(other, sizeof other, "%s/saving.sst", path);
    fill();
    DIR *dir = opendir(path);
    for (struct dirent *e; (e = readdir(dir));) {
        if (strstr(e->d_name, ".sst"))
            snprintf(table, sizeof table, "%s/%s", path, e->d_name);
    }
    closedir(dir);
    assert_int_equal(link(table, other), 0);
    reopen();
    add(COUNTS, 0, "new", "second");
    save(3);
    reopen();
    int rows = 0;
    assert_int_equal(disk_load(disk, COUNTS, 0, WEIR_STR(""), count_row, &rows, &error), DISK_LOADED);
    assert_int_equal(rows, 501);
    assert_false(there(other));
}

static void another_format_is_thrown_away(void **state)
{
    (void)state;
    struct rocks *db;
    char path[128];
    snprintf(path, sizeof path, "%s/app/0_3", folder);
    fill();
    disk_free(disk);
    assert_int_equal(rocks_open(&db, shared, path, &error), ROCKS_OK);
    rocks_begin(db);
    rocks_put(db, (struct weir_str){"\0\0\0\0", 4}, str("weir state 2"));
    assert_int_equal(rocks_commit(db, &error), ROCKS_OK);
    rocks_close(db);
    open_disk();
    assert_string_equal(all_of(COUNTS), "");
    assert_int_equal(disk_mark(disk, COUNTS).offset, 0);
}

static void a_file_in_its_place_is_an_error(void **state)
{
    (void)state;
    char path[128];
    disk_free(disk);
    snprintf(path, sizeof path, "%s/app", folder);
    FILE *f = fopen(path, "w");
    fclose(f);
    disk = disk_new(shared, &settings, &program, 0, 3);
    assert_true(disk_open(disk, &error)); // there is nothing
    add(COUNTS, 0, "a", "1");
    assert_false(disk_save(disk, text_of, NULL, &error));
    assert_non_null(strstr(error.text, "Not a directory"));
}

static void only_one_process_may_have_it(void **state)
{
    (void)state;
#ifdef __SANITIZE_THREAD__
    skip(); // it can't follow a process with threads that forks
#endif
    int ready[2], done[2];
    char byte = 0;
    fill();
    disk_free(disk);
    assert_int_equal(pipe(ready) | pipe(done), 0);
    pid_t other = fork();
    if (other == 0) {
        open_disk();
        if (write(ready[1], "", 1) != 1 || read(done[0], &byte, 1) != 1)
            _exit(1);
        _exit(0);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    disk = disk_new(shared, &settings, &program, 0, 3);
    assert_false(disk_open(disk, &error));
    assert_non_null(strstr(error.text, "another process works on this state"));
    assert_int_equal(write(done[1], "", 1), 1);
    waitpid(other, NULL, 0);
    reopen();
    assert_int_equal(disk_mark(disk, COUNTS).offset, 2);
}

static void a_full_disk_leaves_what_was_saved(void **state)
{
    (void)state;
    static char keys[5000][16];
    struct rlimit before, small;
    fill();
    getrlimit(RLIMIT_FSIZE, &before);
    small = before;
    small.rlim_cur = 20000;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    for (int i = 0; i < 5000; i++) {
        snprintf(keys[i], sizeof keys[i], "k%d", i);
        add(COUNTS, 0, keys[i], "too much");
    }
    disk_set_mark(disk, COUNTS, (struct disk_mark){3, 3});
    bool saved = disk_save(disk, text_of, NULL, &error);
    setrlimit(RLIMIT_FSIZE, &before);
    assert_false(saved);
    assert_non_null(strstr(error.text, "File too large"));
    disk_free(disk);
    assert_all_or_nothing("disk full");
    open_disk();
    assert_int_equal(disk_mark(disk, COUNTS).offset, 3);
}

static void the_state_of_an_app_is_removed(void **state)
{
    (void)state;
    fill();
    disk_free(disk);
    assert_true(disk_remove_all(&settings, &error));
    assert_true(disk_remove_all(&settings, &error)); // nothing there is fine
    open_disk();
    assert_int_equal(disk_mark(disk, COUNTS).offset, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(nothing_is_made_before_the_first_save),
        TEST(segments_before_1970_are_saved_as_well),
        TEST(what_is_saved_is_there_after_a_new_start),
        TEST(rows_are_sorted_by_their_bytes),
        TEST(rows_are_found_one_by_one_and_by_what_they_begin_with),
        TEST(old_segments_go),
        TEST(another_version_of_a_store_is_thrown_away),
        TEST(a_store_is_forgotten),
        TEST(only_long_runs_are_worth_a_database),
        TEST(damaged_files_are_not_trusted),
        TEST(a_table_with_two_names_is_not_written_into),
        TEST(another_format_is_thrown_away),
        TEST(a_file_in_its_place_is_an_error),
        TEST(only_one_process_may_have_it),
        TEST(a_full_disk_leaves_what_was_saved),
        TEST(the_state_of_an_app_is_removed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
