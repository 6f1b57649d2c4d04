#include "json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "client.h"

char *json_to_bytes(const cJSON *json, size_t *len)
{
    *len = 0;
    if (!json || cJSON_IsNull(json))
        return NULL;
    const cJSON *hex = cJSON_GetObjectItemCaseSensitive(json, "hex");
    if (hex) {
        const char *digits = cJSON_GetStringValue(hex);
        *len = digits ? strlen(digits) / 2 : 0;
        char *bytes = malloc(*len + 1);
        for (size_t i = 0; i < *len; i++) {
            unsigned byte;
            if (sscanf(digits + 2 * i, "%2x", &byte) != 1)
                die("bad hex", digits);
            bytes[i] = (char)byte;
        }
        return bytes;
    }
    char *text = cJSON_IsString(json) ? strdup(json->valuestring) : cJSON_PrintUnformatted(json);
    *len = strlen(text);
    return text;
}

cJSON *json_from_bytes(const void *bytes, size_t len, bool as_hex)
{
    if (!bytes)
        return cJSON_CreateNull();
    const unsigned char *b = bytes;
    for (size_t i = 0; i < len && !as_hex;) {
        utf8proc_int32_t point;
        utf8proc_ssize_t step = utf8proc_iterate(b + i, (utf8proc_ssize_t)(len - i), &point);
        as_hex = step <= 0 || point == 0;
        i += as_hex ? 0 : (size_t)step;
    }
    char *text = malloc(2 * len + 1);
    cJSON *json;
    if (as_hex) {
        for (size_t i = 0; i < len; i++)
            sprintf(text + 2 * i, "%02x", b[i]);
        text[2 * len] = 0;
        json = cJSON_CreateObject();
        cJSON_AddStringToObject(json, "hex", text);
    } else {
        memcpy(text, b, len);
        text[len] = 0;
        json = cJSON_CreateString(text);
    }
    free(text);
    return json;
}
