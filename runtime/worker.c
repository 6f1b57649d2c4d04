#include "worker.h"

#include <stdlib.h>
#include <time.h>

#include "globals.h"
#include "query.h"
#include "store.h"
#include "task_failure.h"
#include "task_idle.h"
#include "task_kept.h"
#include "task_restore.h"
#include "task_timer.h"

// Records of a poll. A file's stay in memory until the next one. Kafka's client library must hand out what it has fetched in long runs: what a
// short poll leaves behind goes back into a queue that looks empty meanwhile, so that the library fetches without bound.
enum { BATCH = 1000, KAFKA_BATCH = 1 << 20 };
enum { LOOK = 256 }; // records between two looks at the clock
enum { SLICE_MS = 50 };

static int64_t clock_of_task(void *owner)
{
    return worker_now(((struct task *)owner)->worker);
}

size_t worker_memory_limit(const struct settings *settings)
{
    return (size_t)settings->memory_bytes / (size_t)settings->threads;
}

void worker_init(struct worker *k, const struct weir_program *program, const struct settings *settings,
                 struct broker *broker, int id, struct counters *counters)
{
    *k = (struct worker){.program = program,
                         .settings = settings,
                         .broker = broker,
                         .id = id,
                         .batch = settings->kafka ? KAFKA_BATCH : BATCH,
                         .slice_ms = SLICE_MS,
                         .counters = counters,
                         .bad = bad_record,
                         .bad_timer = bad_timer,
                         .wall_due = INT64_MAX,
                         .clock = -1,
                         .clock_committed = -1,
                         .commit_ms = settings->commit_ms,
                         .committed = commit_clock(),
                         .memory_limit = worker_memory_limit(settings)};
    weir_ctx_init(&k->w);
    k->w.now = clock_of_task;
}

void worker_free(struct worker *k)
{
    task_restore_drop_all(k, false);
    task_kept_drop_all(k, false);
    task_failure_free(k);
    weir_ctx_free(&k->w);
    task_free_all(&k->tasks);
    free(k->pending.sends);
    free(k->undo.all);
}

int64_t worker_now(struct worker *k)
{
    return k->settings->options->clock_record ? k->clock : k->broker->ops->now(k->broker);
}

// What would have no time is dropped, as Kafka Streams drops it: a record that came with a negative one, and that no `time` gave another.
static void drop_timeless(struct send_buffer *b, struct weir_ctx *w)
{
    size_t kept = 0;
    for (size_t i = 0; i < b->count; i++) {
        if (b->sends[i].out.timestamp >= 0)
            b->sends[kept++] = b->sends[i];
    }
    if (kept < b->count)
        weir_drop_negative_time(w, w->record->timestamp);
    b->count = kept;
}

// A record's whole way. False: it is bad (w->bad), or the run cannot go on (k->exit).
static bool process(struct worker *k, const struct broker_delivery *d)
{
    struct weir_ctx *w = &k->w;
    if (WEIR_UNLIKELY(d->broken != NULL)) {
        weir_fail(w, WEIR_BAD_DECODE, "%s", d->broken);
        return false;
    }
    if (WEIR_UNLIKELY(k->program->sources[d->source].global))
        return globals_take(k->globals, w, d);
    struct task *t = task_find(k, d->source, d->record.partition);
    if (WEIR_UNLIKELY(!t))
        return false;
    if (WEIR_UNLIKELY(!t->heard))
        task_idle_end(t);
    w->record = &d->record;
    w->owner = t;
    k->source = d->source;
    if (WEIR_UNLIKELY(d->record.timestamp < 0) && k->program->sources[d->source].needs_time) {
        weir_drop_negative_time(w, d->record.timestamp);
        return true;
    }
    k->program->sources[d->source].process(w);
    if (WEIR_UNLIKELY(d->record.timestamp < 0))
        drop_timeless(&k->pending, w);
    if (WEIR_UNLIKELY(w->bad != NULL) || !send_flush(k)) {
        k->pending.count = 0;
        store_undo(k);
        return false;
    }
    store_settle(k);
    return true;
}

// It could not be processed. True: it is bad, and the run goes on without it.
static bool pass_over(struct worker *k, const struct broker_delivery *d)
{
    if (k->exit != RUNTIME_DONE || !k->bad(k, d)) {
        k->half_done = k->broker->ops->drain && k->program->sources[d->source].internal;
        return false;
    }
    k->w.bad = NULL;
    return true;
}

static bool take(struct worker *k, const struct broker_delivery *d)
{
    weir_ctx_reset(&k->w); // what the last record needed is still in the cache
    if (d->record.timestamp > k->clock)
        k->clock = d->record.timestamp;
    bool on = WEIR_LIKELY(process(k, d)) || pass_over(k, d);
    k->w.record = NULL; // it is the broker's, which calls next for what is not about it
    if (WEIR_UNLIKELY(!on))
        return false;
    k->dirty = true;
    stats_count(&k->counters->sources[d->source].in, 1);
    k->taken = d->record.timestamp;
    if (WEIR_UNLIKELY(k->due != NULL) && !task_timer_behind(k))
        k->look_in = 1; // the record is through: the run ends behind it
    return true;
}

// Before the next record.
static bool has_else_to_do(struct worker *k)
{
    k->look_in = LOOK;
    int64_t now = commit_clock();
    return k->exit != RUNTIME_DONE || commit_due(k, now) || task_timer_is_late(k) ||
           ((k->restores || store_load_waits(k)) && now >= k->turn_ends) || (k->queries && query_waits(k->queries));
}

// With --clock record time goes on with the records: what is due by D's comes before it.
static bool waits_for_timers(struct worker *k, const struct broker_delivery *d)
{
    if (!k->settings->options->clock_record || d->record.timestamp < 0)
        return false;
    k->clock = weir_later(k->clock, d->record.timestamp);
    return true;
}

// Between two sources of one record there is no commit: it would be of half of it.
static bool take_record(void *arg, const struct broker_delivery *d)
{
    struct worker *k = arg;
    if (WEIR_UNLIKELY(d->again))
        return k->exit == RUNTIME_DONE && take(k, d);
    if (WEIR_UNLIKELY(k->attention && atomic_load_explicit(k->attention, memory_order_relaxed)))
        return false;
    if (WEIR_UNLIKELY(--k->look_in <= 0) && has_else_to_do(k))
        return false;
    if (WEIR_UNLIKELY(d->record.timestamp >= k->wall_due) && waits_for_timers(k, d))
        return false;
    return take(k, d);
}

static bool take_inner(void *arg, const struct broker_delivery *d)
{
    struct worker *k = arg;
    return k->exit == RUNTIME_DONE && take(k, d);
}

static void on_assigned(void *arg, const struct broker_partition *partitions, int count)
{
    task_make_all(arg, partitions, count);
}

static void on_revoked(void *arg, const struct broker_partition *partitions, int count)
{
    struct worker *k = arg;
    if (k->dirty)
        commit_now(k);
    if (k->exit == RUNTIME_DONE)
        commit_settle(k);
    for (int i = 0; i < count; i++)
        task_remove(k, partitions[i].source, partitions[i].partition);
}

static void on_coming(void *arg, const struct broker_delivery *records, int count)
{
    store_ahead(arg, records, count);
}

void worker_listen(struct worker *k)
{
    static const struct broker_listener plain = {on_assigned, on_revoked, NULL},
                                        stateful = {on_assigned, on_revoked, on_coming};
    k->broker->ops->listen(k->broker, k->id, k->program->store_count > 0 ? &stateful : &plain, k);
}

bool worker_run_inner(struct worker *k)
{
    struct broker_error error = {""};
    int count = 0;
    if (!k->broker->ops->drain)
        return false;
    enum broker_status status = k->broker->ops->drain(k->broker, k->id, take_inner, k, &count, &error);
    if (k->exit == RUNTIME_DONE && (status == BROKER_FATAL || status == BROKER_ABORT))
        worker_fail(k, status, "%s", error.text);
    return count > 0;
}

static enum broker_status step(struct worker *k, int timeout_ms)
{
    struct broker_error error = {""};
    int count = 0;
    task_failure_look(k);
    bool loads = store_load_waits(k);
    if (k->restores ? !task_restore_step(k) : loads && !store_load_live(k))
        return BROKER_FATAL;
    if (k->dirty && timeout_ms > k->commit_ms)
        timeout_ms = (int)k->commit_ms;
    timeout_ms = k->restores || loads ? 0 : task_timer_wait(k, timeout_ms);
    enum broker_status status =
        k->broker->ops->poll(k->broker, k->id, k->batch, timeout_ms, take_record, k, &count, &error);
    weir_ctx_reset(&k->w);
    if (count)
        stats_observe(&k->counters->latency, (k->broker->ops->now(k->broker) - k->taken) * 1000);
    if (k->exit != RUNTIME_DONE)
        return BROKER_FATAL;
    if (status == BROKER_FATAL || status == BROKER_ABORT) {
        worker_fail(k, status, "%s", error.text);
        return BROKER_FATAL;
    }
    // What silence would still bring at the end, nobody would read.
    bool over = status == BROKER_END && k->settings->options->exit_at_end && !k->dirty;
    if ((!over && !task_idle_look(k)) || !task_timer_look(k))
        return BROKER_FATAL;
    if (k->dirty && k->broker->ops->not_at_end)
        k->broker->ops->not_at_end(k->broker, k->id);
    bool again = status == BROKER_END && k->dirty;
    if ((again || commit_due(k, commit_clock())) && !commit_now(k))
        return BROKER_FATAL;
    if (!commit_rest(k))
        return BROKER_FATAL;
    return status == BROKER_END && !again ? BROKER_END : BROKER_OK;
}

// A task failed. What went before a bad record is done.
static void try_again(struct worker *k)
{
    bool bad = k->exit == RUNTIME_WRONG;
    if (!task_failure_retries(k))
        return;
    k->exit = RUNTIME_DONE;
    if (bad && k->dirty)
        commit_now(k);
    if (k->exit != RUNTIME_FAILED)
        k->exit = WORKER_BACK;
}

enum broker_status worker_step(struct worker *k, int timeout_ms)
{
    enum broker_status status = step(k, timeout_ms);
    if (k->exit != RUNTIME_DONE && k->exit != WORKER_BACK)
        try_again(k);
    return k->exit == WORKER_BACK ? worker_back(k) : status;
}
