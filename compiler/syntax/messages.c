// What to say where the grammar can't go on.
#include <string.h>

#include "syntax/parser.h"
#include "syntax/parser_state.h"

enum { MAX_PHRASES = 4, MAX_SHOWN = 32 };

void report_too_deep(struct parser *p, struct span span)
{
    if (p->too_deep)
        return;
    p->too_deep = true;
    struct diag *d = diag_error(p->bag, span, "this is nested too deeply");
    diag_help(p->bag, d, "name its parts: `let NAME = ...`, or a function");
}

// ---- what was expected, in few words ----

struct phrases {
    const char *items[MAX_PHRASES];
    int count; // may be more than there is room for
};

static void add_phrase(struct phrases *list, const char *text)
{
    if (list->count < MAX_PHRASES)
        list->items[list->count] = text;
    list->count++;
}

static void remove_kinds(struct expected *e, const int *kinds)
{
    for (; *kinds >= 0; kinds++)
        e->kinds[*kinds] = false;
}

static void remove_group(struct expected *e, enum keyword_group group)
{
    for (int kind = PARSER_FIRST_TOKEN; kind <= parser_last_token; kind++)
        if (keyword_group(kind) == group)
            e->kinds[kind] = false;
}

static const int operands[] = {T_NAME,   T_INT,    T_NUMBER,   T_STRING, T_DURATION,    T_SIZE,     T_TIMESTAMP,
                               T_LPAREN, T_LBRACE, T_LBRACKET, T_MINUS,  T_NOT,         T_NULL,     T_TRUE,
                               T_FALSE,  T_IF,     T_MATCH,    T_TRY,    T_LAMBDA_OPEN, T_RBRACKET, -1};
static const int operators[] = {T_DOT,   T_SAFE,     T_LBRACKET, T_LPAREN, T_STAR,     T_SLASH, T_PERCENT, T_PLUS,
                                T_MINUS, T_EQ,       T_NE,       T_LT,     T_LE,       T_GT,    T_GE,      T_IN,
                                T_IS,    T_NOT_WORD, T_AND,      T_OR,     T_COALESCE, T_WHERE, -1};
static const int type_starts[] = {T_NAME, T_LBRACE, T_LBRACKET, -1};
static const int serde_starts[] = {T_NAME, T_JSON, T_AVRO, T_PROTOBUF, T_CSV, T_WINDOWED, -1};
static const int statements[] = {T_EMIT, T_LET, T_IF, T_FOR, T_DELETE, T_COMMIT, -1};

// Replaces each group of kinds by the one word for it.
static void summarize(struct expected *e, struct phrases *out)
{
    const bool *k = e->kinds;
    if (k[T_FILTER]) {
        add_phrase(out, "a stage");
        remove_group(e, KEYWORD_STAGE);
    }
    if (k[T_STREAM] && k[T_TYPE]) {
        add_phrase(out, "a declaration");
        remove_group(e, KEYWORD_DECLARATION);
        e->kinds[T_NAME] = e->kinds[T_PROCESS] = e->kinds[T_COGROUP] = e->kinds[T_END] = false;
    }
    if (k[T_EMIT] && k[T_DELETE]) {
        add_phrase(out, "a statement");
        remove_kinds(e, statements);
        remove_kinds(e, operands);
    }
    if (k[T_STRING] && k[T_INT] && k[T_MINUS]) {
        add_phrase(out, "an expression");
        remove_kinds(e, operands);
    }
    if (k[T_SIZE] && k[T_INT]) {
        add_phrase(out, "a value");
        remove_kinds(e, operands);
    }
    if (k[T_JSON]) {
        add_phrase(out, "a serde");
        remove_kinds(e, serde_starts);
    }
    if (k[T_NAME] && k[T_LBRACKET] && k[T_LBRACE]) {
        add_phrase(out, "a type");
        remove_kinds(e, type_starts);
    }
    if (k[T_PLUS] && k[T_STAR])
        remove_kinds(e, operators);
    if (k[T_SEP])
        e->kinds[T_END] = false;
}

// The rest one by one. Kinds are named as in the grammar: `=>`, a name.
static void list_rest(struct parser *p, const struct expected *e, struct phrases *out)
{
    if (e->kinds[0])
        add_phrase(out, parser_token_name(0));
    for (int kind = PARSER_FIRST_TOKEN; kind <= parser_last_token; kind++) {
        if (!e->kinds[kind])
            continue;
        const char *name = parser_token_name(kind);
        bool described = strncmp(name, "a ", 2) == 0;
        add_phrase(out, described ? name : arena_printf(p->arena, "`%s`", name));
    }
}

static const char *join_phrases(struct parser *p, const struct phrases *list)
{
    const char *text = list->items[0];
    for (int i = 1; i < list->count; i++)
        text = arena_printf(p->arena, "%s%s%s", text, i + 1 < list->count ? ", " : " or ", list->items[i]);
    return text;
}

// ---- what is there ----

static const char *token_text(struct parser *p, const struct token *t)
{
    int len = (int)(t->span.end - t->span.begin);
    const char *text = p->source->text + t->span.begin;
    if (len > MAX_SHOWN || memchr(text, '\n', (size_t)len) || memchr(text, '`', (size_t)len))
        return NULL;
    return arena_printf(p->arena, "`%.*s`", len, text);
}

static const char *describe_found(struct parser *p)
{
    const struct token *t = &p->list.tokens.items[p->at];
    if (p->given == T_SEP)
        return t->kind == T_SEP ? "found `;`" : "the line ends here";
    if (t->kind == T_END)
        return "the file ends here";
    const char *text = token_text(p, t);
    return text ? arena_printf(p->arena, "found %s", text) : "found this";
}

static struct span place_of_found(const struct parser *p)
{
    const struct token *t = &p->list.tokens.items[p->at];
    bool newline = p->given == T_SEP && t->kind != T_SEP;
    if (!newline && t->kind != T_END)
        return t->span;
    // Behind the last thing on the line that breaks off.
    struct span place = p->at > 0 ? t[-1].span : t->span;
    place.begin = place.end;
    return place;
}

// ---- help ----

static bool line_has(const struct parser *p, int kind)
{
    for (int i = p->at - 1; i >= 0; i--) {
        if (p->list.tokens.items[i].kind == kind)
            return true;
        if (p->list.tokens.items[i].newline_before)
            return false;
    }
    return false;
}

static const char *list_stages(struct parser *p)
{
    const char *text = NULL;
    for (int kind = PARSER_FIRST_TOKEN; kind <= parser_last_token; kind++)
        if (keyword_group(kind) == KEYWORD_STAGE)
            text = text ? arena_printf(p->arena, "%s %s", text, keyword_text(kind)) : keyword_text(kind);
    return text;
}

// The keyword that the grammar could take and a misspelt word was meant to be.
static const char *nearest_keyword(const struct parser *p, const struct expected *e)
{
    const struct token *t = &p->list.tokens.items[p->at];
    const char *candidates[512];
    int count = 0;
    if (t->kind != T_NAME || t->quoted || p->given == T_SEP)
        return NULL;
    for (int kind = PARSER_FIRST_TOKEN; kind <= parser_last_token; kind++)
        if (e->kinds[kind] && keyword_text(kind))
            candidates[count++] = keyword_text(kind);
    return diag_nearest(t->text, candidates, count);
}

static void add_help(struct parser *p, struct diag *d, const struct expected *e)
{
    const struct token *t = &p->list.tokens.items[p->at];
    const bool *k = e->kinds;
    const char *nearest = nearest_keyword(p, e);
    if (nearest)
        diag_help(p->bag, d, "did you mean `%s`?", nearest);
    else if (k[T_FILTER])
        diag_help(p->bag, d, "the stages are %s", list_stages(p));
    else if (k[T_DURATION] && !k[T_INT])
        diag_help(p->bag, d, "a duration is a whole number with its unit: 250ms, 10s, 5m, 1h or 7d");
    else if (k[T_STRING] && (k[T_REGEX] || p->previous == T_TO))
        diag_help(p->bag, d, "a topic's name is in quotes: \"my-topic\"");
    else if (k[T_LBRACE] && p->previous == T_AGGREGATE)
        diag_help(p->bag, d, "name the results: `aggregate { total: sum(x) }`");
    else if (k[T_COMMA] && p->given == T_ARROW && line_has(p, T_FOLD))
        diag_help(p->bag, d, "a fold begins with its first value: `fold 0, (sum) => sum + x`");
    else if (k[T_ELSE] && k[T_PLUS])
        diag_help(p->bag, d, "both branches are needed: `if A then B else C`");
    else if (k[T_NAME] && !k[T_INT] && keyword_group(t->kind) == KEYWORD_RESERVED && p->given != T_SEP)
        diag_help(p->bag, d, "`%s` is reserved; as a name it needs backquotes", keyword_text(t->kind));
    else if (k[T_DELETE] && k[T_EMIT])
        diag_help(p->bag, d, "the statements are emit, let, if, for, delete, commit, `PLACE = VALUE` and calls");
}

static void show_opening(struct parser *p, struct diag *d, const struct expected *e)
{
    if (p->depth == 0)
        return;
    const struct token *open = &p->list.tokens.items[p->open[p->depth - 1]];
    int closing = p->list.tokens.items[open->mate].kind;
    int line = source_position(p->source, open->span.begin).line;
    if (e->kinds[closing] && line != source_position(p->source, d->span.begin).line)
        diag_related(p->bag, d, open->span, "the bracket was opened here");
}

// ---- the message ----

static const char *serde_or_type_arrow(const struct parser *p)
{
    if (line_has(p, T_FROM) || line_has(p, T_TO))
        return "expected `=>` between the key and value serdes";
    if (line_has(p, T_STORE))
        return "expected `=>` between the key and value types";
    return NULL;
}

static const char *write_message(struct parser *p, const struct expected *e)
{
    struct expected rest = *e;
    struct phrases phrases = {0};
    const char *arrow = e->kinds[T_ARROW] && !e->kinds[T_PLUS] ? serde_or_type_arrow(p) : NULL;
    if (arrow)
        return arrow;
    summarize(&rest, &phrases);
    list_rest(p, &rest, &phrases);
    bool first = p->previous == -1 || p->previous == T_SEP;
    const char *after = first ? NULL : token_text(p, &p->list.tokens.items[p->at - 1]);
    if (phrases.count == 0 || phrases.count > MAX_PHRASES)
        return after ? arena_printf(p->arena, "this can't follow %s", after) : "this can't stand here";
    const char *list = join_phrases(p, &phrases);
    return after ? arena_printf(p->arena, "expected %s after %s", list, after)
                 : arena_printf(p->arena, "expected %s", list);
}

void report_unexpected(struct parser *p, void *ps)
{
    struct expected e = {0};
    const struct token *t = &p->list.tokens.items[p->at];
    if (p->in_repairs || t->reported || (p->at > 0 && (t[-1].reported || t[-1].repaired)))
        return;
    e.kinds[0] = parser_accepts(ps, 0);
    for (int kind = PARSER_FIRST_TOKEN; kind <= parser_last_token; kind++)
        e.kinds[kind] = parser_accepts(ps, kind);
    if (report_habit(p, &e))
        return;
    struct diag *d = diag_error(p->bag, place_of_found(p), "%s", write_message(p, &e));
    diag_label(p->bag, d, "%s", describe_found(p));
    show_opening(p, d, &e);
    add_help(p, d, &e);
}
