// What is counted, as Prometheus reads it. Names follow Kafka Streams' metrics where there are such; units are seconds, bytes and records.
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "globals.h"
#include "http_server.h"

static void put(struct weir_buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void put(struct weir_buf *b, const char *format, ...)
{
    char line[512];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(line, sizeof line, format, args);
    va_end(args);
    weir_put(b, line, n < (int)sizeof line ? (size_t)n : sizeof line - 1);
}

static void head(struct weir_buf *b, const char *name, const char *type, const char *help)
{
    put(b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

// NAME="TEXT"
static void label(struct weir_buf *b, const char *name, const char *text)
{
    weir_put(b, name, strlen(name));
    weir_put_lit(b, "=\"");
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            weir_put_lit(b, "\\");
        weir_put(b, *text == '\n' ? " " : text, 1);
    }
    weir_put_lit(b, "\"");
}

static uint64_t count_of(const _Atomic uint64_t *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

static int64_t value_of(const _Atomic int64_t *gauge)
{
    return atomic_load_explicit(gauge, memory_order_relaxed);
}

// ---- sums over the workers, and global tables ----

static uint64_t total(const struct http_server *s, size_t offset)
{
    uint64_t sum = 0;
    for (int i = 0; i <= s->view.worker_count; i++)
        sum += count_of((const _Atomic uint64_t *)((const char *)s->view.counters[i] + offset));
    return sum;
}

static int64_t total_now(const struct http_server *s, size_t offset)
{
    int64_t sum = 0;
    for (int i = 0; i <= s->view.worker_count; i++)
        sum += value_of((const _Atomic int64_t *)((const char *)s->view.counters[i] + offset));
    return sum;
}

#define TOTAL(s, field) total(s, offsetof(struct counters, field))
#define TOTAL_NOW(s, field) total_now(s, offsetof(struct counters, field))

static void counter(struct weir_buf *b, const char *name, const char *help, uint64_t n)
{
    head(b, name, "counter", help);
    put(b, "%s %" PRIu64 "\n", name, n);
}

static void gauge(struct weir_buf *b, const char *name, const char *help, int64_t n)
{
    head(b, name, "gauge", help);
    put(b, "%s %" PRId64 "\n", name, n);
}

static void series(struct weir_buf *b, const char *name, const char *kind, const char *of, const char *more, int64_t n)
{
    put(b, "%s{", name);
    label(b, kind, of);
    put(b, "%s} %" PRId64 "\n", more, n);
}

// ---- records ----

static void put_sources(const struct http_server *s, struct weir_buf *b)
{
    static const char name[] = "weir_process_records_total";
    head(b, name, "counter", "Records taken, by source; those of repartition topics, too.");
    for (int i = 0; i < s->source_count; i++) {
        uint64_t sum = 0;
        for (int k = 0; k <= s->view.worker_count; k++)
            sum += count_of(&s->view.counters[k]->sources[i].in);
        series(b, name, "source", s->sources[i], "", (int64_t)sum);
    }
}

static uint64_t bad_of(const struct http_server *s, int source, int cause)
{
    uint64_t sum = 0;
    for (int k = 0; k <= s->view.worker_count; k++)
        sum += count_of(&s->view.counters[k]->sources[source].bad[cause]);
    return sum;
}

// Series begin with the first that is bad for a cause; what no record of a source brought (changes of stores, timers) has no source.
static void put_bad(const struct http_server *s, struct weir_buf *b)
{
    static const char name[] = "weir_bad_records_total";
    head(b, name, "counter", "Records that could not be decoded or evaluated, by source and cause.");
    for (int cause = WEIR_BAD_NONE + 1; cause < STATS_CAUSES; cause++) {
        uint64_t rest = total(s, offsetof(struct counters, bad) + (size_t)cause * sizeof(uint64_t));
        char more[64];
        snprintf(more, sizeof more, ",cause=\"%s\"", stats_cause_name((enum weir_cause)cause));
        for (int i = 0; i < s->source_count; i++) {
            uint64_t n = bad_of(s, i, cause);
            rest -= n < rest ? n : rest;
            if (n)
                series(b, name, "source", s->sources[i], more, (int64_t)n);
        }
        if (rest)
            series(b, name, "source", "", more, (int64_t)rest);
    }
}

static void put_dropped(const struct http_server *s, struct weir_buf *b)
{
    static const char name[] = "weir_dropped_records_total";
    head(b, name, "counter",
         "Records dropped: late for the window of a store, without the key or value that it needs, or with a negative "
         "time.");
    for (int i = 0; i < s->store_count; i++) {
        uint64_t late = 0, null = 0;
        for (int k = 0; k <= s->view.worker_count; k++) {
            late += count_of(&s->view.counters[k]->stores[i].late);
            null += count_of(&s->view.counters[k]->stores[i].null);
        }
        series(b, name, "store", s->stores[i].name, ",reason=\"late\"", (int64_t)late);
        series(b, name, "store", s->stores[i].name, ",reason=\"null\"", (int64_t)null);
    }
    series(b, name, "store", "", ",reason=\"negative_time\"", (int64_t)TOTAL(s, dropped));
}

static void put_lag_of(void *arg, const char *topic, int32_t partition, int64_t lag)
{
    char more[32];
    snprintf(more, sizeof more, ",partition=\"%d\"", (int)partition);
    series(arg, "weir_consumer_lag_records", "topic", topic, more, lag);
}

static void put_lag(struct http_server *s, struct weir_buf *b)
{
    struct broker *broker = s->view.broker;
    head(b, "weir_consumer_lag_records", "gauge", "Records not yet read, by partition of the inputs.");
    int64_t lag = broker->ops->lag(broker, put_lag_of, b);
    if (lag >= 0)
        gauge(b, "weir_consumer_total_lag_records", "Records not yet read, of all inputs; of files an estimate.", lag);
}

// ---- times ----

static void put_histogram(const struct http_server *s, struct weir_buf *b, const char *name, const char *help,
                          size_t offset)
{
    uint64_t below = 0;
    head(b, name, "histogram", help);
    for (int i = 0; i < STATS_BUCKETS; i++) {
        below += total(s, offset + offsetof(struct histogram, counts) + (size_t)i * sizeof(uint64_t));
        if (i < STATS_BUCKETS - 1)
            put(b, "%s_bucket{le=\"%g\"} %" PRIu64 "\n", name, stats_bound(i), below);
        else
            put(b, "%s_bucket{le=\"+Inf\"} %" PRIu64 "\n", name, below);
    }
    put(b, "%s_sum %.6f\n%s_count %" PRIu64 "\n", name,
        (double)total(s, offset + offsetof(struct histogram, sum_us)) / 1e6, name, below);
}

// ---- state ----

static void put_stores(const struct http_server *s, struct weir_buf *b, const char *name, const char *help,
                       size_t offset)
{
    head(b, name, "gauge", help);
    for (int i = 0; i < s->store_count; i++) {
        int64_t sum = 0;
        for (int k = 0; k < s->view.worker_count; k++)
            sum += value_of((const _Atomic int64_t *)((const char *)&s->view.counters[k]->stores[i] + offset));
        series(b, name, "store", s->stores[i].name, "", sum);
    }
}

static void put_state(const struct http_server *s, struct weir_buf *b)
{
    const struct settings *settings = s->view.settings;
    gauge(b, "weir_failed_tasks", "Tasks that failed and are to be tried again.", TOTAL_NOW(s, failed));
    counter(b, "weir_task_failures_total", "Times that a task failed and the worker went on.",
            (uint64_t)TOTAL_NOW(s, failures));
    gauge(b, "weir_tasks", "Tasks that this instance has.", TOTAL_NOW(s, tasks));
    put_stores(s, b, "weir_store_rows", "Rows in memory; of sessions and sliding windows keys that have any.",
               offsetof(struct store_counters, rows));
    put_stores(s, b, "weir_store_memory_bytes", "Memory of the rows.", offsetof(struct store_counters, memory));
    gauge(b, "weir_state_memory_bytes", "Memory of all stores.", TOTAL_NOW(s, memory));
    gauge(b, "weir_state_memory_limit_bytes", "What they may have: the setting `memory`.", settings->memory_bytes);
    gauge(b, "weir_global_tables_memory_bytes", "Memory of global tables.", (int64_t)globals_memory(s->view.globals));
    gauge(b, "weir_cache_bytes", "Rows whose changes wait for the next commit, about.", TOTAL_NOW(s, cached));
    gauge(b, "weir_cache_limit_bytes", "What may wait: the setting `cache`.", settings->cache);
    gauge(b, "weir_restoring_stores", "Stores that are being restored now.", TOTAL_NOW(s, restoring));
    gauge(b, "weir_restore_remaining_records", "Records of changelogs that they lack, about.", TOTAL_NOW(s, remaining));
    counter(b, "weir_restored_records_total", "Records of changelogs that were restored.",
            (uint64_t)TOTAL_NOW(s, restored));
}

// ---- the process ----

static void put_process(struct weir_buf *b)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    double seconds = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                     (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
    head(b, "process_cpu_seconds_total", "counter", "CPU time of the process.");
    put(b, "process_cpu_seconds_total %.3f\n", seconds);
    FILE *f = fopen("/proc/self/statm", "r");
    long pages = 0;
    if (f && fscanf(f, "%*d %ld", &pages) == 1)
        gauge(b, "process_resident_memory_bytes", "Memory of the process.", pages * sysconf(_SC_PAGESIZE));
    if (f)
        fclose(f);
}

void metrics_put(struct http_server *s, struct weir_buf *b)
{
    head(b, "weir_build_info", "gauge", "1; which weir runs what.");
    series(b, "weir_build_info", "app", s->app, ",version=\"" WEIR_VERSION "\"", 1);
    put_sources(s, b);
    counter(b, "weir_sent_records_total", "Records sent to topics, without changelogs.", TOTAL(s, out));
    put_bad(s, b);
    put_dropped(s, b);
    put_lag(s, b);
    put_histogram(s, b, "weir_record_e2e_latency_seconds",
                  "Between a record's timestamp and when it was processed, of the last record of each batch.",
                  offsetof(struct counters, latency));
    put_histogram(s, b, "weir_commit_latency_seconds", "Duration of commits.", offsetof(struct counters, commits));
    put_state(s, b);
    put_process(b);
}
