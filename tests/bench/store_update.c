// Memory to memory: what one update of an aggregate costs, as generated code does it. BUILD/tests/store_update
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "store.h"

enum { COUNT, WINDOWED, STORES, SALT = 7919 };

struct sale {
    int64_t count, sum;
};

static struct weir_str encode(struct weir_ctx *w, const void *value)
{
    return (struct weir_str){memcpy(weir_alloc(w, sizeof(struct sale)), value, sizeof(struct sale)),
                             sizeof(struct sale)};
}

static uint64_t forwarded;

static void changed(struct weir_ctx *w, const struct weir_change *change)
{
    (void)w;
    forwarded += change->value != NULL;
}

#define SALE .value_size = sizeof(struct sale), .encode = encode, .changed = changed, .changelog_source = -1
static const struct weir_store stores[STORES] = {
    [COUNT] = {.name = "count", SALE},
    [WINDOWED] =
        {.name = "windowed", SALE, .window = WEIR_TIME_WINDOWS, .window_size = 60000, .grace = 0, .retention = 60000},
};
static const struct weir_source sources[] = {{.name = "in"}};
static const struct weir_program program = {
    .app = "bench", .sources = sources, .source_count = 1, .stores = stores, .store_count = STORES};

static enum broker_status log_nothing(struct broker *b, int worker, int store, int32_t partition, struct weir_str key,
                                      struct weir_str value, int64_t timestamp, struct broker_error *error)
{
    (void)b, (void)worker, (void)store, (void)partition, (void)key, (void)value, (void)timestamp, (void)error;
    return BROKER_OK;
}

static enum broker_status commit_nothing(struct broker *b, int worker, struct broker_error *error)
{
    (void)b, (void)worker, (void)error;
    return BROKER_OK;
}

static const struct broker_ops ops = {.log = log_nothing, .commit = commit_nothing};

static int64_t nanoseconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void update(struct weir_ctx *w, int store, struct weir_str key, int64_t start, int64_t timestamp)
{
    struct weir_row *row = weir_row(w, store, key, start);
    struct sale sale = row->value ? *(const struct sale *)row->value : (struct sale){0};
    sale.count++;
    sale.sum += timestamp;
    weir_row_put(w, store, row, &sale, weir_row_time(row, timestamp));
}

// EACH: records between two commits.
static void run(const char *name, int store, int keys, int records, int each, int64_t cache)
{
    struct settings settings;
    struct broker broker = {.ops = &ops};
    struct worker k;
    struct counters *counters = calloc(1, 4096);
    if (!counters || settings_of_program(&settings, &program) != RUNTIME_DONE)
        abort();
    settings.cache = cache;
    settings.memory_bytes = INT64_MAX;
    worker_init(&k, &program, &settings, &broker, 0, counters);
    struct task *t = task_find(&k, 0, 0);
    uint64_t state = 88172645463325252u;
    forwarded = 0;
    int64_t begun = 0, commits = 0;
    size_t most = 0;
    for (int i = -keys; i < records; i++) {
        if (i == 0)
            begun = nanoseconds();
        state ^= state << 13, state ^= state >> 7, state ^= state << 17;
        int n = i < 0 ? i + keys : (int)((state >> 16) % (uint64_t)keys);
        char key[8];
        for (int digit = 7; digit >= 0; digit--, n /= 10)
            key[digit] = (char)('0' + n % 10);
        int64_t timestamp = (int64_t)(i + keys) * 60000 * 51 / (records + keys);
        struct weir_record record = {.timestamp = timestamp};
        weir_ctx_reset(&k.w);
        k.w.record = &record;
        k.w.owner = t;
        update(&k.w, store, (struct weir_str){key, sizeof key}, store == WINDOWED ? timestamp / 60000 * 60000 : 0,
               timestamp);
        send_flush(&k);
        store_settle(&k);
        if ((i + keys) % each == each - 1) {
            int64_t before = nanoseconds();
            k.dirty = true;
            commit_now(&k);
            most = k.memory > most ? k.memory : most;
            commits += i >= 0 ? nanoseconds() - before : 0;
        }
    }
    int64_t all = nanoseconds() - begun;
    printf("%-42s %6.1f ns an update, of it at commits %6.1f; %5.1f MB\n", name, (double)all / records,
           (double)commits / records, (double)most / 1e6);
    worker_free(&k);
    settings_free(&settings);
    free(counters);
}

int main(void)
{
    run("1,000 keys, cache", COUNT, 1000, 10000000, 1000000, 1 << 30);
    run("100,000 keys, cache", COUNT, 100000, 10000000, 1000000, 1 << 30);
    run("100,000 keys, every change", COUNT, 100000, 10000000, 200000, 0);
    run("2,000,000 keys, cache", COUNT, 2000000, 10000000, 1000000, 1 << 30);
    run("2,000,000 keys, every change", COUNT, 2000000, 10000000, 200000, 0);
    run("100,000 keys in 51 windows, cache", WINDOWED, 100000, 10000000, 1000000, 1 << 30);
    run("100,000 keys in 51 windows, every change", WINDOWED, 100000, 10000000, 200000, 0);
    return 0;
}
