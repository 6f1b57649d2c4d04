// Under exactly_once outputs are written only at commits. STATE_DIR/APP/writing says, while that lasts, what they were before, a line `BEFORE AFTER PATH` each:
// a run that was killed meanwhile leaves it behind, and the next one takes back what was written.
#ifndef WEIR_RT_FILE_JOURNAL_H
#define WEIR_RT_FILE_JOURNAL_H

#include "file_output.h"

// Before the outputs are flushed.
bool file_journal_begin(const struct settings *settings, struct file_outputs *outputs, struct broker_error *error);
// The positions behind what was written are stored.
void file_journal_end(const struct settings *settings);
// At a start. An output is as it was before, unless the positions (file_offsets.h) were stored behind it.
bool file_journal_undo(const struct settings *settings, struct broker_error *error);

#endif
