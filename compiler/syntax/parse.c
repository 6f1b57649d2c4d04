#include "syntax/parse.h"

#include "syntax/ast_build.h"
#include "syntax/parser.h"

static bool is_closing(int kind)
{
    return kind == T_RPAREN || kind == T_RBRACKET || kind == T_RBRACE;
}

static const struct token *token_at(const struct parser *p, int i)
{
    return &p->list.tokens.items[i < p->list.tokens.count ? i : p->list.tokens.count - 1];
}

// `table | ...`, `emit = 1`: at the beginning of a line a word followed by this is a flow or a variable of that name.
static bool is_used_as_name(const struct parser *p, int i)
{
    bool first = p->previous == -1 || p->previous == T_SEP || p->previous == T_LBRACE;
    int next = token_at(p, i + 1)->kind;
    return first && (next == T_PIPE || next == T_DOT || next == T_SAFE || next == T_FEEDS || next == T_YIELDS ||
                     next == T_ASSIGN);
}

// What a word is here. Reserved words are names only where they can be nothing else.
static int resolve_word(const struct parser *p, yypstate *ps, int i)
{
    const struct token *t = token_at(p, i);
    if (!t->keyword || p->previous == T_DOT || p->previous == T_SAFE || is_used_as_name(p, i))
        return T_NAME;
    if (parser_accepts(ps, t->keyword))
        return t->keyword;
    bool reserved = keyword_group(t->keyword) == KEYWORD_RESERVED && token_at(p, i + 1)->kind != T_COLON;
    return reserved ? t->keyword : T_NAME;
}

// The kind of token I for the grammar in its present state.
static int resolve(const struct parser *p, yypstate *ps, int i)
{
    const struct token *t = token_at(p, i);
    if (t->kind == T_NAME && !t->quoted)
        return resolve_word(p, ps, i);
    if (t->kind == T_LPAREN && token_at(p, t->mate + 1)->kind == T_ARROW && parser_accepts(ps, T_LAMBDA_OPEN))
        return T_LAMBDA_OPEN;
    if (t->kind == T_FEEDS && !parser_accepts(ps, T_FEEDS) && parser_accepts(ps, T_LT))
        return T_LT; // `a <-1`
    return t->kind;
}

static int push(struct parser *p, yypstate *ps, int kind, const struct token *t, struct span span)
{
    YYSTYPE value = {.T_NAME = t};
    p->given = kind;
    int status = yypush_parse(ps, kind, &value, &span, p);
    p->previous = kind;
    // Errors after a separator or bracket that was taken again are new ones.
    bool anchor = kind == T_SEP || kind == T_PIPE || kind == T_COMMA || is_closing(kind);
    if (anchor && !parser_recovering(ps))
        parser_recovered(ps);
    return status;
}

static int push_separator(struct parser *p, yypstate *ps, int i)
{
    struct span span = token_at(p, i - 1)->span;
    span.begin = span.end;
    p->list.tokens.items[i].separated = true;
    return push(p, ps, T_SEP, NULL, span);
}

// `a <-1` is a comparison.
static int push_less_minus(struct parser *p, yypstate *ps, const struct token *t)
{
    struct span less = {t->span.file, t->span.begin, t->span.begin + 1};
    struct span minus = {t->span.file, t->span.begin + 1, t->span.end};
    int status = push(p, ps, T_LT, t, less);
    return status == YYPUSH_MORE ? push(p, ps, T_MINUS, t, minus) : status;
}

// What is thrown away goes with all that is in its brackets: the index of what follows.
static int skip_brackets(struct parser *p, const struct token *opening)
{
    p->previous = token_at(p, opening->mate)->kind;
    return opening->mate + 1;
}

// Pushes token I, and returns the index of the next; *status is Bison's.
static int push_token(struct parser *p, yypstate *ps, int i, int *status)
{
    struct token *t = &p->list.tokens.items[i];
    bool opening = t->mate > i;
    p->at = i;
    if (opening && parser_recovering(ps) && !parser_accepts(ps, t->kind))
        return skip_brackets(p, t);
    int kind = resolve(p, ps, i);
    p->in_repairs += t->repaired && opening;
    if (t->kind == T_SEP)
        t[1].separated = true;
    bool split = t->kind == T_FEEDS && kind == T_LT;
    t->kind = kind;
    *status = split ? push_less_minus(p, ps, t) : push(p, ps, kind, t, t->span);
    if (opening && parser_recovering(ps)) {
        p->in_repairs -= t->repaired;
        return skip_brackets(p, t);
    }
    p->in_repairs -= t->repaired && !opening;
    return i + 1;
}

static void track_brackets(struct parser *p, int i)
{
    const struct token *t = token_at(p, i);
    if (is_closing(t->kind) && p->depth > 0)
        p->depth--;
    else if (t->mate > i)
        p->open[p->depth++] = i;
}

// Newlines mean nothing in `(`; the innermost bracket counts.
static bool in_parentheses(const struct parser *p)
{
    int kind = p->depth > 0 ? token_at(p, p->open[p->depth - 1])->kind : 0;
    return kind == T_LPAREN || kind == T_LAMBDA_OPEN;
}

// A `;` that separates nothing.
static bool is_redundant(const struct parser *p, int i)
{
    int next = token_at(p, i + 1)->kind;
    return token_at(p, i)->kind == T_SEP &&
           (p->previous == -1 || p->previous == T_SEP || p->previous == T_LBRACE || next == T_END || is_closing(next));
}

// Whether the newline before token I separates. One before a `{` that must come does not.
static bool ends_before(const struct parser *p, yypstate *ps, int i)
{
    const struct token *t = token_at(p, i);
    if (!t->newline_before || in_parentheses(p) || !newline_separates(&p->list, i, p->previous))
        return false;
    return t->kind != T_LBRACE || parser_accepts(ps, T_SEP) || !parser_accepts(ps, T_LBRACE);
}

static void push_all(struct parser *p, yypstate *ps)
{
    int status = YYPUSH_MORE;
    for (int i = 0; i < p->list.tokens.count && status == YYPUSH_MORE && p->bag->errors < SYNTAX_MAX_ERRORS;) {
        if (is_redundant(p, i)) {
            p->list.tokens.items[++i].separated = true;
            continue;
        }
        p->at = i;
        if (ends_before(p, ps, i))
            status = push_separator(p, ps, i);
        if (status != YYPUSH_MORE)
            break;
        int next = push_token(p, ps, i, &status);
        if (next == i + 1)
            track_brackets(p, i);
        i = next;
    }
}

void parser_run(struct parser *p)
{
    p->file = arena_new_of(p->arena, struct ast_file);
    p->file->source = p->source;
    p->previous = -1;
    lexer_scan(&p->list, p->arena, p->names, p->bag, p->source);
    if (!brackets_pair(&p->list, p->bag, p->arena))
        return;
    yypstate *ps = yypstate_new();
    if (!ps) {
        diag_error(p->bag, (struct span){p->source->id, 0, 0}, "out of memory");
        return;
    }
    push_all(p, ps);
    yypstate_delete(ps);
}

struct ast_file *parse_file(struct arena *arena, struct intern *names, struct diag_bag *bag, struct source *source)
{
    struct parser p = {.arena = arena, .names = names, .bag = bag, .source = source};
    parser_run(&p);
    return p.file;
}
