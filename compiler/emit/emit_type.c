#include <string.h>

#include "emit/emitter.h"

bool type_is_struct(const struct type *t)
{
    return t->kind == TYPE_RECORD || t->kind == TYPE_UNION;
}

const char *type_suffix(const struct type *t)
{
    switch (t->kind) {
    case TYPE_BOOL: return "bool";
    case TYPE_INT32:
    case TYPE_DATE:
    case TYPE_ENUM: return "i32";
    case TYPE_INT64:
    case TYPE_TIMESTAMP:
    case TYPE_DURATION: return "i64";
    case TYPE_FLOAT32: return "f32";
    case TYPE_FLOAT64: return "f64";
    case TYPE_DECIMAL: return "dec";
    case TYPE_STRING:
    case TYPE_BYTES:
    case TYPE_JSON: return "str";
    default: return NULL;
    }
}

static struct type_info *info_of(struct emitter *e, const struct type *t)
{
    struct type_info *info = &e->types[t->canonical->id];
    if (!info->used) {
        info->members = arena_alloc(e->arena, (size_t)(t->fields.count + 1) * sizeof *info->members);
        info->used = arena_alloc(e->arena, (size_t)(t->fields.count + 1) * sizeof *info->used);
        struct names *members = names_new(e->arena, NULL);
        if (t->kind == TYPE_UNION)
            names_add(members, "tag");
        for (int i = 0; i < t->fields.count; i++)
            info->members[i] = names_take(members, name_of(e, t->fields.items[i].name));
    }
    return info;
}

// Would NAME_CASE be free for every case?
static bool cases_free(struct emitter *e, const struct type *t, const char *name)
{
    for (int i = 0; i < t->fields.count; i++)
        if (names_has(e->globals, arena_printf(e->arena, "%s_%s", name, info_of(e, t)->members[i])))
            return false;
    return true;
}

static void info_name(struct emitter *e, const struct type *t, const char *base)
{
    struct type_info *info = info_of(e, t);
    if (info->name)
        return;
    info->name = names_take(e->tags, base);
    while (t->kind != TYPE_RECORD && !cases_free(e, t, info->name))
        info->name = names_take(e->tags, base);
    for (int i = 0; t->kind != TYPE_RECORD && i < t->fields.count; i++)
        names_add(e->globals, arena_printf(e->arena, "%s_%s", info->name, info->members[i]));
}

static const char *struct_name(struct emitter *e, const struct type *t)
{
    if (!info_of(e, t)->name)
        info_name(e, t, t->name ? name_of(e, t->name) : "record");
    info_of(e, t)->needed = true;
    return info_of(e, t)->name;
}

// ---- names for records that are written in place ----

static void name_within(struct emitter *e, const struct type *t, const char *base)
{
    t = type_plain(t);
    while (t->kind == TYPE_LIST || t->kind == TYPE_MAP)
        t = type_plain(t->element);
    if (!type_is_struct(t) || info_of(e, t)->visited)
        return;
    info_of(e, t)->visited = true;
    info_name(e, t, t->name ? name_of(e, t->name) : base);
    for (int i = 0; i < t->fields.count; i++)
        name_within(e, t->fields.items[i].type,
                    arena_printf(e->arena, "%s_%s", info_of(e, t)->name, info_of(e, t)->members[i]));
}

// The flow or topic that a value without a type's name is on its way to.
static const char *destination(const struct stage *stage)
{
    const char *within = stage->within;
    for (;;) {
        if (stage->flow)
            return stage->flow;
        if (stage->kind == STAGE_SINK && stage->sink->topic)
            return stage->sink->topic;
        if (stage->outputs.count != 1)
            return within ? within : "value";
        stage = stage->outputs.items[0];
    }
}

void types_name(struct emitter *e)
{
    const struct program *p = e->plan->program;
    for (int i = 0; i < type_count(p->types); i++) {
        const struct type *t = type_at(p->types, i);
        if (t->name)
            info_name(e, t, name_of(e, t->name));
    }
    for (int i = 0; i < type_count(p->types); i++)
        if (type_at(p->types, i)->name)
            name_within(e, type_at(p->types, i), NULL);
    for (int i = 0; i < p->stages.count; i++) {
        const struct stage *stage = p->stages.items[i];
        if (stage->out.value)
            name_within(e, stage->out.value->type, name_snake(e, destination(stage)));
        if (stage->out.key)
            name_within(e, stage->out.key->type, name_snake(e, arena_printf(e->arena, "%s_key", destination(stage))));
        if (stage->out.window)
            name_within(e, stage->out.window->type, "window");
    }
}

// ---- as C ----

const char *type_c(struct emitter *e, const struct type *t)
{
    const struct type *plain = type_plain(t);
    if (type_is_struct(plain))
        return arena_printf(e->arena, type_is_optional(t) ? "const struct %s *" : "struct %s", struct_name(e, plain));
    const char *suffix = type_suffix(plain);
    if (type_is_optional(t) && suffix && strcmp(suffix, "str") != 0)
        return arena_printf(e->arena, "struct weir_opt_%s", suffix);
    switch (plain->kind) {
    case TYPE_BOOL: return "bool";
    case TYPE_INT32:
    case TYPE_DATE:
    case TYPE_ENUM: return "int32_t";
    case TYPE_INT64:
    case TYPE_TIMESTAMP:
    case TYPE_DURATION: return "int64_t";
    case TYPE_FLOAT32: return "float";
    case TYPE_FLOAT64: return "double";
    case TYPE_DECIMAL: return "struct weir_dec";
    case TYPE_LIST: return "struct weir_list";
    case TYPE_MAP: return "struct weir_map";
    default: return "struct weir_str";
    }
}

const char *type_declare(struct emitter *e, const struct type *t, const char *name)
{
    const char *c = type_c(e, t);
    return arena_printf(e->arena, c[strlen(c) - 1] == '*' ? "%s%s" : "%s %s", c, name);
}

const char *type_name(struct emitter *e, const struct type *t)
{
    switch (t->kind) {
    case TYPE_OPTIONAL: return arena_printf(e->arena, "optional_%s", type_name(e, t->element));
    case TYPE_LIST: return arena_printf(e->arena, "list_of_%s", type_name(e, t->element));
    case TYPE_MAP: return arena_printf(e->arena, "map_of_%s", type_name(e, t->element));
    case TYPE_RECORD:
    case TYPE_UNION: return struct_name(e, t);
    case TYPE_ENUM:
        if (!info_of(e, t)->name)
            info_name(e, t, t->name ? name_of(e, t->name) : "enumeration");
        return info_of(e, t)->name;
    case TYPE_TIMESTAMP: return t->iso ? "timestamp_iso" : "timestamp";
    case TYPE_DATE: return "date";
    case TYPE_DURATION: return "duration";
    case TYPE_DECIMAL: return arena_printf(e->arena, "decimal_%d_%d", t->precision, t->scale);
    case TYPE_STRING: return "string";
    case TYPE_BYTES: return "bytes";
    case TYPE_JSON: return "json";
    default: return type_suffix(t) ? type_suffix(t) : "value";
    }
}

const char *type_member(struct emitter *e, const struct type *t, int index)
{
    struct type_info *info = info_of(e, t);
    info->used[index] = true;
    return info->members[index];
}

const char *type_case(struct emitter *e, const struct type *t, int index)
{
    const char *name = type_name(e, t);
    info_of(e, t)->needed = true;
    return arena_printf(e->arena, "%s_%s", name, info_of(e, t)->members[index]);
}

// ---- their definitions ----

static void write_type(struct emitter *e, struct writer *out, const struct type *t, bool *done);

static void write_constants(struct emitter *e, struct writer *out, const struct type *t, const char *tag)
{
    const struct type_info *info = info_of(e, t);
    writer_printf(out, "enum %s%s {", info->name, tag);
    for (int i = 0; i < t->fields.count; i++)
        writer_printf(out, "%s %s_%s", i ? "," : "", info->name, info->members[i]);
    writer_puts(out, " };\n\n");
}

static void write_members(struct emitter *e, struct writer *out, const struct type *t)
{
    const struct type_info *info = info_of(e, t);
    int count = 0;
    out->indent++;
    for (int i = 0; i < t->fields.count; i++) {
        if (!info->used[i])
            continue;
        const struct type *field = t->fields.items[i].type;
        writer_printf(out, "%s;", type_declare(e, field, info->members[i]));
        if (type_plain(field)->kind == TYPE_ENUM)
            writer_printf(out, " // %s", type_name(e, type_plain(field)));
        else if (type_plain(field)->element)
            writer_printf(out, " // of %s", type_c(e, type_plain(field)->element));
        writer_puts(out, "\n");
        count++;
    }
    if (count == 0)
        writer_puts(out, "char none; // no field of it is looked at\n");
    out->indent--;
}

// What T holds by value comes before it.
static void write_parts(struct emitter *e, struct writer *out, const struct type *t, bool *done)
{
    const struct type_info *info = info_of(e, t);
    for (int i = 0; i < t->fields.count; i++) {
        if (!info->used[i] || !t->fields.items[i].type)
            continue;
        const struct type *part = type_plain(t->fields.items[i].type);
        if (type_is_struct(part))
            info_of(e, part)->needed = true;
        write_type(e, out, part, done);
    }
}

static void write_type(struct emitter *e, struct writer *out, const struct type *t, bool *done)
{
    t = t->canonical;
    if (done[t->id] || !(type_is_struct(t) || t->kind == TYPE_ENUM))
        return;
    const struct type_info *info = info_of(e, t);
    if (!info->needed)
        return;
    done[t->id] = true;
    if (t->kind == TYPE_ENUM) {
        write_constants(e, out, t, "");
        return;
    }
    write_parts(e, out, t, done);
    if (t->kind == TYPE_UNION) {
        write_constants(e, out, t, "_tag");
        writer_printf(out, "struct %s {\n    int32_t tag; // %s_tag\n", info->name, info->name);
        out->indent++;
        writer_puts(out, "union {\n");
        write_members(e, out, t);
        writer_puts(out, "};\n");
        out->indent--;
    } else {
        writer_printf(out, "struct %s {\n", info->name);
        write_members(e, out, t);
    }
    writer_puts(out, "};\n\n");
}

void types_write(struct emitter *e, struct writer *out)
{
    const struct type_table *types = e->plan->program->types;
    bool *done = arena_alloc(e->arena, (size_t)(type_count(types) + 1) * sizeof *done);
    for (int i = 0; i < type_count(types); i++)
        write_type(e, out, type_at(types, i), done);
}
