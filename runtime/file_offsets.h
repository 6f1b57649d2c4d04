// How far an earlier run came: STATE_DIR/APP/offsets, one line a partition, and `> SIZE PATH` for each file that was written. A position is trusted
// only if the file still has before it what it had: one that was replaced is read from its beginning. If a file that was written is gone or was cut,
// somebody wants its records again, and no position holds.
#ifndef WEIR_RT_FILE_OFFSETS_H
#define WEIR_RT_FILE_OFFSETS_H

#include "file_input.h"
#include "file_output.h"
#include "settings.h"

// Written before INPUTS' lines are: false (errno) if it cannot be.
bool file_offsets_save(const struct settings *settings, const struct file_input *inputs,
                       const struct file_outputs *outputs);
// Forgets all positions, and says so, if what was written up to them is not there any more.
void file_offsets_check_outputs(const struct settings *settings);
// Sets IN, just opened, to where the earlier run was. True if there is a position that holds.
bool file_offsets_restore(const struct settings *settings, struct file_input *in);
// Forgets them all.
void file_offsets_reset(const struct settings *settings);

#endif
