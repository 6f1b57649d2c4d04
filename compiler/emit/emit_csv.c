// CSV: a record of scalars, or one scalar, as one line.
#include <string.h>

#include "emit/emitter.h"

static bool is_text(const struct type *t)
{
    return t->kind == TYPE_STRING;
}

// The value of the text FIELD as type T.
static struct value parse(struct body *b, const struct type *t)
{
    const char *kind;
    switch (t->kind) {
    case TYPE_BOOL: kind = "bool"; break;
    case TYPE_INT32: kind = "i32"; break;
    case TYPE_INT64:
    case TYPE_DURATION: kind = "i64"; break;
    case TYPE_FLOAT32: kind = "f32"; break;
    case TYPE_FLOAT64: kind = "f64"; break;
    case TYPE_DATE: kind = "date"; break;
    case TYPE_DECIMAL:
        return value_printf(b, PREC_POSTFIX, "weir_dec_of_string(w, field, %d, %d)", t->precision, t->scale);
    case TYPE_TIMESTAMP: return value_make(PREC_POSTFIX, "weir_csv_timestamp(w, field)");
    case TYPE_BYTES: return value_make(PREC_POSTFIX, "weir_decode(w, field, WEIR_STR(\"base64\"))");
    case TYPE_JSON: return value_make(PREC_POSTFIX, "weir_parse_json(w, field)");
    default: return value_make(PREC_POSTFIX, "field");
    }
    return value_printf(b, PREC_POSTFIX, "weir_%s_of_string(w, field)", kind);
}

// Reads the next field into TARGET; NAME is how failures call it.
static void read_field(struct body *b, const struct type *t, bool used, const char *target, const char *name)
{
    const struct type *plain = type_plain(t);
    const char *next = "weir_csv_next(w, &csv, &field, &quoted)";
    if (!used) {
        body_line(b, "if (!%s && w->bad)", next);
        body_line(b, "    return false;");
        return;
    }
    body_line(b, "if (!%s%s)", next, type_is_optional(t) ? " && w->bad" : "");
    body_line(b, type_is_optional(t) ? "    return false;" : "    return !w->bad && weir_json_missing(w, %s);", name);
    if (type_is_optional(t)) {
        body_line(b, "%s = %s;", target, value_arg(b, value_null(b, t)));
        body_line(b, "if (field.n > 0 || quoted) {");
        b->out->indent++;
    }
    if (plain->kind == TYPE_ENUM) {
        const char *into = type_is_optional(t) ? arena_printf(b->e->arena, "%s.v", target) : target;
        body_line(b, "if (!weir_case_of(w, field, %s, %d, &%s))", enum_names(b->e, plain), plain->fields.count, into);
        body_line(b, "    return weir_csv_in_field(w, %s);", name);
        if (type_is_optional(t))
            body_line(b, "%s.some = true;", target);
    } else {
        struct value v = parse(b, plain);
        body_line(b, "%s = %s;", target, value_arg(b, type_is_optional(t) ? value_some(b, v, t) : v));
        if (!is_text(plain)) {
            body_line(b, "if (w->bad)");
            body_line(b, "    return weir_csv_in_field(w, %s);", name);
        }
    }
    if (type_is_optional(t)) {
        b->out->indent--;
        body_line(b, "}");
    }
}

static bool field_used(const struct uses *uses, int i)
{
    return !uses || uses->whole || (uses->fields && uses->fields[i] && uses->fields[i]->used);
}

const char *csv_reader(struct emitter *e, const struct type *t, const struct uses *uses)
{
    if (uses && uses->whole)
        uses = NULL;
    struct made *made = made_find(e, "csv reader", t, uses);
    if (made)
        return made->name;
    const char *name = made_new(e, "csv reader", t, uses, arena_printf(e->arena, "read_csv_%s", type_name(e, t)));
    struct writer text = {0};
    struct body body = body_new(e, &text, "return false;"), *b = &body;
    body_line(b, "static bool %s(struct weir_ctx *w, struct weir_str line, char delimiter, %s)\n{", name,
              type_declare(e, t, "*v"));
    text.indent++;
    body_line(b, "struct weir_csv csv;");
    body_line(b, "struct weir_str field;");
    body_line(b, "bool quoted;");
    body_line(b, "weir_csv_start(&csv, line, delimiter);");
    bool any = t->kind != TYPE_RECORD;
    if (t->kind != TYPE_RECORD)
        read_field(b, t, true, "*v", "\"value\"");
    for (int i = 0; t->kind == TYPE_RECORD && i < t->fields.count; i++) {
        const char *field = t->fields.items[i].name, *c_name = text_c_string(e, field, strlen(field));
        bool used = field_used(uses, i);
        const char *target = used ? arena_printf(e->arena, "v->%s", type_member(e, t, i)) : NULL;
        read_field(b, t->fields.items[i].type, used, target, c_name);
        any = any || used;
    }
    if (!any)
        body_line(b, "(void)v;");
    body_line(b, "return weir_csv_end(w, &csv);");
    text.indent--;
    body_line(b, "}");
    section_add(e, SECTION_DECODERS, &text);
    return name;
}

// ---- writing ----

// What may need quotes, and so the delimiter.
static bool puts_text(const struct type *t)
{
    return t->kind == TYPE_STRING || t->kind == TYPE_JSON || t->kind == TYPE_BYTES || t->kind == TYPE_ENUM ||
           t->kind == TYPE_DATE || (t->kind == TYPE_TIMESTAMP && t->iso);
}

static void write_field(struct body *b, const struct type *t, struct value v)
{
    const struct type *plain = type_plain(t);
    if (type_is_optional(t)) {
        body_line(b, "if (%s) {", value_arg(b, value_is_some(b, v, t, false)));
        b->out->indent++;
        v = value_unwrap(b, v, t);
    }
    if (plain->kind == TYPE_STRING || plain->kind == TYPE_JSON)
        body_line(b, "weir_csv_put(b, %s, delimiter);", value_arg(b, v));
    else if (plain->kind == TYPE_DATE || (plain->kind == TYPE_TIMESTAMP && plain->iso)) // quoted in JSON
        body_line(b, "weir_csv_put(b, weir_string_of_%s(b->w, %s), delimiter);",
                  plain->kind == TYPE_DATE ? "date" : "timestamp", value_arg(b, v));
    else if (plain->kind == TYPE_BYTES)
        body_line(b, "weir_csv_put(b, weir_encode(b->w, %s, WEIR_STR(\"base64\")), delimiter);", value_arg(b, v));
    else if (plain->kind == TYPE_ENUM)
        body_line(b, "weir_csv_put(b, %s[%s], delimiter);", enum_names(b->e, plain), value_arg(b, v));
    else
        emit_write(b, plain, "b", v); // as in JSON
    if (type_is_optional(t)) {
        b->out->indent--;
        body_line(b, "}");
    }
}

const char *csv_writer(struct emitter *e, const struct type *t)
{
    struct made *made = made_find(e, "csv writer", t, NULL);
    if (made)
        return made->name;
    const char *name = made_new(e, "csv writer", t, NULL, arena_printf(e->arena, "write_csv_%s", type_name(e, t)));
    struct writer text = {0};
    struct body body = body_new(e, &text, NULL), *b = &body;
    body_line(b, "static void %s(struct weir_buf *b, %s, char delimiter)\n{", name, type_parameter(e, t, "v"));
    text.indent++;
    if (t->kind != TYPE_RECORD)
        write_field(b, t, value_path("v"));
    for (int i = 0; t->kind == TYPE_RECORD && i < t->fields.count; i++) {
        if (i > 0)
            body_line(b, "weir_put(b, &delimiter, 1);");
        write_field(b, t->fields.items[i].type, value_member(b, value_pointer("v"), type_member(e, t, i)));
    }
    bool silent = t->kind != TYPE_RECORD ? !puts_text(type_plain(t)) : t->fields.count <= 1;
    if (silent)
        body_line(b, "(void)delimiter;");
    text.indent--;
    body_line(b, "}");
    section_add(e, SECTION_ENCODERS, &text);
    return name;
}
