// Types as the user would write them, for messages and dumps.
#include <string.h>

#include "base/writer.h"
#include "types/type.h"

// What is longer is cut: a message is read by a person.
enum { MAX_DEPTH = 4, MAX_LENGTH = 400 };

static const char *const scalar_names[] = {
    [TYPE_ERROR] = "?",     [TYPE_NULL] = "null",       [TYPE_BOOL] = "bool",         [TYPE_INT32] = "int32",
    [TYPE_INT64] = "int64", [TYPE_FLOAT32] = "float32", [TYPE_FLOAT64] = "float64",   [TYPE_STRING] = "string",
    [TYPE_BYTES] = "bytes", [TYPE_DATE] = "date",       [TYPE_DURATION] = "duration", [TYPE_JSON] = "json",
};

static bool is_identifier(const char *name)
{
    for (const char *p = name; *p; p++) {
        bool letter = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || *p == '_';
        if (!letter && !(p > name && *p >= '0' && *p <= '9'))
            return false;
    }
    return *name != '\0';
}

static void show(struct writer *w, const struct type *t, int depth);

static void show_record(struct writer *w, const struct type *t, int depth)
{
    if (depth >= MAX_DEPTH) {
        writer_puts(w, "{ ... }");
        return;
    }
    writer_puts(w, "{ ");
    for (int i = 0; i < t->fields.count; i++) {
        if (w->len > MAX_LENGTH) {
            writer_puts(w, ", ...");
            break;
        }
        const char *name = t->fields.items[i].name;
        writer_printf(w, is_identifier(name) ? "%s%s: " : "%s`%s`: ", i > 0 ? ", " : "", name);
        show(w, t->fields.items[i].type, depth + 1);
    }
    writer_puts(w, " }");
}

static void show(struct writer *w, const struct type *t, int depth)
{
    switch (t->kind) {
    case TYPE_DECIMAL: writer_printf(w, "decimal(%d, %d)", t->precision, t->scale); break;
    case TYPE_TIMESTAMP: writer_puts(w, t->iso ? "timestamp(iso)" : "timestamp"); break;
    case TYPE_LIST:
        writer_puts(w, "[");
        show(w, t->element, depth + 1);
        writer_puts(w, "]");
        break;
    case TYPE_MAP:
        writer_puts(w, "{string: ");
        show(w, t->element, depth + 1);
        writer_puts(w, "}");
        break;
    case TYPE_OPTIONAL:
        show(w, t->element, depth);
        writer_puts(w, "?");
        break;
    case TYPE_ENUM:
    case TYPE_UNION: writer_puts(w, t->name); break;
    case TYPE_RECORD:
        if (t->name)
            writer_puts(w, t->name);
        else
            show_record(w, t, depth);
        break;
    default: writer_puts(w, scalar_names[t->kind]); break;
    }
}

const char *type_show(struct arena *arena, const struct type *t)
{
    struct writer w = {0};
    show(&w, t, 0);
    const char *text = arena_strndup(arena, w.text, w.len);
    writer_free(&w);
    return text;
}

const char *duration_show(struct arena *arena, int64_t ms)
{
    static const struct {
        const char *name;
        int64_t ms;
    } units[] = {{"d", 86400000}, {"h", 3600000}, {"m", 60000}, {"s", 1000}};
    for (size_t i = 0; ms != 0 && i < sizeof units / sizeof *units; i++)
        if (ms % units[i].ms == 0)
            return arena_printf(arena, "%lld%s", (long long)(ms / units[i].ms), units[i].name);
    return arena_printf(arena, "%lldms", (long long)ms);
}
