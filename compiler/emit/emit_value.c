#include <string.h>

#include "emit/emitter.h"

// ---- the function being written ----

struct body body_new(struct emitter *e, struct writer *out, const char *fail)
{
    struct body body = {.e = e,
                        .out = out,
                        .locals = names_new(e->arena, e->globals),
                        .fail = fail,
                        .timestamp = "w->record->timestamp",
                        .key_bytes = "w->record->key"};
    names_add(body.locals, "w");
    return body;
}

enum { WIDTH = 120 };

// Where a line of N bytes that is too long is best broken: behind a comma or before an operator, in as few brackets as can be; 0: nowhere.
static size_t break_point(const char *text, size_t n, size_t room)
{
    size_t best = 0;
    int depth = 0, best_depth = 1 << 20;
    for (size_t i = 1; i + 1 < n && i < room; i++) {
        if (text[i] == '"') {
            while (++i < n && text[i] != '"')
                i += text[i] == '\\';
            continue;
        }
        depth += (strchr("([{", text[i]) != NULL) - (strchr(")]}", text[i]) != NULL);
        bool joins = text[i - 1] == ' ' && (strncmp(text + i, "&& ", 3) == 0 || strncmp(text + i, "|| ", 3) == 0 ||
                                            strncmp(text + i, "? ", 2) == 0 || strncmp(text + i, ": ", 2) == 0);
        bool comma = text[i] == ',' && text[i + 1] == ' ';
        if ((joins || comma) && depth <= best_depth) {
            best = comma ? i + 2 : i;
            best_depth = depth;
        }
    }
    return best;
}

static void put_wrapped(struct writer *out, const char *text, size_t n)
{
    size_t lead = 0, indent = (size_t)out->indent * 4;
    while (lead < n && text[lead] == ' ')
        lead++;
    bool comment = n > lead + 1 && text[lead] == '/' && text[lead + 1] == '/';
    for (size_t more = 0; !comment && n + indent > WIDTH; more = 4) {
        size_t at = break_point(text, n, WIDTH - indent - more);
        if (at <= lead)
            break;
        writer_put(out, text, text[at - 1] == ' ' ? at - 1 : at);
        writer_printf(out, "\n%*s    ", (int)lead, "");
        text += at;
        n -= at;
        indent = (size_t)out->indent * 4 + lead + 4;
    }
    writer_put(out, text, n);
}

void body_line(struct body *b, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *text = arena_vprintf(b->e->arena, format, args), *newline;
    va_end(args);
    for (; (newline = strchr(text, '\n')); text = newline + 1) {
        put_wrapped(b->out, text, (size_t)(newline - text));
        writer_puts(b->out, "\n");
    }
    put_wrapped(b->out, text, strlen(text));
    writer_puts(b->out, "\n");
}

const char *ctx(struct body *b)
{
    b->uses_ctx = true;
    return "w";
}

void body_check(struct body *b)
{
    if (!b->fail)
        return;
    body_line(b, "if (%s->bad)", ctx(b));
    body_line(b, "    %s", b->fail);
}

const char *body_local(struct body *b, const char *base)
{
    return names_take(b->locals, base);
}

struct binding *body_binding(struct body *b, const struct var *var)
{
    for (int i = b->bindings.count - 1; i >= 0; i--)
        if (b->bindings.items[i].var == var)
            return &b->bindings.items[i];
    return NULL;
}

void body_bind(struct body *b, const struct var *var, struct value value)
{
    struct binding binding = {.var = var, .value = value};
    vec_push(b->e->arena, &b->bindings, binding);
}

// ---- statements on the side ----

void sub_begin(struct body *b, struct sub *s)
{
    *s = (struct sub){.outer = b->out,
                      .bindings = b->bindings.count,
                      .rows = b->rows.count,
                      .checked_count = b->bindings.count,
                      .local_count = names_count(b->locals)};
    s->checked = arena_alloc(b->e->arena, (size_t)(s->checked_count + 1) * sizeof *s->checked);
    for (int i = 0; i < s->checked_count; i++)
        s->checked[i] = b->bindings.items[i].checked;
    b->out = &s->text;
    b->subs++;
}

void block_begin(struct body *b, struct sub *s)
{
    sub_begin(b, s);
    b->subs--;
    s->block = true;
}

bool sub_end(struct body *b, struct sub *s)
{
    b->out = s->outer;
    b->subs -= !s->block;
    for (int i = 0; i < s->checked_count; i++)
        b->bindings.items[i].checked = s->checked[i];
    b->bindings.count = s->bindings;
    b->rows.count = s->rows;
    s->locals = names_since(b->locals, s->local_count);
    return s->text.len > 0;
}

void sub_flush(struct body *b, struct sub *s)
{
    b->out->indent++;
    writer_put(b->out, s->text.text, s->text.len);
    b->out->indent--;
    writer_free(&s->text);
    if (s->block && b->subs == 0)
        names_forget(b->locals, s->locals);
}

void block_end(struct body *b, struct sub *s)
{
    sub_end(b, s);
    sub_flush(b, s);
    body_line(b, "}");
}

void sub_splice(struct body *b, struct sub *s)
{
    writer_put(b->out, s->text.text, s->text.len);
    writer_free(&s->text);
}

void sub_if_read(struct body *b, struct sub *s)
{
    if (s->text.len == 0)
        return;
    writer_printf(b->out, "%c", UNREAD_BEGIN);
    for (const char **name = s->locals; *name; name++)
        writer_printf(b->out, "%s ", *name);
    writer_puts(b->out, "\n");
    sub_splice(b, s);
    writer_printf(b->out, "%c\n", UNREAD_END);
}

void sub_drop(struct sub *s)
{
    writer_free(&s->text);
}

// ---- values ----

struct value value_make(enum prec prec, const char *text)
{
    return (struct value){.text = text, .prec = prec};
}

struct value value_printf(struct body *b, enum prec prec, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct value v = value_make(prec, arena_vprintf(b->e->arena, format, args));
    va_end(args);
    return v;
}

struct value value_path(const char *text)
{
    return (struct value){.text = text, .prec = PREC_POSTFIX, .path = true};
}

struct value value_pointer(const char *text)
{
    return (struct value){.text = text, .prec = PREC_POSTFIX, .pointer = true, .path = true, .lasting = true};
}

const char *value_text(struct body *b, struct value v, enum prec at_least)
{
    const char *text = v.text;
    enum prec prec = v.prec;
    if (v.pointer) {
        text = arena_printf(b->e->arena, prec < PREC_UNARY ? "*(%s)" : "*%s", text);
        prec = PREC_UNARY;
    }
    return prec < at_least ? arena_printf(b->e->arena, "(%s)", text) : text;
}

const char *value_arg(struct body *b, struct value v)
{
    return value_text(b, v, PREC_COND);
}

struct value value_local(struct body *b, struct value v, const struct type *t, const char *name)
{
    const char *local = body_local(b, name), *text = value_arg(b, v);
    const char *cast = arena_printf(b->e->arena, "(%s){", type_c(b->e, t));
    if (strncmp(text, cast, strlen(cast)) == 0) // an initializer needs no compound literal
        text += strlen(cast) - 1;
    body_line(b, "%s = %s;", type_declare(b->e, t, local), text);
    return value_path(local);
}

struct value value_keep(struct body *b, struct value v, const struct type *t, const char *name)
{
    return v.path ? v : value_local(b, v, t, name);
}

const char *value_address(struct body *b, struct value v, const struct type *t)
{
    if (v.pointer)
        return v.prec < PREC_UNARY ? arena_printf(b->e->arena, "(%s)", v.text) : v.text;
    v = value_keep(b, v, t, type_is_struct(t) ? name_snake(b->e, type_name(b->e, t)) : "element");
    return arena_printf(b->e->arena, "&%s", value_text(b, v, PREC_POSTFIX));
}

struct value value_member(struct body *b, struct value v, const char *member)
{
    bool pointer = v.pointer;
    v.pointer = false;
    v.text = arena_printf(b->e->arena, "%s%s%s", value_text(b, v, PREC_POSTFIX), pointer ? "->" : ".", member);
    v.prec = PREC_POSTFIX;
    return v;
}

const char *value_passed(struct body *b, struct value v, const struct type *t)
{
    return type_is_struct(t) ? value_address(b, v, t) : value_arg(b, v);
}

const char *type_parameter(struct emitter *e, const struct type *t, const char *name)
{
    if (type_is_struct(t))
        return arena_printf(e->arena, "const %s *%s", type_c(e, t), name);
    return type_declare(e, t, name);
}

struct value value_parameter(const struct type *t, const char *name)
{
    return type_is_struct(t) ? value_pointer(name) : value_path(name);
}

// ---- null ----

// The member that is NULL in a null string, list or map; NULL for other types.
static const char *null_member(const struct type *t)
{
    switch (type_plain(t)->kind) {
    case TYPE_STRING:
    case TYPE_BYTES:
    case TYPE_JSON: return "p";
    case TYPE_LIST: return "v";
    case TYPE_MAP: return "k";
    default: return NULL;
    }
}

struct value value_zero(struct body *b, const struct type *t)
{
    if (type_is_optional(t))
        return value_null(b, t);
    switch (t->kind) {
    case TYPE_BOOL: return value_make(PREC_POSTFIX, "false");
    case TYPE_FLOAT32: return value_make(PREC_POSTFIX, "0.0f");
    case TYPE_FLOAT64: return value_make(PREC_POSTFIX, "0.0");
    case TYPE_STRING:
    case TYPE_BYTES:
    case TYPE_JSON: return value_make(PREC_POSTFIX, "WEIR_STR(\"\")");
    case TYPE_RECORD:
    case TYPE_UNION:
    case TYPE_DECIMAL:
    case TYPE_LIST:
    case TYPE_MAP: return value_printf(b, PREC_POSTFIX, "(%s){ 0 }", type_c(b->e, t));
    default: return value_make(PREC_POSTFIX, "0");
    }
}

struct value value_null(struct body *b, const struct type *optional)
{
    const struct type *plain = type_plain(optional);
    if (type_is_struct(plain))
        return value_make(PREC_POSTFIX, "NULL");
    const char *member = null_member(plain);
    if (member && *member == 'p')
        return value_make(PREC_POSTFIX, "WEIR_NULL_STR");
    const char *zero = plain->kind == TYPE_DECIMAL ? ".some = false" : "0"; // it has a struct within
    return value_printf(b, PREC_POSTFIX, "(%s){ %s }", type_c(b->e, optional), zero);
}

struct value value_is_some(struct body *b, struct value v, const struct type *optional, bool negated)
{
    const struct type *plain = type_plain(optional);
    const char *member = type_is_struct(plain) ? NULL : null_member(plain) ? null_member(plain) : "some";
    struct value test = member ? value_member(b, v, member) : v;
    if (member && strcmp(member, "some") == 0)
        return negated ? value_printf(b, PREC_NOT, "!%s", value_text(b, test, PREC_UNARY)) : test;
    return value_printf(b, PREC_EQUAL, "%s %s NULL", value_text(b, test, PREC_ADD), negated ? "==" : "!=");
}

struct value value_unwrap(struct body *b, struct value v, const struct type *optional)
{
    const struct type *plain = type_plain(optional);
    if (type_is_struct(plain)) {
        v.pointer = true;
        v.lasting = true;
        return v;
    }
    return null_member(plain) ? v : value_member(b, v, "v");
}

struct value value_some(struct body *b, struct value v, const struct type *optional)
{
    const struct type *plain = type_plain(optional);
    if (null_member(plain))
        return v;
    if (!type_is_struct(plain))
        return value_printf(b, PREC_POSTFIX, "(%s){ %s, true }", type_c(b->e, optional), value_arg(b, v));
    if (!v.lasting) { // it may be kept longer than the block that it is computed in
        const char *name = type_name(b->e, plain);
        const char *copy = body_local(b, name_snake(b->e, name));
        body_line(b, "%s *%s = weir_alloc(%s, sizeof *%s);", type_c(b->e, plain), copy, ctx(b), copy);
        body_line(b, "*%s = %s;", copy, value_arg(b, v));
        v = value_pointer(copy);
    }
    if (v.pointer) {
        v.pointer = false;
        return v;
    }
    return value_printf(b, PREC_UNARY, "&%s", value_text(b, v, PREC_POSTFIX));
}
