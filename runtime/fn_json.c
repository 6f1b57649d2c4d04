// Values of type json: kept as their text.
#include "codepoint.h"
#include "ctx.h"
#include "weir_fn.h"
#include "weir_json.h"
#include "weir_ops.h"

struct weir_str weir_parse_json(struct weir_ctx *w, struct weir_str text)
{
    struct weir_json j;
    struct weir_str v = WEIR_NULL_STR;
    if (text.n == 0)
        text.p = "";
    weir_json_start(&j, text);
    return !w->bad && weir_json_read_any(w, &j, &v) && weir_json_finish(w, &j) ? v : WEIR_NULL_STR;
}

// ---- json_get: "$.a.b[0]", "a.b[0]", "$['a b']", or RFC 6901's "/a/b/0" ----

struct path {
    const char *p, *end;
    bool pointer; // of RFC 6901
    bool begun;
};

struct step {
    struct weir_str name;
    int64_t index; // -1: only a name
};

static struct path path_start(struct weir_str text)
{
    const char *p = text.n ? text.p : "", *end = p + text.n;
    bool pointer = p < end && *p == '/';
    if (p < end && *p == '$' && (p + 1 == end || p[1] == '.' || p[1] == '['))
        return (struct path){p + 1, end, false, true};
    return (struct path){p, end, pointer, false};
}

static int64_t index_of_digits(struct weir_str text)
{
    int64_t v = 0;
    if (text.n == 0 || text.n > 9 || (text.n > 1 && text.p[0] == '0'))
        return -1;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9')
            return -1;
        v = v * 10 + (text.p[i] - '0');
    }
    return v;
}

// ~1 is /, ~0 is ~.
static struct weir_str unescape_pointer(struct weir_ctx *w, struct weir_str text)
{
    if (!memchr(text.p, '~', text.n))
        return text;
    char *out = weir_alloc(w, text.n), *p = out;
    for (size_t i = 0; i < text.n; i++) {
        bool escape = text.p[i] == '~' && i + 1 < text.n && (text.p[i + 1] == '0' || text.p[i + 1] == '1');
        *p++ = !escape ? text.p[i] : text.p[i + 1] == '1' ? '/' : '~';
        i += escape;
    }
    return (struct weir_str){out, (size_t)(p - out)};
}

static const char *find_any(const char *p, const char *end, char a, char b)
{
    while (p < end && *p != a && *p != b)
        p++;
    return p;
}

static bool next_pointer_step(struct weir_ctx *w, struct path *path, struct step *step)
{
    const char *begin = path->p + 1, *stop = find_any(begin, path->end, '/', '/');
    step->name = unescape_pointer(w, (struct weir_str){begin, (size_t)(stop - begin)});
    step->index = index_of_digits(step->name);
    path->p = stop;
    return true;
}

// ['name'], ["name"] or [0].
static bool next_bracket_step(struct path *path, struct step *step)
{
    const char *begin = path->p + 1, *stop;
    bool quoted = begin < path->end && (*begin == '\'' || *begin == '"');
    if (quoted) {
        stop = find_any(begin + 1, path->end, *begin, *begin);
        step->name = (struct weir_str){begin + 1, (size_t)(stop - begin - 1)};
        step->index = -1;
        stop += stop < path->end;
    } else {
        stop = find_any(begin, path->end, ']', ']');
        step->name = WEIR_NULL_STR;
        step->index = index_of_digits((struct weir_str){begin, (size_t)(stop - begin)});
    }
    if (stop == path->end || *stop != ']' || (!quoted && step->index < 0))
        return false;
    path->p = stop + 1;
    return true;
}

static bool next_dot_step(struct path *path, struct step *step)
{
    const char *begin = path->p + (*path->p == '.'), *stop = find_any(begin, path->end, '.', '[');
    if (stop == begin || (path->begun && begin == path->p))
        return false;
    step->name = (struct weir_str){begin, (size_t)(stop - begin)};
    step->index = -1;
    path->p = stop;
    return true;
}

// False for a path that is wrong.
static bool next_step(struct weir_ctx *w, struct path *path, struct step *step)
{
    bool ok = path->pointer     ? next_pointer_step(w, path, step)
              : *path->p == '[' ? next_bracket_step(path, step)
                                : next_dot_step(path, step);
    path->begun = true;
    return ok;
}

// Moves j to the value of the last field of that name; false if there is none.
static bool enter_field(struct weir_ctx *w, struct weir_json *j, struct weir_str wanted)
{
    struct weir_json found = {0};
    struct weir_str name;
    bool first = true;
    if (!weir_json_object(w, j))
        return false;
    while (weir_json_next_field(w, j, &first, &name)) {
        if (weir_eq_str(name, wanted))
            found = *j;
        if (!weir_json_skip(w, j))
            return false;
    }
    if (found.p)
        *j = found;
    return found.p && !w->bad;
}

static bool enter_item(struct weir_ctx *w, struct weir_json *j, int64_t index)
{
    bool first = true;
    if (!weir_json_array(w, j))
        return false;
    while (weir_json_next_item(w, j, &first)) {
        if (index-- == 0)
            return true;
        if (!weir_json_skip(w, j))
            return false;
    }
    return false;
}

static bool enter(struct weir_ctx *w, struct weir_json *j, const struct step *step)
{
    j->p = weir_json_blank(j->p, j->end);
    if (j->p < j->end && *j->p == '{')
        return step->name.p && enter_field(w, j, step->name);
    return j->p < j->end && *j->p == '[' && step->index >= 0 && enter_item(w, j, step->index);
}

struct weir_str weir_json_get(struct weir_ctx *w, struct weir_str json, struct weir_str text)
{
    struct path path = path_start(text);
    struct weir_json j;
    struct weir_str v = WEIR_NULL_STR;
    if (w->bad || json.n == 0)
        return v;
    weir_json_start(&j, json);
    while (path.p < path.end) {
        struct step step;
        if (!next_step(w, &path, &step)) {
            weir_fail(w, WEIR_BAD_CONVERSION, "json_get: \"%s\" is no path", ctx_excerpt(w, text));
            return v;
        }
        if (!enter(w, &j, &step))
            return v;
    }
    if (weir_json_null(w, &j) || !weir_json_read_any(w, &j, &v))
        return WEIR_NULL_STR;
    return v;
}
