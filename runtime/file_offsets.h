// How far an earlier run came: STATE_DIR/APP/offsets, one line a partition. A position is trusted only if the file still has before it what it
// had: one that was replaced is read from its beginning.
#ifndef WEIR_RT_FILE_OFFSETS_H
#define WEIR_RT_FILE_OFFSETS_H

#include "file_input.h"
#include "settings.h"

// Written before INPUTS' lines are: false (errno) if it cannot be.
bool file_offsets_save(const struct settings *settings, const struct file_input *inputs);
// Sets IN, just opened, to where the earlier run was. True if there is a position that holds.
bool file_offsets_restore(const struct settings *settings, struct file_input *in);
// Forgets them all.
void file_offsets_reset(const struct settings *settings);

#endif
