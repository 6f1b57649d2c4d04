// What the parts of the formatter share. The rules are at the top of format.c.
#ifndef WEIR_SYNTAX_FORMAT_H
#define WEIR_SYNTAX_FORMAT_H

#include "syntax/parser_state.h"

enum { FORMAT_COLUMNS = 100, FORMAT_INDENT = 2 };

// What is decided about a token before anything is written.
struct format_mark {
    bool broken : 1;    // an opening bracket: its items stand on lines of their own
    bool keep : 1;      // the author's newline before it stays
    bool separator : 1; // a comma or `;` between items: written anew, or left out
    bool starts_item : 1;
    bool forces_break : 1; // something in its brackets, or its flow, takes a line of its own
};

struct format_plan {
    const struct parser *p;
    struct format_mark *marks; // by token
};

// format_plan.c
void format_plan_make(struct format_plan *plan, const struct parser *p, struct arena *arena);
// Index behind the declaration that begins at token I.
int format_decl_end(const struct format_plan *plan, int i);

// format_space.c
bool format_is_opening(int kind);
bool format_is_closing(int kind);
bool format_space_between(const struct format_plan *plan, int left, int right);
// Columns that token I takes.
int format_width(const struct format_plan *plan, int i);
// Whether a newline would not separate the token LEFT from the item that begins at RIGHT.
bool format_needs_comma(const struct format_plan *plan, int left, int right);

#endif
