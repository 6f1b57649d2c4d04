#include "time_pattern.h"

const char *const time_months[12] = {"January", "February", "March",     "April",   "May",      "June",
                                     "July",    "August",   "September", "October", "November", "December"};
const char *const time_weekdays[7] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static struct time_item text_item(const char *p, size_t n)
{
    return (struct time_item){.kind = TIME_TEXT, .text = {p, n}};
}

// Inside of quotes: up to the next one, which may be doubled.
static struct time_item next_quoted(struct time_pattern *t)
{
    const char *begin = t->p;
    if (*begin == '\'') {
        bool doubled = begin + 1 < t->end && begin[1] == '\'';
        t->quoted = doubled;
        t->p += doubled ? 2 : 1;
        return text_item(begin, doubled);
    }
    while (t->p < t->end && *t->p != '\'')
        t->p++;
    return text_item(begin, (size_t)(t->p - begin));
}

struct time_item time_pattern_next(struct time_pattern *t)
{
    if (t->p == t->end)
        return (struct time_item){.kind = TIME_END};
    if (t->quoted)
        return next_quoted(t);
    const char *begin = t->p;
    char c = *t->p++;
    if (c == '\'') {
        bool doubled = t->p < t->end && *t->p == '\'';
        t->quoted = !doubled;
        t->p += doubled;
        return text_item(begin, doubled);
    }
    if (c == '[' || c == ']')
        return (struct time_item){.kind = c == '[' ? TIME_OPEN : TIME_CLOSE};
    if (!is_letter(c))
        return text_item(begin, 1);
    while (t->p < t->end && *t->p == c)
        t->p++;
    return (struct time_item){.kind = TIME_FIELD, .letter = c, .count = (int)(t->p - begin)};
}

// The most times a letter may stand; 0: it means nothing.
static int most(char letter)
{
    switch (letter) {
    case 'y':
    case 'u':
    case 'S': return 9;
    case 'M':
    case 'L':
    case 'E':
    case 'X':
    case 'x':
    case 'Z': return 5;
    case 'd':
    case 'h':
    case 'H':
    case 'K':
    case 'k':
    case 'm':
    case 's':
    case 'e':
    case 'V': return 2;
    case 'D':
    case 'z': return 3;
    case 'O': return 4;
    case 'a': return 1;
    case 'n': return 9;
    default: return 0;
    }
}

static const char *wrong_field(char letter, int count)
{
    if (most(letter) == 0)
        return "a letter without a meaning (quote text: 'at')";
    if (count > most(letter) || (letter == 'V' && count != 2) || (letter == 'O' && count != 1 && count != 4))
        return "a letter that can't stand so often here";
    return NULL;
}

const char *time_pattern_wrong(const char *pattern, size_t n, size_t *offset)
{
    enum { DEEPEST = 32 };
    const char *begin = n ? pattern : "";
    struct time_pattern t = {begin, begin + n, false};
    int depth = 0;
    for (;;) {
        *offset = (size_t)(t.p - begin);
        struct time_item item = time_pattern_next(&t);
        const char *wrong = NULL;
        if (item.kind == TIME_END)
            return t.quoted ? "a quote that does not end" : depth ? "a [ without its ]" : NULL;
        if (item.kind == TIME_FIELD)
            wrong = wrong_field(item.letter, item.count);
        else if (item.kind == TIME_OPEN && ++depth > DEEPEST)
            wrong = "too many [";
        else if (item.kind == TIME_CLOSE && --depth < 0)
            wrong = "a ] without its [";
        else if (item.kind == TIME_TEXT && !t.quoted && item.text.n == 1 && memchr("{}#", *item.text.p, 3))
            wrong = "a character that Java reserves";
        if (wrong)
            return wrong;
    }
}

bool time_item_is_fixed(const struct time_item *item)
{
    if (item->kind != TIME_FIELD)
        return false;
    switch (item->letter) {
    case 'y':
    case 'u': return item->count == 2 || item->count >= 4;
    case 'M':
    case 'L':
    case 'd':
    case 'h':
    case 'H':
    case 'K':
    case 'k':
    case 'm':
    case 's': return item->count == 2;
    case 'D': return item->count == 3;
    case 'S': return true;
    default: return false;
    }
}
