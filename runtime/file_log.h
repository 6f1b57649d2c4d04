// The changelogs of topics as files: DIR/APP-NAME-changelog.jsonl, a line a record, in the order of the commits. An offset is a place in the file, but for what
// compaction took away in front.
//
// A line counts once the positions have been stored behind it (file_offsets.h): what a run that was killed wrote after its last commit is cut off at the
// start of the next, so that state and positions never differ. A file that has grown to several times what is alive in it is written anew at the start.
#ifndef WEIR_RT_FILE_LOG_H
#define WEIR_RT_FILE_LOG_H

#include "broker.h"
#include "ctx.h"
#include "settings.h"

struct file_log {
    char *topic, *path; // NULL: this store has none
    int fd;             // -1: there is no file yet
    int64_t base;       // offset of the first byte; may be negative
    int64_t floor;      // the first offset, but for 0, that may be gone on from
    int64_t compacted;  // bytes at the beginning that compaction made
    int64_t size;       // of the file
    int64_t history;    // of a versioned table, ms: what it keeps of each key; 0: the last value
    int64_t retention;  // of a side of a join, ms: what is older is nobody's; 0: nothing is
    char *text;         // lines that are not written yet
    size_t n, room;
};

struct file_logs {
    const struct settings *settings;
    const struct weir_program *program;
    struct file_log *all; // by store
    struct weir_ctx scratch;
};

void file_logs_init(struct file_logs *l, const struct weir_program *program, const struct settings *settings);
void file_logs_free(struct file_logs *l);
// Removes the files of all stores.
bool file_logs_remove(struct file_logs *l, struct broker_error *error);
// Opens the file of STORE, if there is one, and cuts off what lies behind offset END. *HOLDS: it reaches as far.
bool file_logs_open(struct file_logs *l, int store, int64_t end, bool *holds, struct broker_error *error);
enum broker_status file_logs_put(struct file_logs *l, int store, int32_t partition, struct weir_str key,
                                 struct weir_str value, int64_t timestamp, struct broker_error *error);
bool file_logs_flush(struct file_logs *l, struct broker_error *error);
int64_t file_logs_end(const struct file_logs *l, int store);
// As the broker's restore.
enum broker_status file_logs_restore(struct file_logs *l, struct broker_log *log, struct broker_error *error);

#endif
