// What people write who come from other languages, and words that are nearly right.
#include <string.h>
#include <strings.h>

#include "syntax/parser.h"
#include "syntax/parser_state.h"

struct habit {
    const char *word, *help;
};

static const struct habit stage_habits[] = {
    {"where", "use `filter`"},
    {"having", "use `filter`"},
    {"select", "use `map`: `map { id, total: a + b }`"},
    {"mapvalues", "use `map`: it maps the value and leaves the key"},
    {"map_values", "use `map`: it maps the value and leaves the key"},
    {"project", "use `map`: `map { id, total: a + b }`"},
    {"selectkey", "use `key by`"},
    {"keyby", "use `key by`"},
    {"rekey", "use `key by`"},
    {"flatmap", "use `expand LIST as NAME`"},
    {"flat_map", "use `expand LIST as NAME`"},
    {"explode", "use `expand LIST as NAME`"},
    {"unnest", "use `expand LIST as NAME`"},
    {"foreach", "use `peek`, or `process` for more"},
    {"print", "use `log`"},
    {"branch", "use `split { a: CONDITION, rest: else }`"},
    {"union", "use `merge`"},
    {"groupby", "use `group by`"},
    {"group_by", "use `group by`"},
    {"groupbykey", "use `group by key`"},
    {"order", "a stream has no end to sort; sort a list with `sort(list)`"},
    {"sort", "a stream has no end to sort; sort a list with `sort(list)`"},
    {"suppress", "use `emit final`"},
    {"through", "use `repartition`"},
    {"into", "use `to`"},
    {"sink", "use `to`"},
    {"inner", "use `join`"},
    {"right", "swap the sides and use `left join`"},
    {"full", "use `outer join`"},
    {"transform", "use `process NAME`"},
    {"sum", "use `aggregate { total: sum(x) }`"},
    {"avg", "use `aggregate { mean: avg(x) }`"},
    {"min", "use `aggregate { least: min(x) }`"},
    {"max", "use `aggregate { most: max(x) }`"},
    {"distinct", "group first, then `aggregate { ... }`"},
};

static const struct habit declaration_habits[] = {
    {"function", "functions are declared with `fn`"},
    {"func", "functions are declared with `fn`"},
    {"fun", "functions are declared with `fn`"},
    {"def", "functions are declared with `fn`"},
    {"struct", "records are declared with `type`"},
    {"record", "records are declared with `type`"},
    {"class", "records are declared with `type`"},
    {"schema", "records are declared with `type`"},
    {"source", "sources are declared with `stream` or `table`"},
    {"create", "begin with what is declared: `stream`, `table`, `type`, ..."},
    {"let", "flows are declared with `stream` or `table`; `let` is a stage"},
    {"var", "flows are declared with `stream` or `table`"},
    {"const", "a constant is a function without parameters: `fn limit() -> int64 = 10`"},
    {"include", "use `import \"file.weir\"`"},
    {"use", "use `import \"file.weir\"`"},
};

#define LENGTH(array) (sizeof(array) / sizeof *(array))

static const char *find_habit(const struct habit *habits, size_t count, const char *word)
{
    for (size_t i = 0; i < count; i++)
        if (strcasecmp(habits[i].word, word) == 0)
            return habits[i].help;
    return NULL;
}

static const struct token *found(const struct parser *p)
{
    return &p->list.tokens.items[p->at];
}

static const struct token *before(const struct parser *p, int steps)
{
    return p->at >= steps ? &p->list.tokens.items[p->at - steps] : NULL;
}

static bool is_word(const struct token *t, const char *text)
{
    return t && t->kind == T_NAME && !t->quoted && strcasecmp(t->text, text) == 0;
}

static bool report(struct parser *p, const struct token *at, const char *message, const char *help)
{
    struct diag *d = diag_error(p->bag, at->span, "%s", message);
    if (help)
        diag_help(p->bag, d, "%s", help);
    return true;
}

// ---- operators ----

static bool assignment_habit(struct parser *p, const struct expected *e)
{
    if (found(p)->kind != T_ASSIGN)
        return false;
    if (e->kinds[T_COLON])
        return report(p, found(p), "a field and its value are joined by `:`, not `=`", NULL);
    if (e->kinds[T_EQ])
        return report(p, found(p), "`=` does not compare", "write `==`");
    return false;
}

static bool setting_habit(struct parser *p, const struct expected *e)
{
    int kind = found(p)->kind;
    bool setting = e->kinds[T_SIZE] && e->kinds[T_LBRACE] && !e->kinds[T_MINUS];
    if (!setting || p->given == T_SEP || (kind != T_ASSIGN && kind != T_COLON))
        return false;
    return report(p, found(p), "nothing stands between a setting and its value", "write `threads 2`");
}

static bool operator_word_habit(struct parser *p, const struct expected *e)
{
    static const struct habit words[] = {
        {"and", "write `&&`"},
        {"or", "write `||`"},
        {"mod", "write `%`"},
        {"equals", "write `==`"},
        {"like", "use `matches(text, pattern)`, `starts_with` or `contains`"},
        {"between", "write `a <= x && x <= b`"},
    };
    const struct token *t = found(p), *previous = before(p, 1);
    const char *help = t->kind == T_NAME && !t->quoted ? find_habit(words, LENGTH(words), t->text) : NULL;
    if (e->kinds[T_PLUS] && help)
        return report(p, t, arena_printf(p->arena, "`%s` is not an operator", t->text), help);
    if (e->kinds[T_PLUS] && is_word(previous, "not") && p->given != T_SEP)
        return report(p, previous, "`not` is an operator only before `in`", "write `!`");
    if (e->kinds[T_COALESCE] && t->kind == T_QUESTION)
        return report(p, t, "there is no operator `?`", "write `if A then B else C`");
    return false;
}

static bool is_comparison(int kind)
{
    return kind == T_EQ || kind == T_NE || kind == T_LT || kind == T_LE || kind == T_GT || kind == T_GE ||
           kind == T_IN || kind == T_IS;
}

static bool chain_habit(struct parser *p, const struct expected *e)
{
    if (!is_comparison(found(p)->kind) && !is_comparison(found(p)->keyword))
        return false;
    if (e->kinds[T_EQ] || !e->kinds[T_AND])
        return false;
    return report(p, found(p), "comparisons can't be chained", "write `a < b && b < c`, or use brackets");
}

static bool call_habit(struct parser *p, const struct expected *e)
{
    const struct token *t = found(p), *name = before(p, 1), *dot = before(p, 2);
    if (t->kind == T_LPAREN && e->kinds[T_PLUS] && dot && name->kind == T_NAME && dot->kind == T_DOT) {
        const char *help = arena_printf(p->arena, "call the function on it: `%s(VALUE)`", name->text);
        return report(p, name, "there are no methods", help);
    }
    if (p->given == T_ARROW && e->kinds[T_PLUS] && (p->previous == T_NAME || p->previous == T_RPAREN) &&
        e->kinds[T_PIPE])
        return report(p, t, "this stage takes an expression, not a function",
                      "the value's fields are in scope by their names: `filter amount > 0`");
    return false;
}

// ---- words ----

static bool stage_habit(struct parser *p, const struct expected *e)
{
    const struct token *t = found(p);
    if (!e->kinds[T_FILTER] || t->kind != T_NAME || p->given == T_SEP || t->quoted)
        return false;
    const char *help = find_habit(stage_habits, LENGTH(stage_habits), t->text);
    return help && report(p, t, arena_printf(p->arena, "there is no stage `%s`", t->text), help);
}

// Words that go on with the declaration above, when they begin a line.
static bool is_option_word(int keyword)
{
    static const int words[] = {T_TIME,      T_PARTITIONS, T_PARTITIONER, T_START,  T_STORE,
                                T_VERSIONED, T_IDLE,       T_GRACE,       T_WITHIN, T_ON,
                                T_RETAIN,    T_BEFORE,     T_HEADERS,     T_WHERE,  T_AS};
    for (size_t i = 0; i < LENGTH(words); i++)
        if (words[i] == keyword)
            return true;
    return false;
}

static const char *nearest_declaration(const char *word)
{
    static const char *const words[] = {"app",    "import", "type",   "enum",    "union", "stream", "table",
                                        "global", "fn",     "extern", "process", "test",  "cogroup"};
    return diag_nearest(word, words, (int)LENGTH(words));
}

// `strem clicks from ...`: read as a flow named `strem`, which can't be followed by a word.
static bool declaration_habit(struct parser *p, const struct expected *e)
{
    const struct token *word = before(p, 1), *earlier = before(p, 2);
    bool begins = word && (!earlier || word->newline_before || earlier->kind == T_SEP);
    bool head = e->kinds[T_PIPE] && e->kinds[T_DOT] && e->kinds[T_SEP] && p->depth == 0;
    if (!begins || !head || word->kind != T_NAME || word->quoted || p->given == T_SEP || found(p)->kind == T_END)
        return false;
    if (is_option_word(word->keyword)) {
        const char *message = arena_printf(p->arena, "`%s` can't begin a line", word->text);
        return report(p, word, message, "it belongs on the line of what it is an option of");
    }
    const char *message = arena_printf(p->arena, "there is no declaration `%s`", word->text);
    const char *help = find_habit(declaration_habits, LENGTH(declaration_habits), word->text);
    const char *nearest = nearest_declaration(word->text);
    if (!help && nearest)
        help = arena_printf(p->arena, "did you mean `%s`?", nearest);
    if (!help)
        help = "a line begins with app, import, type, enum, union, stream, table, fn, extern, process, test or a flow";
    return report(p, word, message, help);
}

// `delte seen[k]`: read as the expression `delte`.
static bool statement_habit(struct parser *p, const struct expected *e)
{
    static const char *const words[] = {"emit", "let", "for", "delete", "commit", "if"};
    const struct token *word = before(p, 1), *earlier = before(p, 2);
    bool begins = earlier && (word->newline_before || earlier->kind == T_SEP || earlier->kind == T_LBRACE);
    if (!begins || !e->kinds[T_ASSIGN] || !e->kinds[T_SEP] || word->kind != T_NAME || word->quoted || p->given == T_SEP)
        return false;
    const char *nearest = diag_nearest(word->text, words, (int)LENGTH(words));
    if (!nearest)
        return false;
    const char *message = arena_printf(p->arena, "there is no statement `%s`", word->text);
    return report(p, word, message, arena_printf(p->arena, "did you mean `%s`?", nearest));
}

bool report_habit(struct parser *p, const struct expected *e)
{
    return setting_habit(p, e) || assignment_habit(p, e) || operator_word_habit(p, e) || chain_habit(p, e) ||
           call_habit(p, e) || stage_habit(p, e) || declaration_habit(p, e) || statement_habit(p, e);
}
