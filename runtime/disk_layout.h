// How a task's rows, and what is known of them, lie in its database; shared by store_disk.c (opening, reading) and disk_save.c.
//
//     u32 id | i64 segment | key      ->  i64 timestamp | value    a row; ids are given to stores by name, from 1, and never used again
//     u32 0                           ->  the format
//     u32 0 | name of a store         ->  u32 id | u8 kind | u64 fingerprint | i64 offset | i64 time
//
// Numbers are big-endian, so that rows lie in order of segments and keys.
#ifndef WEIR_RT_DISK_LAYOUT_H
#define WEIR_RT_DISK_LAYOUT_H

#include "disk_sort.h"
#include "store_disk.h"
#include "store_rocksdb.h"
#include "weir_wire.h"

#define DISK_FORMAT "weir state 1"

enum { DISK_ID = 4, DISK_PREFIX = DISK_ID + 8, DISK_META = 4 + 1 + 8 + 8 + 8 };

struct disk_bytes { // grows, and is used again
    char *p;
    size_t n, room;
};

struct disk_store {
    uint32_t id;
    struct disk_mark mark;
    int64_t dropped; // segments before are gone
    int64_t drop;    // and those before go with the next save
};

// A store that is on disk but not, or otherwise, in the program.
struct disk_gone {
    uint32_t id;
    char *name;
};

// Rows of one segment of a store, to be saved.
struct disk_run {
    int store;
    int64_t segment;
    struct disk_added *rows;
    size_t count;
};

struct disk {
    struct disk_shared *shared;
    const struct settings *settings;
    const struct weir_program *program;
    int subtopology;
    char *path;
    struct rocks *db; // NULL: nothing is saved
    uint32_t next_id;
    struct disk_store *stores; // as in the program
    int *by_name;              // the stores as they lie on disk
    struct disk_gone *gone;    // while it is being opened
    size_t gone_count;
    struct disk_run *runs; // of the save under way
    size_t run_count;
    struct disk_bytes key, end, value; // scratch
    int64_t saved_at;                  // monotonic ms
};

static inline struct weir_str disk_bytes_str(const struct disk_bytes *b)
{
    return (struct weir_str){b->p, b->n};
}
// Each fills B.
struct weir_str disk_id_key(struct disk_bytes *b, uint32_t id); // what all rows of a store begin with
struct weir_str disk_row_key(struct disk_bytes *b, uint32_t id, int64_t segment, struct weir_str key);
struct weir_str disk_row_value(struct disk_bytes *b, int64_t timestamp, struct weir_str value);
struct weir_str disk_meta_key(struct disk_bytes *b, const char *name);
// The first key behind all that begin with PREFIX.
struct weir_str disk_behind(struct disk_bytes *b, struct weir_str prefix);

// STATE_DIR/APP, above the folders of tasks; to be freed.
char *disk_app_path(const struct settings *settings);
// Opens the database, making it if there is none; one that is damaged or of another format is thrown away first, with a message.
bool disk_open_or_make(struct disk *d, struct broker_error *error);
// Throws the database away, with a message: ERROR says what is wrong with it.
void disk_throw_away(struct disk *d, struct broker_error *error);
void disk_forget_runs(struct disk *d);
bool disk_is_kept(const struct disk *d, int store); // of this task, and not only in memory

#endif
