// What librdkafka alone costs: reads a topic to its end and writes as much as the filter of stateless.weir lets through, with weir's
// settings and timestamps, but looks into no record. The floor that weir is measured against.
//
//   bare_loop BROKERS IN OUT PASS-PER-MILLION VALUE-BYTES
//
// Prints how many records it read and wrote, the bytes of those, and when the first one came, in seconds since 1970 (0: none).
#include <librdkafka/rdkafka.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WAIT_MS = 30000 };

struct loop {
    rd_kafka_t *consumer, *producer;
    rd_kafka_topic_t *out;
    int open; // partitions not yet read to their ends
    unsigned long long in, sent, bytes;
    unsigned share, due; // per million
    size_t size;         // of what is written
    double began;        // seconds since 1970
};

static _Noreturn void die(const char *what, const char *why)
{
    fprintf(stderr, "bare_loop: %s: %s\n", what, why);
    exit(1);
}

// As runtime/kafka_config.c.
static const char *const consumer_settings[] = {"group.id",
                                                "bare_loop",
                                                "auto.offset.reset",
                                                "earliest",
                                                "enable.auto.commit",
                                                "false",
                                                "enable.auto.offset.store",
                                                "false",
                                                "enable.partition.eof",
                                                "true",
                                                "queued.max.messages.kbytes",
                                                "65536",
                                                "queued.min.messages",
                                                "1000000",
                                                "fetch.message.max.bytes",
                                                "131072",
                                                "fetch.wait.max.ms",
                                                "100",
                                                "socket.nagle.disable",
                                                "true",
                                                NULL};
static const char *const producer_settings[] = {"enable.idempotence",
                                                "true",
                                                "message.timeout.ms",
                                                "0",
                                                "linger.ms",
                                                "20",
                                                "batch.num.messages",
                                                "100000",
                                                "queue.buffering.max.messages",
                                                "1000000",
                                                "queue.buffering.max.kbytes",
                                                "32768",
                                                "delivery.report.only.error",
                                                "true",
                                                "socket.nagle.disable",
                                                "true",
                                                NULL};

static rd_kafka_t *client(rd_kafka_type_t type, const char *brokers, const char *const *settings)
{
    char why[512];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "bootstrap.servers", brokers, NULL, 0);
    for (; *settings; settings += 2)
        if (rd_kafka_conf_set(conf, settings[0], settings[1], why, sizeof why) != RD_KAFKA_CONF_OK)
            die(settings[0], why);
    rd_kafka_t *rk = rd_kafka_new(type, conf, why, sizeof why);
    if (!rk)
        die(brokers, why);
    return rk;
}

static void pass_on(struct loop *l, const rd_kafka_message_t *m)
{
    rd_kafka_vu_t v[6];
    v[0].vtype = RD_KAFKA_VTYPE_RKT;
    v[0].u.rkt = l->out;
    v[1].vtype = RD_KAFKA_VTYPE_PARTITION;
    v[1].u.i32 = m->partition;
    v[2].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
    v[2].u.i = RD_KAFKA_MSG_F_COPY;
    v[3].vtype = RD_KAFKA_VTYPE_KEY;
    v[3].u.mem.ptr = m->key;
    v[3].u.mem.size = m->key_len;
    v[4].vtype = RD_KAFKA_VTYPE_VALUE;
    v[4].u.mem.ptr = m->payload;
    v[4].u.mem.size = m->len < l->size ? m->len : l->size;
    v[5].vtype = RD_KAFKA_VTYPE_TIMESTAMP;
    v[5].u.i64 = rd_kafka_message_timestamp(m, NULL);
    for (;;) {
        rd_kafka_error_t *error = rd_kafka_produceva(l->producer, v, 6);
        if (!error)
            break;
        if (rd_kafka_error_code(error) != RD_KAFKA_RESP_ERR__QUEUE_FULL)
            die("produce", rd_kafka_error_string(error));
        rd_kafka_error_destroy(error);
        rd_kafka_poll(l->producer, 2);
    }
    l->sent++;
    l->bytes += v[4].u.mem.size;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void on_message(rd_kafka_message_t *m, void *opaque)
{
    struct loop *l = opaque;
    if (m->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
        l->open--;
    if (m->err)
        return;
    if (l->in++ == 0)
        l->began = now();
    l->due += l->share;
    if (l->due >= 1000000) {
        l->due -= 1000000;
        pass_on(l, m);
    }
}

static rd_kafka_topic_partition_list_t *all_partitions(struct loop *l, const char *topic)
{
    rd_kafka_topic_t *handle = rd_kafka_topic_new(l->consumer, topic, NULL);
    const rd_kafka_metadata_t *md;
    rd_kafka_resp_err_t err = rd_kafka_metadata(l->consumer, 0, handle, &md, WAIT_MS);
    if (err || md->topics[0].err)
        die(topic, rd_kafka_err2str(err ? err : md->topics[0].err));
    l->open = md->topics[0].partition_cnt;
    rd_kafka_topic_partition_list_t *all = rd_kafka_topic_partition_list_new(l->open);
    for (int i = 0; i < l->open; i++)
        rd_kafka_topic_partition_list_add(all, topic, i)->offset = RD_KAFKA_OFFSET_BEGINNING;
    rd_kafka_metadata_destroy(md);
    rd_kafka_topic_destroy(handle);
    return all;
}

int main(int argc, char **argv)
{
    if (argc != 6)
        die("usage", "bare_loop BROKERS IN OUT PASS-PER-MILLION VALUE-BYTES");
    struct loop l = {.share = (unsigned)strtoul(argv[4], NULL, 10), .size = strtoul(argv[5], NULL, 10)};
    l.consumer = client(RD_KAFKA_CONSUMER, argv[1], consumer_settings);
    l.producer = client(RD_KAFKA_PRODUCER, argv[1], producer_settings);
    l.out = rd_kafka_topic_new(l.producer, argv[3], NULL);
    rd_kafka_topic_partition_list_t *all = all_partitions(&l, argv[2]);
    rd_kafka_poll_set_consumer(l.consumer);
    rd_kafka_assign(l.consumer, all);
    rd_kafka_queue_t *queue = rd_kafka_queue_get_consumer(l.consumer);
    while (l.open > 0)
        rd_kafka_consume_callback_queue(queue, 1000, on_message, &l);
    if (rd_kafka_flush(l.producer, WAIT_MS))
        die(argv[3], "not everything could be written");
    printf("%llu %llu %llu %.3f\n", l.in, l.sent, l.bytes, l.began);
    rd_kafka_topic_partition_list_destroy(all);
    rd_kafka_queue_destroy(queue);
    rd_kafka_topic_destroy(l.out);
    rd_kafka_consumer_close(l.consumer);
    rd_kafka_destroy(l.producer);
    rd_kafka_destroy(l.consumer);
    return 0;
}
