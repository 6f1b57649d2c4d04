// Repartition topics in memory: for topics as files and for tests.
#ifndef WEIR_RT_INNER_H
#define WEIR_RT_INNER_H

#include "weir_program.h"

struct inner_queue;

struct inner {
    const struct weir_program *program;
    struct inner_queue *queues; // by source
    size_t count;               // records in all of them
};

void inner_init(struct inner *i, const struct weir_program *program);
void inner_free(struct inner *i);
// Puts a copy of OUT, in ARENA, before SOURCE. The arena must last until count is 0.
void inner_put(struct inner *i, struct weir_ctx *arena, int source, int32_t partition, const struct weir_out *out);
// The record with the smallest timestamp (of equal ones that of the source declared first), still there, and its source. Count is not 0.
int inner_next(const struct inner *i, struct weir_record *record);
void inner_take(struct inner *i, int source);

#endif
