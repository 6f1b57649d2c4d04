// Diagnostics as data. The only printer of errors and warnings about programs.
//
// Voice: the message says what is wrong in the user's words; the label at the caret says what is there;
// the help line says what to write instead. No blame, no compiler jargon, no period at the end.
#ifndef WEIR_BASE_DIAG_H
#define WEIR_BASE_DIAG_H

#include <stdbool.h>
#include <stdio.h>

#include "base/source.h"

enum diag_level { DIAG_ERROR, DIAG_WARNING };
enum diag_format { DIAG_TEXT, DIAG_JSON };

struct diag_label {
    struct span span;
    const char *text;
};

struct diag {
    enum diag_level level;
    struct span span;
    const char *message;
    bool
        missing; // about a name that is not there: behind syntax errors perhaps only because its declaration could not be read
    const char *label;              // shown behind the caret; may be NULL
    VEC(struct diag_label) related; // other places, each shown with its line
    VEC(const char *) helps;
};

struct diag_bag {
    struct source_set *sources;
    struct arena *arena;
    VEC(struct diag *) items;
    int errors, warnings;
};

#define DIAG_FMT(f, a) __attribute__((format(printf, f, a)))

// Record a diagnostic; the result lets the caller add a label, related places and help.
struct diag *diag_error(struct diag_bag *bag, struct span span, const char *format, ...) DIAG_FMT(3, 4);
struct diag *diag_warning(struct diag_bag *bag, struct span span, const char *format, ...) DIAG_FMT(3, 4);
void diag_label(struct diag_bag *bag, struct diag *d, const char *format, ...) DIAG_FMT(3, 4);
void diag_related(struct diag_bag *bag, struct diag *d, struct span span, const char *format, ...) DIAG_FMT(4, 5);
void diag_help(struct diag_bag *bag, struct diag *d, const char *format, ...) DIAG_FMT(3, 4);

// Takes back those from index FROM on that may follow from syntax errors: of missing names, and warnings.
void diag_drop_missing(struct diag_bag *bag, int from);

// The candidate nearest to NAME by edit distance, or NULL when none is near enough to be what was meant.
const char *diag_nearest(const char *name, const char *const *candidates, int count);

// Prints all, sorted by place, duplicates dropped. Text: `file:line:column: error: message`, the line, a caret,
// labels and `help:` lines. JSON: one object a line.
void diag_print(const struct diag_bag *bag, FILE *out, enum diag_format format, bool colour);

#endif
