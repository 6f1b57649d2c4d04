// Which members of a consumer group keep copies of a task's state: those that `range`, librdkafka's assignor, would give the task to if its owner, and
// then who has the first copy, and so on, were gone.
#ifndef WEIR_RT_PLACEMENT_H
#define WEIR_RT_PLACEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct placement_member {
    const char *id;
    const char *instance; // of a static member, or NULL
};

// In the order in which `range` deals partitions out.
void placement_sort(struct placement_member *members, size_t count);
// Which of MEMBERS, by their order, has PARTITION of PARTITIONS.
size_t placement_owner(size_t members, int32_t partitions, int32_t partition);
// Whether SELF, of MEMBERS, has one of COPIES of it.
bool placement_has_copy(size_t members, size_t self, int32_t partitions, int32_t partition, int copies);

#endif
