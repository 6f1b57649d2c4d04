// Patterns are usually constants of the program: a small table per thread finds them compiled. What records bring in themselves replaces
// older ones.
#include "regex.h"

#include "ctx.h"
#include "memory.h"
#include "weir_fn.h"
#include "weir_ops.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    SLOTS = 64,
    MATCH_LIMIT = 1000000, // steps: some milliseconds. A hostile text must not hold up a partition
    DEPTH_LIMIT = 10000,
    HEAP_LIMIT = 16 << 10, // KiB
    JIT_STACK = 1 << 20,
    LONGEST_PATTERN = 64 << 10,
};

struct slot {
    struct regex regex;
    char *pattern; // own copy
    bool whole;
};

struct regex_cache {
    struct slot slots[SLOTS];
    pcre2_match_context *limits;
    pcre2_jit_stack *stack;
};

static _Thread_local struct regex_cache *cache;
static pthread_key_t cache_key;
static pthread_once_t cache_once = PTHREAD_ONCE_INIT;

static void clear_slot(struct slot *s)
{
    pcre2_match_data_free(s->regex.match);
    pcre2_code_free(s->regex.code);
    free(s->pattern);
    *s = (struct slot){0};
}

static void free_cache(void *p)
{
    struct regex_cache *c = p;
    for (int i = 0; i < SLOTS; i++)
        clear_slot(&c->slots[i]);
    pcre2_match_context_free(c->limits);
    pcre2_jit_stack_free(c->stack);
    free(c);
    cache = NULL;
}

static void make_key(void)
{
    pthread_key_create(&cache_key, free_cache);
}

static struct regex_cache *get_cache(void)
{
    if (cache)
        return cache;
    pthread_once(&cache_once, make_key);
    struct regex_cache *c = calloc(1, sizeof *c);
    if (!c || !(c->limits = pcre2_match_context_create(NULL)))
        memory_out();
    pcre2_set_match_limit(c->limits, MATCH_LIMIT);
    pcre2_set_depth_limit(c->limits, DEPTH_LIMIT);
    pcre2_set_heap_limit(c->limits, HEAP_LIMIT);
    c->stack = pcre2_jit_stack_create(32 << 10, JIT_STACK, NULL);
    if (c->stack)
        pcre2_jit_stack_assign(c->limits, NULL, c->stack);
    pthread_setspecific(cache_key, c);
    cache = c;
    return c;
}

static pcre2_code *compile(const char *pattern, size_t n, bool whole, int *error, size_t *offset)
{
    // Text that is not UTF-8, from code of the user's own, then matches nothing instead of being undefined.
    uint32_t options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C |
                       (whole ? PCRE2_ANCHORED | PCRE2_ENDANCHORED : 0);
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)pattern, n, options, error, offset, NULL);
    if (code)
        pcre2_jit_compile(code, PCRE2_JIT_COMPLETE); // without JIT, on a machine that has none, it is only slower
    return code;
}

bool weir_regex_check(const char *pattern, size_t n, char *error, size_t size, size_t *offset)
{
    int code;
    pcre2_code *compiled = compile(pattern, n, false, &code, offset);
    if (!compiled)
        pcre2_get_error_message(code, (PCRE2_UCHAR *)error, size);
    pcre2_code_free(compiled);
    return compiled != NULL;
}

static bool fill_slot(struct weir_ctx *w, struct slot *s, struct weir_str pattern, bool whole)
{
    int error;
    size_t offset;
    if (pattern.n > LONGEST_PATTERN) {
        weir_fail(w, WEIR_BAD_REGEX, "a pattern of %zu bytes is too long", pattern.n);
        return false;
    }
    s->regex.code = compile(pattern.p, pattern.n, whole, &error, &offset);
    if (!s->regex.code) {
        char text[160];
        pcre2_get_error_message(error, (PCRE2_UCHAR *)text, sizeof text);
        weir_fail(w, WEIR_BAD_REGEX, "pattern \"%s\" is wrong at %zu: %s", ctx_excerpt(w, pattern), offset, text);
        return false;
    }
    s->regex.match = pcre2_match_data_create_from_pattern(s->regex.code, NULL);
    s->regex.limits = cache->limits;
    s->pattern = malloc(pattern.n + 1);
    if (!s->regex.match || !s->pattern)
        memory_out();
    memcpy(s->pattern, pattern.p, pattern.n);
    s->regex.pattern = s->pattern;
    s->regex.pattern_n = pattern.n;
    s->whole = whole;
    pcre2_pattern_info(s->regex.code, PCRE2_INFO_CAPTURECOUNT, &s->regex.groups);
    return true;
}

const struct regex *regex_get(struct weir_ctx *w, struct weir_str pattern, bool whole)
{
    if (pattern.n == 0)
        pattern.p = "";
    struct slot *slots = get_cache()->slots;
    uint64_t hash = weir_hash_str(pattern) + whole;
    for (int way = 0; way < 2; way++) {
        struct slot *s = &slots[(hash + (unsigned)way) % SLOTS];
        if (s->pattern && s->whole == whole && s->regex.pattern_n == pattern.n &&
            memcmp(s->pattern, pattern.p, pattern.n) == 0)
            return &s->regex;
    }
    struct slot *s = &slots[hash % SLOTS];
    if (s->pattern && !slots[(hash + 1) % SLOTS].pattern)
        s = &slots[(hash + 1) % SLOTS];
    clear_slot(s);
    return fill_slot(w, s, pattern, whole) ? &s->regex : NULL;
}

bool regex_find(struct weir_ctx *w, const struct regex *r, struct weir_str text, size_t from, uint32_t options)
{
    const char *p = text.n ? text.p : "";
    int found = pcre2_match(r->code, (PCRE2_SPTR)p, text.n, from, options, r->match, r->limits);
    if (found >= 0)
        return true;
    if (found != PCRE2_ERROR_NOMATCH) {
        char message[160];
        pcre2_get_error_message(found, (PCRE2_UCHAR *)message, sizeof message);
        weir_fail(w, WEIR_BAD_REGEX, "pattern \"%s\" on a text of %zu bytes: %s",
                  ctx_excerpt(w, (struct weir_str){r->pattern, r->pattern_n}), text.n, message);
    }
    return false;
}

struct weir_str regex_group(const struct regex *r, struct weir_str text, uint32_t n)
{
    const size_t *offsets = pcre2_get_ovector_pointer(r->match);
    size_t begin = offsets[2 * n], end = offsets[2 * n + 1];
    if (begin == PCRE2_UNSET)
        return WEIR_NULL_STR;
    if (begin >= end) // \K in a lookahead can put the end first
        return WEIR_STR("");
    return (struct weir_str){text.p + begin, end - begin};
}
