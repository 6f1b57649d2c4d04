// Counters of the workers, and what --stats and the end of a run show of them.
#ifndef WEIR_RT_STATS_H
#define WEIR_RT_STATS_H

#include <stdatomic.h>

#include "broker.h"

enum { STATS_CAUSES = WEIR_BAD_USER + 1 };

// Of one worker: only it writes, on cache lines of its own.
struct counters {
    _Alignas(64) _Atomic uint64_t in; // without those of repartition topics
    _Atomic uint64_t out;
    _Atomic uint64_t dropped; // negative event time
    _Atomic uint64_t late;    // for their window
    _Atomic uint64_t null;    // a key or value, in front of an aggregate or join
    _Atomic uint64_t bad[STATS_CAUSES];
};

static inline void stats_count(_Atomic uint64_t *counter, uint64_t n)
{
    // One writer: no locked instruction is needed.
    atomic_store_explicit(counter, atomic_load_explicit(counter, memory_order_relaxed) + n, memory_order_relaxed);
}

struct stats {
    const struct counters *counters;
    int count;
    const char *app;
    bool json, live;        // live: stderr is a terminal
    int64_t started, shown; // monotonic ms
    uint64_t shown_in, shown_out;
};

const char *stats_cause_name(enum weir_cause cause);
void stats_init(struct stats *s, const char *app, const struct counters *counters, int count, bool json);
// How long to wait for the next stats_show.
int stats_interval_ms(const struct stats *s);
void stats_show(struct stats *s, struct broker *broker);
// The last line of --stats.
void stats_total(struct stats *s);
// What was bad or dropped, if anything was.
void stats_summary(const struct stats *s);

#endif
