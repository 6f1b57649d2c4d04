#include <time.h>

#include "globals.h"
#include "store.h"
#include "task_kept.h"
#include "task_restore.h"
#include "task_timer.h"
#include "worker.h"

int64_t commit_clock(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static size_t share(const struct worker *k, int64_t bytes)
{
    return (size_t)bytes / (size_t)k->settings->threads;
}

size_t commit_memory(const struct worker *k)
{
    int64_t all = k->settings->memory_bytes, globals = (int64_t)globals_memory(k->globals), most = all / 8 * 7;
    return share(k, all - (globals < most ? globals : most));
}

// More changes wait for the commit, or more is in memory, than may be.
static bool memory_due(const struct worker *k)
{
    enum { LOGGED_LATER = 64 << 20 }; // bytes, without a cache
    int64_t waiting = k->settings->cache > 0 ? k->settings->cache : LOGGED_LATER;
    return k->cached > share(k, waiting) || k->memory > k->memory_limit;
}

// How long the last commit took, ms; -1: it is under way.
static int64_t last_took(const struct worker *k)
{
    const struct broker_ops *ops = k->broker->ops;
    int64_t aside = ops->commit_aside ? ops->commit_aside(k->broker, k->id) : 0;
    return aside < 0 ? -1 : k->commit_call + aside;
}

// So long after the end of the last one, as in Kafka Streams.
static bool time_due(const struct worker *k, int64_t now)
{
    int64_t took = last_took(k);
    return took >= 0 && now - k->committed - took >= k->commit_ms;
}

bool commit_due(const struct worker *k, int64_t now)
{
    return k->dirty && (k->commits_asked || memory_due(k) || time_due(k, now));
}

// ---- what comes of the changes that waited ----

static bool flush_tasks(struct worker *k)
{
    bool good = true;
    for (struct task *t = NULL; good && (t = task_next(&k->tasks, t));)
        good = store_flush_task(t);
    k->cached = 0;
    return good;
}

// Topics as files: what was sent to repartition topics runs through them, changes rows again, and so on until nothing is under way.
static bool flush(struct worker *k)
{
    bool again = true;
    while (again) {
        if (!flush_tasks(k))
            return false;
        again = worker_run_inner(k);
        if (k->exit != RUNTIME_DONE)
            return false;
    }
    return true;
}

// ---- memory ----

// What a store is to give of: what it has grown by since the last time, so that one that is used as a whole, and no larger, stays; and a little of all it has,
// so that one that is no longer used goes in the end.
static double burden(const struct store *s)
{
    enum { OF_ALL = 64 };
    size_t now = s && store_can_evict(s) ? store_in_memory(s) : 0;
    if (now == 0)
        return 0;
    return (double)(now > s->left ? now - s->left : 0) + (double)now / OF_ALL;
}

static double all_burdens(const struct worker *k)
{
    double sum = 0;
    for (struct task *t = NULL; (t = task_next(&k->tasks, t));) {
        for (int i = 0; i < k->program->store_count; i++)
            sum += burden(t->stores[i]);
    }
    return sum;
}

static void evict(struct worker *k, size_t bytes)
{
    double all = all_burdens(k);
    for (struct task *t = NULL; (t = task_next(&k->tasks, t));) {
        for (int i = 0; i < k->program->store_count; i++) {
            struct store *s = t->stores[i];
            double part = burden(s);
            if (part == 0)
                continue;
            store_evict(s, (size_t)(part / all * (double)bytes));
            s->left = store_in_memory(s);
        }
    }
}

// Somewhat below the limit, so that it is not reached again at once. Where nothing can go, the limit moves on.
static void make_room(struct worker *k)
{
    size_t limit = commit_memory(k);
    if (k->memory > limit)
        evict(k, k->memory - limit / 8 * 7);
    k->memory_limit = k->memory + limit / 8 > limit ? k->memory + limit / 8 : limit;
}

// The disk gets nothing of a commit that may yet fail.
static bool save_tasks(struct worker *k, enum store_save when)
{
    for (struct task *t = NULL; (t = task_next(&k->tasks, t));) {
        for (int i = 0; i < k->program->store_count; i++) {
            if (t->stores[i])
                store_expire(t->stores[i]);
        }
        if (store_save_is_due(t, when) && !(commit_settle(k) && store_save_task(t)))
            return false;
    }
    return true;
}

// ---- the commit ----

// A transaction costs the same whatever it holds: there is one under way for at most a tenth of the time, if nobody says how often there is to be one.
static void adapt(struct worker *k)
{
    enum { MOST_MS = 1000, TIMES = 9, KEPT = 3 };
    int64_t least = k->settings->commit_ms, took = last_took(k);
    if (!k->settings->exactly_once || k->settings->commit_said || took < 0)
        return;
    k->commit_took = (k->commit_took * KEPT + took * TIMES) / (KEPT + 1);
    k->commit_ms = k->commit_took < least ? least : k->commit_took > MOST_MS ? MOST_MS : k->commit_took;
}

// Calls OP until it has an answer.
static bool ask_broker(struct worker *k, enum broker_status (*op)(struct broker *, int, struct broker_error *))
{
    struct broker_error error = {""};
    enum broker_status status;
    do
        status = op(k->broker, k->id, &error);
    while (status == BROKER_RETRY);
    if (status != BROKER_OK)
        worker_fail(k, status, "commit failed: %s", error.text);
    return status == BROKER_OK;
}

bool commit_settle(struct worker *k)
{
    return !k->broker->ops->settle || ask_broker(k, k->broker->ops->settle);
}

static bool commit_broker(struct worker *k)
{
    adapt(k);
    k->committed = commit_clock();
    bool good = ask_broker(k, k->broker->ops->commit);
    k->commit_call = commit_clock() - k->committed;
    return good;
}

bool commit_rest(struct worker *k)
{
    enum { EVERY_MS = 1000 };
    int64_t now = commit_clock();
    if (k->dirty || now - k->rested < EVERY_MS)
        return true;
    k->rested = now;
    return save_tasks(k, SAVE_IF_DUE);
}

static void keep_time(const struct task *t)
{
    store_keep_time(t);
    task_timer_keep_time(t);
}

// All changes, and what comes of them.
static bool commit_changes(struct worker *k)
{
    k->leaving_waits = k->settings->kafka && !k->settings->exactly_once; // topics as files take a commit as a whole
    k->left_waits = false;
    bool good = flush(k);
    k->leaving_waits = false;
    for (struct task *t = NULL; good && (t = task_next(&k->tasks, t));)
        keep_time(t);
    return good && commit_broker(k);
}

static bool commit(struct worker *k, enum store_save when)
{
    if (!commit_changes(k) || (k->left_waits && !(flush(k) && commit_broker(k))))
        return false;
    k->dirty = false;
    k->commits_asked = 0;
    if (k->settings->options->clock_record && !commit_settle(k)) // the clock goes back to where it was
        return false;
    k->clock_committed = k->clock;
    bool full = k->memory > commit_memory(k);
    if (!save_tasks(k, full && when == SAVE_IF_DUE ? SAVE_NOW : when))
        return false;
    make_room(k);
    return true;
}

bool commit_now(struct worker *k)
{
    int64_t began = stats_clock_us();
    bool good = commit(k, SAVE_IF_DUE);
    if (good)
        stats_observe(&k->counters->commits, stats_clock_us() - began);
    return good;
}

bool commit_last(struct worker *k)
{
    // The record that led there will be taken again: what it did to state must not count, and that is among all since the last commit.
    if (k->half_done)
        return k->program->store_count || k->settings->exactly_once || commit_broker(k);
    int exit = k->exit; // a bad record under `fail` ends the run, but what went before it is done
    k->exit = RUNTIME_DONE;
    bool good = commit(k, SAVE_CLOSING) && commit_settle(k);
    task_restore_drop_all(k, good);
    task_kept_drop_all(k, good);
    good = good && k->exit == RUNTIME_DONE;
    if (good || k->exit == WORKER_BACK) // the next run does it again
        k->exit = exit;
    return good;
}
