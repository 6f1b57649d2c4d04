// Compiled regular expressions, kept per thread.
#ifndef WEIR_RT_REGEX_H
#define WEIR_RT_REGEX_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "weir_ctx.h"

struct regex {
    pcre2_code *code;
    pcre2_match_data *match;
    pcre2_match_context *limits;
    uint32_t groups;
    const char *pattern; // as given: for messages
    size_t pattern_n;
};

// PATTERN compiled, at once if this thread had it before; WHOLE: it matches only all of a text. NULL with w->bad set if it is none. Valid until
// the thread's next regex_get.
const struct regex *regex_get(struct weir_ctx *w, struct weir_str pattern, bool whole);

// Looks for a match in TEXT from byte FROM on, with PCRE2's OPTIONS. False if there is none, or w->bad is set.
bool regex_find(struct weir_ctx *w, const struct regex *r, struct weir_str text, size_t from, uint32_t options);

// Group N of the last match; NULL if it took no part.
struct weir_str regex_group(const struct regex *r, struct weir_str text, uint32_t n);

#endif
