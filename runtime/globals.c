#include "globals.h"

#include <inttypes.h>
#include <stdlib.h>

#include "log.h"
#include "memory.h"
#include "store.h"

enum { FOLLOW_MS = 200, SHOWN_EVERY_MS = 2000 };

struct globals {
    struct worker k;        // whose the tables are
    struct settings policy; // of bad records: those that no worker sees cannot be sent anywhere
    struct task task;       // all tables; of no sub-topology
    pthread_rwlock_t lock;  // of the tables
    _Atomic size_t memory;  // bytes
    int64_t records;        // that were loaded
    int64_t shown_at;       // monotonic ms
    bool shown;
};

static bool is_global(const struct weir_program *p, int store)
{
    int source = p->stores[store].changelog_source;
    return source >= 0 && p->sources[source].global;
}

static bool has_globals(const struct weir_program *p)
{
    bool has = false;
    for (int i = 0; i < p->store_count; i++)
        has = has || is_global(p, i);
    return has;
}

struct globals *globals_new(const struct weir_program *program, const struct settings *settings, struct broker *broker,
                            struct counters *counters)
{
    if (!has_globals(program))
        return NULL;
    struct globals *g = memory_new(sizeof *g);
    g->policy = *settings;
    if (g->policy.bad_policy == BAD_DEAD_LETTER)
        g->policy.bad_policy = BAD_SKIP;
    worker_init(&g->k, program, &g->policy, broker, 0, counters);
    g->task = (struct task){.worker = &g->k,
                            .subtopology = -1,
                            .stores = memory_new((size_t)program->store_count * sizeof(struct store *))};
    for (int i = 0; i < program->store_count; i++) {
        if (is_global(program, i))
            g->task.stores[i] = store_new(&g->task, i);
    }
    g->k.w.owner = &g->task;
    pthread_rwlock_init(&g->lock, NULL);
    return g;
}

void globals_free(struct globals *g)
{
    if (!g)
        return;
    for (int i = 0; i < g->k.program->store_count; i++)
        store_free(g->task.stores[i]);
    free(g->task.stores);
    worker_free(&g->k);
    pthread_rwlock_destroy(&g->lock);
    free(g);
}

void globals_swap(struct globals *g, const struct weir_program *program)
{
    if (!g)
        return;
    pthread_rwlock_wrlock(&g->lock);
    g->k.program = program;
    for (int i = 0; i < program->store_count; i++) {
        if (g->task.stores[i])
            store_swap(g->task.stores[i]);
    }
    pthread_rwlock_unlock(&g->lock);
}

size_t globals_memory(const struct globals *g)
{
    return g ? atomic_load_explicit(&g->memory, memory_order_relaxed) : 0;
}

// ---- writing ----

// With the lock. False: g->k.w.bad.
static bool put(struct globals *g, int source, const struct weir_record *r)
{
    bool good = true;
    weir_ctx_reset(&g->k.w);
    for (int i = 0; i < g->k.program->store_count && good; i++) {
        struct store *s = g->task.stores[i];
        if (s && r->key.p && s->what->changelog_source == source)
            good = store_restore(s, r->key, r->value, r->timestamp, false);
    }
    return good;
}

bool globals_take(struct globals *g, struct weir_ctx *w, const struct broker_delivery *d)
{
    pthread_rwlock_wrlock(&g->lock);
    bool good = put(g, d->source, &d->record);
    if (!good) {
        weir_fail(w, g->k.w.cause, "%s", g->k.w.bad);
        g->k.w.bad = NULL;
    }
    atomic_store_explicit(&g->memory, g->k.memory, memory_order_relaxed);
    pthread_rwlock_unlock(&g->lock);
    return good;
}

static void show(struct globals *g)
{
    int64_t now = commit_clock();
    g->records++;
    if (now - g->shown_at < SHOWN_EVERY_MS)
        return;
    g->shown_at = now;
    g->shown = true;
    log_info(g->k.program->app, "reading global tables: %" PRId64 " records so far", g->records);
}

// Of Kafka.
static bool take_record(void *arg, const struct broker_delivery *d)
{
    struct globals *g = arg;
    pthread_rwlock_wrlock(&g->lock);
    bool good = put(g, d->source, &d->record) || bad_record(&g->k, d);
    atomic_store_explicit(&g->memory, g->k.memory, memory_order_relaxed);
    pthread_rwlock_unlock(&g->lock);
    return good;
}

static bool load_delivered(void *arg, const struct broker_delivery *d)
{
    show(arg);
    return take_record(arg, d);
}

// What a worker has taken already, in an earlier run; what was bad then is passed over.
static bool load_logged(void *arg, struct weir_str key, struct weir_str value, int64_t timestamp, int64_t offset,
                        int64_t end)
{
    struct store *s = arg;
    (void)offset, (void)end;
    if (key.p && !store_restore(s, key, value, timestamp, false))
        weir_ctx_reset(&s->k->w);
    return true;
}

static int failed(struct globals *g, const struct broker_error *error)
{
    log_error(g->k.program->app, "reading global tables failed: %s", error->text);
    return RUNTIME_FAILED;
}

static int load_logs(struct globals *g)
{
    struct broker *b = g->k.broker;
    struct broker_error error = {""};
    for (int i = 0; b->ops->restore && i < g->k.program->store_count; i++) {
        struct broker_log log = {.store = i, .fn = load_logged, .arg = g->task.stores[i]};
        struct broker_restore restore = {.logs = &log, .count = 1, .slice_ms = -1};
        if (g->task.stores[i] && b->ops->restore(b, 0, &restore, &error) == BROKER_FATAL)
            return failed(g, &error);
    }
    return RUNTIME_DONE;
}

// Calls the broker's `follow` until it says END (LOADING) or the run ends.
static int follow(struct globals *g, bool loading)
{
    struct broker *b = g->k.broker;
    struct broker_error error = {""};
    enum broker_status status = BROKER_OK;
    while (g->k.exit == RUNTIME_DONE && !atomic_load(&b->stopping) && !(loading && status == BROKER_END)) {
        status = b->ops->follow(b, FOLLOW_MS, loading ? load_delivered : take_record, g, &error);
        if (status == BROKER_FATAL)
            return failed(g, &error);
    }
    return g->k.exit;
}

static void show_loaded(const struct globals *g)
{
    const char *app = g->k.program->app;
    double most = (double)g->k.settings->memory_bytes, used = (double)globals_memory(g);
    if (g->shown)
        log_info(app, "read global tables: %" PRId64 " records", g->records);
    if (used > most)
        log_warning(app,
                    "global tables take %.0f MB, more than `memory` lets all state have (%.0f MB): give it more, or "
                    "read them as "
                    "`table`, of which each instance has a part",
                    used / 1e6, most / 1e6);
}

int globals_load(struct globals *g)
{
    if (!g)
        return RUNTIME_DONE;
    g->shown_at = commit_clock();
    int exit = g->k.broker->ops->follow ? follow(g, true) : load_logs(g);
    atomic_store_explicit(&g->memory, g->k.memory, memory_order_relaxed);
    if (exit == RUNTIME_DONE)
        show_loaded(g);
    return exit;
}

int globals_follow(struct globals *g)
{
    return g && g->k.broker->ops->follow ? follow(g, false) : RUNTIME_DONE;
}

// ---- reading ----

// The row may change as soon as the lock is free.
static const struct weir_row *copy_of(struct weir_ctx *w, const struct store *s, const struct row *row)
{
    if (!row || !row->head.value)
        return NULL;
    struct weir_row *copy = weir_alloc(w, sizeof *copy);
    *copy = (struct weir_row){.value = store_copy_for_record(w, s->what, row->head.value),
                              .timestamp = row->head.timestamp};
    return copy;
}

const struct weir_row *weir_global_find(struct weir_ctx *w, int store, struct weir_str key)
{
    struct globals *g = ((struct task *)w->owner)->worker->globals;
    const struct store *s = g->task.stores[store];
    if (!key.p)
        return NULL;
    uint32_t hash = table_hash(s->seed, key, 0);
    pthread_rwlock_rdlock(&g->lock);
    const struct segment *segment = segments_find(&s->segments, 0);
    const struct weir_row *found = segment ? copy_of(w, s, table_find(&segment->table, s->key_at, hash, key, 0)) : NULL;
    pthread_rwlock_unlock(&g->lock);
    return found;
}

struct task *globals_lock(struct globals *g)
{
    pthread_rwlock_wrlock(&g->lock);
    return &g->task;
}

void globals_unlock(struct globals *g)
{
    pthread_rwlock_unlock(&g->lock);
}
