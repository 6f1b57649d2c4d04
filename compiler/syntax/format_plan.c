// Decides, before anything is written, which newlines of the author stay and which brackets are broken whatever their width.
#include <string.h>

#include "syntax/format.h"
#include "syntax/parser.h"

struct planning {
    struct format_plan *plan;
    const struct token *tokens;
    int open[256];
    int depth;
    int decl;     // first token of the declaration
    bool is_flow; // it has stages or may have
};

static struct format_mark *mark(const struct planning *s, int i)
{
    return &s->plan->marks[i];
}

// Token I takes a line of its own: so do all brackets around it, but parentheses, which break only around their items.
static void force_breaks(struct planning *s)
{
    for (int d = s->depth - 1; d >= 0 && !mark(s, s->open[d])->forces_break; d--) {
        struct format_mark *m = mark(s, s->open[d]);
        int kind = s->tokens[s->open[d]].kind;
        m->forces_break = true;
        m->broken = m->broken || kind == T_LBRACE || kind == T_LBRACKET;
    }
    mark(s, s->decl)->forces_break = true;
}

static bool is_operator(int kind)
{
    switch (kind) {
    case T_OR:
    case T_AND:
    case T_COALESCE:
    case T_PLUS:
    case T_MINUS:
    case T_STAR:
    case T_SLASH:
    case T_PERCENT:
    case T_EQ:
    case T_NE:
    case T_LT:
    case T_LE:
    case T_GT:
    case T_GE:
    case T_IN:
    case T_IS:
    case T_NOT_WORD:
    case T_ARROW:
    case T_THEN:
    case T_ELSE: return true;
    default: return false;
    }
}

// Inside an expression the author's newline beside an operator stays.
static bool keeps_newline(const struct planning *s, int i)
{
    const struct token *t = &s->tokens[i];
    if (i == s->decl || !t->newline_before || t->separated || format_is_opening(t[-1].kind) ||
        format_is_closing(t->kind) || t->kind == T_SEP)
        return false;
    if (t->block || t[-1].block)
        return false; // `} else {`
    bool after_assign = t[-1].kind == T_ASSIGN && !s->is_flow;
    return is_operator(t->kind) || is_operator(t[-1].kind) || after_assign;
}

// In a block of statements commas belong to the statements; in the app's they separate.
static bool comma_separates(const struct planning *s)
{
    if (s->depth == 0)
        return false;
    int open = s->open[s->depth - 1];
    return !s->tokens[open].block || (open >= 2 && s->tokens[open - 2].kind == T_APP);
}

static bool is_last_item(const struct planning *s, int i)
{
    int next = i;
    while (s->tokens[next].kind == T_COMMA || s->tokens[next].kind == T_SEP)
        next++;
    return format_is_closing(s->tokens[next].kind);
}

static void plan_separators(struct planning *s, int i)
{
    const struct token *t = &s->tokens[i];
    struct format_mark *m = mark(s, i);
    m->separator = t->kind == T_SEP || (t->kind == T_COMMA && comma_separates(s));
    bool after_separator = i > s->decl && mark(s, i - 1)->separator;
    if (m->separator || i == s->decl || format_is_closing(t->kind) || t->kind == T_END)
        return;
    m->starts_item = t->separated || after_separator || format_is_opening(t[-1].kind);
    // Two statements don't share a line.
    if (m->starts_item && s->depth > 0 && !format_is_opening(t[-1].kind) && s->tokens[s->open[s->depth - 1]].block)
        force_breaks(s);
}

static void plan_opening(struct planning *s, int i)
{
    const struct token *t = &s->tokens[i];
    bool empty = t->mate == i + 1;
    bool body_of_declaration = t->block && s->depth == 0;
    s->open[s->depth++] = i;
    bool by_author = t[1].newline_before && !is_last_item(s, i + 1);
    if (empty || (!by_author && !body_of_declaration))
        return;
    mark(s, i)->broken = true;
    force_breaks(s);
}

static void plan_token(struct planning *s, int i)
{
    int kind = s->tokens[i].kind;
    if (format_is_closing(kind) && s->depth > 0)
        s->depth--;
    plan_separators(s, i);
    mark(s, i)->keep = keeps_newline(s, i);
    if (mark(s, i)->keep)
        force_breaks(s);
    if (format_is_opening(kind) && s->tokens[i].mate > i)
        plan_opening(s, i);
}

// A comment that ends its line, or has one to itself, breaks what it is in.
static void plan_comments(struct planning *s, int i, int *next)
{
    const struct parser *p = s->plan->p;
    for (; *next < p->list.comments.count && p->list.comments.items[*next].before <= i; ++*next) {
        const struct comment *c = &p->list.comments.items[*next];
        const char *text = p->source->text + c->span.begin;
        if (i == s->decl || (text[1] != '/' && !c->newline_before && !memchr(text, '\n', c->span.end - c->span.begin)))
            continue;
        if (s->depth > 0 && s->tokens[s->open[s->depth - 1]].kind != T_LBRACE)
            mark(s, s->open[s->depth - 1])->broken = true;
        force_breaks(s);
    }
}

int format_decl_end(const struct format_plan *plan, int i)
{
    const struct token *tokens = plan->p->list.tokens.items;
    for (i++; tokens[i].kind != T_END; i++) {
        if (tokens[i - 1].mate > i - 1)
            i = tokens[i - 1].mate; // behind an opening bracket: on to the closing one
        else if (tokens[i].separated)
            break;
    }
    return i;
}

static bool is_flow(const struct planning *s)
{
    const struct token *t = &s->tokens[s->decl];
    return t->kind == T_NAME || t->kind == T_COGROUP ||
           ((t->kind == T_STREAM || t->kind == T_TABLE) && t[2].kind == T_ASSIGN);
}

void format_plan_make(struct format_plan *plan, const struct parser *p, struct arena *arena)
{
    int count = p->list.tokens.count, next_comment = 0;
    plan->p = p;
    plan->marks = arena_alloc(arena, (size_t)count * sizeof *plan->marks);
    struct planning s = {.plan = plan, .tokens = p->list.tokens.items};
    for (int decl = 0; decl < count; decl = s.decl) {
        int end = s.tokens[decl].kind == T_END ? decl + 1 : format_decl_end(plan, decl);
        s.decl = decl;
        s.is_flow = is_flow(&s);
        s.depth = 0;
        for (int i = decl; i < end; i++) {
            plan_comments(&s, i, &next_comment);
            plan_token(&s, i);
            if (s.is_flow && s.depth == 0 && s.tokens[i].kind == T_PIPE && s.tokens[i].newline_before)
                plan->marks[decl].forces_break = true;
        }
        s.decl = end;
    }
}
