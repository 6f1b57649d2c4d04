// At the start: the program's topics against the cluster's.
#ifndef WEIR_RT_KAFKA_PREPARE_H
#define WEIR_RT_KAFKA_PREPARE_H

#include "kafka_admin.h"

// Finds every topic that the program names, checks partition counts, and makes the internal ones (with --create-topics all).
enum broker_status kafka_prepare(struct broker_kafka *b, rd_kafka_t *admin, struct broker_error *error);

// Of the topics of source S that are there: the largest number of partitions; 0: none is.
int32_t kafka_prepare_partitions(struct broker_kafka *b, const rd_kafka_metadata_t *md, int s);
// Whether what was checked at the start holds still.
bool kafka_prepare_holds(struct broker_kafka *b, const rd_kafka_metadata_t *md, struct broker_error *error);

// Whether the topics that must have equal numbers of partitions have: also those that a pattern has found since.
bool kafka_prepare_copartitions(struct broker_kafka *b, const rd_kafka_metadata_t *md, struct broker_error *error);

// The app's own topics, made or not.
struct kafka_topic_list {
    struct kafka_new_topic *topics;
    size_t count;
};
// Repartition topics and changelogs, with the partitions they need now.
struct kafka_topic_list kafka_prepare_internal(struct broker_kafka *b, const rd_kafka_metadata_t *md);
void kafka_prepare_free(struct kafka_topic_list *list);

#endif
