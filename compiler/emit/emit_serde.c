// Keys and values from and to bytes, whatever the serde.
#include <inttypes.h>
#include <string.h>

#include "emit/emitter.h"
#include "types/dump.h"

static const char *wire_suffix(const struct serde *serde)
{
    switch (serde->format) {
    case SERDE_STRING: return "string";
    case SERDE_BOOL: return "bool";
    case SERDE_INT32: return "i32";
    case SERDE_INT64: return "i64";
    case SERDE_FLOAT32: return "f32";
    case SERDE_FLOAT64: return "f64";
    default: return NULL;
    }
}

// ---- decoding ----

static const char *csv_delimiter(struct emitter *e, const struct serde *serde)
{
    switch (serde->delimiter) {
    case '\t': return "'\\t'";
    case '\'': return "'\\''";
    case '\\': return "'\\\\'";
    default: break;
    }
    if (serde->delimiter >= ' ' && serde->delimiter < 0x7F)
        return arena_printf(e->arena, "'%c'", serde->delimiter);
    return arena_printf(e->arena, "'\\%03o'", (unsigned char)serde->delimiter);
}

// Statements, and a condition that holds on failure, that read BYTES into TARGET of plain type T.
static const char *decode_plain(struct body *b, const struct serde *serde, const struct uses *uses, const char *base,
                                const char *bytes, const char *target)
{
    struct emitter *e = b->e;
    const struct type *t = type_plain(serde->type);
    if (wire_suffix(serde))
        return arena_printf(e->arena, "!weir_wire_to_%s(%s, %s, &%s)", wire_suffix(serde), ctx(b), bytes, target);
    if (serde->format == SERDE_CSV)
        return arena_printf(e->arena, "!%s(%s, %s, %s, &%s)", csv_reader(e, t, uses), ctx(b), bytes,
                            csv_delimiter(e, serde), target);
    const char *j = body_local(b, "j");
    body_line(b, "struct weir_json %s;", j);
    body_line(b, "weir_json_start(&%s, %s);", j, bytes);
    const char *at = arena_printf(e->arena, "&%s", j);
    const char *read = emit_read(b, t, uses, base, at, target); // of a plain type: one call
    return arena_printf(e->arena, "%s || !weir_json_finish(%s, &%s)", read, ctx(b), j);
}

static void fail_if(struct body *b, const char *cond)
{
    body_line(b, "if (%s)", cond);
    body_line(b, "    %s", b->fail);
}

// JSON's null is null too.
static void decode_optional_json(struct body *b, const struct serde *serde, const struct uses *uses, const char *base,
                                 const char *bytes, const char *name)
{
    const char *j = body_local(b, "j");
    body_line(b, "struct weir_json %s;", j);
    body_line(b, "weir_json_start(&%s, %s);", j, bytes);
    const char *read = emit_read(b, serde->type, uses, base, arena_printf(b->e->arena, "&%s", j), name);
    fail_if(b, arena_printf(b->e->arena, "(%s) || !weir_json_finish(%s, &%s)", read, ctx(b), j));
}

static void decode_optional(struct body *b, const struct serde *serde, const struct uses *uses, const char *base,
                            const char *bytes, const char *name)
{
    struct emitter *e = b->e;
    const struct type *plain = type_plain(serde->type);
    if (serde->format == SERDE_JSON) {
        decode_optional_json(b, serde, uses, base, bytes, name);
    } else if (type_is_struct(plain)) {
        const struct uses *below = uses && !uses->whole && uses->fields ? uses->fields[0] : NULL;
        const char *copy = body_local(b, name_snake(e, type_name(e, plain)));
        body_line(b, "%s *%s = weir_alloc(%s, sizeof *%s);", type_c(e, plain), copy, ctx(b), copy);
        fail_if(b, decode_plain(b, serde, below, base, bytes, arena_printf(e->arena, "(*%s)", copy)));
        body_line(b, "%s = %s;", name, copy);
    } else if (type_suffix(plain) && strcmp(type_suffix(plain), "str") == 0) {
        fail_if(b, decode_plain(b, serde, NULL, base, bytes, name));
    } else {
        fail_if(b, decode_plain(b, serde, NULL, base, bytes, arena_printf(e->arena, "%s.v", name)));
        body_line(b, "%s.some = true;", name);
    }
}

static void declare_zero(struct body *b, const struct type *t, const char *name)
{
    const char *suffix = type_suffix(t), *zero = "{ 0 }";
    if (type_is_optional(t) ? type_is_struct(type_plain(t)) : suffix && strcmp(suffix, "dec") != 0)
        zero = value_arg(b, value_zero(b, t));
    if (type_suffix(type_plain(t)) && strcmp(type_suffix(type_plain(t)), "str") == 0)
        zero = "WEIR_NULL_STR";
    body_line(b, "%s = %s;", type_declare(b->e, t, name), zero);
}

struct value emit_decode(struct body *b, const struct serde *serde, const struct uses *uses, const char *base,
                         const char *bytes, const char *name, bool maybe_null)
{
    const struct type *t = serde->type;
    if (serde->format == SERDE_BYTES) {
        body_line(b, "struct weir_str %s = %s;", name, bytes);
        return value_path(name);
    }
    if (!maybe_null && !type_is_optional(t)) {
        body_line(b, "%s;", type_declare(b->e, t, name));
        fail_if(b, decode_plain(b, serde, uses, base, bytes, name));
        return value_path(name);
    }
    declare_zero(b, t, name);
    struct sub s;
    sub_begin(b, &s);
    const char *read = type_is_optional(t) ? NULL : decode_plain(b, serde, uses, base, bytes, name);
    if (!read)
        decode_optional(b, serde, uses, base, bytes, name);
    if (!sub_end(b, &s)) {
        sub_drop(&s);
        body_line(b, "if (%s.p && %s)", bytes, read);
        body_line(b, "    %s", b->fail);
        return value_path(name);
    }
    if (read) {
        b->out = &s.text;
        fail_if(b, read);
        b->out = s.outer;
    }
    body_line(b, "if (%s.p) {", bytes);
    sub_flush(b, &s);
    body_line(b, "}");
    return value_path(name);
}

// ---- encoding ----

struct value emit_json_text(struct body *b, struct value v, const struct type *t, const char *name)
{
    const char *buf = body_local(b, name);
    v = type_suffix(type_plain(t)) ? v : value_keep(b, v, t, "value");
    body_line(b, "struct weir_buf %s;", buf);
    body_line(b, "weir_buf_init(%s, &%s, %d);", ctx(b), buf, type_is_struct(type_plain(t)) ? 256 : 64);
    emit_write(b, t, arena_printf(b->e->arena, "&%s", buf), v);
    return value_printf(b, PREC_POSTFIX, "weir_buf_str(&%s)", buf);
}

static struct value encode_plain(struct body *b, const struct serde *serde, struct value v, const struct type *t,
                                 const char *name)
{
    if (serde->format == SERDE_STRING || serde->format == SERDE_BYTES)
        return v;
    if (wire_suffix(serde))
        return value_printf(b, PREC_POSTFIX, "weir_wire_of_%s(%s, %s)", wire_suffix(serde), ctx(b), value_arg(b, v));
    // What is written is of the serde's type, which may write timestamps in another way.
    const struct type *as = type_plain(serde->type);
    if (serde->format != SERDE_CSV)
        return as->kind == TYPE_JSON ? v : emit_json_text(b, v, as, name);
    const char *buf = body_local(b, name);
    body_line(b, "struct weir_buf %s;", buf);
    body_line(b, "weir_buf_init(%s, &%s, 256);", ctx(b), buf);
    body_line(b, "%s(&%s, %s, %s);", csv_writer(b->e, as), buf, value_passed(b, v, t), csv_delimiter(b->e, serde));
    return value_printf(b, PREC_POSTFIX, "weir_buf_str(&%s)", buf);
}

struct value emit_encode(struct body *b, const struct serde *serde, struct value v, const struct type *t,
                         const char *null_test, const char *name)
{
    if (!type_is_optional(t) && !null_test)
        return encode_plain(b, serde, v, t, name);
    if (serde->format == SERDE_STRING || serde->format == SERDE_BYTES)
        return v; // null stays null
    v = value_keep(b, v, t, "value");
    const char *there = type_is_optional(t) ? value_arg(b, value_is_some(b, v, t, false))
                                            : arena_printf(b->e->arena, "!(%s)", null_test);
    struct value plain = type_is_optional(t) ? value_unwrap(b, v, t) : v;
    const char *bytes = body_local(b, arena_printf(b->e->arena, "%s_bytes", name));
    body_line(b, "struct weir_str %s = WEIR_NULL_STR;", bytes);
    body_line(b, "if (%s) {", there);
    b->out->indent++;
    struct value encoded = encode_plain(b, serde, plain, type_plain(t), name);
    body_line(b, "%s = %s;", bytes, value_arg(b, encoded));
    b->out->indent--;
    body_line(b, "}");
    return value_path(bytes);
}

// ---- tables ----

static const char *scalar_table(const struct serde *serde)
{
    switch (serde->format) {
    case SERDE_STRING: return "weir_serde_string";
    case SERDE_BYTES: return "weir_serde_bytes";
    case SERDE_BOOL: return "weir_serde_bool";
    case SERDE_INT32: return "weir_serde_int32";
    case SERDE_INT64: return "weir_serde_int64";
    case SERDE_FLOAT32: return "weir_serde_float32";
    case SERDE_FLOAT64: return "weir_serde_float64";
    default: return NULL;
    }
}

// Whether T as JSON may itself be a string, so that a string in a file is no raw line.
static bool is_json_string(const struct type *t)
{
    return t->kind != TYPE_RECORD && !type_is_number(t) && t->kind != TYPE_BOOL;
}

// Between the JSON of topics as files and bytes, in either direction.
static void write_translation(struct emitter *e, const char *name, const struct serde *from, const struct serde *to,
                              bool raw_lines)
{
    const struct type *t = type_plain(from->type);
    struct writer text = {0};
    struct body body = body_new(e, &text, "return WEIR_NULL_STR;"), *b = &body;
    names_add(b->locals, "text");
    body_line(b, "static struct weir_str %s(struct weir_ctx *w, struct weir_str text)\n{", name);
    text.indent++;
    if (raw_lines)
        body_line(b, "if (text.n > 0 && text.p[0] == '\"') // a line as it is\n    return "
                     "weir_serde_string.from_json(w, text);");
    struct value v = emit_decode(b, from, NULL, type_name(e, t), "text", body_local(b, "value"), false);
    struct value bytes = emit_encode(b, to, v, t, NULL, "bytes");
    body_line(b, "return w->bad ? WEIR_NULL_STR : %s;", value_arg(b, bytes));
    text.indent--;
    body_line(b, "}\n");
    section_add(e, SECTION_SERDES, &text);
}

// Files hold the value as JSON, whatever the serde; a line of CSV as a string is taken too.
static const char *csv_table(struct emitter *e, const struct serde *serde)
{
    const struct type *t = type_plain(serde->type);
    const char *kind = arena_printf(e->arena, "csv serde %c", serde->delimiter);
    struct made *made = made_find(e, kind, t, NULL);
    if (made)
        return made->name;
    const char *name = made_new(e, kind, t, NULL, arena_printf(e->arena, "serde_csv_%s", type_name(e, t)));
    struct serde csv = *serde, json = {.format = SERDE_JSON, .type = t};
    csv.type = t;
    const char *from = arena_printf(e->arena, "%s_from_json", name), *to = arena_printf(e->arena, "%s_to_json", name);
    write_translation(e, from, &json, &csv, !is_json_string(t));
    write_translation(e, to, &csv, &json, false);
    const char *shown = t->name ? arena_printf(e->arena, "csv %s", t->name) : "csv";
    struct writer text = {0};
    writer_printf(&text, "static const struct weir_serde %s = { .name = %s, .from_json = %s, .to_json = %s };\n", name,
                  text_c_string(e, shown, strlen(shown)), from, to);
    section_add(e, SECTION_SERDES, &text);
    return name;
}

const char *serde_window(const struct serde *serde)
{
    return serde->window == AST_SESSION_WINDOWED ? "WEIR_SESSION_WINDOWS" : "WEIR_TIME_WINDOWS";
}

// The inner key's serde, and how the window stands behind it.
static const char *windowed_table(struct emitter *e, const struct serde *serde)
{
    const struct type *t = type_plain(serde->type);
    const char *kind = arena_printf(e->arena, "windowed serde %d %d %d %" PRId64, serde->format, serde->delimiter,
                                    serde->window, serde->window_size);
    struct made *made = made_find(e, kind, t, NULL);
    if (made)
        return made->name;
    struct serde inner = *serde;
    inner.window = AST_NOT_WINDOWED;
    const char *inner_name = serde_table(e, &inner), *scalar = scalar_table(&inner);
    const char *shown = serde_show(e->arena, serde);
    const char *name = made_new(e, kind, t, NULL, arena_printf(e->arena, "serde_windowed_%s", type_name(e, t)));
    struct writer text = {0};
    writer_printf(&text, "static const struct weir_serde %s = {\n    .name = %s,\n", name,
                  text_c_string(e, shown, strlen(shown)));
    if (scalar)
        inner_name = arena_printf(e->arena, "weir_%s", scalar + strlen("weir_serde_"));
    if (scalar || serde->format == SERDE_CSV)
        writer_printf(&text, "    .from_json = %s_from_json,\n    .to_json = %s_to_json,\n", inner_name, inner_name);
    writer_printf(&text, "    .window = %s,\n", serde_window(serde));
    if (serde->window == AST_TIME_WINDOWED)
        writer_printf(&text, "    .window_size = %" PRId64 ",\n", serde->window_size);
    writer_puts(&text, "};\n");
    section_add(e, SECTION_SERDES, &text);
    return name;
}

// JSON needs no translation.
const char *serde_table(struct emitter *e, const struct serde *serde)
{
    if (serde->window != AST_NOT_WINDOWED)
        return windowed_table(e, serde);
    if (scalar_table(serde))
        return scalar_table(serde);
    if (serde->format == SERDE_CSV)
        return csv_table(e, serde);
    const struct type *t = type_plain(serde->type);
    struct made *made = made_find(e, "serde", t, NULL);
    if (made)
        return made->name;
    const char *name = made_new(e, "serde", t, NULL, arena_printf(e->arena, "serde_%s", type_name(e, t)));
    const char *shown = t->name ? arena_printf(e->arena, "json %s", t->name) : "json";
    struct writer text = {0};
    writer_printf(&text, "static const struct weir_serde %s = { .name = %s };\n", name,
                  text_c_string(e, shown, strlen(shown)));
    section_add(e, SECTION_SERDES, &text);
    return name;
}
