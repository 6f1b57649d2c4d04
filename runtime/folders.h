// Folders and what is in them.
#ifndef WEIR_RT_FOLDERS_H
#define WEIR_RT_FOLDERS_H

#include <stdbool.h>

// Makes the folders above the file PATH ("a/b/": also b). False: errno.
bool folders_make(const char *path);
// PATH and all below it. True if it is gone, or was not there; else errno.
bool folders_remove(const char *path);

#endif
