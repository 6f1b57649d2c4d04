// Sorting what is to be saved by its keys' bytes.
#ifndef WEIR_RT_DISK_SORT_H
#define WEIR_RT_DISK_SORT_H

#include "weir_value.h"

struct disk_added {
    struct weir_str key;
    void *row;
};

// No two keys are the same.
void disk_sort(struct disk_added *all, size_t count);

#endif
