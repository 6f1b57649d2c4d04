#include "emit/emit.h"

#include <ctype.h>
#include <string.h>

#include "emit/emitter.h"

// ---- what is written once ----

struct made *made_find(struct emitter *e, const char *kind, const void *a, const void *b)
{
    for (int i = 0; i < e->made.count; i++) {
        struct made *made = &e->made.items[i];
        if (made->a == a && made->b == b && strcmp(made->kind, kind) == 0)
            return made;
    }
    return NULL;
}

const char *made_new(struct emitter *e, const char *kind, const void *a, const void *b, const char *base)
{
    struct made made = {.kind = kind, .a = a, .b = b, .name = names_take(e->globals, base)};
    vec_push(e->arena, &e->made, made);
    return made.name;
}

void section_add(struct emitter *e, enum section section, struct writer *text)
{
    struct writer *out = &e->sections[section];
    bool dense = section == SECTION_CONSTANTS || section == SECTION_SERDES;
    if (out->len > 0 && !dense)
        writer_puts(out, "\n");
    writer_put(out, text->text, text->len);
    writer_free(text);
}

// ---- names ----

// Every word of the program's text is taken: nothing that the emitter names can hide what the user named.
static void take_words(struct emitter *e)
{
    for (int i = 0; i < e->sources->files.count; i++) {
        const struct source *source = e->sources->files.items[i];
        if (source->foreign)
            continue;
        for (uint32_t at = 0; at < source->len;) {
            uint32_t begin = at;
            while (at < source->len && (isalnum((unsigned char)source->text[at]) || source->text[at] == '_'))
                at++;
            if (at > begin && !isdigit((unsigned char)source->text[begin]))
                names_add(e->words, arena_strndup(e->arena, source->text + begin, at - begin));
            at += at == begin;
        }
    }
}

// Numbers for the sources, sinks and taps in the tables, and what to call them.
static const char **number(struct emitter *e, struct writer *out, const char *prefix, const char *const *names,
                           int count)
{
    const char **constants = arena_alloc(e->arena, (size_t)(count + 1) * sizeof *constants);
    for (int i = 0; i < count; i++)
        constants[i] = names_take(e->globals, name_of(e, arena_printf(e->arena, "%s_%s", prefix, names[i])));
    if (count > 0)
        writer_puts(out, "enum {");
    for (int i = 0; i < count; i++)
        writer_printf(out, "%s %s", i ? "," : "", constants[i]);
    if (count > 0)
        writer_puts(out, " };\n");
    return constants;
}

static void number_all(struct emitter *e, struct writer *out)
{
    const struct plan *plan = e->plan;
    int most = plan->sources.count + plan->sinks.count + plan->stores.count + plan->taps.count;
    const char **names = arena_alloc(e->arena, (size_t)(most + 1) * sizeof *names);
    for (int i = 0; i < plan->sources.count; i++)
        names[i] = plan->sources.items[i]->name;
    e->source_names = number(e, out, "source", names, plan->sources.count);
    for (int i = 0; i < plan->sinks.count; i++)
        names[i] = plan->sinks.items[i]->name;
    e->sink_names = number(e, out, "sink", names, plan->sinks.count);
    for (int i = 0; i < plan->stores.count; i++)
        names[i] = plan->stores.items[i]->c_name;
    e->store_names = number(e, out, "store", names, plan->stores.count);
    for (int i = 0; i < plan->taps.count; i++)
        names[i] = plan->taps.items[i].stage->flow;
    e->tap_names = number(e, out, "tap", names, plan->taps.count);
}

// ---- #line ----

// Puts a section's text to OUT. Between a mark and the next, every line of C is of one line of the program; elsewhere C speaks for itself.
static void put_marked(struct writer *out, const char *text, const char *c_name)
{
    const char *mark = NULL;
    int mark_length = 0, line = 1;
    for (const char *p = out->text; p && *p; p++)
        line += *p == '\n';
    while (text && *text) {
        const char *end = strchr(text, '\n'), *begin = text;
        while (*begin == ' ')
            begin++;
        int length = (int)(end - text);
        if (*begin == LINE_MARK[0]) {
            mark = begin + 1;
            mark_length = (int)(end - mark);
        } else {
            bool ends = *text == '}' && mark;
            bool comment = begin[0] == '/' && begin[1] == '/';
            if (mark && length > 0 && !ends && !comment) {
                writer_printf(out, "#line %.*s\n", mark_length, mark);
                line++;
            }
            if (ends) {
                line++;
                writer_printf(out, "#line %d %s\n", line, c_name);
                mark = NULL;
            }
            writer_printf(out, "%.*s\n", length, text);
            line++;
        }
        text = end + 1;
    }
}

// ---- the file ----

static void emit_parts(struct emitter *e)
{
    for (int i = 0; i < e->plan->functions.count; i++)
        emit_function(e, e->plan->functions.items[i]);
    if (e->plan->tests)
        emit_tests(e);
    emit_tables(e);
}

static void put_section(struct writer *out, const struct writer *section, const char *title)
{
    if (section->len == 0)
        return;
    if (title)
        writer_printf(out, "// ---- %s ----\n\n", title);
    writer_put(out, section->text, section->len);
    writer_puts(out, "\n");
}

static void put_all(struct emitter *e, struct writer *out, const struct writer *numbers)
{
    static const char *const titles[SECTION_COUNT] = {
        [SECTION_CONSTANTS] = "constants",
        [SECTION_HELPERS] = "equality",
        [SECTION_DECODERS] = "decoders",
        [SECTION_ENCODERS] = "encoders",
        [SECTION_FNS] = "functions of the program",
        [SECTION_SERDES] = "serdes",
        [SECTION_KEEPERS] = "values in stores",
        [SECTION_FUNCTIONS] = "stages",
        [SECTION_TESTS] = "tests",
        [SECTION_TABLES] = "the program",
    };
    const char *c_name =
        text_c_string(e, arena_printf(e->arena, "%s.c", e->plan->program->app), strlen(e->plan->program->app) + 2);
    const char *file = e->sources->files.items[0]->name;
    writer_printf(out, "// Made by weir from %s.\n#include <weir.h>\n\n", text_c_string(e, file, strlen(file)));
    types_write(e, out);
    put_section(out, numbers, NULL);
    for (int i = 0; i < SECTION_COUNT; i++) {
        if (i != SECTION_FUNCTIONS || !e->options.lines) {
            put_section(out, &e->sections[i], titles[i]);
            continue;
        }
        writer_printf(out, "// ---- %s ----\n\n", titles[i]);
        put_marked(out, e->sections[i].text, c_name);
        writer_puts(out, "\n");
    }
}

void emit_c(struct writer *out, const struct plan *plan, struct source_set *sources, struct emit_options options)
{
    struct arena *arena = arena_new();
    struct emitter e = {.arena = arena, .plan = plan, .sources = sources, .options = options};
    struct writer numbers = {0};
    size_t before = out->len;
    e.words = names_new(arena, NULL);
    e.globals = names_new(arena, e.words);
    e.tags = names_new(arena, NULL);
    e.types = arena_alloc(arena, (size_t)(type_count(plan->program->types) + 1) * sizeof *e.types);
    take_words(&e);
    extern_take_names(&e);
    types_name(&e);
    number_all(&e, &numbers);
    emit_parts(&e);
    put_all(&e, out, &numbers);
    if (out->len > before && out->text[out->len - 1] == '\n' && out->len > 1 && out->text[out->len - 2] == '\n')
        out->text[--out->len] = '\0';
    writer_free(&numbers);
    for (int i = 0; i < SECTION_COUNT; i++)
        writer_free(&e.sections[i]);
    arena_free(arena);
}
