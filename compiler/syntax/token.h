// Tokens of one file, all read before parsing begins: brackets and newlines are decided by looking ahead.
#ifndef WEIR_SYNTAX_TOKEN_H
#define WEIR_SYNTAX_TOKEN_H

#include "base/diag.h"
#include "base/intern.h"

// So many errors are reported; then the rest of the file goes unread.
enum { SYNTAX_MAX_ERRORS = 1000 };

struct token {
    int kind; // of parser.h; a word is T_NAME until the parser is found to expect it as a keyword
    struct span span;
    const char *text; // words: interned; strings: decoded bytes; numbers: as written; topic patterns
    uint32_t len;
    int64_t integer; // durations and timestamps: milliseconds; sizes: bytes
    int keyword;     // the token kind that a word has where it is a keyword; 0: never
    int mate;        // brackets: index of the other one
    bool quoted;     // a name in backquotes
    bool reported;   // wrong in itself, and reported as such
    bool newline_before;
    bool separated; // what is before it ends there: by a newline, or a `;`
    bool repaired;  // a closing bracket that the program lacks, or one of a pair with such
    bool block;     // the bracket of a block of statements or settings
};

struct comment {
    struct span span;
    int before;          // index of the token that follows it
    bool newline_before; // since the last token or comment
};

struct token_list {
    VEC(struct token) tokens; // the last is END
    VEC(struct comment) comments;
};

// lexer.l: every token of SOURCE. Reports what is not a token.
void lexer_scan(struct token_list *list, struct arena *arena, struct intern *names, struct diag_bag *bag,
                const struct source *source);

// brackets.c: pairs brackets, reports the unpaired, and puts in those that are missing, so that the parser sees a
// balanced file. False when it is no use to go on.
bool brackets_pair(struct token_list *list, struct diag_bag *bag, struct arena *arena);

// newlines.c: whether the newline before token I ends what precedes it; PREVIOUS is the kind of the token before it, as
// the parser took it.
bool newline_separates(const struct token_list *list, int i, int previous);
// A line that begins with T goes on with the one before it.
bool newline_continues(const struct token *t);
// Whether token I, first on its line, can only begin a declaration.
bool newline_before_declaration(const struct token_list *list, int i);
// Whether it can only begin a member of a processor block; a statement; a step of a test.
bool newline_before_member(const struct token_list *list, int i);
bool newline_before_statement(const struct token_list *list, int i);
bool newline_before_step(const struct token_list *list, int i);

// keywords.c: the keyword that TEXT is, or 0; and what keywords have in common, for messages.
enum keyword_group { KEYWORD_ORDINARY, KEYWORD_RESERVED, KEYWORD_STAGE, KEYWORD_DECLARATION };
int keyword_find(const char *text, size_t len);
enum keyword_group keyword_group(int keyword);
const char *keyword_text(int keyword);

#endif
