// What the rules of lexer.l do. Only they call it.
#ifndef WEIR_SYNTAX_SCAN_H
#define WEIR_SYNTAX_SCAN_H

#include "syntax/token.h"

struct scan {
    struct token_list *list;
    struct arena *arena;
    struct intern *names;
    struct diag_bag *bag;
    const struct source *source;
    uint32_t begin, end; // of the token being read
    bool newline;        // since the last token
    bool fresh_line;     // since the last token or comment
};

// Defined in lexer.l.
void scan_run(struct scan *s, const char *text, size_t len);

void *scan_alloc(struct scan *s, size_t size);
void scan_advance(struct scan *s, size_t len);
void scan_back(struct scan *s);
void scan_newline(struct scan *s);
void scan_comment(struct scan *s);
struct token *scan_add(struct scan *s, int kind);
// True when a topic pattern may follow: the word is the `from` of a source.
bool scan_word(struct scan *s);
void scan_quoted_name(struct scan *s);
void scan_string(struct scan *s);
void scan_pattern(struct scan *s);
void scan_duration(struct scan *s);
void scan_size(struct scan *s);
void scan_timestamp(struct scan *s, int kind, size_t prefix);

// Adds a token of KIND all the same.
void scan_unclosed(struct scan *s, int kind, const char *what, char quote);
void scan_unclosed_comment(struct scan *s);
void scan_single_quotes(struct scan *s);
void scan_bad_number(struct scan *s);
void scan_bad_timestamp(struct scan *s);
void scan_foreign_operator(struct scan *s);
void scan_foreign_name(struct scan *s);
void scan_foreign_comment(struct scan *s);
void scan_bad_character(struct scan *s);

#endif
