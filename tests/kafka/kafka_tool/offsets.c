#include <stdio.h>

#include "client.h"
#include "commands.h"

static void committed(rd_kafka_t *rk, const char *group, rd_kafka_topic_partition_list_t *all)
{
    rd_kafka_resp_err_t err;
    int tries = 0;
    do
        err = rd_kafka_committed(rk, all, WAIT_MS);
    while (passes(err, &tries));
    if (err)
        die(group, rd_kafka_err2str(err));
}

static void ends(rd_kafka_t *rk, const char *topic, int partition, int64_t *begin, int64_t *end)
{
    rd_kafka_resp_err_t err;
    int tries = 0;
    do
        err = rd_kafka_query_watermark_offsets(rk, topic, partition, begin, end, WAIT_MS);
    while (passes(err, &tries));
    if (err)
        die(topic, rd_kafka_err2str(err));
}

static void offsets_of(rd_kafka_t *rk, const char *group, const char *topic)
{
    const rd_kafka_metadata_t *md = metadata(rk, topic);
    int count = md->topics[0].partition_cnt;
    rd_kafka_topic_partition_list_t *all = rd_kafka_topic_partition_list_new(count);
    rd_kafka_topic_partition_list_add_range(all, topic, 0, count - 1);
    committed(rk, group, all);
    for (int i = 0; i < count; i++) {
        int64_t begin, end;
        ends(rk, topic, i, &begin, &end);
        long long offset = all->elems[i].offset;
        printf("%d %lld %lld\n", i, offset < 0 ? -1 : offset, (long long)end);
    }
    rd_kafka_topic_partition_list_destroy(all);
    rd_kafka_metadata_destroy(md);
}

int offsets_list(const char *brokers, int argc, char **argv)
{
    const char *group = argv[0], *const settings[] = {"group.id", group, NULL};
    rd_kafka_t *rk = client(RD_KAFKA_CONSUMER, brokers, settings);
    for (int i = 1; i < argc; i++)
        offsets_of(rk, group, argv[i]);
    rd_kafka_destroy(rk);
    return 0;
}

// What is committed beside the offsets.
int offsets_metadata(const char *brokers, int argc, char **argv)
{
    const char *group = argv[0], *topic = argv[1], *const settings[] = {"group.id", group, NULL};
    (void)argc;
    rd_kafka_t *rk = client(RD_KAFKA_CONSUMER, brokers, settings);
    const rd_kafka_metadata_t *md = metadata(rk, topic);
    rd_kafka_topic_partition_list_t *all = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add_range(all, topic, 0, md->topics[0].partition_cnt - 1);
    committed(rk, group, all);
    for (int i = 0; i < all->cnt; i++)
        printf("%.*s\n", (int)all->elems[i].metadata_size, (const char *)all->elems[i].metadata);
    rd_kafka_topic_partition_list_destroy(all);
    rd_kafka_metadata_destroy(md);
    rd_kafka_destroy(rk);
    return 0;
}

int offsets_logs(const char *brokers, int argc, char **argv)
{
    const char *topic = argv[0];
    (void)argc;
    rd_kafka_t *rk = client(RD_KAFKA_CONSUMER, brokers, no_settings);
    const rd_kafka_metadata_t *md = metadata(rk, topic);
    for (int i = 0; i < md->topics[0].partition_cnt; i++) {
        int64_t begin, end;
        ends(rk, topic, i, &begin, &end);
        printf("%lld %lld\n", (long long)begin, (long long)end);
    }
    rd_kafka_metadata_destroy(md);
    rd_kafka_destroy(rk);
    return 0;
}
