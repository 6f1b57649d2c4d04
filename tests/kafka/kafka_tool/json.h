// Bytes as JSON: a string when they are UTF-8 without NUL, else {"hex":"00ff"}.
#ifndef KAFKA_TOOL_JSON_H
#define KAFKA_TOOL_JSON_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

// NULL is null. The caller frees them.
char *json_to_bytes(const cJSON *json, size_t *len);
cJSON *json_from_bytes(const void *bytes, size_t len, bool as_hex);

#endif
