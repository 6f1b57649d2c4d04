// How diagnostics look, for people and for programs.
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/diag_line.h"
#include "base/writer.h"

static const char *const level_names[] = {[DIAG_ERROR] = "error", [DIAG_WARNING] = "warning"};

struct style {
    const char *error, *warning, *note, *bold, *dim, *off;
};

static const struct style plain = {"", "", "", "", "", ""};
static const struct style coloured = {"\033[1;31m", "\033[1;33m", "\033[1;36m", "\033[1m", "\033[34m", "\033[0m"};

struct printer {
    const struct diag_bag *bag;
    struct writer out;
    const struct style *style;
};

static const struct source *source_of(const struct printer *p, struct span span)
{
    const struct source_set *sources = p->bag->sources;
    return span.file >= 0 && span.file < sources->files.count ? sources->files.items[span.file] : NULL;
}

// ---- text ----

static void print_heading(struct printer *p, struct span span, const char *colour, const char *level, const char *text)
{
    const struct source *s = source_of(p, span);
    if (s) {
        struct position at = source_position(s, span.begin);
        diag_put_safe(&p->out, s->name, strlen(s->name));
        writer_printf(&p->out, ":%d:%d: ", at.line, at.column);
    }
    writer_printf(&p->out, "%s%s:%s ", colour, level, p->style->off);
    writer_puts(&p->out, p->style->bold);
    diag_put_safe(&p->out, text, strlen(text));
    writer_printf(&p->out, "%s\n", p->style->off);
}

static void print_excerpt(struct printer *p, struct span span, const char *colour, const char *label)
{
    const struct source *s = source_of(p, span);
    if (!s)
        return;
    struct diag_line line = diag_line_cut(s, span);
    writer_printf(&p->out, "%s%4d |%s ", p->style->dim, source_position(s, span.begin).line, p->style->off);
    diag_line_put(&p->out, &line);
    writer_printf(&p->out, "\n%s     |%s ", p->style->dim, p->style->off);
    for (int i = 0; i < line.caret_column; i++)
        writer_puts(&p->out, " ");
    writer_puts(&p->out, colour);
    for (int i = 0; i < line.caret_width; i++)
        writer_puts(&p->out, "^");
    if (label) {
        writer_puts(&p->out, " ");
        diag_put_safe(&p->out, label, strlen(label));
    }
    writer_printf(&p->out, "%s\n", p->style->off);
}

static void print_text(struct printer *p, const struct diag *d)
{
    const char *colour = d->level == DIAG_ERROR ? p->style->error : p->style->warning;
    print_heading(p, d->span, colour, level_names[d->level], d->message);
    print_excerpt(p, d->span, colour, d->label);
    for (int i = 0; i < d->related.count; i++) {
        const struct diag_label *related = &d->related.items[i];
        print_heading(p, related->span, p->style->note, "note", related->text);
        print_excerpt(p, related->span, p->style->note, NULL);
    }
    for (int i = 0; i < d->helps.count; i++) {
        writer_printf(&p->out, "%s     =%s %shelp:%s ", p->style->dim, p->style->off, p->style->bold, p->style->off);
        diag_put_safe(&p->out, d->helps.items[i], strlen(d->helps.items[i]));
        writer_puts(&p->out, "\n");
    }
}

// ---- JSON ----

static void put_json(struct writer *out, const char *text)
{
    if (text)
        writer_json_string(out, text, strlen(text));
    else
        writer_puts(out, "null");
}

static void print_json_place(struct printer *p, struct span span)
{
    const struct source *s = source_of(p, span);
    struct position begin = s ? source_position(s, span.begin) : (struct position){0, 0};
    struct position end = s ? source_position(s, span.end) : (struct position){0, 0};
    writer_puts(&p->out, ",\"file\":");
    put_json(&p->out, s ? s->name : NULL);
    writer_printf(&p->out, ",\"line\":%d,\"column\":%d,\"end_line\":%d,\"end_column\":%d", begin.line, begin.column,
                  end.line, end.column);
}

static void print_json(struct printer *p, const struct diag *d)
{
    writer_printf(&p->out, "{\"level\":\"%s\",\"message\":", level_names[d->level]);
    put_json(&p->out, d->message);
    print_json_place(p, d->span);
    writer_puts(&p->out, ",\"label\":");
    put_json(&p->out, d->label);
    writer_puts(&p->out, ",\"related\":[");
    for (int i = 0; i < d->related.count; i++) {
        writer_puts(&p->out, i ? ",{\"message\":" : "{\"message\":");
        put_json(&p->out, d->related.items[i].text);
        print_json_place(p, d->related.items[i].span);
        writer_puts(&p->out, "}");
    }
    writer_puts(&p->out, "],\"help\":[");
    for (int i = 0; i < d->helps.count; i++) {
        writer_puts(&p->out, i ? "," : "");
        put_json(&p->out, d->helps.items[i]);
    }
    writer_puts(&p->out, "]}\n");
}

// ---- order ----

static int compare_u32(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

static int compare_diags(const void *left, const void *right)
{
    const struct diag *a = *(const struct diag *const *)left, *b = *(const struct diag *const *)right;
    if (a->span.file != b->span.file)
        return a->span.file < b->span.file ? -1 : 1;
    if (a->span.begin != b->span.begin)
        return compare_u32(a->span.begin, b->span.begin);
    if (a->span.end != b->span.end)
        return compare_u32(a->span.end, b->span.end);
    return strcmp(a->message, b->message);
}

static bool same_diag(const struct diag *a, const struct diag *b)
{
    return a->level == b->level && compare_diags(&a, &b) == 0;
}

void diag_print(const struct diag_bag *bag, FILE *out, enum diag_format format, bool colour)
{
    int count = bag->items.count;
    if (count == 0)
        return;
    struct printer p = {.bag = bag, .style = colour ? &coloured : &plain};
    struct diag **sorted = arena_alloc(bag->arena, (size_t)count * sizeof *sorted);
    memcpy(sorted, bag->items.items, (size_t)count * sizeof *sorted);
    qsort(sorted, (size_t)count, sizeof *sorted, compare_diags);
    for (int i = 0; i < count; i++) {
        if (i > 0 && same_diag(sorted[i - 1], sorted[i]))
            continue;
        if (format == DIAG_JSON)
            print_json(&p, sorted[i]);
        else
            print_text(&p, sorted[i]);
    }
    fwrite(p.out.text, 1, p.out.len, out);
    writer_free(&p.out);
}
