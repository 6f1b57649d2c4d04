// One line of a topic as a file: {"key":...,"value":...,"timestamp":...}.
#ifndef WEIR_RT_FILE_LINE_H
#define WEIR_RT_FILE_LINE_H

#include "weir_program.h"

// Slices of the line (or the arena); p NULL: absent or null.
struct file_line {
    struct weir_str key, value, headers; // JSON text
    struct weir_str window;              // of a windowed key: {"start":...,"end":...}
    struct weir_str topic;               // of a feed
    int64_t timestamp;
    int32_t partition; // -1: not said
    bool timed;        // timestamp is said
};

// False: w->bad says why TEXT is not a record.
bool file_line_read(struct weir_ctx *w, struct weir_str text, struct file_line *line);
// The headers of a record, from their JSON object.
bool file_line_headers(struct weir_ctx *w, struct weir_str json, struct weir_record *r);
// The key in bytes; of a windowed SERDE with its window.
struct weir_str file_line_key(struct weir_ctx *w, const struct weir_serde *serde, const struct file_line *line);
// JSON as the bytes of SERDE.
struct weir_str file_line_bytes(struct weir_ctx *w, const struct weir_serde *serde, struct weir_str json);

// The reverse: a whole line with its newline. SERDEs NULL: bytes of no known kind.
void file_line_put(struct weir_buf *b, const struct weir_serde *key, const struct weir_serde *value,
                   const struct weir_out *out, int32_t partition);

#endif
