// What all commands of kafka_tool do with librdkafka. Whatever goes wrong ends the tool with a message.
#ifndef KAFKA_TOOL_CLIENT_H
#define KAFKA_TOOL_CLIENT_H

#include <librdkafka/rdkafka.h>
#include <stdbool.h>

enum { WAIT_MS = 30000 };

_Noreturn void die(const char *what, const char *why);

extern const char *const no_settings[];
// SETTINGS: names and values in turn, NULL behind them.
rd_kafka_t *client(rd_kafka_type_t type, const char *brokers, const char *const *settings);
// Of all topics, or of TOPIC, which must be there.
const rd_kafka_metadata_t *metadata(rd_kafka_t *rk, const char *topic);
// Waits for the one result of an admin call.
rd_kafka_event_t *admin_result(rd_kafka_queue_t *queue, const char *what);
// Whether ERR may pass: a broker that has just started, or has much to do, answers so. Waits before the next try.
bool passes(rd_kafka_resp_err_t err, int *tries);

#endif
