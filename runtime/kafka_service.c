#include "kafka_service.h"

#include "kafka_consumer.h"
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

// Before librdkafka 2.2 a full queue puts the thread that fetches to sleep for up to a second, however soon there is room again. A request
// to the partition's leader wakes it, and this is the cheapest one. One partition a leader would do; few have more than one to ask.
static void nudge(struct broker_kafka *b)
{
    rd_kafka_topic_partition_list_t *all;
    int64_t low, high;
    if (rd_kafka_assignment(b->consumer, &all))
        return;
    for (int i = 0; i < all->cnt && i < 1; i++)
        rd_kafka_query_watermark_offsets(b->consumer, all->elems[i].topic, all->elems[i].partition, &low, &high, 100);
    rd_kafka_topic_partition_list_destroy(all);
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
            nudge(b);
        if (atomic_load(&b->suspect))
            kafka_trouble_probe(b);
        if (b->reader)
            rd_kafka_poll(b->reader, 0); // its errors
        refresh_topics(b);
        kafka_purge(b);
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
