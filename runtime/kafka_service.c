#include "kafka_service.h"

#include "kafka_consumer.h"
#include "kafka_group.h"
#include "kafka_growth.h"
#include "kafka_purge.h"
#include "kafka_trouble.h"
#include "log.h"

static void take_error(struct broker_kafka *b, const rd_kafka_message_t *m)
{
    struct broker_error error;
    const char *text = m->payload ? (const char *)m->payload : rd_kafka_err2str(m->err);
    switch (m->err) {
    case RD_KAFKA_RESP_ERR__FATAL:
    case RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID:
        kafka_trouble_of_group(b, m->err, "the consumer group", text, &error);
        kafka_trouble_fatal(b, &error);
        break;
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_INCONSISTENT_GROUP_PROTOCOL:
        kafka_fail(&error, "the consumer group %s: %s", b->app, text);
        kafka_trouble_fatal(b, &error);
        break;
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR__TIMED_OUT:
    case RD_KAFKA_RESP_ERR__RESOLVE: break; // kafka_trouble.c tells
    default: log_error(b->app, "%s", text);
    }
}

// Before librdkafka 2.2 full queues put the thread that fetches from a broker to sleep for up to a second, however soon there is room again. A request
// wakes it. This is one to each leader of some partitions, of which there are others only in large clusters.
static void wake_fetching(struct broker_kafka *b)
{
    enum { WAIT_MS = 100, MOST = 16 };
    rd_kafka_topic_partition_list_t *all;
    if (rd_kafka_assignment(b->consumer, &all))
        return;
    while (all->cnt > MOST)
        rd_kafka_topic_partition_list_del_by_idx(all, all->cnt - 1);
    for (int i = 0; i < all->cnt; i++)
        all->elems[i].offset = RD_KAFKA_OFFSET_END;
    if (all->cnt)
        rd_kafka_offsets_for_times(b->consumer, all, WAIT_MS);
    rd_kafka_topic_partition_list_destroy(all);
}

void kafka_service_nudge(struct broker_kafka *b)
{
    if (b->kick_bytes && !atomic_exchange(&b->hungry, true))
        rd_kafka_queue_yield(b->events);
}

static void refresh_topics(struct broker_kafka *b)
{
    const rd_kafka_metadata_t *md;
    struct broker_error error;
    if (b->refresh_ms == 0 || kafka_now() - b->refreshed < b->refresh_ms)
        return;
    b->refreshed = kafka_now();
    if (rd_kafka_metadata(b->consumer, 1, NULL, &md, 2000))
        return; // next time
    if (!kafka_growth_look(b, md, &error) || !kafka_consumer_subscribe(b, md, &error))
        kafka_trouble_fatal(b, &error);
    rd_kafka_metadata_destroy(md);
}

static void *service_main(void *arg)
{
    enum { STEP_MS = 100 };
    struct broker_kafka *b = arg;
    while (!atomic_load(&b->closing)) {
        rd_kafka_message_t *m = rd_kafka_consumer_poll(b->consumer, STEP_MS);
        if (m && m->err)
            take_error(b, m);
        if (m)
            rd_kafka_message_destroy(m);
        if (atomic_exchange(&b->hungry, false))
            wake_fetching(b);
        if (atomic_load(&b->suspect))
            kafka_trouble_probe(b);
        if (b->reader)
            rd_kafka_poll(b->reader, 0); // its errors
        refresh_topics(b);
        kafka_purge(b);
        kafka_group_look(b);
    }
    return NULL;
}

bool kafka_service_start(struct broker_kafka *b, struct broker_error *error)
{
    int failed = pthread_create(&b->service, NULL, service_main, b);
    if (failed)
        kafka_fail(error, "cannot start a thread: %s", strerror(failed));
    b->serving = !failed;
    return b->serving;
}

void kafka_service_stop(struct broker_kafka *b)
{
    if (!b->serving)
        return;
    pthread_mutex_lock(&b->lock);
    atomic_store(&b->closing, true);
    pthread_cond_broadcast(&b->let_go);
    pthread_mutex_unlock(&b->lock);
    rd_kafka_queue_yield(b->events);
    pthread_join(b->service, NULL);
    b->serving = false;
}
