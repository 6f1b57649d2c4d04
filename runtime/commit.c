#include <time.h>

#include "globals.h"
#include "store.h"
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

// Of the memory for state: what global tables leave.
static size_t memory_share(const struct worker *k)
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

bool commit_due(const struct worker *k, int64_t now)
{
    return k->dirty && (k->commits_asked || now - k->committed >= k->commit_ms || memory_due(k));
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

// Each store gives the same part of what it has.
static void evict(struct worker *k, size_t bytes)
{
    double part = (double)bytes / (double)k->memory;
    for (struct task *t = NULL; (t = task_next(&k->tasks, t));) {
        for (int i = 0; i < k->program->store_count; i++) {
            if (t->stores[i])
                store_evict(t->stores[i], (size_t)(part * (double)store_in_memory(t->stores[i])));
        }
    }
}

// Somewhat below the limit, so that it is not reached again at once. Where nothing can go, the limit moves on.
static void make_room(struct worker *k)
{
    size_t limit = memory_share(k);
    if (k->memory > limit)
        evict(k, k->memory - limit / 8 * 7);
    k->memory_limit = k->memory + limit / 8 > limit ? k->memory + limit / 8 : limit;
}

static bool save_tasks(struct worker *k, enum store_save when)
{
    for (struct task *t = NULL; (t = task_next(&k->tasks, t));) {
        for (int i = 0; i < k->program->store_count; i++) {
            if (t->stores[i])
                store_expire(t->stores[i]);
        }
        if (!store_save_task(t, when))
            return false;
    }
    return true;
}

// ---- the commit ----

// A transaction costs the same whatever it holds: what waits for one is at most a tenth of the time, if nobody says how often there is to be one.
static void adapt(struct worker *k, int64_t took)
{
    enum { MOST_MS = 1000, TIMES = 10, KEPT = 3 };
    int64_t least = k->settings->commit_ms;
    if (!k->settings->exactly_once || k->settings->commit_said)
        return;
    k->commit_took = (k->commit_took * KEPT + took * TIMES) / (KEPT + 1);
    k->commit_ms = k->commit_took < least ? least : k->commit_took > MOST_MS ? MOST_MS : k->commit_took;
}

static bool commit_broker(struct worker *k)
{
    struct broker_error error = {""};
    enum broker_status status;
    int64_t began = commit_clock();
    do
        status = k->broker->ops->commit(k->broker, k->id, &error);
    while (status == BROKER_RETRY);
    k->committed = commit_clock();
    if (status != BROKER_OK) {
        worker_fail(k, status, "commit failed: %s", error.text);
        return false;
    }
    adapt(k, k->committed - began);
    return true;
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
    k->clock_committed = k->clock;
    bool full = k->memory > memory_share(k);
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
    bool good = commit(k, SAVE_CLOSING);
    if (good || k->exit == WORKER_BACK) // the next run does it again
        k->exit = exit;
    return good;
}
