// Implicit conversions: only those that lose nothing. A constant converts if its value does.
#include "types/convert_const.h"
#include "types/expr.h"

static struct decimal_shape shape_of(const struct type *t)
{
    switch (t->kind) {
    case TYPE_INT32: return (struct decimal_shape){INT32_DIGITS, 0};
    case TYPE_INT64: return (struct decimal_shape){INT64_DIGITS, 0};
    default: return (struct decimal_shape){t->precision, t->scale};
    }
}

static bool is_exact_number(const struct type *t)
{
    return type_is_integer(t) || t->kind == TYPE_DECIMAL;
}

bool type_widens(const struct type *from, const struct type *to)
{
    if (type_same(from, to))
        return true;
    if (to->kind == TYPE_INT64)
        return from->kind == TYPE_INT32;
    if (to->kind == TYPE_FLOAT64)
        return from->kind == TYPE_INT32 || from->kind == TYPE_FLOAT32;
    if (to->kind != TYPE_DECIMAL || !is_exact_number(from))
        return false;
    struct decimal_shape a = shape_of(from), b = shape_of(to);
    return b.scale >= a.scale && b.precision - b.scale >= a.precision - a.scale;
}

// A case's record is a value of its union when no other case has the same record.
static int case_of_record(const struct type *to, const struct type *record)
{
    int found = -1;
    for (int i = 0; i < to->fields.count; i++)
        if (to->fields.items[i].type == record) {
            if (found >= 0)
                return -1;
            found = i;
        }
    return found;
}

static struct texpr *convert_optional(struct checker *c, struct texpr *e, const struct type *to)
{
    if (!type_is_optional(e->type)) {
        struct texpr *inner = convert_to(c, e, to->element);
        return inner ? texpr_some(c, inner) : NULL;
    }
    if (type_same(e->type, to))
        return texpr_unary(c, TEXPR_WIDEN, to, e, e->span);
    if (e->kind == TEXPR_SOME)
        return convert_to(c, e->left, to);
    if (e->kind == TEXPR_NONE)
        return texpr_none(c, to, e->span);
    struct lift lift = {0};
    struct texpr *inner = convert_to(c, lift_operand(c, &lift, e), to->element);
    return inner ? lift_finish(c, &lift, inner) : NULL;
}

// Lists and maps written in place convert item by item.
static struct texpr *convert_items(struct checker *c, struct texpr *e, const struct type *to)
{
    struct texpr *result = texpr_new(c, e->kind, to, e->span);
    result->keys.items = e->keys.items;
    result->keys.count = e->keys.count;
    for (int i = 0; i < e->items.count; i++) {
        struct texpr *item = convert_to(c, e->items.items[i], to->element);
        if (!item)
            return NULL;
        vec_push(c->arena, &result->items, item);
    }
    return result;
}

static struct texpr *convert_record(struct checker *c, struct texpr *e, const struct type *to)
{
    if (e->type->fields.count != to->fields.count)
        return NULL;
    struct texpr *result = texpr_new(c, TEXPR_RECORD, to, e->span);
    for (int i = 0; i < to->fields.count; i++) {
        int from = type_field_index(e->type, to->fields.items[i].name);
        struct texpr *item = from < 0 ? NULL : convert_to(c, e->items.items[from], to->fields.items[i].type);
        if (!item)
            return NULL;
        vec_push(c->arena, &result->items, item);
    }
    return result;
}

static bool is_written_json(const struct texpr *e)
{
    return is_const(e) || e->kind == TEXPR_RECORD || e->kind == TEXPR_LIST || e->kind == TEXPR_MAP;
}

static struct texpr *convert_structure(struct checker *c, struct texpr *e, const struct type *to)
{
    if (to->kind == TYPE_JSON && is_written_json(e))
        return fold_node(c, texpr_call1(c, BUILTIN_TO_JSON, to, e));
    if (to->kind == TYPE_UNION && e->type->kind == TYPE_RECORD) {
        int index = case_of_record(to, e->type);
        if (index < 0)
            return NULL;
        struct texpr *made = texpr_unary(c, TEXPR_UNION, to, e, e->span);
        made->index = index;
        return made;
    }
    if (e->kind == TEXPR_LIST && to->kind == TYPE_LIST)
        return convert_items(c, e, to);
    if (e->kind == TEXPR_LIST && to->kind == TYPE_MAP && e->items.count == 0)
        return texpr_new(c, TEXPR_MAP, to, e->span);
    if (e->kind == TEXPR_MAP && to->kind == TYPE_MAP)
        return convert_items(c, e, to);
    if (e->kind == TEXPR_RECORD && to->kind == TYPE_RECORD)
        return convert_record(c, e, to);
    return NULL;
}

struct texpr *convert_to(struct checker *c, struct texpr *e, const struct type *to)
{
    if (e->type == to || is_error(e) || to->kind == TYPE_ERROR)
        return e;
    if (is_null(e)) {
        if (to->kind == TYPE_JSON)
            return texpr_text(c, to, "null", 4, e->span);
        return type_is_optional(to) ? texpr_none(c, to, e->span) : NULL;
    }
    if (type_is_optional(to))
        return convert_optional(c, e, to);
    if (type_is_optional(e->type))
        return NULL;
    if (is_const(e)) {
        struct texpr *constant = convert_const(c, e, to);
        if (constant)
            return constant;
    }
    struct texpr *structure = convert_structure(c, e, to);
    if (structure)
        return structure;
    return !is_const(e) && type_widens(e->type, to) ? texpr_unary(c, TEXPR_WIDEN, to, e, e->span) : NULL;
}

// ---- what two types have in common ----

static const struct type *common_number(struct checker *c, const struct type *a, const struct type *b)
{
    if (type_widens(a, b))
        return b;
    if (type_widens(b, a))
        return a;
    if (is_exact_number(a) && is_exact_number(b)) {
        struct decimal_shape shape = decimal_common(shape_of(a), shape_of(b));
        const struct type *wider = type_decimal(c->types, shape.precision, shape.scale);
        return type_widens(a, wider) && type_widens(b, wider) ? wider : NULL;
    }
    bool small =
        (a->kind == TYPE_INT32 && b->kind == TYPE_FLOAT32) || (a->kind == TYPE_FLOAT32 && b->kind == TYPE_INT32);
    return small ? kind_type(c, TYPE_FLOAT64) : NULL;
}

static const struct type *common_plain(struct checker *c, const struct texpr *a, const struct texpr *b)
{
    const struct type *s = a->type, *t = b->type;
    if (is_const(a) && !is_const(b) && convert_to(c, (struct texpr *)a, t))
        return t;
    if (is_const(b) && !is_const(a) && convert_to(c, (struct texpr *)b, s))
        return s;
    if (type_is_number(s) && type_is_number(t)) {
        const struct type *number = common_number(c, s, t);
        if (number || !is_const(a) || !is_const(b))
            return number;
    }
    if (convert_to(c, (struct texpr *)a, t))
        return t;
    if (convert_to(c, (struct texpr *)b, s))
        return s;
    return NULL;
}

const struct type *common_type(struct checker *c, const struct texpr *a, const struct texpr *b)
{
    if (a->type == b->type || is_error(b))
        return a->type;
    if (is_error(a))
        return b->type;
    if (is_null(a))
        return type_optional(c->types, b->type);
    if (is_null(b))
        return type_optional(c->types, a->type);
    if (!type_is_optional(a->type) && !type_is_optional(b->type))
        return common_plain(c, a, b);
    struct texpr x = *a, y = *b;
    if (type_is_optional(a->type))
        x = a->kind == TEXPR_SOME ? *a->left : (struct texpr){.kind = TEXPR_VAR, .type = a->type->element};
    if (type_is_optional(b->type))
        y = b->kind == TEXPR_SOME ? *b->left : (struct texpr){.kind = TEXPR_VAR, .type = b->type->element};
    const struct type *plain = common_type(c, &x, &y);
    return plain ? type_optional(c->types, plain) : NULL;
}
