// Messages of librdkafka's as records: in its memory, or copied to wait for their turn.
#ifndef WEIR_RT_KAFKA_RECORD_H
#define WEIR_RT_KAFKA_RECORD_H

#include "kafka.h"

// M, of INPUT, for its first source; in librdkafka's memory, headers until the next one is read.
void kafka_record_read(struct broker_delivery *d, struct kafka_worker *w, const struct kafka_input *input,
                       const rd_kafka_message_t *m);

static inline bool kafka_record_none_waits(const struct kafka_worker *w)
{
    return w->ahead.at == w->ahead.count;
}
// A copy of M, of INPUT, waits as the last one. True: no more should.
bool kafka_record_wait(struct kafka_worker *w, struct kafka_input *input, const rd_kafka_message_t *m);
// None waits any more.
void kafka_record_drop(struct kafka_worker *w);
// Those that wait of inputs that are leaving are dropped.
void kafka_record_leave(struct kafka_worker *w);

#endif
