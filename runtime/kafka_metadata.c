#include "kafka_metadata.h"

#include <stdlib.h>

#include "base64.h"
#include "memory.h"
#include "observers.h"
#include "weir_wire.h"

enum {
    VERSION = 2,         // 1 ends behind the time
    TIME_SIZE = 9,       // version and time
    COUNT_SIZE = 4,      // of stores
    LENGTH_SIZE = 4,     // of a store's name
    MOST = 4096 / 4 * 3, // bytes: a broker's offset.metadata.max.bytes is 4096 unless it was told otherwise
};

// ---- writing ----

static size_t entry_size(const char *name)
{
    return LENGTH_SIZE + strlen(name) + 8;
}

static char *put_entry(char *to, const char *name, int64_t time)
{
    size_t n = strlen(name);
    weir_put_i32be(to, (int32_t)n);
    memcpy(to + LENGTH_SIZE, name, n);
    weir_put_i64be(to + LENGTH_SIZE + n, time);
    return to + entry_size(name);
}

char *kafka_metadata_write(const struct weir_program *program, int64_t time, const int64_t *times, size_t *size)
{
    char bytes[MOST] = {VERSION}, *to = bytes + TIME_SIZE + COUNT_SIZE;
    int count = 0, observers = observer_count(program);
    weir_put_i64be(bytes + 1, time);
    for (int i = 0; i < observers; i++) {
        char name[OBSERVER_NAME];
        if (times[i] < 0)
            continue;
        observer_name(program, i, name);
        if (entry_size(name) > (size_t)(bytes + MOST - to))
            continue;
        to = put_entry(to, name, times[i]);
        count++;
    }
    if (count == 0 && time < 0)
        return NULL;
    weir_put_i32be(bytes + TIME_SIZE, count);
    size_t n = count ? (size_t)(to - bytes) : TIME_SIZE;
    *size = base64_size(n);
    char *text = memory_new(*size);
    base64_encode(text, (struct weir_str){bytes, n});
    return text;
}

// ---- reading ----

static void raise(const struct weir_program *program, struct weir_str name, int64_t time, int64_t *times)
{
    int i = observer_find(program, name);
    if (i >= 0 && time > times[i])
        times[i] = time;
}

static void read_entries(const struct weir_program *program, const char *p, const char *end, int64_t *times)
{
    while (end - p >= LENGTH_SIZE + 8) {
        int32_t n = weir_get_i32be(p);
        p += LENGTH_SIZE;
        if (n < 0 || end - p < 8 || n > end - p - 8)
            return;
        raise(program, (struct weir_str){p, (size_t)n}, weir_get_i64be(p + n), times);
        p += n + 8;
    }
}

int64_t kafka_metadata_read(const struct weir_program *program, const void *metadata, size_t size, int64_t *times)
{
    size_t n;
    int64_t time = -1;
    char *bytes = memory_new(size + 1);
    if (base64_decode(bytes, &n, (struct weir_str){metadata, size}) && n >= TIME_SIZE && bytes[0] >= 1 &&
        bytes[0] <= VERSION) {
        time = weir_get_i64be(bytes + 1);
        if (bytes[0] == VERSION && n > TIME_SIZE + COUNT_SIZE)
            read_entries(program, bytes + TIME_SIZE + COUNT_SIZE, bytes + n, times);
    }
    free(bytes);
    return time < 0 ? -1 : time;
}
