// RocksDB as store_disk.c needs it: a map of bytes in order, read by key and by range, and changed by tables that are taken in as a whole. Its write-ahead log
// and its memtable are not used.
#ifndef WEIR_RT_STORE_ROCKSDB_H
#define WEIR_RT_STORE_ROCKSDB_H

#include "broker.h"

enum rocks_status {
    ROCKS_OK,
    ROCKS_DAMAGED, // what is there is not, or no longer, a database
    ROCKS_FAILED,  // the environment: held by another process, permission, disk full
};

// Options and block cache of all databases of the process. Made before the first worker, freed after the last; holds nothing until a database is opened.
struct disk_shared;
struct disk_shared *disk_shared_new(int64_t cache_bytes);
void disk_shared_free(struct disk_shared *shared);

struct rocks;

// The folder PATH must be there. *DB is NULL unless ROCKS_OK.
enum rocks_status rocks_open(struct rocks **db, struct disk_shared *shared, const char *path,
                             struct broker_error *error);
void rocks_close(struct rocks *db); // NULL is fine
// What is in PATH, unless it is open somewhere: ROCKS_FAILED.
enum rocks_status rocks_remove(struct disk_shared *shared, const char *path, struct broker_error *error);

// *VALUE.p is NULL if there is none; else it lives until the next call for DB.
enum rocks_status rocks_get(struct rocks *db, struct weir_str key, struct weir_str *value, struct broker_error *error);

typedef bool rocks_row_fn(void *arg, struct weir_str key, struct weir_str value); // false: enough
// FROM <= key < TO in order. BULK: many rows are expected, and not soon again.
enum rocks_status rocks_scan(struct rocks *db, struct weir_str from, struct weir_str to, bool bulk, rocks_row_fn *fn,
                             void *arg, struct broker_error *error);

// A table: begin, any number of puts and deletes in order of keys and of ranges that hold none of them, then commit, by which all becomes visible and safe.
// The first failure is remembered and given by commit.
void rocks_begin(struct rocks *db);
void rocks_put(struct rocks *db, struct weir_str key, struct weir_str value);
void rocks_delete(struct rocks *db, struct weir_str key);
void rocks_delete_range(struct rocks *db, struct weir_str from, struct weir_str to); // without TO
enum rocks_status rocks_commit(struct rocks *db, struct broker_error *error);

#endif
