// Calls of constants that tests and settings need as constants: JSON values, points in time, bytes.
#include <inttypes.h>
#include <string.h>

#include "base/writer.h"
#include "ctx.h"
#include "types/fold.h"
#include "weir_fn.h"

// ---- to_json ----

static bool put_json(struct writer *out, const struct texpr *e);

static bool put_list(struct writer *out, const struct texpr *e)
{
    writer_puts(out, "[");
    for (int i = 0; i < e->items.count; i++) {
        writer_puts(out, i > 0 ? "," : "");
        if (!put_json(out, e->items.items[i]))
            return false;
    }
    writer_puts(out, "]");
    return true;
}

static bool put_object(struct writer *out, const struct texpr *e)
{
    writer_puts(out, "{");
    for (int i = 0; i < e->items.count; i++) {
        writer_puts(out, i > 0 ? "," : "");
        if (e->kind == TEXPR_RECORD)
            writer_json_string(out, e->type->fields.items[i].name, strlen(e->type->fields.items[i].name));
        else if (!put_json(out, e->keys.items[i]))
            return false;
        writer_puts(out, ":");
        if (!put_json(out, e->items.items[i]))
            return false;
    }
    writer_puts(out, "}");
    return true;
}

static bool put_constant(struct writer *out, const struct texpr *e)
{
    switch (e->type->kind) {
    case TYPE_BOOL: writer_puts(out, e->constant.integer ? "true" : "false"); return true;
    case TYPE_INT32:
    case TYPE_INT64: writer_printf(out, "%" PRId64, e->constant.integer); return true;
    case TYPE_DECIMAL: decimal_put(out, e->constant.text, e->type->scale); return true;
    case TYPE_STRING: writer_json_string(out, e->constant.text, e->constant.len); return true;
    case TYPE_JSON: writer_put(out, e->constant.text, e->constant.len); return true;
    case TYPE_FLOAT64:
        // As written is as good a number as any; one that was computed is left to the runtime.
        if (e->constant.text)
            writer_put(out, e->constant.text, e->constant.len);
        return e->constant.text != NULL;
    default: return false;
    }
}

static bool put_json(struct writer *out, const struct texpr *e)
{
    switch (e->kind) {
    case TEXPR_CONST: return put_constant(out, e);
    case TEXPR_LIST: return put_list(out, e);
    case TEXPR_RECORD:
    case TEXPR_MAP: return put_object(out, e);
    default: return false;
    }
}

static struct texpr *fold_to_json(struct checker *c, struct texpr *e)
{
    struct writer out = {0};
    struct texpr *result = e;
    if (put_json(&out, e->items.items[0]))
        result = texpr_text(c, e->type, arena_strndup(c->arena, out.text, out.len), (uint32_t)out.len, e->span);
    writer_free(&out);
    return result;
}

// ---- texts that are points in time or bytes ----

static struct texpr *compute(struct checker *c, struct weir_ctx *w, struct texpr *e)
{
    const struct constant *text = &e->items.items[0]->constant;
    struct weir_str argument = {text->text ? text->text : "", text->len};
    if (e->builtin == BUILTIN_TIMESTAMP_OF_STRING)
        return texpr_int(c, e->type, weir_timestamp_of_string(w, argument), e->span);
    if (e->builtin == BUILTIN_DATE_OF_STRING)
        return texpr_int(c, e->type, weir_date_of_string(w, argument), e->span);
    const struct constant *form = &e->items.items[1]->constant;
    struct weir_str bytes = weir_decode(w, argument, (struct weir_str){form->text, form->len});
    if (w->bad)
        return e;
    return texpr_text(c, e->type, arena_strndup(c->arena, bytes.p, bytes.n), (uint32_t)bytes.n, e->span);
}

struct texpr *fold_call(struct checker *c, struct texpr *e)
{
    if (e->builtin == BUILTIN_TO_JSON)
        return fold_to_json(c, e);
    if (e->builtin != BUILTIN_TIMESTAMP_OF_STRING && e->builtin != BUILTIN_DATE_OF_STRING && e->builtin != BUILTIN_DECODE)
        return e;
    for (int i = 0; i < e->items.count; i++)
        if (!is_const(e->items.items[i]))
            return e;
    struct weir_ctx w;
    weir_ctx_init(&w);
    struct texpr *result = compute(c, &w, e);
    if (w.bad) {
        warn_failing(c, e, arena_strdup(c->arena, w.bad));
        result = e;
    }
    weir_ctx_free(&w);
    return result;
}
