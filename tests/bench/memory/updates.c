// What keeping state costs by itself: orders in memory go through the whole runtime, a worker with its stores, over a broker that copies what it is
// given to memory and forgets it. Linked with a program that reads bench-orders and keeps state, like the emitted state/windows.c. One worker.
//
//   updates FILE CACHE   FILE: an order's JSON a line; CACHE as --set cache takes it. Prints records, the nanoseconds of the worker's CPU time from the
//                        first record to the last, the same with the commit behind it, records sent, and records of the changelog.
#include "broker.h"
#include "runtime.h"
#include "settings.h"
#include "worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { SINK_SIZE = 1 << 20, AHEAD = 32 };

struct order {
    const char *value, *key;
    size_t value_size, key_size;
    int64_t timestamp;
};

static struct memory_broker {
    struct broker base;
    const struct broker_listener *listener;
    struct order *orders;
    long count, next, sent, logged;
    int64_t began, processed, committed; // ns
    char sink[SINK_SIZE];                // written round and round
    size_t used;
} broker;

static int64_t clock_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

// ---- the broker ----

static void copy(struct weir_str key, struct weir_str value)
{
    if (broker.used + key.n + value.n > SINK_SIZE)
        broker.used = 0;
    if (key.n)
        memcpy(broker.sink + broker.used, key.p, key.n);
    if (value.n)
        memcpy(broker.sink + broker.used + key.n, value.p, value.n);
    broker.used += key.n + value.n;
}

static enum broker_status memory_start(struct broker *b, struct broker_error *error)
{
    (void)b;
    (void)error;
    return BROKER_OK;
}

static void memory_listen(struct broker *b, int worker, const struct broker_listener *listener, void *arg)
{
    struct broker_partition p = {.topic = "bench-orders"};
    (void)b;
    (void)worker;
    broker.listener = listener;
    listener->assigned(arg, &p, 1);
}

static struct broker_delivery delivery(long number)
{
    const struct order *o = &broker.orders[number];
    return (struct broker_delivery){.record = {.key = {o->key, o->key_size},
                                               .value = {o->value, o->value_size},
                                               .timestamp = o->timestamp,
                                               .offset = number,
                                               .topic = WEIR_STR("bench-orders")}};
}

// Told of together and given, as the Kafka broker does it.
static bool give_some(broker_record_fn *fn, void *arg, int *count)
{
    struct broker_delivery some[AHEAD];
    int n = 0;
    for (; n < AHEAD && broker.next + n < broker.count; n++)
        some[n] = delivery(broker.next + n);
    broker.listener->coming(arg, some, n);
    for (int i = 0; i < n; i++, broker.next++, ++*count) {
        if (!fn(arg, &some[i]))
            return false;
    }
    return true;
}

static enum broker_status memory_poll(struct broker *b, int worker, int max, int timeout_ms, broker_record_fn *fn,
                                      void *arg, int *count, struct broker_error *error)
{
    (void)b;
    (void)worker;
    (void)timeout_ms;
    (void)error;
    if (broker.next == 0)
        broker.began = clock_ns();
    for (*count = 0; *count < max && broker.next < broker.count;) {
        if (!give_some(fn, arg, count))
            return BROKER_OK;
    }
    if (broker.next < broker.count)
        return BROKER_OK;
    if (!broker.processed)
        broker.processed = clock_ns();
    return BROKER_END;
}

static enum broker_status memory_send(struct broker *b, int worker, struct weir_str topic, int32_t partition,
                                      const struct weir_out *out, struct broker_error *error)
{
    (void)b;
    (void)worker;
    (void)topic;
    (void)partition;
    (void)error;
    copy(out->key, out->value);
    broker.sent++;
    return BROKER_OK;
}

static enum broker_status memory_log(struct broker *b, int worker, int store, int32_t partition, struct weir_str key,
                                     struct weir_str value, int64_t timestamp, struct broker_error *error)
{
    (void)b;
    (void)worker;
    (void)store;
    (void)partition;
    (void)timestamp;
    (void)error;
    copy(key, value);
    broker.logged++;
    return BROKER_OK;
}

static enum broker_status memory_restore(struct broker *b, int worker, struct broker_restore *r,
                                         struct broker_error *error)
{
    (void)b;
    (void)worker;
    (void)error;
    for (size_t i = 0; i < r->count; i++)
        r->logs[i].status = BROKER_OK; // nothing is in them
    return BROKER_OK;
}

static enum broker_status memory_log_end(struct broker *b, int worker, int store, int32_t partition, int64_t *end,
                                         struct broker_error *error)
{
    (void)b;
    (void)worker;
    (void)store;
    (void)partition;
    (void)error;
    *end = broker.logged;
    return BROKER_OK;
}

static enum broker_status memory_commit(struct broker *b, int worker, struct broker_error *error)
{
    (void)b;
    (void)worker;
    (void)error;
    broker.committed = clock_ns();
    return BROKER_OK;
}

static int32_t memory_partitions(struct broker *b, int worker, struct weir_str topic)
{
    (void)b;
    (void)worker;
    (void)topic;
    return 1;
}

static int64_t memory_now(struct broker *b)
{
    (void)b;
    return 0;
}

static void memory_wake(struct broker *b)
{
    (void)b;
}

static int64_t memory_lag(struct broker *b, broker_lag_fn *each, void *arg)
{
    (void)each, (void)arg;
    (void)b;
    return broker.count - broker.next;
}

static struct broker *memory_new(const struct weir_program *program, const struct settings *settings)
{
    static const struct broker_ops ops = {
        .start = memory_start,
        .listen = memory_listen,
        .poll = memory_poll,
        .send = memory_send,
        .partitions = memory_partitions,
        .log = memory_log,
        .restore = memory_restore,
        .log_end = memory_log_end,
        .commit = memory_commit,
        .now = memory_now,
        .wake = memory_wake,
        .lag = memory_lag,
        .close = memory_wake,
    };
    (void)program;
    (void)settings;
    broker.base.ops = &ops;
    return &broker.base;
}

// ---- the orders ----

static _Noreturn void die(const char *what)
{
    fprintf(stderr, "updates: %s\n", what);
    exit(1);
}

static char *read_file(const char *path, size_t *size)
{
    FILE *f = fopen(path, "rb");
    if (!f || fseek(f, 0, SEEK_END) != 0)
        die(path);
    *size = (size_t)ftell(f);
    rewind(f);
    char *text = malloc(*size + 1);
    if (!text || fread(text, 1, *size, f) != *size)
        die(path);
    text[*size] = 0;
    fclose(f);
    return text;
}

static const char *behind(const char *text, const char *name)
{
    const char *found = strstr(text, name);
    if (!found)
        die("not an order");
    return found + strlen(name);
}

// Key and timestamp of an order are in its value.
static void split(char *text)
{
    size_t room = 0;
    for (char *line = text, *end; *line; line = end + 1) {
        end = strchr(line, '\n');
        *end = 0;
        if ((size_t)broker.count == room) {
            room = room ? room * 2 : 1024;
            broker.orders = realloc(broker.orders, room * sizeof *broker.orders);
        }
        const char *key = behind(line, "\"customer\":\"");
        broker.orders[broker.count++] = (struct order){.value = line,
                                                       .value_size = (size_t)(end - line),
                                                       .key = key,
                                                       .key_size = strcspn(key, "\""),
                                                       .timestamp = atoll(behind(line, "\"created_at\":"))};
    }
}

int main(int argc, char **argv)
{
    size_t size;
    if (argc != 3)
        die("usage: updates FILE CACHE");
    char *text = read_file(argv[1], &size);
    split(text);
    struct weir_setting set[] = {{"cache", argv[2]}, {"commit", "1h"}};
    struct weir_options options;
    options_init(&options, "updates");
    options.set = set;
    options.set_count = 2;
    options.local = "/";
    options.feed = "-"; // state ends with the run: no disk
    options.exit_at_end = true;
    struct runtime *rt = runtime_new(&weir_program, &options);
    runtime_set_broker(rt, memory_new);
    int exit = runtime_go(rt);
    runtime_free(rt);
    printf("%ld %lld %lld %ld %ld\n", broker.count, (long long)(broker.processed - broker.began),
           (long long)(broker.committed - broker.began), broker.sent, broker.logged);
    free(broker.orders);
    free(text);
    return exit;
}
