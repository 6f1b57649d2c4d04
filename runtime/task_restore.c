#include "task_restore.h"

#include <inttypes.h>
#include <stdlib.h>

#include "log.h"
#include "memory.h"
#include "query.h"
#include "standby.h"
#include "store_bulk.h"

enum { SHOWN_EVERY_MS = 2000, LOOK_EVERY = 4096 };

// A store of a task.
struct restoring {
    struct task *task;
    struct store *store;
    struct restore *all;
    struct bulk bulk;
    bool in_bulk;
    int64_t next;      // offset of its changelog: the rows are as of all before it
    int64_t records;   // of the changelog
    int64_t left;      // records of it that are still to come, about
    int64_t looked_at; // monotonic ms: when progress was shown last, or restoring began
};

// Those of all tasks.
struct restore {
    struct worker *k;
    struct restoring *stores;
    struct broker_log *logs; // one a store
    size_t count;
    int64_t began;   // monotonic ms
    int64_t records; // of all changelogs
    bool full;       // the disk has more of the store that is loaded than memory may hold
};

static bool fail(struct task *t, const char *text)
{
    log_error(t->worker->program->app, "%s", text);
    t->worker->exit = RUNTIME_FAILED;
    return false;
}

// ---- from disk ----

static bool take_row(void *arg, const struct disk_row *row)
{
    struct restoring *r = arg;
    struct worker *k = r->task->worker;
    r->all->full = k->memory > k->memory_limit && !r->store->due;
    return !r->all->full && store_restore(r->store, row->key, row->value, row->timestamp, true);
}

// False: the run cannot go on. *LOST: what was loaded, of any store of the task, does not count.
static bool load(struct restoring *r, bool *lost)
{
    struct task *t = r->task;
    struct broker_error error = {""};
    struct disk_mark mark = disk_mark(t->disk, r->store->index);
    if (mark.offset <= 0)
        return true;
    store_set_disk(r->store, mark);
    r->all->full = false;
    enum disk_loaded loaded =
        disk_load(t->disk, r->store->index, store_first_segment(r->store, mark.time), take_row, r, &error);
    if (loaded == DISK_FAILED)
        return fail(t, error.text);
    if (t->worker->w.bad)
        return fail(t, t->worker->w.bad);
    *lost = loaded == DISK_LOST;
    if (!*lost && !r->all->full)
        store_set_complete(r->store);
    return true;
}

static bool open_disk(struct task *t)
{
    const struct worker *k = t->worker;
    struct broker_error error = {""};
    standby_hand_over(k->standby, t->subtopology, t->partition);
    t->disk = disk_new(k->disks, k->settings, k->program, t->subtopology, t->partition);
    return disk_open(t->disk, &error) || fail(t, error.text);
}

// The stores of a task lie one behind the other, from FIRST on.
static bool load_task(struct restoring *first, const struct restoring *end)
{
    struct task *t = first->task;
    bool lost = false;
    if (!t->worker->disks)
        return true;
    if (!open_disk(t))
        return false;
    for (struct restoring *r = first; r < end && r->task == t && !lost; r++) {
        if (r->store->on_disk && !load(r, &lost))
            return false;
    }
    for (struct restoring *r = first; r < end && r->task == t && lost; r++)
        store_clear(r->store);
    return true;
}

static bool load_all(struct restore *all)
{
    const struct restoring *end = all->stores + all->count;
    bool good = true;
    for (struct restoring *r = all->stores; r < end && good; r++) {
        if (r == all->stores || r->task != r[-1].task)
            good = load_task(r, end);
    }
    return good;
}

// ---- from the changelog ----

static struct log_about about(const struct restoring *r)
{
    return (struct log_about){.store = r->store->what->name, .partition = r->task->partition};
}

static void show(struct restoring *r, int64_t offset, int64_t end)
{
    int64_t now = commit_clock();
    if (now - r->looked_at < SHOWN_EVERY_MS)
        return;
    r->looked_at = now;
    log_about(LEVEL_INFO, r->task->worker->program->app, about(r),
              "restoring %s, partition %d: %" PRId64 " records so far, %d %% of its changelog", r->store->what->name,
              (int)r->task->partition, r->records, end > 0 ? (int)((double)offset / (double)end * 100) : 0);
}

static void finish_bulks(struct restore *all)
{
    for (size_t i = 0; i < all->count; i++)
        bulk_finish(&all->stores[i].bulk);
}

// That the disk can take: what is held back stays in memory.
static size_t memory_of(const struct restoring *r)
{
    const struct store *s = r->store;
    return s->on_disk && !s->due ? store_in_memory(s) : 0;
}

static struct restoring *largest(const struct restore *all)
{
    struct restoring *found = all->stores;
    for (size_t i = 1; i < all->count; i++)
        found = memory_of(&all->stores[i]) > memory_of(found) ? &all->stores[i] : found;
    return found;
}

// More is restored than memory may hold: the disk takes it, of the store that has most, so that there are few tables.
static bool make_room(struct restore *all)
{
    struct worker *k = all->k;
    size_t gone = 1;
    if (k->memory <= k->memory_limit)
        return true;
    finish_bulks(all);
    while (k->memory > k->memory_limit && gone) {
        struct restoring *r = largest(all);
        if (memory_of(r) == 0)
            return true;
        if (!store_save_restored(r->store, r->next))
            return false;
        gone = store_evict(r->store, k->memory - k->memory_limit / 2);
    }
    return true;
}

// For the metrics: MORE records have been read.
static void count(const struct restore *all, int64_t more)
{
    struct counters *c = all->k->counters;
    int64_t left = 0;
    for (size_t i = 0; i < all->count; i++)
        left += all->stores[i].left;
    stats_set(&c->remaining, left);
    stats_set(&c->restored, c->restored + more);
}

static bool look(struct restoring *r, int64_t offset, int64_t end)
{
    show(r, offset, end);
    bulk_finish(&r->bulk);
    r->bulk.left = r->left = end - offset;
    count(r->all, LOOK_EVERY);
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
    fail(r->task, text);
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
    return disk_forget(t->disk, s->index, &error) || fail(t, error.text);
}

static bool begin_anew(struct restoring *r, struct broker_log *log)
{
    log->from = r->next = r->records = 0;
    return task_restore_anew(r->store);
}

static void finish(struct restoring *r, const struct broker_log *log)
{
    if (log->status == BROKER_END) {
        r->task->restored = false;
        return;
    }
    r->store->logged += (size_t)r->records; // the disk has none of them
    r->all->records += r->records;
    r->left = 0;
    count(r->all, r->records % LOOK_EVERY);
    store_restore_time(r->store);
}

static void show_restored(const struct restore *all)
{
    enum { WORTH_IT = 100000 }; // records: fewer take no time
    int64_t took = commit_clock() - all->began;
    if (all->records >= WORTH_IT || (all->records && took >= SHOWN_EVERY_MS))
        log_info(all->k->program->app, "restored %" PRId64 " records of %zu changelog%s in %.2f s", all->records,
                 all->count, all->count == 1 ? "" : "s", (double)took / 1000);
}

// Keeps in front those logs that are to be read again.
static bool sort_out(struct restore *all, size_t *count)
{
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++) {
        struct broker_log *log = &all->logs[i];
        if (log->status != BROKER_REFUSED) {
            finish(log->arg, log);
        } else {
            if (!begin_anew(log->arg, log))
                return false;
            all->logs[kept++] = *log;
        }
    }
    *count = kept;
    return true;
}

// Keeps their logs in front.
static size_t with_changelogs(struct restore *all)
{
    size_t count = 0;
    for (size_t i = 0; i < all->count; i++) {
        struct store *s = all->stores[i].store;
        if (s->what->no_changelog)
            store_restore_time(s);
        else
            all->logs[count++] = all->logs[i];
    }
    return count;
}

static bool replay_all(struct restore *all)
{
    struct worker *k = all->k;
    struct broker_error error = {""};
    size_t count = with_changelogs(all);
    while (count) {
        enum broker_status status = k->broker->ops->restore(k->broker, k->id, all->logs, count, &error);
        finish_bulks(all);
        if (status != BROKER_OK)
            return fail(all->stores[0].task, error.text);
        if (k->exit != RUNTIME_DONE || !sort_out(all, &count))
            return false;
    }
    return true;
}

// ---- tasks ----

static void add_store(struct restore *all, struct task *t, int store)
{
    struct restoring *r = &all->stores[all->count];
    *r = (struct restoring){.task = t,
                            .store = t->stores[store],
                            .all = all,
                            .bulk = {.s = t->stores[store]},
                            .in_bulk = bulk_takes(t->stores[store]),
                            .looked_at = commit_clock()};
    all->logs[all->count++] =
        (struct broker_log){.store = store, .partition = t->partition, .fn = take_record, .arg = r};
}

static void add_stores(struct restore *all, struct task **tasks, size_t count)
{
    int most = all->k->program->store_count;
    all->stores = memory_new(count * (size_t)most * sizeof *all->stores);
    all->logs = memory_new(count * (size_t)most * sizeof *all->logs);
    for (size_t i = 0; i < count; i++) {
        for (int s = 0; s < most; s++) {
            if (tasks[i]->stores[s])
                add_store(all, tasks[i], s);
        }
    }
}

// Where the disk is newer than nothing.
static void set_begins(struct restore *all)
{
    for (size_t i = 0; i < all->count; i++) {
        struct restoring *r = &all->stores[i];
        r->next = all->logs[i].from =
            r->store->on_disk && r->task->disk ? disk_mark(r->task->disk, r->store->index).offset : 0;
    }
}

// Meanwhile nobody is answered.
static void begin(const struct restore *all)
{
    stats_set(&all->k->counters->restoring, (int64_t)all->count);
    if (all->k->queries)
        query_close(all->k->queries);
}

static void end(const struct restore *all)
{
    struct counters *c = all->k->counters;
    stats_set(&c->remaining, 0);
    stats_set(&c->turned, commit_clock());
    stats_set(&c->restoring, 0);
    if (all->k->queries)
        query_open(all->k->queries);
}

void task_restore(struct worker *k, struct task **tasks, size_t count)
{
    struct restore all = {.k = k, .began = commit_clock()};
    for (size_t i = 0; i < count; i++)
        tasks[i]->restored = true;
    if (!k->broker->ops->restore)
        return; // a test's
    add_stores(&all, tasks, count);
    begin(&all);
    bool good = load_all(&all);
    if (good)
        set_begins(&all);
    if (good && replay_all(&all)) {
        show_restored(&all);
    } else {
        for (size_t i = 0; i < count; i++)
            tasks[i]->restored = false;
    }
    end(&all);
    free(all.stores);
    free(all.logs);
}
