// Any bytes as the key and value of a record, through the C that weir emits for records.weir, as a broker would bring them and, through the serdes'
// from_json, as a file would. What is sent must be there to be read.
#include <stdint.h>
#include <string.h>

#include "ctx.h"
#include "weir.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned sink_of_bytes; // keeps the reading of them alive

static void touch(struct weir_str s)
{
    for (size_t i = 0; s.p && i < s.n; i++)
        sink_of_bytes += (unsigned char)s.p[i];
}

// In place of the runtime's, which wants a worker.
void weir_send(struct weir_ctx *w, const struct weir_out *out)
{
    const struct weir_sink *sink = &weir_program.sinks[out->sink];
    if (w->bad)
        return;
    touch(out->key);
    touch(out->value);
    if (out->value.p && sink->value->to_json)
        touch(sink->value->to_json(w, out->value));
    if (out->key.p && sink->key->to_json)
        touch(sink->key->to_json(w, out->key));
}

// The key's length is the first byte; 255 is a null key.
static void split(const uint8_t *data, size_t size, struct weir_record *record)
{
    size_t key = data[0] == 255 ? 0 : data[0] % size;
    if (data[0] != 255)
        record->key = (struct weir_str){(const char *)data + 1, key};
    record->value = (struct weir_str){(const char *)data + 1 + key, size - 1 - key};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct weir_ctx w;
    static bool ready;
    if (size < 3)
        return 0;
    if (!ready)
        weir_ctx_init(&w);
    ready = true;
    struct weir_record record = {.timestamp = 1714557600000, .topic = WEIR_STR("fuzz")};
    const struct weir_source *source = &weir_program.sources[(data[0] >> 1) % weir_program.source_count];
    split(data + 1, size - 1, &record);
    if ((data[0] & 1) && source->value->from_json && record.value.p)
        record.value = source->value->from_json(&w, record.value);
    w.record = &record;
    if (!w.bad)
        source->process(&w);
    weir_ctx_reset(&w);
    return 0;
}
