// Lines of a file that wait to be delivered, in lanes by partition.
#ifndef WEIR_RT_FILE_LANE_H
#define WEIR_RT_FILE_LANE_H

#include "file_line.h"

// A piece of the file. Lives until none of its lines is waiting and the poll that delivered the last of them is over.
struct file_chunk {
    struct file_chunk *next;
    size_t size, used; // bytes: room, read
    size_t parsed;     // behind the last whole line
    size_t waiting;    // lines that are in a lane
    char text[];
};

// A line that waits to be delivered.
struct file_entry {
    struct file_chunk *chunk;
    struct weir_str text;
    struct file_line line;
    char *broken;   // why it is not a record; freed with the entry
    int source;     // the first that takes it
    int64_t number; // of the line, from 1
    int64_t end;    // in the file, behind its newline
};

// How far a partition is read: bytes and lines of the file.
struct file_position {
    int64_t end, number;
};

// Lines of one partition, in the order of the file.
struct file_lane {
    struct file_entry *entries; // a ring
    size_t first, count, room;
    int32_t partition;
    struct file_position taken; // the last line that was delivered
    struct file_position done;  // the last that has gone all the way, through repartition topics too
};

static inline struct file_entry *file_lane_head(const struct file_lane *lane)
{
    return lane->count ? &lane->entries[lane->first] : NULL;
}
void file_lane_put(struct file_lane *lane, const struct file_entry *entry);
// Takes the first away: it is delivered.
void file_lane_take(struct file_lane *lane);

#endif
