#include "base/source.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_SIZE = 16 * 1024 * 1024 };

static void index_lines(struct arena *a, struct source *s)
{
    vec_push(a, &s->line_starts, 0);
    for (const char *at = s->text, *end = s->text + s->len; (at = memchr(at, '\n', (size_t)(end - at)));) {
        at++;
        vec_push(a, &s->line_starts, (uint32_t)(at - s->text));
    }
}

struct source *source_from_text(struct source_set *set, const char *name, const char *text, uint32_t len)
{
    struct source *s = arena_new_of(set->arena, struct source);
    s->name = arena_strdup(set->arena, name);
    s->text = arena_strndup(set->arena, text, len);
    s->len = len;
    s->id = set->files.count;
    index_lines(set->arena, s);
    vec_push(set->arena, &set->files, s);
    return s;
}

// Reads to the end or just past MAX_SIZE; a pipe has no size to ask for. The caller frees the text.
static char *read_all(FILE *in, size_t *len)
{
    size_t capacity = 16 * 1024, count = 0;
    char *text = NULL;
    for (;;) {
        char *grown = realloc(text, capacity);
        if (!grown)
            break;
        text = grown;
        count += fread(text + count, 1, capacity - count, in);
        if (count < capacity || count > MAX_SIZE)
            break;
        capacity *= 2;
    }
    *len = count;
    return text;
}

static struct source *read_stream(struct source_set *set, const char *name, FILE *in, const char **why)
{
    size_t len = 0;
    errno = 0;
    char *text = read_all(in, &len);
    struct source *s = NULL;
    if (!text || ferror(in))
        *why = arena_strdup(set->arena, strerror(errno));
    else if (len > MAX_SIZE)
        *why = "it is larger than 16 MiB";
    else
        s = source_from_text(set, name, text, (uint32_t)len);
    free(text);
    return s;
}

struct source *source_read(struct source_set *set, const char *path, const char **why)
{
    if (strcmp(path, "-") == 0)
        return read_stream(set, "<stdin>", stdin, why);
    FILE *in = fopen(path, "rb");
    if (!in) {
        *why = arena_strdup(set->arena, strerror(errno));
        return NULL;
    }
    struct source *s = read_stream(set, path, in, why);
    fclose(in);
    char real[PATH_MAX];
    if (s && realpath(path, real))
        s->path = arena_strdup(set->arena, real);
    return s;
}

struct source *source_read_once(struct source_set *set, const char *path, const char **why)
{
    char real[PATH_MAX];
    const char *found = realpath(path, real);
    for (int i = 0; found && i < set->files.count; i++)
        if (set->files.items[i]->path && strcmp(set->files.items[i]->path, real) == 0)
            return set->files.items[i];
    return source_read(set, path, why);
}

const char *source_beside(struct arena *arena, const struct source *in, const char *name)
{
    const char *slash = strrchr(in->name, '/');
    if (name[0] == '/' || !slash)
        return arena_strdup(arena, name);
    return arena_printf(arena, "%.*s/%s", (int)(slash - in->name), in->name, name);
}

// Index of the line that holds OFFSET.
static int find_line(const struct source *s, uint32_t offset)
{
    int low = 0, high = s->line_starts.count;
    while (high - low > 1) {
        int middle = low + (high - low) / 2;
        if (s->line_starts.items[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    return low;
}

struct position source_position(const struct source *s, uint32_t offset)
{
    if (offset > s->len)
        offset = s->len;
    int line = find_line(s, offset);
    int column = 1;
    for (uint32_t i = s->line_starts.items[line]; i < offset; i++)
        column += ((unsigned char)s->text[i] & 0xC0) != 0x80; // continuation bytes of UTF-8 don't count
    return (struct position){line + 1, column};
}

void source_line(const struct source *s, uint32_t offset, const char **begin, uint32_t *len)
{
    if (offset > s->len)
        offset = s->len;
    uint32_t from = s->line_starts.items[find_line(s, offset)];
    const char *end = memchr(s->text + from, '\n', s->len - from);
    uint32_t to = end ? (uint32_t)(end - s->text) : s->len;
    if (to > from && s->text[to - 1] == '\r')
        to--;
    *begin = s->text + from;
    *len = to - from;
}

struct span span_join(struct span a, struct span b)
{
    return (struct span){a.file, a.begin, b.end > a.end ? b.end : a.end};
}
