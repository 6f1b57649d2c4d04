// A cluster of librdkafka's own, in memory, that answers errors when told to. It prints its address; then it takes a command a line from standard input, and
// prints "ok" after each:
//
//   topic NAME PARTITIONS
//   errors API CODE COUNT     the next COUNT requests of that API (Kafka's number of it) are answered with that error code
//   down BROKER | up BROKER   1 or 2
//   slow BROKER MS            how long it takes for an answer
//   leader TOPIC PARTITION BROKER     -1: none
//
// It keeps no transactional offsets and hides nothing that is not committed: it says nothing about exactly-once.
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BROKERS = 2, MOST = 64 };

static rd_kafka_resp_err_t answer(rd_kafka_mock_cluster_t *cluster, int api, int code, int count)
{
    rd_kafka_resp_err_t errors[MOST];
    for (int i = 0; i < count; i++)
        errors[i] = (rd_kafka_resp_err_t)code;
    rd_kafka_mock_push_request_errors_array(cluster, (int16_t)api, (size_t)count, errors);
    return RD_KAFKA_RESP_ERR_NO_ERROR;
}

static bool obey(rd_kafka_mock_cluster_t *cluster, const char *line)
{
    char name[256];
    int a, b, c;
    if (sscanf(line, "topic %255s %d", name, &a) == 2)
        return !rd_kafka_mock_topic_create(cluster, name, a, 1);
    if (sscanf(line, "errors %d %d %d", &a, &b, &c) == 3)
        return c > 0 && c <= MOST && !answer(cluster, a, b, c);
    if (sscanf(line, "down %d", &a) == 1)
        return !rd_kafka_mock_broker_set_down(cluster, a);
    if (sscanf(line, "up %d", &a) == 1)
        return !rd_kafka_mock_broker_set_up(cluster, a);
    if (sscanf(line, "leader %255s %d %d", name, &a, &b) == 3)
        return !rd_kafka_mock_partition_set_leader(cluster, name, a, b);
    if (sscanf(line, "slow %d %d", &a, &b) == 2)
        return !rd_kafka_mock_broker_set_rtt(cluster, a, b);
    return false;
}

int main(void)
{
    char why[256], line[512];
    rd_kafka_t *rk = rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), why, sizeof why);
    rd_kafka_mock_cluster_t *cluster = rk ? rd_kafka_mock_cluster_new(rk, BROKERS) : NULL;
    if (!cluster) {
        fputs("mock_tool: no cluster\n", stderr);
        return 1;
    }
    puts(rd_kafka_mock_cluster_bootstraps(cluster));
    fflush(stdout);
    while (fgets(line, sizeof line, stdin)) {
        if (!obey(cluster, line)) {
            fprintf(stderr, "mock_tool: %s", line);
            return 1;
        }
        puts("ok");
        fflush(stdout);
    }
    rd_kafka_mock_cluster_destroy(cluster);
    rd_kafka_destroy(rk);
    return 0;
}
