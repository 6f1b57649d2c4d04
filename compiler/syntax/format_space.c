// Where a space goes between two tokens of a line.
#include "syntax/format.h"
#include "syntax/parser.h"

bool format_is_opening(int kind)
{
    return kind == T_LPAREN || kind == T_LAMBDA_OPEN || kind == T_LBRACKET || kind == T_LBRACE;
}

bool format_is_closing(int kind)
{
    return kind == T_RPAREN || kind == T_RBRACKET || kind == T_RBRACE;
}

static bool ends_operand(int kind)
{
    switch (kind) {
    case T_NAME:
    case T_INT:
    case T_NUMBER:
    case T_STRING:
    case T_DURATION:
    case T_SIZE:
    case T_TIMESTAMP:
    case T_NULL:
    case T_TRUE:
    case T_FALSE:
    case T_RPAREN:
    case T_RBRACKET:
    case T_RBRACE: return true;
    default: return false;
    }
}

// `-`, `!` and `@` before their operand.
static bool is_prefix(const struct format_plan *plan, int i)
{
    const struct token *t = &plan->p->list.tokens.items[i];
    if (t->kind == T_MINUS)
        return i == 0 || t->separated || plan->marks[i].starts_item || !ends_operand(t[-1].kind);
    if (t->kind == T_LT)
        return t->span.end - t->span.begin == 2; // `<-`, taken as `< -`
    return t->kind == T_NOT || t->kind == T_AT || t->kind == T_SPREAD;
}

static bool follows_directly(const struct token *left, int right)
{
    switch (right) {
    case T_COMMA:
    case T_COLON:
    case T_DOT:
    case T_SAFE:
    case T_QUESTION:
    case T_DOTS:
    case T_RANGE_END:
    case T_RPAREN:
    case T_RBRACKET: return true;
    case T_LPAREN:
    case T_LAMBDA_OPEN: return left->kind == T_NAME || left->kind == T_CSV;
    case T_LBRACKET: return ends_operand(left->kind);
    case T_RBRACE: return left->kind == T_LBRACE;
    default: return false;
    }
}

bool format_space_between(const struct format_plan *plan, int left, int right)
{
    const struct token *tokens = plan->p->list.tokens.items;
    switch (tokens[left].kind) {
    case T_LPAREN:
    case T_LAMBDA_OPEN:
    case T_LBRACKET:
    case T_DOT:
    case T_DOTS:
    case T_SAFE: return false;
    default: return !is_prefix(plan, left) && !follows_directly(&tokens[left], tokens[right].kind);
    }
}

int format_width(const struct format_plan *plan, int i)
{
    const struct token *t = &plan->p->list.tokens.items[i];
    const char *text = plan->p->source->text;
    int width = t->kind == T_LT && is_prefix(plan, i);
    for (uint32_t at = t->span.begin; at < t->span.end; at++)
        width += ((unsigned char)text[at] & 0xC0) != 0x80;
    return width;
}

bool format_needs_comma(const struct format_plan *plan, int left, int right)
{
    const struct token *tokens = plan->p->list.tokens.items;
    return tokens[left].kind == T_ELSE || newline_continues(&tokens[right]);
}
