// What the stores of topics as files have observed of time, by task: `@ TIME PARTITION OBSERVER` lines of the offsets file.
#ifndef WEIR_RT_FILE_TIMES_H
#define WEIR_RT_FILE_TIMES_H

#include <stdio.h>

#include "observers.h"

struct file_time {
    int observer;
    int32_t partition;
    int64_t time;
};

struct file_times {
    struct file_time *all; // few: one a task and store with windows
    size_t count;
};

int64_t file_times_get(const struct file_times *t, int observer, int32_t partition); // -1: nothing
void file_times_set(struct file_times *t, int observer, int32_t partition, int64_t time);
// Whether LINE is about a store of PROGRAM.
bool file_times_is_about(const struct weir_program *program, const char *line);
// Takes what LINE says, if it is.
void file_times_read(struct file_times *t, const struct weir_program *program, const char *line);
void file_times_write(const struct file_times *t, const struct weir_program *program, FILE *to);
void file_times_free(struct file_times *t);

#endif
