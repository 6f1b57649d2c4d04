// A file that records are read from, as it grows: whole lines, in lanes by partition.
#ifndef WEIR_RT_FILE_INPUT_H
#define WEIR_RT_FILE_INPUT_H

#include "broker.h"
#include "ctx.h"
#include "file_lane.h"
#include "file_topics.h"

struct file_input {
    struct file_input *next; // in the order in which ties are decided: source, topic, file name
    const struct file_topics *topics;
    int *sources; // all that read the topic, in the order of the program; of a feed: none
    int source_count;
    char *topic; // of a feed: ""
    char *path;
    bool standard; // standard input
    bool named;    // by --in or --feed: every run reads it from its beginning
    bool pipe;     // cannot be read twice; so is a FIFO
    int fd;        // -1: not there yet
    uint64_t inode;
    struct file_chunk *chunks, *last;
    struct file_position parsed; // up to here the file is in lanes
    int64_t newest;              // timestamp of the line before
    size_t held;                 // bytes of text in chunks
    int64_t size;                // of the file when it was looked at last
    bool at_end;                 // nothing more to be read for now
    bool closed;                 // a pipe that has ended
    struct file_lane *lanes;
    int lane_count;
};

// TOPIC (NULL: a feed) and PATH are copied. PATH `-` is standard input.
struct file_input *file_input_new(const struct file_topics *topics, const char *topic, const char *path);
static inline bool file_input_is_feed(const struct file_input *in)
{
    return in->source_count == 0;
}
// The source that takes a record after SOURCE has, or -1.
int file_input_next_source(const struct file_input *in, const struct file_entry *entry, int source);
void file_input_free(struct file_input *in);
// Opens the file if it is there and not open yet, at in->parsed. False with errno set if it is there but cannot be read.
bool file_input_open(struct file_input *in);
// Reads on until every lane has a line or the end is reached; FINAL: the end ends a line too. SCRATCH is reset. NOW: the timestamp of lines
// that have none. False: error says why it cannot be read.
bool file_input_fill(struct file_input *in, struct weir_ctx *scratch, bool final, int64_t now,
                     struct broker_error *error);
// Its part that makes lines of what was read: file_parse.c.
void file_input_parse(struct file_input *in, struct weir_ctx *scratch, bool final, int64_t now);
// After a change in the folder: the file may have grown, or be another one.
void file_input_look_again(struct file_input *in);
// To the beginning, or behind the last whole line that is there now.
void file_input_rewind(struct file_input *in);
void file_input_to_end(struct file_input *in);
// Between polls: gives back the chunks that are done.
void file_input_tidy(struct file_input *in);
struct file_lane *file_input_lane(struct file_input *in, int32_t partition); // made if there is none
// How far PARTITION of the file is done, given that lines without successors count as far as the file is parsed.
struct file_position file_lane_position(const struct file_input *in, const struct file_lane *lane);

#endif
