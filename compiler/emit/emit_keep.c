// What a value has beside itself (strings, lists, records that may be null): its size, and the copy of it into the block of the value.
#include <string.h>

#include "emit/emitter.h"

bool type_has_parts(const struct type *t)
{
    switch (t->kind) {
    case TYPE_STRING:
    case TYPE_BYTES:
    case TYPE_JSON:
    case TYPE_LIST:
    case TYPE_MAP: return true;
    case TYPE_OPTIONAL: return type_is_struct(t->element) || type_has_parts(t->element);
    case TYPE_RECORD:
    case TYPE_UNION:
        for (int i = 0; i < t->fields.count; i++)
            if (type_has_parts(t->fields.items[i].type))
                return true;
        return false;
    default: return false;
    }
}

// ---- the size ----

static const char *extra_fn(struct emitter *e, const struct type *t);

// C text of the size of what V, a path, has beside itself.
static const char *extra_of(struct body *b, const struct type *t, struct value v)
{
    struct emitter *e = b->e;
    const struct type *plain = type_plain(t);
    const char *suffix = type_suffix(plain);
    if (suffix)
        return arena_printf(e->arena, "weir_keep_size(%s)", value_arg(b, value_member(b, v, "n")));
    if (!type_is_optional(t) || !type_is_struct(plain))
        return arena_printf(e->arena, "%s(%s)", extra_fn(e, plain),
                            v.pointer ? v.text : arena_printf(e->arena, "&%s", v.text));
    const char *beside = type_has_parts(plain) ? arena_printf(e->arena, " + %s(%s)", extra_fn(e, plain), v.text) : "";
    return arena_printf(e->arena, "(%s ? weir_keep_size(sizeof *%s)%s : 0)", v.text, v.text, beside);
}

static void extra_members(struct body *b, const struct type *t)
{
    const char *sum = NULL;
    for (int i = 0; i < t->fields.count; i++) {
        const struct type *field = t->fields.items[i].type;
        if (!type_has_parts(field))
            continue;
        const char *one = extra_of(b, field, value_member(b, value_pointer("v"), type_member(b->e, t, i)));
        sum = sum ? arena_printf(b->e->arena, "%s\n    + %s", sum, one) : one;
    }
    body_line(b, "return %s;", sum);
}

static void extra_cases(struct body *b, const struct type *t)
{
    body_line(b, "switch (v->tag) {");
    for (int i = 0; i < t->fields.count; i++) {
        const struct type *of = t->fields.items[i].type;
        if (type_has_parts(of))
            body_line(b, "case %s: return %s;", type_case(b->e, t, i),
                      extra_of(b, of, value_member(b, value_pointer("v"), type_member(b->e, t, i))));
    }
    body_line(b, "default: return 0;");
    body_line(b, "}");
}

// "const struct Item *item"; of records that may be null "const struct Item *const *item".
static const char *pointer_to_const(struct emitter *e, const struct type *t, const char *name)
{
    const char *c = type_c(e, t);
    return arena_printf(e->arena, c[strlen(c) - 1] == '*' ? "%sconst *%s" : "const %s *%s", c, name);
}

static void extra_elements(struct body *b, const struct type *t)
{
    body_line(b, "%s = v->v;", pointer_to_const(b->e, t->element, "item"));
    body_line(b, "size_t size = weir_keep_size(v->n * sizeof *item);");
    if (t->kind == TYPE_MAP)
        body_line(b, "size += weir_keep_size(v->n * sizeof *v->k);");
    if (t->kind == TYPE_MAP || type_has_parts(t->element)) {
        body_line(b, "for (size_t i = 0; i < v->n; i++) {");
        b->out->indent++;
        if (t->kind == TYPE_MAP)
            body_line(b, "size += weir_keep_size(v->k[i].n);");
        if (type_has_parts(t->element))
            body_line(b, "size += %s;", extra_of(b, t->element, value_path("item[i]")));
        b->out->indent--;
        body_line(b, "}");
    }
    body_line(b, "return size;");
}

static const char *extra_fn(struct emitter *e, const struct type *t)
{
    t = t->canonical;
    struct made *made = made_find(e, "extra", t, NULL);
    if (made)
        return made->name;
    struct writer text = {0};
    struct body body = body_new(e, &text, NULL), *b = &body;
    const char *name = made_new(e, "extra", t, NULL, arena_printf(e->arena, "extra_%s", type_name(e, t)));
    body_line(b, "static size_t %s(const %s *v)\n{", name, type_c(e, t));
    text.indent++;
    if (t->kind == TYPE_RECORD)
        extra_members(b, t);
    else if (t->kind == TYPE_UNION)
        extra_cases(b, t);
    else
        extra_elements(b, t);
    text.indent--;
    body_line(b, "}");
    section_add(e, SECTION_KEEPERS, &text);
    return name;
}

// ---- the copy ----

static const char *keep_fn(struct emitter *e, const struct type *t);

// V is a copy; what it has beside itself is not yet.
static void keep_parts(struct body *b, const struct type *t, struct value v)
{
    struct emitter *e = b->e;
    const struct type *plain = type_plain(t);
    if (type_suffix(plain)) {
        const char *p = value_arg(b, value_member(b, v, "p"));
        body_line(b, "%s = weir_keep(next, %s, %s);", p, p, value_arg(b, value_member(b, v, "n")));
    } else if (!type_is_optional(t) || !type_is_struct(plain)) {
        body_line(b, "%s(%s, next);", keep_fn(e, plain), v.pointer ? v.text : arena_printf(e->arena, "&%s", v.text));
    } else if (!type_has_parts(plain)) {
        body_line(b, "%s = weir_keep(next, %s, sizeof *%s);", v.text, v.text, v.text);
    } else {
        const char *copy = body_local(b, name_snake(e, type_name(e, plain)));
        body_line(b, "%s *%s = weir_keep(next, %s, sizeof *%s);", type_c(e, plain), copy, v.text, copy);
        body_line(b, "if (%s)", copy);
        body_line(b, "    %s(%s, next);", keep_fn(e, plain), copy);
        body_line(b, "%s = %s;", v.text, copy);
    }
}

static void keep_cases(struct body *b, const struct type *t)
{
    body_line(b, "switch (v->tag) {");
    for (int i = 0; i < t->fields.count; i++) {
        if (!type_has_parts(t->fields.items[i].type))
            continue;
        body_line(b, "case %s:", type_case(b->e, t, i));
        b->out->indent++;
        keep_parts(b, t->fields.items[i].type, value_member(b, value_pointer("v"), type_member(b->e, t, i)));
        body_line(b, "break;");
        b->out->indent--;
    }
    body_line(b, "default: break;");
    body_line(b, "}");
}

static void keep_each(struct body *b, const struct type *t, struct value element)
{
    struct sub s;
    body_line(b, "for (size_t i = 0; i < v->n; i++) {");
    block_begin(b, &s);
    keep_parts(b, t, element);
    block_end(b, &s);
}

static void keep_elements(struct body *b, const struct type *t)
{
    static const struct type string = {.kind = TYPE_STRING};
    struct emitter *e = b->e;
    if (t->kind == TYPE_MAP) {
        body_line(b, "struct weir_str *key = weir_keep(next, v->k, v->n * sizeof *key);");
        keep_each(b, &string, value_path("key[i]"));
        body_line(b, "v->k = key;");
    }
    body_line(b, "%s = weir_keep(next, v->v, v->n * sizeof *item);", type_declare(e, t->element, "*item"));
    if (type_has_parts(t->element))
        keep_each(b, t->element, value_path("item[i]"));
    body_line(b, "v->v = item;");
}

static const char *keep_fn(struct emitter *e, const struct type *t)
{
    t = t->canonical;
    struct made *made = made_find(e, "keep", t, NULL);
    if (made)
        return made->name;
    struct writer text = {0};
    struct body body = body_new(e, &text, NULL), *b = &body;
    static const char *const locals[] = {"v", "next", "item", "key"};
    for (size_t i = 0; i < sizeof locals / sizeof *locals; i++)
        names_add(b->locals, locals[i]);
    const char *name = made_new(e, "keep", t, NULL, arena_printf(e->arena, "keep_%s", type_name(e, t)));
    body_line(b, "static void %s(%s, char **next)\n{", name, type_declare(e, t, "*v"));
    text.indent++;
    if (t->kind == TYPE_UNION)
        keep_cases(b, t);
    else if (t->kind != TYPE_RECORD)
        keep_elements(b, t);
    for (int i = 0; t->kind == TYPE_RECORD && i < t->fields.count; i++)
        if (type_has_parts(t->fields.items[i].type))
            keep_parts(b, t->fields.items[i].type, value_member(b, value_pointer("v"), type_member(e, t, i)));
    text.indent--;
    body_line(b, "}");
    section_add(e, SECTION_KEEPERS, &text);
    return name;
}

// ---- as the runtime calls them ----

// What `v` points to: a record that may be null is a pointer itself.
static struct value pointed(const struct type *t)
{
    return type_is_optional(t) && type_is_struct(type_plain(t)) ? value_path("(*v)") : value_pointer("v");
}

const char *emit_extra(struct emitter *e, const struct type *t)
{
    t = t->canonical;
    struct made *made = made_find(e, "extra value", t, NULL);
    if (made)
        return made->name;
    struct writer text = {0};
    struct body body = body_new(e, &text, NULL), *b = &body;
    const char *name = made_new(e, "extra value", t, NULL, arena_printf(e->arena, "extra_of_%s", type_name(e, t)));
    body_line(b, "static size_t %s(const void *value)\n{", name);
    body_line(b, "    %s = value;", pointer_to_const(e, t, "v"));
    body_line(b, "    return %s;\n}", extra_of(b, t, pointed(t)));
    section_add(e, SECTION_KEEPERS, &text);
    return name;
}

const char *emit_keep(struct emitter *e, const struct type *t)
{
    t = t->canonical;
    struct made *made = made_find(e, "keep value", t, NULL);
    if (made)
        return made->name;
    struct writer text = {.indent = 0};
    struct body body = body_new(e, &text, NULL), *b = &body;
    const char *name = made_new(e, "keep value", t, NULL, arena_printf(e->arena, "keep_of_%s", type_name(e, t)));
    body_line(b, "static void %s(void *to, const void *from)\n{", name);
    text.indent++;
    body_line(b, "%s = to;", type_declare(e, t, "*v"));
    body_line(b, "char *block = (char *)(v + 1), **next = &block;");
    body_line(b, "*v = *(%s)from;", pointer_to_const(e, t, ""));
    keep_parts(b, t, pointed(t));
    text.indent--;
    body_line(b, "}");
    section_add(e, SECTION_KEEPERS, &text);
    return name;
}
