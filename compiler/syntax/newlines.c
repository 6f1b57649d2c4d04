// Which newlines end something. Between flex, which sees them all, and bison, which sees those that separate.
#include "syntax/parser.h"
#include "syntax/token.h"

// It stands between two things.
static bool is_between(int kind)
{
    switch (kind) {
    case T_COMMA:
    case T_COLON:
    case T_DOT:
    case T_DOTS:
    case T_SAFE:
    case T_COALESCE:
    case T_PIPE:
    case T_OR:
    case T_AND:
    case T_ASSIGN:
    case T_EQ:
    case T_NE:
    case T_LT:
    case T_LE:
    case T_GT:
    case T_GE:
    case T_PLUS:
    case T_MINUS:
    case T_STAR:
    case T_SLASH:
    case T_PERCENT:
    case T_ARROW:
    case T_YIELDS:
    case T_FEEDS: return true;
    default: return false;
    }
}

// A line that ends in this goes on.
static bool is_unfinished(int kind)
{
    switch (kind) {
    case -1: // the beginning of the file
    case T_SEP:
    case T_LPAREN:
    case T_LAMBDA_OPEN:
    case T_LBRACKET:
    case T_LBRACE:
    case T_SPREAD:
    case T_AT:
    case T_NOT:
    case T_THEN:
    case T_ELSE:
    case T_IN:
    case T_IS:
    case T_NOT_WORD: return true;
    default: return is_between(kind);
    }
}

// `in`, `is`, `not in`, `then` and `else` go on with the line before, but as the name of a field they don't.
static bool is_operator_word(const struct token *t)
{
    const struct token *next = t + 1;
    bool operand = !next->newline_before && (next->kind == T_NAME || next->kind == T_LBRACKET);
    switch (t->keyword) {
    case T_THEN: return next->kind != T_COLON;
    case T_ELSE: return next->kind != T_COLON && next->kind != T_ARROW; // else it is the last arm of a `match`
    case T_IN:
    case T_IS: return operand;
    case T_NOT_WORD: return operand && next->keyword == T_IN;
    default: return false;
    }
}

bool newline_continues(const struct token *t)
{
    switch (t->kind) {
    case T_END:
    case T_SEP:
    case T_RPAREN:
    case T_RBRACKET:
    case T_RBRACE: return true;
    case T_NAME: return is_operator_word(t);
    default: return is_between(t->kind);
    }
}

bool newline_separates(const struct token_list *list, int i, int previous)
{
    bool first = previous == -1 || previous == T_SEP;
    if (newline_before_declaration(list, i))
        return !first;
    if (newline_before_member(list, i) || newline_before_statement(list, i))
        return !first && previous != T_LBRACE;
    const struct token *t = &list->tokens.items[i];
    if (previous == T_COLON && t->kind == T_NAME && t[1].kind == T_COLON)
        return true; // the next field; the one before lacks its value
    return !is_unfinished(previous) && !newline_continues(t);
}

// A word that is first on its line, with the two tokens behind it there, too.
static bool begins_line(const struct token_list *list, int i)
{
    const struct token *t = &list->tokens.items[i];
    return t->newline_before && (t->kind == T_NAME || t->kind == T_STRING) && i + 2 < list->tokens.count &&
           !t[1].newline_before && !t[2].newline_before;
}

// These go by what follows the word, which no expression, field or statement could have in these places.

bool newline_before_declaration(const struct token_list *list, int i)
{
    const struct token *t = &list->tokens.items[i];
    if (!begins_line(list, i))
        return false;
    int second = t[1].kind == T_NAME ? t[1].keyword : 0, third = t[2].kind;
    bool named = t[1].kind == T_NAME;
    switch (t->keyword) {
    case T_STREAM:
    case T_TABLE: return named && (third == T_ASSIGN || t[2].keyword == T_FROM);
    case T_GLOBAL: return second == T_TABLE && third == T_NAME;
    case T_TYPE: return named && (third == T_LBRACE || third == T_ASSIGN || t[2].keyword == T_FROM);
    case T_ENUM:
    case T_APP: return named && third == T_LBRACE;
    case T_UNION: return named && t[2].keyword == T_BY;
    case T_FN:
    case T_PROCESS: return named && third == T_LPAREN;
    case T_EXTERN: return (second == T_FN && third == T_NAME) || (second == T_PURE && t[2].keyword == T_FN);
    case T_TEST: return t[1].kind == T_STRING && third == T_LBRACE;
    default: return false;
    }
}

bool newline_before_member(const struct token_list *list, int i)
{
    const struct token *t = &list->tokens.items[i];
    if (!begins_line(list, i))
        return false;
    bool named = t[1].kind == T_NAME;
    switch (t->keyword) {
    case T_STORE: return named && t[2].kind == T_COLON;
    case T_ON: return named && (t[2].kind == T_LBRACE || t[2].kind == T_DOT);
    case T_EVERY: return t[1].kind == T_DURATION && (t[2].keyword == T_STREAM || t[2].keyword == T_WALL);
    default: return false;
    }
}

bool newline_before_statement(const struct token_list *list, int i)
{
    const struct token *t = &list->tokens.items[i];
    if (!begins_line(list, i))
        return false;
    bool let = t->keyword == T_LET && t[2].kind == T_ASSIGN;
    bool loop = t->keyword == T_FOR && (t[2].kind == T_COMMA || t[2].keyword == T_IN);
    return t[1].kind == T_NAME && (let || loop);
}

bool newline_before_step(const struct token_list *list, int i)
{
    const struct token *t = &list->tokens.items[i];
    return begins_line(list, i) && (t[1].kind == T_FEEDS || t[1].kind == T_YIELDS ||
                                    (t[1].kind == T_DOT && t[2].kind == T_NAME && t[3].kind == T_YIELDS));
}
