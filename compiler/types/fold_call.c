// Calls of constants that tests and settings need as constants: JSON values, points in time, bytes.
#include <string.h>

#include "ctx.h"
#include "types/fold.h"
#include "weir_fn.h"
#include "weir_json.h"

// ---- to_json ----

static bool put_json(struct weir_buf *out, const struct texpr *e);

static struct weir_str str_of(const struct constant *v)
{
    return (struct weir_str){v->text ? v->text : "", v->len};
}

static bool put_list(struct weir_buf *out, const struct texpr *e)
{
    weir_put_lit(out, "[");
    for (int i = 0; i < e->items.count; i++) {
        weir_put(out, ",", i > 0);
        if (!put_json(out, e->items.items[i]))
            return false;
    }
    weir_put_lit(out, "]");
    return true;
}

static bool put_object(struct weir_buf *out, const struct texpr *e)
{
    weir_put_lit(out, "{");
    for (int i = 0; i < e->items.count; i++) {
        weir_put(out, ",", i > 0);
        if (e->kind == TEXPR_RECORD) {
            const char *name = e->type->fields.items[i].name;
            weir_put_string(out, (struct weir_str){name, strlen(name)});
        } else if (!put_json(out, e->keys.items[i])) {
            return false;
        }
        weir_put_lit(out, ":");
        if (!put_json(out, e->items.items[i]))
            return false;
    }
    weir_put_lit(out, "}");
    return true;
}

static bool put_constant(struct weir_buf *out, const struct texpr *e)
{
    const struct constant *v = &e->constant;
    switch (e->type->kind) {
    case TYPE_BOOL: weir_put_bool(out, v->integer != 0); return true;
    case TYPE_INT32:
    case TYPE_INT64: weir_put_i64(out, v->integer); return true;
    case TYPE_FLOAT32: weir_put_f32(out, (float)v->number); return true;
    case TYPE_FLOAT64: weir_put_f64(out, v->number); return true;
    case TYPE_DECIMAL: weir_put_dec(out, const_dec(e), e->type->scale); return true;
    case TYPE_STRING: weir_put_string(out, str_of(v)); return true;
    case TYPE_JSON: weir_put_json(out, str_of(v)); return true;
    default: return false;
    }
}

static bool put_json(struct weir_buf *out, const struct texpr *e)
{
    switch (e->kind) {
    case TEXPR_CONST: return put_constant(out, e);
    case TEXPR_LIST: return put_list(out, e);
    case TEXPR_RECORD:
    case TEXPR_MAP: return put_object(out, e);
    default: return false;
    }
}

static struct texpr *text_of(struct checker *c, const struct texpr *e, struct weir_str text)
{
    return texpr_text(c, e->type, arena_strndup(c->arena, text.p, text.n), (uint32_t)text.n, e->span);
}

static struct texpr *compute_json(struct checker *c, struct weir_ctx *w, struct texpr *e)
{
    struct weir_buf out;
    weir_buf_init(w, &out, 256);
    return put_json(&out, e->items.items[0]) && !w->bad ? text_of(c, e, weir_buf_str(&out)) : e;
}

// ---- texts that are points in time or bytes ----

static struct texpr *compute_text(struct checker *c, struct weir_ctx *w, struct texpr *e)
{
    for (int i = 0; i < e->items.count; i++)
        if (!is_const(e->items.items[i]))
            return e;
    struct weir_str text = str_of(&e->items.items[0]->constant);
    if (e->builtin == BUILTIN_TIMESTAMP_OF_STRING)
        return texpr_int(c, e->type, weir_timestamp_of_string(w, text), e->span);
    if (e->builtin == BUILTIN_DATE_OF_STRING)
        return texpr_int(c, e->type, weir_date_of_string(w, text), e->span);
    struct weir_str bytes = weir_decode(w, text, str_of(&e->items.items[1]->constant));
    return w->bad ? e : text_of(c, e, bytes);
}

struct texpr *fold_call(struct checker *c, struct texpr *e)
{
    bool json = e->builtin == BUILTIN_TO_JSON;
    if (!json && e->builtin != BUILTIN_TIMESTAMP_OF_STRING && e->builtin != BUILTIN_DATE_OF_STRING &&
        e->builtin != BUILTIN_DECODE)
        return e;
    struct weir_ctx w;
    weir_ctx_init(&w);
    struct texpr *result = json ? compute_json(c, &w, e) : compute_text(c, &w, e);
    if (w.bad) {
        warn_failing(c, e, arena_strdup(c->arena, w.bad));
        result = e;
    }
    weir_ctx_free(&w);
    return result;
}
