// What the files that emit calls on lists and maps share: emit_list.c and emit_loop.c.
#ifndef WEIR_EMIT_EMIT_LIST_H
#define WEIR_EMIT_EMIT_LIST_H

#include "emit/emitter.h"

// Of the first argument of X, a list or map.
static inline const struct type *element_of(const struct texpr *x)
{
    return x->items.items[0]->type->element;
}

static inline struct value kept_list(struct body *b, const struct texpr *x, const char *name)
{
    return value_keep(b, emit_expr(b, x->items.items[0]), x->items.items[0]->type, name);
}

static inline const char *length_of(struct body *b, struct value list)
{
    return value_arg(b, value_member(b, list, "n"));
}

// ---- emit_loop.c ----
struct value emit_loop(struct body *b, const struct texpr *x, const char *name);

#endif
