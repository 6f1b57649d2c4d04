// What is counted and measured of the workers, and what --stats and the end of a run show of it.
#ifndef WEIR_RT_STATS_H
#define WEIR_RT_STATS_H

#include <stdatomic.h>

#include "broker.h"

enum { STATS_CAUSES = WEIR_BAD_USER + 1 };

struct source_counters {
    _Atomic uint64_t in, bad[STATS_CAUSES];
};

struct store_counters {
    _Atomic uint64_t late, null;  // records that were dropped: late for their window, without a key or value
    _Atomic int64_t rows, memory; // now, as of the last figures_take
};

// Bounds of buckets, in seconds: stats_bound. The last is of all above.
enum { STATS_BUCKETS = 17 };
struct histogram {
    _Atomic uint64_t counts[STATS_BUCKETS], sum_us;
};

// Of one worker: only it writes, on cache lines of its own.
struct counters {
    _Alignas(64) _Atomic uint64_t out;
    _Atomic uint64_t dropped;           // negative event time
    _Atomic uint64_t late, null;        // of all stores
    _Atomic uint64_t bad[STATS_CAUSES]; // of all sources, stores and timers
    struct source_counters *sources;    // by index in the program
    struct store_counters *stores;
    struct histogram latency; // between a record's timestamp and when it was processed
    struct histogram commits;
    _Atomic int64_t restored;              // records of changelogs
    _Atomic int64_t failures, failed;      // of tasks; tasks that wait to be tried again
    _Atomic int64_t restoring, remaining;  // stores that are being restored now, and records that they lack, about
    _Atomic int64_t turned;                // monotonic ms: when it last came to its inputs; 0: not yet
    _Atomic int64_t tasks, memory, cached; // now, as of the last figures_take
};

// Never NULL. Of PROGRAM, or what takes its place by a swap.
struct counters *counters_new(const struct weir_program *program);
void counters_free(struct counters *c);

static inline void stats_count(_Atomic uint64_t *counter, uint64_t n)
{
    // One writer: no locked instruction is needed.
    atomic_store_explicit(counter, atomic_load_explicit(counter, memory_order_relaxed) + n, memory_order_relaxed);
}

static inline void stats_set(_Atomic int64_t *gauge, int64_t n)
{
    atomic_store_explicit(gauge, n, memory_order_relaxed);
}

void stats_observe(struct histogram *h, int64_t us);
int64_t stats_clock_us(void); // monotonic
// The upper bound of a bucket but the last, in seconds.
double stats_bound(int bucket);

struct stats {
    struct counters *const *counters;
    int count;
    const char *app;
    bool json, live;        // live: stderr is a terminal
    int64_t started, shown; // monotonic ms
    uint64_t shown_in, shown_out;
    bool *internal; // by source
    int source_count;
};

const char *stats_cause_name(enum weir_cause cause);
void stats_init(struct stats *s, const struct weir_program *program, struct counters *const *counters, int count,
                bool json);
void stats_free(struct stats *s);
// How long to wait for the next stats_show.
int stats_interval_ms(const struct stats *s);
void stats_show(struct stats *s, struct broker *broker);
// The last line of --stats.
void stats_total(struct stats *s);
// What was bad or dropped, if anything was.
void stats_summary(const struct stats *s);

#endif
