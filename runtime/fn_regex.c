// Functions on regular expressions, as java.util.regex's Matcher and String have them.
#include "codepoint.h"
#include "ctx.h"
#include "regex.h"
#include "weir_fn.h"
#include "weir_json.h"

bool weir_matches(struct weir_ctx *w, struct weir_str text, struct weir_str pattern)
{
    const struct regex *r = regex_get(w, pattern, true);
    return r && regex_find(w, r, text, 0, 0);
}

static bool has_group(struct weir_ctx *w, const struct regex *r, int64_t group)
{
    if (group >= 0 && group <= (int64_t)r->groups)
        return true;
    weir_fail(w, WEIR_BAD_REGEX, "group %lld of pattern \"%s\", which has %u", (long long)group,
              ctx_excerpt(w, (struct weir_str){r->pattern, r->pattern_n}), r->groups);
    return false;
}

struct weir_str weir_regex_extract(struct weir_ctx *w, struct weir_str text, struct weir_str pattern, int64_t group)
{
    const struct regex *r = regex_get(w, pattern, false);
    if (!r || !has_group(w, r, group) || !regex_find(w, r, text, 0, 0))
        return WEIR_NULL_STR;
    return regex_group(r, text, (uint32_t)group);
}

// A walk over all matches. An empty one must not be found again: behind it the search goes on for one that isn't, or one code point further.
struct walk {
    size_t at;         // where the next search begins
    size_t begin, end; // the match
    uint32_t options;
};

static bool next_match(struct weir_ctx *w, const struct regex *r, struct weir_str text, struct walk *walk)
{
    while (walk->at <= text.n) {
        if (regex_find(w, r, text, walk->at, walk->options)) {
            const size_t *offsets = pcre2_get_ovector_pointer(r->match);
            size_t end = offsets[1] < walk->at ? walk->at : offsets[1];
            walk->begin = offsets[0] < walk->at ? walk->at : offsets[0] > end ? end : offsets[0];
            walk->at = walk->end = end;
            walk->options = walk->begin == end ? PCRE2_NOTEMPTY_ATSTART | PCRE2_ANCHORED : 0;
            return true;
        }
        if (w->bad || walk->options == 0)
            return false;
        walk->options = 0;
        do
            walk->at++;
        while (walk->at < text.n && codepoint_is_tail(text.p[walk->at]));
    }
    return false;
}

// Slices that are found one by one; as many as there are, in the arena.
struct slices {
    struct weir_str *v;
    size_t n, capacity;
};

static bool add_slice(struct weir_ctx *w, struct slices *s, struct weir_str v)
{
    if (s->n == s->capacity) {
        size_t capacity = s->capacity ? s->capacity * 2 : 8;
        if (!weir_fits(w, capacity * sizeof *s->v))
            return false;
        struct weir_str *more = weir_alloc(w, capacity * sizeof *more);
        if (s->n > 0)
            memcpy(more, s->v, s->n * sizeof *more);
        s->v = more;
        s->capacity = capacity;
    }
    s->v[s->n++] = v;
    return true;
}

static struct weir_list slices_list(const struct slices *s)
{
    static const struct weir_str none;
    return (struct weir_list){s->n ? s->v : &none, s->n};
}

struct weir_list weir_regex_extract_all(struct weir_ctx *w, struct weir_str text, struct weir_str pattern,
                                        int64_t group)
{
    const struct regex *r = regex_get(w, pattern, false);
    struct slices found = {0};
    struct walk walk = {0};
    if (!r || !has_group(w, r, group))
        return (struct weir_list){NULL, 0};
    while (next_match(w, r, text, &walk)) {
        struct weir_str v = regex_group(r, text, (uint32_t)group);
        if (v.p && !add_slice(w, &found, v)) // a group that took no part has no text
            break;
    }
    return slices_list(&found);
}

struct weir_list weir_regex_split(struct weir_ctx *w, struct weir_str text, struct weir_str pattern)
{
    const struct regex *r = regex_get(w, pattern, false);
    struct slices parts = {0};
    struct walk walk = {0};
    size_t from = 0;
    if (!r)
        return (struct weir_list){NULL, 0};
    if (text.n == 0)
        text.p = "";
    while (next_match(w, r, text, &walk)) {
        if (walk.end == 0 || walk.begin == text.n)
            continue; // nothing at an end parts nothing
        if (!add_slice(w, &parts, (struct weir_str){text.p + from, walk.begin - from}))
            break;
        from = walk.end;
    }
    if (!w->bad)
        add_slice(w, &parts, (struct weir_str){text.p + from, text.n - from});
    return slices_list(&parts);
}

// ---- replacing ----

static bool wrong_reference(struct weir_ctx *w, struct weir_str with)
{
    weir_fail(w, WEIR_BAD_REGEX, "replacement \"%s\": a $ that names no group", ctx_excerpt(w, with));
    return false;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

// The group of $12 at P, behind the dollar: as many digits as make a group that exists.
static const char *numbered(const struct regex *r, const char *p, const char *end, uint32_t *group)
{
    uint32_t n = (uint32_t)(*p++ - '0');
    if (n > r->groups)
        return NULL;
    while (p < end && is_digit(*p) && n * 10 + (uint32_t)(*p - '0') <= r->groups)
        n = n * 10 + (uint32_t)(*p++ - '0');
    *group = n;
    return p;
}

// The group of {name} or {12} at P.
static const char *braced(const struct regex *r, const char *p, const char *end, uint32_t *group)
{
    const char *close = memchr(p, '}', (size_t)(end - p));
    char name[64];
    size_t n = close ? (size_t)(close - p - 1) : 0;
    if (n == 0 || n >= sizeof name)
        return NULL;
    if (is_digit(p[1]))
        return numbered(r, p + 1, close, group) == close ? close + 1 : NULL;
    memcpy(name, p + 1, n);
    name[n] = 0;
    int found = pcre2_substring_number_from_name(r->code, (PCRE2_SPTR)name);
    *group = (uint32_t)found;
    return found > 0 ? close + 1 : NULL;
}

// What WITH says of the match.
static bool put_replacement(struct weir_buf *b, const struct regex *r, struct weir_str text, struct weir_str with)
{
    const char *p = with.p, *end = p + with.n;
    while (p < end) {
        if (*p == '\\' && p + 1 < end) {
            weir_put(b, p + 1, 1); // of a longer code point the rest follows as itself
            p += 2;
        } else if (*p == '$') {
            uint32_t group;
            p++;
            if (p < end && *p == '{')
                p = braced(r, p, end, &group);
            else
                p = p < end && is_digit(*p) ? numbered(r, p, end, &group) : NULL;
            if (!p)
                return wrong_reference(b->w, with);
            struct weir_str v = regex_group(r, text, group);
            weir_put(b, v.p, v.n);
        } else {
            weir_put(b, p++, 1);
        }
    }
    return !b->w->bad;
}

struct weir_str weir_regex_replace(struct weir_ctx *w, struct weir_str text, struct weir_str pattern,
                                   struct weir_str with)
{
    const struct regex *r = regex_get(w, pattern, false);
    struct walk walk = {0};
    struct weir_buf b;
    size_t from = 0;
    if (!r)
        return WEIR_NULL_STR;
    if (text.n == 0)
        text.p = "";
    if (with.n == 0)
        with.p = "";
    weir_buf_init(w, &b, text.n + with.n);
    while (next_match(w, r, text, &walk)) {
        weir_put(&b, text.p + from, walk.begin - from);
        if (!put_replacement(&b, r, text, with))
            return WEIR_NULL_STR;
        from = walk.end;
    }
    weir_put(&b, text.p + from, text.n - from);
    return weir_buf_str(&b);
}
