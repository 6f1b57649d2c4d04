#include "exec/c_messages.h"

#include <stdlib.h>
#include <string.h>

#include "types/extern.h"

struct message {
    const char *file;
    int line, column; // column 0: not said
    const char *text;
};

// LINE as `FILE:LINE:` with what follows. False: it is something else.
static bool read_place(struct arena *arena, const char *line, struct message *m)
{
    for (const char *p = strchr(line, ':'); p; p = strchr(p + 1, ':')) {
        char *end;
        long number = strtol(p + 1, &end, 10);
        if (end == p + 1 || *end != ':' || number <= 0)
            continue;
        m->file = arena_strndup(arena, line, (size_t)(p - line));
        m->line = (int)number;
        number = strtol(end + 1, &end, 10);
        m->column = *end == ':' && number > 0 ? (int)number : 0;
        m->text = m->column ? end + 1 : strchr(p + 1, ':') + 1;
        return true;
    }
    return false;
}

static bool read_error(struct arena *arena, const char *line, struct message *m)
{
    static const char *const levels[] = {" error: ", " fatal error: "};
    if (!read_place(arena, line, m))
        return false;
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        if (strncmp(m->text, levels[i], strlen(levels[i])) == 0) {
            const char *text = m->text + strlen(levels[i]), *option = strstr(text, " [-W");
            m->text = option ? arena_strndup(arena, text, (size_t)(option - text)) : text;
            return true;
        }
    return false;
}

static const struct source *find_source(const struct diag_bag *bag, const char *name)
{
    for (int i = 0; i < bag->sources->files.count; i++)
        if (strcmp(bag->sources->files.items[i]->name, name) == 0)
            return bag->sources->files.items[i];
    return NULL;
}

static struct span place_of(const struct source *s, const struct message *m)
{
    int line = m->line <= s->line_starts.count ? m->line - 1 : s->line_starts.count - 1;
    const char *text;
    uint32_t length, begin = s->line_starts.items[line];
    source_line(s, begin, &text, &length);
    if (m->column) {
        uint32_t at = (uint32_t)m->column - 1 < length ? (uint32_t)m->column - 1 : length;
        return (struct span){s->id, begin + at, begin + at + 1};
    }
    uint32_t blank = 0;
    while (blank < length && (text[blank] == ' ' || text[blank] == '\t'))
        blank++;
    return (struct span){s->id, begin + blank, begin + length};
}

// The function whose prototype and definition differ; NULL: it is about something else.
static const struct fn *find_conflict(struct arena *arena, const struct c_file *file, const char *text)
{
    if (!strstr(text, "conflicting") && !strstr(text, "redefinition") && !strstr(text, "static declaration") &&
        !strstr(text, "different kind"))
        return NULL;
    for (int i = 0; i < file->fns.count; i++)
        if (strstr(text, arena_printf(arena, "'%s'", file->fns.items[i]->name)))
            return file->fns.items[i];
    return NULL;
}

static void report_conflict(struct arena *arena, struct diag_bag *bag, const struct fn *fn, struct span at)
{
    struct diag *d = diag_error(bag, at, "`%s` is not the function that the program declares", fn->name);
    diag_related(bag, d, fn->span, "declared here");
    diag_help(bag, d, "in C it is `%s`", extern_prototype(arena, fn));
}

static void report(struct arena *arena, struct diag_bag *bag, const struct extern_unit *unit, const struct message *m)
{
    const struct source *source = find_source(bag, m->file);
    const struct fn *conflict = find_conflict(arena, unit->file, m->text);
    if (conflict)
        report_conflict(arena, bag, conflict, source ? place_of(source, m) : conflict->span);
    else if (source)
        diag_error(bag, place_of(source, m), "%s", m->text);
    else
        diag_error(bag, unit->file->span, "%s:%d: %s", m->file, m->line, m->text);
}

void c_messages_report(struct arena *arena, struct diag_bag *bag, const struct extern_unit *unit, const char *text)
{
    int before = bag->errors;
    for (const char *p = text; *p;) {
        size_t n = strcspn(p, "\n");
        struct message m;
        if (read_error(arena, arena_strndup(arena, p, n), &m))
            report(arena, bag, unit, &m);
        p += n + (p[n] == '\n');
    }
    if (bag->errors == before)
        diag_error(bag, unit->file->span, "\"%s\" can't be compiled: %s", unit->file->name, text);
}
