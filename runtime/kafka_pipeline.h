// Under exactly_once: the commit of a transaction goes on while its worker does. A producer has one transaction at a time, so what the worker sends meanwhile is
// held, and goes with the next one.
#ifndef WEIR_RT_KAFKA_PIPELINE_H
#define WEIR_RT_KAFKA_PIPELINE_H

#include "kafka.h"

void kafka_pipeline_init(struct kafka_worker *w, const rd_kafka_conf_t *conf);
// Nothing is under way.
void kafka_pipeline_free(struct kafka_worker *w);

// Begins to commit all that was sent and OFFSETS, which become its own. None is under way.
enum broker_status kafka_pipeline_start(struct kafka_worker *w, rd_kafka_topic_partition_list_t *offsets,
                                        struct broker_error *error);
// The commit that is under way, if one is, has ended, and nobody has looked how.
static inline bool kafka_pipeline_is_over(const struct kafka_worker *w)
{
    return w->pipeline.running && atomic_load_explicit(&w->pipeline.over, memory_order_acquire);
}
// How long the last commit took, ms; -1: it is under way. 0: there has been none.
static inline int64_t kafka_pipeline_took(const struct kafka_worker *w)
{
    return w->pipeline.running && !kafka_pipeline_is_over(w) ? -1 : w->pipeline.took_us / 1000;
}
// Waits for the commit that is under way, if one is, and sends what was held. OK, ABORT or FATAL.
enum broker_status kafka_pipeline_settle(struct kafka_worker *w, struct broker_error *error);
// The same, but what was held is void.
enum broker_status kafka_pipeline_stop(struct kafka_worker *w, struct broker_error *error);
// Copies OUT. False: it is to be sent behind the commit (settle), which is over, or may not wait that long.
bool kafka_pipeline_hold(struct kafka_worker *w, struct kafka_output *o, int32_t partition, const struct weir_out *out);

#endif
