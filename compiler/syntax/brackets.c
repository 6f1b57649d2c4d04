// Pairs brackets before parsing. One missing bracket would otherwise turn the rest of a file into errors: newlines mean
// something else inside brackets.
#include "syntax/parser.h"
#include "syntax/token.h"

enum { MAX_DEPTH = 200 };

struct pairing {
    struct token_list *list;
    struct diag_bag *bag;
    struct arena *arena;
    VEC(struct token) out;
    VEC(int) open; // indices in out
    bool missing;  // some bracket has no mate: lines show where it belongs
};

static int closing_kind(int open)
{
    return open == T_LPAREN ? T_RPAREN : open == T_LBRACKET ? T_RBRACKET : T_RBRACE;
}

static bool is_opening(int kind)
{
    return kind == T_LPAREN || kind == T_LBRACKET || kind == T_LBRACE;
}

static bool is_closing(int kind)
{
    return kind == T_RPAREN || kind == T_RBRACKET || kind == T_RBRACE;
}

static void append(struct pairing *b, struct token t)
{
    vec_push(b->arena, &b->out, t);
}

static void close_innermost(struct pairing *b, struct token close)
{
    int open = vec_last(&b->open);
    b->open.count--;
    close.mate = open;
    b->out.items[open].mate = b->out.count;
    append(b, close);
}

// Reports the innermost open bracket as unclosed, found out at token T, and closes it before T.
static void repair(struct pairing *b, const struct token *t)
{
    struct token *open = &b->out.items[vec_last(&b->open)];
    static const char *const text[] = {"(", "[", "{"};
    int which = open->kind == T_LPAREN ? 0 : open->kind == T_LBRACKET ? 1 : 2;
    struct diag *d = diag_error(b->bag, open->span, "this `%s` is never closed", text[which]);
    if (t->kind != T_END)
        diag_related(b->bag, d, t->span, "it must be closed before this");
    open->repaired = true;
    struct span place = vec_last(&b->out).span;
    place.begin = place.end;
    close_innermost(b, (struct token){.kind = closing_kind(open->kind), .span = place, .repaired = true});
}

// How many open brackets must be closed for CLOSE to find its own; -1: there is none.
static int distance_to_mate(const struct pairing *b, int close)
{
    for (int i = b->open.count - 1; i >= 0; i--)
        if (closing_kind(b->out.items[b->open.items[i]].kind) == close)
            return b->open.count - 1 - i;
    return -1;
}

static void take_closing(struct pairing *b, const struct token *t)
{
    int distance = distance_to_mate(b, t->kind);
    if (distance < 0) {
        const char *text = t->kind == T_RPAREN ? ")" : t->kind == T_RBRACKET ? "]" : "}";
        diag_error(b->bag, t->span, "there is nothing for this `%s` to close", text);
        return;
    }
    while (distance-- > 0)
        repair(b, t);
    close_innermost(b, *t);
}

// How many brackets may be open before token I: none before a line that can't be inside any, a stage or a declaration. Where one is missing, only a
// block's before its members or a test's before its steps, and no `(` or `[` before a statement.
static int most_open(const struct pairing *b, const struct token_list *list, int i)
{
    const struct token *t = &list->tokens.items[i];
    if (t->kind == T_END || (t->kind == T_PIPE && t->newline_before) || newline_before_declaration(list, i))
        return 0;
    if (b->missing && (newline_before_member(list, i) || newline_before_step(list, i)))
        return 1;
    int count = b->open.count;
    while (b->missing && newline_before_statement(list, i) && count > 0 &&
           b->out.items[b->open.items[count - 1]].kind != T_LBRACE)
        count--;
    return count;
}

// What was dropped or put in has moved the tokens that comments precede.
static void move_comments(struct pairing *b, const int *moved)
{
    for (int i = 0; i < b->list->comments.count; i++) {
        struct comment *c = &b->list->comments.items[i];
        c->before = moved[c->before];
    }
}

// Reports nothing.
static bool is_balanced(const struct token_list *list, struct arena *arena)
{
    VEC(int) closing = {0};
    for (int i = 0; i < list->tokens.count; i++) {
        int kind = list->tokens.items[i].kind;
        if (is_opening(kind))
            vec_push(arena, &closing, closing_kind(kind));
        else if (is_closing(kind) && (closing.count == 0 || closing.items[--closing.count] != kind))
            return false;
    }
    return closing.count == 0;
}

bool brackets_pair(struct token_list *list, struct diag_bag *bag, struct arena *arena)
{
    struct pairing b = {.list = list, .bag = bag, .arena = arena, .missing = !is_balanced(list, arena)};
    int *moved = arena_alloc(arena, (size_t)list->tokens.count * sizeof *moved);
    for (int i = 0; i < list->tokens.count; i++) {
        const struct token *t = &list->tokens.items[i];
        while (b.open.count > most_open(&b, list, i))
            repair(&b, t);
        if (bag->errors >= SYNTAX_MAX_ERRORS)
            return false;
        moved[i] = b.out.count;
        if (is_closing(t->kind)) {
            take_closing(&b, t);
            continue;
        }
        if (is_opening(t->kind)) {
            if (b.open.count == MAX_DEPTH) {
                diag_error(bag, t->span, "this is nested too deeply: more than %d open brackets", MAX_DEPTH);
                return false;
            }
            vec_push(arena, &b.open, b.out.count);
        }
        append(&b, *t);
    }
    move_comments(&b, moved);
    list->tokens.items = b.out.items;
    list->tokens.count = b.out.count;
    list->tokens.capacity = b.out.capacity;
    return true;
}
