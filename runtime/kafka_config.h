// From weir's settings to librdkafka's.
#ifndef WEIR_RT_KAFKA_CONFIG_H
#define WEIR_RT_KAFKA_CONFIG_H

#include "kafka.h"

// What comes in the consumer's client.id before the port of the HTTP server, for other instances.
#define KAFKA_CLIENT_HTTP "-http-"

// A reader is a consumer without a group.
enum kafka_role { KAFKA_CONSUMER, KAFKA_PRODUCER, KAFKA_ADMIN, KAFKA_READER };

// weir's defaults, then the user's properties (those with another role's prefix left out), then what weir keeps for itself.
// NULL: error explains what is wrong with them.
rd_kafka_conf_t *kafka_config_new(const struct settings *settings, enum kafka_role role, struct broker_error *error);
// The value that holds of a number among the properties of ROLE.
int64_t kafka_config_number(const rd_kafka_conf_t *conf, const char *name);
// The consumer group; to be freed.
char *kafka_config_group(const rd_kafka_conf_t *consumer);
// Tasks of this program have several inputs, which librdkafka is to queue one by one.
void kafka_config_order(rd_kafka_conf_t *consumer, const struct settings *settings);
// The consumer is to say when a partition is read to its end.
void kafka_config_ends(rd_kafka_conf_t *consumer);
// bootstrap.servers, for messages.
const char *kafka_config_servers(const struct settings *settings);

#endif
