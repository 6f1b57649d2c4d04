// Equality and hashes of the program's own types; those of scalars, lists and maps are the runtime's.
#include <string.h>

#include "emit/emitter.h"

static bool is_optional_scalar(const struct type *t)
{
    const char *suffix = type_suffix(type_plain(t));
    return type_is_optional(t) && suffix && strcmp(suffix, "str") != 0;
}

// ---- equality ----

static void equal_members(struct body *b, const struct type *t)
{
    struct value left = value_pointer("a"), right = value_pointer("b");
    if (t->fields.count == 0)
        body_line(b, "return a != NULL && b != NULL;");
    for (int i = 0; i < t->fields.count; i++) {
        const char *member = type_member(b->e, t, i);
        struct value same =
            emit_equal(b, value_member(b, left, member), value_member(b, right, member), t->fields.items[i].type);
        const char *end = i < t->fields.count - 1 ? "" : ";";
        body_line(b, "%s%s%s", i ? "    && " : "return ", value_text(b, same, PREC_NOT), end);
    }
}

static void equal_cases(struct body *b, const struct type *t)
{
    struct value left = value_pointer("a"), right = value_pointer("b");
    body_line(b, "if (a->tag != b->tag)");
    body_line(b, "    return false;");
    body_line(b, "switch (a->tag) {");
    for (int i = 0; i < t->fields.count; i++) {
        const char *member = type_member(b->e, t, i);
        struct value same =
            emit_equal(b, value_member(b, left, member), value_member(b, right, member), t->fields.items[i].type);
        body_line(b, "case %s: return %s;", type_case(b->e, t, i), value_arg(b, same));
    }
    body_line(b, "default: return true;");
    body_line(b, "}");
}

static const char *equal_fn(struct emitter *e, const struct type *t)
{
    t = t->canonical;
    struct made *made = made_find(e, "equal", t, NULL);
    if (made)
        return made->name;
    struct writer text = {0};
    struct body body = body_new(e, &text, NULL), *b = &body;
    names_add(b->locals, "a");
    names_add(b->locals, "b");
    const char *name = made_new(e, "equal", t, NULL, arena_printf(e->arena, "equal_%s", type_name(e, t)));
    const char *c = type_c(e, t);
    if (is_optional_scalar(t))
        body_line(b, "static bool %s(%s a, %s b)\n{", name, c, c);
    else
        body_line(b, "static bool %s(const struct %s *a, const struct %s *b)\n{", name, type_name(e, type_plain(t)),
                  type_name(e, type_plain(t)));
    text.indent++;
    if (is_optional_scalar(t)) {
        struct value same = emit_equal(b, value_path("a.v"), value_path("b.v"), type_plain(t));
        body_line(b, "return a.some == b.some && (!a.some || %s);", value_text(b, same, PREC_NOT));
    } else if (type_is_optional(t)) {
        body_line(b, "return a && b ? %s(a, b) : a == b;", equal_fn(e, type_plain(t)));
    } else if (t->kind == TYPE_UNION) {
        equal_cases(b, t);
    } else {
        equal_members(b, t);
    }
    text.indent--;
    body_line(b, "}");
    section_add(e, SECTION_HELPERS, &text);
    return name;
}

struct value emit_equal(struct body *b, struct value left, struct value right, const struct type *t)
{
    const char *suffix = type_suffix(type_plain(t));
    if (suffix && strcmp(suffix, "str") == 0)
        return value_printf(b, PREC_POSTFIX, "weir_eq_str(%s, %s)", value_arg(b, left), value_arg(b, right));
    if (t->kind == TYPE_DECIMAL)
        return value_printf(b, PREC_POSTFIX, "weir_eq_dec(%s, %s)", value_arg(b, left), value_arg(b, right));
    if (suffix && !type_is_optional(t)) {
        const char *l = value_text(b, left, PREC_ADD), *r = value_text(b, right, PREC_ADD);
        if (strcmp(l, r) == 0) // compilers warn of x == x
            return value_printf(b, PREC_EQUAL, "weir_cmp_%s(%s, %s) == 0", suffix, l, r);
        return value_printf(b, PREC_EQUAL, "%s == %s", l, r);
    }
    const struct type *plain = type_plain(t);
    if (plain->kind == TYPE_LIST || plain->kind == TYPE_MAP)
        return value_printf(b, PREC_POSTFIX, "weir_%s_equal(%s, %s, %s)", plain->kind == TYPE_LIST ? "list" : "map",
                            value_arg(b, left), value_arg(b, right), emit_element(b->e, plain->element));
    const char *name = equal_fn(b->e, t);
    return value_printf(b, PREC_POSTFIX, "%s(%s, %s)", name, value_passed(b, left, t), value_passed(b, right, t));
}

// ---- hashes ----

static void hash_members(struct body *b, const struct type *t)
{
    body_line(b, "uint64_t hash = %d;", t->fields.count);
    if (t->fields.count == 0)
        body_line(b, "(void)v;");
    for (int i = 0; i < t->fields.count; i++) {
        struct value member = value_member(b, value_pointer("v"), type_member(b->e, t, i));
        struct value hash = emit_hash(b, member, t->fields.items[i].type);
        body_line(b, "hash = weir_hash_mix(hash, %s);", value_arg(b, hash));
    }
    body_line(b, "return hash;");
}

static void hash_cases(struct body *b, const struct type *t)
{
    body_line(b, "switch (v->tag) {");
    for (int i = 0; i < t->fields.count; i++) {
        struct value member = value_member(b, value_pointer("v"), type_member(b->e, t, i));
        struct value hash = emit_hash(b, member, t->fields.items[i].type);
        body_line(b, "case %s: return weir_hash_mix(%d, %s);", type_case(b->e, t, i), i, value_arg(b, hash));
    }
    body_line(b, "default: return 0;");
    body_line(b, "}");
}

static const char *hash_fn(struct emitter *e, const struct type *t)
{
    t = t->canonical;
    struct made *made = made_find(e, "hash", t, NULL);
    if (made)
        return made->name;
    struct writer text = {0};
    struct body body = body_new(e, &text, NULL), *b = &body;
    names_add(b->locals, "v");
    const char *name = made_new(e, "hash", t, NULL, arena_printf(e->arena, "hash_%s", type_name(e, t)));
    body_line(b, "static uint64_t %s(const struct %s *v)\n{", name, type_name(e, t));
    text.indent++;
    if (t->kind == TYPE_UNION)
        hash_cases(b, t);
    else
        hash_members(b, t);
    text.indent--;
    body_line(b, "}");
    section_add(e, SECTION_HELPERS, &text);
    return name;
}

struct value emit_hash(struct body *b, struct value v, const struct type *t)
{
    const struct type *plain = type_plain(t);
    const char *suffix = type_suffix(plain);
    if (plain->kind == TYPE_LIST || plain->kind == TYPE_MAP)
        return value_printf(b, PREC_POSTFIX, "weir_%s_hash(%s, %s)", plain->kind == TYPE_LIST ? "list" : "map",
                            value_arg(b, v), emit_element(b->e, plain->element));
    if (type_is_struct(t))
        return value_printf(b, PREC_POSTFIX, "%s(%s)", hash_fn(b->e, t), value_address(b, v, t));
    if (suffix && (!type_is_optional(t) || strcmp(suffix, "str") == 0))
        return value_printf(b, PREC_POSTFIX, "weir_hash_%s(%s)", suffix, value_arg(b, v));
    const char *there = value_text(b, value_is_some(b, v, t, false), PREC_OR);
    struct value inner = emit_hash(b, value_unwrap(b, v, t), plain);
    return value_printf(b, PREC_COND, "%s ? %s : 0", there, value_arg(b, inner));
}

// ---- elements of lists and maps ----

// The functions of struct weir_element take pointers to anything.
static void element_functions(struct emitter *e, const struct type *t, const char *name, struct writer *text)
{
    struct body body = body_new(e, text, NULL), *b = &body;
    const char *c = type_c(e, t);
    const char *pointer = arena_printf(e->arena, c[strlen(c) - 1] == '*' ? "%sconst *" : "const %s *", c);
    const char *left = arena_printf(e->arena, "(%s)a", pointer), *right = arena_printf(e->arena, "(%s)b", pointer);
    struct value a = {.text = left, .prec = PREC_UNARY, .pointer = true, .path = true};
    struct value same, hash;
    if (type_is_struct(t)) {
        a.text = "a"; // void pointers convert by themselves
        struct value other = a;
        other.text = "b";
        same = emit_equal(b, a, other, t);
        a.text = "v";
        hash = emit_hash(b, a, t);
    } else {
        same = emit_equal(b, value_make(PREC_UNARY, arena_printf(e->arena, "*%s", left)),
                          value_make(PREC_UNARY, arena_printf(e->arena, "*%s", right)), t);
        hash = emit_hash(b, value_make(PREC_UNARY, arena_printf(e->arena, "*(%s)v", pointer)), t);
    }
    body_line(b, "static bool equal_%s(const void *a, const void *b)\n{\n    return %s;\n}\n", name,
              value_arg(b, same));
    body_line(b, "static uint64_t hash_%s(const void *v)\n{\n    return %s;\n}\n", name, value_arg(b, hash));
}

const char *emit_element(struct emitter *e, const struct type *t)
{
    t = t->canonical;
    const char *suffix = type_suffix(type_plain(t));
    if (suffix)
        return arena_printf(e->arena, is_optional_scalar(t) ? "&weir_element_opt_%s" : "&weir_element_%s", suffix);
    struct made *made = made_find(e, "element", t, NULL);
    if (made)
        return arena_printf(e->arena, "&%s", made->name);
    const char *name = made_new(e, "element", t, NULL, arena_printf(e->arena, "element_%s", type_name(e, t)));
    struct writer text = {0};
    element_functions(e, t, name, &text);
    const char *c = type_c(e, t);
    writer_printf(&text, "static const struct weir_element %s = { sizeof(%s), equal_%s, hash_%s, NULL };\n", name, c,
                  name, name);
    section_add(e, SECTION_HELPERS, &text);
    return arena_printf(e->arena, "&%s", name);
}
