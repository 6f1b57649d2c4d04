// Asking for topics, and making them, through a short-lived client.
#ifndef WEIR_RT_KAFKA_ADMIN_H
#define WEIR_RT_KAFKA_ADMIN_H

#include "kafka.h"

rd_kafka_t *kafka_admin_new(struct broker_kafka *b, struct broker_error *error);

// All topics. Waits for a cluster that does not answer yet and says so. NULL: given up, with the reason in error.
const rd_kafka_metadata_t *kafka_admin_topics(struct broker_kafka *b, rd_kafka_t *admin, struct broker_error *error);
// The topic in it, NULL if it does not exist.
const rd_kafka_metadata_topic_t *kafka_admin_find(const rd_kafka_metadata_t *md, const char *name);

rd_kafka_AdminOptions_t *kafka_admin_options(rd_kafka_t *admin, rd_kafka_admin_op_t op);
// The answer to an admin request, and the end of its QUEUE. NULL: WHAT failed.
rd_kafka_event_t *kafka_admin_answer(rd_kafka_queue_t *queue, const char *what, struct broker_error *error);

enum kafka_topic_kind {
    KAFKA_USERS,              // anything that the user named
    KAFKA_REPARTITION,        // records are kept until they are purged behind their reader
    KAFKA_CHANGELOG,          // the last value of each key is kept
    KAFKA_WINDOWED_CHANGELOG, // the same, as long as the store keeps windows
    KAFKA_HISTORY_CHANGELOG,  // the last value of each key is kept, and all of a versioned table's history
    KAFKA_SIDE_CHANGELOG,     // all records, as long as the store keeps them: no two have one key
};

struct kafka_new_topic {
    char *name;         // owned
    int32_t partitions; // -1: the cluster's default
    enum kafka_topic_kind kind;
    int64_t retention; // of the last three, ms
};
// Makes them and waits until they can be used. One that another instance has made meanwhile is fine.
bool kafka_admin_create(struct broker_kafka *b, rd_kafka_t *admin, const struct kafka_new_topic *topics, size_t count,
                        struct broker_error *error);

// Waits until none of them is there any more.
bool kafka_admin_delete(struct broker_kafka *b, rd_kafka_t *admin, const struct kafka_new_topic *topics, size_t count,
                        struct broker_error *error);

#endif
