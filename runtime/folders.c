#include "folders.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "memory.h"

bool folders_make(const char *path)
{
    char *copy = memory_text(path, strlen(path));
    bool made = true;
    for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        made = mkdir(copy, 0777) == 0 || errno == EEXIST;
        *slash = '/';
    }
    free(copy);
    return made;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *at)
{
    (void)status;
    (void)kind;
    (void)at;
    return remove(path);
}

bool folders_remove(const char *path)
{
    enum { MOST_OPEN = 16 };
    return nftw(path, remove_one, MOST_OPEN, FTW_DEPTH | FTW_PHYS) == 0 || errno == ENOENT;
}
