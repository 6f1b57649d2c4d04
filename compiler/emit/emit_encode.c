// JSON encoders. What does not depend on the value is merged into as few literals as can be.
#include <string.h>

#include "emit/emitter.h"

// An encoder as it is written: literals wait until something else follows.
struct out {
    struct body *b;
    const char *buf;
    struct writer literal;
};

static void literal(struct out *o, const char *text)
{
    writer_puts(&o->literal, text);
}

static void flush(struct out *o)
{
    if (o->literal.len > 0)
        body_line(o->b, "weir_put_lit(%s, %s);", o->buf, text_c_string(o->b->e, o->literal.text, o->literal.len));
    writer_free(&o->literal);
}

static void write_value(struct out *o, const struct type *t, struct value v);

// ---- records ----

static void literal_name(struct out *o, const char *name, const char *before)
{
    literal(o, before);
    writer_json_string(&o->literal, name, strlen(name));
    literal(o, ":");
}

// The fields of a record, the first behind BEFORE.
static void write_members(struct out *o, const struct type *t, struct value v, const char *before)
{
    for (int i = 0; i < t->fields.count; i++) {
        literal_name(o, t->fields.items[i].name, i ? "," : before);
        write_value(o, t->fields.items[i].type, value_member(o->b, v, type_member(o->b->e, t, i)));
    }
    if (t->fields.count == 0)
        literal(o, *before == '{' ? "{" : "");
    literal(o, "}");
}

// The tag comes first, unless the record has it as a field of its own.
static void write_union(struct out *o, const struct type *t)
{
    struct body *b = o->b;
    body_line(b, "switch (v->tag) {");
    for (int i = 0; i < t->fields.count; i++) {
        const struct type *record = t->fields.items[i].type;
        struct value inner = value_member(b, value_pointer("v"), type_member(b->e, t, i));
        body_line(b, i < t->fields.count - 1 ? "case %s:" : "default: // %s", type_case(b->e, t, i));
        b->out->indent++;
        if (type_field_index(record, t->tag) >= 0) {
            write_value(o, record, inner);
        } else {
            literal_name(o, t->tag, "{");
            writer_json_string(&o->literal, t->fields.items[i].name, strlen(t->fields.items[i].name));
            write_members(o, record, inner, ",");
        }
        flush(o);
        body_line(b, "break;");
        b->out->indent--;
    }
    body_line(b, "}");
}

// ---- lists and maps ----

static void write_elements(struct out *o, const struct type *t)
{
    struct body *b = o->b;
    bool map = t->kind == TYPE_MAP;
    const char *c = type_c(b->e, t->element);
    body_line(b, c[strlen(c) - 1] == '*' ? "%sconst *item = v.v;" : "const %s *item = v.v;", c);
    body_line(b, "weir_put_lit(b, \"%s\");", map ? "{" : "[");
    body_line(b, "for (size_t i = 0; i < v.n; i++) {");
    b->out->indent++;
    body_line(b, "if (i > 0)");
    body_line(b, "    weir_put_lit(b, \",\");");
    if (map) {
        body_line(b, "weir_put_string(b, v.k[i]);");
        literal(o, ":");
    }
    write_value(o, t->element, value_path("item[i]"));
    flush(o);
    b->out->indent--;
    body_line(b, "}");
    body_line(b, "weir_put_lit(b, \"%s\");", map ? "}" : "]");
}

// ---- one function for each type that is made of others ----

static const char *encoder(struct emitter *e, const struct type *t)
{
    struct made *made = made_find(e, "write", t, NULL);
    if (made)
        return made->name;
    const char *name = made_new(e, "write", t, NULL, arena_printf(e->arena, "write_%s", type_name(e, t)));
    struct writer text = {0};
    struct body body = body_new(e, &text, NULL);
    struct out o = {.b = &body, .buf = "b"};
    names_add(body.locals, "b");
    names_add(body.locals, "v");
    names_add(body.locals, "item");
    body_line(&body, "static void %s(struct weir_buf *b, %s)\n{", name, type_parameter(e, t, "v"));
    text.indent++;
    if (t->kind == TYPE_RECORD && t->fields.count == 0)
        body_line(&body, "(void)v;");
    if (t->kind == TYPE_RECORD)
        write_members(&o, t, value_pointer("v"), "{");
    else if (t->kind == TYPE_UNION)
        write_union(&o, t);
    else
        write_elements(&o, t);
    flush(&o);
    text.indent--;
    body_line(&body, "}");
    section_add(e, SECTION_ENCODERS, &text);
    return name;
}

// ---- one value ----

static void put(struct out *o, const char *kind, struct value v)
{
    flush(o);
    body_line(o->b, "weir_put_%s(%s, %s);", kind, o->buf, value_arg(o->b, v));
}

static void write_optional(struct out *o, const struct type *t, struct value v)
{
    struct body *b = o->b;
    flush(o);
    body_line(b, "if (%s) {", value_arg(b, value_is_some(b, v, t, false)));
    b->out->indent++;
    write_value(o, t->element, value_unwrap(b, v, t));
    flush(o);
    b->out->indent--;
    body_line(b, "} else {");
    body_line(b, "    weir_put_lit(%s, \"null\");", o->buf);
    body_line(b, "}");
}

static void write_value(struct out *o, const struct type *t, struct value v)
{
    struct body *b = o->b;
    switch (t->kind) {
    case TYPE_OPTIONAL: write_optional(o, t, v); break;
    case TYPE_BOOL: put(o, "bool", v); break;
    case TYPE_FLOAT32: put(o, "f32", v); break;
    case TYPE_FLOAT64: put(o, "f64", v); break;
    case TYPE_STRING: put(o, "string", v); break;
    case TYPE_BYTES: put(o, "bytes", v); break;
    case TYPE_JSON: put(o, "json", v); break;
    case TYPE_DATE: put(o, "date", v); break;
    case TYPE_TIMESTAMP: put(o, t->iso ? "timestamp_iso" : "i64", v); break;
    case TYPE_DECIMAL:
        flush(o);
        body_line(b, "weir_put_dec(%s, %s, %d);", o->buf, value_arg(b, v), t->scale);
        break;
    case TYPE_ENUM:
        flush(o);
        body_line(b, "weir_put_string(%s, %s[%s]);", o->buf, enum_names(b->e, t), value_arg(b, v));
        break;
    case TYPE_RECORD:
    case TYPE_UNION:
    case TYPE_LIST:
    case TYPE_MAP: {
        flush(o);
        const char *name = encoder(b->e, t);
        body_line(b, "%s(%s, %s);", name, o->buf, value_passed(b, v, t));
        break;
    }
    default: put(o, "i64", v); break;
    }
}

void emit_write(struct body *b, const struct type *t, const char *buf, struct value v)
{
    struct out o = {.b = b, .buf = buf};
    write_value(&o, t, v);
    flush(&o);
}
