#include "syntax/ast_build.h"

#include <string.h>

#include "syntax/parser.h"

struct clause build_clause(int word, struct span word_span, struct span span)
{
    return (struct clause){.word = word, .word_span = word_span, .span = span};
}

// Words of which a stage or store takes one.
static bool same_choice(int a, int b)
{
    bool store_a = a == T_MEMORY || a == T_ROCKSDB, store_b = b == T_MEMORY || b == T_ROCKSDB;
    return a == b || (store_a && store_b);
}

void build_check_clauses(struct parser *p, const struct clause_list *clauses)
{
    for (int i = 1; i < clauses->count; i++) {
        for (int j = 0; j < i; j++) {
            const struct clause *first = &clauses->items[j], *again = &clauses->items[i];
            if (!same_choice(first->word, again->word))
                continue;
            struct diag *d = diag_error(p->bag, again->word_span, "this option is given twice");
            diag_related(p->bag, d, first->word_span, "first given here");
            break;
        }
        if (i > 32)
            return; // each was given twice long ago
    }
}

struct name build_name(const struct token *t)
{
    return (struct name){t->text, t->span};
}

struct name build_dotted(struct parser *p, struct flow_ref ref)
{
    if (!ref.branch.text)
        return ref.head;
    const char *text = arena_printf(p->arena, "%s.%s", ref.head.text, ref.branch.text);
    return (struct name){intern_cstr(p->names, text), ref.span};
}

int64_t build_int(struct parser *p, const struct token *t, int64_t most)
{
    int64_t value = 0;
    bool fits = true;
    // A malformed number ("12ab") was reported by the scanner; its digits count.
    for (uint32_t i = 0; i < t->len && fits && t->text[i] >= '0' && t->text[i] <= '9'; i++) {
        int digit = t->text[i] - '0';
        fits = value <= (most - digit) / 10;
        value = fits ? value * 10 + digit : value;
    }
    if (!fits) {
        struct diag *d = diag_error(p->bag, t->span, "this number is too large");
        diag_label(p->bag, d, "at most %lld", (long long)most);
        return most;
    }
    return value;
}

const char *build_text(struct parser *p, const struct token *t)
{
    if (strlen(t->text) != t->len)
        diag_error(p->bag, t->span, "there is a zero byte in this string");
    return t->text;
}

static struct token *token_at(struct parser *p, uint32_t begin)
{
    int low = 0, high = p->list.tokens.count;
    while (high - low > 1) {
        int middle = low + (high - low) / 2;
        if (p->list.tokens.items[middle].span.begin <= begin)
            low = middle;
        else
            high = middle;
    }
    return &p->list.tokens.items[low];
}

void build_mark_block(struct parser *p, struct span open, struct span close)
{
    token_at(p, open.begin)->block = true;
    token_at(p, close.begin)->block = true;
}
