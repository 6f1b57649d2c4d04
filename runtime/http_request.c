#include "http_request.h"

#include <stdio.h>
#include <string.h>

#include "memory.h"

static int digit(char c)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *found = c ? strchr(digits, c) : NULL;
    return found ? (int)(found - digits) % 16 : -1;
}

// What is between FROM and END, in place. PLUS: a blank, as forms have it.
static bool decode(struct http_request *r, char *from, const char *end, bool plus, struct weir_str *s)
{
    char *to = from;
    s->p = from;
    for (const char *p = from; p < end; p++) {
        if (*p != '%') {
            *to++ = plus && *p == '+' ? ' ' : *p;
            continue;
        }
        int high = p + 1 < end ? digit(p[1]) : -1, low = p + 2 < end ? digit(p[2]) : -1;
        if (high < 0 || low < 0) {
            snprintf(r->wrong, sizeof r->wrong, "behind a %% are two hexadecimal digits; a %% itself is %%25");
            return false;
        }
        *to++ = (char)(high * 16 + low);
        p += 2;
    }
    s->n = (size_t)(to - from);
    return true;
}

static bool read_path(struct http_request *r, char *p, char *end)
{
    while (p < end && r->parts < HTTP_PATH_PARTS) {
        p++; // the slash
        bool last = r->parts == HTTP_PATH_PARTS - 1;
        char *next = last ? NULL : memchr(p, '/', (size_t)(end - p));
        next = next ? next : end;
        if (!decode(r, p, next, false, &r->path[r->parts++]))
            return false;
        p = next;
    }
    return true;
}

static struct weir_str *parameter(struct http_request *r, const char *name, size_t n)
{
    static const char *const names[] = {"from", "to", "limit"};
    struct weir_str *const values[] = {&r->from, &r->to, &r->limit};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strlen(names[i]) == n && memcmp(names[i], name, n) == 0)
            return values[i];
    }
    return NULL;
}

static bool read_parameter(struct http_request *r, char *p, char *end)
{
    char *equals = memchr(p, '=', (size_t)(end - p));
    struct weir_str *value = equals ? parameter(r, p, (size_t)(equals - p)) : NULL;
    if (!value) {
        snprintf(r->wrong, sizeof r->wrong, "behind the ? may be from=, to= and limit=, with & between them");
        return false;
    }
    if (value->p) {
        snprintf(r->wrong, sizeof r->wrong, "`%.*s` is said twice", (int)(equals - p), p);
        return false;
    }
    return decode(r, equals + 1, end, true, value);
}

static bool read_parameters(struct http_request *r, char *p)
{
    while (*p) {
        char *end = p + strcspn(p, "&");
        if (end > p && !read_parameter(r, p, end))
            return false;
        p = *end ? end + 1 : end;
    }
    return true;
}

bool http_request_read(struct http_request *r, const char *uri)
{
    *r = (struct http_request){.memory = memory_text(uri, strlen(uri))};
    char *question = r->memory + strcspn(r->memory, "?");
    if (r->memory[0] != '/') {
        snprintf(r->wrong, sizeof r->wrong, "the address begins with a /");
        return false;
    }
    return read_path(r, r->memory, question) && (!*question || read_parameters(r, question + 1));
}
