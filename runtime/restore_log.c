// What the changelogs of tasks that are restored have, beyond what the disk had.
#include "restore.h"

#include <inttypes.h>
#include <stdlib.h>

#include "log.h"
#include "memory.h"

enum { LOOK_EVERY = 4096 };

// ---- progress ----

static struct log_about about(const struct restoring *r)
{
    return (struct log_about){.store = r->store->what->name, .partition = r->task->partition};
}

static void show(struct restoring *r, int64_t offset, int64_t end)
{
    int64_t now = commit_clock();
    if (now - r->looked_at < RESTORE_SHOWN_MS)
        return;
    r->looked_at = now;
    log_about(LEVEL_INFO, r->task->worker->program->app, about(r),
              "restoring %s, partition %d: %" PRId64 " records so far, %d %% of its changelog", r->store->what->name,
              (int)r->task->partition, r->records, end > 0 ? (int)((double)offset / (double)end * 100) : 0);
}

void restore_count(struct worker *k, int64_t more)
{
    struct counters *c = k->counters;
    int64_t stores = 0, left = 0;
    for (const struct restore *all = k->restores; all; all = all->next) {
        for (size_t i = 0; i < all->count; i++) {
            stores += all->stores[i].task && !all->stores[i].through;
            left += all->stores[i].task ? all->stores[i].left : 0;
        }
    }
    stats_set(&c->restoring, stores);
    stats_set(&c->remaining, left);
    stats_set(&c->restored, c->restored + more);
}

// ---- memory ----

static void finish_bulks(struct restore *all)
{
    for (size_t i = 0; i < all->count; i++) {
        if (all->stores[i].task)
            bulk_finish(&all->stores[i].bulk);
    }
}

// That the disk can take: what is held back stays in memory.
static size_t memory_of(const struct restoring *r)
{
    const struct store *s = r->store;
    return r->task && s->on_disk && !s->due ? store_in_memory(s) : 0;
}

static struct restoring *largest(const struct restore *all)
{
    struct restoring *found = all->stores;
    for (size_t i = 1; i < all->count; i++)
        found = memory_of(&all->stores[i]) > memory_of(found) ? &all->stores[i] : found;
    return found;
}

static size_t memory_of_all(const struct restore *all)
{
    size_t sum = 0;
    for (size_t i = 0; i < all->count; i++)
        sum += memory_of(&all->stores[i]);
    return sum;
}

// More is in memory than may be: the disk takes it, of the store that has most, so that there are few tables. Where live tasks have nearly all of it, some is
// had beside them, and goes with their commits.
static bool make_room(struct restore *all)
{
    enum { BESIDE = 8 };
    struct worker *k = all->k;
    size_t limit = commit_memory(k), gone = 1;
    if (k->memory <= limit || memory_of_all(all) < limit / BESIDE)
        return true;
    finish_bulks(all);
    while (k->memory > limit && gone) {
        struct restoring *r = largest(all);
        if (memory_of(r) == 0)
            return true;
        if (!store_save_restored(r->store, r->next))
            return false;
        gone = store_evict(r->store, k->memory - limit / 2);
    }
    return true;
}

// ---- a record ----

static bool look(struct restoring *r, int64_t offset, int64_t end)
{
    show(r, offset, end);
    bulk_finish(&r->bulk);
    r->bulk.left = r->left = end - offset;
    restore_count(r->all->k, LOOK_EVERY);
    store_expire(r->store); // a changelog reaches back further than its store
    return make_room(r->all);
}

static bool put(struct restoring *r, struct weir_str key, struct weir_str value, int64_t timestamp)
{
    return r->in_bulk ? bulk_put(&r->bulk, key, value, timestamp)
                      : store_restore(r->store, key, value, timestamp, false);
}

static void unreadable(const struct restoring *r)
{
    char *text = memory_format("the changelog of store %s, partition %d, cannot be read (--reset starts over): %s",
                               r->store->what->name, (int)r->task->partition, r->task->worker->w.bad);
    restore_fail(r->all->k, r->task, text);
    free(text);
}

static bool take_record(void *arg, struct weir_str key, struct weir_str value, int64_t timestamp, int64_t offset,
                        int64_t end)
{
    struct restoring *r = arg;
    struct worker *k = r->task->worker;
    if (WEIR_UNLIKELY(k->exit != RUNTIME_DONE))
        return false;
    if (++r->records % LOOK_EVERY == 0 && !look(r, offset, end))
        return false;
    r->next = offset + 1;
    if (!key.p || put(r, key, value, timestamp))
        return true;
    // What a table cannot read was a bad record when it was first processed, and passed over. A changelog of its own holds nothing of the kind.
    if (r->store->what->changelog_source < 0)
        unreadable(r);
    weir_ctx_reset(&k->w);
    return k->exit == RUNTIME_DONE;
}

// ---- all of them ----

bool task_restore_anew(struct store *s)
{
    struct task *t = s->task;
    struct broker_error error = {""};
    struct log_about about = {.store = s->what->name, .partition = t->partition};
    log_about(LEVEL_WARNING, t->worker->program->app, about,
              "the changelog of store %s, partition %d, does not go on from what the disk has: it is restored from "
              "its beginning",
              s->what->name, (int)t->partition);
    store_clear(s);
    return !t->disk || disk_forget(t->disk, s->index, &error) || restore_fail(t->worker, t, error.text);
}

static void set_through(struct restoring *r)
{
    r->store->logged += (size_t)r->records; // the disk has none of them
    r->all->records += r->records;
    r->left = 0;
    r->through = true;
    restore_count(r->all->k, r->records % LOOK_EVERY);
    store_restore_time(r->store);
}

// Whose changelog is still to be read.
static void list_logs(struct restore *all)
{
    struct broker_restore *logs = &all->logs;
    logs->count = 0;
    for (size_t i = 0; i < all->count; i++) {
        struct restoring *r = &all->stores[i];
        if (r->task && !r->through)
            logs->logs[logs->count++] = (struct broker_log){.store = r->store->index,
                                                            .partition = r->task->partition,
                                                            .from = r->next,
                                                            .fn = take_record,
                                                            .arg = r,
                                                            .status = BROKER_RETRY};
    }
}

// Where memory, or else the disk, is newer than nothing.
static int64_t first_of(const struct restoring *r)
{
    const struct task *t = r->task;
    if (t->ends)
        return t->ends[r->store->index];
    return r->store->on_disk && t->disk ? disk_mark(t->disk, r->store->index).offset : 0;
}

void restore_read_begin(struct restore *all)
{
    all->reading = true;
    all->logs.logs = memory_new((all->count + 1) * sizeof *all->logs.logs);
    for (size_t i = 0; i < all->count; i++) {
        struct restoring *r = &all->stores[i];
        if (!r->task)
            continue;
        r->next = first_of(r);
        if (r->store->what->no_changelog)
            set_through(r);
    }
    list_logs(all);
}

// What became of the logs in a slice. *AGAIN: one is to be read from its beginning.
static bool sort_out(struct restore *all, bool *again)
{
    for (size_t i = 0; i < all->logs.count; i++) {
        const struct broker_log *log = &all->logs.logs[i];
        struct restoring *r = log->arg;
        if (log->status == BROKER_OK && !r->through)
            set_through(r);
        if (log->status != BROKER_REFUSED || all->logs.state)
            continue;
        *again = true;
        r->next = r->records = 0;
        if (!task_restore_anew(r->store))
            return false;
    }
    return true;
}

static int slice_ms(const struct worker *k)
{
    int64_t left = k->turn_ends - commit_clock();
    return k->turn_ends == INT64_MAX ? -1 : left > 0 ? (int)left : 0;
}

bool restore_read(struct restore *all)
{
    struct worker *k = all->k;
    struct broker_error error = {""};
    bool again = false;
    if (!all->logs.count)
        return true;
    all->logs.slice_ms = slice_ms(k);
    enum broker_status status = k->broker->ops->restore(k->broker, k->id, &all->logs, &error);
    finish_bulks(all);
    if (status == BROKER_FATAL)
        return restore_fail(k, NULL, error.text);
    if (k->exit != RUNTIME_DONE || !sort_out(all, &again))
        return false;
    // What is not through by now is going away.
    if (status == BROKER_OK)
        all->logs.count = 0;
    if (again)
        list_logs(all);
    return true;
}

void restore_read_forget(struct restore *all)
{
    struct worker *k = all->k;
    if (all->logs.state)
        k->broker->ops->restore_stop(k->broker, k->id, &all->logs);
    if (all->reading)
        list_logs(all);
}
