// Steps of aggregate functions on lists, which depend on the type of the elements.
#include "emit/emitter.h"

struct value emit_aggregate_call(struct body *b, const struct texpr *x)
{
    struct value v[4];
    const struct type *element = x->items.items[0]->type->element;
    emit_exprs(b, x->items.items, x->items.count, v);
    bool insert = x->builtin == BUILTIN_AGGREGATE_INSERT;
    const char *list = value_arg(b, v[0]), *new = element_address(b, v[insert ? 2 : 1], element, "element");
    switch (x->builtin) {
    case BUILTIN_AGGREGATE_APPEND:
        return value_printf(b, PREC_POSTFIX, "weir_list_append(%s, %s, %s, %s)", ctx(b), list, new,
                            sizeof_element(b, element));
    case BUILTIN_AGGREGATE_INSERT:
        return value_printf(b, PREC_POSTFIX, "weir_list_insert(%s, %s, %s, %s, %s, %s)", ctx(b), list,
                            value_arg(b, v[1]), new, value_arg(b, v[3]), sizeof_element(b, element));
    case BUILTIN_AGGREGATE_REMOVE:
        return value_printf(b, PREC_POSTFIX, "weir_list_remove(%s, %s, %s, %s)", ctx(b), list, new,
                            emit_element(b->e, element));
    default: // AGGREGATE_PLACE
        return value_printf(b, PREC_POSTFIX, "weir_list_place(%s, %s, %s)", list, new, emit_element(b->e, element));
    }
}
