// Names of a flow over a place where only key and value come along: in one record before it, apart again behind.
#include "types/expr.h"
#include "types/flow_check.h"

// `orders` of `let orders = value`: it is bound anew behind.
static bool is_value(const struct checker *c, const struct var *let, const struct var *value)
{
    for (int i = 0; i < c->program->stages.count; i++) {
        const struct stage *stage = c->program->stages.items[i];
        if (stage->kind == STAGE_LET && stage->var == let)
            return stage->expr->kind == TEXPR_VAR && stage->expr->var == value;
    }
    return false;
}

static bool is_hidden(const struct shape *shape, int let)
{
    for (int i = let + 1; i < shape->lets.count; i++)
        if (shape->lets.items[i]->name == shape->lets.items[let]->name)
            return true;
    return false;
}

static void find_lets(const struct flow_cursor *f, struct pack *pack)
{
    const struct shape *shape = &f->at->out;
    for (int i = 0; i < shape->lets.count; i++) {
        struct var *let = shape->lets.items[i];
        if (is_hidden(shape, i) || !flow_mentions(f, let->name))
            continue;
        if (is_value(f->c, let, shape->value))
            vec_push(f->c->arena, &pack->same, let);
        else
            vec_push(f->c->arena, &pack->lets, let);
    }
}

static void add_map(struct flow_cursor *f, struct texpr *value, struct span span)
{
    struct stage *stage = flow_append_at(f, STAGE_MAP, span);
    const struct type *type = stage->out.kind == FLOW_TABLE ? type_plain(value->type) : value->type;
    stage->expr = value;
    stage->out.value = var_new(f->c, VAR_VALUE, "value", type, span);
    stage->out.value_serde = NULL;
    stage->out.tombstones &= !type_is_optional(type);
}

// ---- into one record ----

// Of the field that holds the value: one that no let has.
static const char *value_field(struct checker *c, const struct pack *pack)
{
    const char *name = intern_cstr(c->names, "value");
    for (int i = 0; i < pack->lets.count; i++)
        if (pack->lets.items[i]->name == name) {
            name = intern_cstr(c->names, arena_printf(c->arena, "%s_", name));
            i = -1;
        }
    return name;
}

static struct texpr *record_of(struct checker *c, const struct pack *pack, struct texpr *value)
{
    VEC(struct type_field) fields = {0};
    struct texpr *record = texpr_new(c, TEXPR_RECORD, NULL, value->span);
    struct type_field first = {value_field(c, pack), value->type};
    vec_push(c->arena, &fields, first);
    vec_push(c->arena, &record->items, value);
    for (int i = 0; i < pack->lets.count; i++) {
        struct type_field field = {pack->lets.items[i]->name, pack->lets.items[i]->type};
        vec_push(c->arena, &fields, field);
        vec_push(c->arena, &record->items, texpr_var(c, pack->lets.items[i], value->span));
    }
    record->type = type_record(c->types, NULL, fields.items, fields.count);
    return record;
}

// A value that is null stays null: it is not joined.
void flow_pack(struct flow_cursor *f, struct pack *pack, struct span span)
{
    struct checker *c = f->c;
    struct lift lift = {0};
    find_lets(f, pack);
    pack->serde = f->at->out.value_serde;
    if (pack->lets.count == 0)
        return;
    struct texpr *value = lift_operand(c, &lift, texpr_var(c, f->at->out.value, span));
    add_map(f, lift_finish(c, &lift, record_of(c, pack, value)), span);
    shape_leave_lets(c, &f->at->out);
}

// ---- apart again ----

static struct texpr *field_of_pack(struct checker *c, struct var *packed, int index, struct span span)
{
    struct lift lift = {0};
    struct texpr *record = lift_operand(c, &lift, texpr_var(c, packed, span));
    return lift_finish(c, &lift, texpr_field(c, record, index, span));
}

static void unpack_record(struct flow_cursor *f, const struct pack *pack, struct span span)
{
    struct checker *c = f->c;
    struct var *packed = f->at->out.value;
    for (int i = 0; i < pack->lets.count; i++) {
        const struct var *let = pack->lets.items[i];
        flow_let(f, (struct name){let->name, span}, field_of_pack(c, packed, i + 1, span), span);
    }
    add_map(f, field_of_pack(c, packed, 0, span), span);
    if (!type_is_optional(f->at->out.value->type))
        f->at->out.value_serde = pack->serde;
}

void flow_unpack(struct flow_cursor *f, const struct pack *pack, struct span span)
{
    struct checker *c = f->c;
    if (pack->lets.count > 0)
        unpack_record(f, pack, span);
    for (int i = 0; i < pack->same.count; i++) {
        const struct var *let = pack->same.items[i];
        flow_let(f, (struct name){let->name, span}, texpr_var(c, f->at->out.value, span), span);
    }
}
