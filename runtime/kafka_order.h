// Tasks with several inputs: of their next records the one with the smallest timestamp is taken, and an input that has none is waited for as
// Kafka Streams' max.task.idle.ms says (KIP-695).
#ifndef WEIR_RT_KAFKA_ORDER_H
#define WEIR_RT_KAFKA_ORDER_H

#include "kafka.h"

// Which sub-topologies have such tasks; true: any.
bool kafka_order_plan(struct broker_kafka *b);

// Gives INPUT of W a lane. Its partition's queue is not forwarded.
void kafka_order_enter(struct kafka_worker *w, struct kafka_input *input);
// What INPUT has of records is to come again. Without a lane: nothing.
void kafka_order_drop(struct kafka_input *input);
// INPUT goes away. Without a lane: nothing.
void kafka_order_leave(struct kafka_input *input);
// The worker's inputs have changed.
void kafka_order_arrange(struct kafka_worker *w);
// Gives the worker what is ready, some records of each task. True: there may be more at once.
bool kafka_order_serve(struct kafka_worker *w);
// TIMEOUT_MS, or less if a task waits no longer than that.
int kafka_order_timeout(const struct kafka_worker *w, int timeout_ms);
void kafka_order_free(struct kafka_worker *w);

#endif
