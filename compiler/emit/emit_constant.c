#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "emit/emitter.h"

const char *text_c_string(struct emitter *e, const char *text, size_t len)
{
    struct writer w = {0};
    writer_c_string(&w, text, len);
    char *copy = arena_strndup(e->arena, w.text, w.len);
    writer_free(&w);
    return copy;
}

const char *c_string(struct emitter *e, const char *text)
{
    return text_c_string(e, text, strlen(text));
}

static struct value integer(struct body *b, int64_t v, const struct type *t)
{
    if (v == INT64_MIN)
        return value_make(PREC_POSTFIX, "INT64_MIN");
    if (v == INT32_MIN && strcmp(type_suffix(t), "i32") == 0)
        return value_make(PREC_POSTFIX, "INT32_MIN");
    return value_printf(b, v < 0 ? PREC_UNARY : PREC_POSTFIX, "%" PRId64, v);
}

// The shortest digits that read back as the same number.
static struct value floating(struct body *b, double v, bool single)
{
    if (!isfinite(v)) // of an expression that folds to it
        return value_make(PREC_POSTFIX, isnan(v) ? "(0.0 * (1e308 * 10.0))"
                                        : v > 0  ? "(1e308 * 10.0)"
                                                 : "(-1e308 * 10.0)");
    char text[64];
    int digits = single ? 6 : 15;
    do
        snprintf(text, sizeof text, "%.*g", digits, v);
    while (digits++ < 17 && (single ? strtof(text, NULL) != (float)v : strtod(text, NULL) != v));
    bool whole = strpbrk(text, ".e") == NULL;
    return value_printf(b, v < 0 || signbit(v) ? PREC_UNARY : PREC_POSTFIX, "%s%s%s", text, whole ? ".0" : "",
                        single ? "f" : "");
}

static struct value decimal(struct body *b, const char *digits)
{
    uint64_t lo = 0, hi = 0;
    bool negative = *digits == '-';
    for (const char *p = digits + (negative || *digits == '+'); *p; p++) {
        uint64_t low = (lo & 0xFFFFFFFF) * 10 + (uint64_t)(*p - '0'), high = (lo >> 32) * 10 + (low >> 32);
        lo = high << 32 | (low & 0xFFFFFFFF);
        hi = hi * 10 + (high >> 32);
    }
    if (negative) {
        lo = ~lo + 1;
        hi = ~hi + (lo == 0);
    }
    if (lo > INT64_MAX) // two's complement is best read in hexadecimal
        return value_printf(b, PREC_POSTFIX, "(struct weir_dec){ 0x%" PRIx64 "u, %" PRId64 " }", lo, (int64_t)hi);
    return value_printf(b, PREC_POSTFIX, "(struct weir_dec){ %" PRIu64 ", %" PRId64 " }", lo, (int64_t)hi);
}

struct value emit_constant(struct body *b, const struct texpr *x)
{
    const struct constant *c = &x->constant;
    switch (x->type->kind) {
    case TYPE_BOOL: return value_make(PREC_POSTFIX, c->integer ? "true" : "false");
    case TYPE_FLOAT32: return floating(b, c->number, true);
    case TYPE_FLOAT64: return floating(b, c->number, false);
    case TYPE_DECIMAL: return decimal(b, c->text);
    case TYPE_STRING:
    case TYPE_BYTES:
    case TYPE_JSON: return value_printf(b, PREC_POSTFIX, "WEIR_STR(%s)", text_c_string(b->e, c->text, c->len));
    case TYPE_ENUM: return value_make(PREC_POSTFIX, type_case(b->e, x->type, (int)c->integer));
    default: return integer(b, c->integer, x->type);
    }
}

// As an initializer of static data, where compound literals may not stand.
static const char *initializer(struct body *b, const struct texpr *x)
{
    const char *text = emit_constant(b, x).text;
    switch (x->type->kind) {
    case TYPE_STRING:
    case TYPE_BYTES:
    case TYPE_JSON:
        return arena_printf(b->e->arena, "{ %s, %u }", text_c_string(b->e, x->constant.text, x->constant.len),
                            x->constant.len);
    case TYPE_DECIMAL: return text + strlen("(struct weir_dec)");
    default: return text;
    }
}

bool emit_static_list(struct body *b, const struct texpr *x, struct value *v)
{
    struct emitter *e = b->e;
    const struct type *element = x->type->element;
    if (x->items.count == 0 || !type_suffix(element))
        return false;
    for (int i = 0; i < x->items.count; i++)
        if (x->items.items[i]->kind != TEXPR_CONST)
            return false;
    struct writer values = {0};
    for (int i = 0; i < x->items.count; i++)
        writer_printf(&values, "%s%s", i ? ", " : "", initializer(b, x->items.items[i]));
    const char *name = made_new(e, "constant", NULL, NULL, "constants"); // no local is called that
    struct writer text = {0};
    writer_printf(&text, "static const %s = { %s };\n", type_declare(e, element, arena_printf(e->arena, "%s[]", name)),
                  values.text);
    section_add(e, SECTION_CONSTANTS, &text);
    writer_free(&values);
    *v = value_printf(b, PREC_POSTFIX, "(struct weir_list){ %s, %d }", name, x->items.count);
    return true;
}
