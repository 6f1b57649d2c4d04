// State on disk: one RocksDB a task, in STATE_DIR/APP/SUBTOPOLOGY_PARTITION. It is a checkpoint of what is in memory, and the place of rows that do not
// fit there; the changelog is its write-ahead log.
//
// Rows are not written at each commit. A row that a commit changed is `unsaved` until disk_save has it: after a commit, if disk_due says so, and when
// the task is given up. What a save writes becomes visible at once, with the offset of each store's changelog that it is as new as: after a crash
// the changelog is replayed from there. So only rows that are saved may leave memory, and only committed ones may be saved. A save is one sorted table
// (an SST file that RocksDB takes in), which costs a tenth of what its memtable would.
//
// A database that does not hold what it should (another format, another fingerprint of a store, damaged files) is thrown away, in whole or for one store,
// with a message; its offsets are 0 then. All calls are of the thread that owns the task.
#ifndef WEIR_RT_STORE_DISK_H
#define WEIR_RT_STORE_DISK_H

#include "broker.h"
#include "settings.h"

struct disk;
struct disk_shared; // store_rocksdb.h: of the process

// The database of a task; SHARED, SETTINGS and PROGRAM outlive it (disk_swap: PROGRAM with the same stores takes the place of the old one). Opens nothing.
struct disk *disk_new(struct disk_shared *shared, const struct settings *settings, const struct weir_program *program,
                      int subtopology, int32_t partition);
void disk_swap(struct disk *d, const struct weir_program *program);
// Opens what is there, if there is something. False: the environment is to blame (another process has it, no permission, disk full).
bool disk_open(struct disk *d, struct broker_error *error);
// Closes without saving.
void disk_free(struct disk *d);

// How new the rows of a store are.
struct disk_mark {
    int64_t offset; // of its changelog: to be replayed from here; 0: nothing is saved
    int64_t time;   // observed stream time of the store; -1: none yet
};
struct disk_mark disk_mark(const struct disk *d, int store);

// ---- reading: nothing is found while nothing was ever saved ----

// A row lives until the next call for the same disk.
struct disk_row {
    int64_t segment;     // of windows and series; else 0
    struct weir_str key; // as the changelog has it, or what the store finds its rows by
    int64_t timestamp;
    struct weir_str value; // as the changelog has it
};
typedef bool disk_row_fn(void *arg, const struct disk_row *row); // false: enough

// *FOUND says whether the row is there. False: error.
bool disk_get(struct disk *d, int store, int64_t segment, struct weir_str key, struct disk_row *row, bool *found,
              struct broker_error *error);
// Rows of a segment whose keys begin with PREFIX, in order of keys (bytes).
bool disk_scan(struct disk *d, int store, int64_t segment, struct weir_str prefix, disk_row_fn *fn, void *arg,
               struct broker_error *error);
// Those with FROM <= key < TO; TO.p NULL: to the end of the segment.
bool disk_range(struct disk *d, int store, int64_t segment, struct weir_str from, struct weir_str to, disk_row_fn *fn,
                void *arg, struct broker_error *error);
enum disk_loaded {
    DISK_LOADED,
    DISK_LOST, // damaged: all of the task's stores are thrown away, with a message; what FN was given does not count
    DISK_FAILED,
};
// All rows of a store from KEY in SEGMENT on, in order of segments, then keys: for loading.
enum disk_loaded disk_load(struct disk *d, int store, int64_t segment, struct weir_str key, disk_row_fn *fn, void *arg,
                           struct broker_error *error);

// ---- saving ----

enum { DISK_WORTH_IT = 10000 }; // records: fewer are replayed at once
// Since the last save LOGGED records went to the changelogs, and BYTES (about) of memory hold unsaved rows: is it time? CLOSING: nothing comes after
// it. Few records are replayed faster than a database is opened, so short runs make none.
bool disk_due(const struct disk *d, size_t logged, size_t bytes, bool closing);

// A row to be saved, once in a save; those of a segment one behind the other. KEY lives until disk_save returns.
void disk_add(struct disk *d, int store, int64_t segment, struct weir_str key, void *row);
// All rows of the store's segments before BEFORE go with the next save.
void disk_drop(struct disk *d, int store, int64_t before);
// The store's rows are as new as MARK with this save.
void disk_set_mark(struct disk *d, int store, struct disk_mark mark);
// Called for each row added, in order of keys: its value as the changelog has it, which lives until the next call. False: the row is gone.
typedef bool disk_value_fn(void *arg, int store, void *row, int64_t *timestamp, struct weir_str *value);
// Writes what was added. False: error; nothing changed on disk, and what was added is forgotten.
bool disk_save(struct disk *d, disk_value_fn *value, void *arg, struct broker_error *error);

// Throws the rows of a store away: its changelog no longer has what they are made of.
bool disk_forget(struct disk *d, int store, struct broker_error *error);

// disk_clean.c
// Removes the state on disk of all tasks of the app; none is open.
bool disk_remove_all(const struct settings *settings, struct broker_error *error);
// The same, with a message for each, of those that nobody has worked on since BEFORE (wall clock, ms), this or another process, and that IN_USE does
// not claim.
typedef bool disk_in_use_fn(void *arg, int subtopology, int32_t partition);
void disk_clean(struct disk_shared *shared, const struct settings *settings, int64_t before, disk_in_use_fn *in_use,
                void *arg);

#endif
