// Topics in memory, one partition each, for `weir test`: what is put in is delivered at once, what is sent to a sink is handed over.
#ifndef WEIR_RT_BROKER_MEMORY_H
#define WEIR_RT_BROKER_MEMORY_H

#include "broker.h"

typedef void broker_memory_sent_fn(void *arg, struct weir_str topic, const struct weir_out *out);

struct broker *broker_memory_new(const struct weir_program *program, broker_memory_sent_fn *sent, void *arg);
// RECORD (its bytes must last until the poll that delivers it) comes next to SOURCE. One at a time.
void broker_memory_put(struct broker *b, int source, const struct weir_record *record);
void broker_memory_set_clock(struct broker *b, int64_t ms);

#endif
