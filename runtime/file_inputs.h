// All files that a run reads: which there are, and whose record is next.
#ifndef WEIR_RT_FILE_INPUTS_H
#define WEIR_RT_FILE_INPUTS_H

#include "file_input.h"
#include "file_watch.h"
#include "settings.h"

struct file_inputs {
    const struct settings *settings;
    const struct file_topics *topics;
    struct file_input *first; // in the order in which ties are decided
    struct file_watch watch;
    struct weir_ctx scratch; // for reading lines
    bool started, resumed;   // resumed: some file goes on where an earlier run was
};

void file_inputs_init(struct file_inputs *i, const struct settings *settings, const struct file_topics *topics);
void file_inputs_free(struct file_inputs *i);
// Opens what is there. False: error says what cannot be read.
bool file_inputs_start(struct file_inputs *i, struct broker_error *error);
// The input and lane with the next record, or NULL if there is none now. *FAILED: error says what cannot be read.
struct file_input *file_inputs_next(struct file_inputs *i, int64_t now, struct file_lane **lane, bool *failed,
                                    struct broker_error *error);
// Files may have grown or appeared. False: error.
bool file_inputs_look_again(struct file_inputs *i, struct broker_error *error);
// There will never be another record.
bool file_inputs_over(const struct file_inputs *i);
void file_inputs_wait(struct file_inputs *i, int timeout_ms);
// Bytes that are not read yet, as a number of records of the size seen so far.
int64_t file_inputs_lag(const struct file_inputs *i);

#endif
