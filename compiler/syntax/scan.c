#include "syntax/scan.h"

#include <string.h>

#include "base/utf8.h"
#include "syntax/literals.h"
#include "syntax/parser.h"

static struct span here(const struct scan *s)
{
    return (struct span){s->source->id, s->begin, s->end};
}

static const char *text_of(const struct scan *s)
{
    return s->source->text + s->begin;
}

static size_t length_of(const struct scan *s)
{
    return s->end - s->begin;
}

void *scan_alloc(struct scan *s, size_t size)
{
    return arena_alloc(s->arena, size);
}

void scan_advance(struct scan *s, size_t len)
{
    s->begin = s->end;
    s->end += (uint32_t)len;
}

void scan_back(struct scan *s)
{
    s->end = s->begin;
}

void scan_newline(struct scan *s)
{
    s->newline = s->fresh_line = true;
}

// A comment of several lines ends the line, as its newlines would without it.
void scan_comment(struct scan *s)
{
    struct comment c = {.span = here(s), .before = s->list->tokens.count, .newline_before = s->fresh_line};
    vec_push(s->arena, &s->list->comments, c);
    s->newline = s->newline || memchr(text_of(s), '\n', length_of(s));
    s->fresh_line = false;
}

struct token *scan_add(struct scan *s, int kind)
{
    struct token t = {.kind = kind, .span = here(s), .mate = -1, .newline_before = s->newline};
    if (kind == T_INT || kind == T_NUMBER) {
        t.text = arena_strndup(s->arena, text_of(s), length_of(s));
        t.len = (uint32_t)length_of(s);
    }
    s->newline = s->fresh_line = false;
    vec_push(s->arena, &s->list->tokens, t);
    return &vec_last(&s->list->tokens);
}

static bool is_word(const struct token *t, const char *text)
{
    return t->kind == T_NAME && !t->quoted && strcmp(t->text, text) == 0;
}

bool scan_word(struct scan *s)
{
    struct token *t = scan_add(s, T_NAME);
    t->text = intern_name(s->names, text_of(s), length_of(s));
    t->len = (uint32_t)length_of(s);
    t->keyword = keyword_find(t->text, t->len);
    if (s->list->tokens.count < 3 || t->keyword != T_FROM)
        return false;
    return t[-1].kind == T_NAME && (is_word(&t[-2], "stream") || is_word(&t[-2], "table"));
}

void scan_quoted_name(struct scan *s)
{
    size_t len = length_of(s) - 2;
    if (len == 0)
        diag_error(s->bag, here(s), "a name in backquotes can't be empty");
    else if (memchr(text_of(s), '\0', length_of(s)))
        diag_error(s->bag, here(s), "a name can't hold a zero byte");
    struct token *t = scan_add(s, T_NAME);
    t->text = intern_name(s->names, text_of(s) + 1, len);
    t->len = (uint32_t)len;
    t->quoted = true;
}

// ---- literals with a value ----

static void report(struct scan *s, const struct literal_error *error, size_t prefix)
{
    if (!error->why)
        return;
    uint32_t begin = s->begin + (uint32_t)(prefix + error->at);
    struct span span = {s->source->id, begin, begin + (uint32_t)error->len};
    struct diag *d = diag_error(s->bag, span, "%s", error->why);
    if (error->help)
        diag_help(s->bag, d, "%s", error->help);
}

void scan_string(struct scan *s)
{
    struct literal_error error = {0};
    uint32_t len;
    const char *text = literal_string(s->arena, text_of(s) + 1, length_of(s) - 2, &len, &error);
    report(s, &error, 1);
    struct token *t = scan_add(s, T_STRING);
    t->text = text;
    t->len = len;
}

void scan_pattern(struct scan *s)
{
    struct token *t = scan_add(s, T_REGEX);
    t->text = arena_strndup(s->arena, text_of(s) + 1, length_of(s) - 2);
    t->len = (uint32_t)length_of(s) - 2;
}

void scan_duration(struct scan *s)
{
    struct literal_error error = {0};
    int64_t value = literal_duration(text_of(s), length_of(s), &error);
    report(s, &error, 0);
    scan_add(s, T_DURATION)->integer = value;
}

void scan_size(struct scan *s)
{
    struct literal_error error = {0};
    int64_t value = literal_size(text_of(s), length_of(s), &error);
    report(s, &error, 0);
    scan_add(s, T_SIZE)->integer = value;
}

// PREFIX is the length of `@`, `..` or `..@`.
void scan_timestamp(struct scan *s, int kind, size_t prefix)
{
    struct literal_error error = {0};
    int64_t value = literal_timestamp(text_of(s) + prefix, length_of(s) - prefix, &error);
    report(s, &error, prefix);
    scan_add(s, kind)->integer = value;
}

// ---- what is no token ----

// A token to go on with.
static struct token *add_reported(struct scan *s, int kind)
{
    struct token *t = scan_add(s, kind);
    t->text = intern_cstr(s->names, "");
    t->reported = true;
    return t;
}

void scan_unclosed(struct scan *s, int kind, const char *what, char quote)
{
    struct diag *d = diag_error(s->bag, here(s), "this %s is never closed", what);
    diag_label(s->bag, d, "no closing %c on this line", quote);
    if (quote == '"')
        diag_help(s->bag, d, "a string ends on its line; write a line break in it as \\n");
    add_reported(s, kind);
}

void scan_unclosed_comment(struct scan *s)
{
    struct diag *d = diag_error(s->bag, here(s), "this comment is never closed");
    diag_help(s->bag, d, "end it with */");
}

void scan_single_quotes(struct scan *s)
{
    struct diag *d = diag_error(s->bag, here(s), "strings are written in double quotes");
    diag_help(s->bag, d, "write \"%.*s\"", (int)(length_of(s) < 40 ? length_of(s) - 2 : 38), text_of(s) + 1);
    struct token *t = scan_add(s, T_STRING);
    t->text = arena_strndup(s->arena, text_of(s) + 1, length_of(s) - 2);
    t->len = (uint32_t)length_of(s) - 2;
}

void scan_bad_number(struct scan *s)
{
    struct diag *d = diag_error(s->bag, here(s), "`%.*s` is not a number", (int)length_of(s), text_of(s));
    diag_help(s->bag, d, "durations end in ms, s, m, h or d, and sizes in KB, MB or GB, after a whole number");
    add_reported(s, T_INT);
}

void scan_bad_timestamp(struct scan *s)
{
    struct diag *d = diag_error(s->bag, here(s), "`%.*s` is not a timestamp", (int)length_of(s), text_of(s));
    diag_help(s->bag, d, "write a date and a time: @2024-05-01T10:00:00Z");
    add_reported(s, T_TIMESTAMP);
}

void scan_foreign_operator(struct scan *s)
{
    static const struct {
        const char *text, *meant;
        int kind;
    } operators[] = {
        {":=", "=", T_ASSIGN}, {"===", "==", T_EQ}, {"!==", "!=", T_NE}, {"<>", "!=", T_NE}, {"&", "&&", T_AND},
    };
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        if (strlen(operators[i].text) != length_of(s) || memcmp(operators[i].text, text_of(s), length_of(s)) != 0)
            continue;
        struct diag *d = diag_error(s->bag, here(s), "`%s` is not an operator", operators[i].text);
        diag_help(s->bag, d, "write `%s`", operators[i].meant);
        scan_add(s, operators[i].kind);
    }
}

void scan_foreign_name(struct scan *s)
{
    struct diag *d = diag_error(s->bag, here(s), "names are of the letters a to z, digits and _");
    if (length_of(s) < 60)
        diag_help(s->bag, d, "write it in backquotes: `%.*s`", (int)length_of(s), text_of(s));
    struct token *t = add_reported(s, T_NAME);
    t->text = intern_name(s->names, text_of(s), length_of(s));
    t->quoted = true;
}

void scan_foreign_comment(struct scan *s)
{
    struct span span = here(s);
    span.end = span.begin + 1;
    diag_help(s->bag, diag_error(s->bag, span, "`#` begins no comment"), "comments begin with //");
}

// Taken as white space.
void scan_bad_character(struct scan *s)
{
    bool zero = text_of(s)[0] == '\0';
    diag_error(s->bag, here(s), zero ? "there is a zero byte here" : "unexpected character");
}

// ---- the whole file ----

static void check_utf8(struct scan *s)
{
    size_t at = utf8_valid_prefix(s->source->text, s->source->len);
    if (at == s->source->len)
        return;
    struct span span = {s->source->id, (uint32_t)at, (uint32_t)at + 1};
    struct diag *d = diag_error(s->bag, span, "this file is not UTF-8");
    diag_label(s->bag, d, "byte 0x%02X", (unsigned)(unsigned char)s->source->text[at]);
}

void lexer_scan(struct token_list *list, struct arena *arena, struct intern *names, struct diag_bag *bag,
                const struct source *source)
{
    struct scan s = {.list = list, .arena = arena, .names = names, .bag = bag, .source = source, .fresh_line = true};
    const char *mark = "\xEF\xBB\xBF";
    check_utf8(&s);
    if (source->len >= 3 && memcmp(source->text, mark, 3) == 0)
        s.end = 3; // a byte order mark, as some editors write
    scan_run(&s, source->text + s.end, source->len - s.end);
    s.begin = s.end = source->len;
    scan_add(&s, T_END);
}
