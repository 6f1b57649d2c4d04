#include "inner.h"

#include <stdlib.h>

#include "ctx.h"
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

void inner_put(struct inner *i, struct weir_ctx *arena, int source, int32_t partition, const struct weir_out *out)
{
    struct inner_queue *q = &i->queues[source];
    if (q->first + q->count == q->room) {
        q->room = q->room ? q->room * 2 : 64;
        q->records = memory_resize(q->records, q->room * sizeof *q->records);
    }
    const char *topic = i->program->sources[source].topics[0];
    q->records[q->first + q->count++] = (struct weir_record){
        .key = ctx_copy(arena, out->key),
        .value = ctx_copy(arena, out->value),
        .timestamp = out->timestamp,
        .offset = q->offset++,
        .partition = partition,
        .topic = {topic, strlen(topic)},
        .headers = ctx_copy_headers(arena, out->headers, out->header_count),
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
