// A worker with stores on disk, and memory for few rows.
#ifndef STORE_DISK_TEST_H
#define STORE_DISK_TEST_H

#include "folders.h"
#include "store_rocksdb.h"
#include "store_test.h"

static char folder[32];
static struct disk_shared *shared;

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
    return folders_remove(folder) ? 0 : -1;
}

static inline void use_disk(int64_t memory)
{
    bench.settings.state_dir = folder;
    bench.settings.memory_bytes = memory;
    bench.k.memory_limit = memory;
    bench.k.disks = shared;
}

static inline void begin_on_disk(int64_t cache)
{
    bench_begin(cache);
    use_disk(40000);
}

#endif
