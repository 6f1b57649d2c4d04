#include "placement.h"

#include <stdlib.h>
#include <string.h>

// As rd_kafka_group_member_cmp.
static int compare(const void *x, const void *y)
{
    const struct placement_member *a = x, *b = y;
    return a->instance && b->instance ? strcmp(a->instance, b->instance) : strcmp(a->id, b->id);
}

void placement_sort(struct placement_member *members, size_t count)
{
    if (count)
        qsort(members, count, sizeof *members, compare);
}

// The first ones have one more, if there are not equally many for each.
size_t placement_owner(size_t members, int32_t partitions, int32_t partition)
{
    size_t each = (size_t)partitions / members, more = (size_t)partitions % members, p = (size_t)partition;
    size_t with_more = more * (each + 1);
    return p < with_more ? p / (each + 1) : more + (p - with_more) / each;
}

bool placement_has_copy(size_t members, size_t self, int32_t partitions, int32_t partition, int copies)
{
    for (int gone = 0; gone <= copies && members > 0; gone++) {
        size_t owner = placement_owner(members, partitions, partition);
        if (owner == self)
            return gone > 0;
        self -= owner < self;
        members--;
    }
    return false;
}
