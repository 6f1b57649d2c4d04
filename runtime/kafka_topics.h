// Topics and the sources that read them.
#ifndef WEIR_RT_KAFKA_TOPICS_H
#define WEIR_RT_KAFKA_TOPICS_H

#include "kafka.h"

bool kafka_topics_compile_patterns(struct broker_kafka *b, struct broker_error *error);
void kafka_topics_free_patterns(struct broker_kafka *b);

// Whether source S reads TOPIC (as on the wire). With b->lock, or before there are threads.
bool kafka_topics_reads(const struct broker_kafka *b, int s, const char *topic);
// What to subscribe to: the topics named by sources, and those of MD that their patterns match. Sorted.
rd_kafka_topic_partition_list_t *kafka_topics_wanted(struct broker_kafka *b, const rd_kafka_metadata_t *md);
// The sources that read TOPIC (as on the wire), in the order of the program; to be freed.
int *kafka_topics_sources(struct broker_kafka *b, const char *topic, int *count);

// Partition count of a topic, -1: there is none, or none could be found out. Makes it where --create-topics allows.
int32_t kafka_topics_count(struct broker_kafka *b, const char *topic);

#endif
