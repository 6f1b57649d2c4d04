#include "plan/label.h"

#include <string.h>

#include "base/utf8.h"
#include "types/dump.h"

// ---- the text of a place, on one line, without comments ----

struct squeezer {
    char *out;
    size_t len;
    bool space; // due before the next character
};

static void put(struct squeezer *s, char ch)
{
    if (s->space && s->len > 0)
        s->out[s->len++] = ' ';
    s->space = false;
    s->out[s->len++] = ch;
}

// Copies a string or a backquoted name as it is; returns the index behind it.
static uint32_t put_quoted(struct squeezer *s, const char *text, uint32_t i, uint32_t end)
{
    char quote = text[i];
    put(s, text[i++]);
    while (i < end && text[i] != quote) {
        if (text[i] == '\\' && i + 1 < end)
            put(s, text[i++]);
        put(s, text[i++]);
    }
    if (i < end)
        put(s, text[i++]);
    return i;
}

static uint32_t skip_comment(const char *text, uint32_t i, uint32_t end)
{
    if (text[i + 1] == '/') {
        while (i < end && text[i] != '\n')
            i++;
        return i;
    }
    const char *close = strstr(text + i + 2, "*/");
    uint32_t behind = close ? (uint32_t)(close - text) + 2 : end;
    return behind < end ? behind : end;
}

static char *one_line(struct arena *arena, const struct source_set *sources, struct span span)
{
    if (span.file < 0 || !sources || span.file >= sources->files.count)
        return arena_strdup(arena, "");
    const char *text = sources->files.items[span.file]->text;
    struct squeezer s = {.out = arena_alloc(arena, 2 * (size_t)(span.end - span.begin) + 1)};
    for (uint32_t i = span.begin; i < span.end;) {
        if (text[i] == '"' || text[i] == '`')
            i = put_quoted(&s, text, i, span.end);
        else if (text[i] == '/' && i + 1 < span.end && (text[i + 1] == '/' || text[i + 1] == '*')) {
            i = skip_comment(text, i, span.end);
            s.space = true;
        } else if ((unsigned char)text[i] <= ' ') {
            s.space = true;
            i++;
        } else
            put(&s, text[i++]);
    }
    s.out[s.len] = '\0';
    return s.out;
}

static const char *cut(struct arena *arena, char *text, int max)
{
    size_t i = 0, len = strlen(text), keep = 0;
    for (int count = 0; i < len; count++) {
        uint32_t code;
        size_t n = utf8_decode(text + i, len - i, &code);
        if (max && count == max - 1)
            keep = i;
        if (max && count == max)
            return arena_printf(arena, "%.*s…", (int)keep, text);
        i += n ? n : 1;
    }
    return text;
}

// ---- labels ----

static const char *branch_label(struct arena *arena, const struct topology *topology, const struct stage *stage)
{
    const char *dot = stage->flow ? strrchr(stage->flow, '.') : NULL;
    const char *name = dot ? dot + 1 : one_line(arena, topology->sources, stage->span);
    if (!stage->expr)
        return arena_printf(arena, "%s: else", name);
    return arena_printf(arena, "%s: %s", name, one_line(arena, topology->sources, stage->expr->span));
}

const char *stage_label(struct arena *arena, const struct topology *topology, const struct stage *stage, int max)
{
    const char *label;
    if (stage->kind == STAGE_SOURCE)
        label = stage->source->name;
    else if (stage->kind == STAGE_BRANCH)
        label = branch_label(arena, topology, stage);
    else if (stage->kind == STAGE_EMIT)
        label = "emit";
    else if (stage->kind == STAGE_SINK && stage->inputs.items[0]->kind == STAGE_EMIT)
        label = arena_printf(arena, "to \"%s\"", stage->sink->topic);
    else
        label = one_line(arena, topology->sources, stage->span);
    return cut(arena, arena_strdup(arena, label), max);
}

static bool is_same_place(const struct stage *a, const struct stage *b)
{
    return a->span.file == b->span.file && a->span.begin == b->span.begin && a->span.end == b->span.end;
}

bool stage_is_implied(const struct stage *stage)
{
    if (stage->kind == STAGE_EMIT)
        return true;
    if (stage->kind == STAGE_KEY_BY)
        return stage->outputs.count == 1 && is_same_place(stage, stage->outputs.items[0]);
    if (stage->kind == STAGE_GROUP)
        return is_same_place(stage, stage->inputs.items[0]);
    // What gives a join's sides their names.
    return (stage->kind == STAGE_MAP || stage->kind == STAGE_LET) &&
           (is_same_place(stage, stage->inputs.items[0]) ||
            (stage->outputs.count == 1 && is_same_place(stage, stage->outputs.items[0])));
}

const char *serdes_label(struct arena *arena, const struct serde *key, const struct serde *value)
{
    return arena_printf(arena, "%s => %s", serde_show(arena, key), serde_show(arena, value));
}
