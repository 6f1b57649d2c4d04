// Folders of tasks that nobody uses: which go, and when.
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "folders.h"
#include "memory.h"
#include "store_disk.h"
#include "store_rocksdb.h"

enum { OLD = 1000, NEW = 2000 }; // s

static char folder[32];
static struct settings settings;
static struct disk_shared *shared;
static struct weir_store store = {.name = "rows", .changelog_source = -1};
static const struct weir_program program = {.app = "app", .stores = &store, .store_count = 1};

static int set_up(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/weir-clean-XXXXXX");
    shared = disk_shared_new(1 << 20);
    settings = (struct settings){.app = "app", .state_dir = folder};
    return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    disk_shared_free(shared);
    return folders_remove(folder) ? 0 : -1;
}

static void set_time(const char *name, int64_t seconds)
{
    char *path = memory_format("%s/app/%s", folder, name);
    struct timespec times[2] = {{.tv_sec = seconds}, {.tv_sec = seconds}};
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
    free(path);
}

static void make(const char *name, int64_t seconds)
{
    char *path = memory_format("%s/app/%s/file", folder, name);
    assert_true(folders_make(path));
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fclose(file);
    free(path);
    set_time(name, seconds);
}

static bool is_there(const char *name)
{
    struct stat status;
    char *path = memory_format("%s/app/%s", folder, name);
    bool there = stat(path, &status) == 0;
    free(path);
    return there;
}

// ARG: of a text, "0_1 0_2".
static bool in_use(void *arg, int subtopology, int32_t partition)
{
    const char *const *used = arg;
    char name[32];
    snprintf(name, sizeof name, "%d_%d", subtopology, (int)partition);
    return strstr(*used, name) != NULL;
}

static void clean(const char *used)
{
    disk_clean(shared, &settings, (int64_t)(OLD + 1) * 1000, in_use, &used);
}

static void what_is_old_and_not_in_use(void **state)
{
    (void)state;
    make("0_0", OLD);
    make("0_1", OLD);
    make("0_2", NEW);
    make("17_123", OLD);
    make("offsets", OLD);
    make("0_1x", OLD);
    clean("0_1");
    assert_false(is_there("0_0"));
    assert_false(is_there("17_123"));
    assert_true(is_there("0_1"));
    assert_true(is_there("0_2"));
    assert_true(is_there("offsets"));
    assert_true(is_there("0_1x"));
}

static bool no_value(void *arg, int index, void *row, int64_t *timestamp, struct weir_str *value)
{
    (void)arg, (void)index, (void)row, (void)timestamp, (void)value;
    return false;
}

// As of another process: RocksDB's lock says so. What is closed was in use until then.
static void what_is_open(void **state)
{
    (void)state;
    struct broker_error error = {""};
    struct disk *d = disk_new(shared, &settings, &program, 0, 0);
    disk_add(d, 0, 0, WEIR_STR("key"), NULL);
    assert_true(disk_save(d, no_value, NULL, &error));
    set_time("0_0", OLD);
    clean("");
    assert_true(is_there("0_0"));
    disk_free(d);
    clean("");
    assert_true(is_there("0_0"));
    set_time("0_0", OLD);
    clean("");
    assert_false(is_there("0_0"));
}

static void nothing_there(void **state)
{
    (void)state;
    clean("");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_old_and_not_in_use, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_open, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_there, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
