// A worker with stores on disk, and memory for few rows.
#ifndef STORE_DISK_TEST_H
#define STORE_DISK_TEST_H

#include "store_rocksdb.h"
#include "store_test.h"

#include <ftw.h>
#include <unistd.h>

static char folder[32];
static struct disk_shared *shared;

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *ftw)
{
    (void)status, (void)kind, (void)ftw;
    return remove(path);
}

static int set_up(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/weir-store-XXXXXX");
    shared = disk_shared_new(1 << 20);
    return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    disk_shared_free(shared);
    return nftw(folder, remove_one, 10, FTW_DEPTH | FTW_PHYS);
}

static void begin_on_disk(int64_t cache)
{
    bench_begin(cache);
    bench.settings.state_dir = folder;
    bench.settings.memory_bytes = 40000;
    bench.k.memory_limit = 40000;
    bench.k.disks = shared;
}

#endif
