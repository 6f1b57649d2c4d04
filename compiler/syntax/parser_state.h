// What the parser's parts share while one file is parsed.
#ifndef WEIR_SYNTAX_PARSER_STATE_H
#define WEIR_SYNTAX_PARSER_STATE_H

#include "syntax/parse.h"
#include "syntax/token.h"

struct parser {
    struct arena *arena;
    struct intern *names;
    struct diag_bag *bag;
    struct source *source;
    struct token_list list;
    struct ast_file *file;
    int at;        // index of the token that the grammar is being given
    int given;     // its kind; T_SEP when it is the newline before it
    int previous;  // kind of the one given before, as the grammar took it; -1 at the beginning
    int open[256]; // indices of the brackets that are open; brackets.c bounds their depth
    int depth;
    int in_repairs; // of these, how many are never closed: what goes wrong in them has been reported
    bool too_deep;  // already reported
};

// parse.c. Fills p->list with the tokens as the grammar took them; the formatter works from these.
void parser_run(struct parser *p);

// parser.y, behind the grammar. PS is Bison's `yypstate`.
bool parser_accepts(void *ps, int kind);
const char *parser_token_name(int kind);
extern const int parser_last_token; // kinds count from PARSER_FIRST_TOKEN to this one
enum { PARSER_FIRST_TOKEN = 258 };
// Whether tokens are being thrown away after an error; and that this is over.
bool parser_recovering(const void *ps);
void parser_recovered(void *ps);

// What the grammar could have gone on with, by token kind.
struct expected {
    bool kinds[512];
};

// messages.c: says what is wrong with what is being given.
void report_unexpected(struct parser *p, void *ps);
void report_too_deep(struct parser *p, struct span span);
// habits.c: the same for what other languages write, and for misspelt words. False if it is none of these.
bool report_habit(struct parser *p, const struct expected *e);

#endif
