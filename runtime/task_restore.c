#include "task_restore.h"

#include <inttypes.h>

#include "log.h"
#include "store.h"

enum { SHOWN_EVERY_MS = 2000, LOOK_EVERY = 4096 };

struct restoring {
    struct task *task;
    struct store *store;
    bool full;         // the disk has more than memory may hold
    int64_t records;   // of the changelog
    int64_t looked_at; // monotonic ms: when progress was shown last, or restoring began
    bool shown;
};

static bool fail(struct task *t, const char *text)
{
    log_line("%s: %s", t->worker->program->app, text);
    t->worker->exit = RUNTIME_FAILED;
    return false;
}

// ---- from disk ----

static bool take_row(void *arg, const struct disk_row *row)
{
    struct restoring *r = arg;
    struct worker *k = r->task->worker;
    r->full = k->memory > k->memory_limit && !r->store->due;
    return !r->full && store_restore(r->store, row->key, row->value, row->timestamp, true);
}

// False: the run cannot go on. *LOST: what was loaded, of any store, does not count.
static bool load(struct restoring *r, bool *lost)
{
    struct task *t = r->task;
    struct broker_error error = {""};
    struct disk_mark mark = disk_mark(t->disk, r->store->index);
    if (mark.offset <= 0)
        return true;
    store_set_disk(r->store, mark);
    enum disk_loaded loaded =
        disk_load(t->disk, r->store->index, store_first_segment(r->store, mark.time), take_row, r, &error);
    if (loaded == DISK_FAILED)
        return fail(t, error.text);
    if (t->worker->w.bad)
        return fail(t, t->worker->w.bad);
    *lost = loaded == DISK_LOST;
    if (!*lost && !r->full)
        store_set_complete(r->store);
    return true;
}

static struct restoring restoring_of(struct task *t, int store)
{
    return (struct restoring){.task = t, .store = t->stores[store], .looked_at = commit_clock()};
}

static void clear_all(struct task *t)
{
    for (int i = 0; i < t->worker->program->store_count; i++) {
        if (t->stores[i])
            store_clear(t->stores[i]);
    }
}

static bool load_all(struct task *t)
{
    struct worker *k = t->worker;
    struct broker_error error = {""};
    bool lost = false;
    if (!k->disks)
        return true;
    t->disk = disk_new(k->disks, k->settings, k->program, t->subtopology, t->partition);
    if (!disk_open(t->disk, &error))
        return fail(t, error.text);
    for (int i = 0; i < k->program->store_count && !lost; i++) {
        struct restoring r = restoring_of(t, i);
        if (r.store && r.store->on_disk && !load(&r, &lost))
            return false;
    }
    if (lost)
        clear_all(t);
    return true;
}

// ---- from the changelog ----

static void show(struct restoring *r, int64_t offset, int64_t end)
{
    int64_t now = commit_clock();
    if (now - r->looked_at < SHOWN_EVERY_MS)
        return;
    r->looked_at = now;
    r->shown = true;
    log_line("%s: restoring %s, partition %d: %" PRId64 " records so far, %d %% of its changelog",
             r->task->worker->program->app, r->store->what->name, (int)r->task->partition, r->records,
             end > 0 ? (int)((double)offset / (double)end * 100) : 0);
}

// More is restored than memory may hold: the disk takes it.
static bool make_room(struct restoring *r, int64_t offset)
{
    struct worker *k = r->task->worker;
    if (k->memory <= k->memory_limit || !r->store->on_disk)
        return true;
    if (!store_save_restored(r->store, offset))
        return false;
    store_evict(r->store, k->memory - k->memory_limit / 2);
    return true;
}

static bool take_record(void *arg, struct weir_str key, struct weir_str value, int64_t timestamp, int64_t offset,
                        int64_t end)
{
    struct restoring *r = arg;
    struct weir_ctx *w = &r->task->worker->w;
    if (++r->records % LOOK_EVERY == 0) {
        show(r, offset, end);
        store_expire(r->store); // a changelog reaches back further than its store
        if (!make_room(r, offset))
            return false;
    }
    if (!key.p || store_restore(r->store, key, value, timestamp, false))
        return true;
    // What a table cannot read was a bad record when it was first processed, and passed over. A changelog of its own holds nothing of the kind.
    if (r->store->what->changelog_source >= 0) {
        weir_ctx_reset(w);
        return true;
    }
    return false;
}

// The log no longer reaches back to what the disk has: all of it counts, and nothing else.
static bool begin_anew(struct restoring *r, int64_t *from)
{
    struct broker_error error = {""};
    log_line("%s: the changelog of store %s, partition %d, does not go on from what the disk has: it is restored from "
             "its beginning",
             r->task->worker->program->app, r->store->what->name, (int)r->task->partition);
    store_clear(r->store);
    *from = 0;
    return disk_forget(r->task->disk, r->store->index, &error) || fail(r->task, error.text);
}

static bool replay(struct restoring *r)
{
    struct worker *k = r->task->worker;
    struct broker_error error = {""};
    int64_t from = r->store->on_disk && r->task->disk ? disk_mark(r->task->disk, r->store->index).offset : 0;
    enum broker_status status;
    do {
        status = k->broker->ops->restore(k->broker, k->id, r->store->index, r->task->partition, &from, take_record, r,
                                         &error);
        if (status == BROKER_REFUSED && (from == 0 || !begin_anew(r, &from)))
            break;
    } while (status == BROKER_RETRY || status == BROKER_REFUSED);
    if (status == BROKER_END)
        return false;
    if (k->w.bad)
        snprintf(error.text, sizeof error.text,
                 "the changelog of store %s, partition %d, cannot be read (--reset starts over): %s",
                 r->store->what->name, (int)r->task->partition, k->w.bad);
    if (k->exit != RUNTIME_DONE)
        return false;
    if (status != BROKER_OK || k->w.bad)
        return fail(r->task, error.text);
    r->store->logged += (size_t)r->records; // the disk has none of them
    if (r->shown)
        log_line("%s: restored %s, partition %d: %" PRId64 " records", k->program->app, r->store->what->name,
                 (int)r->task->partition, r->records);
    return true;
}

bool task_restore(struct task *t)
{
    struct worker *k = t->worker;
    if (!k->broker->ops->restore)
        return true; // a test's
    if (!load_all(t))
        return false;
    for (int i = 0; i < k->program->store_count; i++) {
        struct restoring r = restoring_of(t, i);
        if (r.store && !r.store->what->no_changelog && !replay(&r))
            return false;
        if (r.store)
            store_restore_time(r.store);
    }
    return true;
}
