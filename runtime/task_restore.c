#include <inttypes.h>
#include <stdlib.h>

#include "log.h"
#include "memory.h"
#include "restore.h"
#include "task_failure.h"
#include "task_kept.h"

bool restore_fail(struct worker *k, const struct task *t, const char *text)
{
    log_error(k->program->app, "%s", text);
    k->exit = RUNTIME_FAILED;
    task_failure_note(k, t);
    return false;
}

// ---- tasks come ----

static void add_store(struct restore *all, struct task *t, int store)
{
    all->stores[all->count++] = (struct restoring){.task = t,
                                                   .store = t->stores[store],
                                                   .all = all,
                                                   .bulk = {.s = t->stores[store]},
                                                   .in_bulk = bulk_takes(t->stores[store]),
                                                   .looked_at = commit_clock()};
}

static bool add_stores(struct restore *all, struct task *t)
{
    size_t before = all->count;
    for (int s = 0; s < all->k->program->store_count; s++) {
        if (t->stores[s])
            add_store(all, t, s);
    }
    return all->count > before;
}

static void free_restore(struct restore *all)
{
    free(all->stores);
    free(all->logs.logs);
    free(all);
}

void task_restore_begin(struct worker *k, struct task **tasks, size_t count)
{
    struct restore *all = memory_new(sizeof *all), **last = &k->restores;
    *all = (struct restore){.k = k, .began = commit_clock()};
    all->stores = memory_new(count * (size_t)k->program->store_count * sizeof *all->stores + 1);
    for (size_t i = 0; i < count; i++) {
        if (!k->broker->ops->restore || !add_stores(all, tasks[i])) // a test's, or without state
            task_take_up(tasks[i]);
    }
    if (!all->count) {
        free_restore(all);
        return;
    }
    while (*last)
        last = &(*last)->next;
    *last = all;
    restore_count(k, 0);
}

// ---- tasks go ----

static void forget(struct restore *all, const struct task *t)
{
    for (size_t i = 0; i < all->count; i++) {
        if (all->stores[i].task == t)
            all->stores[i].task = NULL;
    }
}

static bool is_through(const struct restore *all, const struct task *t)
{
    for (size_t i = 0; i < all->count; i++) {
        if (all->stores[i].task == t && !all->stores[i].through)
            return false;
    }
    return true;
}

static void take_up_those_through(struct restore *all)
{
    for (size_t i = 0; i < all->count; i++) {
        struct task *t = all->stores[i].task;
        if (!t || !is_through(all, t))
            continue;
        forget(all, t);
        task_take_up(t);
    }
}

// What was read need not be read again: T is as of there.
static void note_ends(struct restore *all, struct task *t)
{
    if (!t->ends)
        t->ends = memory_new((size_t)all->k->program->store_count * sizeof *t->ends);
    for (size_t i = 0; i < all->count; i++) {
        struct restoring *r = &all->stores[i];
        if (r->task != t)
            continue;
        bulk_finish(&r->bulk);
        t->ends[r->store->index] = r->next;
        r->store->logged += r->through ? 0 : (size_t)r->records;
    }
}

static void drop(struct restore *all, struct task *t, bool keep)
{
    bool kept = keep && all->k->exit == RUNTIME_DONE;
    if (kept && all->reading)
        note_ends(all, t);
    forget(all, t);
    restore_read_forget(all);
    if (kept)
        task_kept_add(all->k, t);
    else
        task_free(t);
}

static bool is_empty(const struct restore *all)
{
    size_t i = 0;
    while (i < all->count && !all->stores[i].task)
        i++;
    return i == all->count;
}

static void free_empty(struct worker *k)
{
    struct restore **link = &k->restores;
    while (*link) {
        struct restore *all = *link;
        if (!is_empty(all)) {
            link = &all->next;
            continue;
        }
        *link = all->next;
        free_restore(all);
    }
    restore_count(k, 0);
}

static bool is_of(const struct task *t, struct broker_task task)
{
    return t && broker_same_task(task_id(t), task);
}

void task_restore_drop(struct worker *k, struct broker_task task)
{
    for (struct restore *all = k->restores; all; all = all->next) {
        for (size_t i = 0; i < all->count; i++) {
            if (is_of(all->stores[i].task, task))
                drop(all, all->stores[i].task, true);
        }
    }
    free_empty(k);
}

void task_restore_drop_all(struct worker *k, bool keep)
{
    for (struct restore *all = k->restores; all; all = all->next) {
        for (size_t i = 0; i < all->count; i++) {
            if (all->stores[i].task)
                drop(all, all->stores[i].task, keep);
        }
    }
    free_empty(k);
}

// ---- slices ----

static void show_restored(const struct restore *all)
{
    enum { WORTH_IT = 100000 }; // records: fewer take no time
    int64_t took = commit_clock() - all->began;
    if (all->records >= WORTH_IT || (all->records && took >= RESTORE_SHOWN_MS))
        log_info(all->k->program->app, "restored %" PRId64 " records of %zu changelog%s in %.2f s", all->records,
                 all->count, all->count == 1 ? "" : "s", (double)took / 1000);
}

// Tasks that the disk is through with do not wait for the others.
static void part(struct restore *all)
{
    size_t n = all->loaded;
    while (n > 0 && all->stores[n - 1].task == all->stores[all->loaded].task)
        n--;
    if (n == 0)
        return;
    struct restore *others = memory_new(sizeof *others);
    *others = *all;
    others->count -= n;
    others->loaded -= n;
    others->stores = memory_new(others->count * sizeof *others->stores);
    for (size_t i = 0; i < others->count; i++) {
        others->stores[i] = all->stores[n + i];
        others->stores[i].all = others;
    }
    all->next = others;
    all->count = all->loaded = n;
}

static bool slice(struct restore *all)
{
    if (!all->reading && !restore_load(all))
        return false;
    if (all->loaded < all->count)
        part(all);
    if (!all->reading && all->loaded == all->count)
        restore_read_begin(all);
    if (all->reading && !restore_read(all))
        return false;
    take_up_those_through(all);
    if (is_empty(all))
        show_restored(all);
    return true;
}

static bool slices(struct worker *k, int64_t until)
{
    bool good = true;
    k->turn_ends = until;
    for (struct restore *all = k->restores; good && all; all = all->next)
        good = slice(all);
    free_empty(k);
    return good;
}

bool task_restore_step(struct worker *k)
{
    bool good = slices(k, commit_clock() + k->slice_ms);
    k->turn_ends = commit_clock() + k->slice_ms;
    return good;
}

bool task_restore_all(struct worker *k)
{
    bool good = true;
    while (good && k->restores)
        good = slices(k, INT64_MAX);
    return good;
}

// ---- what is being restored ----

bool task_restore_has(const struct worker *k, struct broker_task task)
{
    for (const struct restore *all = k->restores; all; all = all->next) {
        for (size_t i = 0; i < all->count; i++) {
            if (is_of(all->stores[i].task, task))
                return true;
        }
    }
    return false;
}

bool task_restore_has_store(const struct worker *k, int store)
{
    for (const struct restore *all = k->restores; all; all = all->next) {
        for (size_t i = 0; i < all->count; i++) {
            if (all->stores[i].task && all->stores[i].store->index == store)
                return true;
        }
    }
    return false;
}

void task_restore_swap(struct worker *k)
{
    const struct task *last = NULL;
    for (const struct restore *all = k->restores; all; all = all->next) {
        for (size_t i = 0; i < all->count; i++) {
            if (all->stores[i].task && all->stores[i].task != last)
                task_swap(all->stores[i].task);
            last = all->stores[i].task;
        }
    }
}
