// What keeps changelogs as files from growing for ever: of each key the last line stays; one that takes a row away goes with the second compaction. Of a
// versioned table stay the lines of its history, and of each key what was valid when that begins.
// Such a file says in its first line how long it was afterwards, at which offset it begins, and from which offset on it holds all that matters to somebody who
// has read as far:
//
//     {"compacted":BYTES,"base":OFFSET,"floor":OFFSET}
//
// The offset of its end stays what it was. What came behind an offset lies no further in front than that offset now points to.
#ifndef WEIR_RT_FILE_LOG_COMPACT_H
#define WEIR_RT_FILE_LOG_COMPACT_H

#include "file_log.h"

// What the first line of the open file says.
void file_log_read_head(struct file_log *log);
// Whether TEXT is such a line.
bool file_log_is_head(struct weir_str text);
// Writes the open file anew if it is time. False: error; the old one is still there.
bool file_log_compact(struct file_log *log, struct broker_error *error);

#endif
