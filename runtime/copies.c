#include "copies.h"

#include <inttypes.h>
#include <stdlib.h>

#include "log.h"
#include "memory.h"
#include "store.h"
#include "task_restore.h"

enum {
    LOOK_EVERY = 4096, // records
    MEMORY_SHARE = 8,  // of the memory for state: what they take until they are saved
};

// A store.
struct copied {
    struct copies *all;
    struct store *store;
    int64_t next; // offset of its changelog: disk and memory together are as of all before it
};

// A task.
struct copy {
    struct task *task;
    struct copied *stores;
    size_t count;
};

void copies_init(struct copies *c, const struct weir_program *program, const struct settings *settings,
                 struct broker *broker, struct disk_shared *disks)
{
    worker_init(&c->k, program, settings, broker, settings->threads, &c->counters);
    c->k.disks = disks;
    c->k.memory_limit = (size_t)settings->memory_bytes / MEMORY_SHARE;
}

void copies_free(struct copies *c)
{
    worker_free(&c->k);
    free(c->all);
}

static bool is_called(const struct copies *all)
{
    const struct broker *b = all->k.broker;
    return atomic_load_explicit(&b->calling, memory_order_relaxed) > 0 ||
           atomic_load_explicit(&b->stopping, memory_order_relaxed);
}

static void fail(struct copies *all, const char *text)
{
    log_error(all->k.program->app, "copies of other instances' state: %s", text);
    all->k.exit = RUNTIME_FAILED;
}

// ---- one ----

// From what the disk has on, with nothing in memory.
static void begin(struct copied *c)
{
    struct disk_mark mark = disk_mark(c->store->task->disk, c->store->index);
    store_clear(c->store);
    store_set_disk(c->store, mark);
    c->next = mark.offset;
}

static bool save_store(struct copied *c)
{
    bool good = store_save_restored(c->store, c->next);
    if (good)
        begin(c);
    return good;
}

static bool save(struct copy *copy)
{
    bool good = true;
    for (size_t i = 0; i < copy->count && good; i++)
        good = copy->stores[i].store->logged == 0 || save_store(&copy->stores[i]);
    return good;
}

static bool save_if_due(struct copy *copy, bool closing)
{
    size_t logged = 0;
    for (size_t i = 0; i < copy->count; i++)
        logged += copy->stores[i].store->logged;
    return !disk_due(copy->task->disk, logged, 0, closing) || save(copy);
}

static bool is_copied(const struct weir_program *p, int store, int subtopology)
{
    const struct weir_store *s = &p->stores[store];
    return s->subtopology == subtopology && !s->memory && !s->no_changelog;
}

static bool has_copied(const struct weir_program *p, int subtopology)
{
    bool has = false;
    for (int i = 0; i < p->store_count; i++)
        has |= is_copied(p, i, subtopology);
    return has;
}

static void add_stores(struct copies *all, struct copy *copy)
{
    const struct weir_program *p = all->k.program;
    copy->stores = memory_new((size_t)p->store_count * sizeof *copy->stores);
    for (int i = 0; i < p->store_count; i++) {
        if (!is_copied(p, i, copy->task->subtopology))
            continue;
        struct copied *c = &copy->stores[copy->count++];
        *c = (struct copied){.all = all, .store = copy->task->stores[i]};
        begin(c);
    }
}

void copies_open(struct copies *all, struct broker_task task)
{
    struct worker *k = &all->k;
    struct broker_error error = {""};
    if (!has_copied(k->program, task.subtopology))
        return;
    struct task *t = task_new(k, task.subtopology, task.partition);
    t->disk = disk_new(k->disks, k->settings, k->program, task.subtopology, task.partition);
    if (!disk_open(t->disk, &error)) {
        fail(all, error.text);
        task_free(t);
        return;
    }
    struct copy copy = {.task = t};
    add_stores(all, &copy);
    all->all = memory_grow(all->all, all->count, sizeof *all->all);
    all->all[all->count++] = copy;
    all->since = commit_clock();
    all->records = 0;
    all->told = false;
}

void copies_close(struct copies *all, size_t at)
{
    struct copy *copy = &all->all[at];
    if (all->k.exit == RUNTIME_DONE)
        save_if_due(copy, true);
    task_free(copy->task);
    free(copy->stores);
    *copy = all->all[--all->count];
}

void copies_close_all(struct copies *all)
{
    while (all->count)
        copies_close(all, all->count - 1);
}

void copies_swap(struct copies *all, const struct weir_program *program)
{
    all->k.program = program;
    for (size_t i = 0; i < all->count; i++)
        task_swap(all->all[i].task);
}

struct broker_task copies_task(const struct copies *all, size_t at)
{
    return task_id(all->all[at].task);
}

size_t copies_find(const struct copies *all, struct broker_task task)
{
    size_t i = 0;
    while (i < all->count && !broker_same_task(copies_task(all, i), task))
        i++;
    return i;
}

// ---- reading ----

static bool look(struct copied *c)
{
    struct copies *all = c->all;
    store_expire(c->store);
    for (size_t i = 0; i < all->count && all->k.memory > all->k.memory_limit; i++) {
        if (!save(&all->all[i]))
            return false;
    }
    return true;
}

static void unreadable(struct copied *c)
{
    struct worker *k = &c->all->k;
    struct log_about about = {.store = c->store->what->name, .partition = c->store->task->partition};
    log_about(LEVEL_ERROR, k->program->app, about,
              "copies of other instances' state: the changelog of store %s, partition %d, cannot be read: %s",
              about.store, (int)about.partition, k->w.bad);
    k->exit = RUNTIME_FAILED;
}

static bool take_record(void *arg, struct weir_str key, struct weir_str value, int64_t timestamp, int64_t offset,
                        int64_t end)
{
    struct copied *c = arg;
    struct worker *k = &c->all->k;
    (void)end;
    if (key.p && !store_restore(c->store, key, value, timestamp, false)) {
        // What a table cannot read was a bad record when it was first processed.
        if (k->exit == RUNTIME_DONE && c->store->what->changelog_source < 0)
            unreadable(c);
        weir_ctx_reset(&k->w);
    }
    c->next = offset + 1;
    c->store->logged++;
    if (++c->all->records % LOOK_EVERY == 0 && !look(c))
        return false;
    return k->exit == RUNTIME_DONE && !is_called(c->all);
}

static size_t list_logs(const struct copies *all, struct broker_log **logs)
{
    size_t count = 0;
    *logs = memory_new(all->count * (size_t)all->k.program->store_count * sizeof **logs);
    for (size_t i = 0; i < all->count; i++) {
        const struct copy *copy = &all->all[i];
        for (size_t s = 0; s < copy->count; s++)
            (*logs)[count++] = (struct broker_log){.store = copy->stores[s].store->index,
                                                   .partition = copy->task->partition,
                                                   .from = copy->stores[s].next,
                                                   .fn = take_record,
                                                   .arg = &copy->stores[s]};
    }
    return count;
}

// True: it was read to its end.
static bool note_read(const struct broker_log *log)
{
    struct copied *c = log->arg;
    if (log->status == BROKER_OK)
        c->next = log->from;
    else if (log->status == BROKER_REFUSED && task_restore_anew(c->store))
        begin(c);
    return log->status == BROKER_OK && !is_called(c->all);
}

static void tell(struct copies *all)
{
    if (all->told)
        return;
    all->told = true;
    log_info(all->k.program->app,
             "the copies of the state of %zu task%s of other instances are up to date (%" PRId64 " records in %.1f s)",
             all->count, all->count == 1 ? "" : "s", all->records, (double)(commit_clock() - all->since) / 1000);
}

void copies_read(struct copies *all)
{
    struct worker *k = &all->k;
    struct broker_error error = {""};
    struct broker_log *logs;
    size_t count = list_logs(all, &logs);
    struct broker_restore restore = {.logs = logs, .count = count, .slice_ms = -1};
    bool whole = count > 0;
    if (count && k->broker->ops->restore(k->broker, k->id, &restore, &error) != BROKER_OK)
        fail(all, error.text);
    for (size_t i = 0; i < count && k->exit == RUNTIME_DONE; i++)
        whole &= note_read(&logs[i]);
    free(logs);
    for (size_t i = 0; i < all->count && k->exit == RUNTIME_DONE; i++)
        save_if_due(&all->all[i], false);
    if (whole && k->exit == RUNTIME_DONE)
        tell(all);
}
