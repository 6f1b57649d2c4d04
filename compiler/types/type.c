// Interned types: one table, found by a hash of what makes a type itself.
#include "types/type.h"

#include <stdint.h>
#include <string.h>

// Types with more fields than this find them through a hash table.
enum { SMALL_RECORD = 8 };

struct type_node {
    struct type type; // first, so that a type is its node
    uint64_t hash;
    int *slots; // field index + 1 by name; NULL for a small type
    unsigned slot_count;
};

struct type_table {
    struct arena *arena;
    struct intern *names;
    VEC(struct type_node *) nodes;
    struct type_node **slots;
    unsigned slot_count;
};

static uint64_t mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * 0x9e3779b97f4a7c15u;
    return hash ^ hash >> 29;
}

static bool nominal(enum type_kind kind)
{
    return kind == TYPE_ENUM || kind == TYPE_UNION;
}

static uint64_t hash_type(const struct type *t)
{
    uint64_t hash = mix((uint64_t)t->kind, (uint64_t)t->precision << 16 | (uint64_t)t->scale << 1 | t->iso);
    if (nominal(t->kind))
        hash = mix(mix(hash, (uintptr_t)t->name), (uintptr_t)t->tag);
    if (t->element)
        hash = mix(hash, (uint64_t)t->element->id + 1);
    for (int i = 0; i < t->fields.count; i++) {
        const struct type_field *f = &t->fields.items[i];
        hash = mix(mix(hash, (uintptr_t)f->name), f->type ? (uint64_t)f->type->id + 1 : 0);
    }
    return hash;
}

static bool equal(const struct type *a, const struct type *b)
{
    if (a->kind != b->kind || a->precision != b->precision || a->scale != b->scale || a->iso != b->iso ||
        a->element != b->element || a->tag != b->tag || a->fields.count != b->fields.count)
        return false;
    if (nominal(a->kind) && a->name != b->name)
        return false;
    for (int i = 0; i < a->fields.count; i++)
        if (a->fields.items[i].name != b->fields.items[i].name || a->fields.items[i].type != b->fields.items[i].type)
            return false;
    return true;
}

static struct type_node **find_slot(const struct type_table *t, const struct type *type, uint64_t hash)
{
    for (unsigned i = (unsigned)hash & (t->slot_count - 1);; i = (i + 1) & (t->slot_count - 1)) {
        struct type_node **slot = &t->slots[i];
        if (!*slot || ((*slot)->hash == hash && equal(&(*slot)->type, type)))
            return slot;
    }
}

static void set_slots(struct type_table *t, unsigned count)
{
    t->slot_count = count;
    t->slots = arena_alloc(t->arena, count * sizeof(struct type_node *));
    for (int i = 0; i < t->nodes.count; i++)
        *find_slot(t, &t->nodes.items[i]->type, t->nodes.items[i]->hash) = t->nodes.items[i];
}

static unsigned name_slot(const struct type_node *node, const char *name)
{
    unsigned mask = node->slot_count - 1;
    unsigned i = (unsigned)(mix(0, (uintptr_t)name) >> 16) & mask;
    while (node->slots[i] != 0 && node->type.fields.items[node->slots[i] - 1].name != name)
        i = (i + 1) & mask;
    return i;
}

static void index_fields(struct arena *arena, struct type_node *node)
{
    if (node->type.fields.count <= SMALL_RECORD)
        return;
    node->slot_count = 16;
    while (node->slot_count < (unsigned)node->type.fields.count * 2)
        node->slot_count *= 2;
    node->slots = arena_alloc(arena, node->slot_count * sizeof *node->slots);
    for (int i = 0; i < node->type.fields.count; i++) {
        unsigned slot = name_slot(node, node->type.fields.items[i].name);
        if (node->slots[slot] == 0)
            node->slots[slot] = i + 1;
    }
}

static const struct type *intern_type(struct type_table *t, const struct type *type);

// The same type with plain timestamps all through; TYPE itself if it has no other.
static const struct type *canonical_of(struct type_table *t, const struct type *type)
{
    struct type plain = *type;
    bool differs = type->iso;
    plain.iso = false;
    if (type->element && type->element->canonical != type->element) {
        plain.element = type->element->canonical;
        differs = true;
    }
    plain.fields.items = arena_alloc(t->arena, (size_t)type->fields.count * sizeof(struct type_field));
    for (int i = 0; i < type->fields.count; i++) {
        struct type_field field = type->fields.items[i];
        if (field.type && field.type->canonical != field.type) {
            field.type = field.type->canonical;
            differs = true;
        }
        plain.fields.items[i] = field;
    }
    return differs ? intern_type(t, &plain) : type;
}

static int count_places(const struct type *type)
{
    int64_t places = 1 + (type->element ? type->element->places : 0);
    for (int i = 0; i < type->fields.count; i++)
        places += type->fields.items[i].type ? type->fields.items[i].type->places : 0;
    return places < TYPE_TOO_LARGE ? (int)places : TYPE_TOO_LARGE;
}

static const struct type *intern_type(struct type_table *t, const struct type *type)
{
    uint64_t hash = hash_type(type);
    struct type_node *found = *find_slot(t, type, hash);
    if (found) {
        if (!found->type.name)
            found->type.name = type->name;
        return &found->type;
    }
    struct type_node *node = arena_new_of(t->arena, struct type_node);
    node->type = *type;
    node->hash = hash;
    node->type.places = count_places(type);
    size_t size = (size_t)type->fields.count * sizeof(struct type_field);
    node->type.fields.items = size ? memcpy(arena_alloc(t->arena, size), type->fields.items, size) : NULL;
    node->type.fields.capacity = type->fields.count;
    index_fields(t->arena, node);
    node->type.canonical = canonical_of(t, &node->type);
    node->type.id = t->nodes.count;
    vec_push(t->arena, &t->nodes, node);
    if ((unsigned)t->nodes.count * 2 > t->slot_count)
        set_slots(t, t->slot_count * 2);
    else
        *find_slot(t, &node->type, hash) = node;
    return &node->type;
}

struct type_table *type_table_new(struct arena *arena, struct intern *names)
{
    struct type_table *t = arena_new_of(arena, struct type_table);
    t->arena = arena;
    t->names = names;
    set_slots(t, 256);
    return t;
}

const struct type_scalar type_scalars[TYPE_SCALAR_COUNT] = {
    {"bool", TYPE_BOOL},       {"int32", TYPE_INT32},       {"int64", TYPE_INT64}, {"float32", TYPE_FLOAT32},
    {"float64", TYPE_FLOAT64}, {"string", TYPE_STRING},     {"bytes", TYPE_BYTES}, {"timestamp", TYPE_TIMESTAMP},
    {"date", TYPE_DATE},       {"duration", TYPE_DURATION}, {"json", TYPE_JSON},
};

enum type_kind type_scalar_kind(const char *name)
{
    for (int i = 0; i < TYPE_SCALAR_COUNT; i++)
        if (strcmp(type_scalars[i].name, name) == 0)
            return type_scalars[i].kind;
    return TYPE_ERROR;
}

const struct type *type_of_kind(struct type_table *t, enum type_kind kind)
{
    return intern_type(t, &(struct type){.kind = kind});
}

const struct type *type_timestamp(struct type_table *t, bool iso)
{
    return intern_type(t, &(struct type){.kind = TYPE_TIMESTAMP, .iso = iso});
}

const struct type *type_decimal(struct type_table *t, int precision, int scale)
{
    return intern_type(t, &(struct type){.kind = TYPE_DECIMAL, .precision = precision, .scale = scale});
}

const struct type *type_list(struct type_table *t, const struct type *element)
{
    return intern_type(t, &(struct type){.kind = TYPE_LIST, .element = element});
}

const struct type *type_map(struct type_table *t, const struct type *values)
{
    return intern_type(t, &(struct type){.kind = TYPE_MAP, .element = values});
}

const struct type *type_optional(struct type_table *t, const struct type *inner)
{
    if (inner->kind == TYPE_OPTIONAL || inner->kind == TYPE_ERROR || inner->kind == TYPE_NULL)
        return inner;
    return intern_type(t, &(struct type){.kind = TYPE_OPTIONAL, .element = inner});
}

static const struct type *with_fields(struct type_table *t, struct type type, const struct type_field *fields,
                                      int count)
{
    size_t size = (size_t)count * sizeof *fields;
    type.fields.items = size ? memcpy(arena_alloc(t->arena, size), fields, size) : NULL;
    type.fields.count = count;
    return intern_type(t, &type);
}

const struct type *type_record(struct type_table *t, const char *name, const struct type_field *fields, int count)
{
    return with_fields(t, (struct type){.kind = TYPE_RECORD, .name = name}, fields, count);
}

const struct type *type_enum(struct type_table *t, const char *name, const struct type_field *cases, int count)
{
    return with_fields(t, (struct type){.kind = TYPE_ENUM, .name = name}, cases, count);
}

const struct type *type_union(struct type_table *t, const char *name, const char *tag, const struct type_field *cases,
                              int count)
{
    return with_fields(t, (struct type){.kind = TYPE_UNION, .name = name, .tag = tag}, cases, count);
}

int type_count(const struct type_table *t)
{
    return t->nodes.count;
}

const struct type *type_at(const struct type_table *t, int id)
{
    return &t->nodes.items[id]->type;
}

bool type_is_optional(const struct type *t)
{
    return t->kind == TYPE_OPTIONAL;
}

const struct type *type_plain(const struct type *t)
{
    return t->kind == TYPE_OPTIONAL ? t->element : t;
}

bool type_is_integer(const struct type *t)
{
    return t->kind == TYPE_INT32 || t->kind == TYPE_INT64;
}

bool type_is_number(const struct type *t)
{
    return t->kind >= TYPE_INT32 && t->kind <= TYPE_DECIMAL;
}

bool type_is_ordered(const struct type *t)
{
    return (t->kind >= TYPE_BOOL && t->kind <= TYPE_DURATION) || t->kind == TYPE_ENUM;
}

bool type_same(const struct type *a, const struct type *b)
{
    return a->canonical == b->canonical;
}

int type_field_index(const struct type *t, const char *name)
{
    const struct type_node *node = (const struct type_node *)t;
    if (node->slots)
        return node->slots[name_slot(node, name)] - 1;
    for (int i = 0; i < t->fields.count; i++)
        if (t->fields.items[i].name == name)
            return i;
    return -1;
}
