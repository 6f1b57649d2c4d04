// Source texts, and places in them. A place is a byte range of one file; lines and columns are computed only when shown.
#ifndef WEIR_BASE_SOURCE_H
#define WEIR_BASE_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/vec.h"

struct source {
    const char *name; // as the user wrote it: what diagnostics show
    const char *text; // NUL-terminated; may hold NULs before its end
    uint32_t len;
    int id;                    // index in its source_set
    const char *path;          // of the file, without links and dots; NULL: it is none
    bool foreign;              // C of an extern fn, not a program's text
    VEC(uint32_t) line_starts; // offset of each line's first byte
};

struct source_set {
    struct arena *arena;
    VEC(struct source *) files;
};

struct span {
    int file; // source id
    uint32_t begin, end;
};

struct position {
    int line, column; // from 1; columns count code points
};

// Reads a file ("-" is standard input). NULL with *why set (arena text) if it can't be read or is over 16 MiB.
struct source *source_read(struct source_set *set, const char *path, const char **why);
// Reads a file once: that of another name for one that was read is the same.
struct source *source_read_once(struct source_set *set, const char *path, const char **why);
// NAME as it is written in the file IN, and so relative to it: a path. Arena text.
const char *source_beside(struct arena *arena, const struct source *in, const char *name);
// Takes text already in memory (copied).
struct source *source_from_text(struct source_set *set, const char *name, const char *text, uint32_t len);

struct position source_position(const struct source *s, uint32_t offset);
// The line that holds OFFSET, without its newline.
void source_line(const struct source *s, uint32_t offset, const char **begin, uint32_t *len);

// From the beginning of A to the end of B, which must be of one file.
struct span span_join(struct span a, struct span b);

#endif
