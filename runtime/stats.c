#include "stats.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "log.h"
#include "memory.h"
#include "worker.h"

enum { LIVE_MS = 500, PLAIN_MS = 5000 };

struct totals {
    uint64_t in, out, dropped, late, null, bad_all, bad[STATS_CAUSES];
};

const char *stats_cause_name(enum weir_cause cause)
{
    static const char *const names[STATS_CAUSES] = {
        [WEIR_BAD_NONE] = "none",
        [WEIR_BAD_DECODE] = "decode",
        [WEIR_BAD_NULL_KEY] = "null key",
        [WEIR_BAD_OVERFLOW] = "overflow",
        [WEIR_BAD_DIVISION] = "division",
        [WEIR_BAD_INDEX] = "index",
        [WEIR_BAD_CONVERSION] = "conversion",
        [WEIR_BAD_UNION] = "union",
        [WEIR_BAD_REGEX] = "regex",
        [WEIR_BAD_LIMIT] = "limit",
        [WEIR_BAD_ENCODE] = "encode",
        [WEIR_BAD_USER] = "user",
    };
    return names[cause];
}

static uint64_t value_of(const _Atomic uint64_t *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

struct counters *counters_new(const struct weir_program *program)
{
    struct counters *c = aligned_alloc(_Alignof(struct counters), sizeof *c);
    if (!c)
        abort(); // as memory_new
    memset(c, 0, sizeof *c);
    c->sources = memory_new((size_t)program->source_count * sizeof *c->sources);
    c->stores = memory_new((size_t)program->store_count * sizeof *c->stores);
    return c;
}

void counters_free(struct counters *c)
{
    free(c->sources);
    free(c->stores);
    free(c);
}

static const int64_t bounds_us[STATS_BUCKETS - 1] = {1000,     2500,     5000,     10000,    25000,   50000,
                                                     100000,   250000,   500000,   1000000,  2500000, 5000000,
                                                     10000000, 30000000, 60000000, 300000000};

double stats_bound(int bucket)
{
    return (double)bounds_us[bucket] / 1e6;
}

void stats_observe(struct histogram *h, int64_t us)
{
    int bucket = 0;
    while (bucket < STATS_BUCKETS - 1 && us > bounds_us[bucket])
        bucket++;
    stats_count(&h->counts[bucket], 1);
    stats_count(&h->sum_us, us > 0 ? (uint64_t)us : 0);
}

int64_t stats_clock_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static struct totals add_up(const struct stats *s)
{
    struct totals t = {0};
    for (int i = 0; i < s->count; i++) {
        const struct counters *c = s->counters[i];
        for (int source = 0; source < s->source_count; source++)
            t.in += s->internal[source] ? 0 : value_of(&c->sources[source].in);
        t.out += value_of(&c->out);
        t.dropped += value_of(&c->dropped);
        t.late += value_of(&c->late);
        t.null += value_of(&c->null);
        for (int cause = 0; cause < STATS_CAUSES; cause++) {
            t.bad[cause] += value_of(&c->bad[cause]);
            t.bad_all += value_of(&c->bad[cause]);
        }
    }
    return t;
}

void stats_init(struct stats *s, const struct weir_program *program, struct counters *const *counters, int count,
                bool json)
{
    *s = (struct stats){.counters = counters,
                        .count = count,
                        .app = program->app,
                        .json = json,
                        .internal = memory_new((size_t)program->source_count),
                        .source_count = program->source_count};
    for (int i = 0; i < s->source_count; i++)
        s->internal[i] = program->sources[i].internal;
    s->live = !json && isatty(STDERR_FILENO);
    s->started = s->shown = commit_clock();
}

void stats_free(struct stats *s)
{
    free(s->internal);
}

int stats_interval_ms(const struct stats *s)
{
    return s->live ? LIVE_MS : PLAIN_MS;
}

// The bad records by cause, as `"decode":2,"overflow":1` or `2 decode, 1 overflow`.
static void put_causes(FILE *to, const struct totals *t, bool json)
{
    const char *between = "";
    for (int cause = 0; cause < STATS_CAUSES; cause++) {
        if (t->bad[cause] == 0)
            continue;
        if (json)
            fprintf(to, "%s\"%s\":%" PRIu64, between, stats_cause_name(cause), t->bad[cause]);
        else
            fprintf(to, "%s%" PRIu64 " %s", between, t->bad[cause], stats_cause_name(cause));
        between = json ? "," : ", ";
    }
}

static void put_json(FILE *to, const struct totals *t, const char *event, int64_t ms, double in, double out,
                     int64_t lag)
{
    fprintf(to, "\"event\":\"%s\",\"elapsed_ms\":%" PRId64 ",\"records_in\":%" PRIu64 ",\"records_out\":%" PRIu64,
            event, ms, t->in, t->out);
    fprintf(to, ",\"in_per_second\":%.0f,\"out_per_second\":%.0f", in, out);
    if (lag >= 0)
        fprintf(to, ",\"lag\":%" PRId64, lag);
    fprintf(to, ",\"dropped\":%" PRIu64 ",\"late\":%" PRIu64 ",\"null\":%" PRIu64, t->dropped, t->late, t->null);
    fprintf(to, ",\"bad\":%" PRIu64 ",\"bad_by_cause\":{", t->bad_all);
    put_causes(to, t, true);
    fputs("}", to);
}

static void put_plain(FILE *to, const struct totals *t, double in, double out, int64_t lag)
{
    fprintf(to, "in %" PRIu64 " (%.0f/s), out %" PRIu64 " (%.0f/s)", t->in, in, t->out, out);
    if (lag >= 0)
        fprintf(to, ", lag %" PRId64, lag);
    fprintf(to, ", bad %" PRIu64, t->bad_all);
    if (t->dropped)
        fprintf(to, ", dropped %" PRIu64, t->dropped);
    if (t->late)
        fprintf(to, ", late %" PRIu64, t->late);
    if (t->null)
        fprintf(to, ", null %" PRIu64, t->null);
}

static void show(struct stats *s, const char *event, uint64_t from_in, uint64_t from_out, int64_t from, int64_t lag)
{
    struct totals t = add_up(s);
    char text[1024] = "";
    int64_t now = commit_clock();
    double seconds = now > from ? (double)(now - from) / 1000 : 1e-3;
    double in = (double)(t.in - from_in) / seconds, out = (double)(t.out - from_out) / seconds;
    FILE *to = fmemopen(text, sizeof text, "w");
    if (!to)
        return;
    if (s->json)
        put_json(to, &t, event, now - s->started, in, out, lag);
    else
        put_plain(to, &t, in, out, lag);
    fclose(to);
    if (s->json)
        log_event(LEVEL_INFO, s->app, (struct weir_str){text, strlen(text)});
    else if (s->live && event[0] == 's')
        log_live(s->app, text);
    else
        log_info(s->app, "%s", text);
    s->shown = now;
    s->shown_in = t.in;
    s->shown_out = t.out;
}

void stats_show(struct stats *s, struct broker *broker)
{
    show(s, "stats", s->shown_in, s->shown_out, s->shown, broker->ops->lag(broker, NULL, NULL));
}

void stats_total(struct stats *s)
{
    log_live(s->app, NULL);
    show(s, "end", 0, 0, s->started, -1);
}

static void show_dropped(const struct stats *s, uint64_t count, const char *why)
{
    if (count)
        log_warning(s->app, "%" PRIu64 " record%s dropped: %s", count, count == 1 ? "" : "s", why);
}

void stats_summary(const struct stats *s)
{
    struct totals t = add_up(s);
    char causes[512] = "";
    FILE *to = fmemopen(causes, sizeof causes, "w");
    if (!to)
        return;
    put_causes(to, &t, false);
    fclose(to);
    if (t.bad_all)
        log_warning(s->app, "%" PRIu64 " bad record%s: %s", t.bad_all, t.bad_all == 1 ? "" : "s", causes);
    show_dropped(s, t.dropped, "negative event time");
    show_dropped(s, t.late, "too late for a window");
    show_dropped(s, t.null, "null key or value");
}
