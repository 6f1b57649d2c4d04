// The inside of kafka_restore.c: changelogs that are being read, and where each begins and ends.
#ifndef WEIR_RT_KAFKA_READING_H
#define WEIR_RT_KAFKA_READING_H

#include "kafka.h"

// A changelog that is read, or the part of it that one store still needs.
struct part {
    struct broker_log *log;
    char *name, *topic; // of the store
    int subtopology;
    bool is_source;           // the changelog is a source's topic
    rd_kafka_topic_t *handle; // NULL: it is not read
    int64_t low, next, end;   // offsets; NEXT: of what is read next
    bool done;
    bool stopped;      // by the caller
    struct part *twin; // another one of the same topic and partition: they are read once
    bool has_elder;    // it is somebody's twin
};

struct reading {
    struct kafka_worker *w;
    rd_kafka_t *reader;
    struct part *parts;
    size_t count, open;                           // those that are not done
    rd_kafka_topic_partition_list_t *lows, *ends; // of the partitions; NULL: not known yet
    rd_kafka_queue_t *queue;                      // NULL: reading has not begun
    struct part *last;                            // records come in runs
    size_t bytes, taken;                          // since the worker was last in control
    size_t most_records, most_bytes;              // that librdkafka fetches ahead
    bool full;                                    // it had as many, and has stopped
    struct broker_error *error;
    enum broker_status status;
};

// P is through, as STATUS says.
void kafka_reading_finish(struct reading *r, struct part *p, enum broker_status status);
void kafka_reading_fail(struct reading *r, const struct part *p, const char *why);
// Asks for the bounds of those that are open; if there is no answer, `ends` is NULL still.
void kafka_reading_bounds(struct reading *r);

static inline bool kafka_reading_is_for_copies(const struct reading *r)
{
    return r->w->index == r->w->b->worker_count;
}

#endif
