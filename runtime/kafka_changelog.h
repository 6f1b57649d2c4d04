// Changelogs: writing them, and where they end. Reading them is kafka_restore.c.
#ifndef WEIR_RT_KAFKA_CHANGELOG_H
#define WEIR_RT_KAFKA_CHANGELOG_H

#include "kafka.h"

enum broker_status kafka_changelog_send(struct kafka_worker *w, int store, int32_t partition, struct weir_str key,
                                        struct weir_str value, int64_t timestamp, struct broker_error *error);
// As broker.h has it. Asks the broker once after each commit, for all changelogs at a time.
enum broker_status kafka_changelog_end(struct kafka_worker *w, int store, int32_t partition, int64_t *end,
                                       struct broker_error *error);
// The ends are as before a commit, or of partitions that went away.
void kafka_changelog_forget_ends(struct kafka_worker *w);

#endif
