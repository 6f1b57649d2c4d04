// JSON decoders: one pass that reads the fields that are used and skips the others.
#include <string.h>

#include "emit/emitter.h"

// ---- which parts ----

static const struct uses nothing;

// What is read of a part of something of which USES is read; NULL: all.
static const struct uses *uses_below(const struct uses *uses, int index)
{
    if (!uses || uses->whole)
        return NULL;
    return uses->fields && uses->fields[index] ? uses->fields[index] : &nothing;
}

static bool is_used(const struct uses *uses)
{
    return !uses || uses->whole || uses->used;
}

static int part_count(const struct type *t)
{
    return t->kind == TYPE_RECORD || t->kind == TYPE_UNION ? t->fields.count : t->element ? 1 : 0;
}

static const struct type *part_type(const struct type *t, int i)
{
    return t->element ? t->element : t->fields.items[i].type;
}

static bool uses_same(const struct type *t, const struct uses *a, const struct uses *b)
{
    if (is_used(a) != is_used(b))
        return false;
    for (int i = 0; is_used(a) && i < part_count(t); i++)
        if (!uses_same(part_type(t, i), uses_below(a, i), uses_below(b, i)))
            return false;
    return true;
}

// ---- readers, one for each type and what is read of it ----

static struct made *reader_find(struct emitter *e, const struct type *t, const struct uses *uses)
{
    for (int i = 0; i < e->made.count; i++) {
        struct made *made = &e->made.items[i];
        if (strcmp(made->kind, "read") == 0 && made->a == t && uses_same(t, made->b, uses))
            return made;
    }
    return NULL;
}

// Reads a field into MEMBER, on failure naming FIELD.
static void read_member(struct body *b, const struct type *t, const struct uses *uses, const char *base,
                        const char *member, const char *field)
{
    body_line(b, "if (%s)", emit_read(b, t, uses, base, "j", member));
    body_line(b, "    return weir_json_in_field(w, %s);", field);
}

static void read_field(struct body *b, const struct type *t, const struct uses *uses, const char *base, int i,
                       const char *has)
{
    struct emitter *e = b->e;
    const char *field = t->fields.items[i].name, *text = text_c_string(e, field, strlen(field));
    const char *member = type_member(e, t, i);
    const struct type *field_type = t->fields.items[i].type;
    // A nullable record is read through a pointer of its own, and C has no declaration behind a label.
    bool block = type_is_optional(field_type) && type_is_struct(type_plain(field_type));
    body_line(b, block ? "case %d: {" : "case %d:", i);
    b->out->indent++;
    read_member(b, field_type, uses_below(uses, i), arena_printf(e->arena, "%s_%s", base, member),
                arena_printf(e->arena, "v->%s", member), text);
    if (has)
        body_line(b, "%s = true;", has);
    body_line(b, "break;");
    b->out->indent--;
    if (block)
        body_line(b, "}");
}

// A name as it stands in JSON: "NAME":. NULL: too long to be guessed as a whole, or it needs escapes.
static const char *quoted_name(struct emitter *e, const char *name)
{
    enum { ROOM = 32 }; // of weir_json_name's quoted
    size_t n = strlen(name);
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)name[i] < 0x20 || name[i] == '"' || name[i] == '\\')
            return NULL;
    return n + 3 < ROOM ? arena_printf(e->arena, "\"%s\":", name) : NULL;
}

// All fields, those that nobody reads too: they usually come in this order, and each is first guessed to be the next.
static void field_names(struct body *b, const struct type *t)
{
    struct emitter *e = b->e;
    body_line(b, "static const struct weir_json_name fields[] = {");
    b->out->indent++;
    for (int i = 0; i < t->fields.count; i++) {
        const char *name = t->fields.items[i].name, *quoted = quoted_name(e, name);
        body_line(b, "{ %s, %zu, %zu, %s },", text_c_string(e, name, strlen(name)), strlen(name),
                  quoted ? strlen(quoted) : 0, quoted ? text_c_string(e, quoted, strlen(quoted)) : "\"\"");
    }
    b->out->indent--;
    body_line(b, "};");
}

static void read_known(struct body *b, const struct type *t, const struct uses *uses, const char *base,
                       const char *const *has)
{
    body_line(b, "while ((field = weir_json_next_known(w, j, &first, fields, %d, &next)) != WEIR_JSON_END) {",
              t->fields.count);
    b->out->indent++;
    body_line(b, "switch (field) {");
    for (int i = 0; i < t->fields.count; i++)
        if (is_used(uses_below(uses, i)))
            read_field(b, t, uses, base, i, has[i]);
    body_line(b, "default:");
    b->out->indent++;
    body_line(b, "if (!weir_json_skip(w, j))");
    body_line(b, "    return false;");
    b->out->indent--;
    body_line(b, "}");
    b->out->indent--;
    body_line(b, "}");
}

static void skip_fields(struct body *b)
{
    body_line(b, "while (weir_json_next_field(w, j, &first, &name)) {");
    body_line(b, "    if (!weir_json_skip(w, j))");
    body_line(b, "        return false;");
    body_line(b, "}");
}

static void read_record(struct body *b, const struct type *t, const struct uses *uses, const char *base)
{
    struct emitter *e = b->e;
    const char **has = arena_alloc(e->arena, (size_t)(t->fields.count + 1) * sizeof *has);
    const char *flags = "bool first = true";
    int used = 0;
    for (int i = 0; i < t->fields.count; i++) {
        if (!is_used(uses_below(uses, i)))
            continue;
        used++;
        if (type_is_optional(t->fields.items[i].type))
            continue;
        has[i] = body_local(b, arena_printf(e->arena, "has_%s", type_member(e, t, i)));
        flags = arena_printf(e->arena, "%s, %s = false", flags, has[i]);
    }
    if (used)
        field_names(b, t);
    body_line(b, "%s;", flags);
    body_line(b, used ? "int field, next = 0;" : "struct weir_str name;");
    if (used == 0)
        body_line(b, "(void)v;");
    for (int i = 0; i < t->fields.count; i++) {
        const struct type *field = t->fields.items[i].type;
        if (is_used(uses_below(uses, i)) && type_is_optional(field))
            body_line(b, "v->%s = %s;", type_member(e, t, i), value_arg(b, value_null(b, field)));
    }
    body_line(b, "if (!weir_json_object(w, j))");
    body_line(b, "    return false;");
    if (used)
        read_known(b, t, uses, base, has);
    else
        skip_fields(b);
    body_line(b, "if (w->bad)");
    body_line(b, "    return false;");
    for (int i = 0; i < t->fields.count; i++) {
        const char *field = t->fields.items[i].name;
        if (!has[i])
            continue;
        body_line(b, "if (!%s)", has[i]);
        body_line(b, "    return weir_json_missing(w, %s);", text_c_string(e, field, strlen(field)));
    }
    body_line(b, "return true;");
}

static const char *reader(struct emitter *e, const struct type *t, const struct uses *uses, const char *base);

static void read_union(struct body *b, const struct type *t, const struct uses *uses, const char *base)
{
    struct emitter *e = b->e;
    const char *names = enum_names(e, t);
    body_line(b, "if (!weir_json_read_tag(w, j, %s, %s, %d, &v->tag))", text_c_string(e, t->tag, strlen(t->tag)), names,
              t->fields.count);
    body_line(b, "    return false;");
    body_line(b, "switch (v->tag) {");
    for (int i = 0; i < t->fields.count; i++) {
        const struct uses *below = uses_below(uses, i);
        if (!is_used(below))
            continue;
        const char *member = type_member(e, t, i);
        const char *read = reader(e, t->fields.items[i].type, below, arena_printf(e->arena, "%s_%s", base, member));
        body_line(b, "case %s: return %s(w, j, &v->%s);", type_case(e, t, i), read, member);
    }
    body_line(b, "default: return weir_json_skip(w, j);");
    body_line(b, "}");
}

// Elements that nobody looks into may still be copied.
static void blank_elements(struct body *b, const struct type *element)
{
    body_line(b, "%s = weir_alloc(w, n * sizeof *item);", type_declare(b->e, element, "*item"));
    body_line(b, "memset(item, 0, n * sizeof *item);");
}

static void read_list(struct body *b, const struct type *t, const struct uses *uses, const char *base)
{
    struct emitter *e = b->e;
    const struct uses *below = uses_below(uses, 0);
    bool used = is_used(below);
    body_line(b, used ? "size_t n = 0, capacity = 4;" : "size_t n = 0;");
    if (used)
        body_line(b, "%s = weir_alloc(w, capacity * sizeof *item);", type_declare(e, t->element, "*item"));
    body_line(b, "bool first = true;");
    body_line(b, "if (!weir_json_array(w, j))");
    body_line(b, "    return false;");
    body_line(b, "while (weir_json_next_item(w, j, &first)) {");
    b->out->indent++;
    if (used)
        body_line(b, "item = weir_array_grow(w, item, n, &capacity, sizeof *item);");
    const char *cond = used ? emit_read(b, t->element, below, base, "j", "item[n]") : "!weir_json_skip(w, j)";
    body_line(b, "if (%s)", cond);
    body_line(b, "    return weir_json_in_item(w, n);");
    body_line(b, "n++;");
    b->out->indent--;
    body_line(b, "}");
    if (!used)
        blank_elements(b, t->element);
    body_line(b, "*v = (struct weir_list){ item, n };");
    body_line(b, "return !w->bad;");
}

static void read_map(struct body *b, const struct type *t, const struct uses *uses, const char *base)
{
    struct emitter *e = b->e;
    const struct uses *below = uses_below(uses, 0);
    bool used = is_used(below);
    body_line(b, "size_t n = 0, capacity = 4%s;", used ? ", room = 4" : "");
    body_line(b, "struct weir_str *name = weir_alloc(w, capacity * sizeof *name);");
    if (used)
        body_line(b, "%s = weir_alloc(w, room * sizeof *item);", type_declare(e, t->element, "*item"));
    body_line(b, "bool first = true;");
    body_line(b, "if (!weir_json_object(w, j))");
    body_line(b, "    return false;");
    body_line(b, "while (weir_json_next_field(w, j, &first, &name[n])) {");
    b->out->indent++;
    const char *cond = used ? emit_read(b, t->element, below, base, "j", "item[n]") : "!weir_json_skip(w, j)";
    body_line(b, "if (%s)", cond);
    body_line(b, "    return false;");
    body_line(b, "n++;");
    body_line(b, "name = weir_array_grow(w, name, n, &capacity, sizeof *name);");
    if (used)
        body_line(b, "item = weir_array_grow(w, item, n, &room, sizeof *item);");
    b->out->indent--;
    body_line(b, "}");
    if (!used)
        blank_elements(b, t->element);
    body_line(b, "*v = weir_map_of(w, name, item, n, sizeof *item);");
    body_line(b, "return !w->bad;");
}

static const char *reader(struct emitter *e, const struct type *t, const struct uses *uses, const char *base)
{
    t = t->canonical;
    struct made *made = reader_find(e, t, uses);
    if (made)
        return made->name;
    if (uses_same(t, uses, NULL))
        base = type_name(e, t);
    const char *name = made_new(e, "read", t, uses, arena_printf(e->arena, "read_%s", base));
    struct writer text = {0};
    struct body body = body_new(e, &text, NULL), *b = &body;
    static const char *const locals[] = {"w", "j", "v", "first", "name", "item", "n", "capacity", "room"};
    for (size_t i = 0; i < sizeof locals / sizeof *locals; i++)
        names_add(b->locals, locals[i]);
    body_line(b, "static bool %s(struct weir_ctx *w, struct weir_json *j, %s)\n{", name, type_declare(e, t, "*v"));
    text.indent++;
    if (t->kind == TYPE_RECORD)
        read_record(b, t, uses, base);
    else if (t->kind == TYPE_UNION)
        read_union(b, t, uses, base);
    else if (t->kind == TYPE_LIST)
        read_list(b, t, uses, base);
    else
        read_map(b, t, uses, base);
    text.indent--;
    body_line(b, "}");
    section_add(e, SECTION_DECODERS, &text);
    return name;
}

// ---- one value ----

static const char *read_scalar(struct body *b, const struct type *t, const char *j, const char *target)
{
    const char *kind;
    switch (t->kind) {
    case TYPE_BOOL: kind = "bool"; break;
    case TYPE_INT32: kind = "i32"; break;
    case TYPE_INT64: kind = "i64"; break;
    case TYPE_FLOAT32: kind = "f32"; break;
    case TYPE_FLOAT64: kind = "f64"; break;
    case TYPE_STRING: kind = "string"; break;
    case TYPE_BYTES: kind = "bytes"; break;
    case TYPE_TIMESTAMP: kind = "timestamp"; break;
    case TYPE_DATE: kind = "date"; break;
    case TYPE_DURATION: kind = "duration"; break;
    case TYPE_DECIMAL:
        return arena_printf(b->e->arena, "!weir_json_read_dec(%s, %s, %d, %d, &%s)", ctx(b), j, t->precision, t->scale,
                            target);
    case TYPE_ENUM:
        return arena_printf(b->e->arena, "!weir_json_read_case(%s, %s, %s, %d, &%s)", ctx(b), j, enum_names(b->e, t),
                            t->fields.count, target);
    default: kind = "any"; break;
    }
    return arena_printf(b->e->arena, "!weir_json_read_%s(%s, %s, &%s)", kind, ctx(b), j, target);
}

// TARGET is null unless a value stands here.
static const char *read_optional(struct body *b, const struct type *t, const struct uses *uses, const char *base,
                                 const char *j, const char *target)
{
    struct emitter *e = b->e;
    const struct type *plain = t->element;
    const char *null = value_arg(b, value_null(b, t));
    if (type_is_struct(plain)) {
        const char *copy = body_local(b, name_snake(e, type_name(e, plain)));
        body_line(b, "%s *%s = NULL;", type_c(e, plain), copy);
        body_line(b, "if (!weir_json_null(%s, %s))", ctx(b), j);
        body_line(b, "    %s = weir_alloc(%s, sizeof *%s);", copy, ctx(b), copy);
        body_line(b, "%s = %s;", target, copy);
        return arena_printf(e->arena, "%s && !%s(%s, %s, %s)", copy, reader(e, plain, uses_below(uses, 0), base),
                            ctx(b), j, copy);
    }
    if (type_suffix(plain) && strcmp(type_suffix(plain), "str") != 0) {
        body_line(b, "%s.some = !weir_json_null(%s, %s);", target, ctx(b), j);
        return arena_printf(e->arena, "%s.some && %s", target,
                            read_scalar(b, plain, j, arena_printf(e->arena, "%s.v", target)));
    }
    body_line(b, "%s = %s;", target, null);
    return arena_printf(e->arena, "!weir_json_null(%s, %s) && %s", ctx(b), j,
                        emit_read(b, plain, uses_below(uses, 0), base, j, target));
}

const char *emit_read(struct body *b, const struct type *t, const struct uses *uses, const char *base, const char *j,
                      const char *target)
{
    if (type_is_optional(t))
        return read_optional(b, t, uses, base, j, target);
    if (type_suffix(t))
        return read_scalar(b, t, j, target);
    return arena_printf(b->e->arena, "!%s(%s, %s, &%s)", reader(b->e, t, uses, base), ctx(b), j, target);
}
