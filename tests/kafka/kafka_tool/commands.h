// The commands of kafka_tool.c, which says what they take and print; each gives the exit code.
#ifndef KAFKA_TOOL_COMMANDS_H
#define KAFKA_TOOL_COMMANDS_H

// ARGV: behind the command's name.
typedef int command(const char *brokers, int argc, char **argv);

command topics_create, topics_grow, topics_delete, topics_list, topics_config;
command records_produce, records_hold, records_consume, records_wait;
command offsets_list, offsets_metadata, offsets_logs;

#endif
