// Results of tests, for people and as JSON.
#include <stdarg.h>

#include "iso_time.h"
#include "json_text.h"
#include "test_run.h"

enum { COLUMN = 40, MOST_ROWS = 24, MOST_LEFT = 10 };

static const char *paint(const struct test *t, const char *code)
{
    return t->options->colour && !t->options->json ? code : "";
}

static void put_window(struct test *t, const struct test_seen *r)
{
    char start[ISO_ROOM], end[ISO_ROOM];
    fprintf(t->to, "@%.*s", (int)iso_put_timestamp(start, r->start), start);
    if (r->has_end)
        fprintf(t->to, "..%.*s", (int)iso_put_timestamp(end, r->end), end);
    fputc(' ', t->to);
}

static void put_record(struct test *t, const struct test_seen *r)
{
    struct weir_str key = r->key.p ? r->key : WEIR_STR("null"), value = r->value.p ? r->value : WEIR_STR("null");
    fprintf(t->to, "%.*s ", (int)key.n, key.p);
    if (r->has_window)
        put_window(t, r);
    fprintf(t->to, "=> %.*s\n", (int)value.n, value.p);
}

void test_fail(struct test *t, int line, const char *format, ...)
{
    va_list args;
    t->failed = true;
    fprintf(t->to, "  %s:%d: ", t->test->file, line);
    va_start(args, format);
    vfprintf(t->to, format, args);
    va_end(args);
    fputc('\n', t->to);
}

static int cells_in(struct weir_str text)
{
    int n = 0;
    for (size_t i = 0; i < text.n; i++)
        n += ((unsigned char)text.p[i] & 0xC0) != 0x80;
    return n;
}

static int wider(int width, struct weir_str text)
{
    int n = cells_in(text);
    return n <= width ? width : n > COLUMN ? COLUMN : n;
}

// The first COLUMN code points of TEXT, then blanks up to WIDTH (0: none) and a gap.
static void put_cell(struct test *t, struct weir_str text, int width)
{
    size_t bytes = 0;
    int cells = cells_in(text), shown = 0;
    for (; bytes < text.n && (shown < COLUMN || ((unsigned char)text.p[bytes] & 0xC0) == 0x80); bytes++)
        shown += ((unsigned char)text.p[bytes] & 0xC0) != 0x80;
    const char *end = cells > COLUMN ? "..." : width ? "   " : "";
    fprintf(t->to, "%.*s%*s%s", (int)bytes, text.p, width > shown ? width - shown : 0, "", end);
}

static struct weir_str or_none(struct weir_str text)
{
    return text.p ? text : WEIR_STR("(none)");
}

// The members side by side, those that differ marked; of many only those.
static void put_rows(struct test *t, const struct json_rows *rows)
{
    int name = 5, left = 8, shown = 0;
    for (size_t i = 0; i < rows->count; i++) {
        name = wider(name, rows->rows[i].path);
        left = wider(left, or_none(rows->rows[i].expected));
    }
    fputs("      ", t->to);
    put_cell(t, WEIR_STR(""), name);
    put_cell(t, WEIR_STR("expected"), left);
    fputs("actual\n", t->to);
    for (size_t i = 0; i < rows->count; i++) {
        const struct json_row *r = &rows->rows[i];
        if (!r->differs && rows->count > MOST_ROWS)
            continue;
        if (shown++ >= MOST_ROWS) {
            fputs("      ...\n", t->to);
            return;
        }
        fprintf(t->to, "%s    %s ", r->differs ? paint(t, "\033[31m") : "", r->differs ? ">" : " ");
        put_cell(t, r->path.n ? r->path : WEIR_STR("value"), name);
        put_cell(t, or_none(r->expected), left);
        put_cell(t, or_none(r->actual), 0);
        fprintf(t->to, "%s\n", r->differs ? paint(t, "\033[0m") : "");
    }
}

void test_fail_different(struct test *t, int line, const char *flow, const struct test_seen *expected,
                         const struct test_seen *actual, const struct json_rows *rows)
{
    test_fail(t, line, actual ? "`%s` emitted another record" : "`%s` emitted nothing more", flow);
    fputs("    expected  ", t->to);
    put_record(t, expected);
    if (!actual)
        return;
    fputs("    actual    ", t->to);
    put_record(t, actual);
    put_rows(t, rows);
}

void test_fail_left(struct test *t, int line, const struct test_queue *q)
{
    size_t left = q->count - q->first;
    test_fail(t, line, "nothing more was expected, but `%s` emitted %zu record%s", q->name, left, left == 1 ? "" : "s");
    for (size_t i = 0; i < left && i < MOST_LEFT; i++) {
        fputs("    ", t->to);
        put_record(t, &q->seen[q->first + i]);
    }
    if (left > MOST_LEFT)
        fprintf(t->to, "    ... and %zu more\n", left - MOST_LEFT);
}

static void put_json_text(struct weir_ctx *w, const char *name, const char *text, size_t n)
{
    struct weir_buf b;
    weir_buf_init(w, &b, n + 16);
    json_text_put_string(&b, (struct weir_str){text, n});
    printf("\"%s\":%.*s", name, (int)b.n, b.p);
}

static void show_json(struct test *t)
{
    putchar('{');
    put_json_text(&t->w, "test", t->test->title, strlen(t->test->title));
    putchar(',');
    put_json_text(&t->w, "file", t->test->file, strlen(t->test->file));
    printf(",\"line\":%d,\"status\":\"%s\"", t->test->line, t->failed ? "failed" : "passed");
    if (t->failed) {
        putchar(',');
        put_json_text(&t->w, "message", t->output, t->output_size);
    }
    puts("}");
}

void test_show(struct test *t)
{
    if (t->options->json) {
        show_json(t);
    } else if (t->failed) {
        printf("%sFAIL%s %s (%s:%d)\n%s", paint(t, "\033[1;31m"), paint(t, "\033[0m"), t->test->title, t->test->file,
               t->test->line, t->output);
    } else if (t->options->verbose) {
        printf("%sok%s   %s\n", paint(t, "\033[32m"), paint(t, "\033[0m"), t->test->title);
    }
    fflush(stdout);
}

void runtime_test_summary(const struct test_counts *counts, const struct test_options *options)
{
    if (options->json)
        printf("{\"passed\":%d,\"failed\":%d}\n", counts->passed, counts->failed);
    else
        printf("%d passed, %d failed\n", counts->passed, counts->failed);
}
