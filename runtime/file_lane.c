#include "file_lane.h"

#include <stdlib.h>

#include "memory.h"

void file_lane_put(struct file_lane *lane, const struct file_entry *entry)
{
    if (lane->count == lane->room) {
        size_t room = lane->room ? lane->room * 2 : 256;
        struct file_entry *grown = memory_resize(NULL, room * sizeof *grown);
        for (size_t i = 0; i < lane->count; i++)
            grown[i] = lane->entries[(lane->first + i) & (lane->room - 1)];
        free(lane->entries);
        lane->entries = grown;
        lane->room = room;
        lane->first = 0;
    }
    lane->entries[(lane->first + lane->count++) & (lane->room - 1)] = *entry;
    entry->chunk->waiting++;
}

void file_lane_take(struct file_lane *lane)
{
    struct file_entry *entry = file_lane_head(lane);
    lane->taken = (struct file_position){entry->end, entry->number};
    entry->chunk->waiting--;
    free(entry->broken);
    lane->first = (lane->first + 1) & (lane->room - 1);
    lane->count--;
}
