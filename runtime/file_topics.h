// Which sources read a topic, by name or by pattern, and how many partitions it has as files.
#ifndef WEIR_RT_FILE_TOPICS_H
#define WEIR_RT_FILE_TOPICS_H

#include "broker.h"

struct file_topics {
    const struct weir_program *program;
    void **patterns;   // by source; NULL: no pattern
    int32_t *internal; // partitions of repartition topics, by source
};

// False: a pattern is wrong (error says).
bool file_topics_init(struct file_topics *t, const struct weir_program *program, struct broker_error *error);
void file_topics_free(struct file_topics *t);
// The first source from FROM on that reads TOPIC (not an internal one); -1: none.
int file_topics_source(const struct file_topics *t, struct weir_str topic, int from);
// The source on the far side of internal topic TOPIC; -1: none.
int file_topics_internal(const struct file_topics *t, struct weir_str topic);
// Of the topics that SOURCE reads, as it declares them.
int32_t file_topics_partitions_of(const struct file_topics *t, int source);
// Partitions of TOPIC as a source of the program declares them; 1 if none does.
int32_t file_topics_partitions(const struct file_topics *t, struct weir_str topic);

#endif
