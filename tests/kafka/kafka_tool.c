// Topics and records on a broker, for tests: fast where Kafka's own tools need seconds to start.
//
//   kafka_tool BROKERS create TOPIC PARTITIONS [CONFIG=VALUE...]
//   kafka_tool BROKERS grow TOPIC PARTITIONS   to so many in all
//   kafka_tool BROKERS delete TOPIC...
//   kafka_tool BROKERS topics                  one line each: NAME PARTITIONS
//   kafka_tool BROKERS produce TOPIC           records from standard input
//   kafka_tool BROKERS hold TOPIC              a transaction that is open in its first partition until standard input ends: aborted then
//   kafka_tool BROKERS consume TOPIC [--hex]   all records of all partitions up to their ends (committed ones only)
//   kafka_tool BROKERS wait TOPIC              says `waiting`, and `record` when there is one more (a committed one)
//   kafka_tool BROKERS offsets GROUP TOPIC...  one line for each partition: PARTITION COMMITTED END
//   kafka_tool BROKERS metadata GROUP TOPIC    one line for each partition: what is committed beside the offset
//   kafka_tool BROKERS logs TOPIC              one line for each partition: BEGIN END
//   kafka_tool BROKERS config TOPIC            one line each: NAME VALUE
//
// A record is a line of JSON: {"partition","offset","timestamp","key","value","headers":[["name","value"],...]}.
// Bytes are a string when they are UTF-8 without NUL, else {"hex":"00ff"}; --hex makes that of all of them.
#include <stdio.h>
#include <string.h>

#include "kafka_tool/commands.h"

static const struct {
    const char *name;
    command *run;
    int least, most; // arguments
} commands[] = {
    {"create", topics_create, 2, 100},    {"grow", topics_grow, 2, 2},        {"delete", topics_delete, 1, 1000},
    {"topics", topics_list, 0, 0},        {"produce", records_produce, 1, 1}, {"hold", records_hold, 1, 1},
    {"consume", records_consume, 1, 2},   {"wait", records_wait, 1, 1},       {"offsets", offsets_list, 2, 1000},
    {"metadata", offsets_metadata, 2, 2}, {"logs", offsets_logs, 1, 1},       {"config", topics_config, 1, 1},
};

int main(int argc, char **argv)
{
    for (size_t i = 0; argc > 2 && i < sizeof commands / sizeof commands[0]; i++) {
        if (!strcmp(argv[2], commands[i].name) && argc - 3 >= commands[i].least && argc - 3 <= commands[i].most)
            return commands[i].run(argv[1], argc - 3, argv + 3);
    }
    fputs("usage: kafka_tool BROKERS", stderr);
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        fprintf(stderr, "%s%s", i ? "|" : " ", commands[i].name);
    fputs(" ... (see the source)\n", stderr);
    return 2;
}
