// What the last run of an app left behind, taken up or forgotten.
#ifndef WEIR_RT_FILE_RESUME_H
#define WEIR_RT_FILE_RESUME_H

#include "file_log.h"
#include "file_times.h"

// Before inputs are opened: LOGS and TIMES are as they were at its last commit, or, as far as that is gone or nobody wants it, empty with all else that was
// kept. *LOCK: a descriptor that keeps other runs away until it is closed; unchanged if nothing is kept.
bool file_resume(const struct settings *settings, struct file_logs *logs, struct file_times *times, int *lock,
                 struct broker_error *error);

#endif
