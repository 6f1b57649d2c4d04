#include "kafka_purge.h"

#include "log.h"

enum { INTERVAL_MS = 30000 }; // as Kafka Streams' repartition.purge.interval.ms

// Gives NULL if nothing was committed since the last time.
static rd_kafka_topic_partition_list_t *collect(struct broker_kafka *b)
{
    rd_kafka_topic_partition_list_t *list = NULL;
    pthread_mutex_lock(&b->lock);
    for (int i = 0; i < b->worker_count; i++) {
        for (struct kafka_input *input = b->workers[i].inputs; input; input = input->next) {
            int64_t committed = atomic_load_explicit(&input->committed, memory_order_relaxed);
            if (!input->internal || committed <= 0 || committed <= input->purged)
                continue;
            if (!list)
                list = rd_kafka_topic_partition_list_new(8);
            rd_kafka_topic_partition_list_add(list, input->topic, input->partition)->offset = committed;
            input->purged = committed;
        }
    }
    pthread_mutex_unlock(&b->lock);
    return list;
}

static void take_answer(struct broker_kafka *b)
{
    rd_kafka_event_t *event = rd_kafka_queue_poll(b->purging, 0);
    if (!event)
        return;
    // Nothing is lost by it: the next time deletes more.
    if (rd_kafka_event_error(event))
        log_warning(b->app, "purging repartition topics: %s", rd_kafka_event_error_string(event));
    rd_kafka_event_destroy(event);
    kafka_purge_close(b);
}

void kafka_purge(struct broker_kafka *b)
{
    if (b->purging)
        take_answer(b);
    if (b->purging || kafka_now() - b->purged < INTERVAL_MS)
        return;
    rd_kafka_topic_partition_list_t *list = collect(b);
    if (!list)
        return;
    b->purged = kafka_now();
    b->purging = rd_kafka_queue_new(b->consumer);
    rd_kafka_DeleteRecords_t *before = rd_kafka_DeleteRecords_new(list);
    rd_kafka_DeleteRecords(b->consumer, &before, 1, NULL, b->purging);
    rd_kafka_DeleteRecords_destroy(before);
    rd_kafka_topic_partition_list_destroy(list);
}

void kafka_purge_close(struct broker_kafka *b)
{
    if (b->purging)
        rd_kafka_queue_destroy(b->purging);
    b->purging = NULL;
}
