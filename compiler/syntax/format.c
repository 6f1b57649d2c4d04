// `weir fmt`. The layout, by rule:
//
// - Two spaces a level; one space between words; at most one blank line, and none behind `{` or before `}`.
// - A flow stands on one line, or has its head and each `|` on lines of their own, indented: when it is wider than 100
//   columns, when the author broke before a `|`, or when something in it takes lines of its own.
// - Brackets stand on one line, or have each item on a line of its own: `{` and `[` when they are wider than the line has
//   room for or anything in them takes a line of its own, and all when the author broke behind the opening one. The
//   bodies of apps, processes and tests are always broken.
// - Items on one line are parted by commas; on lines of their own, only in `[` and `(`. The last has none.
// - In broken braces the values of `name: value` in adjacent lines begin in one column.
// - Inside an expression a newline beside an operator stays where the author put it, indented by four.
// - Comments stay where they are: behind a line, two spaces away; or above one, indented as it is.
//
// It works on tokens, with the parser's word for what each is, so that no comment is lost and nothing can change meaning.
#include "syntax/format.h"

#include <string.h>

#include "base/writer.h"
#include "syntax/parser.h"

struct group {
    int open;
    bool broken;
    int base;        // indentation of the line it was opened on
    int item_indent; // what a newline inside an expression is indented from, as it was outside
    int aligned_end; // index behind the items whose values begin in one column
    int name_width;  // of the longest of their names
};

struct layout {
    struct format_plan plan;
    const struct token *tokens;
    struct writer *out;
    struct group groups[256];
    int depth;
    int decl; // first token of the declaration
    bool flow_broken;
    int last; // index of the token written last; -1: none
    int next_comment;
    int column;
    int line_indent, item_indent;
    bool after_opening; // nothing is written yet behind the opening bracket
};

static void put(struct layout *l, const char *text, size_t len)
{
    writer_put(l->out, text, len);
    for (size_t i = 0; i < len; i++)
        l->column += ((unsigned char)text[i] & 0xC0) != 0x80;
}

static void put_spaces(struct layout *l, int count)
{
    for (int i = 0; i < count; i++)
        put(l, " ", 1);
}

static void new_line(struct layout *l, int indent, bool blank)
{
    if (l->out->len > 0)
        writer_puts(l->out, blank ? "\n\n" : "\n");
    l->column = 0;
    put_spaces(l, indent);
    l->line_indent = indent;
}

// Whether the author left a blank line before this place.
static bool blank_before(const struct layout *l, uint32_t at)
{
    const char *text = l->plan.p->source->text;
    int newlines = 0;
    while (at > 0 && strchr(" \t\r\f\v\n,;", text[at - 1]) && text[at - 1] != '\0')
        newlines += text[--at] == '\n';
    return newlines > 1;
}

// ---- widths ----

static bool is_dropped(const struct layout *l, int i)
{
    return l->plan.marks[i].separator;
}

static bool has_space(const struct layout *l, int left, int right)
{
    bool next_item = l->plan.marks[right].starts_item && !format_is_opening(l->tokens[left].kind);
    return next_item || format_space_between(&l->plan, left, right);
}

// The width of tokens from I while they stand on one line, up to what may break next behind END.
static int width_from(const struct layout *l, int i, int end)
{
    int width = 0, depth = 0, previous = i - 1;
    for (; l->tokens[i].kind != T_END && width <= FORMAT_COLUMNS; i++) {
        int kind = l->tokens[i].kind;
        depth -= format_is_closing(kind);
        if (is_dropped(l, i))
            continue;
        bool opens = kind == T_LBRACE || kind == T_LBRACKET;
        bool outside = depth < 0 || (depth == 0 && l->plan.marks[i].starts_item);
        if (i > end && (opens || outside || l->plan.marks[i].keep || l->tokens[i].separated))
            break;
        bool comma = l->plan.marks[i].starts_item && !format_is_opening(l->tokens[previous].kind);
        width += comma + (previous >= 0 && has_space(l, previous, i)) + format_width(&l->plan, i);
        depth += format_is_opening(kind);
        previous = i;
    }
    return width;
}

static bool fits(const struct layout *l, int open)
{
    return l->column + width_from(l, open + 1, l->tokens[open].mate) <= FORMAT_COLUMNS;
}

// ---- columns ----

static bool is_named_item(const struct layout *l, int i)
{
    int kind = l->tokens[i].kind;
    return (kind == T_NAME || kind == T_STRING) && l->tokens[i + 1].kind == T_COLON;
}

// Whether a comment on a line of its own stands above item I, or above the separators before it.
static bool has_own_line_comment(const struct layout *l, int i)
{
    int from = i;
    while (from > 0 && is_dropped(l, from - 1))
        from--;
    for (int c = l->next_comment; c < l->plan.p->list.comments.count; c++) {
        const struct comment *comment = &l->plan.p->list.comments.items[c];
        if (comment->before > i)
            break;
        if (comment->before >= from && comment->newline_before)
            return true;
    }
    return false;
}

// Index of the next item of the group, or of its closing bracket.
static int next_item(const struct layout *l, int i)
{
    for (i++;; i++) {
        if (l->tokens[i - 1].mate > i - 1)
            i = l->tokens[i - 1].mate;
        else if (l->plan.marks[i].starts_item || format_is_closing(l->tokens[i].kind))
            return i;
    }
}

// Measures the names from item I to the first that is not `name: value` or stands apart.
static void align_from(struct layout *l, struct group *g, int i)
{
    g->name_width = 0;
    for (int at = i; is_named_item(l, at); at = next_item(l, at)) {
        if (at != i && (blank_before(l, l->tokens[at].span.begin) || has_own_line_comment(l, at)))
            break;
        int width = format_width(&l->plan, at);
        g->name_width = width > g->name_width ? width : g->name_width;
        g->aligned_end = at + 1;
    }
}

// Spaces behind the colon of item I beyond the usual one; none if it is no `name: value`.
static int padding(struct layout *l, int i)
{
    struct group *g = l->depth > 0 ? &l->groups[l->depth - 1] : NULL;
    if (i < 0 || !g || !g->broken || l->tokens[g->open].kind != T_LBRACE || l->tokens[g->open].block ||
        !is_named_item(l, i) || !l->plan.marks[i].starts_item || l->last != i + 1)
        return 0;
    if (i >= g->aligned_end)
        align_from(l, g, i);
    return g->name_width - format_width(&l->plan, i);
}

// ---- lines ----

// Whether token I begins a line by the structure of the program; then *INDENT is how far in.
static bool begins_line(const struct layout *l, int i, int *indent)
{
    const struct token *t = &l->tokens[i];
    const struct group *g = l->depth > 0 ? &l->groups[l->depth - 1] : NULL;
    if (i == l->decl) {
        *indent = 0;
        return true;
    }
    if (!g) {
        *indent = FORMAT_INDENT;
        return l->flow_broken && (t->kind == T_PIPE || (t[-1].kind == T_ASSIGN && i == l->decl + 3));
    }
    *indent = format_is_closing(t->kind) ? g->base : g->base + FORMAT_INDENT;
    return g->broken && (format_is_closing(t->kind) || l->plan.marks[i].starts_item);
}

// Writes the comments before token I. True when what follows must begin a line.
static bool put_comments(struct layout *l, int i, bool structural, int indent)
{
    const struct parser *p = l->plan.p;
    bool must_break = false;
    for (; l->next_comment < p->list.comments.count; l->next_comment++) {
        const struct comment *c = &p->list.comments.items[l->next_comment];
        const char *text = p->source->text + c->span.begin;
        size_t len = c->span.end - c->span.begin;
        if (c->before > i)
            break;
        while (len > 0 && (text[len - 1] == '\r' || text[len - 1] == ' ' || text[len - 1] == '\t'))
            len--;
        if (c->newline_before)
            new_line(l, structural ? indent : l->item_indent + 2 * FORMAT_INDENT,
                     structural && !l->after_opening && l->last >= 0 && blank_before(l, c->span.begin));
        else
            put_spaces(l, l->out->len == 0 ? 0 : text[1] == '/' ? 2 : l->column > 0);
        put(l, text, len);
        l->after_opening = false;
        must_break = text[1] == '/' || c->newline_before || memchr(text, '\n', len) != NULL;
    }
    return must_break;
}

static void put_separator(struct layout *l, int i)
{
    const struct group *g = l->depth > 0 ? &l->groups[l->depth - 1] : NULL;
    if (!g || !l->plan.marks[i].starts_item || l->last == g->open)
        return;
    bool braces = l->tokens[g->open].kind == T_LBRACE;
    if (!braces || !g->broken || (!l->tokens[g->open].block && format_needs_comma(&l->plan, l->last, i)))
        put(l, ",", 1);
}

static void put_gap(struct layout *l, int i)
{
    int indent;
    bool structural = begins_line(l, i, &indent);
    bool closing = format_is_closing(l->tokens[i].kind);
    put_separator(l, i);
    bool after_comment = put_comments(l, i, structural, indent + (closing ? FORMAT_INDENT : 0));
    if (structural) {
        bool apart = !closing && !l->after_opening && l->tokens[i].kind != T_PIPE && l->last >= 0;
        new_line(l, indent, apart && blank_before(l, l->tokens[i].span.begin) && (l->depth > 0 || i == l->decl));
        l->item_indent = closing ? l->item_indent : indent;
    } else if (after_comment || l->plan.marks[i].keep) {
        new_line(l, l->item_indent + 2 * FORMAT_INDENT, false);
    } else if (l->last >= 0) {
        put_spaces(l, has_space(l, l->last, i) + padding(l, l->last - 1));
    }
}

static void open_group(struct layout *l, int i)
{
    bool breakable = l->tokens[i].kind == T_LBRACE || l->tokens[i].kind == T_LBRACKET;
    struct group g = {.open = i, .base = l->line_indent, .item_indent = l->item_indent};
    g.broken = l->plan.marks[i].broken || (breakable && l->tokens[i].mate != i + 1 && !fits(l, i));
    l->groups[l->depth++] = g;
    l->after_opening = true;
}

static void put_token(struct layout *l, int i)
{
    const struct token *t = &l->tokens[i];
    put_gap(l, i);
    if (t->kind == T_LT && t->span.end - t->span.begin == 2)
        put(l, "< -", 3);
    else
        put(l, l->plan.p->source->text + t->span.begin, t->span.end - t->span.begin);
    l->last = i;
    l->after_opening = false;
}

static void put_decl(struct layout *l, int end)
{
    bool flow = false;
    for (int i = l->decl; i<end; i = l->tokens[i].mate> i ? l->tokens[i].mate : i + 1)
        flow = flow || l->tokens[i].kind == T_PIPE;
    l->column = 0;
    l->flow_broken = flow && (l->plan.marks[l->decl].forces_break || width_from(l, l->decl, end - 1) > FORMAT_COLUMNS);
    for (int i = l->decl; i < end; i++) {
        if (is_dropped(l, i))
            continue;
        if (format_is_closing(l->tokens[i].kind) && l->depth > 0) {
            put_token(l, i);
            l->item_indent = l->groups[--l->depth].item_indent;
            continue;
        }
        put_token(l, i);
        if (format_is_opening(l->tokens[i].kind))
            open_group(l, i);
    }
}

bool format_source(struct arena *arena, struct intern *names, struct diag_bag *bag, struct source *source,
                   struct writer *out)
{
    struct parser p = {.arena = arena, .names = names, .bag = bag, .source = source};
    int errors = bag->errors;
    parser_run(&p);
    if (bag->errors > errors)
        return false;
    struct layout l = {.tokens = p.list.tokens.items, .out = out, .last = -1};
    format_plan_make(&l.plan, &p, arena);
    while (l.tokens[l.decl].kind != T_END) {
        int end = format_decl_end(&l.plan, l.decl);
        put_decl(&l, end);
        l.decl = end;
    }
    put_comments(&l, l.decl, true, 0);
    if (out->len > 0)
        writer_puts(out, "\n");
    return true;
}
