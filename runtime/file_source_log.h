// Where a table source's file is the changelog of its store: reading it again, up to what was committed.
#ifndef WEIR_RT_FILE_SOURCE_LOG_H
#define WEIR_RT_FILE_SOURCE_LOG_H

#include "file_inputs.h"

// As the broker's restore and log_end, for the store of SOURCE. Offsets are bytes of the file.
enum broker_status file_source_log_restore(const struct file_inputs *inputs, int source, struct broker_log *log,
                                           struct broker_error *error);
// All partitions, from the beginning: of a global table.
enum broker_status file_source_log_restore_all(const struct file_inputs *inputs, int source,
                                               const struct broker_log *log, struct broker_error *error);
int64_t file_source_log_end(const struct file_inputs *inputs, int source, int32_t partition);

#endif
