// Reads the signatures of builtins.def. They are the compiler's own text: what can't be read is a bug, and a test's.
#include "types/builtin.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name, *signature;
} rows[] = {
#define BUILTIN(id, name, signature, function) {name, signature},
#include "types/builtins.def"
#undef BUILTIN
};

static const struct {
    const char *name, *signature;
    bool undo;
} aggregates[] = {
#define AGGREGATE(id, name, signature, undo) {name, signature, undo},
#include "types/aggregates.def"
#undef AGGREGATE
};
enum { AGGREGATES = sizeof aggregates / sizeof *aggregates };

struct builtin_table {
    struct signature signatures[BUILTIN_COUNT], aggregates[AGGREGATES];
    struct name_map by_name, aggregates_by_name;
    struct intern *names;
};

struct reader {
    const char *at;
    struct arena *arena;
    struct intern *names;
    struct type_table *types;
};

static void skip_spaces(struct reader *r)
{
    while (*r->at == ' ')
        r->at++;
}

static bool take(struct reader *r, const char *text)
{
    skip_spaces(r);
    size_t len = strlen(text);
    if (strncmp(r->at, text, len) != 0)
        return false;
    r->at += len;
    return true;
}

static void expect(struct reader *r, const char *text)
{
    bool there = take(r, text);
    assert(there);
    (void)there;
}

static const char *take_word(struct reader *r)
{
    skip_spaces(r);
    const char *begin = r->at;
    while ((*r->at >= 'a' && *r->at <= 'z') || (*r->at >= 'A' && *r->at <= 'Z') || (*r->at >= '0' && *r->at <= '9') ||
           *r->at == '_')
        r->at++;
    return intern_name(r->names, begin, (size_t)(r->at - begin));
}

static struct sig_type *read_type(struct reader *r);

static struct sig_type *read_record(struct reader *r, struct sig_type *t)
{
    if (take(r, "string:")) {
        t->kind = SIG_MAP;
        t->element = read_type(r);
        expect(r, "}");
        return t;
    }
    t->kind = SIG_RECORD;
    do {
        struct sig_field field = {take_word(r), NULL};
        expect(r, ":");
        field.type = read_type(r);
        vec_push(r->arena, &t->fields, field);
    } while (take(r, ","));
    expect(r, "}");
    return t;
}

static void read_word_type(struct reader *r, struct sig_type *t)
{
    const char *word = take_word(r);
    if (word[0] >= 'A' && word[0] <= 'Z') {
        t->kind = SIG_VAR;
        t->var = word[0];
    } else if (strcmp(word, "decimal") == 0) {
        t->kind = SIG_DECIMAL;
    } else if (strcmp(word, "enum") == 0) {
        t->kind = SIG_ENUM;
    } else if (strcmp(word, "n") == 0) {
        t->kind = SIG_PLAIN;
        t->type = type_of_kind(r->types, TYPE_INT64);
    } else {
        t->kind = SIG_PLAIN;
        assert(type_scalar_kind(word) != TYPE_ERROR);
        t->type = type_of_kind(r->types, type_scalar_kind(word));
    }
}

static struct sig_type *read_type(struct reader *r)
{
    struct sig_type *t = arena_new_of(r->arena, struct sig_type);
    if (take(r, "[")) {
        t->kind = SIG_LIST;
        t->element = read_type(r);
        expect(r, "]");
    } else if (take(r, "{")) {
        read_record(r, t);
    } else if (take(r, "(")) {
        t->kind = SIG_LAMBDA;
        do
            vec_push(r->arena, &t->params, read_type(r));
        while (take(r, ","));
        expect(r, ")");
        expect(r, "->");
        t->element = read_type(r);
    } else {
        read_word_type(r, t);
    }
    if (take(r, "?")) {
        struct sig_type *optional = arena_new_of(r->arena, struct sig_type);
        optional->kind = SIG_OPTIONAL;
        optional->element = t;
        return optional;
    }
    return t;
}

static struct constant read_default(struct reader *r)
{
    struct constant constant = {0};
    if (take(r, "\"")) {
        const char *begin = r->at;
        r->at += strcspn(r->at, "\"");
        constant.len = (uint32_t)(r->at - begin);
        constant.text = arena_strndup(r->arena, begin, constant.len);
        expect(r, "\"");
    } else {
        char *end;
        constant.integer = strtoll(r->at, &end, 10);
        r->at = end;
    }
    return constant;
}

static void read_signature(struct reader *r, struct signature *s)
{
    expect(r, "(");
    while (!take(r, ")")) {
        struct sig_param param = {.type = read_type(r)};
        s->variadic = take(r, "...");
        if (take(r, "=")) {
            param.optional = true;
            param.otherwise = read_default(r);
        } else {
            s->required++;
        }
        vec_push(r->arena, &s->params, param);
        take(r, ",");
    }
    expect(r, "->");
    s->result = read_type(r);
}

// Overloads follow one another in the order of the table.
static void add_signature(struct reader r, struct name_map *by_name, struct signature *s, int id, const char *name)
{
    s->id = id;
    s->name = intern_cstr(r.names, name);
    s->text = r.at;
    read_signature(&r, s);
    struct signature *last = name_map_add(by_name, s->name, s);
    while (last && last->next)
        last = last->next;
    if (last)
        last->next = s;
}

struct builtin_table *builtin_table_new(struct arena *arena, struct intern *names, struct type_table *types)
{
    struct builtin_table *table = arena_new_of(arena, struct builtin_table);
    table->names = names;
    name_map_init(&table->by_name, arena);
    name_map_init(&table->aggregates_by_name, arena);
    for (int i = 0; i < BUILTIN_COUNT; i++)
        add_signature((struct reader){rows[i].signature, arena, names, types}, &table->by_name, &table->signatures[i],
                      i, rows[i].name);
    for (int i = 0; i < AGGREGATES; i++)
        add_signature((struct reader){aggregates[i].signature, arena, names, types}, &table->aggregates_by_name,
                      &table->aggregates[i], i, aggregates[i].name);
    return table;
}

const struct signature *aggregate_find(const struct builtin_table *table, const char *name)
{
    return name_map_get(&table->aggregates_by_name, intern_cstr(table->names, name));
}

bool aggregate_can_undo(const struct signature *aggregate)
{
    return aggregates[aggregate->id].undo;
}

const struct signature *builtin_find(const struct builtin_table *table, const char *name)
{
    return name_map_get(&table->by_name, intern_cstr(table->names, name));
}

const struct signature *builtin_signature(const struct builtin_table *table, enum builtin_id id)
{
    return &table->signatures[id];
}

const char *builtin_nearest(const struct builtin_table *table, const char *name)
{
    return name_map_nearest(&table->by_name, name);
}

const char *builtin_name(enum builtin_id id)
{
    return rows[id].name;
}
