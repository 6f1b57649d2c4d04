// The inside of task_restore.c, restore_disk.c and restore_log.c.
#ifndef WEIR_RT_RESTORE_H
#define WEIR_RT_RESTORE_H

#include "store_bulk.h"
#include "task_restore.h"

enum { RESTORE_SHOWN_MS = 2000 };

// A store of a task.
struct restoring {
    struct task *task; // NULL: it was taken up, or is gone, and what follows means nothing
    struct store *store;
    struct restore *all;
    struct bulk bulk;
    bool in_bulk;
    bool through;      // it is as its changelog says
    int64_t next;      // offset of its changelog: the rows are as of all before it
    int64_t records;   // of the changelog
    int64_t left;      // records of it that are still to come, about
    int64_t looked_at; // monotonic ms: when progress was shown last, or restoring began
};

// Tasks that were made together.
struct restore {
    struct restore *next; // of K's
    struct worker *k;
    struct restoring *stores; // those of a task lie one behind the other
    size_t count;
    int64_t began;   // monotonic ms
    int64_t records; // of all changelogs

    // The disk's part:
    size_t loaded; // stores that it is through with

    // The changelogs' part, which comes then:
    bool reading;
    struct broker_restore logs; // one a store that has a changelog
};

// False. T: the task that failed; NULL: no one task.
bool restore_fail(struct worker *k, const struct task *t, const char *text);

// restore_disk.c
// A slice. False: K's exit is set.
bool restore_load(struct restore *all);

// restore_log.c
// Once all is loaded.
void restore_read_begin(struct restore *all);
// A slice. False: K's exit is set.
bool restore_read(struct restore *all);
// Some of the stores are no longer there: reading goes on without them.
void restore_read_forget(struct restore *all);
// For the metrics: MORE records have been read.
void restore_count(struct worker *k, int64_t more);

#endif
