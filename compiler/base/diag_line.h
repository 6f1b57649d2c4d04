// One line of source as a terminal may show it: tabs as spaces, nothing that could move the cursor, and of a very
// long line the part around the caret.
#ifndef WEIR_BASE_DIAG_LINE_H
#define WEIR_BASE_DIAG_LINE_H

#include "base/source.h"
#include "base/writer.h"

struct diag_line {
    const char *text;
    size_t len;
    bool cut_left, cut_right;
    int caret_column, caret_width; // in terminal cells; the column counts from the excerpt's first
};

struct diag_line diag_line_cut(const struct source *s, struct span span);
void diag_line_put(struct writer *out, const struct diag_line *line);

// TEXT with control and invisible characters and bytes that are not UTF-8 written as <07>, <U+202E>.
void diag_put_safe(struct writer *out, const char *text, size_t len);

#endif
