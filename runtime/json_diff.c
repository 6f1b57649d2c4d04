#include "json_diff.h"

#include <stdio.h>

enum kind { ATOM, OBJECT, ARRAY };

struct node {
    enum kind kind;
    struct weir_str text;   // as written; of an atom all there is
    struct weir_str *names; // of an object, decoded
    struct node *items;
    size_t count, room;
};

// ---- reading ----

static struct node *add_item(struct weir_ctx *w, struct node *n, struct weir_str name)
{
    if (n->count == n->room) {
        size_t room = n->room ? n->room * 2 : 8;
        struct node *items = weir_alloc(w, room * sizeof *items);
        struct weir_str *names = weir_alloc(w, room * sizeof *names);
        if (n->count) {
            memcpy(items, n->items, n->count * sizeof *items);
            memcpy(names, n->names, n->count * sizeof *names);
        }
        n->items = items;
        n->names = names;
        n->room = room;
    }
    n->names[n->count] = name;
    return &n->items[n->count++];
}

static bool read_node(struct weir_ctx *w, struct weir_json *j, struct node *n);

static bool read_object(struct weir_ctx *w, struct weir_json *j, struct node *n)
{
    struct weir_str name;
    bool first = true;
    n->kind = OBJECT;
    if (!weir_json_object(w, j))
        return false;
    while (weir_json_next_field(w, j, &first, &name)) {
        if (!read_node(w, j, add_item(w, n, name)))
            return false;
    }
    return !w->bad;
}

static bool read_array(struct weir_ctx *w, struct weir_json *j, struct node *n)
{
    bool first = true;
    n->kind = ARRAY;
    if (!weir_json_array(w, j))
        return false;
    while (weir_json_next_item(w, j, &first)) {
        if (!read_node(w, j, add_item(w, n, WEIR_NULL_STR)))
            return false;
    }
    return !w->bad;
}

static bool read_node(struct weir_ctx *w, struct weir_json *j, struct node *n)
{
    *n = (struct node){0};
    while (j->p < j->end && strchr(" \t\r\n", *j->p))
        j->p++;
    const char *begin = j->p;
    char c = j->p < j->end ? *j->p : 0;
    bool good = c == '{' ? read_object(w, j, n) : c == '[' ? read_array(w, j, n) : weir_json_read_any(w, j, &n->text);
    if (n->kind != ATOM)
        n->text = (struct weir_str){begin, (size_t)(j->p - begin)};
    return good;
}

static struct node parse(struct weir_ctx *w, struct weir_str text)
{
    struct weir_json j;
    struct node n;
    weir_json_start(&j, text);
    if (!text.p || !read_node(w, &j, &n) || !weir_json_finish(w, &j))
        n = (struct node){.text = text};
    w->bad = NULL;
    return n;
}

// ---- comparing ----

static bool same(struct weir_str a, struct weir_str b)
{
    return a.n == b.n && (a.p == NULL) == (b.p == NULL) && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

// A number as 0.DIGITS * 10^exponent, without zeros at either end.
struct number {
    struct weir_str digits;
    long exponent;
    bool negative;
};

static bool is_number(struct weir_str s)
{
    return s.n > 0 && (s.p[0] == '-' || (s.p[0] >= '0' && s.p[0] <= '9'));
}

static struct number number_of(struct weir_ctx *w, struct weir_str s)
{
    struct number n = {.negative = s.p[0] == '-'};
    char *digits = weir_alloc(w, s.n);
    size_t count = 0, i = n.negative;
    bool fraction = false;
    for (; i < s.n && s.p[i] != 'e' && s.p[i] != 'E'; i++) {
        if (s.p[i] == '.') {
            fraction = true;
        } else if (count == 0 && s.p[i] == '0') {
            n.exponent -= fraction;
        } else {
            n.exponent += !fraction;
            digits[count++] = s.p[i];
        }
    }
    for (bool minus = i + 1 < s.n && s.p[i + 1] == '-'; i < s.n; i = s.n) {
        long e = 0;
        for (size_t k = i + 1; k < s.n; k++)
            e = s.p[k] >= '0' && s.p[k] <= '9' && e < 1000000 ? e * 10 + (s.p[k] - '0') : e;
        n.exponent += minus ? -e : e;
    }
    while (count > 0 && digits[count - 1] == '0')
        count--;
    n.digits = (struct weir_str){digits, count};
    if (count == 0)
        n = (struct number){.digits = {digits, 0}};
    return n;
}

static bool same_number(struct weir_ctx *w, struct weir_str a, struct weir_str b)
{
    struct number x = number_of(w, a), y = number_of(w, b);
    return x.negative == y.negative && x.exponent == y.exponent && same(x.digits, y.digits);
}

// A string by what it means, however it is escaped.
static struct weir_str decoded(struct weir_ctx *w, struct weir_str text)
{
    struct weir_json j;
    struct weir_str v;
    weir_json_start(&j, text);
    bool good = weir_json_read_string(w, &j, &v);
    w->bad = NULL;
    return good ? v : text;
}

static bool same_atom(struct weir_ctx *w, struct weir_str a, struct weir_str b)
{
    if (same(a, b))
        return true;
    if (!a.p || !b.p)
        return false;
    if (is_number(a) && is_number(b))
        return same_number(w, a, b);
    return a.n > 0 && b.n > 0 && a.p[0] == '"' && b.p[0] == '"' && same(decoded(w, a), decoded(w, b));
}

// ---- rows ----

static void add_row(struct weir_ctx *w, struct json_rows *rows, struct weir_str path, struct weir_str expected,
                    struct weir_str actual)
{
    if (rows->count == rows->room) {
        size_t room = rows->room ? rows->room * 2 : 16;
        struct json_row *grown = weir_alloc(w, room * sizeof *grown);
        if (rows->count)
            memcpy(grown, rows->rows, rows->count * sizeof *grown);
        rows->rows = grown;
        rows->room = room;
    }
    bool differs = !same_atom(w, expected, actual);
    rows->rows[rows->count++] = (struct json_row){path, expected, actual, differs};
    rows->differ = rows->differ || differs;
}

static struct weir_str member_path(struct weir_ctx *w, struct weir_str path, struct weir_str name)
{
    char *text = weir_alloc(w, path.n + name.n + 1);
    memcpy(text, path.p, path.n);
    size_t n = path.n;
    if (n)
        text[n++] = '.';
    memcpy(text + n, name.p, name.n);
    return (struct weir_str){text, n + name.n};
}

static struct weir_str item_path(struct weir_ctx *w, struct weir_str path, size_t index)
{
    char *text = weir_alloc(w, path.n + 24);
    memcpy(text, path.p, path.n);
    return (struct weir_str){text, path.n + (size_t)snprintf(text + path.n, 24, "[%zu]", index)};
}

static const struct node *member(const struct node *n, struct weir_str name)
{
    for (size_t i = 0; n && n->kind == OBJECT && i < n->count; i++) {
        if (same(n->names[i], name))
            return &n->items[i];
    }
    return NULL;
}

static void compare(struct weir_ctx *w, struct json_rows *rows, struct weir_str path, const struct node *expected,
                    const struct node *actual);

static void compare_objects(struct weir_ctx *w, struct json_rows *rows, struct weir_str path, const struct node *e,
                            const struct node *a)
{
    for (size_t i = 0; i < e->count; i++)
        compare(w, rows, member_path(w, path, e->names[i]), &e->items[i], member(a, e->names[i]));
    for (size_t i = 0; i < a->count; i++) {
        if (!member(e, a->names[i]))
            compare(w, rows, member_path(w, path, a->names[i]), NULL, &a->items[i]);
    }
}

static void compare_arrays(struct weir_ctx *w, struct json_rows *rows, struct weir_str path, const struct node *e,
                           const struct node *a)
{
    for (size_t i = 0; i < e->count || i < a->count; i++)
        compare(w, rows, item_path(w, path, i), i < e->count ? &e->items[i] : NULL, i < a->count ? &a->items[i] : NULL);
}

static void compare(struct weir_ctx *w, struct json_rows *rows, struct weir_str path, const struct node *e,
                    const struct node *a)
{
    if (e && a && e->kind == a->kind && e->kind != ATOM && e->count + a->count > 0) {
        if (e->kind == OBJECT)
            compare_objects(w, rows, path, e, a);
        else
            compare_arrays(w, rows, path, e, a);
    } else if (e && a && e->kind == a->kind && e->kind != ATOM) {
        add_row(w, rows, path, e->text, e->text); // both empty, whatever the white space
    } else {
        add_row(w, rows, path, e ? e->text : WEIR_NULL_STR, a ? a->text : WEIR_NULL_STR);
    }
}

void json_diff(struct weir_ctx *w, struct json_rows *rows, const char *name, struct weir_str expected,
               struct weir_str actual)
{
    struct node e = parse(w, expected), a = parse(w, actual);
    compare(w, rows, (struct weir_str){name, strlen(name)}, expected.p ? &e : NULL, actual.p ? &a : NULL);
}
