// Waiting for files to grow, and being woken.
#ifndef WEIR_RT_FILE_WATCH_H
#define WEIR_RT_FILE_WATCH_H

#include "weir_value.h"

struct file_watch {
    int inotify; // -1: not to be had; then waits are short
    int event;   // of file_watch_wake
    bool blind;  // some folder could not be watched
};

void file_watch_init(struct file_watch *watch);
void file_watch_free(struct file_watch *watch);
// Changes of files in the folder of PATH end a wait.
void file_watch_beside(struct file_watch *watch, const char *path);
// Until something changes, PIPE (-1: none) can be read, someone wakes, or TIMEOUT_MS are over.
void file_watch_wait(struct file_watch *watch, int pipe, int timeout_ms);
void file_watch_wake(struct file_watch *watch); // from any thread

#endif
