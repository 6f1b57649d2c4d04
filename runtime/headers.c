#include "weir_fn.h"
#include "weir_program.h"

static bool same(struct weir_str a, struct weir_str b)
{
    return a.n == b.n && memcmp(a.p, b.p, a.n) == 0;
}

static size_t find(const struct weir_str *names, size_t count, struct weir_str name)
{
    size_t i = 0;
    while (i < count && !same(names[i], name))
        i++;
    return i;
}

// Of several headers of one name the last holds, as Headers.lastHeader has it.
struct weir_map weir_headers_map(struct weir_ctx *w)
{
    const struct weir_record *r = w->record;
    struct weir_str *names = weir_alloc(w, (r->header_count + 1) * sizeof *names);
    struct weir_str *values = weir_alloc(w, (r->header_count + 1) * sizeof *values);
    size_t n = 0;
    for (size_t i = 0; i < r->header_count; i++) {
        const struct weir_header *h = &r->headers[i];
        if (!h->value.p)
            continue;
        if (!weir_validate_utf8(h->value.p, h->value.n)) {
            weir_fail(w, WEIR_BAD_DECODE, "header %.*s is not UTF-8", (int)h->name.n, h->name.p);
            return (struct weir_map){0};
        }
        size_t at = find(names, n, h->name);
        names[at] = h->name;
        values[at] = h->value;
        n += at == n;
    }
    return (struct weir_map){names, values, n};
}

static bool is_set(const struct weir_header *set, size_t set_count, struct weir_str name)
{
    for (size_t i = 0; i < set_count; i++) {
        if (same(set[i].name, name))
            return true;
    }
    return false;
}

void weir_header_set(struct weir_ctx *w, struct weir_str name, struct weir_str value)
{
    struct weir_record *record = weir_alloc(w, sizeof *record);
    struct weir_header set = {name, value};
    if (value.n) // it may be of a row in a loop, and the header lasts longer
        set.value.p = memcpy(weir_alloc(w, value.n), value.p, value.n);
    struct weir_out all;
    weir_headers_with(w, &set, 1, &all);
    *record = *w->record;
    record->headers = all.headers;
    record->header_count = all.header_count;
    w->record = record;
}

void weir_headers_with(struct weir_ctx *w, const struct weir_header *set, size_t set_count, struct weir_out *out)
{
    const struct weir_record *r = w->record;
    struct weir_header *headers = weir_alloc(w, (r->header_count + set_count + 1) * sizeof *headers);
    size_t n = 0;
    for (size_t i = 0; i < r->header_count; i++) {
        if (!is_set(set, set_count, r->headers[i].name))
            headers[n++] = r->headers[i];
    }
    for (size_t i = 0; i < set_count; i++) {
        if (set[i].value.p)
            headers[n++] = set[i];
    }
    out->headers = headers;
    out->header_count = n;
}
