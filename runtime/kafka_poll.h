// A worker's records, from librdkafka's queue to the worker.
#ifndef WEIR_RT_KAFKA_POLL_H
#define WEIR_RT_KAFKA_POLL_H

#include "kafka.h"

enum broker_status kafka_poll(struct kafka_worker *w, int max, int timeout_ms, broker_record_fn *fn, void *arg,
                              int *count, struct broker_error *error);

// For kafka_order.c. Gives the record M to the sources of INPUT from *FIRST on. A source that declines it is left in *first; false then.
bool kafka_poll_give(struct kafka_worker *w, struct kafka_input *input, int *first, const rd_kafka_message_t *m);
// Takes a message that is no record.
void kafka_poll_event(struct kafka_worker *w, const rd_kafka_message_t *m);
// With exit_at_end: there is more to commit, and what it sends may come back.
static inline void kafka_poll_more_to_do(struct kafka_worker *w)
{
    w->uncommitted = true;
    if (WEIR_UNLIKELY(atomic_load_explicit(&w->at_end, memory_order_relaxed)))
        atomic_store(&w->at_end, false);
}

// INPUT has a record.
static inline void kafka_poll_not_at_end(struct kafka_worker *w, struct kafka_input *input)
{
    if (WEIR_UNLIKELY(atomic_load_explicit(&input->end, memory_order_relaxed) >= 0)) {
        atomic_store(&input->end, -1);
        atomic_store(&w->at_end, false);
    }
}

// Whether the inputs of a task are read to their ends, at a broker that is there.
bool kafka_poll_at_end(const struct kafka_worker *w, int subtopology, int32_t partition);

void kafka_poll_free(struct kafka_worker *w);

#endif
