// Any bytes as a record of a changelog, or a row of the disk, of each store of changelog.weir: taken, or said to be bad.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct task *new_task(void)
{
    static struct settings settings;
    static struct weir_options options;
    static const struct broker_ops ops = {0};
    static struct broker broker = {.ops = &ops};
    static struct worker k;
    static struct task task = {.worker = &k, .stream_time = -1};
    if (settings_of_program(&settings, &weir_program) != RUNTIME_DONE)
        abort();
    settings.options = &options;
    worker_init(&k, &weir_program, &settings, &broker, 0, counters_new(&weir_program));
    task.stores = calloc((size_t)weir_program.store_count, sizeof *task.stores);
    for (int i = 0; i < weir_program.store_count; i++)
        task.stores[i] = store_new(&task, i);
    k.w.owner = &task;
    return &task;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct task *task;
    if (!task)
        task = new_task();
    if (size < 12)
        return 0;
    struct store *s = task->stores[data[0] % weir_program.store_count];
    bool saved = data[1] & 1, gone = data[1] & 2;
    uint16_t time;
    memcpy(&time, data + 2, sizeof time);
    const char *bytes = (const char *)data + 5;
    size_t rest = size - 5, key = data[4] < rest ? data[4] : rest;
    struct weir_str value = gone ? WEIR_NULL_STR : (struct weir_str){bytes + key, rest - key};
    if (!saved)
        store_set_complete(s); // there is no disk that more could be on
    store_restore(s, (struct weir_str){bytes, key}, value, time, saved);
    weir_ctx_reset(&task->worker->w);
    task->worker->undo.count = 0;
    if (task->worker->memory > 1 << 20)
        store_clear(s);
    return 0;
}
