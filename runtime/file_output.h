// Files that topics are written to: whole lines, appended.
#ifndef WEIR_RT_FILE_OUTPUT_H
#define WEIR_RT_FILE_OUTPUT_H

#include "broker.h"
#include "settings.h"

struct file_output;

struct file_outputs {
    const struct settings *settings;
    void *by_topic; // a tree of struct file_output (tsearch)
    struct file_output **all;
    size_t count, open;
    size_t waiting;             // bytes that are not written yet
    struct file_output *recent; // of the last record
};

void file_outputs_init(struct file_outputs *o, const struct settings *settings);
void file_outputs_free(struct file_outputs *o);
// Adds LINE to the file of TOPIC; under exactly_once it waits for the next flush. False: error says what is wrong.
bool file_outputs_put(struct file_outputs *o, struct weir_str topic, struct weir_str line, struct broker_error *error);
// The file of output I < o->count; "-" is standard output.
const char *file_outputs_path(const struct file_outputs *o, size_t i);
// What output I is and will be when it is flushed; *AFTER == *BEFORE: it is no file, or nothing waits for it.
bool file_outputs_grow(struct file_outputs *o, size_t i, int64_t *before, int64_t *after, struct broker_error *error);
// Everything is in the files. *WROTE: something was.
bool file_outputs_flush(struct file_outputs *o, bool *wrote, struct broker_error *error);

#endif
