#include "exec/extern_text.h"

#include <string.h>

#include "base/path.h"
#include "base/writer.h"
#include "exec/headers.h"
#include "types/extern.h"

// The end of the line that begins at LINE, its newline left out.
static const char *line_end(const char *line, const char *end)
{
    const char *newline = memchr(line, '\n', (size_t)(end - line));
    return newline ? newline : end;
}

// The name in `#include "NAME"`, if that is what LINE is; NULL: it is not. QUOTE: the only one that counts, or 0.
static const char *included(struct arena *arena, const char *line, const char *end, char quote)
{
    static const char word[] = "include";
    const char *p = line;
    p += strspn(p, " \t");
    if (p >= end || *p++ != '#')
        return NULL;
    p += strspn(p, " \t");
    if (strncmp(p, word, sizeof word - 1) != 0)
        return NULL;
    p += sizeof word - 1;
    p += strspn(p, " \t");
    if ((*p != '"' && *p != '<') || (quote && *p != quote))
        return NULL;
    const char *close = memchr(p + 1, *p == '<' ? '>' : '"', (size_t)(end - p - 1));
    return close ? arena_strndup(arena, p + 1, (size_t)(close - p - 1)) : NULL;
}

// weir_extern.h is there already, and perhaps nowhere to be found: its lines are left empty.
static void put_source(struct arena *arena, struct writer *out, const struct source *source)
{
    const char *end = source->text + source->len;
    for (const char *line = source->text; line < end;) {
        const char *stop = line_end(line, end), *name = included(arena, line, stop, 0);
        if (!name || strcmp(name, "weir_extern.h") != 0)
            writer_put(out, line, (size_t)(stop - line));
        writer_puts(out, "\n");
        line = stop + 1;
    }
}

static void put_string(struct writer *out, const char *text)
{
    writer_puts(out, "\"");
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            writer_put(out, "\\", 1);
        writer_put(out, text, 1);
    }
    writer_puts(out, "\"");
}

bool extern_unit_read(struct arena *arena, struct source_set *sources, const struct c_file *file,
                      struct extern_unit *unit, const char **why)
{
    struct source *source = source_read_once(sources, file->path, why);
    if (!source)
        return false;
    source->foreign = true;
    struct writer text = {0};
    writer_puts(&text, "#define _GNU_SOURCE\n");
    writer_put(&text, extern_headers_text, extern_headers_length);
    for (int i = 0; i < file->fns.count; i++)
        writer_printf(&text, "%s;\n", extern_prototype(arena, file->fns.items[i]));
    writer_puts(&text, "#line 1 ");
    put_string(&text, source->name);
    writer_puts(&text, "\n");
    put_source(arena, &text, source);
    *unit = (struct extern_unit){.file = file,
                                 .source = source,
                                 .folder = path_folder(arena, source->name),
                                 .text = arena_strndup(arena, text.text, text.len),
                                 .length = text.len};
    writer_free(&text);
    return true;
}

void extern_texts(struct arena *arena, struct source_set *sources, const struct source *source, struct externs *externs)
{
    for (int i = 0; i < externs->texts.count; i++)
        if (externs->texts.items[i] == source)
            return;
    vec_push(arena, &externs->texts, source);
    const char *end = source->text + source->len, *why;
    for (const char *line = source->text; line < end;) {
        const char *stop = line_end(line, end), *name = included(arena, line, stop, '"');
        struct source *inner = name ? source_read_once(sources, source_beside(arena, source, name), &why) : NULL;
        if (inner) {
            inner->foreign = true;
            extern_texts(arena, sources, inner, externs);
        }
        line = stop + 1;
    }
}
