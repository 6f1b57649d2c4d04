// Which records a store takes, by which bytes, and values from and to pointers.
#include "emit/emitter.h"

const char *value_or_null(struct body *b, struct value v, const struct type *t, const char *name)
{
    const struct type *plain = type_plain(t);
    if (!type_is_optional(t))
        return value_address(b, v.pointer ? v : value_keep(b, v, t, name), t);
    if (type_is_struct(plain))
        return value_arg(b, v);
    v = value_keep(b, v, t, name);
    const char *there = value_arg(b, value_is_some(b, v, t, false));
    return arena_printf(b->e->arena, "%s ? &%s : NULL", there, value_text(b, value_unwrap(b, v, t), PREC_POSTFIX));
}

struct value value_pointed(struct body *b, const struct var *var, const char *pointer)
{
    if (!type_is_optional(var->type))
        return value_pointer(pointer);
    if (type_is_struct(type_plain(var->type)))
        return value_path(pointer);
    struct value some = value_some(b, value_pointer(pointer), var->type), null = value_null(b, var->type);
    return value_printf(b, PREC_COND, "%s ? %s : %s", pointer, value_arg(b, some), value_arg(b, null));
}

void bind_pointed(struct body *b, const struct var *var, const char *pointer)
{
    if (!var)
        return;
    struct value v = value_pointed(b, var, pointer);
    body_bind(b, var, v.path ? v : value_local(b, v, var->type, name_of(b->e, var->name)));
}

// ---- which records ----

bool store_is_raw(const struct plan_store *store, int input)
{
    return store->stage->kind == STAGE_SOURCE || store->raw_keys.items[input];
}

// C conditions that the record has no key or, where one is needed, no value; NULL: it has.
const char *key_is_missing(struct body *b, bool raw, const struct stage *from)
{
    const struct var *key = from->out.key;
    if (!may_lack_key(from))
        return NULL;
    if (raw)
        return arena_printf(b->e->arena, "!%s.p", b->key_bytes);
    struct binding *binding = body_binding(b, key);
    binding->read = true;
    return type_is_optional(key->type) ? value_text(b, value_is_some(b, binding->value, key->type, true), PREC_AND)
                                       : binding->null_test;
}

const char *value_is_missing(struct body *b, const struct stage *from)
{
    const struct var *value = from->out.value;
    struct binding *binding = body_binding(b, value);
    if (!type_is_optional(value->type) || b->tombstone || !binding)
        return NULL;
    binding->read = true;
    return value_text(b, value_is_some(b, binding->value, value->type, true), PREC_AND);
}

// The key, which is there, as bytes.
const char *emit_row_key(struct body *b, bool raw, const struct var *key, const struct serde *serde)
{
    if (raw)
        return b->key_bytes;
    struct binding *binding = body_binding(b, key);
    struct value v = binding->value;
    binding->read = true;
    if (type_is_optional(key->type))
        v = value_unwrap(b, v, key->type);
    return value_arg(b, emit_encode(b, serde, v, type_plain(key->type), NULL, "row_key"));
}

// Drops the record if MISSING holds; what follows, in S, is for the others.
void begin_rest(struct body *b, const char *store, const char *missing, struct sub *s)
{
    if (!missing)
        return;
    body_line(b, "if (%s) {", missing);
    body_line(b, "    weir_drop_null(%s, %s);", ctx(b), store);
    body_line(b, "} else {");
    block_begin(b, s);
}

void end_rest(struct body *b, const char *missing, struct sub *s)
{
    if (missing)
        block_end(b, s);
}
