// What the code that weir emits costs by itself: orders in memory are decoded, filtered and encoded by the emitted function of
// stateless.weir, linked with this file, and copied to where a broker's client would take them. One thread.
//
//   memory FILE ROUNDS    FILE: an order's JSON a line. Prints orders, passed, bytes written and the nanoseconds of the best round.
#include "ctx.h"
#include "weir_program.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { SINK_SIZE = 1 << 20 };

struct sink {
    char *bytes; // SINK_SIZE, written round and round
    size_t used, total;
    long records;
};

void weir_send(struct weir_ctx *w, const struct weir_out *out)
{
    struct sink *sink = w->owner;
    if (sink->used + out->key.n + out->value.n > SINK_SIZE)
        sink->used = 0;
    memcpy(sink->bytes + sink->used, out->key.p, out->key.n);
    memcpy(sink->bytes + sink->used + out->key.n, out->value.p, out->value.n);
    sink->used += out->key.n + out->value.n;
    sink->total += out->value.n;
    sink->records++;
}

static int64_t clock_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static char *read_file(const char *path, size_t *size)
{
    FILE *f = fopen(path, "rb");
    if (!f || fseek(f, 0, SEEK_END) != 0)
        return NULL;
    *size = (size_t)ftell(f);
    rewind(f);
    char *text = malloc(*size + 1);
    if (text && fread(text, 1, *size, f) != *size)
        *size = 0;
    fclose(f);
    return text;
}

// Processes every line; gives their number, or -1 if one is bad.
static long process_lines(struct weir_ctx *w, const char *text, size_t size)
{
    static const char key[] = "c-012345";
    struct weir_record record = {.key = {key, sizeof key - 1}, .timestamp = 1714557600000};
    long count = 0;
    w->record = &record;
    for (const char *p = text, *end = text + size; p < end; count++) {
        const char *line_end = memchr(p, '\n', (size_t)(end - p));
        record.value = (struct weir_str){p, (size_t)(line_end - p)};
        weir_ctx_reset(w);
        weir_program.sources[0].process(w);
        if (w->bad) {
            fprintf(stderr, "memory: %s\n", w->bad);
            return -1;
        }
        p = line_end + 1;
    }
    return count;
}

int main(int argc, char **argv)
{
    size_t size;
    char *text = argc == 3 ? read_file(argv[1], &size) : NULL;
    struct sink sink = {.bytes = malloc(SINK_SIZE)};
    if (!text || !sink.bytes) {
        fprintf(stderr, "usage: memory FILE ROUNDS\n");
        return 2;
    }
    struct weir_ctx w;
    weir_ctx_init(&w);
    w.owner = &sink;
    int64_t best = INT64_MAX;
    long count = 0;
    for (int round = atoi(argv[2]); round > 0; round--) {
        sink.records = 0;
        sink.total = 0;
        int64_t begin = clock_ns();
        count = process_lines(&w, text, size);
        int64_t took = clock_ns() - begin;
        if (count < 0)
            return 1;
        best = took < best ? took : best;
    }
    printf("%ld %ld %zu %lld\n", count, sink.records, sink.total, (long long)best);
    weir_ctx_free(&w);
    free(text);
    free(sink.bytes);
    return 0;
}
