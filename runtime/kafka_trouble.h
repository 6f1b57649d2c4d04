// What librdkafka complains of, and what of it people need to hear: that the broker is lost, and that it is back.
#ifndef WEIR_RT_KAFKA_TROUBLE_H
#define WEIR_RT_KAFKA_TROUBLE_H

#include "kafka.h"

// Callbacks of a consumer or admin client of B, or of the producer of W; they become its opaque.
void kafka_trouble_of_broker(rd_kafka_conf_t *conf, struct broker_kafka *b);
void kafka_trouble_of_worker(rd_kafka_conf_t *conf, struct kafka_worker *w);
// The last complaint, into TO; a general word if there was none.
const char *kafka_trouble_text(struct broker_kafka *b, char *to, size_t size);
// Asks the cluster whether it is there, while librdkafka says that it is not; tells once when it is lost and once when it is back.
void kafka_trouble_probe(struct broker_kafka *b);
// Of reading a topic that is there: librdkafka does not try again, or not with success.
bool kafka_trouble_is_final(rd_kafka_resp_err_t err);
// WHAT failed with ERR, which TEXT explains, unless it is that another process has this one's name in the group. Always BROKER_FATAL.
enum broker_status kafka_trouble_of_group(const struct broker_kafka *b, rd_kafka_resp_err_t err, const char *what,
                                          const char *text, struct broker_error *error);
// Whether W, which is to end, has waited long enough for a broker that does not answer; asked again and again while it waits.
bool kafka_trouble_ends(struct kafka_worker *w);
// Records of W cannot be read or written, for good: its next calls say so, of the first such trouble. From any thread.
void kafka_trouble_of_records(struct kafka_worker *w, const char *format, ...) __attribute__((format(printf, 2, 3)));
// Gives up: workers get ERROR from their next poll.
void kafka_trouble_fatal(struct broker_kafka *b, const struct broker_error *error);
// Whether that was done, and why.
bool kafka_trouble_given_up(struct broker_kafka *b, struct broker_error *error);

#endif
