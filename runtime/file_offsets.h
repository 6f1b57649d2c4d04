// How far an earlier run came: STATE_DIR/APP/offsets, one line a partition, `> SIZE PATH` for each file that was written, `= END TOPIC` for each
// changelog, and what the stores have observed of time (file_times.h). It takes the old one's place in one step, so that positions and state are those of one commit. A position is trusted
// only if the file still has before it what it had: one that was replaced is read from its beginning. If a file that was written is gone or was cut,
// somebody wants its records again, and no position holds.
#ifndef WEIR_RT_FILE_OFFSETS_H
#define WEIR_RT_FILE_OFFSETS_H

#include "file_input.h"
#include "file_log.h"
#include "file_output.h"
#include "file_times.h"
#include "settings.h"

// Whether a run with these INPUTS has positions to store: those that are no pipes, and not named.
bool file_offsets_wanted(const struct file_input *inputs);
// False (errno) if it cannot be written.
bool file_offsets_save(const struct settings *settings, const struct file_input *inputs,
                       const struct file_outputs *outputs, const struct file_logs *logs,
                       const struct file_times *times);
// What the file PATH was when it was last stored; -1: nothing is.
int64_t file_offsets_size(const struct settings *settings, const char *path);
// Whether what was written up to the positions is still there; says so if not.
bool file_offsets_hold(const struct settings *settings);
// Sets IN, just opened, to where the earlier run was. True if there is a position that holds.
bool file_offsets_restore(const struct settings *settings, struct file_input *in);
// Where the changelog TOPIC ended; 0: it was empty, or never there.
int64_t file_offsets_log_end(const struct settings *settings, const char *topic);
// What the stores had observed of time.
void file_offsets_times(const struct settings *settings, const struct weir_program *program, struct file_times *times);
// Forgets them all.
void file_offsets_reset(const struct settings *settings);

#endif
