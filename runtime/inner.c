#include "inner.h"

#include <stdlib.h>

#include "memory.h"

struct inner_queue {
    struct weir_record *records;
    size_t first, count, room;
    int64_t offset; // of the next record
};

void inner_init(struct inner *i, const struct weir_program *program)
{
    *i = (struct inner){.program = program, .queues = memory_new((size_t)program->source_count * sizeof *i->queues)};
}

void inner_free(struct inner *i)
{
    for (int s = 0; i->queues && s < i->program->source_count; s++)
        free(i->queues[s].records);
    free(i->queues);
    *i = (struct inner){0};
}

static struct weir_str copy(struct weir_ctx *w, struct weir_str s)
{
    if (!s.p)
        return s;
    return (struct weir_str){memcpy(weir_alloc(w, s.n + 1), s.p, s.n), s.n};
}

static const struct weir_header *copy_headers(struct weir_ctx *w, const struct weir_out *out)
{
    struct weir_header *headers = weir_alloc(w, out->header_count * sizeof *headers);
    for (size_t h = 0; h < out->header_count; h++)
        headers[h] = (struct weir_header){copy(w, out->headers[h].name), copy(w, out->headers[h].value)};
    return headers;
}

void inner_put(struct inner *i, struct weir_ctx *arena, int source, int32_t partition, const struct weir_out *out)
{
    struct inner_queue *q = &i->queues[source];
    if (q->first + q->count == q->room) {
        q->room = q->room ? q->room * 2 : 64;
        q->records = memory_resize(q->records, q->room * sizeof *q->records);
    }
    const char *topic = i->program->sources[source].topics[0];
    q->records[q->first + q->count++] = (struct weir_record){
        .key = copy(arena, out->key),
        .value = copy(arena, out->value),
        .timestamp = out->timestamp,
        .offset = q->offset++,
        .partition = partition,
        .topic = {topic, strlen(topic)},
        .headers = copy_headers(arena, out),
        .header_count = out->header_count,
    };
    i->count++;
}

int inner_next(const struct inner *i, struct weir_record *record)
{
    int chosen = -1;
    for (int s = 0; s < i->program->source_count; s++) {
        const struct inner_queue *q = &i->queues[s];
        if (q->count == 0 || (chosen >= 0 && q->records[q->first].timestamp >= record->timestamp))
            continue;
        *record = q->records[q->first];
        chosen = s;
    }
    return chosen;
}

void inner_take(struct inner *i, int source)
{
    struct inner_queue *q = &i->queues[source];
    q->first++;
    if (--q->count == 0)
        q->first = 0;
    i->count--;
}
