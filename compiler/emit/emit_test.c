// Test blocks as functions that drive the runtime. Keys and values are JSON text, written here where they are constants.
#include <inttypes.h>
#include <string.h>

#include "emit/emitter.h"

// ---- constants as JSON text ----

static bool constant_json(struct writer *out, const struct texpr *x);

static bool constant_record(struct writer *out, const struct texpr *x, const char *tag, const char *tag_name)
{
    writer_puts(out, "{");
    if (tag) {
        writer_json_string(out, tag, strlen(tag));
        writer_puts(out, ":");
        writer_json_string(out, tag_name, strlen(tag_name));
    }
    for (int i = 0; i < x->items.count; i++) {
        const char *name = x->type->fields.items[i].name;
        if (!x->items.items[i])
            return false;
        writer_puts(out, i || tag ? "," : "");
        writer_json_string(out, name, strlen(name));
        writer_puts(out, ":");
        if (!constant_json(out, x->items.items[i]))
            return false;
    }
    writer_puts(out, "}");
    return true;
}

static bool constant_elements(struct writer *out, const struct texpr *x)
{
    bool map = x->kind == TEXPR_MAP;
    writer_puts(out, map ? "{" : "[");
    for (int i = 0; i < x->items.count; i++) {
        writer_puts(out, i ? "," : "");
        if (map && (x->keys.items[i]->kind != TEXPR_CONST || !constant_json(out, x->keys.items[i])))
            return false;
        writer_puts(out, map ? ":" : "");
        if (!constant_json(out, x->items.items[i]))
            return false;
    }
    writer_puts(out, map ? "}" : "]");
    return true;
}

static bool constant_decimal(struct writer *out, const char *digits, int scale)
{
    const char *sign = *digits == '-' ? "-" : "";
    digits += *digits == '-' || *digits == '+';
    int count = (int)strlen(digits), whole = count > scale ? count - scale : 0;
    writer_printf(out, "%s%.*s", sign, whole ? whole : 1, whole ? digits : "0");
    if (scale > 0)
        writer_printf(out, ".%0*d%s", scale - (count - whole), 0, digits + whole);
    return true;
}

// The scalars whose text is the same everywhere; floats, bytes and times in ISO 8601 are left to the runtime.
static bool constant_scalar(struct writer *out, const struct texpr *x)
{
    const struct constant *c = &x->constant;
    switch (x->type->kind) {
    case TYPE_BOOL: writer_puts(out, c->integer ? "true" : "false"); return true;
    case TYPE_INT32:
    case TYPE_INT64:
    case TYPE_DURATION: writer_printf(out, "%" PRId64, c->integer); return true;
    case TYPE_TIMESTAMP: writer_printf(out, "%" PRId64, c->integer); return !x->type->iso;
    case TYPE_STRING: writer_json_string(out, c->text, c->len); return true;
    case TYPE_JSON: writer_put(out, c->text, c->len); return true;
    case TYPE_ENUM: {
        const char *name = x->type->fields.items[c->integer].name;
        writer_json_string(out, name, strlen(name));
        return true;
    }
    default: return false;
    }
}

static bool constant_json(struct writer *out, const struct texpr *x)
{
    switch (x->kind) {
    case TEXPR_CONST:
        return x->type->kind == TYPE_DECIMAL && x->type->scale == 0 ? constant_decimal(out, x->constant.text, 0)
                                                                    : constant_scalar(out, x);
    case TEXPR_NONE: writer_puts(out, "null"); return true;
    case TEXPR_SOME: return constant_json(out, x->left);
    case TEXPR_RECORD: return constant_record(out, x, NULL, NULL);
    case TEXPR_UNION:
        if (x->left->kind != TEXPR_RECORD || type_field_index(x->left->type, x->type->tag) >= 0)
            return false;
        return constant_record(out, x->left, x->type->tag, x->type->fields.items[x->index].name);
    case TEXPR_LIST:
    case TEXPR_MAP: return constant_elements(out, x);
    default: return false;
    }
}

// C text of a struct weir_str with X as JSON; NULL for null.
static const char *json_of(struct body *b, const struct texpr *x, const char *name)
{
    if (!x || x->kind == TEXPR_NONE)
        return NULL;
    struct writer json = {0};
    const char *text = NULL;
    if (constant_json(&json, x))
        text = arena_printf(b->e->arena, "WEIR_STR(%s)", text_c_string(b->e, json.text, json.len));
    writer_free(&json);
    if (text)
        return text;
    const struct serde as_json = {.format = SERDE_JSON, .type = x->type};
    return value_arg(b, emit_encode(b, &as_json, emit_expr(b, x), x->type, NULL, name));
}

// ---- steps ----

static int line_of(struct emitter *e, struct span span)
{
    return source_position(e->sources->files.items[span.file], span.begin).line;
}

static const char *headers_of(struct body *b, const struct test_step *step)
{
    const char *headers = body_local(b, "headers");
    struct value *values = arena_alloc(b->e->arena, (size_t)(step->headers.count + 1) * sizeof *values);
    for (int i = 0; i < step->headers.count; i++)
        values[i] = emit_expr(b, step->headers.items[i].value);
    body_line(b, "const struct weir_header %s[] = {", headers);
    for (int i = 0; i < step->headers.count; i++) {
        const struct header_write *h = &step->headers.items[i];
        body_line(b, "    { WEIR_STR(%s), %s },", text_c_string(b->e, h->name, h->len), value_arg(b, values[i]));
    }
    body_line(b, "};");
    return headers;
}

// FUNCTION(w, WHERE, &the record that the step feeds or expects);
static void call_with_record(struct body *b, const struct test_step *step, const char *function, const char *where)
{
    bool feed = step->kind == AST_TEST_FEED, windowed = !feed || (step->stage && step->stage->out.window);
    const char *key = json_of(b, step->key, "key"), *value = json_of(b, step->value, "value");
    const char *headers = step->headers.count > 0 ? headers_of(b, step) : NULL;
    body_line(b, "%s(w, %s, &(struct weir_test_record){", function, where);
    body_line(b, "    .line = %d,", line_of(b->e, step->span));
    if (key)
        body_line(b, "    .key = %s,", key);
    if (value)
        body_line(b, "    .value = %s,", value);
    if (step->has_time && feed)
        body_line(b, "    .has_time = true,\n    .time = %" PRId64 ",", step->time);
    if (step->has_time && windowed)
        body_line(b, "    .has_window = true,\n    .window_start = %" PRId64 ",", step->time);
    if (step->has_window_end)
        body_line(b, "    .has_window_end = true,\n    .window_end = %" PRId64 ",", step->window_end);
    if (headers)
        body_line(b, "    .headers = %s,\n    .header_count = %d,", headers, step->headers.count);
    body_line(b, "});");
}

static const char *source_of(struct emitter *e, const struct stage *stage)
{
    const char *name = source_name(e, stage);
    return name ? name : "-1";
}

static const char *tap_of(struct emitter *e, const struct stage *stage)
{
    const char *name = tap_name(e, stage);
    return name ? name : "-1";
}

static void emit_expect(struct body *b, const struct test_step *step)
{
    if (step->stage)
        call_with_record(b, step, "weir_test_expect_tap", tap_of(b->e, step->stage));
    else
        call_with_record(b, step, "weir_test_expect_topic", text_c_string(b->e, step->topic, strlen(step->topic)));
}

static void emit_nothing(struct body *b, const struct test_step *step)
{
    int line = line_of(b->e, step->span);
    if (step->stage)
        body_line(b, "weir_test_nothing_tap(w, %s, %d);", tap_of(b->e, step->stage), line);
    else
        body_line(b, "weir_test_nothing_topic(w, %s, %d);", text_c_string(b->e, step->topic, strlen(step->topic)),
                  line);
}

static void emit_step(struct body *b, const struct test_step *step)
{
    switch (step->kind) {
    case AST_TEST_FEED: call_with_record(b, step, "weir_test_feed", source_of(b->e, step->stage)); break;
    case AST_TEST_ADVANCE: body_line(b, "weir_test_advance(w, %" PRId64 ");", step->duration); break;
    case AST_TEST_EXPECT: emit_expect(b, step); break;
    case AST_TEST_NOTHING: emit_nothing(b, step); break;
    case AST_TEST_BAD:
        body_line(b, "weir_test_bad(w, %s, WEIR_STR(%s), %d);", step->stage ? source_of(b->e, step->stage) : "-1",
                  text_c_string(b->e, step->message ? step->message : "", step->message_len),
                  line_of(b->e, step->span));
        break;
    }
}

void emit_tests(struct emitter *e)
{
    for (int i = 0; i < e->plan->program->tests.count; i++) {
        const struct test *test = e->plan->program->tests.items[i];
        struct writer text = {0};
        struct body body = body_new(e, &text, NULL), *b = &body;
        const char *name = made_new(e, "test", test, NULL, arena_printf(e->arena, "test_%d", i + 1));
        body_line(b, "static void %s(struct weir_ctx *w)\n{", name);
        text.indent++;
        if (test->steps.count == 0)
            body_line(b, "(void)w;");
        for (int k = 0; k < test->steps.count; k++)
            emit_step(b, &test->steps.items[k]);
        text.indent--;
        body_line(b, "}");
        section_add(e, SECTION_TESTS, &text);
    }
}
