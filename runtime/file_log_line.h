// Lines of changelogs as files (file_log.h).
#ifndef WEIR_RT_FILE_LOG_LINE_H
#define WEIR_RT_FILE_LOG_LINE_H

#include "file_line.h"

// A record of the changelog of STORE as a line, into B. False: w->bad says why it cannot be one.
bool file_log_line_put(struct weir_buf *b, const struct weir_store *store, int32_t partition, struct weir_str key,
                       struct weir_str value, int64_t timestamp);
// The reverse. False: w->bad.
bool file_log_line_read(struct weir_ctx *w, const struct weir_store *store, struct weir_str text, struct weir_str *key,
                        struct weir_str *value, int64_t *timestamp);
// The partition of a line that file_log_line_put wrote, without reading all of it.
int32_t file_log_line_partition(struct weir_str text);

// The next whole line of TEXT from *AT on, which moves behind it. False: there is none.
bool file_log_line_next(struct weir_str text, size_t *at, struct weir_str *line);

#endif
